import pLimit from 'p-limit';

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
  const limit = pLimit(CONCURRENCY);
  const done: ReversibleStep<T>[] = [];
  let failed = false;
  const outcomes = await Promise.allSettled(
    steps.map((step) =>
      limit(async () => {
        if (failed) {
          return undefined;
        }
        try {
          const value = await step.run();
          done.push(step);
          return { value };
        } catch (error) {
          failed = true;
          throw error;
        }
      }),
    ),
  );
  const failures = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason as unknown] : []));
  if (failures.length > 0) {
    throw await rolledBack(done, failures[0]);
  }
  const results = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' && outcome.value ? [outcome.value.value] : []));
  return { results, undo: once(() => undoAll(done)) };
}

/** Takes finished steps back after a failure. @returns what to throw. */
async function rolledBack<T>(done: readonly ReversibleStep<T>[], failure: unknown): Promise<unknown> {
  try {
    await undoAll(done);
    return failure;
  } catch (error) {
    return new AggregateError(
      [failure, error],
      `${messageOf(failure)} Some of what was done before could not be taken back: ${messageOf(error)}`,
    );
  }
}

/** Checks every step, and only then takes them back. */
async function undoAll<T>(steps: readonly ReversibleStep<T>[]): Promise<void> {
  const limit = pLimit(CONCURRENCY);
  await limit.map(steps, (step) => step.check());
  await limit.map([...steps].reverse(), (step) => step.undo());
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
