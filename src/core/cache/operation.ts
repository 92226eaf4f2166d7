import type { IssueKey } from '../issue/issue.ts';
import type { IssueQuery } from '../issue/issueRef.ts';

/** A read or a write of the storage under way, and what of its outcome must not be kept. */
export interface Operation {
  /** Set for a get that others can join. */
  readonly query?: IssueQuery;
  /** Keys that changed while it was under way. */
  readonly changed: Set<IssueKey>;
  allChanged: boolean;
}

/** True if nobody has changed anything meanwhile. */
export function isUnchanged({ allChanged, changed }: Operation): boolean {
  return !allChanged && changed.size === 0;
}
