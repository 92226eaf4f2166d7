import assert from 'node:assert/strict';
import { IssueCatalogue, type IssueChange } from '../../../../src/core/catalogue/issueCatalogue.ts';
import { TICKET_FORMAT } from '../../../../src/core/formats/ticket.ts';
import { FindingChecks } from '../../../../src/core/health/findingChecks.ts';
import type { IssueKey, IssueSummary } from '../../../../src/core/issue/issue.ts';
import type { IssueFields } from '../../../../src/core/issue/issueFields.ts';
import { madeVersion, summaryOf } from '../../support/summaries.ts';
import { turnsDuring } from '../../support/turnsDuring.ts';

const keyOf = (number: number) => `t-${number}` as IssueKey;

function ticket(number: number, fields: IssueFields = {}, version = 'v1'): IssueSummary {
  return summaryOf(keyOf(number), { key: keyOf(number), fields, version: madeVersion(version) });
}

/** A catalogue that counts the looks at ids and references, which every step from one issue to another begins with. */
class CountedCatalogue extends IssueCatalogue {
  folded = 0;

  constructor() {
    const foldId = (ref: string) => {
      this.folded++;
      return ref;
    };
    super({ ...TICKET_FORMAT, foldId });
  }

  /** Takes over these issues and returns the change. */
  change(current: readonly IssueSummary[], removed: readonly IssueKey[] = []): IssueChange {
    this.apply({ current: current.map((summary) => ({ summary, stat: undefined })), removed });
    return this.takeChange() ?? assert.fail('nothing has changed');
  }
}

describe('checks for findings', () => {
  /** Each issue waits for the one before it, and is the child of one of a hundred. */
  const chain = (size: number) =>
    Array.from({ length: size }, (_, number) =>
      ticket(number, { ...(number > 0 && { dependencies: [keyOf(number - 1)], parent: keyOf(number - (number % 100)) }) }),
    ).map((issue, number) => (number % 100 === 0 ? ticket(number, { dependencies: number > 0 ? [keyOf(number - 1)] : [] }) : issue));

  const made = (size: number) => {
    const catalogue = new CountedCatalogue();
    const checked: string[] = [];
    const checks = new FindingChecks({ catalogue, take: ({ key }, found) => checked.push(`${key} ${found.map(({ kind }) => kind)}`) });
    const change = catalogue.change(chain(size));
    return { catalogue, checked, checks, change };
  };

  /** What a change costs: looks at ids and references, and what is checked. */
  const costs = async (size: number, current: readonly IssueSummary[], removed: readonly IssueKey[] = []) => {
    const { catalogue, checked, checks } = made(size);
    await checks.checkAll();
    assert.equal(checked.length, size);
    checked.length = 0;
    catalogue.folded = 0;
    await checks.follow(catalogue.change(current, removed));
    return { checked: checked.sort(), folded: catalogue.folded };
  };

  it('look at no more issues after a change of one, however many there are', async () => {
    for (const [current, removed, expected] of [
      [[ticket(555, {}, 'v2')], [], ['t-555 ']],
      [[], [keyOf(555)], ['t-556 danglingReference']],
      [[ticket(100_000, { dependencies: ['t-3'] })], [], ['t-100000 ']],
      [[ticket(550, { dependencies: ['t-551'] }, 'v2')], [], ['t-550 dependencyCircle', 't-551 dependencyCircle']],
    ] as const) {
      const small = await costs(1_000, current, removed);
      const large = await costs(8_000, current, removed);
      assert.deepEqual(small.checked, expected);
      assert.deepEqual(large, small);
      assert.ok(small.folded < 2_500, `${small.folded} looks`);
    }
  });

  it('go through a large store in slices, and do a small change at once', async () => {
    const { catalogue, checked, checks, change } = made(20_000);
    const turns = await turnsDuring(() => checks.follow(change));
    assert.ok(turns > 3, `${turns} turns`);
    assert.equal(checked.length, 20_000);
    void checks.follow(catalogue.change([ticket(7, {}, 'v2')]));
    void checks.follow(catalogue.change([ticket(8, {}, 'v2')]));
    assert.deepEqual(checked.slice(20_000), ['t-7 ', 't-8 ']);
  });

  it('check what changes while they are under way before the rest, and end when they are disposed', async () => {
    const { catalogue, checked, checks } = made(20_000);
    const all = checks.checkAll();
    const before = checked.length;
    assert.ok(before > 0 && before < 20_000, `${before} issues in the first slice`);
    void checks.follow(catalogue.change([ticket(19_999, {}, 'v2')]));
    await new Promise((resolve) => setImmediate(resolve));
    assert.equal(checked[before], 't-19999 ');
    checks.dispose();
    const last = checked.length;
    await all;
    assert.equal(checked.length, last);
  });
});
