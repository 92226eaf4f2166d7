import type { Workspace } from './sampleStore.ts';

/** Where a case works, and how much it does there. */
export interface CaseContext extends Workspace {
  /** Issues in the store when the case starts. */
  readonly size: number;
  /** The first number that the case may change; those below it belong to other cases. */
  readonly first: number;
  /** How many issues a batch is about, and so its loop. */
  readonly batchSize: number;
  /** Operations of the seed to time: each reads the whole store. */
  readonly seedOperations: number;
  /** An absolute path for files of the case's own, on the same file system and outside the store. The folder may be missing. */
  readonly scratch: string;
}

/** What is timed. */
export interface Plan {
  /** Operations in one sample; its time is divided by them. */
  readonly operations: number;
  /** Samples to take at least; more are taken until they have lasted for `millis`. */
  readonly samples: number;
  readonly millis: number;
  /** True if the longest time that a sample blocks the event loop is wanted, too. */
  readonly hasBlock?: boolean;
  /** Done once before the first sample. */
  prepare?(): Promise<unknown>;
  /** Done before each sample; not timed. */
  before?(): Promise<unknown>;
  /** Takes one sample. What it answers with is checked, which is not timed. */
  sample(): Promise<unknown>;
  /** Milliseconds of a sample that is not timed from its beginning to its end. */
  millisOf?(answer: unknown): number;
  /** Throws if the answer of a sample is not what it must be; lets go of it. */
  check(answer: unknown): Promise<void> | void;
  /** What else was counted, to be asked for after the last sample. */
  figures?(): Figures;
  /** Done once after the last sample. */
  finish?(): void;
}

/** Figures that are no times, by name, such as `events`. */
export type Figures = Readonly<Record<string, number>>;

/** Why a case cannot run here, in words for the report. */
export class Skipped extends Error {
  override readonly name = 'Skipped';
}

/** @throws Skipped */
export type Case = (context: CaseContext) => Plan;

/** What one process found out about one case. */
export interface CaseResult {
  /** Median milliseconds of one operation. */
  readonly millis: number;
  /** Milliseconds of the longest time that the event loop had no turn within one sample: the median of the samples. */
  readonly blockMillis?: number;
  readonly figures?: Figures;
}

const READ_SAMPLES = 5;
const READ_MILLIS = 1000;

/** A plan that changes nothing can be sampled again, and must be: the first samples still see code being compiled. */
export function repeated(plan: Plan): Plan {
  return { ...plan, samples: READ_SAMPLES, millis: READ_MILLIS };
}

/** A plan of one sample. */
export function once(operations: number, sample: Plan['sample'], check: Plan['check']): Plan {
  return { operations, samples: 1, millis: 0, sample, check };
}

export function numbersFrom(first: number, count: number): number[] {
  return Array.from({ length: count }, (_, index) => first + index);
}

/** A benchmark of something that does not do its work shows wonderful figures. */
export function expectIssues(answer: unknown, count: number): void {
  const texts = (Array.isArray(answer) ? answer : []).map((issue: unknown) =>
    typeof issue === 'object' && issue !== null && 'content' in issue ? issue.content : issue,
  );
  if (texts.length !== count || !texts.every((text) => typeof text === 'string' && text.includes('Issue number '))) {
    throw new Error(
      `Expected ${count} issues with their text, and got ${texts.length} answers that begin with ${String(texts[0]).slice(0, 40)}.`,
    );
  }
}

/** The same for answers that are numbers or texts. */
export function expectEqual<T>(actual: unknown, expected: T): void {
  if (actual !== expected) {
    throw new Error(`Expected ${String(expected)}, and got ${String(actual)}.`);
  }
}
