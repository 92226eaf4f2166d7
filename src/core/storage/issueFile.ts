import { isUtf8 } from 'node:buffer';
import { sep } from 'node:path';
import {
  type Disk,
  errorCode,
  type FileRead,
  FileTooLargeError,
  isNoFile,
  isTooManyFiles,
  type KnownStat,
  READ_LIMIT,
} from '../disk/disk.ts';
import { type Issue, type IssueKey, type IssueProblem, type IssueSummary, splitIssueKey } from '../issue/issue.ts';
import { ConflictError, IssueError } from '../issue/issueErrors.ts';
import { ISSUE_EXTENSION, parseIssueId } from '../issue/issueFileName.ts';
import { type IssueOutline, outlineOf, titleOf } from '../markdown/issueMarkdown.ts';
import { issueTitle } from '../markdown/issueTitle.ts';
import { versionOf } from './issueVersion.ts';

/** Of a text above this many bytes only the beginning is gone through for what lists show, because going through it holds the window. */
const WHOLE_TEXT_BYTES = 1024 * 1024;
/** How many bytes that beginning has. */
const BEGINNING_BYTES = 64 * 1024;
const MEGABYTE = 1024 * 1024;

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

/** Absolute path of the file with this key. */
export function issuePath(folder: string, key: IssueKey): string {
  // Not by `join`, which looks at every character: this is asked several times for each issue of a batch.
  return folder + sep + (sep === '/' ? key : key.replaceAll('/', sep)) + ISSUE_EXTENSION;
}

/** Makes the issue out of a file's bytes. @throws IssueError `notText` if they are not UTF-8. */
export function storedIssue(folder: string, key: IssueKey, read: FileRead): StoredIssue {
  const content = textOf(folder, key, read);
  const { title, progress, hasConflict } = outlineOfBytes(read.bytes, content);
  const head = headOf(folder, key, read, title);
  const conflict = hasConflict ? { hasConflict } : {};
  return { issue: { ...head, content }, summary: { ...head, progress, ...conflict, size: read.bytes.length }, stat: read.stat };
}

/** The same for who wants the issue and neither its tasks nor its stat. */
export function issueOf(folder: string, key: IssueKey, read: FileRead): Issue {
  const content = textOf(folder, key, read);
  return { ...headOf(folder, key, read, titleOf(beginningOf(read.bytes) ?? content)), content };
}

/** What a list shows of a text; without the progress of one of which only the beginning is gone through. */
export function outlineOfBytes(
  bytes: Buffer,
  content?: string,
): Pick<IssueOutline, 'title' | 'hasConflict'> & { readonly progress: IssueSummary['progress'] } {
  const beginning = beginningOf(bytes);
  return beginning === undefined ? outlineOf(content ?? bytes.toString('utf8')) : { ...outlineOf(beginning), progress: undefined };
}

/** The beginning of a text that is too long to be gone through, up to the end of a character; undefined for any other. */
function beginningOf(bytes: Buffer): string | undefined {
  if (bytes.length <= WHOLE_TEXT_BYTES) {
    return undefined;
  }
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

/** @throws IssueError `notText` if the bytes are not UTF-8. */
export function mustBeText(folder: string, key: IssueKey, { bytes }: FileRead): void {
  if (!isUtf8(bytes)) {
    throw new IssueError('notText', notTextMessage(issuePath(folder, key)));
  }
}

function textOf(folder: string, key: IssueKey, read: FileRead): string {
  mustBeText(folder, key, read);
  return read.bytes.toString('utf8');
}

function headOf(folder: string, key: IssueKey, { bytes, stat }: FileRead, title: string | undefined): Omit<Issue, 'content'> {
  const { id, name, number, completed } = identity(key);
  return {
    key,
    id,
    ...(number === undefined ? {} : { number }),
    name,
    title: issueTitle(id, title),
    completed,
    filePath: issuePath(folder, key),
    ...times(stat),
    version: versionOf(bytes),
  };
}

/** A read as a value, for sweeps in which one bad file must not hide the others. */
export type ReadOutcome = FileRead | { readonly error: unknown };

export function readOutcomeSync(disk: Disk, path: string): ReadOutcome {
  try {
    return disk.readSync(path);
  } catch (error) {
    return { error };
  }
}

export function readOutcome(disk: Disk, path: string): Promise<ReadOutcome> {
  return disk.read(path, { isOneOfMany: true }).catch((error: unknown) => ({ error }));
}

/** What a list has of a file: the issue, or in its place the problem that kept it from being read, with an empty text. */
export function storedOrProblem(folder: string, key: IssueKey, read: ReadOutcome): StoredIssue {
  return orProblem(folder, key, read, storedIssue, (problem) => problem);
}

/** The issue of {@link storedOrProblem} alone. */
export function issueOrProblem(folder: string, key: IssueKey, read: ReadOutcome): Issue {
  return orProblem(folder, key, read, issueOf, ({ issue }) => issue);
}

function orProblem<T>(
  folder: string,
  key: IssueKey,
  read: ReadOutcome,
  make: (folder: string, key: IssueKey, read: FileRead) => T,
  instead: (problem: StoredIssue) => T,
): T {
  if ('error' in read) {
    const stat = read.error instanceof FileTooLargeError ? read.error.stat : undefined;
    return instead(storedProblem(folder, key, problemOf(issuePath(folder, key), read.error), stat));
  }
  try {
    return make(folder, key, read);
  } catch (error) {
    return instead(storedProblem(folder, key, problemOf(issuePath(folder, key), error), read.stat));
  }
}

/** The same without the text, which is not kept alive by it. */
export function summaryOrProblem(folder: string, key: IssueKey, read: ReadOutcome): StoredSummary {
  const { summary, stat } = storedOrProblem(folder, key, read);
  return { summary, stat };
}

function storedProblem(folder: string, key: IssueKey, problem: IssueProblem, stat: KnownStat | undefined): StoredIssue {
  const { id, name, number, completed } = identity(key);
  const head = {
    key,
    id,
    ...(number === undefined ? {} : { number }),
    name,
    title: issueTitle(id, undefined),
    completed,
    filePath: issuePath(folder, key),
    ...(stat === undefined ? { createdAt: new Date(0), modifiedAt: new Date(0) } : times(stat)),
    version: '',
    problem,
  };
  return {
    issue: { ...head, content: '' },
    summary: { ...head, progress: undefined, size: stat?.size ?? 0 },
    stat,
  };
}

/** The problem that a failed read of a listed file comes down to. Unknown failures are `unreadable`, with the system's words. */
function problemOf(filePath: string, error: unknown): IssueProblem {
  if (error instanceof IssueError && error.code === 'notText') {
    return { code: 'notText', message: error.message };
  }
  if (error instanceof FileTooLargeError) {
    return { code: 'tooLarge', message: tooLargeMessage(filePath, error.stat.size) };
  }
  if (errorCode(error) === 'EFTYPE') {
    return { code: 'symbolicLink', message: notRegularMessage(filePath) };
  }
  return { code: 'unreadable', message: unreadableMessage(filePath, error) };
}

/** A failed read as the error for a caller that wants this one file. */
export function readError(filePath: string, error: unknown): unknown {
  if (error instanceof IssueError) {
    return error;
  }
  if (error instanceof FileTooLargeError) {
    return new IssueError('tooLarge', tooLargeMessage(filePath, error.stat.size), { cause: error });
  }
  if (errorCode(error) === 'EFTYPE') {
    return new IssueError('unreadable', notRegularMessage(filePath), { cause: error });
  }
  return new IssueError('unreadable', unreadableMessage(filePath, error), { cause: error });
}

/** As {@link readError}, for a file that was there a moment ago. */
export function notFoundError(filePath: string, error: unknown): unknown {
  return isNoFile(error) ? new ConflictError(filePath, 'no longer exists') : readError(filePath, error);
}

/** Turns a failed write into an error that says what to do about it. */
export function writeError(filePath: string, error: unknown): unknown {
  const code = errorCode(error);
  switch (code) {
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return new IssueError('notWritable', `${filePath} cannot be written (${code}). Check the permissions of the file and its folder.`, {
        cause: error,
      });
    case 'ENOSPC':
    case 'EDQUOT':
      return new IssueError('notWritable', `${filePath} was not written: the disk is full. Free some space and try again.`, {
        cause: error,
      });
    case 'ENAMETOOLONG':
      return new IssueError('tooLong', `${filePath} is too long a name for this file system. Choose a shorter one.`, { cause: error });
    case 'ENOENT':
      return new IssueError('notWritable', `${filePath} was not written: its folder no longer exists. Restore it and try again.`, {
        cause: error,
      });
    case 'EMFILE':
    case 'ENFILE':
      return new IssueError('notWritable', `${filePath} was not written: too many files are open (${code}). Try again in a moment.`, {
        cause: error,
      });
    case 'ENOTDIR':
    case 'EEXIST':
      return new IssueError('notWritable', `${filePath} cannot be written: a file is where a folder must be. Move that file away.`, {
        cause: error,
      });
    default:
      return error;
  }
}

function times({ birthtimeMs, ctimeMs, mtimeMs }: KnownStat): Pick<Issue, 'createdAt' | 'modifiedAt'> {
  return { createdAt: new Date(birthtimeMs || ctimeMs), modifiedAt: new Date(mtimeMs) };
}

function identity(key: IssueKey) {
  const { id, completed } = splitIssueKey(key);
  return { ...parseIssueId(id), completed };
}

function notTextMessage(filePath: string): string {
  return `${filePath} is not UTF-8 text. Open it with the encoding it was written in and save it as UTF-8, or delete it.`;
}

function tooLargeMessage(filePath: string, size: number): string {
  return `${filePath} has ${megabytes(size)} MB and is not read: an issue has ${megabytes(READ_LIMIT)} MB at most. Split it, move it out of the store or delete it.`;
}

/** Rounded up, so that what is above a limit does not look like it. */
export function megabytes(bytes: number): number {
  return Math.ceil(bytes / MEGABYTE);
}

function notRegularMessage(filePath: string): string {
  return `${filePath} is a link or a special file, which the store does not follow. Put the file itself in its place.`;
}

function unreadableMessage(filePath: string, error: unknown): string {
  if (isTooManyFiles(error)) {
    return `${filePath} cannot be read (${errorCode(error)}): too many files are open. Try again in a moment.`;
  }
  return `${filePath} cannot be read (${errorCode(error) ?? String(error)}). Check its permissions, and whether it is still there.`;
}
