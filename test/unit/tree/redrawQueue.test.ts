import assert from 'node:assert/strict';
import { RedrawQueue } from '../../../src/extension/tree/redrawQueue.ts';
import { ManualTime } from '../support/manualTime.ts';

describe('RedrawQueue', () => {
  function made() {
    const time = new ManualTime();
    const drawn: string[] = [];
    const redraw = (nodes: readonly string[]) => void drawn.push(`${time.now()}: ${nodes.join(' ')}`);
    return { time, drawn, queue: new RedrawQueue<string>({ spacingMs: 250, schedule: time.schedule, redraw }) };
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

  it('draws nothing for nothing, nothing that was forgotten, and nothing after its end', () => {
    const { time, drawn, queue } = made();
    queue.add([]);
    assert.deepEqual([drawn, time.waits], [[], []]);
    queue.add(['a']);
    queue.add(['b']);
    queue.clear();
    time.advance(250);
    queue.add(['c']);
    queue.add(['d']);
    queue.dispose();
    time.advance(1000);
    assert.deepEqual(drawn, ['0: a', '250: c']);
  });
});
