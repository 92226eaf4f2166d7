import type { TextProblem } from '../textProblem.ts';
import type { IssueFields } from './issueFields.ts';
import type { IssueState, TaskProgress } from './issueState.ts';
import { compareNaturally } from './naturalOrder.ts';

/**
 * What an issue is, apart from where and how it is kept.
 *
 * An issue is one markdown file of a store. Its *id* is what people and other files call it (`000012_fix-login`, `BACK-12.1`); its *key* is
 * its path in the store without the extension (`000012_fix-login`, `complete/000012_fix-login`). Only the key is unique: ids and numbers
 * repeat in real stores.
 */

const [ZERO, NINE] = [48, 57] as const;

/** Path of an issue in its store, without `.md`, with `/` between the parts. The only unique name of an issue. */
export type IssueKey = string & { readonly __brand: 'IssueKey' };

/**
 * How callers name an issue: a number (`12`), a text (`"12"`, `"#12"`, `"000012"`, an id such as `"000012_fix-login"`, a key
 * such as `"complete/000012_fix-login"`), or anything that carries the exact key, as an {@link Issue} or a summary does.
 *
 * A text is taken as an exact id first and as a number second. A reference that fits several issues is resolved for
 * reading (exact id, then active before complete, then in order) and refused for writing; one that carries a key is exact.
 */
export type IssueRef = number | string | { readonly key: IssueKey };

/** Why the text of a listed file could not be taken. `message` is for people and names the way out. */
export interface IssueProblem {
  readonly code: 'unreadable' | 'notText' | 'tooLarge' | 'symbolicLink';
  readonly message: string;
}

/** What both the whole issue and its summary say. */
interface IssueHead {
  readonly key: IssueKey;
  /** What people call it, e.g. `000012_fix-login` or `BACK-12.1`; what it is made of is for the format to say. Not unique. */
  readonly id: string;
  /** The number that people call it by, e.g. 12; undefined for an unnumbered issue. Not unique. */
  readonly number?: number;
  /** The file's stem without a number of six digits in front of it; empty for a nameless file such as `000012.md`. */
  readonly name: string;
  /** One line, never empty. */
  readonly title: string;
  readonly state: IssueState;
  readonly fields: IssueFields;
  /**
   * When the file system says that the file was born, in milliseconds since the epoch. Programs that replace a file instead of writing into
   * it reset this. 0 where the file could not be looked at.
   */
  readonly createdAt: number;
  /** In milliseconds since the epoch; 0 where the file could not be looked at. */
  readonly modifiedAt: number;
  /** Names the exact bytes of the file: two versions are equal if and only if the bytes are. Empty where they could not be read. */
  readonly version: string;
  /** Set on an entry of a list whose text could not be taken. A single get throws instead. */
  readonly problem?: IssueProblem;
}

/** An issue with its text. */
export interface Issue extends IssueHead {
  /** The file's exact text: byte order mark, line endings and a missing final newline are part of it. */
  readonly content: string;
}

/**
 * All of an issue but its text: what lists and trees need. A plain frozen object that `JSON.stringify` writes whole; a few hundred bytes
 * each, so a whole store of them is kept in memory.
 */
export interface IssueSummary extends IssueHead {
  /** Undefined where nobody has counted: the text could not be taken, or only its beginning is gone through because it is so long. */
  readonly progress: TaskProgress | undefined;
  /** Size of the file in bytes. */
  readonly size: number;
  /** Whether a merge has left conflict markers in the text, as far as it is gone through; left out if not. */
  readonly hasConflict?: boolean;
  /** A mistake in the text because of which fields may be missing, e.g. front matter that is no YAML; left out if there is none. */
  readonly textProblem?: TextProblem;
}

/**
 * The order of every list: by the number that ids begin with, then those that begin with none; equal numbers and the rest by id, as people
 * count, which does not depend on the machine's language; where the ids are equal, the one that lies less deep in the store first. Only equal
 * keys are equal.
 */
export function compareIssues(a: OrderedIssue, b: OrderedIssue): number {
  const byNumber = leadingNumber(a) - leadingNumber(b);
  if (byNumber !== 0 && !Number.isNaN(byNumber)) {
    return byNumber;
  }
  return compareNaturally(a.id, b.id) || a.key.length - b.key.length || (a.key < b.key ? -1 : Number(a.key !== b.key));
}

/** The issue's number if its id begins with it; infinite for others, such as `BACK-12.1`, which comes right behind `BACK-12`. */
export function leadingNumber({ id, number }: OrderedIssue): number {
  const first = id.charCodeAt(0);
  return number !== undefined && first >= ZERO && first <= NINE ? number : Number.POSITIVE_INFINITY;
}

/** What {@link compareIssues} looks at. An issue is found in a list by what it was when it was put there. */
export type OrderedIssue = Pick<IssueHead, 'key' | 'id' | 'number'>;
