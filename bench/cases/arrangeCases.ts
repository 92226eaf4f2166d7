import { ArrangedIssues } from '../../src/core/catalogue/arrangedIssues.ts';
import type { Arrangement } from '../../src/core/catalogue/arrangement.ts';
import { IssueRanges } from '../../src/core/catalogue/issueRanges.ts';
import { type Case, type CaseContext, expectEqual, type Plan, repeated } from '../plan.ts';
import { newStore, StoreUnderTest } from './openStore.ts';

const ARRANGEMENT: Arrangement = { groupBy: 'priority', sort: { by: 'modified', direction: 'descending' } };

export const ARRANGE_CASES: Readonly<Record<string, Case>> = {
  regroup: (context) => ({ ...arranging(context), hasBlock: true }),
  'first rows of groups': (context) => {
    let groups: ArrangedIssues | undefined;
    const plan = arranging(context, (filled) => {
      groups = filled;
    });
    const sample = async () => (groups === undefined ? 0 : firstRows(groups));
    return { ...plan, before: plan.sample, sample, check: (rows) => expectEqual(Number(rows) > 0, true) };
  },
};

/** Arranges all issues of a store that has been open for a while. */
function arranging(context: CaseContext, take: (groups: ArrangedIssues) => void = () => undefined): Plan {
  const under = new StoreUnderTest(() => newStore(context));
  const sample = async () => {
    const groups = new ArrangedIssues({ catalogue: under.store.catalogue, arrangement: ARRANGEMENT });
    await groups.fill();
    take(groups);
    return groups.count;
  };
  const check = (count: unknown) => expectEqual(count, context.size);
  return repeated({ operations: 1, samples: 1, millis: 0, sample, check, prepare: under.open, finish: under.dispose });
}

/** What the tree asks for at once: the groups, how each is divided, and the issues of its first range. */
function firstRows(groups: ArrangedIssues): number {
  const rows = groups.names.flatMap((group) => {
    const ranges = new IssueRanges(() => groups.issuesOf(group), { compare: (a, b) => groups.compare(a, b) });
    return ranges.all.slice(0, 1).flatMap((range) => ranges.issues(range));
  });
  return rows.length;
}
