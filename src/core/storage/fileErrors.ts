import { errorCode, FileTooLargeError, isNoFile, isTooManyFiles, READ_LIMIT } from '../disk/disk.ts';
import type { IssueProblem } from '../issue/issue.ts';
import { ConflictError, IssueError } from '../issue/issueErrors.ts';

const MEGABYTE = 1024 * 1024;

/** Maps a failed read to the problem that lists show. Unknown failures become `unreadable`, with the system's message. */
export function problemOf(filePath: string, error: unknown): IssueProblem {
  if (error instanceof FileTooLargeError) {
    return { code: 'tooLarge', message: tooLargeMessage(filePath, error.stat.size) };
  }
  if (errorCode(error) === 'EFTYPE') {
    return { code: 'symbolicLink', message: notRegularMessage(filePath) };
  }
  return { code: 'unreadable', message: unreadableMessage(filePath, error) };
}

/** Maps a failed read to the error for a caller that asked for this one file. */
export function readError(filePath: string, error: unknown): unknown {
  if (error instanceof IssueError) {
    return error;
  }
  const { code, message } = problemOf(filePath, error);
  return new IssueError(code === 'symbolicLink' ? 'unreadable' : code, message, { cause: error });
}

/** As {@link readError}, for a file that existed a moment ago. */
export function notFoundError(filePath: string, error: unknown): unknown {
  return isNoFile(error) ? new ConflictError(filePath, 'no longer exists') : readError(filePath, error);
}

/** Maps a failed write to an error that says how to fix it. */
export function writeError(filePath: string, error: unknown): unknown {
  const code = errorCode(error);
  const notWritable = (message: string) => new IssueError('notWritable', message, { cause: error });
  switch (code) {
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return notWritable(`${filePath} cannot be written (${code}). Check the permissions of the file and its folder.`);
    case 'ENOSPC':
    case 'EDQUOT':
      return notWritable(`${filePath} was not written: the disk is full. Free some space and try again.`);
    case 'ENAMETOOLONG':
      return new IssueError('tooLong', `${filePath} is too long a name for this file system. Choose a shorter one.`, { cause: error });
    case 'ENOENT':
      return notWritable(`${filePath} was not written: its folder no longer exists. Restore it and try again.`);
    case 'EMFILE':
    case 'ENFILE':
      return notWritable(`${filePath} was not written: too many files are open (${code}). Try again in a moment.`);
    case 'ENOTDIR':
    case 'EEXIST':
      return notWritable(`${filePath} cannot be written: a file is where a folder must be. Move that file away.`);
    default:
      return error;
  }
}

export function notText(filePath: string): IssueProblem {
  const message = `${filePath} is not UTF-8 text. Open it with the encoding it was written in and save it as UTF-8, or delete it.`;
  return { code: 'notText', message };
}

function tooLargeMessage(filePath: string, size: number): string {
  return `${filePath} has ${megabytes(size)} MB and is not read: an issue has ${megabytes(READ_LIMIT)} MB at most. Split it, move it out of the store or delete it.`;
}

/** Rounded up, so that a size above a limit does not look equal to it. */
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
