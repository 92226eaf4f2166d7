import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import type { WorkOrder } from '../../processes/storeWorker.ts';
import { useTemporaryFolder } from '../support/temporaryFolder.ts';
import { scaled, TRUST_TIMEOUT_MS } from './scale.ts';
import { useWorkers } from './workers.ts';

const CREATORS = 8;
const UPDATERS = 4;
const MOVERS = 2;
/** How many issues each process creates, how many lines it appends to each of two, and how many moves it makes. */
const EACH = scaled(25, 250);
const LINES = scaled(10, 250);
const MOVES = scaled(60, 1_500);

type Name = (creator: number, index: number) => string;

/** Long enough that it is not written in one go on every system, and different for every issue. */
const textOf = (creator: number, index: number) => `# Issue ${index} of ${creator}\n${`${creator}/${index} `.repeat(2_000)}end\n`;

const SHARED = '000001_shared';
/** Shared, too, and completed and reopened all the while. */
const CONTESTED = '000002_contested';
const APPENDED = [SHARED, CONTESTED];
const START = '# Everybody appends to this\n';
const lineOf = (updater: number, index: number) => `${updater}/${index} ${'.'.repeat(100)}\n`;
const isOfLines = (text: string) => /^# Everybody appends to this\n(?:\d\/\d+ \.{100}\n)*$/.test(text);

const MOVED = '000003_moved';
const MOVED_TEXT = `# Moved\n${'to and fro '.repeat(2_000)}end\n`;

/** What others can be the cause of. Between its two names an issue has both, and a reader who looks at one can miss the other. */
const FORESEEN = ['ambiguous', 'conflict', 'exists', 'notFound'];

describe('several processes that work in one store', function () {
  this.timeout(TRUST_TIMEOUT_MS);
  // What still runs after a failure ends before its folder goes.
  const run = useWorkers();
  const folder = useTemporaryFolder();

  const creators = (name: Name, atOnce: number) =>
    Array.from({ length: CREATORS }, (_, creator): WorkOrder => {
      const drafts = Array.from({ length: EACH }, (_, index) => ({ name: name(creator, index), content: textOf(creator, index) }));
      return { kind: 'create', folder: folder().join('issues'), drafts, atOnce };
    });

  /** Fails where two of them got one number. @returns path and text of everything that was created. */
  function created(keys: readonly (readonly string[])[]): Record<string, string> {
    const numbers = keys.flat().map((key) => key.slice(0, 6));
    const repeated = numbers.filter((number, index) => numbers.indexOf(number) !== index);
    assert.deepEqual(repeated, [], 'numbers that are there twice');
    const files = keys.flatMap((ofOne, creator) => ofOne.map((key, index) => [`issues/${key}.md`, textOf(creator, index)] as const));
    assert.equal(files.length, CREATORS * EACH);
    return Object.fromEntries(files);
  }

  /** Compares names first, so that a failure can be read. Nothing else is there either: no temporary file stays behind. */
  function assertContents(expected: Readonly<Record<string, string>>): void {
    const contents = folder().contents();
    assert.deepEqual(Object.keys(contents), Object.keys(expected).sort());
    for (const [path, text] of Object.entries(expected)) {
      assert.ok(contents[path] === text, `${path} is not whole`);
    }
  }

  const cases: readonly [title: string, atOnce: number, name: Name][] = [
    ['equal names', 1, () => 'same'],
    ['different names', 1, (creator, index) => `issue ${index} of ${creator}`],
    ['batches of different names', 10, (creator, index) => `issue ${index} of ${creator}`],
  ];
  for (const [title, atOnce, name] of cases) {
    it(`create issues and never share a number: ${title}`, async () => {
      const work = await run(creators(name, atOnce));
      assertContents(created(work.map(({ keys }) => keys)));
    });
  }

  it('create, update one issue, and complete and reopen the same ones, and lose nothing', async () => {
    const store = folder().join('issues');
    folder().writeAll({ [`issues/${SHARED}.md`]: START, [`issues/${CONTESTED}.md`]: START, [`issues/${MOVED}.md`]: MOVED_TEXT });
    const updaters = Array.from({ length: UPDATERS }, (_, updater): WorkOrder => {
      return { kind: 'append', folder: store, ids: APPENDED, lines: Array.from({ length: LINES }, (_, index) => lineOf(updater, index)) };
    });
    const movers = Array.from({ length: MOVERS }, (): WorkOrder => {
      return { kind: 'move', folder: store, ids: [MOVED, CONTESTED], moves: MOVES };
    });
    const reader = new Reader(store);
    const working = run([...creators(() => 'same', 1), ...updaters, ...movers]).finally(() => reader.stop());
    const [work] = await Promise.all([working, reader.readUntilStopped()]);

    const refusals = new Set(work.flatMap((each) => each.refusals));
    assert.deepEqual(
      [...refusals].filter((code) => !FORESEEN.includes(code)),
      [],
      'what they were told',
    );
    assert.ok(refusals.has('conflict'), 'they never met');
    const keyOf = (id: string) => (folder().contents()[`issues/${id}.md`] === undefined ? `complete/${id}` : id);
    const texts = APPENDED.map((id) => [`issues/${keyOf(id)}.md`, folder().read(`issues/${keyOf(id)}.md`)] as const);
    for (const [path, text] of texts) {
      assertAppended(path, text);
    }
    assertContents({
      ...created(work.slice(0, CREATORS).map(({ keys }) => keys)),
      ...Object.fromEntries(texts),
      [`issues/${keyOf(MOVED)}.md`]: MOVED_TEXT,
    });
  });
});

/** Every line of every updater is there once, and those of one are in their order. */
function assertAppended(path: string, text: string): void {
  assert.ok(isOfLines(text), `${path} is torn`);
  const lines = text.slice(START.length).split(/(?<=\n)/);
  for (let updater = 0; updater < UPDATERS; updater++) {
    const own = lines.filter((line) => line.startsWith(`${updater}/`)).map((line) => line.split(' ', 1)[0]);
    const expected = Array.from({ length: LINES }, (_, index) => `${updater}/${index}`);
    assert.deepEqual(own, expected, `what process ${updater} has appended to ${path}`);
  }
  assert.equal(lines.length, UPDATERS * LINES);
}

/** Somebody who reads while others write, and must never see anything but whole texts. */
class Reader {
  readonly #store: string;
  readonly #seen = new Set<string>();
  #shared = START;
  #isStopped = false;

  constructor(store: string) {
    this.#store = store;
  }

  stop(): void {
    this.#isStopped = true;
  }

  async readUntilStopped(): Promise<void> {
    while (!this.#isStopped) {
      this.#readShared();
      for (const key of [MOVED, `complete/${MOVED}`]) {
        assert.ok([undefined, MOVED_TEXT].includes(this.#read(key)), `${key} is torn`);
      }
      for (const key of [CONTESTED, `complete/${CONTESTED}`]) {
        assert.ok(isOfLines(this.#read(key) ?? START), `${key} is torn`);
      }
      this.#readNew();
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  /** Every text goes on where the one before it ended. */
  #readShared(): void {
    const shared = this.#read(SHARED) ?? '';
    assert.ok(shared.startsWith(this.#shared) && isOfLines(shared), `an append has taken away what was there: ${shared.slice(-300)}`);
    this.#shared = shared;
  }

  /** What is created is whole from the first moment on, and nobody changes it afterwards. */
  #readNew(): void {
    for (const name of readdirSync(this.#store).filter((each) => /_same\.md$/.test(each) && !this.#seen.has(each))) {
      const text = this.#read(name.replace('.md', '')) ?? '';
      const [, index, creator] = /^# Issue (\d+) of (\d+)$/m.exec(text) ?? [];
      assert.ok(text === textOf(Number(creator), Number(index)), `${name} is torn`);
      this.#seen.add(name);
    }
  }

  /** @returns undefined while there is no such file. */
  #read(key: string): string | undefined {
    try {
      return readFileSync(`${this.#store}/${key}.md`, 'utf8');
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') {
        return undefined;
      }
      throw error;
    }
  }
}
