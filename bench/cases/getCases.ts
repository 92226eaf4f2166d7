import { assertDefined } from '../../src/core/assertDefined.ts';
import type { StoreSettings } from '../../src/core/store/storeOptions.ts';
import { readIssue } from '../floor/readFloors.ts';
import { type Case, type CaseContext, expectIssues, numbersFrom, type Plan, repeated } from '../plan.ts';
import { samplePath } from '../sampleStore.ts';
import { newStore, StoreUnderTest } from './openStore.ts';

/** Gets in a sample: enough for the clock to see them. They go round an equal number of issues, which all fit the cache. */
const UNCACHED_GETS = 200;
const CACHED_GETS = 20_000;
/** The cache's default size: the issues that a user goes back to are the same few, however many the store holds. */
const HOT_ISSUES = 1000;
const LARGEST = 256 * 1024;

export const GET_CASES: Readonly<Record<string, Case>> = {
  'cached get': (context) => storeGets(context, CACHED_GETS),
  // With room for one, every other issue pushes out the one before.
  'uncached get': (context) => ({ ...storeGets(context, UNCACHED_GETS, { maxSize: 1 }), hasBlock: true }),
  'floor: read one': ({ root, size }) => {
    const paths = hotNumbers(size).map((number) => samplePath(root, number));
    const shared = Buffer.allocUnsafeSlow(LARGEST);
    return gets(paths, UNCACHED_GETS, async (path) => readIssue(path, shared).text);
  },
};

function storeGets(context: CaseContext, operations: number, settings: Partial<StoreSettings> = {}): Plan {
  const under = new StoreUnderTest(() => newStore(context, settings));
  const plan = gets(hotNumbers(context.size), operations, (number) => under.store.getIssue(number));
  const prepare = async () => {
    await under.open();
    await plan.prepare?.();
  };
  return { ...plan, prepare, finish: under.dispose };
}

function hotNumbers(size: number): number[] {
  return numbersFrom(1, Math.min(size, HOT_ISSUES));
}

/** Gets of the hot issues, round and round. The first round fills the cache, if there is one. */
function gets<T>(refs: readonly T[], operations: number, get: (ref: T) => Promise<unknown>): Plan {
  let next = 0;
  const take = async (count: number) => {
    let issue: unknown;
    for (let i = 0; i < count; i++) {
      issue = await get(assertDefined(refs[next]));
      next = (next + 1) % refs.length;
    }
    return [issue];
  };
  return {
    ...repeated({ operations, samples: 1, millis: 0, sample: () => take(operations), check: (answer) => expectIssues(answer, 1) }),
    prepare: () => take(refs.length),
  };
}
