import type { IssueCatalogue } from '../catalogue/issueCatalogue.ts';
import { folded } from '../issue/foldedText.ts';
import type { IssueKey, IssueSummary } from '../issue/issue.ts';
import type { IssueFields } from '../issue/issueFields.ts';
import { type IssueQuery, parseIssueRef } from '../issue/issueRef.ts';
import { isCompleted } from '../issue/issueState.ts';
import { FilterError } from './filterError.ts';
import type { FilterKey, FilterTerm, FilterValue } from './filterWords.ts';

/** What a filter is read with. */
export interface FilterContext {
  /** What the person is called in issues: those whom `assignee:me` means. None if that is not known. */
  readonly me: readonly string[];
  /** Wall-clock time, in milliseconds since the epoch. */
  readonly now: number;
  /**
   * True while the filter is being typed. A term at its very end counts as soon as it means something then, and its last value fits whatever
   * begins so.
   */
  readonly isTyping?: boolean;
}

/** One thing that has to be true of an issue. */
export type Condition = (issue: IssueSummary, catalogue: IssueCatalogue) => boolean;

type WordKey = 'status' | 'label' | 'priority' | 'assignee' | 'type' | 'milestone';
type FitsWord = (text: string | undefined) => boolean;

const WORD_CONDITIONS: Readonly<Record<WordKey, (fields: IssueFields, fits: FitsWord) => boolean>> = {
  status: ({ status }, fits) => fits(status),
  label: ({ labels }, fits) => labels?.some(fits) ?? false,
  priority: ({ priority }, fits) => fits(priority),
  assignee: ({ assignees }, fits) => assignees?.some(fits) ?? false,
  type: ({ type }, fits) => fits(type),
  milestone: ({ milestone }, fits) => fits(milestone),
};

const IS: ReadonlyMap<string, Condition> = new Map<string, Condition>([
  ['open', (issue) => !isCompleted(issue)],
  ['active', ({ state }) => state === 'active'],
  ['review', ({ state }) => state === 'review'],
  ['completed', isCompleted],
  ['done', ({ state }) => state === 'done'],
  ['dropped', ({ state }) => state === 'dropped'],
  ['ready', ({ key, state }, { relations }) => state === 'open' && !relations.isWaiting(key)],
  ['blocked', (issue, { relations }) => !isCompleted(issue) && relations.isWaiting(issue.key)],
]);

/** What can stand behind `is:`. */
export const IS_VALUES: readonly string[] = [...IS.keys()];

/** An issue has only one of each, so asking for two of them asks for either. */
const SINGLE_KEYS: ReadonlySet<FilterKey> = new Set(['status', 'priority', 'type', 'milestone', 'parent', 'id']);

const HOUR_MS = 3_600_000;
/** In hours. Months and years are as long as most of them. */
const UNITS: Readonly<Record<string, number>> = { h: 1, d: 24, w: 7 * 24, m: 30 * 24, y: 365 * 24 };

/** True if whether a term holds for an issue depends on others, too. */
export function looksAtOthers({ key, values }: FilterTerm): boolean {
  return ['parent', 'depends', 'blocks'].includes(key) || (key === 'is' && values.some(({ text }) => /^(ready|blocked)$/i.test(text)));
}

/**
 * What has to be true so that all terms hold.
 *
 * @param typed the term that is still being typed, if one is; see {@link FilterContext.isTyping}.
 */
export function conditionsOf(
  terms: readonly FilterTerm[],
  typed: FilterTerm | undefined,
  context: FilterContext,
): readonly Condition[] | FilterError {
  const conditions: Condition[] = [];
  const ofSingleKeys = new Map<FilterKey, Condition[]>();
  for (const term of terms) {
    const anyOf = valueConditions(term, term === typed, context);
    if (anyOf instanceof FilterError) {
      if (term !== typed) {
        return anyOf;
      }
    } else if (term.isNegated) {
      conditions.push((issue, catalogue) => !anyOf.some((condition) => condition(issue, catalogue)));
    } else if (SINGLE_KEYS.has(term.key)) {
      ofSingleKeys.set(term.key, [...(ofSingleKeys.get(term.key) ?? []), ...anyOf]);
    } else {
      conditions.push((issue, catalogue) => anyOf.some((condition) => condition(issue, catalogue)));
    }
  }
  for (const anyOf of ofSingleKeys.values()) {
    conditions.push((issue, catalogue) => anyOf.some((condition) => condition(issue, catalogue)));
  }
  return conditions;
}

function valueConditions(term: FilterTerm, isTyped: boolean, context: FilterContext): readonly Condition[] | FilterError {
  const { key, values, isNegated } = term;
  if (values.length === 0) {
    return new FilterError(
      term,
      `“${key}:” needs a value, such as ${key}:${EXAMPLES[key]}. To search for the word itself, put it in quotes.`,
    );
  }
  const conditions: Condition[] = [];
  for (const value of values) {
    // What `-label:l` leaves out is known only when the word is whole.
    const isBeginning = isTyped && !isNegated && value === values.at(-1);
    const condition = valueCondition(key, value, isBeginning, context);
    if (typeof condition === 'string') {
      return new FilterError(value, condition);
    }
    conditions.push(condition);
  }
  return conditions;
}

const EXAMPLES: Readonly<Record<FilterKey, string>> = {
  is: 'ready',
  status: '"in progress"',
  label: 'ui',
  priority: 'high',
  assignee: 'me',
  type: 'bug',
  milestone: 'spring',
  parent: '12',
  depends: '12',
  blocks: '12',
  id: '12',
  changed: '7d',
  created: '2w',
};

/** @returns what is wrong with the value, for people, if it means nothing. */
function valueCondition(key: FilterKey, { text }: FilterValue, isBeginning: boolean, context: FilterContext): Condition | string {
  switch (key) {
    case 'is':
      return IS.get(text.toLowerCase()) ?? `“is:${text}” is not known. Use ${listed(IS_VALUES)}.`;
    case 'parent':
    case 'depends':
    case 'blocks':
    case 'id':
      return referenceCondition(key, text);
    case 'changed':
    case 'created':
      return timeCondition(key, text, context.now);
    case 'assignee': {
      const isMe = text.toLowerCase() === 'me';
      if (isMe && context.me.length === 0) {
        return 'Who “assignee:me” is, is not known here. Write the name as it stands in the issues.';
      }
      return wordCondition(key, isMe ? context.me : [text], isBeginning && !isMe);
    }
    default:
      return wordCondition(key, [text], isBeginning);
  }
}

/** The same words stand in many issues, so each is looked at once. */
function wordCondition(key: WordKey, wanted: readonly string[], isBeginning: boolean): Condition {
  const words = wanted.map((word) => comparedWord(key, word));
  const known = new Map<string, boolean>();
  const fits: FitsWord = (text) => {
    if (text === undefined) {
      return false;
    }
    let isFit = known.get(text);
    if (isFit === undefined) {
      const word = comparedWord(key, text);
      isFit = words.some((each) => (isBeginning ? word.startsWith(each) : word === each));
      known.set(text, isFit);
    }
    return isFit;
  };
  const isFitting = WORD_CONDITIONS[key];
  return ({ fields }) => isFitting(fields, fits);
}

/** Tools write people with or without `@`, and the priority P1 as `1`. */
function comparedWord(key: WordKey, text: string): string {
  const word = folded(text.trim());
  switch (key) {
    case 'assignee':
      return word.replace(/^@/, '');
    case 'priority':
      return word.replace(/^\d$/, 'p$&');
    default:
      return word;
  }
}

function referenceCondition(key: 'parent' | 'depends' | 'blocks' | 'id', text: string): Condition {
  const query = parseIssueRef(text);
  const word = folded(text);
  switch (key) {
    case 'id':
      return (issue, catalogue) => catalogue.isMeant(issue, query);
    case 'parent':
      // Some tools have parents elsewhere than among the issues.
      return ({ key, fields: { parent } }, catalogue) =>
        parent !== undefined && (folded(parent) === word || isAnyMeant(catalogue, catalogue.relations.parentsOf(key), query));
    case 'depends':
      return ({ key }, catalogue) => isAnyMeant(catalogue, catalogue.relations.dependenciesOf(key), query);
    case 'blocks':
      return ({ key }, catalogue) => isAnyMeant(catalogue, catalogue.relations.dependentsOf(key), query);
  }
}

function isAnyMeant(catalogue: IssueCatalogue, keys: readonly IssueKey[], query: IssueQuery): boolean {
  return keys.some((key) => {
    const issue = catalogue.get(key)?.summary;
    return issue !== undefined && catalogue.isMeant(issue, query);
  });
}

/** What the file says of itself comes before what the disk says, which a checkout sets anew. */
function timeCondition(key: 'changed' | 'created', text: string, now: number): Condition | string {
  const [, sign, count, unit = ''] = /^([<>]?)(\d{1,5})([hdwmy])$/i.exec(text) ?? [];
  const hours = UNITS[unit.toLowerCase()];
  if (hours === undefined) {
    return `“${key}:${text}” is no span of time. Use ${key}:7d for less than seven days ago or ${key}:>7d for more, with h, d, w, m or y for hours, days, weeks, months or years.`;
  }
  const since = now - Number(count) * hours * HOUR_MS;
  const timeOf = ({ fields, modifiedAt, createdAt }: IssueSummary) =>
    key === 'changed' ? (fields.updated ?? modifiedAt) : (fields.created ?? createdAt);
  return sign === '>' ? (issue) => timeOf(issue) < since : (issue) => timeOf(issue) >= since;
}

function listed(words: readonly string[]): string {
  return `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
}
