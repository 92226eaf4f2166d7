import { eachOf } from './eachOf.ts';

/** How many steps of one batch touch the disk at a time. */
const CONCURRENCY = 16;

/** One change of the disk that can be taken back. */
export interface ReversibleStep<T> {
  /** Makes the change, whole or not at all. Called once. */
  run(): Promise<T>;
  /** Rejects if the disk does not hold what {@link run} left there, so that taking it back would lose something. */
  check(): Promise<void>;
  /** Takes the change back. Called once, after a {@link run} that succeeded. */
  undo(): Promise<void>;
}

/** A step for what is already as it should be. */
export function unchanged<T>(result: T): ReversibleStep<T> {
  return { run: async () => result, check: async () => undefined, undo: async () => undefined };
}

/** Nobody sees this: a step is left out only after one before it has failed, and the first failure is what is thrown. */
class NotStarted extends Error {}

export interface StepsResult<T> {
  /** In the order of the steps. */
  readonly results: readonly T[];
  undo(): Promise<void>;
}

/**
 * Runs independent steps side by side. If one fails no further ones start, those that were done are taken back, and the
 * failure is thrown; one that could not be taken back is added to it, so that nothing is left changed without a word.
 */
export async function runSteps<T>(steps: readonly ReversibleStep<T>[]): Promise<StepsResult<T>> {
  const done: ReversibleStep<T>[] = [];
  let failed = false;
  try {
    const results = await eachOf(CONCURRENCY, steps, async (step) => {
      if (failed) {
        throw new NotStarted();
      }
      try {
        const result = await step.run();
        done.push(step);
        return result;
      } catch (error) {
        failed = true;
        throw error;
      }
    });
    return { results, undo: once(() => undoAll(done)) };
  } catch (error) {
    throw await rolledBack(done, error);
  }
}

/** Takes finished steps back after a failure, each one that can be. @returns what to throw. */
async function rolledBack<T>(done: readonly ReversibleStep<T>[], failure: unknown): Promise<unknown> {
  const errors: unknown[] = [];
  await eachOf(CONCURRENCY, [...done].reverse(), async (step) => {
    try {
      await step.check();
      await step.undo();
    } catch (error) {
      errors.push(error);
    }
  });
  if (errors.length === 0) {
    return failure;
  }
  return new AggregateError(
    [failure, ...errors],
    `${messageOf(failure)} Some of what was done before could not be taken back: ${errors.map(messageOf).join(' ')}`,
  );
}

/** Checks every step, and only then takes them back. */
async function undoAll<T>(steps: readonly ReversibleStep<T>[]): Promise<void> {
  const newestFirst = [...steps].reverse();
  await eachOf(CONCURRENCY, newestFirst, (step) => step.check());
  await eachOf(CONCURRENCY, newestFirst, (step) => step.undo());
}

function once(action: () => Promise<void>): () => Promise<void> {
  let started: Promise<void> | undefined;
  return () => {
    started ??= action();
    return started;
  };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
