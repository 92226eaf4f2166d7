import assert from 'node:assert/strict';
import { QuietTime } from '../../../../src/core/sync/quietTime.ts';
import { ManualTime } from '../../support/manualTime.ts';

describe('QuietTime', () => {
  let time: ManualTime;
  let quietAt: number[];
  let quiet: QuietTime;

  beforeEach(() => {
    time = new ManualTime();
    quietAt = [];
    quiet = new QuietTime({ clock: time, schedule: time.schedule, onQuiet: () => quietAt.push(time.now()) });
  });

  it('begins quiet, and whoever waits for it waits no time at all', () => {
    assert.ok(quiet.isNow);
    quiet.await();
    assert.deepEqual(time.waits, [0]);
    time.advance(5);
    assert.deepEqual([quietAt, time.now()], [[0], 5]);
  });

  it('is no time to wait for either when the last event is long ago', () => {
    quiet.disturbed();
    time.advance(3_000);
    quiet.await();
    assert.deepEqual(time.waits, [0]);
  });

  it('comes a second after the last event, once for all who wait', () => {
    quiet.disturbed();
    quiet.await();
    time.advance(600);
    quiet.disturbed();
    quiet.await();
    time.advance(2_000);
    assert.deepEqual(quietAt, [1_600]);
  });
});
