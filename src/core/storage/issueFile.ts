import { isUtf8 } from 'node:buffer';
import { type FileStat, FileTooLargeError, type KnownStat } from '../disk/disk.ts';
import type { ReadOutcome } from '../disk/sweep.ts';
import type { Issue, IssueKey, IssueProblem, IssueSummary, TaskProgress } from '../issue/issue.ts';
import { IssueError } from '../issue/issueErrors.ts';
import { parseIssueId } from '../issue/issueFileName.ts';
import { idOfKey, issuePath, stateOfKey } from '../issue/storeLayout.ts';
import { type IssueOutline, outlineOf } from '../markdown/issueMarkdown.ts';
import { issueTitle } from '../markdown/issueTitle.ts';
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

/** A file that cannot be read has a `problem` and an empty text. */
export function storedIssue(folder: string, key: IssueKey, read: ReadOutcome): StoredIssue {
  const stored = storedSummary(folder, key, read);
  const { summary } = stored;
  const { progress, size, hasConflict, ...head } = summary;
  const content = 'error' in read || summary.problem !== undefined ? '' : read.bytes.toString('utf8');
  return { ...stored, issue: { ...head, content } };
}

/** As {@link storedIssue}, without the text. */
export function storedSummary(folder: string, key: IssueKey, read: ReadOutcome): StoredSummary {
  if ('error' in read) {
    const stat = read.error instanceof FileTooLargeError ? read.error.stat : undefined;
    return withProblem(key, problemOf(issuePath(folder, key), read.error), stat);
  }
  const { bytes, stat } = read;
  if (!isUtf8(bytes)) {
    return withProblem(key, notText(issuePath(folder, key)), stat);
  }
  const { title: said, progress, hasConflict } = outlineOfBytes(bytes);
  const about = { key, title: issueTitle(idOfKey(key), said), state: stateOfKey(key), ...timesOf(stat) };
  const summary = summaryOf({ ...about, progress, hasConflict, version: versionOf(bytes), size: bytes.length });
  return { summary, stat: knownStat(stat) };
}

/** @throws IssueError `notText` */
export function assertText(filePath: string, bytes: Buffer): void {
  if (!isUtf8(bytes)) {
    throw new IssueError('notText', notText(filePath).message);
  }
}

export interface SummaryFacts extends Pick<IssueSummary, 'key' | 'title' | 'state' | 'createdAt' | 'modifiedAt' | 'version' | 'size'> {
  readonly progress: TaskProgress | undefined;
  readonly hasConflict?: boolean;
  readonly problem?: IssueProblem;
}

/** Creates a frozen summary; derives id, number and name from the key. */
export function summaryOf({
  key,
  title,
  state,
  createdAt,
  modifiedAt,
  version,
  size,
  progress,
  hasConflict,
  problem,
}: SummaryFacts): IssueSummary {
  const { id, number, name } = parseIssueId(idOfKey(key));
  const tasks = progress?.total === 0 ? NO_TASKS : Object.freeze(progress);
  // Written twice, because spreading the number into each summary doubles the time to open a store of 100 000 issues.
  const summary: IssueSummary =
    number === undefined
      ? { key, id, name, title, state, createdAt, modifiedAt, version, progress: tasks, size }
      : { key, id, number, name, title, state, createdAt, modifiedAt, version, progress: tasks, size };
  if (hasConflict || problem !== undefined) {
    return Object.freeze({ ...summary, ...(hasConflict ? { hasConflict } : {}), ...(problem ? { problem: Object.freeze(problem) } : {}) });
  }
  return Object.freeze(summary);
}

function withProblem(key: IssueKey, problem: IssueProblem, stat: FileStat | undefined): StoredSummary {
  const title = issueTitle(idOfKey(key), undefined);
  const facts = { key, title, state: stateOfKey(key), ...timesOf(stat), version: '', progress: undefined, size: stat?.size ?? 0, problem };
  return { summary: summaryOf(facts), stat: stat && knownStat(stat) };
}

function timesOf(stat: FileStat | undefined): Pick<IssueSummary, 'createdAt' | 'modifiedAt'> {
  return { createdAt: stat?.birthtimeMs || (stat?.ctimeMs ?? 0), modifiedAt: stat?.mtimeMs ?? 0 };
}

/** Copies the few fields that stay in memory while the store is open. */
function knownStat({ kind, size, ino, mtimeMs, ctimeMs }: FileStat): KnownStat {
  return { kind, size, ino, mtimeMs, ctimeMs };
}

/** `progress` is undefined for a text that is parsed only partly. */
function outlineOfBytes(bytes: Buffer): Pick<IssueOutline, 'title' | 'hasConflict'> & { readonly progress: TaskProgress | undefined } {
  return bytes.length <= WHOLE_TEXT_BYTES ? outlineOf(bytes.toString('utf8')) : { ...outlineOf(beginningOf(bytes)), progress: undefined };
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
