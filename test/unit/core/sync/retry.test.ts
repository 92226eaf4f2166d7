import assert from 'node:assert/strict';
import { Retry } from '../../../../src/core/sync/retry.ts';
import { ManualTime } from '../../support/manualTime.ts';

describe('Retry', () => {
  function setUp() {
    const time = new ManualTime();
    let tries = 0;
    const retry = new Retry(time.schedule, () => tries++);
    return { time, retry, tries: () => tries };
  }

  it('tries again after twice the time of before, five minutes at most', () => {
    const { time, retry, tries } = setUp();
    const waits: number[] = [];
    for (let failure = 1; failure <= 9; failure++) {
      retry.failed();
      waits.push(...time.waits);
      time.advance(time.waits[0] ?? 0);
      assert.equal(tries(), failure);
    }
    assert.deepEqual(
      waits.map((wait) => wait / 1000),
      [5, 10, 20, 40, 80, 160, 300, 300, 300],
    );
  });

  it('has one try on its way at most', () => {
    const { time, retry, tries } = setUp();
    retry.failed();
    retry.failed();
    time.advance(60_000);
    assert.equal(tries(), 1);
  });

  it('begins anew after a success, which calls the next try off', () => {
    const { time, retry, tries } = setUp();
    retry.failed();
    retry.failed();
    retry.succeeded();
    assert.deepEqual(time.waits, []);
    retry.failed();
    assert.deepEqual(time.waits, [5_000]);
    assert.equal(tries(), 0);
  });

  it('tries no more when it is disposed', () => {
    const { time, retry } = setUp();
    retry.failed();
    retry.dispose();
    assert.deepEqual(time.waits, []);
  });
});
