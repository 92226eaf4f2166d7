import assert from 'node:assert/strict';
import { RedrawQueue } from '../../../src/extension/redrawQueue.ts';
import { ManualTime } from '../support/manualTime.ts';

describe('RedrawQueue', () => {
  function made(rows = 0) {
    const time = new ManualTime();
    const drawn: string[] = [];
    const redraw = (nodes: readonly string[]) => {
      drawn.push(`${time.now()}: ${nodes.join(' ')}`);
      return rows;
    };
    return { time, drawn, queue: new RedrawQueue<string>({ spacingMs: 250, schedule: time.schedule, clock: time, redraw }) };
  }

  /** When it has drawn during 10 minutes of a change every so many milliseconds. */
  function drawnDuring(rows: number, everyMs: number) {
    const { time, drawn, queue } = made(rows);
    for (let ms = 0; ms < 600_000; ms += everyMs) {
      queue.add([`${ms}`]);
      time.advance(everyMs);
    }
    return { time, drawn, times: drawn.map((line) => Number.parseInt(line, 10)) };
  }

  it('draws at once, and what comes meanwhile together and once', () => {
    const { time, drawn, queue } = made();
    queue.add(['a']);
    time.advance(100);
    queue.add(['b', 'a']);
    queue.add(['b']);
    assert.deepEqual(drawn, ['0: a']);
    time.advance(1000);
    assert.deepEqual(drawn, ['0: a', '250: b a']);
    queue.add(['c']);
    assert.deepEqual(drawn.at(-1), '1100: c');
  });

  it('follows an endless stream', () => {
    const { time, drawn, queue } = made();
    for (let step = 0; step < 20; step++) {
      queue.add([`${step}`]);
      time.advance(50);
    }
    assert.deepEqual(drawn, ['0: 0', '250: 1 2 3 4', '500: 5 6 7 8 9', '750: 10 11 12 13 14', '1000: 15 16 17 18 19']);
  });

  it('draws the more seldom the more rows it makes, for as long as changes come', () => {
    assert.deepEqual(drawnDuring(800, 50).times.slice(0, 4), [0, 16_000, 32_000, 48_000]);
    assert.deepEqual(drawnDuring(10, 50).times.slice(0, 4), [0, 250, 500, 750]);
    // Of so many no more than a minute's worth is waited for.
    assert.deepEqual(drawnDuring(10_000, 50).times.slice(0, 4), [0, 60_000, 120_000, 180_000]);
  });

  it('makes no more than 100 rows a second, however fast changes come', () => {
    for (const everyMs of [20, 50, 400, 600, 1000, 5000]) {
      for (const rows of [1, 100, 800, 1500]) {
        const { drawn } = drawnDuring(rows, everyMs);
        assert.ok((drawn.length * rows) / 600 <= 100, `${drawn.length} times ${rows} rows, with a change every ${everyMs} ms`);
      }
    }
  });

  it('draws what has changed soon after changes have paused', () => {
    const { time, drawn } = drawnDuring(800, 50);
    time.advance(250);
    assert.equal(drawn.at(-1)?.split(' ').at(-1), '599950');
  });

  it('draws single changes soon, a few of them even if many rows were made', () => {
    const { time, drawn, queue } = made(800);
    for (const name of ['a', 'b', 'c', 'd']) {
      queue.add([name]);
      time.advance(3000);
    }
    assert.deepEqual(drawn, ['0: a', '3250: b', '6250: c', '9250: d']);
    time.advance(60_000);
    queue.add(['e']);
    assert.equal(drawn.at(-1), '72000: e');
  });

  it('draws at once what a person waits for', () => {
    const { time, drawn, queue } = made(800);
    for (const name of ['a', 'b', 'c']) {
      queue.add([name]);
      queue.flush();
      queue.flush();
      time.advance(10);
    }
    assert.deepEqual(drawn, ['0: a', '10: b', '20: c']);
  });

  it('draws nothing for nothing, and nothing after its end', () => {
    const { time, drawn, queue } = made();
    queue.add([]);
    assert.deepEqual([drawn, time.waits], [[], []]);
    queue.flush();
    assert.deepEqual([drawn, time.waits], [[], []]);
    queue.add(['a']);
    queue.add(['b']);
    queue.dispose();
    time.advance(1000);
    assert.deepEqual(drawn, ['0: a']);
  });
});
