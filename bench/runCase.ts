import { existsSync } from 'node:fs';
import { Bench } from 'tinybench';
import { findCase } from './cases/allCases.ts';
import { withLongestBlock } from './eventLoopBlocks.ts';
import { median } from './figures.ts';
import { type CaseContext, type CaseResult, type Plan, Skipped } from './plan.ts';
import { makeSampleStore } from './sampleStore.ts';

/** What the process of one case is told. */
export interface CaseRequest {
  readonly name: string;
  readonly context: CaseContext;
  /** For warming up in: the path of a small workspace that readers share, from which writers derive their own. */
  readonly warmUpRoot: string;
  readonly isQuick: boolean;
}

/** What it answers with. */
export type CaseAnswer = CaseResult | { readonly skipped: string };

const WARM_UP = { size: 100, first: 1, batchSize: 100, seedOperations: 10 };
/** A writer warms up in as many stores, for it cannot do its work twice in one; a reader goes on for a while. */
const WRITER_RUNS = 3;
const READER_MILLIS = 500;
/** A quick run only shows that everything works, and how it counts. */
const QUICK = { samples: 2, millis: 50 };

/** Runs one sample, watched for blocks of the event loop if they are wanted. */
async function takeSample(plan: Plan, blocks: number[]): Promise<{ readonly answer: unknown; readonly elapsed: number }> {
  const timed = async () => {
    const start = performance.now();
    const answer = await plan.sample();
    return { answer, elapsed: performance.now() - start };
  };
  if (!plan.hasBlock) {
    return timed();
  }
  const { result, blockMillis } = await withLongestBlock(timed);
  blocks.push(blockMillis);
  return result;
}

async function measure(name: string, plan: Plan): Promise<CaseResult> {
  await plan.prepare?.();
  const blocks: number[] = [];
  const bench = new Bench({ time: plan.millis, iterations: plan.samples, warmup: false, throws: true });
  const sample = async () => {
    await plan.before?.();
    const start = performance.now();
    const { answer, elapsed } = await takeSample(plan, blocks);
    // Watching for blocks included, which is most of it where the sample is short.
    const cost = performance.now() - start;
    await plan.check(answer);
    return { overriddenDuration: (plan.millisOf?.(answer) ?? elapsed) / plan.operations, overriddenIterationCost: cost };
  };
  bench.add(name, sample, { async: true });
  const [task] = await bench.run();
  plan.finish?.();
  if (task?.result.state !== 'completed') {
    throw new Error(`${name} did not complete.`);
  }
  const figures = plan.figures?.();
  return {
    millis: task.result.latency.p50,
    ...(plan.hasBlock ? { blockMillis: median(blocks) } : {}),
    ...(figures ? { figures } : {}),
  };
}

/**
 * One case in a process of its own: code that has seen another storage or another cache is compiled for both and slower
 * with each. Warms up the code in a small store of its own, so that a case that cannot be repeated is not timed cold.
 */
async function answer({ name, context, warmUpRoot, isQuick }: CaseRequest): Promise<CaseAnswer> {
  const { kind, plan } = findCase(name);
  try {
    const planned = plan(context);
    if (isQuick) {
      const { samples, millis } = planned;
      return await measure(name, { ...planned, samples: Math.min(samples, QUICK.samples), millis: Math.min(millis, QUICK.millis) });
    }
    const own = Array.from({ length: WRITER_RUNS }, (_, run) => `${warmUpRoot}-${process.pid}-${run}`);
    const roots = { reader: [`${warmUpRoot}-${context.format}`], writer: own, fresh: [] }[kind];
    for (const root of roots) {
      if (!existsSync(root)) {
        makeSampleStore({ ...context, root }, WARM_UP.size);
      }
      const warmUp = plan({ ...context, ...WARM_UP, root, scratch: `${context.scratch}-warm-up` });
      await measure(name, { ...warmUp, samples: 1, millis: kind === 'reader' ? READER_MILLIS : 0 });
    }
    return await measure(name, planned);
  } catch (error) {
    if (error instanceof Skipped) {
      return { skipped: error.message };
    }
    throw error;
  }
}

const text = JSON.stringify(await answer(JSON.parse(process.argv[2] ?? '') as CaseRequest));
// What a store has under way behind its disposal must not keep the next case waiting.
process.stdout.write(text, () => process.exit());
