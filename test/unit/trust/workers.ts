import assert from 'node:assert/strict';
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Work, WorkerAnswer, WorkOrder } from '../../processes/storeWorker.ts';

const WORKER = fileURLToPath(new URL('../../processes/storeWorker.mjs', import.meta.url));

/** Processes that change one store at the same time; those that still run after a test are ended. */
export function useWorkers(): (orders: readonly WorkOrder[]) => Promise<Work[]> {
  let workers: ChildProcess[] = [];
  afterEach(() => {
    for (const worker of workers) {
      worker.kill();
    }
    workers = [];
  });
  /** Starts one for each order, and lets them begin when the last one is ready. */
  return async (orders) => {
    workers = orders.map(() => fork(WORKER));
    await Promise.all(workers.map((worker) => answer(worker)));
    return Promise.all(
      workers.map(async (worker, index) => {
        worker.send(orders[index] as WorkOrder);
        const result = await answer(worker);
        assert.ok('keys' in result, `${JSON.stringify(orders[index]).slice(0, 200)}: ${JSON.stringify(result)}`);
        return result;
      }),
    );
  };
}

async function answer(worker: ChildProcess): Promise<WorkerAnswer> {
  const ended = once(worker, 'exit').then(([code]) => ({ error: `ended with ${code}` }));
  const [message] = await Promise.race([once(worker, 'message') as Promise<[WorkerAnswer]>, ended.then((error) => [error] as const)]);
  return message;
}
