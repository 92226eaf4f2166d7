import type { Issue, IssueKey } from '../issue/issue.ts';

/** What a caller names an issue by; a reference that carries its key needs no meaning. */
export type Name = number | string;

/** What every number and id of these issues means, if they are all there are with theirs: the active one before the completed, then the first. */
export function meaningsOf(issues: readonly Issue[]): Map<Name, IssueKey> {
  const meant = new Map<Name, IssueKey>();
  // From the least to the most preferred, so that the last to take a name is the one that is meant.
  for (const completed of [true, false]) {
    for (const issue of issues.filter((candidate) => candidate.completed === completed).reverse()) {
      meant.set(issue.id, issue.key);
      meant.set(issue.number ?? issue.id, issue.key);
    }
  }
  return meant;
}
