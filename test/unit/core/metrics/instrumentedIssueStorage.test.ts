import assert from 'node:assert/strict';
import type { Issue } from '../../../../src/core/issue/issue.ts';
import { InstrumentedIssueStorage } from '../../../../src/core/metrics/instrumentedIssueStorage.ts';
import { OPERATIONS, type Operation } from '../../../../src/core/metrics/metricsSnapshot.ts';
import { PerformanceMetrics } from '../../../../src/core/metrics/performanceMetrics.ts';
import type { IssueEdit, IssueStoragePort, WriteResult } from '../../../../src/core/storage/issueStoragePort.ts';
import { ManualClock } from './manualClock.ts';

type Method = keyof IssueStoragePort;

const ISSUES = [{ id: 'a' }, { id: 'b' }] as unknown as Issue[];
const WRITTEN: WriteResult = { issues: ISSUES, changes: [], undo: [] };

function edits(count: number, edit: IssueEdit): IssueEdit[] {
  return Array.from({ length: count }, () => edit);
}

/** Every operation, what it is counted as, and for how many. */
const CALLS: readonly { title: string; method: Method; args: readonly unknown[]; counted: Operation; count: number; answer: unknown }[] = [
  { title: 'get', method: 'getIssue', args: ['#12'], counted: 'read', count: 1, answer: ISSUES[0] },
  { title: 'batch of gets', method: 'getIssues', args: [[1, 2, 3]], counted: 'read', count: 3, answer: ISSUES },
  { title: 'list', method: 'listIssues', args: [], counted: 'list', count: 1, answer: ISSUES },
  { title: 'list of summaries', method: 'listSummaries', args: [], counted: 'list', count: 1, answer: ISSUES },
  ...(
    [
      ['create', { kind: 'create', name: 'a name', content: 'a text' }],
      ['update', { kind: 'update', ref: 12, content: 'a text', expectedVersion: 'v' }],
      ['delete', { kind: 'complete', ref: 12 }],
      ['update', { kind: 'reopen', ref: 12 }],
      ['update', { kind: 'rename', ref: 12, name: 'a name' }],
      ['update', { kind: 'renumber', ref: 12 }],
      ['update', { kind: 'rewriteMentions', ref: 12, expectedVersion: 'v', mentions: [] }],
      ['delete', { kind: 'delete', ref: 12, expectedVersion: 'v' }],
      ['update', { kind: 'adopt', path: 'a/b.md' }],
      ['update', { kind: 'restore', store: '/issues' }],
    ] as const
  ).flatMap(([counted, edit]) =>
    [1, 3].map((count) => ({
      title: `${edit.kind} × ${count}`,
      method: 'write' as const,
      args: [edits(count, edit)],
      counted,
      count,
      answer: WRITTEN,
    })),
  ),
];

/** A storage of which every operation takes 2 ms and does as `behave` says, and that remembers what it was asked for. */
function fakeStorage(clock: ManualClock, behave: (method: string) => unknown) {
  const asked: { method: string; args: unknown[] }[] = [];
  const storage = new Proxy({} as IssueStoragePort, {
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

function call(storage: IssueStoragePort, method: Method, args: readonly unknown[]): Promise<unknown> {
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
  for (const { title, method, args, counted: operation, count, answer } of CALLS) {
    describe(title, () => {
      it(`passes its arguments and the answer through and counts as ${count} × ${operation}`, async () => {
        const clock = new ManualClock();
        const { storage, asked } = fakeStorage(clock, () => Promise.resolve(answer));
        const instrumented = new InstrumentedIssueStorage(storage, { clock });
        const actual = await call(instrumented, method, args);
        assert.equal(actual, answer);
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
    assert.deepEqual(own.sort(), [...new Set(CALLS.map(({ method }) => method))].sort());
  });

  it('times until the promise settles, not until it is made', async () => {
    const clock = new ManualClock();
    let settle: (issue: Issue) => void = () => {};
    const { storage } = fakeStorage(clock, () => new Promise<Issue>((resolve) => (settle = resolve)));
    const instrumented = new InstrumentedIssueStorage(storage, { clock });
    for (const method of ['getIssue', 'write'] as const) {
      const promise = call(instrumented, method, method === 'getIssue' ? [1] : [edits(1, { kind: 'complete', ref: 1 })]);
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
    const { storage, asked } = fakeStorage(clock, (method) => Promise.resolve(method === 'getIssues' ? [] : WRITTEN));
    const instrumented = new InstrumentedIssueStorage(storage, { clock });
    await instrumented.getIssues([]);
    await instrumented.write([]);
    assert.equal(asked.length, 2);
    assert.deepEqual(counted(instrumented.metrics()), {});
  });

  it('counts nothing for a write that is only checked', async () => {
    const clock = new ManualClock();
    const { storage, asked } = fakeStorage(clock, () => Promise.resolve(WRITTEN));
    const instrumented = new InstrumentedIssueStorage(storage, { clock });
    await instrumented.write(edits(2, { kind: 'complete', ref: 1 }), { dryRun: true });
    assert.deepEqual(asked[0]?.args[1], { dryRun: true });
    assert.deepEqual(counted(instrumented.metrics()), {});
  });

  it('counts edits of several kinds each as its own, with its share of the time', async () => {
    const clock = new ManualClock();
    const { storage } = fakeStorage(clock, () => Promise.resolve(WRITTEN));
    const instrumented = new InstrumentedIssueStorage(storage, { clock });
    await instrumented.write([{ kind: 'create', name: 'a', content: '' }, ...edits(3, { kind: 'reopen', ref: 1 })]);
    assert.deepEqual(counted(instrumented.metrics()), {
      create: { count: 1, failures: 0, totalMicros: 500 },
      update: { count: 3, failures: 0, totalMicros: 1500 },
    });
  });

  it('gives each of a batch its share of the time', async () => {
    const clock = new ManualClock();
    const { storage } = fakeStorage(clock, () => Promise.resolve(ISSUES));
    const instrumented = new InstrumentedIssueStorage(storage, { clock });
    await instrumented.getIssues([1, 2, 3, 4]);
    const { averageMicros, maxMicros, p50Micros } = instrumented.metrics().getStats().operations.read;
    assert.deepEqual({ averageMicros, maxMicros, p50Micros }, { averageMicros: 500, maxMicros: 500, p50Micros: 500 });
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
