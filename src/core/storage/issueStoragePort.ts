import type { Issue, IssueKey, IssueRef, IssueSummary } from '../issue/issue.ts';
import type { IssueMention } from '../markdown/issueMentions.ts';
import type { StoredIssue } from './issueFile.ts';

/** One change of one issue. A write makes a number of them, or none. */
export type IssueEdit =
  | CreateEdit
  | UpdateEdit
  | RelocateEdit
  | RenameEdit
  | RenumberEdit
  | RewriteMentionsEdit
  | DeleteEdit
  | AdoptEdit
  | RestoreEdit;

/** Puts a numbered issue into the active folder. `name` is made fit for a file name, `content` is written as it is. */
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

/** Moves an issue to the completed folder or back to the active one. One that is there already stays as it is. */
export interface RelocateEdit {
  readonly kind: 'complete' | 'reopen';
  readonly ref: IssueRef;
}

/** Gives an issue another name. Number and folder stay. */
export interface RenameEdit {
  readonly kind: 'rename';
  readonly ref: IssueRef;
  readonly name: string;
}

/** Gives an issue a free number above all that are in use; of several in one write the first gets the lowest. Name and folder stay. */
export interface RenumberEdit {
  readonly kind: 'renumber';
  readonly ref: IssueRef;
}

/** Replaces numbers that an issue's text mentions by those that {@link RenumberEdit}s of the same write give out. The issue itself may be one of theirs. */
export interface RewriteMentionsEdit {
  readonly kind: 'rewriteMentions';
  readonly ref: IssueRef;
  /** The version in which the mentions were found. */
  readonly expectedVersion: string;
  readonly mentions: readonly MovedMention[];
}

export interface MovedMention extends Pick<IssueMention, 'start' | 'digits'> {
  /** Index, among the write's renumber edits, of the one whose number goes here. */
  readonly move: number;
}

/** Removes an issue. Files whose text cannot be read can be removed, too. */
export interface DeleteEdit extends Seen {
  readonly kind: 'delete';
  readonly ref: IssueRef;
}

/** Moves a file from one of the store's other folders into the active one, under its own name. */
export interface AdoptEdit {
  readonly kind: 'adopt';
  /** Path of the file in the store, with `/` between the parts. */
  readonly path: string;
}

/**
 * Takes back what an earlier edit did to one file, if the file is still what that edit left. Made by a write, as its `undo`; serialises as
 * JSON but for the bytes.
 */
export interface RestoreEdit {
  readonly kind: 'restore';
  /** Absolute path of the store's folder. */
  readonly store: string;
  /** What the earlier edit left; undefined if it removed the file. */
  readonly now?: { readonly key: IssueKey; readonly version: string };
  /** What is put back; undefined if there was nothing. Bytes are left out where the text stays, or could not be read before it was removed. */
  readonly was?: { readonly key: IssueKey; readonly bytes?: Uint8Array; readonly mode?: number };
}

export interface Seen {
  /**
   * The `version` that the writer saw: of any other version nothing is written, and the write fails with a {@link ConflictError}. The empty
   * version of a file whose text could not be taken means that it still cannot be. Without it, whatever is there is changed.
   */
  readonly expectedVersion?: string;
}

export interface WriteOptions {
  /** Checks all that can be checked in advance, and changes nothing. The result is empty. */
  readonly dryRun?: boolean;
}

/** What a write did to one file. */
export interface FileChange {
  /** The key that has no issue any more. */
  readonly removed?: IssueKey;
  /** What a key has now. */
  readonly stored?: StoredIssue;
}

export interface WriteResult {
  /** One for each edit, in their order: what the issue is now, or was before it was removed. */
  readonly issues: readonly Issue[];
  /** All that was written. */
  readonly changes: readonly FileChange[];
  /** What takes it all back when it is written, newest change first. */
  readonly undo: readonly RestoreEdit[];
}

/**
 * The port of the stack: file storage, cache, catalogue, meters and the store itself implement it, each around the next.
 *
 * Every method rejects with an {@link IssueError} when the caller can do something about the failure.
 */
export interface IssueStoragePort {
  getIssue(ref: IssueRef): Promise<Issue>;
  /** One for each reference, in their order. Fails as a whole if one of them cannot be read. */
  getIssues(refs: readonly IssueRef[]): Promise<Issue[]>;
  /** Every issue with its text, in the order of `compareIssues`. Files that cannot be read carry a `problem`. */
  listIssues(): Promise<Issue[]>;
  /** Every issue without its text, in the same order. */
  listSummaries(): Promise<IssueSummary[]>;
  /**
   * Makes all of the edits or none: everything is checked before the first file is touched, each folder is listed once at most, and what was
   * done is taken back if the disk fails half-way. No two edits may be about one file, except a renumbering and a rewriting of it. Restore
   * edits alone are an exception: those that can be made are made, whatever becomes of the others.
   *
   * @throws PartlyDoneError if something could not be restored, or not be restored; it carries what is left to do.
   */
  write(edits: readonly IssueEdit[], options?: WriteOptions): Promise<WriteResult>;
}

/** The result of a write that changes nothing. */
export const NOTHING_WRITTEN: WriteResult = { issues: [], changes: [], undo: [] };
