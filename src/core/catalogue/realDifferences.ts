import type { IssueKey } from '../issue/issue.ts';
import type { StoredSummary } from '../storage/issueFile.ts';
import type { Differences } from './differences.ts';
import type { IssueCatalogue } from './issueCatalogue.ts';

/** What is really different from the catalogue; a file that was read again and has the same text, or the same problem, is not. */
export function realDifferences(catalogue: IssueCatalogue, { current, removed }: Differences) {
  const isSame = ({ summary: { key, version, size, problem } }: StoredSummary) => {
    const known = catalogue.get(key)?.summary;
    // The version of what could not be taken is empty and says nothing.
    return known?.version === version && known.size === size && known.problem?.message === problem?.message;
  };
  const different = current.filter((entry) => !isSame(entry)).map(({ summary }) => summary.key);
  const keys: readonly IssueKey[] = [...removed, ...different];
  return { keys, cameOrWent: removed.length > 0 || different.some((key) => catalogue.get(key) === undefined) };
}
