import assert from 'node:assert/strict';
import fc from 'fast-check';
import { systemClock } from '../../../src/core/clock.ts';
import { forEachInSlices, sortedInSlices, TimeSlices } from '../../../src/core/timeSlices.ts';

/** Each reading of this clock is later by so many milliseconds. */
function slowClock(step: number) {
  let now = 0;
  const read = () => {
    now += step;
    return now;
  };
  return { now: read, epoch: read };
}

describe('work in turns', () => {
  it('gives others their turn while it goes on', async () => {
    let turns = 0;
    const count = () => {
      turns++;
      handle = setImmediate(count);
    };
    let handle = setImmediate(count);
    const seen: number[] = [];
    await forEachInSlices(
      Array.from({ length: 2560 }, (_, index) => index),
      new TimeSlices(slowClock(10)),
      (entry) => seen.push(entry),
    );
    clearImmediate(handle);
    assert.equal(seen.length, 2560);
    assert.ok(turns >= 9, `${turns} turns for ten times 256 entries`);
  });

  it('sorts as an array does, stable, with turns or without', async () => {
    const numbers = fc.array(fc.tuple(fc.nat(50), fc.nat()), { maxLength: 200 });
    await fc.assert(
      fc.asyncProperty(numbers, fc.constantFrom(1, 40), fc.boolean(), async (few, times, isSlow) => {
        const entries = Array.from({ length: times }, () => few).flat();
        const byFirst = (a: readonly number[], b: readonly number[]) => (a[0] ?? 0) - (b[0] ?? 0);
        const labelled = entries.map(([first], index) => [first ?? 0, index]);
        const turns = new TimeSlices(isSlow ? slowClock(10) : systemClock);
        assert.deepEqual(await sortedInSlices(labelled, byFirst, turns), labelled.toSorted(byFirst));
      }),
      { numRuns: 50 },
    );
  });
});
