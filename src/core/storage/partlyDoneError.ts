import { IssueError, messageOf } from '../issue/issueErrors.ts';
import type { FileChange, RestoreEdit } from './issueStoragePort.ts';

/** A file whose change could not be reverted. */
export interface LeftFile {
  /** Current path; for a deleted file, its former path. */
  readonly filePath: string;
  /** Why the change could not be reverted. */
  readonly reason: unknown;
  /** Reverts the change once the reason is resolved. */
  readonly undo: RestoreEdit;
}

/** Files that the message names. `left` has all of them. */
const NAMED_FILES = 5;

/** A write failed and some of its changes could not be reverted. Has the code of its `cause`. */
export class PartlyDoneError extends IssueError {
  override readonly name = 'PartlyDoneError';

  constructor(
    message: string,
    cause: unknown,
    /** Never empty. */
    readonly left: readonly LeftFile[],
    /** The changes that are still on the disk. */
    readonly changes: readonly FileChange[],
  ) {
    super(codeOf(cause), `${message} ${describeLeft(left)}`, { cause });
  }

  /** Edits that revert all remaining changes. */
  get undo(): readonly RestoreEdit[] {
    return this.left.map(({ undo }) => undo);
  }
}

/** Most reasons already contain their file's path. */
function describeLeft(left: readonly LeftFile[]): string {
  const named = left.slice(0, NAMED_FILES).map(({ filePath, reason }) => {
    const message = messageOf(reason);
    return message.includes(filePath) ? message : `${filePath}: ${message}`;
  });
  return [...named, ...(left.length > NAMED_FILES ? [`And ${left.length - NAMED_FILES} more.`] : [])].join(' ');
}

export function codeOf(failure: unknown): IssueError['code'] {
  return failure instanceof IssueError ? failure.code : 'notWritable';
}
