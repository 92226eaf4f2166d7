import type { IssueKey } from '../issue/issue.ts';
import type { StoredSummary } from '../storage/issueFile.ts';
import type { Differences } from './differences.ts';
import type { IssueCatalogue } from './issueCatalogue.ts';

/** The keys of what is really different from the catalogue; a file that was read again and has the same text, or the same problem, is not. */
export function realDifferences(catalogue: IssueCatalogue, { current, removed }: Differences): readonly IssueKey[] {
  const isSame = ({ summary: { key, version, size, problem } }: StoredSummary) => {
    const known = catalogue.get(key)?.summary;
    // The version of what could not be taken is empty and says nothing.
    return known?.version === version && known.size === size && known.problem?.message === problem?.message;
  };
  return [...removed, ...current.filter((entry) => !isSame(entry)).map(({ summary }) => summary.key)];
}
