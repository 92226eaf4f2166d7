import { assertDefined } from '../assertDefined.ts';
import type { Disk } from '../disk/disk.ts';
import { type ReadOutcome, readOutcome, readOutcomeSync, sweep } from '../disk/sweep.ts';
import { composed, placeBeforeComposing } from '../issue/foldedText.ts';
import type { Issue, IssueKey, IssueSummary } from '../issue/issue.ts';
import { issuePath } from '../issue/issueKey.ts';
import { searchWords } from '../issue/issueWords.ts';
import type { SliceOptions } from '../timeSlices.ts';

/** A text with all words of the query in it. */
export interface TextMatch {
  readonly summary: IssueSummary;
  /** The first of the lines with the most of the words, from 0. */
  readonly line: number;
  /** Where the first word begins in that line, in UTF-16 units from 0. */
  readonly column: number;
  /** That line around the word, cut to at most {@link EXCERPT_LENGTH} characters. */
  readonly excerpt: string;
}

/** Where the texts come from. */
export interface TextSource {
  /** Issues whose texts are in memory: looked through first, and without a trace in the cache. */
  readonly cached: readonly Issue[];
  /** Every issue, in the order in which they are looked through. They are searched as they are now. */
  readonly summaries: readonly IssueSummary[];
  /** Absolute path of the store that they are in. */
  readonly folder: string;
  readonly disk: Pick<Disk, 'read' | 'readSync'>;
}

export interface TextSearchOptions extends SliceOptions {
  /** The search ends with so many matches. */
  readonly limit: number;
  /** Told of each match as it is found. */
  readonly onMatch: (match: TextMatch) => void;
  /** Which issues are searched; all if left out. */
  readonly isSearched?: (summary: IssueSummary) => boolean;
}

/** Most characters of an excerpt. */
export const EXCERPT_LENGTH = 120;
/** How much of the line before the word an excerpt has, where it is cut. */
const EXCERPT_LEAD = 30;

/**
 * Looks for texts that have all words of the query in them, in upper or lower case and in any normal form of Unicode. There is no index: what is not in memory is read,
 * in slices, and not kept. A file that cannot be read, or is gone by now, has no match.
 *
 * @param query words with blanks between them, or the words as `IssueWords` takes them
 * @returns true if every text was looked at, false if the limit was reached before.
 * @throws the signal's reason when aborted; nothing is told any more then.
 */
export async function searchTexts(source: TextSource, query: string | readonly string[], options: TextSearchOptions): Promise<boolean> {
  const words = (typeof query === 'string' ? searchWords(query) : query).map(
    (word) => new RegExp(word.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'), 'iu'),
  );
  const { limit, onMatch, signal, ...rest } = options;
  if (words.length === 0) {
    return true;
  }
  const enough = new AbortController();
  let found = 0;
  const look = (summary: IssueSummary, content: string | undefined) => {
    if (content === undefined || found >= limit || signal?.aborted) {
      return;
    }
    const text = composed(content);
    if (!words.every((word) => word.test(text))) {
      return;
    }
    found++;
    onMatch({ summary, ...placeOf(content, words) });
    if (found >= limit) {
      enough.abort();
    }
  };
  const ends = signal === undefined ? enough.signal : AbortSignal.any([signal, enough.signal]);
  try {
    await searchAll(source, look, { ...rest, signal: ends });
  } catch (error) {
    if (signal?.aborted || !enough.signal.aborted) {
      throw error;
    }
  }
  return found < limit;
}

type Look = (summary: IssueSummary, content: string | undefined) => void;

type SearchOptions = SliceOptions & Pick<TextSearchOptions, 'isSearched'>;

async function searchAll({ cached, summaries, folder, disk }: TextSource, look: Look, options: SearchOptions): Promise<void> {
  const { isSearched = () => true } = options;
  const issues = [...summaries];
  const byKey = new Map<IssueKey, Issue>(cached.map((issue) => [issue.key, issue]));
  const isInMemory = ({ key, version }: IssueSummary) => byKey.get(key)?.version === version;
  const summaryAt = (index: number) => assertDefined(issues[index]);
  const isRead = (summary: IssueSummary) => summary.problem === undefined && !isInMemory(summary) && isSearched(summary);
  const fromMemory = (index: number) => {
    const summary = summaryAt(index);
    return isInMemory(summary) && isSearched(summary) ? byKey.get(summary.key)?.content : undefined;
  };
  if (byKey.size > 0) {
    const inMemory = { readSync: fromMemory, read: async (index: number) => fromMemory(index) };
    await sweep(issues.length, inMemory, (index, content) => look(summaryAt(index), content), options);
  }
  const onDisk = {
    readSync: (index: number) => {
      const summary = summaryAt(index);
      return isRead(summary) ? textOf(readOutcomeSync(disk, issuePath(folder, summary.key))) : undefined;
    },
    read: async (index: number) => {
      const summary = summaryAt(index);
      return isRead(summary) ? textOf(await readOutcome(disk, issuePath(folder, summary.key))) : undefined;
    },
  };
  await sweep(issues.length, onDisk, (index, content) => look(summaryAt(index), content), options);
}

function textOf(read: ReadOutcome): string | undefined {
  return 'error' in read ? undefined : read.bytes.toString('utf8');
}

function placeOf(content: string, words: readonly RegExp[]): Omit<TextMatch, 'summary'> {
  const { line, text } = bestLine(content, words);
  const inOneForm = composed(text);
  const place = words.reduce((first, word) => Math.min(first, word.exec(inOneForm)?.index ?? first), inOneForm.length);
  const column = inOneForm === text ? place : placeBeforeComposing(text, place);
  return { line, column, excerpt: excerptOf(text, column) };
}

/** The first of the lines with the most of the words. A text can have any number of lines, so none is kept, and the first with all ends it. */
function bestLine(content: string, words: readonly RegExp[]): { readonly line: number; readonly text: string } {
  let best = { line: 0, text: '', count: -1 };
  let line = 0;
  // Without the byte order mark, as editors show it.
  for (const text of linesOf(content.replace(/^\ufeff/, ''))) {
    const inOneForm = composed(text);
    const count = words.reduce((sum, word) => sum + Number(word.test(inOneForm)), 0);
    if (count > best.count) {
      best = { line, text, count };
    }
    if (count === words.length) {
      break;
    }
    line++;
  }
  return best;
}

function* linesOf(text: string): Generator<string> {
  let start = 0;
  for (const { 0: ending, index } of text.matchAll(/\r\n|\r|\n/g)) {
    yield text.slice(start, index);
    start = index + ending.length;
  }
  yield text.slice(start);
}

function excerptOf(line: string, column: number): string {
  if (line.length <= EXCERPT_LENGTH) {
    return line.trim();
  }
  const start = Math.max(0, column - EXCERPT_LEAD);
  const end = start + EXCERPT_LENGTH - 2;
  const part = line.slice(start, end).toWellFormed().trim();
  return `${start > 0 ? '…' : ''}${part}${end < line.length ? '…' : ''}`;
}
