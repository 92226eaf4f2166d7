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

/** Of a text above this many bytes only the beginning is gone through for what lists show, because going through it holds the window. */
const WHOLE_TEXT_BYTES = 1024 * 1024;
/** How many bytes that beginning has. */
const BEGINNING_BYTES = 64 * 1024;
/** The progress of most issues, which they share. */
const NO_TASKS: TaskProgress = Object.freeze({ done: 0, total: 0 });

/** An issue as it stands on the disk: what lists show, and the stat that tells whether it is still so. */
export interface StoredSummary {
  readonly summary: IssueSummary;
  /** From before the bytes were read; undefined where the file could not even be looked at. */
  readonly stat: KnownStat | undefined;
  /**
   * Set if the file was read so soon after its last change that another one might not show in its stat: the time, in
   * milliseconds since the epoch, from which on a second reading can be trusted.
   */
  readonly racyUntil?: number | undefined;
}

/** The same with the text. */
export interface StoredIssue extends StoredSummary {
  readonly issue: Issue;
}

/** What a list has of a file. One that could not be taken has its problem there, and no text. */
export function storedIssue(folder: string, key: IssueKey, read: ReadOutcome): StoredIssue {
  const stored = storedSummary(folder, key, read);
  const { summary } = stored;
  const { progress, size, hasConflict, ...head } = summary;
  const content = 'error' in read || summary.problem !== undefined ? '' : read.bytes.toString('utf8');
  return { ...stored, issue: { ...head, content } };
}

/** The same without the text. */
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

/** @throws IssueError `notText` for a caller that wants this one file. */
export function mustBeText(filePath: string, bytes: Buffer): void {
  if (!isUtf8(bytes)) {
    throw new IssueError('notText', notText(filePath).message);
  }
}

/** What a summary is made of. */
export interface SummaryFacts extends Pick<IssueSummary, 'key' | 'title' | 'state' | 'createdAt' | 'modifiedAt' | 'version' | 'size'> {
  readonly progress: TaskProgress | undefined;
  readonly hasConflict?: boolean;
  readonly problem?: IssueProblem;
}

/** Makes the frozen summary. What the key says is derived here. */
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
  // Written out twice, because a store of 100 000 is opened twice as slowly if the number is spread into each of them.
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

/** What is kept of a stat for as long as the store is open. */
function knownStat({ kind, size, ino, mtimeMs, ctimeMs }: FileStat): KnownStat {
  return { kind, size, ino, mtimeMs, ctimeMs };
}

/** What a list shows of a text; without the progress of one of which only the beginning is gone through. */
function outlineOfBytes(bytes: Buffer): Pick<IssueOutline, 'title' | 'hasConflict'> & { readonly progress: TaskProgress | undefined } {
  return bytes.length <= WHOLE_TEXT_BYTES ? outlineOf(bytes.toString('utf8')) : { ...outlineOf(beginningOf(bytes)), progress: undefined };
}

/** The beginning of a text that is too long to be gone through, up to the end of a character. */
function beginningOf(bytes: Buffer): string {
  let end = BEGINNING_BYTES;
  while (isWithinCharacter(bytes[end])) {
    end--;
  }
  return bytes.toString('utf8', 0, end);
}

/** True of the bytes of a character in UTF-8 but its first. */
function isWithinCharacter(byte = 0): boolean {
  return (byte & 0b1100_0000) === 0b1000_0000;
}
