/** What a filter can ask for, in the order in which people are offered it. */
export const FILTER_KEYS = [
  'is',
  'status',
  'label',
  'priority',
  'assignee',
  'type',
  'milestone',
  'parent',
  'depends',
  'blocks',
  'id',
  'changed',
  'created',
] as const;

export type FilterKey = (typeof FILTER_KEYS)[number];

/** A piece of a text, by UTF-16 units from 0. `end` is behind its last one. */
export interface TextRange {
  readonly start: number;
  readonly end: number;
}

/** One of the values of a term, without its quotes. */
export interface FilterValue extends TextRange {
  readonly text: string;
}

/** `label:ui,backend`, or `-label:later` for what does not have it. Several values stand for any of them; none stand there while one types. */
export interface FilterTerm extends TextRange {
  readonly key: FilterKey;
  readonly isNegated: boolean;
  readonly values: readonly FilterValue[];
  /** Where the last value begins, with its quotes, or where it would begin. */
  readonly lastStart: number;
}

/** A word that is searched for as it stands, or several between quotes. */
export interface PlainWord extends TextRange {
  readonly text: string;
}

export interface FilterWords {
  readonly terms: readonly FilterTerm[];
  readonly words: readonly PlainWord[];
}

const BLANK = /\s/;
const KEY = /-?([a-z]+):/iy;
/** Only whole words are unquoted, so that quotes inside of words, and single ones, mean themselves. */
const QUOTED_WORD = /"((?:[^"\\]|\\.)+)"(?!\S)/sy;
const WORD = /\S+/y;
/** A quote that nothing closes reaches to the end, because it is being typed. */
const QUOTED_VALUE = /"((?:[^"\\]|\\.)*)(?:"|\\?$)/sy;
const VALUE = /[^\s,]*/y;

/** Takes a filter apart at its blanks, without asking what its values mean. */
export function filterWordsOf(text: string): FilterWords {
  const terms: FilterTerm[] = [];
  const words: PlainWord[] = [];
  for (let at = 0; at < text.length; ) {
    if (BLANK.test(text.charAt(at))) {
      at++;
      continue;
    }
    const term = termAt(text, at);
    if (term !== undefined) {
      terms.push(term);
      at = term.end;
      continue;
    }
    const word = plainWordAt(text, at);
    words.push(word);
    at = word.end;
  }
  return { terms, words };
}

/** The text of a filter that says the same, each thing in its shortest form. */
export function printedFilter({ terms, words }: FilterWords): string {
  const printedTerm = ({ key, isNegated, values }: FilterTerm) =>
    `${isNegated ? '-' : ''}${key}:${values.map(({ text }) => printedValue(text)).join(',')}`;
  return [...terms.map(printedTerm), ...words.map(({ text }) => printedWord(text))].join(' ');
}

/** In quotes where it needs them. */
export function printedValue(text: string): string {
  return text === '' || /[\s,]|^"/.test(text) ? quoted(text) : text;
}

function printedWord(text: string): string {
  const { terms, words } = filterWordsOf(text);
  return terms.length === 0 && words.length === 1 && words[0]?.text === text ? text : quoted(text);
}

function quoted(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&')}"`;
}

function unquoted(text: string): string {
  return text.replace(/\\(["\\])/g, '$1');
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text) ?? undefined;
}

function plainWordAt(text: string, start: number): PlainWord {
  const inQuotes = matchAt(QUOTED_WORD, text, start);
  if (inQuotes?.[1]?.trim()) {
    return { text: unquoted(inQuotes[1]), start, end: start + inQuotes[0].length };
  }
  const [word = ''] = matchAt(WORD, text, start) ?? [];
  return { text: word, start, end: start + word.length };
}

function termAt(text: string, start: number): FilterTerm | undefined {
  const match = matchAt(KEY, text, start);
  const key = FILTER_KEYS.find((each) => each === match?.[1]?.toLowerCase());
  if (match === undefined || key === undefined) {
    return undefined;
  }
  const values: FilterValue[] = [];
  let at = start + match[0].length;
  let lastStart = at;
  for (;;) {
    lastStart = at;
    const value = valueAt(text, at);
    at = value.end;
    if (value.text !== '') {
      values.push(value);
    }
    if (text.charAt(at) !== ',') {
      return { key, isNegated: match[0].startsWith('-'), values, lastStart, start, end: at };
    }
    at++;
  }
}

function valueAt(text: string, start: number): FilterValue {
  const inQuotes = matchAt(QUOTED_VALUE, text, start);
  if (inQuotes !== undefined) {
    const end = start + inQuotes[0].length;
    // What stands right behind the quotes still belongs to the value.
    const [more = ''] = matchAt(VALUE, text, end) ?? [];
    return { text: unquoted(inQuotes[1] ?? '') + more, start, end: end + more.length };
  }
  const [value = ''] = matchAt(VALUE, text, start) ?? [];
  return { text: value, start, end: start + value.length };
}
