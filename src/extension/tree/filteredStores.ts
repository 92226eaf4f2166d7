import { FilteredIssues, loadFilterLanguage, systemClock } from '../../core/index.ts';
import { namesOfMe } from '../namesOfMe.ts';
import type { WorkspaceStore } from '../stores/workspaceStores.ts';

/**
 * The issues of each store that fit a filter, as lists that are not filled yet. This is a file of its own because it is not needed before
 * there is a filter.
 *
 * @throws if the filter means nothing.
 */
export async function filteredStores(
  { text, isTyping }: { readonly text: string; readonly isTyping: boolean },
  stores: readonly WorkspaceStore[],
): Promise<ReadonlyMap<WorkspaceStore, FilteredIssues>> {
  const { parseIssueFilter } = await loadFilterLanguage();
  const filter = parseIssueFilter(text, { me: await namesOfMe(text), now: systemClock.epoch(), isTyping });
  if (filter instanceof Error) {
    throw filter;
  }
  return new Map(stores.map((source) => [source, new FilteredIssues(source.store.catalogue, filter)]));
}
