import { IssueError, messageOf } from '../issue/issueErrors.ts';

/** How something that was done is taken back. A result offers it, and so does the error of what was done in part. */
export interface Reversal {
  /**
   * Takes it all back, newest step first. Rejects with a {@link ConflictError}, having changed nothing, if a file it would touch is not
   * what was left behind. After a failure it can be called again, and takes back what is left; after a success that is nothing.
   */
  undo(): Promise<void>;
  /** Rejects where {@link undo} would, as far as that can be told in advance, and changes nothing. */
  checkUndo(): Promise<void>;
}

/** A file that is left changed. */
export interface LeftFile {
  /** Where it is now. For a file that was deleted, where it was. */
  readonly filePath: string;
  /** Why its change was not taken back. */
  readonly reason: unknown;
}

/** How many of the files that are left a message names. The error has them all. */
const NAMED_FILES = 5;

/**
 * A batch failed half-way, and some of what it had done by then could not be taken back either. Has the code of the first failure, which
 * is its `cause`, and takes back what is left.
 */
export class PartlyDoneError extends IssueError implements Reversal {
  override readonly name = 'PartlyDoneError';
  readonly #reversal: Reversal;

  constructor(
    cause: unknown,
    /** At least one. */
    readonly left: readonly LeftFile[],
    reversal: Reversal,
  ) {
    const files = left.length === 1 ? 'One file' : `${left.length} files`;
    const what = `${files} that had been changed by then could not be taken back`;
    super(codeOf(cause), `${messageOf(cause)} ${what}: ${describeLeft(left)}`, { cause });
    this.#reversal = reversal;
  }

  undo(): Promise<void> {
    return this.#reversal.undo();
  }

  checkUndo(): Promise<void> {
    return this.#reversal.checkUndo();
  }
}

/**
 * Lets a layer have a part in the taking back of a batch, whether the batch succeeds or is done in part.
 * @param undoing is to call `undo`; told how many files are left where the batch failed.
 * @param checking is to call `check`, before which it can refuse.
 */
export async function withUndo<R extends Reversal>(
  batch: Promise<R>,
  undoing: (undo: () => Promise<void>, left?: number) => Promise<void>,
  checking: (check: () => Promise<void>) => Promise<void> = (check) => check(),
): Promise<R> {
  try {
    const result = await batch;
    return { ...result, undo: () => undoing(() => result.undo()), checkUndo: () => checking(() => result.checkUndo()) };
  } catch (error) {
    if (!(error instanceof PartlyDoneError)) {
      throw error;
    }
    throw new PartlyDoneError(error.cause, error.left, {
      undo: () => undoing(() => error.undo(), error.left.length),
      checkUndo: () => checking(() => error.checkUndo()),
    });
  }
}

/** The files and the reasons, for a message. Most reasons name their file themselves. */
export function describeLeft(left: readonly LeftFile[]): string {
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
