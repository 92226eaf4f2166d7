import assert from 'node:assert/strict';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { basename } from 'node:path';
import type { BatchIssueStorage } from '../../../../src/core/storage/issueStorage.ts';
import { BATCH_OPERATIONS, fileName } from '../../support/batchOperations.ts';
import { CountingDisk } from '../../support/countingDisk.ts';
import { ManualTime } from '../../support/manualTime.ts';
import { fileStorage } from '../../support/storages.ts';
import { useTemporaryFolder } from '../../support/temporaryFolder.ts';

const MANY = 50;

describe('batches', () => {
  const folder = useTemporaryFolder();
  let disk: CountingDisk;
  let storage: BatchIssueStorage;

  beforeEach(() => {
    disk = new CountingDisk();
    storage = fileStorage({
      folder: folder().path,
      disk,
      clock: new ManualTime(Date.now() + 60_000),
    });
  });

  /** Writes issues 1 to `count`. */
  function fill(below: string, count: number): number[] {
    const numbers = Array.from({ length: count }, (_, index) => index + 1);
    for (const number of numbers) {
      folder().write(below + fileName(number), `text ${number}`);
    }
    return numbers;
  }

  for (const { name, run, write, below } of BATCH_OPERATIONS) {
    describe(name, () => {
      it('answers in the order of the request, whatever form the references have', async () => {
        fill(below, 4);
        const { issues } = await run(storage, [3, '#1', `${below}${fileName(4)}`, '000002_issue-2']);
        assert.deepEqual(
          issues.map(({ id }) => id),
          ['000003_issue-3', '000001_issue-1', '000004_issue-4', '000002_issue-2'],
        );
      });

      it('scans the store once, and touches each file as often as one alone', async () => {
        const numbers = fill(below, MANY);
        await run(storage, numbers);
        assert.ok(disk.count('list') <= 2, 'at most once for each of the two folders');
        assert.equal(disk.count(write), MANY);
        assert.ok(disk.count('read', 'readSync') <= 2 * MANY);
        assert.ok(disk.count('stat', 'statSync') <= MANY + 3);
      });

      it('does nothing at all for one bad reference among good ones', async () => {
        fill(below, 3);
        folder().writeAll({ 'complete/000009_a.md': '', '000009_b.md': '' });
        const before = folder().contents();
        await assert.rejects(run(storage, [1, 2, 77]), { code: 'notFound' });
        await assert.rejects(run(storage, [1, 9, 2]), { name: 'AmbiguousIssueError' });
        await assert.rejects(run(storage, [1, 2, '#1']), { code: 'ambiguous', message: /named twice/ });
        assert.deepEqual(folder().contents(), before);
        assert.deepEqual(disk.writes, []);
        assert.deepEqual(disk.writes, []);
      });

      it('does nothing for no references', async () => {
        const { issues, undo } = await run(storage, []);
        await storage.write(undo);
        assert.deepEqual(issues, []);
        assert.deepEqual(disk.writes, []);
      });

      for (const nth of [1, 2, MANY]) {
        it(`takes everything back when the disk fails at file ${nth} of ${MANY}`, async () => {
          const numbers = fill(below, MANY);
          const before = folder().contents();
          disk.fail({ method: write, nth }, 'ENOSPC');
          await assert.rejects(run(storage, numbers), { code: 'notWritable', message: /disk is full/ });
          assert.deepEqual(folder().contents(), before);
        });
      }

      it('starts no further file after one that failed', async () => {
        const numbers = fill(below, MANY);
        disk.fail({ method: write }, 'ENOSPC');
        await assert.rejects(run(storage, numbers), { code: 'notWritable' });
        assert.ok(disk.count(write) < MANY / 2, `${disk.count(write)} were tried`);
      });

      it('can be undone, to the byte and the mode', async () => {
        const numbers = fill(below, 3);
        folder().write(`${below}000004_crlf.md`, '\ufeffa\r\nb', 0o755);
        const before = folder().contents();
        const { undo } = await run(storage, [...numbers, 4]);
        assert.notDeepEqual(folder().contents(), before);
        await storage.write(undo);
        assert.deepEqual(folder().contents(), before);
        assert.equal(folder().mode(`${below}000004_crlf.md`), 0o755);
      });

      it('is undone once, and refuses to be undone again', async () => {
        const numbers = fill(below, 3);
        const { undo } = await run(storage, numbers);
        await storage.write(undo);
        const before = folder().contents();
        await assert.rejects(storage.write(undo), { name: /ConflictError|IssueExistsError/ });
        assert.deepEqual(folder().contents(), before);
      });

      it('is taken back and done again by what its undo hands back', async () => {
        const numbers = fill(below, 3);
        const done = await run(storage, numbers);
        const after = folder().contents();
        const undone = await storage.write(done.undo);
        await storage.write(undone.undo);
        assert.deepEqual(folder().contents(), after);
      });

      it('tells of each file on the way there and on the way back', async () => {
        const numbers = fill(below, 3);
        const { changes, undo } = await run(storage, numbers);
        assert.equal(changes.length, 3);
        const undone = await storage.write(undo);
        assert.equal(undone.changes.length, 3);
        const keys = (await storage.listIssues()).map(({ key }) => key);
        assert.deepEqual(undone.changes.map(({ stored }) => stored?.summary.key).sort(), keys);
      });

      it('works on a few files at a time', async () => {
        const numbers = fill(below, MANY);
        const pauses = Array.from({ length: MANY }, (_, index) => disk.pause({ method: write, nth: index + 1 }));
        const running = run(storage, numbers);
        await pauses[15]?.reached;
        // Whatever else could start would have started by now.
        for (let turn = 0; turn < 20; turn++) {
          await new Promise((resolve) => setImmediate(resolve));
        }
        const atOnce = disk.count(write);
        for (const pause of pauses) {
          pause.resume();
        }
        await running;
        assert.equal(atOnce, 16);
      });
    });
  }

  describe('create', () => {
    const drafts = (count: number) =>
      Array.from({ length: count }, (_, index) => ({ name: `issue ${index + 1}`, content: `text ${index + 1}` }));

    it('numbers the issues in the order of the request, with two scans that read no file', async () => {
      fill('', 10);
      const { issues } = await storage.createIssuesBatch(drafts(MANY));
      assert.deepEqual(
        issues.map(({ number }) => number),
        Array.from({ length: MANY }, (_, index) => index + 11),
      );
      assert.equal(folder().read('000011_issue-1.md'), 'text 1');
      assert.equal(disk.count('list'), 4, 'each folder before the claims and after them');
      assert.equal(disk.count('claim'), MANY);
      assert.equal(disk.count('read', 'readSync', 'stat', 'statSync'), 0);
    });

    it('does nothing at all for one bad draft among good ones', async () => {
      storage = fileStorage({ folder: folder().join('issues'), disk });
      const bad = [
        { draft: { name: '../x', content: '' }, code: 'invalidName' },
        { draft: { name: 'x', content: '\ud800' }, code: 'notText' },
      ];
      for (const { draft, code } of bad) {
        await assert.rejects(storage.createIssuesBatch([...drafts(2), draft]), { code });
      }
      assert.deepEqual(readdirSync(folder().path), []);
      await storage.createIssuesBatch([]);
      assert.deepEqual(readdirSync(folder().path), []);
    });

    it('refuses what does not fit below 999999', async () => {
      folder().write('999997_x.md');
      await assert.rejects(storage.createIssuesBatch(drafts(3)), { code: 'outOfNumbers', message: /3 new issues do not fit/ });
      assert.deepEqual(disk.writes, []);
      assert.equal((await storage.createIssuesBatch(drafts(2))).issues[1]?.number, 999_999);
    });

    it('takes everything back when the disk fails half-way', async () => {
      disk.fail({ method: 'create', nth: 20 }, 'ENOSPC');
      await assert.rejects(storage.createIssuesBatch(drafts(MANY)), { code: 'notWritable' });
      assert.deepEqual(folder().contents(), {});
    });

    it('is undone into the place where deleted files go', async () => {
      const discarded: [string, string][] = [];
      const discard = async (path: string) => {
        discarded.push([basename(path), readFileSync(path, 'utf8')]);
        rmSync(path);
      };
      storage = fileStorage({ folder: folder().path, disk, discard });
      const { undo } = await storage.createIssuesBatch(drafts(2));
      await storage.write(undo);
      assert.deepEqual(discarded.sort(), [
        [fileName(1), 'text 1'],
        [fileName(2), 'text 2'],
      ]);
      assert.deepEqual(folder().contents(), {});
    });

    it('keeps what somebody has written into it after all was checked for the undo, and undoes the rest', async () => {
      const { undo } = await storage.createIssuesBatch(drafts(2));
      // The sweep that checks all of them reads at once; this is the look right before the file is removed.
      disk.before({ method: 'read', path: fileName(1) }, () => folder().write(fileName(1), 'edited'));
      const message = /^1 of 2 files were restored, the others were not: .*000001_issue-1\.md has been changed since/;
      await assert.rejects(storage.write(undo), { code: 'conflict', message });
      assert.deepEqual(folder().contents(), { [fileName(1)]: 'edited' });
    });

    it('can be undone, but not over what somebody has written into it since', async () => {
      const first = await storage.createIssuesBatch(drafts(3));
      await storage.write(first.undo);
      assert.deepEqual(folder().contents(), {});
      const second = await storage.createIssuesBatch(drafts(3));
      folder().write('000002_issue-2.md', 'edited');
      const before = folder().contents();
      await assert.rejects(storage.write(second.undo), { name: 'ConflictError', message: /000002_issue-2\.md has been changed since/ });
      assert.deepEqual(folder().contents(), before);
    });
  });

  describe('get', () => {
    it('answers in the order of the request, with one scan and one read for each file', async () => {
      const numbers = fill('', MANY);
      folder().write('complete/000099_done.md', 'done');
      const issues = await storage.getIssuesBatch([99, ...numbers, 'complete/000099_done']);
      assert.deepEqual(
        issues.map(({ number }) => number),
        [99, ...numbers, 99],
      );
      assert.equal(disk.count('list'), 2);
      assert.equal(disk.count('read', 'readSync'), MANY + 1);
    });

    it('finds what moved after the scan', async () => {
      fill('', 2);
      disk.before({ method: 'readSync', nth: 1 }, () => {
        folder().write(`complete/${fileName(1)}`, 'moved');
        folder().remove(fileName(1));
      });
      assert.equal((await storage.getIssuesBatch([1, 2]))[0]?.content, 'moved');
    });

    it('rejects when one of them is not there', async () => {
      fill('', 2);
      await assert.rejects(storage.getIssuesBatch([1, 3, 2]), { code: 'notFound', message: /“3”/ });
    });
  });

  describe('update', () => {
    it('checks every version before it writes the first file', async () => {
      const numbers = fill('', 3);
      const seen = await storage.getIssuesBatch(numbers);
      folder().write(fileName(3), 'somebody else');
      const before = folder().contents();
      const updates = seen.map(({ key, version }) => ({ ref: { key }, content: 'new', expectedVersion: version }));
      await assert.rejects(storage.updateIssuesBatch(updates), { name: 'ConflictError' });
      assert.deepEqual(folder().contents(), before);
      assert.deepEqual(disk.writes, []);
    });

    it('is not undone over what somebody has written since', async () => {
      const numbers = fill('', 3);
      const { undo } = await storage.updateIssuesBatch(numbers.map((ref) => ({ ref, content: 'new' })));
      folder().write(fileName(2), 'edited');
      const before = folder().contents();
      await assert.rejects(storage.write(undo), { name: 'ConflictError' });
      assert.deepEqual(folder().contents(), before);
    });
  });

  describe('moves', () => {
    it('do nothing at all if one target is taken', async () => {
      fill('', 3);
      folder().write(`complete/${fileName(3)}`, 'there already');
      const before = folder().contents();
      await assert.rejects(storage.markCompleteBatch([1, 2, fileName(3)]), { name: 'IssueExistsError' });
      assert.deepEqual(disk.writes, []);
      assert.deepEqual(folder().contents(), before);
    });

    it('leave alone what is there already', async () => {
      fill('', 2);
      await storage.markComplete(1);
      const { issues, undo } = await storage.markCompleteBatch([1, 2]);
      assert.deepEqual(
        issues.map(({ state }) => state),
        ['done', 'done'],
      );
      await storage.write(undo);
      assert.deepEqual(Object.keys(folder().contents()), [fileName(2), `complete/${fileName(1)}`]);
    });

    it('are not undone after somebody has written to a file, until it is as it was', async () => {
      fill('', 2);
      const { undo } = await storage.markCompleteBatch([1, 2]);
      folder().write(`complete/${fileName(1)}`, 'edited');
      const before = folder().contents();
      const changed = { name: 'ConflictError', message: /000001_issue-1\.md has been changed since\. It was left as it is\.$/ };
      await assert.rejects(storage.write(undo, { dryRun: true }), changed);
      await assert.rejects(storage.write(undo), changed);
      assert.deepEqual(folder().contents(), before);
      folder().write(`complete/${fileName(1)}`, 'text 1');
      await storage.write(undo);
      assert.deepEqual(folder().contents(), { [fileName(1)]: 'text 1', [fileName(2)]: 'text 2' });
    });

    it('are not undone if a file is gone or its old name is taken', async () => {
      fill('', 2);
      const gone = await storage.markCompleteBatch([1, 2]);
      folder().remove(`complete/${fileName(2)}`);
      await assert.rejects(storage.write(gone.undo), { name: 'ConflictError', message: /no longer exists/ });
      assert.deepEqual(Object.keys(folder().contents()), [`complete/${fileName(1)}`]);

      folder().write(`complete/${fileName(2)}`, 'text 2');
      const taken = await storage.reopenBatch([1, 2]);
      folder().write(`complete/${fileName(1)}`, 'another');
      await assert.rejects(storage.write(taken.undo), { name: 'IssueExistsError' });
      assert.deepEqual(folder().contents(), {
        [fileName(1)]: 'text 1',
        [fileName(2)]: 'text 2',
        [`complete/${fileName(1)}`]: 'another',
      });
    });

    it('are undone into a folder that is gone meanwhile', async () => {
      fill('complete/', 2);
      const reopened = await storage.reopenBatch([1, 2]);
      folder().remove('complete');
      await storage.write(reopened.undo);
      assert.equal(Object.keys(folder().contents('complete')).length, 2);
      const deleted = await storage.deleteIssuesBatch([1, 2]);
      folder().remove('complete');
      await storage.write(deleted.undo);
      assert.equal(Object.keys(folder().contents('complete')).length, 2);
    });
  });

  describe('delete', () => {
    it('checks every version before it removes the first file', async () => {
      const numbers = fill('', 3);
      const seen = await storage.getIssuesBatch(numbers);
      folder().write(fileName(3), 'somebody else');
      const before = folder().contents();
      const deletions = seen.map(({ key, version }) => ({ ref: { key }, expectedVersion: version }));
      await assert.rejects(storage.deleteIssuesBatch(deletions), { name: 'ConflictError', filePath: folder().join(fileName(3)) });
      assert.deepEqual(folder().contents(), before);
      assert.deepEqual(disk.writes, []);
    });

    it('takes references with a version and without one', async () => {
      fill('', 4);
      const [first, second] = await storage.getIssuesBatch([1, 2]);
      assert.ok(first && second);
      folder().write(fileName(2), 'somebody else');
      const { issues } = await storage.deleteIssuesBatch([3, { ref: '#1', expectedVersion: first.version }, second, { ref: 4 }]);
      assert.deepEqual(
        issues.map(({ number }) => number),
        [3, 1, 2, 4],
      );
      assert.deepEqual(folder().contents(), {});
    });

    it('keeps an edit that comes after all versions were checked, and puts back the rest', async () => {
      const numbers = fill('', 3);
      const seen = await storage.getIssuesBatch(numbers);
      // The sweep that checks reads at once; this is the look right before the file is removed.
      disk.before({ method: 'read', path: fileName(3) }, () => folder().write(fileName(3), 'somebody else'));
      const deletions = seen.map(({ key, version }) => ({ ref: { key }, expectedVersion: version }));
      await assert.rejects(storage.deleteIssuesBatch(deletions), { name: 'ConflictError', filePath: folder().join(fileName(3)) });
      assert.deepEqual(folder().contents(), { [fileName(1)]: 'text 1', [fileName(2)]: 'text 2', [fileName(3)]: 'somebody else' });
    });

    it('is not undone if the name is taken by then', async () => {
      fill('', 2);
      const { undo } = await storage.deleteIssuesBatch([1, 2]);
      folder().write(fileName(1), 'another');
      await assert.rejects(storage.write(undo), { name: 'IssueExistsError' });
      assert.deepEqual(folder().contents(), { [fileName(1)]: 'another' });
    });
  });
});
