import type { IssueCatalogue } from '../catalogue/issueCatalogue.ts';
import { folded } from '../issue/foldedText.ts';
import type { IssueSummary } from '../issue/issue.ts';
import { type Fit, IssueWords } from '../issue/issueWords.ts';
import { type Condition, conditionsOf, type FilterContext, looksAtOthers } from './filterConditions.ts';
import { FilterError, type FilterRemark } from './filterError.ts';
import { FILTER_KEYS, type FilterWords, filterWordsOf } from './filterWords.ts';

/** What a filter asks of an issue. It is made for one list and one moment: `changed:7d` counts from when it was read. */
export class IssueFilter {
  /** Words that are searched for, {@link folded}. */
  readonly words: readonly string[];
  /** Words that may not be meant as they were taken, such as one whose key is not known. */
  readonly remarks: readonly FilterRemark[];
  /** True if whether an issue fits depends on others as well: on its parent, and on what has to be finished before or after it. */
  readonly looksAtOthers: boolean;
  readonly #issueWords: IssueWords;
  readonly #conditions: readonly Condition[];

  constructor({ terms, words }: FilterWords, conditions: readonly Condition[]) {
    this.words = words.map(({ text }) => folded(text));
    this.remarks = words.flatMap(({ text, start, end }) => {
      const key = end - start === text.length ? /^-?([a-z]+):(?!\/\/)./i.exec(text)?.[1] : undefined;
      return key === undefined ? [] : [{ start, end, message: unknownKey(text, key) }];
    });
    this.looksAtOthers = terms.some(looksAtOthers);
    this.#issueWords = new IssueWords(this.words);
    this.#conditions = conditions;
  }

  /** True if every condition holds and every word is found. */
  fits(issue: IssueSummary, catalogue: IssueCatalogue): boolean {
    return this.fitOf(issue, catalogue) !== undefined;
  }

  /** How well the words fit an issue for which every condition holds; undefined for all others. See {@link IssueWords.fitOf}. */
  fitOf(issue: IssueSummary, catalogue: IssueCatalogue): Fit | undefined {
    return this.meets(issue, catalogue) ? this.#issueWords.fitOf(issue) : undefined;
  }

  /** True if every condition holds, wherever the words are. */
  meets(issue: IssueSummary, catalogue: IssueCatalogue): boolean {
    return this.#conditions.every((condition) => condition(issue, catalogue));
  }
}

/**
 * Reads what a person types to say which issues they want: terms such as `is:ready label:ui,backend -label:later priority:high changed:7d`, and words,
 * all of which have to hold.
 *
 * - `key:a,b` is true of what has any of the values, and `-key:a,b` of what has none. Upper and lower case are the same. A value with blanks
 *   or commas stands in quotes, in which a backslash makes a quote and a backslash mean themselves.
 * - The same key twice, as on GitHub and in Linear, asks for all of them where an issue can have several (`label`, `assignee`, `depends`,
 *   `blocks`) or where they say different things (`is`, `changed`, `created`), and for any of them where it has only one (`status`, `priority`,
 *   `type`, `milestone`, `parent`, `id`), because no issue could have both.
 * - `is:open` is what the tree has under *Open*: whatever is not completed. `is:ready` has not been begun and nothing unfinished is before it;
 *   `is:blocked` is not completed and something unfinished is before it.
 * - All else are words for {@link IssueWords}: those with a key that is not known (`http://x`, `foo:bar`), about which a remark may be
 *   made, those with a minus and no key, and in quotes whatever would be a term (`"label:ui"`) and several words that stand together.
 *
 * @returns a {@link FilterError} about the first word that means nothing. It never throws.
 */
export function parseIssueFilter(text: string, context: FilterContext): IssueFilter | FilterError {
  const read = filterWordsOf(text);
  const last = context.isTyping ? read.terms.at(-1) : undefined;
  const typed = last?.end === text.length ? last : undefined;
  const conditions = conditionsOf(read.terms, typed, context);
  return conditions instanceof FilterError ? conditions : new IssueFilter(read, conditions);
}

function unknownKey(text: string, key: string): string {
  return `“${text}” is searched for as it stands, because there is no key “${key}”. Keys are ${FILTER_KEYS.join(', ')}.`;
}
