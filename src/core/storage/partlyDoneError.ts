import { IssueError, messageOf } from '../issue/issueErrors.ts';
import type { FileChange, RestoreEdit } from './issueStoragePort.ts';

/** A file that is left changed. */
export interface LeftFile {
  /** Where it is now. For a file that was deleted, where it was. */
  readonly filePath: string;
  /** Why its change was not taken back. */
  readonly reason: unknown;
  /** What takes its change back once the reason is gone. */
  readonly undo: RestoreEdit;
}

/** How many of the files that are left a message names. The error has them all. */
const NAMED_FILES = 5;

/** A write failed half-way, and some of what it had done by then is still done. Has the code of its `cause`. */
export class PartlyDoneError extends IssueError {
  override readonly name = 'PartlyDoneError';

  constructor(
    message: string,
    cause: unknown,
    /** At least one. */
    readonly left: readonly LeftFile[],
    /** What the write has changed and not taken back. */
    readonly changes: readonly FileChange[],
  ) {
    super(codeOf(cause), `${message} ${describeLeft(left)}`, { cause });
  }

  /** What takes back all that is left, as the result of a write has it. */
  get undo(): readonly RestoreEdit[] {
    return this.left.map(({ undo }) => undo);
  }
}

/** The files and the reasons, for a message. Most reasons name their file themselves. */
function describeLeft(left: readonly LeftFile[]): string {
  const named = left.slice(0, NAMED_FILES).map(({ filePath, reason }) => {
    const message = messageOf(reason);
    return message.includes(filePath) ? message : `${filePath}: ${message}`;
  });
  return [...named, ...(left.length > NAMED_FILES ? [`And ${left.length - NAMED_FILES} more.`] : [])].join(' ');
}

/** The code of a failure that need not be one of ours. */
export function codeOf(failure: unknown): IssueError['code'] {
  return failure instanceof IssueError ? failure.code : 'notWritable';
}
