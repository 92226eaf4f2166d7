import assert from 'node:assert/strict';
import { type SweepSource, sweep } from '../../../../src/core/disk/sweep.ts';
import { ManualTime } from '../../support/manualTime.ts';
import { turnsDuring } from '../../support/turnsDuring.ts';

/** A source whose reads take as long as it says, in milliseconds. */
function sourceOf(time: ManualTime, millisPerRead: (index: number) => number) {
  let concurrent = 0;
  const figures = { sync: 0, async: 0, mostAtOnce: 0, longestSlice: 0 };
  const source: SweepSource<string> = {
    readSync: (index) => {
      figures.sync++;
      time.advance(millisPerRead(index));
      return `${index}`;
    },
    read: async (index) => {
      figures.async++;
      figures.mostAtOnce = Math.max(figures.mostAtOnce, ++concurrent);
      await new Promise((resolve) => setImmediate(resolve));
      concurrent--;
      return `${index}`;
    },
  };
  return { source, figures };
}

async function swept(count: number, source: SweepSource<string>, clock: ManualTime) {
  const taken: string[] = [];
  const take = (index: number, result: string) => {
    assert.equal(taken[index], undefined);
    taken[index] = result;
  };
  await sweep(count, source, take, { clock });
  return taken;
}

const expected = (count: number) => Array.from({ length: count }, (_, index) => `${index}`);

describe('sweep', () => {
  it('looks at every file once, synchronously while that is quick', async () => {
    const time = new ManualTime();
    const { source, figures } = sourceOf(time, () => 0.01);
    assert.deepEqual(await swept(5_000, source, time), expected(5_000));
    assert.deepEqual([figures.sync, figures.async], [5_000, 0]);
  });

  it('looks at nothing where there is nothing', async () => {
    const time = new ManualTime();
    const { source, figures } = sourceOf(time, () => 0.01);
    assert.deepEqual(await swept(0, source, time), []);
    assert.equal(figures.sync, 0);
  });

  it('lets the event loop turn after each slice of four milliseconds', async () => {
    const time = new ManualTime();
    const { source } = sourceOf(time, () => 0.05);
    const turns = await turnsDuring(() => swept(1_000, source, time));
    assert.ok(turns >= 12, `${turns} turns in 50 ms of work`);
  });

  it('goes concurrent, thirty-two at a time, where reads wait for a disk, and comes back', async () => {
    const time = new ManualTime();
    const { source, figures } = sourceOf(time, (index) => (index < 1_000 ? 2 : 0.01));
    assert.deepEqual(await swept(3_000, source, time), expected(3_000));
    assert.equal(figures.mostAtOnce, 32);
    assert.deepEqual([figures.sync, figures.async], [3_000 - 1_024, 1_024]);
  });

  it('tries a few synchronous reads in a while as long as they wait', async () => {
    const time = new ManualTime();
    const { source, figures } = sourceOf(time, () => 2);
    assert.deepEqual(await swept(3_000, source, time), expected(3_000));
    assert.deepEqual([figures.sync, figures.async], [48 + 2 * 4, 3_000 - 48 - 2 * 4]);
  });

  it('does not take for a disk what is slow only because it is new to the engine', async () => {
    const time = new ManualTime();
    const { source, figures } = sourceOf(time, (index) => (index < 32 ? 0.4 : 0.02));
    assert.deepEqual(await swept(1_000, source, time), expected(1_000));
    assert.equal(figures.async, 0);
  });

  it('stays synchronous on a slow machine', async () => {
    const time = new ManualTime();
    const { source, figures } = sourceOf(time, () => 0.05);
    assert.deepEqual(await swept(10_000, source, time), expected(10_000));
    assert.deepEqual([figures.sync, figures.async], [10_000, 0]);
  });

  it('takes slow reads here and there for a busy processor', async () => {
    const time = new ManualTime();
    const { source, figures } = sourceOf(time, (index) => (index % 16 === 0 ? 0.01 : 0.2));
    assert.deepEqual(await swept(1_000, source, time), expected(1_000));
    assert.equal(figures.async, 0);
  });

  it('takes one slow slice for a busy processor', async () => {
    const time = new ManualTime();
    const { source, figures } = sourceOf(time, (index) => (index === 50 ? 20 : 0.01));
    assert.deepEqual(await swept(3_000, source, time), expected(3_000));
    assert.equal(figures.async, 0);
  });

  it('ends when it is aborted, with the reason', async () => {
    for (const millisPerRead of [0.01, 2]) {
      const time = new ManualTime();
      const { source } = sourceOf(time, () => millisPerRead);
      const abort = new AbortController();
      let taken = 0;
      const take = () => {
        taken++;
        abort.abort(new Error('enough'));
      };
      await assert.rejects(sweep(5_000, source, take, { clock: time, signal: abort.signal }), /enough/);
      assert.ok(taken < 1_000);
    }
  });
});
