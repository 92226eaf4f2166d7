import assert from 'node:assert/strict';
import type { Issue, IssueSummary } from '../../../src/core/issue/issue.ts';
import { InstrumentedIssueStorage } from '../../../src/core/metrics/instrumentedIssueStorage.ts';
import { OPERATIONS, type Operation } from '../../../src/core/metrics/metricsSnapshot.ts';
import { PerformanceMetrics } from '../../../src/core/metrics/performanceMetrics.ts';
import type { BatchIssueStorage, BatchResult } from '../../../src/core/storage/issueStorage.ts';
import { PartlyDoneError } from '../../../src/core/storage/reversal.ts';
import { partlyDone } from '../support/partlyDone.ts';
import { ManualClock } from './manualClock.ts';

type Method = keyof BatchIssueStorage;

const ISSUES = [{ id: 'a' }, { id: 'b' }] as unknown as Issue[];

/** Every operation, what it is counted as, and for how many. */
const CALLS: readonly { method: Method; args: readonly unknown[]; counted: Operation; count: number; answer: unknown }[] = [
  { method: 'createIssue', args: ['a name', 'a text'], counted: 'create', count: 1, answer: ISSUES[0] },
  { method: 'getIssue', args: ['#12'], counted: 'read', count: 1, answer: ISSUES[0] },
  { method: 'updateIssue', args: [12, 'a text', { expectedVersion: 'v' }], counted: 'update', count: 1, answer: ISSUES[0] },
  { method: 'markComplete', args: [12], counted: 'delete', count: 1, answer: ISSUES[0] },
  { method: 'reopen', args: [12], counted: 'update', count: 1, answer: ISSUES[0] },
  { method: 'rename', args: [12, 'a name'], counted: 'update', count: 1, answer: ISSUES[0] },
  { method: 'deleteIssue', args: [12, { expectedVersion: 'v' }], counted: 'delete', count: 1, answer: ISSUES[0] },
  { method: 'listIssues', args: [], counted: 'list', count: 1, answer: ISSUES },
  { method: 'listSummaries', args: [], counted: 'list', count: 1, answer: ISSUES },
  { method: 'allComplete', args: [], counted: 'list', count: 1, answer: true },
  { method: 'createIssuesBatch', args: [[1, 2, 3]], counted: 'create', count: 3, answer: 'batch' },
  { method: 'getIssuesBatch', args: [[1, 2, 3]], counted: 'read', count: 3, answer: ISSUES },
  { method: 'updateIssuesBatch', args: [[1, 2]], counted: 'update', count: 2, answer: 'batch' },
  { method: 'markCompleteBatch', args: [[1, 2, 3, 4]], counted: 'delete', count: 4, answer: 'batch' },
  { method: 'reopenBatch', args: [[1, 2, 3]], counted: 'update', count: 3, answer: 'batch' },
  { method: 'renameIssuesBatch', args: [[1, 2]], counted: 'update', count: 2, answer: 'batch' },
  { method: 'renumberIssuesBatch', args: [{ moves: [1, 2], rewrites: [3] }], counted: 'update', count: 3, answer: 'batch' },
  { method: 'deleteIssuesBatch', args: [[1, 2, 3]], counted: 'delete', count: 3, answer: 'batch' },
];

/** A storage of which every operation takes 2 ms and does as `behave` says, and that remembers what it was asked for. */
function fakeStorage(clock: ManualClock, behave: (method: string) => unknown) {
  const asked: { method: string; args: unknown[] }[] = [];
  const storage = new Proxy({} as BatchIssueStorage, {
    get: (_target, method) => {
      return (...args: unknown[]) => {
        asked.push({ method: String(method), args });
        clock.advance(2);
        return behave(String(method));
      };
    },
  });
  return { storage, asked };
}

function batchResult(undo: () => Promise<void> = async () => {}): BatchResult<Issue & IssueSummary> {
  return { issues: ISSUES as (Issue & IssueSummary)[], undo, checkUndo: async () => {} };
}

function call(storage: BatchIssueStorage, method: Method, args: readonly unknown[]): Promise<unknown> {
  return (storage[method] as (...args: unknown[]) => Promise<unknown>).apply(storage, [...args]);
}

/** What was counted, kinds with nothing left out. */
function counted(metrics: PerformanceMetrics) {
  const { operations } = metrics.getStats();
  return Object.fromEntries(
    OPERATIONS.filter((operation) => operations[operation].count > 0).map((operation) => {
      const { count, failures, totalMicros } = operations[operation];
      return [operation, { count, failures, totalMicros }];
    }),
  );
}

describe('InstrumentedIssueStorage', () => {
  for (const { method, args, counted: operation, count, answer } of CALLS) {
    describe(method, () => {
      it(`passes its arguments and the answer through and counts as ${count} × ${operation}`, async () => {
        const clock = new ManualClock();
        const { storage, asked } = fakeStorage(clock, () => Promise.resolve(answer === 'batch' ? batchResult() : answer));
        const instrumented = new InstrumentedIssueStorage(storage, { clock });
        const actual = await call(instrumented, method, args);
        if (answer === 'batch') assert.equal((actual as BatchResult).issues, ISSUES);
        else assert.equal(actual, answer);
        assert.equal(asked.length, 1);
        assert.equal(asked[0]?.method, method);
        assert.deepEqual(
          asked[0]?.args.filter((arg) => arg !== undefined),
          args,
        );
        assert.deepEqual(counted(instrumented.metrics()), { [operation]: { count, failures: 0, totalMicros: 2000 } });
      });

      for (const [how, behave] of [
        ['rejects', (error: Error) => Promise.reject(error)],
        [
          'throws before it has a promise',
          (error: Error) => {
            throw error;
          },
        ],
      ] as const) {
        it(`is counted, timed and rejected with the same error when the storage ${how}`, async () => {
          const clock = new ManualClock();
          const error = new Error('the disk is gone');
          const { storage } = fakeStorage(clock, () => behave(error));
          const instrumented = new InstrumentedIssueStorage(storage, { clock });
          const promise = call(instrumented, method, args);
          await assert.rejects(promise, (caught) => caught === error);
          assert.deepEqual(counted(instrumented.metrics()), { [operation]: { count, failures: count, totalMicros: 2000 } });
        });
      }
    });
  }

  it('covers the whole port', () => {
    const own = Object.getOwnPropertyNames(InstrumentedIssueStorage.prototype).filter(
      (name) => name !== 'constructor' && name !== 'metrics',
    );
    assert.deepEqual(own.sort(), CALLS.map(({ method }) => method).sort());
  });

  it('times until the promise settles, not until it is made', async () => {
    const clock = new ManualClock();
    let settle: (issue: Issue) => void = () => {};
    const { storage } = fakeStorage(clock, () => new Promise<Issue>((resolve) => (settle = resolve)));
    const instrumented = new InstrumentedIssueStorage(storage, { clock });
    for (const method of ['getIssue', 'markComplete'] as const) {
      const promise = call(instrumented, method, [1]);
      assert.equal(instrumented.metrics().getStats().operations[method === 'getIssue' ? 'read' : 'delete'].count, 0);
      clock.advance(40);
      settle(ISSUES[0] as Issue);
      await promise;
    }
    const { read, delete: deletion } = instrumented.metrics().getStats().operations;
    assert.equal(read.totalMicros, 42_000);
    assert.equal(deletion.totalMicros, 42_000);
  });

  it('times operations that overlap each on its own', async () => {
    const clock = new ManualClock();
    const settle: ((issue: Issue) => void)[] = [];
    const { storage } = fakeStorage(clock, () => new Promise<Issue>((resolve) => settle.push(resolve)));
    const instrumented = new InstrumentedIssueStorage(storage, { clock });
    const first = instrumented.getIssue(1);
    const second = instrumented.getIssue(2);
    settle[1]?.(ISSUES[1] as Issue);
    assert.equal(await second, ISSUES[1]);
    clock.advance(10);
    settle[0]?.(ISSUES[0] as Issue);
    assert.equal(await first, ISSUES[0]);
    const { count, totalMicros, maxMicros } = instrumented.metrics().getStats().operations.read;
    assert.deepEqual({ count, totalMicros, maxMicros }, { count: 2, totalMicros: 2000 + 14_000, maxMicros: 14_000 });
  });

  it('passes an empty batch through and counts nothing', async () => {
    const clock = new ManualClock();
    const { storage, asked } = fakeStorage(clock, (method) => Promise.resolve(method === 'getIssuesBatch' ? [] : batchResult()));
    const instrumented = new InstrumentedIssueStorage(storage, { clock });
    const batches = CALLS.filter(({ method }) => method.endsWith('Batch'));
    const empty = (method: Method) => (method === 'renumberIssuesBatch' ? { moves: [], rewrites: [] } : []);
    for (const { method } of batches) await call(instrumented, method, [empty(method)]);
    assert.equal(asked.length, batches.length);
    assert.deepEqual(counted(instrumented.metrics()), {});
  });

  it('gives each of a batch its share of the time', async () => {
    const clock = new ManualClock();
    const { storage } = fakeStorage(clock, () => Promise.resolve(ISSUES));
    const instrumented = new InstrumentedIssueStorage(storage, { clock });
    await instrumented.getIssuesBatch([1, 2, 3, 4]);
    const { averageMicros, maxMicros, p50Micros } = instrumented.metrics().getStats().operations.read;
    assert.deepEqual({ averageMicros, maxMicros, p50Micros }, { averageMicros: 500, maxMicros: 500, p50Micros: 500 });
  });

  describe('undo of a batch', () => {
    it('is timed as as many updates', async () => {
      const clock = new ManualClock();
      let undone = 0;
      const { storage } = fakeStorage(clock, () =>
        Promise.resolve(
          batchResult(async () => {
            undone++;
            clock.advance(9);
          }),
        ),
      );
      const instrumented = new InstrumentedIssueStorage(storage, { clock });
      const result = await instrumented.markCompleteBatch([1, 2, 3]);
      assert.equal(undone, 0);
      await result.undo();
      assert.equal(undone, 1);
      assert.deepEqual(counted(instrumented.metrics()), {
        delete: { count: 3, failures: 0, totalMicros: 2000 },
        update: { count: 3, failures: 0, totalMicros: 9000 },
      });
    });

    it('that was done in part is timed as as many updates as are left', async () => {
      const clock = new ManualClock();
      const left = [{ filePath: 'a.md', reason: new Error('changed') }];
      const { undo, checkUndo } = batchResult(async () => clock.advance(9));
      const { storage } = fakeStorage(clock, () => Promise.reject(new PartlyDoneError(new Error('full'), left, { undo, checkUndo })));
      const instrumented = new InstrumentedIssueStorage(storage, { clock });
      const error = await partlyDone(instrumented.markCompleteBatch([1, 2, 3]));
      assert.deepEqual(
        [error.left, error.message],
        [left, 'full One file that had been changed by then could not be taken back: a.md: changed'],
      );
      await error.checkUndo();
      await error.undo();
      assert.deepEqual(counted(instrumented.metrics()), {
        delete: { count: 3, failures: 3, totalMicros: 2000 },
        update: { count: 1, failures: 0, totalMicros: 9000 },
      });
    });

    it('that is refused counts as failed', async () => {
      const clock = new ManualClock();
      const conflict = new Error('changed since');
      const { storage } = fakeStorage(clock, () => Promise.resolve(batchResult(() => Promise.reject(conflict))));
      const instrumented = new InstrumentedIssueStorage(storage, { clock });
      const result = await instrumented.createIssuesBatch([
        { name: 'a', content: '' },
        { name: 'b', content: '' },
      ]);
      await assert.rejects(result.undo(), (caught) => caught === conflict);
      assert.equal(instrumented.metrics().getStats().operations.update.failures, 2);
    });
  });

  it('records into the meter it was given', async () => {
    const clock = new ManualClock();
    const metrics = new PerformanceMetrics();
    const { storage } = fakeStorage(clock, () => Promise.resolve(ISSUES));
    const instrumented = new InstrumentedIssueStorage(storage, { metrics, clock });
    await instrumented.listIssues();
    assert.equal(instrumented.metrics(), metrics);
    assert.equal(metrics.getStats().operations.list.count, 1);
  });

  it('measures with the real clock unless told otherwise', async () => {
    const { storage } = fakeStorage(new ManualClock(), () => Promise.resolve(ISSUES));
    const instrumented = new InstrumentedIssueStorage(storage);
    await instrumented.listIssues();
    const { count, totalMicros } = instrumented.metrics().getStats().operations.list;
    assert.equal(count, 1);
    assert.ok(totalMicros > 0 && totalMicros < 10_000_000);
  });
});
