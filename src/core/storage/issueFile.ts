import { isUtf8 } from 'node:buffer';
import { type FileStat, FileTooLargeError, type KnownStat } from '../disk/disk.ts';
import type { ReadOutcome } from '../disk/sweep.ts';
import type { Description } from '../formats/storeFormat.ts';
import type { StoreSchema } from '../formats/storeSchema.ts';
import type { Issue, IssueKey, IssueProblem, IssueSummary } from '../issue/issue.ts';
import { IssueError } from '../issue/issueErrors.ts';
import { type IssueFields, mappedFields, NO_FIELDS } from '../issue/issueFields.ts';
import { nameOfStem } from '../issue/issueFileName.ts';
import { issuePath } from '../issue/issueKey.ts';
import type { TaskProgress } from '../issue/issueState.ts';
import { nameOf } from '../issue/relativePath.ts';
import { notText, problemOf } from './fileErrors.ts';
import { versionOf } from './issueVersion.ts';

/** In bytes. Of larger texts, only the beginning is parsed for what lists show, because parsing blocks the event loop. */
const WHOLE_TEXT_BYTES = 1024 * 1024;
/** Bytes parsed of a larger text. */
const BEGINNING_BYTES = 64 * 1024;
/** Shared by all issues without tasks, to save memory. */
const NO_TASKS: TaskProgress = Object.freeze({ done: 0, total: 0 });

/** What lists show of an issue, and the file's stat, which tells whether it has changed since. */
export interface StoredSummary {
  readonly summary: IssueSummary;
  /** Taken before the bytes were read; undefined if the stat failed. */
  readonly stat: KnownStat | undefined;
  /**
   * Set if the file was read so soon after a change that another change might not alter its stat. From this time on, in milliseconds since
   * the epoch, a new read can be trusted.
   */
  readonly racyUntil?: number | undefined;
}

export interface StoredIssue extends StoredSummary {
  readonly issue: Issue;
}

/** Makes issues and summaries of the files of one store, by its schema. */
export class IssueFileReader {
  /** Absolute path of the store. */
  readonly folder: string;
  readonly schema: StoreSchema;
  /** One copy of each word that many issues have. */
  readonly #words = new Map<string, string>();

  constructor(folder: string, schema: StoreSchema) {
    this.folder = folder;
    this.schema = schema;
  }

  /** Absolute path of an issue's file. */
  pathOf(key: IssueKey): string {
    return issuePath(this.folder, key);
  }

  /** Undefined if the text shows that the file is no issue. A file that cannot be read has a `problem` and an empty text. */
  issue(key: IssueKey, read: ReadOutcome): StoredIssue | undefined {
    const stored = this.summary(key, read);
    if (stored === undefined) {
      return undefined;
    }
    const { summary } = stored;
    const content = 'error' in read || summary.problem !== undefined ? '' : read.bytes.toString('utf8');
    return { ...stored, issue: withText(summary, content) };
  }

  /** As {@link issue}, without the text. */
  summary(key: IssueKey, read: ReadOutcome): StoredSummary | undefined {
    if ('error' in read) {
      const stat = read.error instanceof FileTooLargeError ? read.error.stat : undefined;
      return this.#withProblem(key, problemOf(this.pathOf(key), read.error), stat);
    }
    const { bytes, stat } = read;
    if (!isUtf8(bytes)) {
      return this.#withProblem(key, notText(this.pathOf(key)), stat);
    }
    const isWhole = bytes.length <= WHOLE_TEXT_BYTES;
    const description = this.schema.describe(key, isWhole ? bytes.toString('utf8') : beginningOf(bytes));
    if (description === undefined) {
      return undefined;
    }
    const { id, number, title, fields, hasConflict, progress, problem } = description;
    // Each property by itself, because this runs for every file and spreading takes several times as long.
    const { createdAt, modifiedAt } = timesOf(stat);
    const summary = this.summaryOf({
      key,
      id,
      number,
      title,
      fields: this.shared(fields),
      createdAt,
      modifiedAt,
      version: versionOf(bytes),
      size: bytes.length,
      progress: isWhole ? progress : undefined,
      hasConflict,
      textProblem: problem,
    });
    return { summary, stat: knownStat(stat) };
  }

  /** The summary with these facts; the schema says the rest. */
  summaryOf(facts: SummaryFacts): IssueSummary {
    const state = this.schema.stateOf(facts);
    return summaryOf(facts, state);
  }

  /** The same entry with the state that this reader's schema derives. */
  derivedAnew(entry: StoredSummary): StoredSummary {
    const state = this.schema.stateOf(entry.summary);
    return state === entry.summary.state ? entry : { ...entry, summary: Object.freeze({ ...entry.summary, state }) };
  }

  #withProblem(key: IssueKey, problem: IssueProblem, stat: FileStat | undefined): StoredSummary {
    const facts = { ...timesOf(stat), version: '', size: stat?.size ?? 0, progress: undefined, problem };
    const summary = this.summaryOf({ ...this.schema.describeName(key), ...facts, key, fields: NO_FIELDS });
    return { summary, stat: stat && knownStat(stat) };
  }

  /** The fields in as little memory as possible: words are shared, and none keeps the text alive that it was cut from. */
  shared(fields: IssueFields): IssueFields {
    if (fields === NO_FIELDS) {
      return fields;
    }
    return Object.freeze(mappedFields(fields, this.sharedValue));
  }

  /** As {@link shared}, of one field. */
  readonly sharedValue = (value: unknown, name: keyof IssueFields): unknown => {
    if (typeof value === 'string') {
      // No two issues have the same place in their order.
      return name === 'order' ? copyOf(value) : this.#word(value);
    }
    return Array.isArray(value) ? Object.freeze(value.map((word) => this.#word(word))) : value;
  };

  #word(word: string): string {
    const known = this.#words.get(word);
    if (known !== undefined) {
      return known;
    }
    const copy = copyOf(word);
    this.#words.set(copy, copy);
    return copy;
  }
}

/** Made through bytes, because a part of a string refers to the whole of it. */
function copyOf(text: string): string {
  return Buffer.from(text).toString();
}

/** The issue that a summary is about. */
export function withText(summary: IssueSummary, content: string): Issue {
  const { progress, size, hasConflict, textProblem, ...head } = summary;
  return { ...head, content };
}

/** @throws IssueError `notText` */
export function assertText(filePath: string, bytes: Buffer): void {
  if (!isUtf8(bytes)) {
    throw new IssueError('notText', notText(filePath).message);
  }
}

/** What a summary says, but for what the schema derives of it. */
export interface SummaryFacts
  extends Pick<IssueSummary, 'key' | 'id' | 'title' | 'fields' | 'createdAt' | 'modifiedAt' | 'version' | 'size' | 'progress'> {
  readonly number?: number | undefined;
  readonly hasConflict?: boolean | undefined;
  readonly problem?: IssueProblem | undefined;
  readonly textProblem?: Description['problem'] | undefined;
}

function summaryOf(facts: SummaryFacts, state: IssueSummary['state']): IssueSummary {
  const { key, id, number, title, fields, createdAt, modifiedAt, version, size, hasConflict, problem, textProblem } = facts;
  const name = nameOfStem(nameOf(key));
  const progress = facts.progress?.total === 0 ? NO_TASKS : Object.freeze(facts.progress);
  // Written twice, because spreading the number into each summary doubles the time to open a store of 100 000 issues.
  const summary: IssueSummary =
    number === undefined
      ? { key, id, name, title, state, fields, createdAt, modifiedAt, version, progress, size }
      : { key, id, number, name, title, state, fields, createdAt, modifiedAt, version, progress, size };
  if (!hasConflict && problem === undefined && textProblem === undefined) {
    return Object.freeze(summary);
  }
  return Object.freeze({
    ...summary,
    ...(hasConflict && { hasConflict }),
    ...(problem && { problem: Object.freeze(problem) }),
    ...(textProblem && { textProblem: Object.freeze(textProblem) }),
  });
}

function timesOf(stat: FileStat | undefined): Pick<IssueSummary, 'createdAt' | 'modifiedAt'> {
  return { createdAt: stat?.birthtimeMs || (stat?.ctimeMs ?? 0), modifiedAt: stat?.mtimeMs ?? 0 };
}

/** Copies the few fields that stay in memory while the store is open. */
function knownStat({ kind, size, ino, mtimeMs, ctimeMs }: FileStat): KnownStat {
  return { kind, size, ino, mtimeMs, ctimeMs };
}

/** The beginning of a long text. Does not cut a character in half. */
function beginningOf(bytes: Buffer): string {
  let end = BEGINNING_BYTES;
  while (isContinuationByte(bytes[end])) {
    end--;
  }
  return bytes.toString('utf8', 0, end);
}

/** True for UTF-8 continuation bytes. */
function isContinuationByte(byte = 0): boolean {
  return (byte & 0b1100_0000) === 0b1000_0000;
}
