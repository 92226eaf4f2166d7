import { IssueError } from '../issue/issueErrors.ts';
import { eachOf } from './eachOf.ts';

/** How many steps of one batch touch the disk at a time. */
const CONCURRENCY = 16;

/** One change of the disk that can be taken back. */
export interface ReversibleStep<T> {
  /** Makes the change, whole or not at all. Called once. */
  run(): Promise<T>;
  /** Rejects if the disk does not hold what {@link run} left there, so that taking it back would lose something. */
  check(): Promise<unknown>;
  /** Takes the change back, after a {@link run} that succeeded. Called until it has succeeded once. */
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
  /** Takes back what is left of the steps: nothing, once it has succeeded. Rejects, having changed nothing, if a check does. */
  undo(): Promise<void>;
  /** The checks of {@link undo} alone. */
  checkUndo(): Promise<void>;
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
    return { results, ...takingBack(done) };
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

function takingBack<T>(done: readonly ReversibleStep<T>[]): Pick<StepsResult<T>, 'undo' | 'checkUndo'> {
  const newestFirst = new Set([...done].reverse());
  let running: Promise<void> | undefined;
  return {
    checkUndo: () => checkAll(newestFirst),
    undo: () => {
      running ??= undoAll(newestFirst).finally(() => {
        running = undefined;
      });
      return running;
    },
  };
}

async function checkAll<T>(steps: ReadonlySet<ReversibleStep<T>>): Promise<void> {
  await eachOf(CONCURRENCY, [...steps], (step) => step.check());
}

/** Checks every step, and only then takes them back. Those that were leave the set. */
async function undoAll<T>(steps: Set<ReversibleStep<T>>): Promise<void> {
  await checkAll(steps);
  const count = steps.size;
  const errors: unknown[] = [];
  await eachOf(CONCURRENCY, [...steps], async (step) => {
    try {
      await step.undo();
      steps.delete(step);
    } catch (error) {
      errors.push(error);
    }
  });
  if (errors.length > 0) {
    throw count === 1 ? errors[0] : notAllUndone(count, errors);
  }
}

/** The disk failed on the way: says how far it came, so that nobody takes it for all or nothing. */
function notAllUndone(count: number, errors: readonly unknown[]): IssueError {
  const code = errors.find((error) => error instanceof IssueError)?.code ?? 'notWritable';
  const reasons = errors.map(messageOf).join(' ');
  return new IssueError(code, `${count - errors.length} of ${count} files were taken back, the others not: ${reasons}`, {
    cause: new AggregateError(errors),
  });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
