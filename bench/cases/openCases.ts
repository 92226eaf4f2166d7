import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { IssueStore } from '../../src/core/store/issueStore.ts';
import { listNames, readStore, readStoreConcurrently, statStore } from '../floor/readFloors.ts';
import { type Case, type CaseContext, expectEqual, expectIssues, type Plan, repeated, Skipped } from '../plan.ts';
import { storeIn } from '../sampleStore.ts';
import { newStore, StoreUnderTest } from './openStore.ts';

const AT_ONCE = 32;
const CAN_DROP_CACHES = '/proc/sys/vm/drop_caches';

export const OPEN_CASES: Readonly<Record<string, Case>> = {
  'first open': (context) => repeated(firstOpen(context)),
  'first open, cold': (context) => cold(firstOpen(context)),
  'later open': (context) => laterOpen(context, (_, opening) => opening),
  'first rows': (context) => laterOpen(context, firstRows),
  'list of summaries': (context) => {
    const under = new StoreUnderTest(() => newStore(context.root));
    return {
      ...repeated(read(context.size, () => under.store.listSummaries().then(({ length }) => length))),
      prepare: under.open,
      finish: under.dispose,
    };
  },

  'floor: read each': ({ root, size }) => repeated(reading(size, async () => readStore(storeIn(root)))),
  'floor: read each, cold': ({ root, size }) => cold(reading(size, async () => readStore(storeIn(root)))),
  'floor: read 32 at a time, cold': ({ root, size }) => cold(reading(size, () => readStoreConcurrently(storeIn(root), AT_ONCE))),
  'floor: stat each': ({ root, size }) => repeated(read(size, async () => statStore(storeIn(root)).length)),
  'floor: readdir': ({ root, size }) => repeated(read(size, async () => listNames(storeIn(root)).length)),
};

/** A store, and its opening, which may still be going on. */
interface Opened {
  readonly store: IssueStore;
  readonly opening: Promise<void>;
}

function firstOpen({ root, size }: CaseContext): Plan {
  return {
    operations: 1,
    samples: 1,
    millis: 0,
    hasBlock: true,
    sample: async () => {
      const store = newStore(root);
      await store.open();
      return store;
    },
    check: (store) => expectOpen(store, size),
  };
}

/** Leaves an index of a workspace's store in a folder that may be missing. */
export async function saveIndex(root: string, indexFolder: string): Promise<void> {
  mkdirSync(indexFolder, { recursive: true });
  const store = newStore(root, {}, { indexFolder });
  await store.open();
  await store.saveIndex();
  store.dispose();
}

/** Opening with an index that another store has left, until this resolves. */
function laterOpen({ root, size, scratch }: CaseContext, until: (store: IssueStore, opening: Promise<void>) => Promise<void>): Plan {
  const options = { indexFolder: scratch };
  const prepare = () => saveIndex(root, scratch);
  const sample = async (): Promise<Opened> => {
    const store = newStore(root, {}, options);
    const opening = store.open();
    await until(store, opening);
    return { store, opening };
  };
  const check = async (answer: unknown) => {
    const { store, opening } = answer as Opened;
    await opening;
    expectOpen(store, size);
  };
  return { ...repeated({ operations: 1, samples: 1, millis: 0, hasBlock: true, sample, check }), prepare };
}

/** Resolves when the store tells of the first issues. */
function firstRows(store: IssueStore): Promise<void> {
  return new Promise((resolve) => {
    const look = () => {
      if (store.catalogue.size > 0) {
        resolve();
      }
    };
    store.onDidChange(look);
    store.onDidChangeState(look);
  });
}

function expectOpen(store: unknown, size: number): void {
  if (!(store instanceof IssueStore)) {
    throw new Error('That is no store.');
  }
  expectEqual(store.catalogue.size, size);
  store.dispose();
}

function read(size: number, sample: () => Promise<number>): Plan {
  return { operations: 1, samples: 1, millis: 0, sample, check: (count) => expectEqual(count, size) };
}

function reading(size: number, sample: () => Promise<readonly string[]>): Plan {
  return { operations: 1, samples: 1, millis: 0, sample, check: (texts) => expectIssues(texts, size) };
}

/** The same with the page cache dropped before each sample. @throws Skipped where this process may not do that. */
function cold(plan: Plan): Plan {
  const drop = () => {
    spawnSync('sync');
    writeFileSync(CAN_DROP_CACHES, '3');
  };
  try {
    drop();
  } catch {
    throw new Skipped('only root on Linux can drop the page cache');
  }
  return { ...plan, before: async () => drop() };
}
