import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { searchTitles } from '../../src/core/search/titleSearch.ts';
import type { IssueStore } from '../../src/core/store/issueStore.ts';
import { searchTexts } from '../floor/readFloors.ts';
import { type Case, type CaseContext, expectEqual, type Plan, repeated, Skipped } from '../plan.ts';
import { storeIn } from '../sampleStore.ts';
import { newStore, StoreUnderTest } from './openStore.ts';

/** In the headings of a few issues and in nothing else of them, so that every text is gone through to its end. */
const RARE = '77';
const MOST_OUTPUT = 64 * 1024 * 1024;
/** As many titles as the quick pick shows. */
const MOST_TITLES = 100;

export const SEARCH_CASES: Readonly<Record<string, Case>> = {
  'search in titles': (context) =>
    storeSearch(context, async ({ catalogue }) => (await searchTitles([catalogue.active, catalogue.completed], RARE, MOST_TITLES)).length, {
      most: MOST_TITLES,
    }),
  // To the last text, where the quick pick stops at its hundredth match.
  'search in texts': (context) =>
    storeSearch(context, async (store) => {
      let found = 0;
      await store.searchTexts(RARE, { limit: Number.POSITIVE_INFINITY, onMatch: () => found++ });
      return found;
    }),
  'floor: scan the texts': ({ root, size }) => repeated(search(size, async () => searchTexts(storeIn(root), RARE).length)),
  ripgrep: ({ root, size }) => repeated(search(size, () => ripgrep(storeIn(root)))),
};

/** A search in a store that has been open for a while and has nothing in its cache. */
function storeSearch({ root, size }: CaseContext, sample: (store: IssueStore) => Promise<number>, { most = size } = {}): Plan {
  const under = new StoreUnderTest(() => newStore(root));
  return {
    ...repeated(search(size, () => sample(under.store), most)),
    hasBlock: true,
    prepare: under.open,
    finish: under.dispose,
  };
}

async function ripgrep(folder: string): Promise<number> {
  try {
    const { stdout } = await promisify(execFile)('rg', ['-l', '--fixed-strings', RARE, folder], { maxBuffer: MOST_OUTPUT });
    return stdout.trimEnd().split('\n').length;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') {
      throw new Skipped('ripgrep is not installed');
    }
    throw error;
  }
}

function search(size: number, sample: () => Promise<number>, most = size): Plan {
  const all = Array.from({ length: size }, (_, index) => index + 1).filter((number) => String(number).includes(RARE)).length;
  return { operations: 1, samples: 1, millis: 0, sample, check: (found) => expectEqual(found, Math.min(all, most)) };
}
