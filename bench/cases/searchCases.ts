import type { IssueStore } from '../../src/core/store/issueStore.ts';
import { searchTexts } from '../floor/readFloors.ts';
import { type Case, type CaseContext, expectEqual, type Plan, repeated } from '../plan.ts';
import { issueFolderIn } from '../sampleStore.ts';
import { newStore, StoreUnderTest } from './openStore.ts';

/** In the headings of a few issues and in nothing else of them, so that every text is gone through to its end. */
const RARE = '77';

export const SEARCH_CASES: Readonly<Record<string, Case>> = {
  // To the last text, where the quick pick stops at its hundredth match.
  'search in texts': (context) =>
    storeSearch(context, async (store) => {
      let found = 0;
      await store.searchTexts(RARE, { limit: Number.POSITIVE_INFINITY, onMatch: () => found++ });
      return found;
    }),
  'floor: scan the texts': (context) => repeated(search(context.size, async () => searchTexts(issueFolderIn(context), RARE).length)),
};

/** A search in a store that has been open for a while and has nothing in its cache. */
function storeSearch(context: CaseContext, sample: (store: IssueStore) => Promise<number>): Plan {
  const under = new StoreUnderTest(() => newStore(context));
  return {
    ...repeated(search(context.size, () => sample(under.store))),
    hasBlock: true,
    prepare: under.open,
    finish: under.dispose,
  };
}

function search(size: number, sample: () => Promise<number>): Plan {
  const all = Array.from({ length: size }, (_, index) => index + 1).filter((number) => String(number).includes(RARE)).length;
  return { operations: 1, samples: 1, millis: 0, sample, check: (found) => expectEqual(found, all) };
}
