import assert from 'node:assert/strict';
import { ClickGuard } from '../../../../src/extension/commands/clickGuard.ts';
import { ManualTime } from '../../support/manualTime.ts';

describe('the guard against double clicks', () => {
  let time: ManualTime;
  let guard: ClickGuard;
  let done: string[];
  const click = (name: string) =>
    guard.click(async () => {
      done.push(name);
    });

  beforeEach(() => {
    time = new ManualTime();
    guard = new ClickGuard(time);
    done = [];
  });

  for (const pause of [0, 120, 200, 499]) {
    it(`takes the first of two clicks, ${pause} ms apart`, async () => {
      await click('first');
      time.advance(pause);
      await click('second');
      assert.deepEqual(done, ['first']);
    });
  }

  it('takes both where a double click’s time is between them', async () => {
    await click('first');
    time.advance(500);
    await click('second');
    assert.deepEqual(done, ['first', 'second']);
  });

  it('takes one of many, however long they go on', async () => {
    for (let clicks = 0; clicks < 10; clicks++) {
      await click(String(clicks));
      time.advance(150);
    }
    assert.deepEqual(done, ['0']);
  });

  it('does not take one that comes while the first is still being answered, nor the one right after that', async () => {
    let answer: () => void = () => undefined;
    const first = guard.click(
      () =>
        new Promise<void>((resolve) => {
          answer = resolve;
        }),
    );
    time.advance(2000);
    await click('meanwhile');
    answer();
    await first;
    time.advance(150);
    await click('right after');
    time.advance(500);
    await click('later');
    assert.deepEqual(done, ['later']);
  });

  it('takes the next one after one that failed', async () => {
    await assert.rejects(
      guard.click(() => Promise.reject(new Error('no'))),
      /no/,
    );
    time.advance(500);
    await click('next');
    assert.deepEqual(done, ['next']);
  });
});
