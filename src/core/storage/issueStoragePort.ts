import type { Issue, IssueKey, IssueRef, IssueSummary } from '../issue/issue.ts';
import type { IssueMention } from '../markdown/issueMentions.ts';
import type { IssueTask } from '../markdown/taskBoxes.ts';
import type { StoredIssue } from './issueFile.ts';

/** A change of one issue. */
export type IssueEdit =
  | CreateEdit
  | UpdateEdit
  | RelocateEdit
  | RenameEdit
  | RenumberEdit
  | RewriteMentionsEdit
  | TickEdit
  | DeleteEdit
  | AdoptEdit
  | RestoreEdit;

/** Creates a numbered issue in the active folder. `name` is sanitized for a file name; `content` is written unchanged. */
export interface CreateEdit {
  readonly kind: 'create';
  readonly name: string;
  readonly content: string;
}

/** Replaces an issue's whole text. */
export interface UpdateEdit extends Seen {
  readonly kind: 'update';
  readonly ref: IssueRef;
  readonly content: string;
}

/** Moves an issue to the completed or the active folder. Changes nothing if it is already there. */
export interface RelocateEdit {
  readonly kind: 'complete' | 'reopen';
  readonly ref: IssueRef;
}

/** Changes the name; keeps number and folder. */
export interface RenameEdit {
  readonly kind: 'rename';
  readonly ref: IssueRef;
  readonly name: string;
}

/** Assigns a free number above all that are in use; keeps name and folder. The first of several edits gets the lowest number. */
export interface RenumberEdit {
  readonly kind: 'renumber';
  readonly ref: IssueRef;
}

/**
 * Replaces mentioned numbers in a text by those that the {@link RenumberEdit}s of the same write assign. One of them may concern this
 * issue, too.
 */
export interface RewriteMentionsEdit {
  readonly kind: 'rewriteMentions';
  readonly ref: IssueRef;
  /** The version of the text in which the mentions were found. */
  readonly expectedVersion: string;
  readonly mentions: readonly MovedMention[];
}

export interface MovedMention extends Pick<IssueMention, 'start' | 'digits'> {
  /** Index into the write's renumber edits; its number replaces the mention. */
  readonly move: number;
}

/**
 * Ticks a task box, or takes the tick away. It changes the one character between the brackets, and nothing if the box is like that already.
 * The box must be on its line with its text, and if an ordinal is given, have as many tasks with that text before it.
 * Any number of them may concern one issue.
 */
export interface TickEdit extends Pick<IssueTask, 'line' | 'text' | 'done'>, Partial<Pick<IssueTask, 'ordinal'>> {
  readonly kind: 'tick';
  readonly ref: IssueRef;
}

/** Deletes an issue, even if its text cannot be read. */
export interface DeleteEdit extends Seen {
  readonly kind: 'delete';
  readonly ref: IssueRef;
}

/** Moves a file from another folder of the store into the active one and keeps its name. */
export interface AdoptEdit {
  readonly kind: 'adopt';
  /** Path relative to the store, with `/` as separator. */
  readonly path: string;
}

/**
 * Reverts an earlier edit of one file, if the file has not changed since. Created by a write as its `undo`. JSON-serializable except for
 * the bytes.
 */
export interface RestoreEdit {
  readonly kind: 'restore';
  /** Absolute path of the store's folder. */
  readonly store: string;
  /** The file after the earlier edit; undefined if that edit deleted it. */
  readonly now?: { readonly key: IssueKey; readonly version: string };
  /** The file to restore; undefined if there was none. No bytes if the text did not change or could not be read before the deletion. */
  readonly was?: { readonly key: IssueKey; readonly bytes?: Uint8Array; readonly mode?: number };
}

export interface Seen {
  /**
   * The `version` that the caller has read. If the file has another one, nothing is written and the write fails with a {@link
   * ConflictError}. The empty version means that the text could not be read and still cannot be. Omit it to skip the check.
   */
  readonly expectedVersion?: string;
}

export interface WriteOptions {
  /** Runs all checks and changes nothing. The result is empty. */
  readonly dryRun?: boolean;
}

export interface FileChange {
  /** The key that no longer has a file. */
  readonly removed?: IssueKey;
  /** The new content of a key. */
  readonly stored?: StoredIssue;
}

export interface WriteResult {
  /** One for each edit, in order: the issue after the edit, or before its deletion. */
  readonly issues: readonly Issue[];
  readonly changes: readonly FileChange[];
  /** Edits that revert the write, the last edit first. */
  readonly undo: readonly RestoreEdit[];
}

/**
 * The port that every layer of the stack implements: file storage, cache, catalogue, meters and store.
 *
 * Methods reject with an {@link IssueError} for failures that the caller can fix.
 */
export interface IssueStoragePort {
  getIssue(ref: IssueRef): Promise<Issue>;
  /** One for each reference, in order. Fails as a whole if one cannot be read. */
  getIssues(refs: readonly IssueRef[]): Promise<Issue[]>;
  /** All issues with their texts, in the order of `compareIssues`. Files that cannot be read have a `problem`. */
  listIssues(): Promise<Issue[]>;
  /** All issues without their texts, in the same order. */
  listSummaries(): Promise<IssueSummary[]>;
  /**
   * Applies all edits or none: it checks all of them before it changes the first file, and reverts what it has done if the disk fails. It
   * lists each folder at most once. Two edits must not concern one file, except a `renumber` and a `rewriteMentions`, and ticks. A write of restore
   * edits only is not atomic: it applies those that it can.
   *
   * @throws PartlyDoneError if some changes could not be reverted or restored; it carries the edits that are left.
   */
  write(edits: readonly IssueEdit[], options?: WriteOptions): Promise<WriteResult>;
}

export const NOTHING_WRITTEN: WriteResult = { issues: [], changes: [], undo: [] };
