import assert from 'node:assert/strict';
import { basename } from 'node:path';
import { temporaryBeside } from '../../../../src/core/disk/temporaryNames.ts';
import { issueKey } from '../../../../src/core/formats/numberedLayout.ts';
import { HintQueue, type LookAt } from '../../../../src/core/sync/hintQueue.ts';
import { ManualTime } from '../../support/manualTime.ts';

const WINDOW = 100;

/** A queue whose looks last until the test ends them. */
function setUp() {
  const time = new ManualTime();
  const looks: LookAt[] = [];
  const ends: (() => void)[] = [];
  let windowMs = WINDOW;
  const queue = new HintQueue({
    windowMs: () => windowMs,
    process: (take) => {
      looks.push(take());
      return new Promise((resolve) => ends.push(resolve));
    },
    clock: time,
    schedule: time.schedule,
  });
  return {
    time,
    looks,
    queue,
    hint: (name: string, completed = false) => queue.add({ folder: completed ? 'complete' : '', name }),
    setWindow: (milliseconds: number) => {
      windowMs = milliseconds;
    },
    endLook: async () => {
      ends.shift()?.();
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
}

const names = (look: LookAt | undefined) => (typeof look === 'string' ? look : look?.map(({ name }) => name));

describe('HintQueue', () => {
  it('gathers hints for one window from the first, each name once', () => {
    const { time, looks, hint } = setUp();
    hint('a');
    time.advance(60);
    hint('b');
    hint('a');
    time.advance(39);
    assert.deepEqual(looks, []);
    time.advance(1);
    assert.deepEqual(names(looks[0]), ['a', 'b']);
    time.advance(10_000);
    assert.equal(looks.length, 1);
  });

  it('tells one name in both folders apart', () => {
    const { time, looks, hint } = setUp();
    hint('a', false);
    hint('a', true);
    time.advance(WINDOW);
    assert.deepEqual(looks, [
      [
        { folder: '', name: 'a' },
        { folder: 'complete', name: 'a' },
      ],
    ]);
  });

  it('looks at everything if one hint says so', () => {
    const { time, looks, hint, queue } = setUp();
    hint('a');
    queue.add('everything');
    time.advance(WINDOW);
    assert.deepEqual(looks, ['everything']);
  });

  it('takes more than two hundred names for a burst', () => {
    const { time, looks, hint } = setUp();
    for (let index = 0; index < 200; index++) {
      hint(`${index}`);
    }
    time.advance(WINDOW);
    assert.equal(names(looks[0])?.length, 200);

    const burst = setUp();
    for (let index = 0; index < 201; index++) {
      burst.hint(`${index}`);
    }
    burst.time.advance(WINDOW);
    assert.deepEqual(burst.looks, ['everything']);
  });

  describe('what is expected', () => {
    const keys = (count: number) => Array.from({ length: count }, (_, index) => issueKey(`${index}`, false));
    const echo = ({ hint, time }: ReturnType<typeof setUp>, count: number) => {
      for (let index = 0; index < count; index++) {
        hint(`${index}.md`);
      }
      // So many are waited for as a burst.
      time.advance(2 * WINDOW);
    };

    it('is looked at by name, and again where it comes twice', async () => {
      const queue = setUp();
      queue.queue.expect(keys(300));
      for (let round = 0; round < 3; round++) {
        echo(queue, 300);
        await queue.endLook();
      }
      assert.deepEqual(
        queue.looks.map((look) => names(look)?.length),
        [300, 300, 300],
      );
    });

    it('does not hide a burst of others', () => {
      const queue = setUp();
      queue.queue.expect(keys(300));
      for (let index = 0; index < 201; index++) {
        queue.hint(`other-${index}.md`);
      }
      echo(queue, 300);
      assert.deepEqual(queue.looks, ['everything']);
    });

    it('is a burst where the system may have lost some of it', () => {
      const queue = setUp();
      queue.queue.expect(keys(2_501));
      echo(queue, 2_500);
      assert.equal(queue.looks[0]?.length, 2_500);
      const more = setUp();
      more.queue.expect(keys(2_501));
      echo(more, 2_501);
      assert.deepEqual(more.looks, ['everything']);
    });

    it('is forgotten with a look at everything, and with the store', async () => {
      for (const forget of [(queue: HintQueue) => queue.add('everything'), (queue: HintQueue) => queue.forget()]) {
        const queue = setUp();
        queue.queue.expect(keys(300));
        forget(queue.queue);
        queue.time.advance(WINDOW);
        await queue.endLook();
        echo(queue, 300);
        assert.equal(queue.looks.at(-1), 'everything');
      }
    });

    it('can be asked for', () => {
      const queue = setUp();
      for (const key of keys(300)) {
        queue.queue.lookAgain(key);
      }
      queue.queue.lookAgain(issueKey('x', true));
      queue.time.advance(WINDOW);
      assert.equal(queue.looks[0]?.length, 301);
      assert.deepEqual(queue.looks[0]?.at(-1), { folder: 'complete', name: 'x.md' });
    });
  });

  it('takes no notice of temporary files of ours', () => {
    const { time, looks, hint } = setUp();
    for (let index = 0; index < 300; index++) {
      hint(basename(temporaryBeside(`/store/${index}.md`)));
    }
    assert.deepEqual(time.waits, []);
    hint('.tmp');
    hint('.markdown-issues-x');
    time.advance(WINDOW);
    assert.deepEqual(names(looks[0]), ['.tmp', '.markdown-issues-x']);
  });

  it('waits for a burst to end', () => {
    const { time, looks, hint } = setUp();
    for (let index = 0; index < 5_000; index++) {
      hint(`${index}`);
      time.advance(index % 5 === 0 ? 1 : 0);
    }
    assert.deepEqual(looks, []);
    time.advance(2 * WINDOW);
    assert.deepEqual(looks, ['everything']);
    time.advance(10_000);
    assert.equal(looks.length, 1);
  });

  it('waits two seconds at most for a burst that does not end', () => {
    const { time, looks, hint } = setUp();
    let elapsed = 0;
    for (; looks.length === 0 && elapsed < 5_000; elapsed++) {
      for (let index = 0; index < 5; index++) {
        hint(`${elapsed}-${index}`);
      }
      time.advance(1);
    }
    assert.ok(elapsed >= 2_000 && elapsed <= 2_000 + WINDOW, `${elapsed} ms`);
  });

  it('has one look at a time, and one more after it for what came meanwhile', async () => {
    const { time, looks, hint, endLook } = setUp();
    hint('a');
    time.advance(WINDOW);
    hint('b');
    time.advance(500);
    hint('c');
    time.advance(500);
    assert.equal(looks.length, 1);
    await endLook();
    time.advance(WINDOW);
    assert.deepEqual(names(looks[1]), ['b', 'c']);
    await endLook();
    time.advance(10_000);
    assert.equal(looks.length, 2);
  });

  it('asks for the window anew each time', () => {
    const { time, looks, hint, setWindow } = setUp();
    setWindow(1_000);
    hint('a');
    time.advance(999);
    assert.deepEqual(looks, []);
    time.advance(1);
    assert.equal(looks.length, 1);
  });

  it('looks at nothing any more when it is disposed', async () => {
    const { time, looks, hint, queue, endLook } = setUp();
    hint('a');
    time.advance(WINDOW);
    hint('b');
    queue.dispose();
    hint('c');
    await endLook();
    assert.deepEqual(time.waits, []);
    time.advance(10_000);
    assert.equal(looks.length, 1);

    const waiting = setUp();
    waiting.hint('a');
    waiting.queue.dispose();
    waiting.time.advance(10_000);
    assert.deepEqual(waiting.looks, []);
  });

  it('keeps its window while files change one after another', async () => {
    const { time, looks, hint, endLook } = setUp();
    for (let name = 0; name < 100; name++) {
      hint(`${name}`);
      time.advance(WINDOW);
      await endLook();
    }
    assert.equal(looks.length, 100);
  });
});
