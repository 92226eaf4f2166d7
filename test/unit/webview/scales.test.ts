import assert from 'node:assert/strict';
import {
  forLogScale,
  highestValue,
  latestValue,
  linearRange,
  logRange,
  logTicks,
  sparseRows,
  withoutRest,
} from '../../../src/webview/scales.ts';

describe('scales', () => {
  it('ranges from 0 to a little over a round number', () => {
    const top = (value: number) => Number((linearRange([[value, null]], 1)[1] / 1.04).toPrecision(6));
    assert.deepEqual([0, 1, 1.2, 9, 42, 52, 1000, 1001].map(top), [1, 1, 1.5, 10, 50, 60, 1000, 1500]);
    assert.equal(linearRange([[52]], 1)[0], 0);
  });

  it('keeps to the least range where nothing rises above it', () => {
    assert.deepEqual(linearRange([[]], 20), [0, 20.8]);
  });

  it('ranges over whole powers of ten, two of them at least', () => {
    assert.deepEqual(logRange([[3, null], [4200]], [1, 10]), [1, 10_000]);
    assert.deepEqual(logRange([[50]], [1, 10]), [10, 1000]);
    assert.deepEqual(logRange([[0]], [1, 10]), [0.1, 10]);
  });

  it('falls back where there is nothing to range over', () => {
    assert.deepEqual(logRange([[null, null]], [1, 10_000]), [1, 10_000]);
  });

  it('thins out the ticks of a long logarithmic axis', () => {
    assert.deepEqual(logTicks([1, 10_000], 5), [1, 10, 100, 1000, 10_000]);
    assert.deepEqual(logTicks([1, 10_000], 3), [1, 100, 10_000]);
  });

  it('lifts what a logarithmic axis cannot place', () => {
    assert.deepEqual(forLogScale([0, null, 5]), [0.1, null, 5]);
  });

  it('takes out zeros among zeros, so that a rise begins and ends at 0', () => {
    assert.deepEqual(withoutRest([0, 0, 2, 0, 0, null, 0]), [null, 0, 2, 0, null, null, null]);
  });

  it('finds the rows that a line would not show', () => {
    assert.deepEqual(sparseRows([1, null, 2, 3, null, 4, 5, 6, 7, null, 8], 0, 10), [0, 2, 3, 10]);
    assert.deepEqual(sparseRows([null, null], 0, 1), []);
    assert.deepEqual(sparseRows([], 0, -1), []);
  });

  it('finds the newest and the highest value among gaps', () => {
    assert.equal(latestValue([1, 3, 2, null]), 2);
    assert.equal(highestValue([1, 3, null]), 3);
    assert.equal(latestValue([null]), null);
    assert.equal(highestValue([]), null);
  });
});
