import { folded } from './foldedText.ts';
import type { IssueSummary } from './issue.ts';

/** What a query is compared with. */
export type SearchedIssue = Pick<IssueSummary, 'id' | 'number' | 'title'>;

/** The words of a query, {@link folded} as they are compared. None for a blank query. */
export function searchWords(query: string): readonly string[] {
  return folded(query)
    .split(/\s+/)
    .filter((word) => word !== '');
}

/** How well a word fits, from best to worst. */
export const FIT = { exactNumber: 0, prefix: 1, wordStart: 2, substring: 3 } as const;

/** One of the values of {@link FIT}. */
export type Fit = (typeof FIT)[keyof typeof FIT];

/**
 * How well an issue fits the words, all of which must be in its number (`12`, `#12`, or the beginning of it), its title or its id: as
 * well as the word that fits worst. Undefined if one is in none of them.
 */
export function fitOf({ id, number, title }: SearchedIssue, words: readonly string[]): Fit | undefined {
  const [foldedTitle, foldedId] = [folded(title), folded(id)];
  let worst: Fit = FIT.exactNumber;
  for (const word of words) {
    const fit = numberFit(number, word) ?? better(textFit(foldedTitle, word), textFit(foldedId, word));
    if (fit === undefined) {
      return undefined;
    }
    worst = fit > worst ? fit : worst;
  }
  return worst;
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
    return FIT.exactNumber;
  }
  return String(number).startsWith(digits) ? FIT.prefix : undefined;
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
