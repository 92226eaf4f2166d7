import { codeOf, IssueError } from '../../core/index.ts';

/** A command failed half-way, and what it had done by then could not be restored. What is left is in the history of changes. */
export class LeftChangedError extends IssueError {
  override readonly name = 'LeftChangedError';

  constructor(
    cause: unknown,
    message: string,
    /** Tries once more to take back what is left, and says what became of it. */
    readonly undo: () => Promise<void>,
  ) {
    super(codeOf(cause), message, { cause });
  }
}
