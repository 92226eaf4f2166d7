import { existsSync } from 'node:fs';
import { Bench } from 'tinybench';
import { type CaseContext, type Plan, READERS, WRITERS } from './cases.ts';
import { makeSampleStore } from './sampleStore.ts';

/** What the process of one case is told. */
export interface CaseRequest {
  readonly name: string;
  readonly context: CaseContext;
  /** For warming up in: the path of a small store that readers share, from which writers derive their own. */
  readonly warmUpFolder: string;
}

const WARM_UP: Omit<CaseContext, 'folder'> = { size: 100, first: 1, batchSize: 100, seedOperations: 10 };
/** A writer warms up in as many stores, for it cannot do its work twice in one; a reader goes on for a while. */
const WRITER_RUNS = 3;
const READER_MILLIS = 500;

/** Median milliseconds of one operation of the plan. */
async function measure(name: string, plan: Plan): Promise<number> {
  await plan.prepare?.();
  const bench = new Bench({ time: plan.millis, iterations: plan.samples, warmup: false, throws: true });
  bench.add(
    name,
    async () => {
      const start = performance.now();
      const answer = await plan.sample();
      const elapsed = performance.now() - start;
      plan.check(answer);
      return { overriddenDuration: elapsed / plan.operations, overriddenIterationCost: elapsed };
    },
    { async: true },
  );
  const [task] = await bench.run();
  if (task?.result.state !== 'completed') {
    throw new Error(`${name} did not complete.`);
  }
  return task.result.latency.p50;
}

/**
 * One case in a process of its own: code that has seen another storage or another cache is compiled for both and slower
 * with each. Warms up the code in a small store of its own, so that a case that cannot be repeated is not timed cold.
 */
async function main(): Promise<void> {
  const { name, context, warmUpFolder } = JSON.parse(process.argv[2] ?? '') as CaseRequest;
  const plan = READERS[name] ?? WRITERS[name];
  if (plan === undefined) {
    throw new Error(`There is no case ${name}.`);
  }
  const warmUps =
    name in WRITERS ? Array.from({ length: WRITER_RUNS }, (_, run) => `${warmUpFolder}-${process.pid}-${run}`) : [warmUpFolder];
  for (const folder of warmUps) {
    if (!existsSync(folder)) {
      makeSampleStore(folder, WARM_UP.size);
    }
    await measure(name, { ...plan({ ...WARM_UP, folder }), samples: 1, millis: name in WRITERS ? 0 : READER_MILLIS });
  }
  process.stdout.write(JSON.stringify(await measure(name, plan(context))));
}

await main();
