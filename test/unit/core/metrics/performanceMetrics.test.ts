import assert from 'node:assert/strict';
import fc from 'fast-check';
import { OPERATIONS, type Operation, type OperationStats } from '../../../../src/core/metrics/metricsSnapshot.ts';
import { PerformanceMetrics } from '../../../../src/core/metrics/performanceMetrics.ts';

const EMPTY_STATS: OperationStats = {
  count: 0,
  failures: 0,
  totalMicros: 0,
  averageMicros: 0,
  p50Micros: 0,
  p95Micros: 0,
  p99Micros: 0,
  maxMicros: 0,
};
const EMPTY_SAMPLE = { count: 0, averageMicros: null, p95Micros: null };

/** The nearest-rank percentile of times that were all kept: what the histogram estimates. */
function exactPercentile(times: readonly number[], percent: number): number {
  const sorted = [...times].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)] ?? 0;
}

function assertNear(actual: number | null, expected: number, message: string): void {
  assert.ok(
    actual !== null && Math.abs(actual - expected) <= expected * 0.01 + 0.001,
    `${message}: ${actual} is not within 1 % of ${expected}`,
  );
}

/** Times as different as a cached read and a cold scan, always the same ones. */
function skewedTimes(count: number): number[] {
  let state = 42;
  return Array.from({ length: count }, () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return 0.2 * 10 ** ((state / 2_147_483_648) * 6);
  });
}

describe('PerformanceMetrics', () => {
  it('starts with nothing', () => {
    const stats = new PerformanceMetrics().getStats();
    assert.deepEqual(Object.keys(stats.operations), [...OPERATIONS]);
    for (const operation of OPERATIONS) assert.deepEqual(stats.operations[operation], EMPTY_STATS);
    assert.equal(stats.totalOperations, 0);
    assert.equal(stats.totalFailures, 0);
    assert.equal(stats.overallAverageMicros, 0);
  });

  for (const operation of OPERATIONS) {
    it(`counts ${operation} apart from the others`, () => {
      const metrics = new PerformanceMetrics();
      metrics.recordOperation(operation, 10);
      metrics.recordOperation(operation, 30, { failed: true });
      const { operations } = metrics.getStats();
      for (const each of OPERATIONS) {
        const { count, failures, totalMicros, averageMicros, maxMicros } = operations[each];
        const expected =
          each === operation ? { count: 2, failures: 1, totalMicros: 40, averageMicros: 20, maxMicros: 30 } : { ...EMPTY_STATS };
        assert.deepEqual({ ...EMPTY_STATS, count, failures, totalMicros, averageMicros, maxMicros }, { ...EMPTY_STATS, ...expected });
      }
    });
  }

  it('agrees with an independent computation over a long, skewed series', () => {
    const metrics = new PerformanceMetrics();
    const recorded = Object.fromEntries(OPERATIONS.map((operation) => [operation, [] as number[]])) as Record<Operation, number[]>;
    skewedTimes(20_000).forEach((time, index) => {
      const operation = OPERATIONS[index % OPERATIONS.length] ?? 'read';
      recorded[operation].push(time);
      metrics.recordOperation(operation, time);
      // Draining in between must not cost the lasting figures anything.
      if (index % 777 === 0) metrics.drainInterval();
    });
    const stats = metrics.getStats();
    let total = 0;
    for (const operation of OPERATIONS) {
      const times = recorded[operation];
      const sum = times.reduce((a, b) => a + b, 0);
      total += sum;
      const actual = stats.operations[operation];
      assert.equal(actual.count, 4000);
      assert.equal(actual.failures, 0);
      assert.ok(Math.abs(actual.totalMicros - sum) < 1e-6 * sum);
      assert.ok(Math.abs(actual.averageMicros - sum / 4000) < 1e-6 * sum);
      assert.equal(actual.maxMicros, Math.max(...times));
      assertNear(actual.p50Micros, exactPercentile(times, 50), `${operation} p50`);
      assertNear(actual.p95Micros, exactPercentile(times, 95), `${operation} p95`);
      assertNear(actual.p99Micros, exactPercentile(times, 99), `${operation} p99`);
    }
    assert.equal(stats.totalOperations, 20_000);
    assert.ok(Math.abs(stats.overallAverageMicros - total / 20_000) < 1e-6 * total);
  });

  it('weighs the overall average by the number of operations', () => {
    const metrics = new PerformanceMetrics();
    metrics.recordOperation('read', 10);
    metrics.recordOperation('read', 10);
    metrics.recordOperation('read', 10);
    metrics.recordOperation('list', 50);
    assert.equal(metrics.getStats().overallAverageMicros, 20);
  });

  it('never names a percentile above the maximum, nor out of order', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1e7, noNaN: true }), { minLength: 1, maxLength: 50 }), (times) => {
        const metrics = new PerformanceMetrics();
        for (const time of times) metrics.recordOperation('read', time);
        const { p50Micros, p95Micros, p99Micros, maxMicros } = metrics.getStats().operations.read;
        assert.ok(p50Micros <= p95Micros && p95Micros <= p99Micros && p99Micros <= maxMicros);
        assert.equal(maxMicros, Math.max(...times));
        assertNear(p50Micros, exactPercentile(times, 50), 'p50');
      }),
      { numRuns: 200 },
    );
  });

  it('takes times of 0, of fractions of a nanosecond and of days', () => {
    const metrics = new PerformanceMetrics();
    const day = 86_400_000_000;
    for (const micros of [0, 0.0001, day]) metrics.recordOperation('list', micros);
    const { count, totalMicros, maxMicros, p99Micros } = metrics.getStats().operations.list;
    assert.equal(count, 3);
    assert.equal(totalMicros, day + 0.0001);
    assert.equal(maxMicros, day);
    assert.ok(p99Micros >= 3_600_000_000 && p99Micros <= day);
  });

  it('takes a time of a broken clock as 0 and keeps its sums', () => {
    const metrics = new PerformanceMetrics();
    metrics.recordOperation('read', 10);
    for (const micros of [-5, Number.NaN, Number.POSITIVE_INFINITY]) metrics.recordOperation('read', micros);
    const { count, totalMicros, averageMicros, maxMicros } = metrics.getStats().operations.read;
    assert.deepEqual({ count, totalMicros, averageMicros, maxMicros }, { count: 4, totalMicros: 10, averageMicros: 2.5, maxMicros: 10 });
  });

  describe('batches', () => {
    it('count as many operations as they have entries, each with its share of the time', () => {
      const batch = new PerformanceMetrics();
      batch.recordOperation('update', 1000, { count: 4 });
      batch.recordOperation('update', 20);
      for (let i = 0; i < 3; i++) batch.recordOperation('update', 5000);
      const loop = new PerformanceMetrics();
      for (const micros of [250, 250, 250, 250, 20, 5000, 5000, 5000]) loop.recordOperation('update', micros);
      assert.deepEqual(batch.getStats(), loop.getStats());
      assert.deepEqual(batch.drainInterval(), loop.drainInterval());
      assertNear(batch.getStats().operations.update.p50Micros, 250, 'p50');
    });

    it('fail as a whole', () => {
      const metrics = new PerformanceMetrics();
      metrics.recordOperation('delete', 90, { count: 3, failed: true });
      metrics.recordOperation('create', 10);
      const stats = metrics.getStats();
      assert.equal(stats.operations.delete.failures, 3);
      assert.equal(stats.operations.delete.totalMicros, 90);
      assert.equal(stats.totalFailures, 3);
      assert.equal(stats.totalOperations, 4);
    });

    it('that are empty leave no trace', () => {
      const metrics = new PerformanceMetrics();
      metrics.recordOperation('create', 1000, { count: 0, failed: true });
      assert.deepEqual(metrics.getStats(), new PerformanceMetrics().getStats());
      assert.deepEqual(metrics.drainInterval().create, EMPTY_SAMPLE);
      metrics.recordOperation('create', 3);
      const { count, totalMicros, maxMicros } = metrics.getStats().operations.create;
      assert.deepEqual({ count, totalMicros, maxMicros }, { count: 1, totalMicros: 3, maxMicros: 3 });
    });

    it('need a whole number of entries', () => {
      for (const count of [-1, 1.5, Number.NaN, Number.POSITIVE_INFINITY]) {
        assert.throws(() => new PerformanceMetrics().recordOperation('create', 1, { count }), RangeError, String(count));
      }
    });
  });

  describe('intervals', () => {
    it('hold what was recorded since the last drain', () => {
      const metrics = new PerformanceMetrics();
      metrics.recordOperation('read', 1000);
      metrics.drainInterval();
      for (let micros = 1; micros <= 100; micros++) metrics.recordOperation('read', micros);
      metrics.recordOperation('list', 7, { failed: true });
      const { read, list, create, update, delete: deletion } = metrics.drainInterval();
      assert.equal(read.count, 100);
      assert.equal(read.averageMicros, 50.5);
      assertNear(read.p95Micros, 95, 'p95');
      assert.deepEqual(list, { count: 1, averageMicros: 7, p95Micros: 7 });
      for (const other of [create, update, deletion]) assert.deepEqual(other, EMPTY_SAMPLE);
    });

    it('tell the kinds apart', () => {
      const metrics = new PerformanceMetrics();
      OPERATIONS.forEach((operation, index) => {
        metrics.recordOperation(operation, 10 * (index + 1), { count: index + 1 });
      });
      const interval = metrics.drainInterval();
      assert.deepEqual(
        OPERATIONS.map((operation) => interval[operation].count),
        [1, 2, 3, 4, 5],
      );
    });

    it('are empty where nothing happened', () => {
      const metrics = new PerformanceMetrics();
      metrics.recordOperation('read', 5);
      metrics.drainInterval();
      for (const sample of Object.values(metrics.drainInterval())) assert.deepEqual(sample, EMPTY_SAMPLE);
    });

    it('leave the lasting figures alone, before and after they end', () => {
      const metrics = new PerformanceMetrics();
      metrics.recordOperation('read', 5);
      metrics.recordOperation('read', 500);
      const before = metrics.getStats();
      assert.deepEqual(metrics.getStats(), before);
      assert.equal(metrics.drainInterval().read.count, 2);
      assert.deepEqual(metrics.getStats(), before);
      metrics.recordOperation('read', 5);
      assert.equal(metrics.getStats().operations.read.count, 3);
      assertNear(metrics.getStats().operations.read.p50Micros, 5, 'p50');
      assertNear(metrics.getStats().operations.read.p99Micros, 500, 'p99');
    });

    it('take their percentile below their own maximum, not the lasting one', () => {
      const metrics = new PerformanceMetrics();
      metrics.recordOperation('read', 1000);
      metrics.drainInterval();
      metrics.recordOperation('read', 333.333);
      assert.equal(metrics.drainInterval().read.p95Micros, 333.333);
    });
  });

  it('forgets everything at a reset, the interval under way too', () => {
    const metrics = new PerformanceMetrics();
    for (const operation of OPERATIONS) {
      metrics.recordOperation(operation, 10_000, { count: 10, failed: true });
    }
    metrics.drainInterval();
    for (const operation of OPERATIONS) metrics.recordOperation(operation, 1000, { count: 3 });
    metrics.reset();
    assert.deepEqual(metrics.getStats(), new PerformanceMetrics().getStats());
    for (const sample of Object.values(metrics.drainInterval())) assert.deepEqual(sample, EMPTY_SAMPLE);
    metrics.recordOperation('read', 2, { count: 3 });
    assert.equal(metrics.getStats().operations.read.maxMicros, 2 / 3);
    metrics.recordOperation('read', 5000);
    assertNear(metrics.getStats().operations.read.p50Micros, 2 / 3, 'nothing from before may show in the percentiles: p50');
  });

  it('hands out snapshots that later records do not change', () => {
    const metrics = new PerformanceMetrics();
    metrics.recordOperation('read', 10);
    const before = metrics.getStats();
    const copy = structuredClone(before);
    metrics.recordOperation('read', 20);
    assert.deepEqual(before, copy);
  });
});
