import { setTimeout } from 'node:timers/promises';
import { type Case, type CaseContext, once, type Plan, Skipped } from '../plan.ts';
import { newStore, StoreUnderTest } from './openStore.ts';

const MEGABYTE = 1_000_000;
/** Long enough for what has just been read to be looked at again, and let go. */
const REST_MS = 1500;

export const MEMORY_CASES: Readonly<Record<string, Case>> = { memory };

/** What an open store with an empty cache keeps, on the heap and beside it. */
function memory(context: CaseContext): Plan {
  const { gc } = globalThis;
  if (gc === undefined) {
    throw new Skipped('Node does not lend its garbage collector');
  }
  const inUse = () => {
    gc();
    gc();
    const { heapUsed, external } = process.memoryUsage();
    return heapUsed + external;
  };
  const under = new StoreUnderTest(() => newStore(context));
  const before = inUse();
  let megabytes = 0;
  const sample = async () => {
    await under.open();
    under.store.clearCache();
    await setTimeout(REST_MS);
    megabytes = (inUse() - before) / MEGABYTE;
  };
  const check = () => {
    if (under.store.catalogue.size === 0) {
      throw new Error('An empty store needs no memory.');
    }
  };
  return { ...once(1, sample, check), figures: () => ({ megabytes }), finish: under.dispose };
}
