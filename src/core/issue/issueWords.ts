import { assertDefined } from '../assertDefined.ts';
import { folded } from './foldedText.ts';
import type { IssueSummary } from './issue.ts';
import type { IssueFields } from './issueFields.ts';

/** What a query is compared with. */
export type SearchedIssue = Pick<IssueSummary, 'id' | 'number' | 'title' | 'fields'>;

/** The words of a query, {@link folded} as they are compared. None for a blank query. */
export function searchWords(query: string): readonly string[] {
  return folded(query)
    .split(/\s+/)
    .filter((word) => word !== '');
}

/** How well a word fits, from best to worst. */
export const FIT = { exact: 0, prefix: 1, wordStart: 2, substring: 3, field: 4 } as const;

/** One of the values of {@link FIT}. */
export type Fit = (typeof FIT)[keyof typeof FIT];

/** Compares issues with a query. It is made once for a query, because the same words stand in the fields of many issues. */
export class IssueWords {
  readonly #words: readonly string[];
  /** What is known of the texts of fields, for each word. */
  readonly #begun: readonly Map<string, boolean>[];

  /** @param words as {@link searchWords} gives them; one can also be several with blanks between them, which must stand so. */
  constructor(words: readonly string[]) {
    this.#words = words;
    this.#begun = this.#words.map(() => new Map());
  }

  /**
   * How well an issue fits the words, all of which must be in its number (`12`, `#12`, or the beginning of it), its title or its id, or begin
   * a word of a field: as well as the word that fits worst. Undefined if one is in none of them.
   */
  fitOf({ id, number, title, fields }: SearchedIssue): Fit | undefined {
    const [foldedTitle, foldedId] = [folded(title), folded(id)];
    let worst: Fit = FIT.exact;
    for (const [index, word] of this.#words.entries()) {
      const fit =
        numberFit(number, word) ?? better(textFit(foldedTitle, word), idFit(foldedId, word)) ?? this.#fieldFit(fields, word, index);
      if (fit === undefined) {
        return undefined;
      }
      worst = fit > worst ? fit : worst;
    }
    return worst;
  }

  /** Only the beginnings of words count in fields, or `ui` would find whatever is `required`. */
  #fieldFit({ status, priority, type, milestone, labels, assignees }: IssueFields, word: string, index: number): Fit | undefined {
    const begun = assertDefined(this.#begun[index]);
    const begins = (text: string | undefined) => text !== undefined && (begun.get(text) ?? remembered(begun, text, word));
    const isFound =
      begins(status) || begins(priority) || begins(type) || begins(milestone) || labels?.some(begins) || assignees?.some(begins);
    return isFound ? FIT.field : undefined;
  }
}

function remembered(begun: Map<string, boolean>, text: string, word: string): boolean {
  const begins = (textFit(folded(text), word) ?? FIT.substring) < FIT.substring;
  begun.set(text, begins);
  return begins;
}

function better(a: Fit | undefined, b: Fit | undefined): Fit | undefined {
  return a === undefined || (b !== undefined && b < a) ? b : a;
}

function numberFit(number: number | undefined, word: string): Fit | undefined {
  const digits = word.startsWith('#') ? word.slice(1) : word;
  if (number === undefined || !/^\d{1,6}$/.test(digits)) {
    return undefined;
  }
  if (Number(digits) === number) {
    return FIT.exact;
  }
  return String(number).startsWith(digits) ? FIT.prefix : undefined;
}

function idFit(id: string, word: string): Fit | undefined {
  return id === word ? FIT.exact : textFit(id, word);
}

function textFit(text: string, word: string): Fit | undefined {
  const first = text.indexOf(word);
  if (first <= 0) {
    return first === 0 ? FIT.prefix : undefined;
  }
  for (let at = first; at !== -1; at = text.indexOf(word, at + 1)) {
    if (!LETTER_OR_DIGIT.test(text.charAt(at - 1))) {
      return FIT.wordStart;
    }
  }
  return FIT.substring;
}

const LETTER_OR_DIGIT = /[\p{L}\p{N}]/u;
