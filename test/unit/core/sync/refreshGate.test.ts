import assert from 'node:assert/strict';
import { RefreshGate } from '../../../../src/core/sync/refreshGate.ts';
import { settled } from '../../support/settled.ts';

/** Work that says when it starts, and ends when the test wants it to. */
class Work {
  isRunning = false;
  readonly run: () => Promise<void>;
  end: (error?: Error) => void = () => undefined;

  constructor() {
    this.run = () => {
      this.isRunning = true;
      return new Promise((resolve, reject) => {
        this.end = (error) => {
          this.isRunning = false;
          if (error) {
            reject(error);
          } else {
            resolve();
          }
        };
      });
    };
  }
}

describe('RefreshGate', () => {
  it('lets writes run side by side', async () => {
    const gate = new RefreshGate();
    const [a, b] = [new Work(), new Work()];
    const writes = [gate.write(a.run), gate.write(b.run)];
    assert.ok(a.isRunning && b.isRunning && gate.isWriting);
    a.end();
    await settled();
    assert.ok(gate.isWriting);
    b.end();
    await Promise.all(writes);
    assert.equal(gate.isWriting, false);
  });

  it('keeps what must be alone waiting for the writes under way, and new writes waiting for it', async () => {
    const gate = new RefreshGate();
    const [before, look, after] = [new Work(), new Work(), new Work()];
    const all = [gate.write(before.run), gate.alone(look.run), gate.write(after.run)];
    await settled();
    assert.deepEqual([before.isRunning, look.isRunning, after.isRunning], [true, false, false]);
    before.end();
    await settled();
    assert.deepEqual([before.isRunning, look.isRunning, after.isRunning], [false, true, false]);
    look.end();
    await settled();
    assert.deepEqual([before.isRunning, look.isRunning, after.isRunning], [false, false, true]);
    after.end();
    await Promise.all(all);
  });

  it('lets one at a time be alone', async () => {
    const gate = new RefreshGate();
    const works = [new Work(), new Work(), new Work()];
    const all = works.map((work) => gate.alone(work.run));
    for (let round = 0; round < works.length; round++) {
      await settled();
      const running = works.filter(({ isRunning }) => isRunning);
      assert.equal(running.length, 1);
      running[0]?.end();
    }
    await Promise.all(all);
  });

  it('hands out results and failures, and stays open after a failure', async () => {
    const gate = new RefreshGate();
    assert.equal(await gate.write(async () => 1), 1);
    assert.equal(await gate.alone(async () => 2), 2);
    const failing = new Work();
    const failure = assert.rejects(gate.write(failing.run), /broken/);
    const look = gate.alone(async () => 3);
    failing.end(new Error('broken'));
    await failure;
    assert.equal(await look, 3);
    await assert.rejects(
      gate.alone(() => Promise.reject(new Error('worse'))),
      /worse/,
    );
    assert.equal(await gate.write(async () => 4), 4);
    assert.equal(gate.isWriting, false);
  });
});
