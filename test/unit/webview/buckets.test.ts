import assert from 'node:assert/strict';
import { toHistory } from '../../../src/protocol/metricsHistory.ts';
import { toBuckets } from '../../../src/webview/buckets.ts';
import { sample } from '../protocol/samples.ts';

/** A round number, so that buckets of every range begin there. */
const START = 1_800_000_000_000;
const SECOND = 1000;

function seconds(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, index) => START + (from + index) * SECOND);
}

describe('buckets', () => {
  it('ends the window at the newest sample', () => {
    const { from, to } = toBuckets(toHistory(seconds(0, 100).map((at) => sample(at))), 1, 0);
    assert.equal(to, START + 99 * SECOND);
    assert.equal(from, to - 60 * SECOND);
  });

  it('ends the window now where there are no samples', () => {
    const buckets = toBuckets(toHistory([]), 5, START);
    assert.deepEqual([buckets.from, buckets.to], [START - 300 * SECOND, START]);
    assert.deepEqual(buckets.at, []);
  });

  it('shows each second of one minute', () => {
    const { at, operations } = toBuckets(
      toHistory(seconds(0, 100).map((time, index) => sample(time, { read: { count: index, averageMicros: index, p95Micros: null } }))),
      1,
      0,
    );
    assert.deepEqual(at, seconds(39, 100));
    assert.deepEqual(operations.read.rate.slice(-2), [98, 99]);
    assert.deepEqual(operations.create.average, Array(61).fill(null));
  });

  it('sums seconds up in longer ranges: rates by time, averages by count, the highest p95', () => {
    const history = toHistory([
      sample(START, { read: { count: 1, averageMicros: 10, p95Micros: 10 } }),
      sample(START + SECOND, { read: { count: 3, averageMicros: 30, p95Micros: 70 } }),
      sample(START + 2 * SECOND),
    ]);
    const { at, operations } = toBuckets(history, 5, 0);
    assert.deepEqual(at, [START + SECOND, START + 2 * SECOND]);
    assert.deepEqual(operations.read, { rate: [2, 0], average: [25, null], p95: [70, null] });
  });

  it('takes the length of an interval into account', () => {
    const history = toHistory([sample(START, { list: { count: 6, averageMicros: 1, p95Micros: 1 } }, { seconds: 3 })]);
    assert.deepEqual(toBuckets(history, 1, 0).operations.list.rate, [2]);
  });

  it('weights the recent hit rate by reads, and keeps the state at the end of the bucket', () => {
    const history = toHistory([
      sample(START, { read: { count: 1, averageMicros: 1, p95Micros: 1 } }, { hitRate: 0, intervalHitRate: 0, cacheSize: 1 }),
      sample(START + SECOND, { read: { count: 3, averageMicros: 1, p95Micros: 1 } }, { hitRate: 0.75, intervalHitRate: 1, cacheSize: 2 }),
    ]);
    const { hitRate, recentHitRate, cacheSize } = toBuckets(history, 5, 0);
    assert.deepEqual([hitRate, recentHitRate, cacheSize], [[0.75], [0.75], [2]]);
  });

  it('keeps a hit rate of an interval in which only lists looked into the cache', () => {
    assert.deepEqual(toBuckets(toHistory([sample(START, {}, { intervalHitRate: 0.5 })]), 1, 0).recentHitRate, [0.5]);
  });

  it('does not change finished buckets as the window moves on', () => {
    const samples = seconds(0, 700).map((at, index) => sample(at, { read: { count: index % 7, averageMicros: 1, p95Micros: 1 } }));
    const before = toBuckets(toHistory(samples.slice(0, 650)), 15, 0);
    const after = toBuckets(toHistory(samples), 15, 0);
    for (const [index, at] of before.at.slice(0, -1).entries()) {
      assert.equal(after.operations.read.rate[after.at.indexOf(at)], before.operations.read.rate[index]);
    }
  });

  it('leaves a gap where nobody measured', () => {
    const history = toHistory([...seconds(0, 3), ...seconds(30, 32)].map((at) => sample(at, {}, { cacheSize: 5 })));
    const { at, cacheSize } = toBuckets(history, 1, 0);
    assert.deepEqual(cacheSize, [5, 5, 5, null, 5, 5]);
    assert.deepEqual(at, [...seconds(0, 3), START + 2 * SECOND + 1, ...seconds(30, 32)]);
  });

  it('leaves no gap where one sample covers the time', () => {
    const history = toHistory([sample(START), sample(START + 20 * SECOND, {}, { seconds: 20 })]);
    assert.equal(toBuckets(history, 1, 0).at.length, 2);
  });

  it('leaves out what was before the clock was set back', () => {
    const history = toHistory([...seconds(100, 110), ...seconds(40, 45)].map((at) => sample(at)));
    assert.deepEqual(toBuckets(history, 1, 0).at, seconds(40, 45));
  });

  it('gives columns of one length, in ascending time', () => {
    const history = toHistory([...seconds(0, 400), ...seconds(460, 800)].map((at) => sample(at)));
    for (const range of [1, 5, 15] as const) {
      const { at, hitRate, recentHitRate, cacheSize, cacheMaxSize, operations } = toBuckets(history, range, 0);
      const columns = [
        hitRate,
        recentHitRate,
        cacheSize,
        cacheMaxSize,
        ...Object.values(operations).flatMap((each) => Object.values(each)),
      ];
      assert.deepEqual(new Set(columns.map((column) => column.length)), new Set([at.length]));
      assert.ok(at.every((time, index) => index === 0 || time > (at[index - 1] ?? 0)));
    }
  });
});
