import { systemClock } from '../clock.ts';
import { folded } from '../issue/foldedText.ts';
import type { IssueSummary } from '../issue/issue.ts';
import { forEachInSlices, type SliceOptions, TimeSlices } from '../timeSlices.ts';
import { IS_VALUES } from './filterConditions.ts';
import { FILTER_KEYS, type FilterKey, type FilterTerm, filterWordsOf, printedValue } from './filterWords.ts';

/** A value and how many issues have it. */
export interface CountedValue {
  readonly text: string;
  readonly count: number;
}

/** The values that issues have, for each key of which people have to know them: what most have first. */
export type FilterValues = Readonly<Partial<Record<FilterKey, readonly CountedValue[]>>>;

/** What the last word of a filter can become. */
export interface FilterCompletion {
  readonly key: FilterKey;
  /** The word as it would be, e.g. `-label:ui`, or `label:` where values follow. */
  readonly word: string;
  /** The whole filter with it. */
  readonly text: string;
  /** How many issues have the value, where that has been counted. */
  readonly count?: number;
}

const TIMES = ['1d', '7d', '30d', '>30d', '1y'];
/** More than anybody reads. */
const MOST_COMPLETIONS = 50;

/**
 * What completes the word before the cursor: keys, or values of its key. After a blank, every key.
 *
 * @param cursor in UTF-16 units from 0; what is behind it stays.
 */
export function completionsFor(text: string, cursor: number, values: FilterValues): FilterCompletion[] {
  const before = text.slice(0, cursor);
  const { terms, words } = filterWordsOf(before);
  const term = terms.find(({ end }) => end === before.length);
  if (term !== undefined) {
    return valueCompletions(text, before, term, values).slice(0, MOST_COMPLETIONS);
  }
  const start = words.find(({ end }) => end === before.length)?.start ?? before.length;
  const [, minus = '', name = ''] = /^(-?)(.*)$/s.exec(before.slice(start).toLowerCase()) ?? [];
  return FILTER_KEYS.filter((each) => each.startsWith(name)).map((key) => {
    const word = `${minus}${key}:`;
    return { key, word, text: `${before.slice(0, start)}${word}${text.slice(cursor)}` };
  });
}

/** True if the filter ends with a word that no issue has in that field, so that the word may not be whole yet. */
export function endsUnknown(text: string, values: FilterValues): boolean {
  const term = filterWordsOf(text).terms.find(({ end }) => end === text.length);
  // References are written in several ways, so those that stand in issues are not all.
  if (term === undefined || term.key === 'parent' || values[term.key] === undefined) {
    return false;
  }
  return !knownValues(term.key, values).some((value) => folded(value.text) === typedValue(term));
}

function valueCompletions(text: string, before: string, term: FilterTerm, values: FilterValues): FilterCompletion[] {
  const { key, lastStart, start } = term;
  const typed = typedValue(term);
  const others = new Set(term.values.filter((value) => value.start !== lastStart).map((value) => folded(value.text)));
  const rest = text.slice(before.length);
  const known = knownValues(key, values).filter((value) => !others.has(folded(value.text)));
  const begins = known.filter((value) => folded(value.text).startsWith(typed));
  const contains = known.filter((value) => !begins.includes(value) && folded(value.text).includes(typed));
  return [...begins, ...contains].map(({ text: value, count }) => {
    const word = `${before.slice(start, lastStart)}${printedValue(value)}`;
    const completed = `${before.slice(0, start)}${word}${rest === '' ? ' ' : rest}`;
    return count === undefined ? { key, word, text: completed } : { key, word, text: completed, count };
  });
}

/** The last value as far as it is typed. */
function typedValue({ lastStart, values }: FilterTerm): string {
  const last = values.at(-1);
  return last?.start === lastStart ? folded(last.text) : '';
}

function knownValues(key: FilterKey, values: FilterValues): readonly { readonly text: string; readonly count?: number }[] {
  const plain = (texts: readonly string[]) => texts.map((text) => ({ text }));
  switch (key) {
    case 'is':
      return plain(IS_VALUES);
    case 'changed':
    case 'created':
      return plain(TIMES);
    case 'assignee':
      return [...plain(['me']), ...(values.assignee ?? [])];
    default:
      return values[key] ?? [];
  }
}

type CountedKey = 'status' | 'label' | 'priority' | 'assignee' | 'type' | 'milestone' | 'parent';

/** Counts what issues have for the keys of a filter, in time slices. What differs in case alone is one value. @throws the signal's reason when aborted. */
export async function countFilterValues(issues: Iterable<IssueSummary>, options: SliceOptions = {}): Promise<FilterValues> {
  const counts: Record<CountedKey, ValueCounts> = {
    status: new ValueCounts(),
    label: new ValueCounts(),
    priority: new ValueCounts(),
    assignee: new ValueCounts(),
    type: new ValueCounts(),
    milestone: new ValueCounts(),
    parent: new ValueCounts(),
  };
  await forEachInSlices(issues, new TimeSlices(options.clock ?? systemClock), ({ fields }) => {
    options.signal?.throwIfAborted();
    counts.status.add(fields.status);
    counts.priority.add(fields.priority);
    counts.type.add(fields.type);
    counts.milestone.add(fields.milestone);
    counts.parent.add(fields.parent);
    for (const label of fields.labels ?? []) {
      counts.label.add(label);
    }
    for (const assignee of fields.assignees ?? []) {
      counts.assignee.add(assignee);
    }
  });
  return Object.fromEntries(Object.entries(counts).map(([key, each]) => [key, each.sorted()]));
}

class ValueCounts {
  readonly #entries = new Map<string, { readonly text: string; count: number }>();
  /** The same texts stand in many issues. */
  readonly #byText = new Map<string, { readonly text: string; count: number }>();

  add(text: string | undefined): void {
    if (text === undefined || text.trim() === '') {
      return;
    }
    let entry = this.#byText.get(text);
    if (entry === undefined) {
      const name = folded(text.trim());
      entry = this.#entries.get(name) ?? { text: text.trim(), count: 0 };
      this.#entries.set(name, entry);
      this.#byText.set(text, entry);
    }
    entry.count++;
  }

  sorted(): readonly CountedValue[] {
    return [...this.#entries.values()].sort((a, b) => b.count - a.count || (a.text < b.text ? -1 : 1));
  }
}
