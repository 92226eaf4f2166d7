/** What went wrong, for programs. */
export type IssueErrorCode =
  | 'notFound'
  | 'ambiguous'
  | 'conflict'
  | 'exists'
  | 'invalidName'
  | 'outOfNumbers'
  | 'tooLong'
  | 'tooLarge'
  | 'unreadable'
  | 'notText'
  | 'notWritable'
  | 'readOnly';

/**
 * A failure that the caller can do something about. The message is for people: it names the file or the reference and the
 * way out. Anything else that is thrown is a defect or a broken machine.
 */
export class IssueError extends Error {
  override readonly name: string = 'IssueError';
  constructor(
    readonly code: IssueErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** What an error of whatever kind says. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** No issue fits the reference. */
export class IssueNotFoundError extends IssueError {
  override readonly name = 'IssueNotFoundError';
  constructor(readonly ref: string) {
    super('notFound', `There is no issue “${ref}” in this store. It may have been renamed or deleted. Refresh and try again.`);
  }
}

/** The reference fits several issues, and the operation would write to one of them. */
export class AmbiguousIssueError extends IssueError {
  override readonly name = 'AmbiguousIssueError';
  constructor(
    readonly ref: string,
    /** Keys of all issues that fit. */
    readonly candidates: readonly string[],
  ) {
    super(
      'ambiguous',
      `“${ref}” fits ${candidates.length} issues: ${candidates.join(', ')}. Name one of them by its full path in the store.`,
    );
  }
}

/** The file is not what the writer saw; it was left as it is. */
export class ConflictError extends IssueError {
  override readonly name = 'ConflictError';
  constructor(
    readonly filePath: string,
    detail: string,
    advice = 'Nothing was written: read it again and repeat the change.',
  ) {
    super('conflict', `${filePath} ${detail}. ${advice}`);
  }
}

/** A file stands where a new or moved one would go; nothing was written. */
export class IssueExistsError extends IssueError {
  override readonly name = 'IssueExistsError';
  constructor(readonly filePath: string) {
    super('exists', `${filePath} exists already and was left as it is. Rename or delete one of the two issues first.`);
  }
}
