import type { TextRange } from './filterWords.ts';

/** Something that is to be said about a piece of a filter, in a sentence that names the way out. */
export interface FilterRemark extends TextRange {
  readonly message: string;
}

/** Why a filter means nothing, and which piece of it is to blame. */
export class FilterError extends Error implements FilterRemark {
  readonly start: number;
  readonly end: number;

  constructor({ start, end }: TextRange, message: string) {
    super(message);
    this.name = 'FilterError';
    this.start = start;
    this.end = end;
  }
}
