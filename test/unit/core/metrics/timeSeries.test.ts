import assert from 'node:assert/strict';
import type { CacheStats, MetricsSample } from '../../../../src/core/metrics/metricsSnapshot.ts';
import { PerformanceMetrics } from '../../../../src/core/metrics/performanceMetrics.ts';
import { MetricsSampler, TimeSeries } from '../../../../src/core/metrics/timeSeries.ts';
import { NO_CACHE } from '../../../../src/core/store/storeMeters.ts';
import { ManualClock } from './manualClock.ts';

const NOTHING = { count: 0, averageMicros: null, p95Micros: null };

function sampleAt(at: number): MetricsSample {
  const operations = { create: NOTHING, read: NOTHING, update: NOTHING, delete: NOTHING, list: NOTHING };
  return { at, seconds: 1, hitRate: null, intervalHitRate: null, cacheSize: 0, cacheMaxSize: 1, operations };
}

const times = (series: TimeSeries) => series.toArray().map(({ at }) => at);

describe('TimeSeries', () => {
  it('has room for fifteen minutes of seconds', () => {
    const series = new TimeSeries();
    assert.equal(series.capacity, 900);
    for (let at = 0; at < 1000; at++) series.push(sampleAt(at));
    assert.equal(series.length, 900);
    assert.equal(times(series)[0], 100);
    assert.equal(times(series).at(-1), 999);
  });

  it('answers oldest first at every state of the ring', () => {
    const series = new TimeSeries(4);
    const pushed: number[] = [];
    for (let at = 0; at < 14; at++) {
      assert.deepEqual(times(series), pushed.slice(-4));
      assert.equal(series.length, Math.min(4, pushed.length));
      series.push(sampleAt(at));
      pushed.push(at);
    }
  });

  it('works with room for one', () => {
    const series = new TimeSeries(1);
    for (const at of [1, 2, 3]) series.push(sampleAt(at));
    assert.deepEqual(times(series), [3]);
  });

  it('is empty and usable after a clear, wherever the ring stood', () => {
    const series = new TimeSeries(3);
    for (let at = 0; at < 5; at++) series.push(sampleAt(at));
    series.clear();
    assert.deepEqual(series.toArray(), []);
    assert.equal(series.length, 0);
    for (let at = 10; at < 15; at++) series.push(sampleAt(at));
    assert.deepEqual(times(series), [12, 13, 14]);
  });

  it('hands out copies', () => {
    const series = new TimeSeries(3);
    series.push(sampleAt(1));
    series.toArray().pop();
    assert.deepEqual(times(series), [1]);
  });

  it('refuses a capacity that is not a positive whole number', () => {
    for (const capacity of [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY]) {
      assert.throws(() => new TimeSeries(capacity), RangeError, String(capacity));
    }
  });
});

describe('MetricsSampler', () => {
  /** A sampler over a cache whose figures the test sets. */
  function setUp() {
    const clock = new ManualClock(5000);
    const metrics = new PerformanceMetrics();
    const reads = { hits: 0, misses: 0, size: 7 };
    const cacheStats = (): CacheStats => {
      const { hits, misses, size } = reads;
      return { ...NO_CACHE, hits, misses, hitRate: hits + misses === 0 ? 0 : hits / (hits + misses), size, maxSize: 1000 };
    };
    return { clock, metrics, reads, newSampler: () => new MetricsSampler({ metrics, cacheStats, clock }) };
  }

  it('says nothing of what did not happen', () => {
    const { clock, newSampler } = setUp();
    const sampler = newSampler();
    clock.advance(1000);
    assert.deepEqual(sampler.sample(), {
      at: 1_700_000_006_000,
      seconds: 1,
      hitRate: null,
      intervalHitRate: null,
      cacheSize: 7,
      cacheMaxSize: 1000,
      operations: { create: NOTHING, read: NOTHING, update: NOTHING, delete: NOTHING, list: NOTHING },
    });
  });

  it('takes the rate of the interval apart from the rate since the start', () => {
    const { clock, reads, newSampler } = setUp();
    const sampler = newSampler();
    reads.misses = 4;
    clock.advance(1000);
    let { hitRate, intervalHitRate } = sampler.sample();
    assert.deepEqual({ hitRate, intervalHitRate }, { hitRate: 0, intervalHitRate: 0 });
    reads.hits = 3;
    reads.misses = 5;
    ({ hitRate, intervalHitRate } = sampler.sample());
    assert.deepEqual({ hitRate, intervalHitRate }, { hitRate: 0.375, intervalHitRate: 0.75 });
    ({ hitRate, intervalHitRate } = sampler.sample());
    assert.deepEqual({ hitRate, intervalHitRate }, { hitRate: 0.375, intervalHitRate: null });
  });

  it('drains the operations of each interval', () => {
    const { clock, metrics, newSampler } = setUp();
    const sampler = newSampler();
    metrics.recordOperation('read', 10);
    metrics.recordOperation('read', 30);
    clock.advance(1000);
    const first = sampler.sample();
    assert.equal(first.operations.read.count, 2);
    assert.equal(first.operations.read.averageMicros, 20);
    metrics.recordOperation('create', 5);
    const second = sampler.sample();
    assert.deepEqual(second.operations.read, NOTHING);
    assert.deepEqual(second.operations.create, { count: 1, averageMicros: 5, p95Micros: 5 });
    assert.equal(metrics.getStats().totalOperations, 3);
  });

  it('measures how long each interval really was', () => {
    const { clock, newSampler } = setUp();
    const sampler = newSampler();
    clock.advance(1250);
    assert.equal(sampler.sample().seconds, 1.25);
    clock.advance(60_000);
    assert.equal(sampler.sample().seconds, 60);
    assert.equal(sampler.sample().seconds, 0);
  });

  it('leaves out what happened before it was made', () => {
    const { clock, metrics, reads, newSampler } = setUp();
    metrics.recordOperation('read', 10);
    reads.hits = 10;
    reads.misses = 10;
    const sampler = newSampler();
    reads.hits = 11;
    clock.advance(1000);
    const sample = sampler.sample();
    assert.deepEqual(sample.operations.read, NOTHING);
    assert.equal(sample.intervalHitRate, 1);
    assert.equal(sample.hitRate, 11 / 21);
  });

  it('survives a reset of the figures between two samples', () => {
    const { metrics, reads, newSampler } = setUp();
    const sampler = newSampler();
    reads.hits = 100;
    reads.misses = 50;
    metrics.recordOperation('read', 10, { count: 150 });
    sampler.sample();
    metrics.reset();
    metrics.recordOperation('read', 4);
    // Only one of the two shrank: the other has passed its old value since.
    for (const [hits, misses, rate] of [
      [1, 3, 0.25],
      [0, 0, null],
      [4, 0, 1],
      [2, 6, 0.25],
      [3, 1, 0.75],
    ] as const) {
      reads.hits = hits;
      reads.misses = misses;
      assert.equal(sampler.sample().intervalHitRate, rate);
    }
    assert.equal(metrics.getStats().operations.read.count, 1);
  });
});
