import assert from 'node:assert/strict';
import { ConflictError, IssueError } from '../../../../src/core/issue/issueErrors.ts';
import type { BatchIssueStorage } from '../../../../src/core/storage/issueStorage.ts';
import { PartlyDoneError } from '../../../../src/core/storage/partlyDoneError.ts';
import { BATCH_OPERATIONS, fileName } from '../../support/batchOperations.ts';
import { CountingDisk } from '../../support/countingDisk.ts';
import { partlyDone } from '../../support/partlyDone.ts';
import { fileStorage } from '../../support/storages.ts';
import { useTemporaryFolder } from '../../support/temporaryFolder.ts';

describe('batches that fail and cannot be taken back as a whole', () => {
  const folder = useTemporaryFolder();
  let disk: CountingDisk;
  let filled: Readonly<Record<string, string>>;
  let storage: BatchIssueStorage;

  beforeEach(() => {
    disk = new CountingDisk();
    filled = {};
    storage = fileStorage({ folder: folder().path, disk });
  });

  /** Writes issues 1 to `count`. */
  function fill(below: string, count: number): number[] {
    const numbers = Array.from({ length: count }, (_, index) => index + 1);
    for (const number of numbers) {
      folder().write(below + fileName(number), `text ${number}`);
    }
    filled = folder().contents();
    return numbers;
  }

  async function untilWritten(count: number): Promise<void> {
    const isTouched = ([path, text]: [string, string]) => folder().contents()[path] !== text;
    const isCreated = (path: string) => filled[path] === undefined && !path.includes('/') && !path.endsWith('.tmp');
    const touched = () => Object.entries(filled).filter(isTouched).length || Object.keys(folder().contents()).filter(isCreated).length;
    // Beside those that have been changed only the call that is held is under way.
    while (touched() < count || disk.underWay > 1) {
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  /** Completes issues 1 to `last`, of which the last fails after something has been done to the others. */
  async function completedAllBut(last: number, act: () => unknown): Promise<PartlyDoneError> {
    const move = { method: 'move', path: `complete/${fileName(last)}` } as const;
    const pause = disk.pause(move);
    disk.fail(move, 'EACCES');
    const failure = partlyDone(storage.markCompleteBatch(Array.from({ length: last }, (_, index) => index + 1)));
    await untilWritten(last - 1);
    act();
    pause.resume();
    return failure;
  }

  it('say what they could not take back, and take back the rest', async () => {
    fill('', 3);
    const pause = disk.pause({ method: 'replace', path: fileName(3) });
    // The third fails, and by then somebody has edited the first.
    disk.before({ method: 'replace', path: fileName(3) }, () => {
      folder().write(fileName(1), 'edited by somebody else');
      throw Object.assign(new Error('full'), { code: 'ENOSPC' });
    });
    const updates = [1, 2, 3].map((ref) => ({ ref, content: 'new' }));
    const failure = partlyDone(storage.updateIssuesBatch(updates));
    await untilWritten(2);
    pause.resume();
    const error = await failure;
    assert.match(error.message, /disk is full.* One file .* could not be restored: .*000001_issue-1\.md has been changed/);
    const texts = { [fileName(1)]: 'text 1', [fileName(2)]: 'text 2', [fileName(3)]: 'text 3' };
    assert.deepEqual(folder().contents(), { ...texts, [fileName(1)]: 'edited by somebody else' });
    // What somebody else has written is no more lost by this undo than by any other.
    await assert.rejects(storage.write(error.undo, { dryRun: true }), { name: 'ConflictError', filePath: folder().join(fileName(1)) });
    await assert.rejects(storage.write(error.undo), { name: 'ConflictError', filePath: folder().join(fileName(1)) });
    assert.equal(folder().read(fileName(1)), 'edited by somebody else');
    folder().write(fileName(1), 'new');
    await storage.write(error.undo);
    assert.deepEqual(folder().contents(), texts);
  });

  it('tell which keys hold what in the end, not what was written on the way', async () => {
    fill('', 3);
    const error = await completedAllBut(3, () => folder().write(fileName(1), 'another'));
    const keyOf = (number: number) => fileName(number).slice(0, -'.md'.length);
    const now = Object.fromEntries(error.changes.map(({ removed, stored }) => [removed ?? stored?.issue.key, stored?.issue.content]));
    assert.deepEqual(now, {
      [keyOf(1)]: undefined,
      [`complete/${keyOf(1)}`]: 'text 1',
      [keyOf(2)]: 'text 2',
      [`complete/${keyOf(2)}`]: undefined,
    });
  });

  it('say where a moved file is that somebody has written to meanwhile, and take it back once it is as it was', async () => {
    fill('', 3);
    const error = await completedAllBut(3, () => folder().write(`complete/${fileName(1)}`, 'edited'));
    const moved = folder().join('complete', fileName(1));
    assert.equal(error.code, 'notWritable');
    assert.match(
      error.message,
      /^\S+000003_issue-3\.md cannot be written \(EACCES\).* could not be restored: \S+000001_issue-1\.md has been/,
    );
    assert.ok(error.cause instanceof IssueError && !(error.cause instanceof PartlyDoneError));
    assert.deepEqual(
      error.left.map(({ filePath }) => filePath),
      [moved],
    );
    assert.ok(error.left[0]?.reason instanceof ConflictError);
    assert.deepEqual(folder().contents(), { [fileName(2)]: 'text 2', [fileName(3)]: 'text 3', [`complete/${fileName(1)}`]: 'edited' });
    await assert.rejects(storage.write(error.undo), { name: 'ConflictError', filePath: moved });
    folder().write(`complete/${fileName(1)}`, 'text 1');
    await storage.write(error.undo, { dryRun: true });
    await storage.write(error.undo);
    assert.deepEqual(folder().contents(), { [fileName(1)]: 'text 1', [fileName(2)]: 'text 2', [fileName(3)]: 'text 3' });
  });

  it('name a file whose old name is taken by where it is now', async () => {
    fill('', 2);
    const error = await completedAllBut(2, () => folder().write(fileName(1), 'another'));
    assert.ok(error.message.includes(`${folder().join('complete', fileName(1))}: ${folder().join(fileName(1))} exists already`));
  });

  for (const { name, run, write, below } of BATCH_OPERATIONS) {
    it(`take everything back once the disk recovers: ${name}`, async () => {
      const numbers = fill(below, 3);
      const before = folder().contents();
      const back = name === 'delete' ? 'create' : write;
      const pause = disk.pause({ method: write, path: fileName(3) });
      const stops = [disk.fail({ method: write, path: fileName(3) }, 'EACCES')];
      const failure = partlyDone(run(storage, numbers));
      await untilWritten(2);
      stops.push(disk.fail({ method: back }, 'EACCES'));
      pause.resume();
      const error = await failure;
      assert.equal(error.left.length, 2);
      assert.match(error.message, / 2 files .* could not be restored: .*issue-[12]\.md .*issue-[12]\.md/);
      const failed = folder().contents();
      assert.notDeepEqual(failed, before);
      await assert.rejects(storage.write(error.undo), {
        code: 'notWritable',
        message: /^0 of 2 files were restored, .*issue-[12].*issue-[12]/,
      });
      assert.deepEqual(folder().contents(), failed);
      for (const stop of stops) {
        stop();
      }
      await storage.write(error.undo);
      assert.deepEqual(folder().contents(), before);
    });
  }

  it('take new issues away once they can be', async () => {
    const pause = disk.pause({ method: 'create', path: fileName(3) });
    const stops = [disk.fail({ method: 'create', path: fileName(3) }, 'ENOSPC')];
    const failure = partlyDone(storage.createIssuesBatch([1, 2, 3].map((number) => ({ name: `issue-${number}`, content: '' }))));
    await untilWritten(2);
    stops.push(disk.fail({ method: 'remove', path: fileName(1) }, 'EACCES'));
    pause.resume();
    const error = await failure;
    assert.deepEqual(folder().contents(), { [fileName(1)]: '' });
    for (const stop of stops) {
      stop();
    }
    await storage.write(error.undo);
    assert.deepEqual(folder().contents(), {});
  });

  it('name a few of many files, and have all of them', async () => {
    fill('', 9);
    const error = await completedAllBut(9, () => disk.fail({ method: 'move' }, 'EACCES'));
    assert.equal(error.left.length, 8);
    assert.match(error.message, / 8 files .* could not be restored: .* And 3 more\.$/);
  });
});
