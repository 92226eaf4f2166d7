import type { IssueKey } from '../issue/issue.ts';

/** What {@link IssueStore.verify} found. */
export interface Verification {
  readonly issues: number;
  /** Issues that were not as the store had them; they are now. */
  readonly differences: readonly IssueKey[];
  /** Issues that are listed and cannot be read, and files that are not listed because their names are not UTF-8. */
  readonly problems: number;
}

/** How a store stands, for those who show it. */
export type StoreState = 'loading' | 'missing' | 'unreadable' | 'ready';

/** Why a store cannot be read. */
export interface StoreFailure {
  /**
   * Permissions forbid it, something else than a folder has its name, it is not to leave the root, the folder setting cannot be made out, or
   * whatever the message says.
   */
  readonly kind: 'denied' | 'notFolder' | 'outside' | 'badSetting' | 'other';
  /** For people, with the way out. */
  readonly message: string;
}

/** Why a store looks at the disk: an event said so, nobody did, or somebody wants to know for sure. */
export type LookReason = 'hint' | 'audit' | 'verify';
