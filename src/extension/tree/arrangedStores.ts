import { ArrangedIssues, type Arrangement, type IssueTest, isCompleted, loadFilterLanguage, systemClock } from '../../core/index.ts';
import { namesOfMe } from '../namesOfMe.ts';
import { showsCompleted } from '../settings.ts';
import type { WorkspaceStore } from '../stores/workspaceStores.ts';

/** What is asked for: see `IssueFilter`. */
interface Asked {
  readonly text: string;
  readonly isTyping: boolean;
  readonly arrangement: Arrangement;
}

/**
 * The issues of each store that fit a filter, in an arrangement, not filled yet. This is a file of its own because it is not needed before
 * there is a filter or another arrangement than the default.
 *
 * @throws if the filter means nothing.
 */
export async function arrangedStores(
  asked: Asked,
  stores: readonly WorkspaceStore[],
): Promise<ReadonlyMap<WorkspaceStore, ArrangedIssues>> {
  const { arrangement } = asked;
  const filter = await filterOf(asked);
  return new Map(
    stores.map((source) => {
      // Where completed issues have a group of their own, that is left out.
      const hidesCompleted = arrangement.groupBy !== 'openAndCompleted' && !showsCompleted(source.folder);
      const test = hidesCompleted ? openAmong(filter) : filter;
      return [source, new ArrangedIssues({ catalogue: source.store.catalogue, arrangement, ...(test && { test }) })];
    }),
  );
}

async function filterOf({ text, isTyping }: Asked): Promise<IssueTest | undefined> {
  if (text === '') {
    return undefined;
  }
  const { parseIssueFilter } = await loadFilterLanguage();
  const filter = parseIssueFilter(text, { me: await namesOfMe(text), now: systemClock.epoch(), isTyping });
  if (filter instanceof Error) {
    throw filter;
  }
  return filter;
}

function openAmong(test: IssueTest | undefined): IssueTest {
  return {
    fits: (issue, catalogue) => !isCompleted(issue) && (test === undefined || test.fits(issue, catalogue)),
    looksAtOthers: test?.looksAtOthers ?? false,
  };
}
