import assert from 'node:assert/strict';
import { constants } from 'node:fs';
import { ArrangedIssues } from '../../../src/core/catalogue/arrangedIssues.ts';
import type { Arrangement } from '../../../src/core/catalogue/arrangement.ts';
import { issueKey } from '../../../src/core/formats/numberedLayout.ts';
import { CountedStore, type Counts, fileName } from './countedStore.ts';

/** One operation on a store, and exactly what it may cost. */
export interface CountedOperation {
  readonly title: string;
  /** What it costs in a store of n active issues and one that is completed, or for a batch of n in it; 0 for what is left out. */
  readonly expected: (n: number) => Partial<Counts>;
  /** Done before the counting begins. The store is open by then. */
  readonly prepare?: (counted: CountedStore, n: number) => Promise<unknown>;
  /** True if it is about a store that is not open yet. */
  readonly isClosed?: boolean;
  /** True if it begins with the index of an earlier session. */
  readonly isLater?: boolean;
  readonly run: (counted: CountedStore, n: number) => Promise<unknown>;
  /** The values of n that it is counted for. */
  readonly sizes?: readonly number[];
}

/** Two, so that what is in proportion to n and what is not cannot pass for each other. */
const SIZES = [10, 50];
/** More than the names that are looked at one by one. */
const BURST_SIZES = [210, 250];

/** Calls of the system for a file that is read: open, stat, read and close, and where opening follows links a look before it. */
const READ = constants.O_NOFOLLOW === undefined ? 5 : 4;
/** For keeping other writers of the same file away: link and, in the end, unlink. */
const TURN = 2;
/** For one that is replaced, beside the reads: open, write, sync, stat, close, rename, and the stat under its name. */
const REPLACE = 7 + TURN;
/** For one that is moved: link, rename, a look at both names, unlink, and the stat under its name. */
const MOVE = 6 + TURN;
/** For a claim (open, write, close) and the file made from it: open, read, truncate, write, sync, stat, close, link, unlink, stat. */
const CREATE = 3 + 10;

const ID = fileName(1).slice(0, -'.md'.length);
const numbers = (n: number) => Array.from({ length: n }, (_, index) => index + 1);
/** The first n issues, as rows of a view carry them. */
const chosen = (n: number) => numbers(n).map((number) => ({ key: issueKey(fileName(number).slice(0, -'.md'.length), false) }));
const clearCache = async ({ store }: CountedStore) => store.clearCache();
const changeAll = async (counted: CountedStore, n: number) => {
  for (const number of numbers(n)) {
    counted.change(number);
  }
};
/** The first box of an issue that {@link withTasks} changes, and the second one. */
const TICKS = [1, 2].map((line) => ({ kind: 'tick' as const, line, text: 'task', done: true }));
const withTasks = async (counted: CountedStore, n: number) => {
  for (const number of numbers(n)) {
    counted.change(number, '- [ ] task\n- [ ] task\n');
  }
  await counted.hint(numbers(n));
};

const REGROUPED: Arrangement = { groupBy: 'priority', sort: { by: 'modified', direction: 'descending' } };

const READS: readonly CountedOperation[] = [
  {
    title: 'first open',
    isClosed: true,
    run: ({ store }) => store.open(),
    // Which folder is the store, where links lead from it and the workspace's, and then what its two folders say of themselves and hold.
    expected: (n) => ({ lists: 2, stats: 5, reads: n + 1, systemCalls: 9 + READ * (n + 1), events: 1, rows: n + 1 }),
  },
  {
    title: 'later open',
    isClosed: true,
    isLater: true,
    prepare: (counted) => counted.endSession(),
    run: ({ store }) => store.open(),
    // The index is one call. Another four tell whether there are others that are outdated, this one among them.
    expected: (n) => ({ lists: 2, stats: 5 + n + 1, systemCalls: 14 + n + 1, events: 1, rows: n + 1 }),
  },
  {
    title: 'refresh with nothing new',
    run: ({ store }) => store.refresh(),
    expected: (n) => ({ lists: 2, stats: 2 + n + 1, systemCalls: 6 + n + 1 }),
  },
  {
    title: 'verify with nothing new',
    run: ({ store }) => store.verify(),
    expected: (n) => ({ lists: 2, stats: 2, reads: n + 1, systemCalls: 6 + READ * (n + 1) }),
  },
  {
    title: 'all issues in another arrangement',
    run: ({ store: { catalogue } }) => new ArrangedIssues({ catalogue, arrangement: REGROUPED }).fill(),
    expected: () => ({}),
  },
  { title: 'list of summaries', run: ({ store }) => store.listSummaries(), expected: () => ({}) },
  { title: 'get by number', prepare: clearCache, run: ({ store }) => store.getIssue(1), expected: () => ({ reads: 1, systemCalls: READ }) },
  { title: 'get by id', prepare: clearCache, run: ({ store }) => store.getIssue(ID), expected: () => ({ reads: 1, systemCalls: READ }) },
  {
    title: 'cached get by number',
    prepare: ({ store }) => store.getIssue(1),
    run: ({ store }) => store.getIssue(1),
    expected: () => ({}),
  },
  { title: 'n gets after a first open', run: ({ store }, n) => store.getIssues(numbers(n)), expected: () => ({}) },
  {
    title: 'n gets after a later open, read ahead',
    isLater: true,
    isClosed: true,
    prepare: async (counted) => {
      await counted.endSession();
      await counted.store.open();
      await counted.readAhead();
    },
    run: ({ store }, n) => store.getIssues(numbers(n)),
    expected: () => ({}),
  },
  {
    title: 'reading ahead after a later open',
    isLater: true,
    isClosed: true,
    prepare: async (counted) => {
      await counted.endSession();
      await counted.store.open();
    },
    run: (counted) => counted.readAhead(),
    // The folder of the completed issue is looked at, too, because it must not be a link.
    expected: (n) => ({ reads: n + 1, stats: 1, systemCalls: READ * (n + 1) + 1 }),
  },
  {
    title: 'get of an issue whose time to live has ended',
    prepare: async (counted) => counted.passTimeToLive(),
    run: ({ store }) => store.getIssue(1),
    expected: () => ({ stats: 1, systemCalls: 1 }),
  },
  {
    title: 'n gets of issues whose time to live has ended',
    prepare: async (counted) => counted.passTimeToLive(),
    run: ({ store }, n) => store.getIssues(numbers(n)),
    expected: (n) => ({ stats: n, systemCalls: n }),
  },
  {
    title: 'verified get by number, while nobody watches',
    prepare: async (counted) => {
      await counted.store.getIssue(1);
      counted.failWatcher();
    },
    run: ({ store }) => store.getIssue(1),
    expected: () => ({ stats: 1, systemCalls: 1 }),
  },
  {
    title: 'batch of n gets',
    prepare: clearCache,
    run: ({ store }, n) => store.getIssues(numbers(n)),
    expected: (n) => ({ reads: n, systemCalls: READ * n }),
  },
];

const CHANGES_BY_OTHERS: readonly CountedOperation[] = [
  {
    title: 'one change by others',
    prepare: async (counted) => counted.change(1),
    run: (counted) => counted.hint([1]),
    expected: () => ({ stats: 1, reads: 1, systemCalls: 1 + READ, events: 1, rows: 1 }),
  },
  {
    title: 'one change by others, and a get of what was changed',
    prepare: async (counted) => counted.change(1),
    run: async (counted) => {
      await counted.hint([1]);
      assert.match((await counted.store.getIssue(1)).content, /changed/);
    },
    expected: () => ({ stats: 1, reads: 1, systemCalls: 1 + READ, events: 1, rows: 1 }),
  },
  {
    title: 'n changes by others',
    prepare: changeAll,
    run: (counted, n) => counted.hint(numbers(n)),
    expected: (n) => ({ stats: n, reads: n, systemCalls: (1 + READ) * n, events: 1, rows: n }),
  },
  {
    title: 'burst of n changes by others',
    sizes: BURST_SIZES,
    prepare: changeAll,
    run: (counted, n) => counted.hint(numbers(n)),
    expected: (n) => ({ lists: 2, stats: 2 + n + 1, reads: n, systemCalls: 6 + n + 1 + READ * n, events: 1, rows: n }),
  },
];

const WRITES: readonly CountedOperation[] = [
  {
    title: 'create',
    run: ({ store }) => store.for('test').createIssue('new', 'new'),
    expected: () => ({ lists: 6, writes: 3, systemCalls: 7 + CREATE, events: 1, rows: 1 }),
  },
  {
    title: 'update by number',
    run: ({ store }) => store.for('test').updateIssue(1, 'new'),
    expected: () => ({ lists: 2, reads: 1, writes: 1, systemCalls: 2 + 2 * READ + REPLACE, events: 1, rows: 1 }),
  },
  {
    title: 'complete by number',
    run: ({ store }) => store.for('test').markComplete(1),
    expected: () => ({ lists: 2, stats: 2, reads: 1, writes: 2, systemCalls: 5 + READ + MOVE, events: 1, rows: 2 }),
  },
  {
    title: 'batch of n creates',
    run: ({ store }, n) => store.for('test').createIssuesBatch(numbers(n).map((number) => ({ name: `new ${number}`, content: 'new' }))),
    // The names are listed before the claims and after them, the active ones twice each time.
    expected: (n) => ({ lists: 6, writes: 1 + 2 * n, systemCalls: 7 + CREATE * n, events: 1, rows: n }),
  },
  {
    title: 'batch of n updates',
    run: ({ store }, n) => store.for('test').updateIssuesBatch(numbers(n).map((ref) => ({ ref, content: 'new' }))),
    expected: (n) => ({ lists: 2, reads: n, writes: n, systemCalls: 2 + (2 * READ + REPLACE) * n, events: 1, rows: n }),
  },
  {
    title: 'batch of n completions',
    run: ({ store }, n) => store.for('test').markCompleteBatch(numbers(n)),
    expected: (n) => ({ lists: 2, stats: 1 + n, reads: n, writes: 1 + n, systemCalls: 4 + (READ + 1 + MOVE) * n, events: 1, rows: 2 * n }),
  },
];

/** As people choose issues in a view: each is named exactly, so nothing is listed, and they are looked at before anything else is done. */
const CHOSEN: readonly CountedOperation[] = [
  {
    title: 'complete what is chosen, one as a batch',
    run: ({ store }) => store.for('test').markCompleteBatch(chosen(1)),
    expected: () => ({ stats: 3, reads: 1, writes: 2, systemCalls: 4 + READ + MOVE, events: 1, rows: 2 }),
  },
  {
    title: 'complete what is chosen',
    run: ({ store }, n) => store.for('test').markCompleteBatch(chosen(n)),
    expected: (n) => ({ stats: 1 + 2 * n, reads: n, writes: 1 + n, systemCalls: 2 + (READ + 2 + MOVE) * n, events: 1, rows: 2 * n }),
  },
  {
    title: 'reopen what is chosen',
    run: ({ store }) => store.for('test').reopenBatch([{ key: issueKey('000000_done', true) }]),
    expected: () => ({ stats: 3, reads: 1, writes: 2, systemCalls: 4 + READ + MOVE, events: 1, rows: 2 }),
  },
  {
    title: 'update what is chosen',
    run: ({ store }, n) => store.for('test').updateIssuesBatch(chosen(n).map((ref) => ({ ref, content: 'new' }))),
    expected: (n) => ({ stats: n, reads: n, writes: n, systemCalls: (1 + 2 * READ + REPLACE) * n, events: 1, rows: n }),
  },
  {
    title: 'tick two tasks of what is chosen',
    prepare: withTasks,
    run: ({ store }, n) => store.write(chosen(n).flatMap((ref) => TICKS.map((tick) => ({ ref, ...tick })))),
    expected: (n) => ({ stats: n, reads: n, writes: n, systemCalls: (1 + 2 * READ + REPLACE) * n, events: 1, rows: n }),
  },
  {
    title: 'unfold the tasks of what is chosen, which the cache has dropped',
    prepare: async (counted, n) => {
      await withTasks(counted, n);
      counted.store.clearCache();
    },
    run: ({ store }, n) => Promise.all(chosen(n).map((ref) => store.for('tasks').getIssue(ref))),
    expected: (n) => ({ reads: n, systemCalls: READ * n }),
  },
  {
    title: 'unfold the tasks of what is chosen and has just changed',
    prepare: withTasks,
    run: ({ store }, n) => Promise.all(chosen(n).map((ref) => store.for('tasks').getIssue(ref))),
    expected: () => ({}),
  },
  {
    title: 'rename what is chosen',
    run: ({ store }, n) => store.for('test').renameIssuesBatch(chosen(n).map((ref) => ({ ref, name: 'new' }))),
    expected: (n) => ({ stats: 2 * n, reads: n, writes: n, systemCalls: (READ + 2 + MOVE) * n, events: 1, rows: 2 * n }),
  },
  {
    title: 'delete what is chosen',
    run: ({ store }, n) => store.for('test').deleteIssuesBatch(chosen(n)),
    expected: (n) => ({ stats: n, reads: 2 * n, writes: n, systemCalls: (1 + 2 * READ + 1) * n, events: 1, rows: n }),
  },
  {
    title: 'renumber what is chosen',
    run: ({ store }, n) => store.for('test').renumberIssuesBatch({ moves: chosen(n).map((ref) => ({ ref })), rewrites: [] }),
    // For the numbers, the names are listed before the claims and after them, the active ones twice each time. A claim is read before it goes.
    expected: (n) => ({
      ...{ lists: 6, stats: 2 * n, reads: 2 * n, writes: 3 * n, events: 1, rows: 2 * n },
      systemCalls: 6 + (2 + READ + MOVE + 3 + READ + 1) * n,
    }),
  },
  {
    title: 'batch of n gets of what is chosen',
    prepare: clearCache,
    run: ({ store }, n) => store.getIssues(chosen(n)),
    expected: (n) => ({ reads: n, systemCalls: READ * n }),
  },
];

/** Every operation whose cost is held to a number. */
export const COUNTED_OPERATIONS = [...READS, ...CHANGES_BY_OTHERS, ...WRITES, ...CHOSEN];

export interface CountOutcome {
  readonly n: number;
  readonly expected: Counts;
  readonly actual: Counts;
}

const NOTHING: Counts = { lists: 0, stats: 0, reads: 0, writes: 0, systemCalls: 0, events: 0, rows: 0 };

/** Counts an operation in new stores of each size. */
export async function countOperation(operation: CountedOperation): Promise<CountOutcome[]> {
  const outcomes: CountOutcome[] = [];
  for (const n of operation.sizes ?? SIZES) {
    outcomes.push({ n, expected: { ...NOTHING, ...operation.expected(n) }, actual: await countIn(n, operation) });
  }
  return outcomes;
}

async function countIn(n: number, { prepare, isClosed = false, isLater = false, run }: CountedOperation): Promise<Counts> {
  const counted = new CountedStore(n, isLater);
  try {
    if (!isClosed) {
      await counted.store.open();
    }
    await prepare?.(counted, n);
    return await counted.count(() => run(counted, n));
  } finally {
    counted.dispose();
  }
}
