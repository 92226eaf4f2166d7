import type { Issue, IssueRef, IssueSummary } from '../issue/issue.ts';
import type { IssueRenumbering } from './issueRenumbering.ts';
import type { Reversal } from './reversal.ts';

/** Options of {@link IssueStorage.updateIssue}. */
export interface UpdateOptions {
  /**
   * The `version` that the writer saw. If the file's bytes are another version by now the update fails with a
   * {@link ConflictError} and writes nothing. Without it, whatever is there is replaced.
   */
  readonly expectedVersion?: string;
}

/** Options of {@link IssueStorage.deleteIssue}. */
export interface DeleteOptions {
  /**
   * The `version` that was seen, as in {@link UpdateOptions}: of anything else nothing is deleted. The empty version of a file whose text
   * could not be taken means that it still cannot be.
   */
  readonly expectedVersion?: string;
}

/**
 * The port of the stack: file system storage, cache and meters all implement it, each around the next.
 *
 * Every method rejects with an {@link IssueError} when the caller can do something about the failure.
 */
export interface IssueStorage {
  /** Creates a numbered issue in the active folder; `name` is made fit for a file name, `content` is written as it is. */
  createIssue(name: string, content: string): Promise<Issue>;
  getIssue(ref: IssueRef): Promise<Issue>;
  /** Replaces the issue's whole text. */
  updateIssue(ref: IssueRef, content: string, options?: UpdateOptions): Promise<Issue>;
  /** Moves the issue to the completed folder; an issue that is there already is returned as it is. */
  markComplete(ref: IssueRef): Promise<Issue>;
  /** Moves the issue back to the active folder; an active issue is returned as it is. */
  reopen(ref: IssueRef): Promise<Issue>;
  /** Gives the issue another name; its number and its folder stay. */
  rename(ref: IssueRef, name: string): Promise<Issue>;
  /** Removes the issue and returns what it was. Works on files whose text cannot be read, too. */
  deleteIssue(ref: IssueRef, options?: DeleteOptions): Promise<IssueSummary>;
  /** Every issue with its text, in the order of `compareIssues`. Files that cannot be read carry a `problem`. */
  listIssues(): Promise<Issue[]>;
  /** Every issue without its text, in the same order. */
  listSummaries(): Promise<IssueSummary[]>;
  /** True if there are issues and none of them is active. Over an empty store it is false. */
  allComplete(): Promise<boolean>;
}

/** What a new issue is made of. */
export interface IssueDraft {
  readonly name: string;
  readonly content: string;
}

/** One entry of a batch of updates. */
export interface IssueUpdate extends UpdateOptions {
  readonly ref: IssueRef;
  readonly content: string;
}

/** One entry of a batch of renames. */
export interface IssueRename {
  readonly ref: IssueRef;
  readonly name: string;
}

/** One entry of a batch of deletions, where it matters what was seen. */
export interface IssueDeletion extends DeleteOptions {
  readonly ref: IssueRef;
}

/** What a batch that writes hands back, and how the whole batch is taken back. */
export interface BatchResult<T = Issue> extends Reversal {
  /** One entry for each entry of the request, in the request's order. */
  readonly issues: readonly T[];
}

/**
 * Operations on many issues at once. Each checks every entry before it touches the first file, scans each folder at most
 * once, and takes back what it did if the disk fails half-way. What cannot be taken back then is offered by a
 * {@link PartlyDoneError}.
 */
export interface BatchIssueStorage extends IssueStorage {
  createIssuesBatch(drafts: readonly IssueDraft[]): Promise<BatchResult>;
  getIssuesBatch(refs: readonly IssueRef[]): Promise<Issue[]>;
  updateIssuesBatch(updates: readonly IssueUpdate[]): Promise<BatchResult>;
  markCompleteBatch(refs: readonly IssueRef[]): Promise<BatchResult>;
  reopenBatch(refs: readonly IssueRef[]): Promise<BatchResult>;
  /** The new names must be free before the batch, and no two the same. */
  renameIssuesBatch(renames: readonly IssueRename[]): Promise<BatchResult>;
  /** All numbers are free when they are given, for other processes too. The answer has the moves first, then the rewrites. */
  renumberIssuesBatch(renumbering: IssueRenumbering): Promise<BatchResult>;
  deleteIssuesBatch(deletions: readonly (IssueRef | IssueDeletion)[]): Promise<BatchResult<IssueSummary>>;
}
