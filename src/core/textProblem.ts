/** A mistake in a text, for people. */
export interface TextProblem {
  /** From 0. */
  readonly line: number;
  /** A sentence without the file's name. */
  readonly message: string;
}
