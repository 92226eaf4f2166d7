import { mapConcurrently } from '../../disk/mapConcurrently.ts';
import { IssueError } from '../../issue/issueErrors.ts';
import { codeOf, describeLeft, type LeftFile, PartlyDoneError, type Reversal } from '../reversal.ts';

/** How many steps of one batch touch the disk at a time. */
const CONCURRENCY = 16;

/**
 * One change of the disk that can be taken back after {@link run} has succeeded: `checkUndo` rejects if the disk does not hold what was
 * left there, so that taking it back would lose something; `undo` is called until it has succeeded once.
 */
export interface ReversibleStep<T> extends Reversal {
  /** The file that would be left changed, where it is at the moment. */
  readonly filePath: string;
  /** Makes the change, whole or not at all, unless {@link isHalfDone} says otherwise. Called once. */
  run(): Promise<T>;
  /** True after a {@link run} that failed and has left something to take back. */
  isHalfDone?(): boolean;
}

/** A step for what is already as it should be. */
export function unchanged<T>(filePath: string, result: T): ReversibleStep<T> {
  return { filePath, run: async () => result, checkUndo: async () => undefined, undo: async () => undefined };
}

/** Nobody sees this: a step is left out only after one before it has failed, and the first failure is what is thrown. */
class NotStarted extends Error {}

export interface StepsResult<T> extends Reversal {
  /** In the order of the steps. */
  readonly results: readonly T[];
}

/** What can be taken back of a step. */
type DoneStep = ReversibleStep<unknown>;

/** A step that could not be taken back. */
interface LeftStep extends LeftFile {
  readonly step: DoneStep;
}

/**
 * Runs independent steps side by side. If one fails no further ones start, those that were done are taken back, each one that can be, and
 * the failure is thrown.
 * @throws PartlyDoneError instead, if one could not be taken back, so that nothing is left changed without a word.
 */
export async function runSteps<T>(steps: readonly ReversibleStep<T>[]): Promise<StepsResult<T>> {
  const done: DoneStep[] = [];
  let failed = false;
  try {
    const results = await mapConcurrently(CONCURRENCY, steps, async (step) => {
      if (failed) {
        throw new NotStarted();
      }
      try {
        const result = await step.run();
        done.push(step);
        return result;
      } catch (error) {
        failed = true;
        if (step.isHalfDone?.()) {
          done.push(step);
        }
        throw error;
      }
    });
    return { results, ...reversalOf(done.reverse()) };
  } catch (error) {
    const left = await attempt(done.reverse(), async (step) => {
      await step.checkUndo();
      await step.undo();
    });
    if (left.length === 0) {
      throw error;
    }
    throw new PartlyDoneError(error, left, reversalOf(left.map(({ step }) => step)));
  }
}

/** @param newestFirst the steps in the order in which they are taken back. */
function reversalOf(newestFirst: readonly DoneStep[]): Reversal {
  const steps = new Set(newestFirst);
  let running: Promise<void> | undefined;
  return {
    checkUndo: () => checkAll(steps),
    undo: () => {
      running ??= undoAll(steps).finally(() => {
        running = undefined;
      });
      return running;
    },
  };
}

async function checkAll(steps: ReadonlySet<DoneStep>): Promise<void> {
  await mapConcurrently(CONCURRENCY, [...steps], (step) => step.checkUndo());
}

/** Checks every step, and only then takes them back. Those that were leave the set. */
async function undoAll(steps: Set<DoneStep>): Promise<void> {
  await checkAll(steps);
  const count = steps.size;
  const left = await attempt([...steps], async (step) => {
    await step.undo();
    steps.delete(step);
  });
  if (left.length > 0) {
    throw count === 1 ? left[0]?.reason : notAllUndone(count, left);
  }
}

/** Acts on every step, whatever becomes of the others. @returns those for which it failed, in their order. */
async function attempt(steps: readonly DoneStep[], act: (step: DoneStep) => Promise<void>): Promise<LeftStep[]> {
  const outcomes = await mapConcurrently(CONCURRENCY, steps, async (step): Promise<LeftStep[]> => {
    try {
      await act(step);
      return [];
    } catch (reason) {
      return [{ step, filePath: step.filePath, reason }];
    }
  });
  return outcomes.flat();
}

/** The disk failed on the way: says how far it came, so that nobody takes it for all or nothing. */
function notAllUndone(count: number, left: readonly LeftStep[]): IssueError {
  const reasons = left.map(({ reason }) => reason);
  const code = codeOf(reasons.find((reason) => reason instanceof IssueError));
  return new IssueError(code, `${count - left.length} of ${count} files were taken back, the others not: ${describeLeft(left)}`, {
    cause: new AggregateError(reasons),
  });
}
