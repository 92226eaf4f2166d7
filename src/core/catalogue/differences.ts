import type { IssueKey } from '../issue/issue.ts';
import type { StoredIssue, StoredSummary } from '../storage/issueFile.ts';
import type { StoreFolders } from '../storage/storeFolders.ts';

/** What is known until the disk says otherwise. */
export interface KnownIssues {
  readonly size: number;
  keys(): Iterable<IssueKey>;
  /** Undefined if the issue is not known. */
  get(key: IssueKey): StoredSummary | undefined;
  readonly otherFolders: readonly string[];
  /** See {@link StoreFolders.issueFolders}. */
  readonly issueFolders: readonly string[];
}

/** How the disk differs from what was known. */
export interface Differences {
  /** Issues that are new or whose file is not what it was, with their texts where these are to be kept. */
  readonly current: readonly (StoredSummary | StoredIssue)[];
  readonly removed: readonly IssueKey[];
  /** Set if the folders were listed: the other folders in the store, and whether the store is there at all. */
  readonly listing?: StoreFolders;
}
