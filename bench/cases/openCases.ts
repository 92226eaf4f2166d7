import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { DEFAULT_MAX_SIZE } from '../../src/core/cache/issueCache.ts';
import { IssueStore } from '../../src/core/store/issueStore.ts';
import { listNames, readStore, readStoreConcurrently, statStore } from '../floor/readFloors.ts';
import { type Case, type CaseContext, expectEqual, expectIssues, type Plan, repeated, Skipped } from '../plan.ts';
import { issueFolderIn, type Workspace } from '../sampleStore.ts';
import { newStore, StoreUnderTest } from './openStore.ts';

const AT_ONCE = 32;
const POLL_MS = 10;
const CAN_DROP_CACHES = '/proc/sys/vm/drop_caches';

export const OPEN_CASES: Readonly<Record<string, Case>> = {
  'first open': (context) => repeated(firstOpen(context)),
  'first open, cold': (context) => cold(firstOpen(context)),
  'later open': (context) => laterOpen(context, (_, opening) => opening),
  'first rows': (context) => laterOpen(context, firstRows),
  'read ahead': readAhead,
  'list of summaries': (context) => {
    const under = new StoreUnderTest(() => newStore(context));
    return {
      ...repeated(read(context.size, () => under.store.listSummaries().then(({ length }) => length))),
      prepare: under.open,
      finish: under.dispose,
    };
  },

  'floor: read each': (context) => repeated(reading(context, readStore)),
  'floor: read each, cold': (context) => cold(reading(context, readStore)),
  'floor: read 32 at a time, cold': (context) => cold(reading(context, (folder) => readStoreConcurrently(folder, AT_ONCE))),
  'floor: stat each': (context) => repeated(read(context.size, async () => statStore(issueFolderIn(context)).length)),
  'floor: readdir': (context) => repeated(read(context.size, async () => listNames(issueFolderIn(context)).length)),
};

/** A store, and its opening, which may still be going on. */
interface Opened {
  readonly store: IssueStore;
  readonly opening: Promise<void>;
}

function firstOpen(context: CaseContext): Plan {
  return {
    operations: 1,
    samples: 1,
    millis: 0,
    hasBlock: true,
    sample: async () => {
      const store = newStore(context);
      await store.open();
      return store;
    },
    check: (store) => expectOpen(store, context.size),
  };
}

/** Leaves an index of a workspace's store in a folder that may be missing. */
export async function saveIndex(workspace: Workspace, indexFolder: string): Promise<void> {
  mkdirSync(indexFolder, { recursive: true });
  const store = newStore(workspace, {}, { indexFolder });
  await store.open();
  await store.saveIndex();
  store.dispose();
}

/** Opening with an index that another store has left, until this resolves. */
function laterOpen(context: CaseContext, until: (store: IssueStore, opening: Promise<void>) => Promise<void>): Plan {
  const { size, scratch } = context;
  const options = { indexFolder: scratch };
  const prepare = () => saveIndex(context, scratch);
  const sample = async (): Promise<Opened> => {
    const store = newStore(context, {}, options);
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

/** What a store does by itself some time after it was opened with an index, until its cache is full. */
function readAhead(context: CaseContext): Plan {
  const { size, scratch } = context;
  const filled = Math.min(size, DEFAULT_MAX_SIZE);
  const under = new StoreUnderTest(() => newStore(context, {}, { indexFolder: scratch }));
  const sample = async () => {
    while (under.store.snapshot().cache.readAhead < filled) {
      await setTimeout(POLL_MS);
    }
  };
  const check = () => {
    expectEqual(under.store.snapshot().cache.size, filled);
    under.dispose();
  };
  const plan = repeated({ operations: filled, samples: 1, millis: 0, hasBlock: true, before: under.open, sample, check });
  return { ...plan, prepare: () => saveIndex(context, scratch) };
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

function reading(context: CaseContext, readAll: (folder: string) => readonly string[] | Promise<readonly string[]>): Plan {
  const { size } = context;
  const sample = async () => readAll(issueFolderIn(context));
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
