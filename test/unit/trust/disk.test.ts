import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, rmSync } from 'node:fs';
import type { Disk } from '../../../src/core/disk/disk.ts';
import { NodeDisk } from '../../../src/core/disk/nodeDisk.ts';
import { IssueError } from '../../../src/core/issue/issueErrors.ts';
import type { BatchIssueStorage } from '../../../src/core/storage/issueStorage.ts';
import { CountingDisk, type DiskMethod } from '../support/countingDisk.ts';
import { slowNameCalls } from '../support/slowNameCalls.ts';
import { fileStorage } from '../support/storages.ts';
import { TemporaryFolder, useTemporaryFolder } from '../support/temporaryFolder.ts';
import { withSystemFault } from './faultySystem.ts';
import { TRUST_TIMEOUT_MS } from './scale.ts';

const READERS: readonly DiskMethod[] = ['list', 'stat', 'statSync', 'read', 'readSync'];
const WRITERS: readonly DiskMethod[] = ['create', 'replace', 'move', 'remove', 'makeFolder'];

/** Two stores' worth of folders in one: numbers 1 to 4 are active, 5 to 8 completed. */
const FILES = Object.fromEntries(
  [1, 2, 3, 4, 5, 6, 7, 8].map((number) => [
    `store/${number > 4 ? 'complete/' : ''}00000${number}_issue-${number}.md`,
    `text ${number}\r\n${'line\n'.repeat(number)}without a last newline`,
  ]),
);

interface Operation {
  readonly name: string;
  readonly run: (storage: BatchIssueStorage) => Promise<unknown>;
  /** One look that fails need not stop it: a batch of gets looks twice. */
  readonly canDoWithout?: boolean;
}

const text = (number: number) => `new text of ${number}\n${'another line\n'.repeat(10)}`;
const drafts = [1, 2, 3, 4].map((number) => ({ name: `new-${number}`, content: text(number) }));
const updates = [1, 2, 7, 8].map((ref) => ({ ref, content: text(ref) }));

const WRITING: readonly Operation[] = [
  { name: 'create', run: (storage) => storage.createIssue('new', text(9)) },
  { name: 'update', run: (storage) => storage.updateIssue(2, text(2)) },
  { name: 'rename', run: (storage) => storage.rename(2, 'renamed') },
  { name: 'complete', run: (storage) => storage.markComplete('000002_issue-2') },
  { name: 'reopen', run: (storage) => storage.reopen(6) },
  { name: 'delete', run: (storage) => storage.deleteIssue(2) },
];
const BATCHES: readonly Operation[] = [
  { name: 'a batch of creates', run: (storage) => storage.createIssuesBatch(drafts) },
  { name: 'a batch of updates', run: (storage) => storage.updateIssuesBatch(updates) },
  { name: 'a batch of completes', run: (storage) => storage.markCompleteBatch([1, 2, 3, 4]) },
  { name: 'a batch of reopens', run: (storage) => storage.reopenBatch([5, 6, 7, 8]) },
  { name: 'a batch of deletes', run: (storage) => storage.deleteIssuesBatch([1, 2, 7, 8]) },
];
const READING: readonly Operation[] = [
  { name: 'get by number', run: (storage) => storage.getIssue(2) },
  { name: 'get by id', run: (storage) => storage.getIssue('000006_issue-6') },
  { name: 'a batch of gets', run: (storage) => storage.getIssuesBatch([1, 2, 7, 8]), canDoWithout: true },
];

/** Runs it in a store of its own, which is gone afterwards. */
async function inStore(act: (folder: TemporaryFolder, open: (disk?: Disk) => BatchIssueStorage) => Promise<void>): Promise<void> {
  const folder = new TemporaryFolder();
  try {
    folder.writeAll(FILES);
    await act(folder, (disk) => fileStorage({ folder: folder.join('store'), ...(disk && { disk }) }));
  } finally {
    folder.dispose();
  }
}

/** What the operation leaves behind where nothing fails. */
async function outcome({ run }: Operation): Promise<Record<string, string>> {
  let after: Record<string, string> = {};
  await inStore(async (folder, open) => {
    await run(open());
    after = folder.contents();
  });
  return after;
}

/** The error of something that must fail so that a person knows what to do. */
async function clearFailure(promise: Promise<unknown>, store: string): Promise<IssueError> {
  const error = await promise.then(
    () => assert.fail('it did not fail'),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof IssueError, `not an error for people: ${String(error)}`);
  assert.ok(error.message.includes(store), `the message names no file: ${error.message}`);
  assert.doesNotMatch(error.message, /\.tmp/);
  assert.match(error.message, /[.:] [A-Z]?[a-z ,]+.*\.$/, 'the message does not say what to do');
  return error;
}

/** Fails each call of the disk in turn, until the operation has no more. @returns how many it has. */
async function failEachCall(operation: Operation, methods: readonly DiskMethod[], code: string): Promise<number> {
  const expected = await outcome(operation);
  for (let nth = 1; ; nth++) {
    let isOver = false;
    await inStore(async (folder, open) => {
      const disk = new CountingDisk();
      const storage = open(disk);
      const stop = disk.fail({ method: methods, nth }, code);
      const running = operation.run(storage);
      const hasFailed = await running.then(
        () => false,
        () => true,
      );
      isOver = disk.count(...methods) < nth;
      if (!hasFailed && operation.canDoWithout === true && methods === READERS) {
        assert.deepEqual(folder.contents(), expected, `call ${nth}: neither failed nor done`);
        return;
      }
      if (!isOver) {
        await clearFailure(running, folder.join('store'));
        assert.deepEqual(folder.contents(), FILES, `call ${nth}: not every file is as before`);
      }
      stop();
      if (!isOver) {
        await operation.run(storage);
        assert.deepEqual(folder.contents(), expected, `call ${nth}: it did not succeed afterwards`);
      }
    });
    if (isOver) {
      return nth - 1;
    }
  }
}

describe('a failing disk', function () {
  this.timeout(TRUST_TIMEOUT_MS);

  for (const operation of [...WRITING, ...BATCHES]) {
    for (const code of ['ENOSPC', 'EACCES', 'EROFS']) {
      it(`${code} at each write in turn loses nothing: ${operation.name}`, async () => {
        const calls = await failEachCall(operation, WRITERS, code);
        assert.ok(calls >= (BATCHES.includes(operation) ? 4 : 1), `only ${calls} calls`);
      });
    }
  }

  for (const operation of [...WRITING, ...BATCHES, ...READING]) {
    for (const code of ['EMFILE', 'EACCES']) {
      it(`${code} at each look in turn loses nothing: ${operation.name}`, async () => {
        assert.ok((await failEachCall(operation, READERS, code)) >= 1);
      });
    }
  }

  const filling = [...WRITING, ...BATCHES].filter(({ name }) => !name.includes('delete'));
  for (const { operation, form } of filling.flatMap((operation) => ['synchronous', 'promised'].map((form) => ({ operation, form })))) {
    it(`ENOSPC at each call of the system that needs room, half-way through a write, too: ${operation.name}, names ${form}`, async () => {
      const expected = await outcome(operation);
      for (let nth = 1, isHit = true; isHit; nth++) {
        await inStore(async (folder, open) => {
          if (form === 'promised') {
            await slowNameCalls();
          }
          const storage = open(new NodeDisk());
          let running: Promise<unknown> = Promise.resolve();
          isHit = await withSystemFault(nth, 'ENOSPC', async () => {
            running = operation.run(storage);
            await running.catch(() => undefined);
          });
          if (!isHit) {
            assert.ok(nth > 1, 'no call was seen');
            return;
          }
          const error = await clearFailure(running, folder.join('store'));
          assert.match(error.message, /the disk is full/);
          assert.deepEqual(folder.contents(), FILES, `call ${nth}: not every file is as before`);
          await operation.run(storage);
          assert.deepEqual(folder.contents(), expected, `call ${nth}: it did not succeed afterwards`);
        });
      }
    });
  }

  it('EMFILE while everything is listed shows the issue with its problem, and nothing is kept of that', async () => {
    await inStore(async (folder, open) => {
      const disk = new CountingDisk();
      const storage = open(disk);
      const stop = disk.fail({ method: ['read', 'readSync'], path: 'issue-2.md' }, 'EMFILE');
      const failed = (await storage.listIssues()).filter(({ problem }) => problem !== undefined);
      assert.deepEqual(
        failed.map(({ number }) => number),
        [2],
      );
      assert.match(failed[0]?.problem?.message ?? '', /issue-2\.md cannot be read \(EMFILE\)/);
      stop();
      const issues = await storage.listIssues();
      assert.equal(issues.length, 8);
      assert.ok(issues.every(({ problem }) => problem === undefined));
      assert.deepEqual(folder.contents(), FILES);
    });
  });
});

describe('a store that vanishes', () => {
  const methods: readonly DiskMethod[] = [...READERS, 'move', 'remove', 'makeFolder'];

  for (const operation of [...WRITING, ...BATCHES]) {
    it(`before each look, move and removal in turn: ${operation.name}`, async () => {
      const expected = await outcome(operation);
      for (let nth = 1, isOver = false; !isOver; nth++) {
        await inStore(async (folder, open) => {
          const disk = new CountingDisk();
          const storage = open(disk);
          const stop = disk.before({ method: methods, nth }, () => rmSync(folder.join('store'), { recursive: true }));
          const running = operation.run(storage);
          const error = await running.then(
            () => undefined,
            (reason: unknown) => reason,
          );
          isOver = disk.count(...methods) < nth;
          stop();
          if (isOver) {
            return;
          }
          // A create makes a store where there is none.
          if (error !== undefined) {
            assert.ok(error instanceof IssueError, `call ${nth}: not an error for people: ${String(error)}`);
            // Taking a batch back can put files of it into a new folder; they must be what they were.
            for (const [path, content] of Object.entries(folder.contents())) {
              assert.equal(content, FILES[path], `call ${nth}: ${path}`);
            }
          }
          rmSync(folder.join('store'), { recursive: true, force: true });
          folder.writeAll(FILES);
          await operation.run(storage);
          assert.deepEqual(folder.contents(), expected, `call ${nth}: it did not succeed afterwards`);
        });
      }
    });
  }
});

function mount(target: string, ...options: readonly string[]): boolean {
  return spawnSync('mount', [...options, 'tmpfs', target], { stdio: 'ignore' }).status === 0;
}

describe('a real disk', () => {
  // Before the folder is removed, which hooks in the order of their registration see to.
  afterEach(() => {
    if (isMounted) {
      spawnSync('umount', [folder().join('store')]);
    }
  });

  const folder = useTemporaryFolder();
  let isMounted = false;
  let disk: CountingDisk;
  let storage: BatchIssueStorage;

  beforeEach(() => {
    folder().makeFolder('store');
    const isLinuxRoot = process.platform === 'linux' && process.getuid?.() === 0;
    isMounted = isLinuxRoot && mount(folder().join('store'), '-t', 'tmpfs', '-o', 'size=64k');
    disk = new CountingDisk();
    storage = fileStorage({ folder: folder().join('store'), disk });
  });

  it('of 64 KB that is full says so, keeps every file, and takes the text once there is room', async () => {
    folder().writeAll({ 'store/000001_a.md': 'a'.repeat(9_000), 'store/000002_b.md': 'b'.repeat(9_000) });
    const before = folder().contents();
    const tooMuch = 'x'.repeat(100_000);
    const stop = isMounted ? () => undefined : disk.fail({ method: ['create', 'replace'] }, 'ENOSPC');
    const full = { name: 'IssueError', code: 'notWritable', message: /store.*\.md was not written: the disk is full/ };
    await assert.rejects(storage.updateIssue(1, tooMuch), full);
    await assert.rejects(storage.createIssue('c', tooMuch), full);
    await assert.rejects(storage.createIssuesBatch(['c', 'd', 'e', 'f', 'g'].map((name) => ({ name, content: 'x'.repeat(20_000) }))), full);
    assert.deepEqual(folder().contents(), before);
    const twice = [1, 2].map((ref) => ({ ref, content: 'y'.repeat(40_000) }));
    await assert.rejects(storage.updateIssuesBatch(twice), full);
    assert.deepEqual(folder().contents(), before);
    stop();
    await storage.updateIssue(1, 'y'.repeat(40_000));
    assert.equal(folder().read('store/000001_a.md').length, 40_000);
  });

  it('that is read-only says so, keeps every file, and is written once it can be', async () => {
    folder().writeAll(FILES);
    const store = folder().join('store');
    const undo = readOnly(store);
    for (const { run } of [...WRITING, ...BATCHES]) {
      const error = await clearFailure(run(storage), store);
      assert.equal(error.code, 'notWritable');
      assert.match(error.message, /cannot be written \((EACCES|EPERM|EROFS)\)/);
    }
    assert.deepEqual(folder().contents(), FILES);
    undo();
    await storage.updateIssue(1, 'new');
    assert.equal(folder().read('store/000001_issue-1.md'), 'new');
  });

  /** As real as it can be: root may write wherever modes forbid it. */
  function readOnly(store: string): () => void {
    if (isMounted && mount(store, '-o', 'remount,ro')) {
      return () => assert.ok(mount(store, '-o', 'remount,rw'));
    }
    if (process.platform === 'win32' || process.getuid?.() === 0) {
      return disk.fail({ method: WRITERS }, 'EROFS');
    }
    const folders = [store, `${store}/complete`];
    const setModes = (mode: number) => {
      for (const each of folders) {
        chmodSync(each, mode);
      }
    };
    setModes(0o555);
    return () => setModes(0o755);
  }
});
