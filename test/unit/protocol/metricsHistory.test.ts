import assert from 'node:assert/strict';
import { appendSample, HISTORY_LIMIT, isRectangular, toHistory } from '../../../src/protocol/metricsHistory.ts';
import { sample } from './samples.ts';

describe('metrics history', () => {
  it('keeps every figure of a sample in its column', () => {
    const history = toHistory([
      sample(1000, {}, { hitRate: 0.5, intervalHitRate: 0.25, cacheSize: 7, cacheMaxSize: 8, seconds: 1.01 }),
      sample(2000, { update: { count: 2, averageMicros: 10, p95Micros: 20 } }),
    ]);
    assert.deepEqual(history.at, [1000, 2000]);
    assert.deepEqual(history.seconds, [1.01, 1]);
    assert.deepEqual(history.hitRate, [0.5, null]);
    assert.deepEqual(history.intervalHitRate, [0.25, null]);
    assert.deepEqual(history.cacheSize, [7, 0]);
    assert.deepEqual(history.cacheMaxSize, [8, 1000]);
    assert.deepEqual(history.operations.update, { count: [0, 2], averageMicros: [null, 10], p95Micros: [null, 20] });
    assert.ok(isRectangular(history));
  });

  it('takes the newest of too many samples', () => {
    const samples = Array.from({ length: HISTORY_LIMIT + 5 }, (_, index) => sample(index));
    const history = toHistory(samples);
    assert.equal(history.at.length, HISTORY_LIMIT);
    assert.equal(history.at[0], 5);
  });

  it('drops the oldest sample of a full history', () => {
    const history = toHistory(Array.from({ length: HISTORY_LIMIT }, (_, index) => sample(index)));
    appendSample(history, sample(HISTORY_LIMIT));
    assert.equal(history.at.length, HISTORY_LIMIT);
    assert.equal(history.at[0], 1);
    assert.equal(history.at.at(-1), HISTORY_LIMIT);
    assert.ok(isRectangular(history));
  });
});
