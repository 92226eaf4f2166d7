import { assertDefined } from '../assertDefined.ts';
import { twinKey } from '../formats/numberedLayout.ts';
import type { Issue, IssueSummary } from '../issue/issue.ts';
import { IssueError } from '../issue/issueErrors.ts';
import { type IssueMention, MentionFinder } from '../markdown/issueMentions.ts';
import type { IssueRenumbering } from '../storage/issueStorage.ts';
import type { IssueStoragePort } from '../storage/issueStoragePort.ts';
import type { NumberSource } from './storeFindings.ts';

/** How many texts are asked for at a time, between which the survey can be cancelled. */
const SLICE = 200;

/** A place in an issue's text that speaks of an issue which is to move. */
export interface SurveyedMention {
  /** Whose text it stands in. */
  readonly within: IssueSummary;
  /** Of the text that was read. */
  readonly version: string;
  readonly mention: IssueMention;
  /** From 0. */
  readonly line: number;
  /** The line without its ending and the blanks around it. */
  readonly text: string;
  /** The issue that it speaks of, one of those that are to move. */
  readonly of: IssueSummary;
  /** What else it can speak of: other issues with the number, or the file of the same name in the other folder. */
  readonly alternatives: readonly IssueSummary[];
}

export interface SurveyOptions {
  readonly signal?: AbortSignal;
  /** Told how many of the texts have been looked at. */
  readonly onProgress?: (done: number, total: number) => void;
}

/** Where the survey reads. */
export type SurveySource = Pick<IssueStoragePort, 'getIssue' | 'getIssues'> & {
  readonly catalogue: NumberSource & { summaries(): IssueSummary[] };
};

/**
 * Reads every text of a store and finds what speaks of the issues that are to move, by id or by number: in the order of the list, and in
 * that of each text. A mention by number that several of them have is reported for the first. Texts that cannot be read say nothing.
 * @throws the signal's reason when aborted.
 */
export async function searchReferences(
  source: SurveySource,
  moves: readonly IssueSummary[],
  { signal, onProgress }: SurveyOptions = {},
): Promise<SurveyedMention[]> {
  const { catalogue } = source;
  const numbers = new Set(moves.flatMap(({ number }) => number ?? []));
  const sameNumber = new Map([...numbers].map((number) => [number, catalogue.withNumber(number)]));
  const finder = new MentionFinder([...sameNumber.values()].flat().map(({ id }) => id));
  const summaries = catalogue.summaries().filter(({ problem }) => problem === undefined);
  const meant = meantMoves(moves);
  const mentions: SurveyedMention[] = [];
  for (let next = 0; next < summaries.length; next += SLICE) {
    signal?.throwIfAborted();
    const slice = summaries.slice(next, next + SLICE);
    for (const issue of await readSlice(source, slice)) {
      const found = finder.find(issue.content);
      const within = found.length === 0 ? undefined : catalogue.get(issue.key)?.summary;
      for (const { mention, line, text } of within === undefined ? [] : withLines(issue.content, found)) {
        const of = meant.get(mention.id ?? mention.number);
        if (of !== undefined && within !== undefined) {
          const alternatives = alternativesTo(catalogue, of, mention, assertDefined(sameNumber.get(mention.number)));
          mentions.push({ within, version: issue.version, mention, line, text, of, alternatives });
        }
      }
    }
    onProgress?.(Math.min(next + SLICE, summaries.length), summaries.length);
  }
  return mentions;
}

/** Mentions as a batch that moves these issues takes them: together for each text. Those of other issues are left out. */
export function rewritesOf(mentions: readonly SurveyedMention[], moves: readonly IssueSummary[]): IssueRenumbering['rewrites'] {
  const indices = new Map(moves.map(({ key }, index) => [key, index]));
  const byText = Map.groupBy(
    mentions.filter(({ of }) => indices.has(of.key)),
    ({ within }) => within.key,
  );
  return Array.from(byText.values(), (inText) => {
    const { within, version } = assertDefined(inText[0]);
    return {
      ref: within,
      expectedVersion: version,
      mentions: inText.map(({ mention: { start, digits }, of }) => ({ start, digits, move: assertDefined(indices.get(of.key)) })),
    };
  });
}

/** The first of the moves that an id or a number can mean. */
function meantMoves(moves: readonly IssueSummary[]): Map<string | number, IssueSummary> {
  const meant = new Map<string | number, IssueSummary>();
  for (const move of moves) {
    for (const name of [move.id, move.number ?? move.id]) {
      if (!meant.has(name)) {
        meant.set(name, move);
      }
    }
  }
  return meant;
}

function alternativesTo(
  catalogue: NumberSource,
  { key }: IssueSummary,
  mention: IssueMention,
  sameNumber: readonly IssueSummary[],
): IssueSummary[] {
  if (mention.id === undefined) {
    return sameNumber.filter((other) => other.key !== key);
  }
  const twin = catalogue.get(twinKey(key))?.summary;
  return twin === undefined ? [] : [twin];
}

/** As one batch, or one by one where one of them has gone or been damaged meanwhile. */
async function readSlice(source: SurveySource, slice: readonly IssueSummary[]): Promise<Issue[]> {
  try {
    return await source.getIssues(slice);
  } catch (error) {
    if (!(error instanceof IssueError)) {
      throw error;
    }
  }
  const issues: Issue[] = [];
  for (const summary of slice) {
    try {
      issues.push(await source.getIssue(summary));
    } catch (error) {
      if (!(error instanceof IssueError)) {
        throw error;
      }
    }
  }
  return issues;
}

/** The line that each mention stands in. Both are in the order of the text, which is read once. */
function withLines(content: string, mentions: readonly IssueMention[]) {
  let line = 0;
  let lineStart = 0;
  return mentions.map((mention) => {
    for (let end = content.indexOf('\n', lineStart); end !== -1 && end < mention.start; end = content.indexOf('\n', lineStart)) {
      line++;
      lineStart = end + 1;
    }
    const end = content.indexOf('\n', mention.start);
    return { mention, line, text: content.slice(lineStart, end === -1 ? content.length : end).trim() };
  });
}
