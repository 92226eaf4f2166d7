import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import type { BatchIssueStorage } from '../../../../src/core/storage/issueStorage.ts';
import { CountingDisk } from '../../support/countingDisk.ts';
import { fileStorage } from '../../support/storages.ts';
import { useTemporaryFolder } from '../../support/temporaryFolder.ts';

const NOT_UTF8 = Buffer.from([0x23, 0x20, 0xe9, 0x74, 0xe9]);

describe('bad input', () => {
  const folder = useTemporaryFolder();
  let disk: CountingDisk;
  let storage: BatchIssueStorage;

  beforeEach(() => {
    disk = new CountingDisk();
    storage = fileStorage({ folder: folder().path, disk });
  });

  describe('a file that is not UTF-8', () => {
    beforeEach(() => folder().writeAll({ '000001_bad.md': NOT_UTF8, '000002_good.md': 'good' }));

    it('is listed with its problem beside the others', async () => {
      const [bad, good] = await storage.listIssues();
      assert.equal(bad?.problem?.code, 'notText');
      assert.match(bad?.problem?.message ?? '', /000001_bad\.md is not UTF-8/);
      assert.equal(bad?.content, '');
      assert.equal(bad?.number, 1);
      assert.equal(good?.content, 'good');
      const [summary] = await storage.listSummaries();
      assert.equal(summary?.size, NOT_UTF8.length);
      assert.equal(summary?.title, 'bad');
    });

    it('cannot be read or moved, but replaced and deleted, and both can be undone to the byte', async () => {
      await assert.rejects(storage.getIssue(1), { code: 'notText' });
      await assert.rejects(storage.markComplete(1), { code: 'notText' });
      const updated = await storage.updateIssuesBatch([{ ref: 1, content: 'text' }]);
      assert.equal(folder().read('000001_bad.md'), 'text');
      await storage.write(updated.undo);
      assert.ok(folder().bytes('000001_bad.md').equals(NOT_UTF8));
      const deleted = await storage.deleteIssuesBatch([1]);
      assert.equal(deleted.issues[0]?.problem?.code, 'notText');
      await storage.write(deleted.undo);
      assert.ok(folder().bytes('000001_bad.md').equals(NOT_UTF8));
    });
  });

  describe('a file that cannot be read', () => {
    beforeEach(() => {
      folder().writeAll({ '000001_bad.md': 'secret', '000002_good.md': 'good' });
      disk.fail({ method: ['read', 'readSync'], path: 'bad.md' }, 'EACCES');
    });

    it('is listed with its problem beside the others', async () => {
      const [bad, good] = await storage.listIssues();
      assert.equal(bad?.problem?.code, 'unreadable');
      assert.match(bad?.problem?.message ?? '', /000001_bad\.md cannot be read \(EACCES\)/);
      assert.equal(good?.content, 'good');
    });

    it('says what is wrong to whoever wants it', async () => {
      const unreadable = { name: 'IssueError', code: 'unreadable', message: /000001_bad\.md cannot be read \(EACCES\)/ };
      await assert.rejects(storage.getIssue(1), unreadable);
      await assert.rejects(storage.getIssuesBatch([1, 2]), unreadable);
      await assert.rejects(storage.updateIssue(1, 'x'), unreadable);
      await assert.rejects(storage.rename(1, 'x'), unreadable);
    });

    it('can be deleted, which then cannot be undone', async () => {
      const { undo } = await storage.deleteIssuesBatch([1]);
      assert.deepEqual(folder().contents(), { '000002_good.md': 'good' });
      await assert.rejects(storage.write(undo), { code: 'conflict' });
    });

    it('is deleted for its empty version, and for no other', async () => {
      const [bad] = await storage.listSummaries();
      assert.equal(bad?.version, '');
      await assert.rejects(storage.deleteIssue(1, { expectedVersion: 'of a text' }), { name: 'ConflictError' });
      await storage.deleteIssuesBatch([{ ref: 1, expectedVersion: bad?.version ?? '' }]);
      assert.deepEqual(folder().contents(), { '000002_good.md': 'good' });
    });
  });

  describe('a file that could not be read and can be by now', () => {
    for (const [when, nth] of [
      ['before it is looked at', 1],
      ['right before it is deleted', 2],
    ] as const) {
      it(`is not deleted for its empty version: ${when}`, async () => {
        const path = folder().write('000001_bad.md', 'readable');
        let recover = disk.fail({ method: ['read', 'readSync'] }, 'EACCES');
        const [bad] = await storage.listSummaries();
        recover();
        recover = nth === 1 ? () => undefined : disk.fail({ method: ['read', 'readSync'], nth: 1 }, 'EACCES');
        const deleting = storage.deleteIssue(1, { expectedVersion: bad?.version ?? 'none' });
        await assert.rejects(deleting, { name: 'ConflictError', filePath: path });
        recover();
        assert.equal(folder().read('000001_bad.md'), 'readable');
      });
    }
  });

  describe('a file that cannot be read for the moment', () => {
    for (const code of ['EMFILE', 'ENFILE', 'EIO']) {
      it(`is not deleted without its text (${code})`, async () => {
        folder().writeAll({ '000001_busy.md': 'busy', '000002_good.md': 'good' });
        const recover = disk.fail({ method: ['read', 'readSync'], path: 'busy.md' }, code);
        await assert.rejects(storage.deleteIssue(1), { code: 'unreadable', message: new RegExp(`busy\\.md cannot be read \\(${code}\\)`) });
        await assert.rejects(storage.deleteIssuesBatch([2, 1]), { code: 'unreadable' });
        assert.deepEqual(folder().contents(), { '000001_busy.md': 'busy', '000002_good.md': 'good' });
        recover();
        const { undo } = await storage.deleteIssuesBatch([1]);
        await storage.write(undo);
        assert.equal(folder().contents()['000001_busy.md'], 'busy');
      });
    }
  });

  describe('a folder that cannot be read', () => {
    it('is an error that names it, and not an empty store', async () => {
      folder().write('complete/000001_a.md');
      disk.fail({ method: 'list', path: 'complete' }, 'EACCES');
      const unreadable = { code: 'unreadable', message: /complete cannot be read \(EACCES\)/ };
      await assert.rejects(storage.listIssues(), unreadable);
      await assert.rejects(storage.listSummaries(), unreadable);
      await assert.rejects(storage.allComplete(), unreadable);
      await assert.rejects(storage.createIssue('x', ''), unreadable);
      await assert.rejects(storage.getIssue(1), unreadable);
    });

    it('is an error also where it may not even be looked at', async () => {
      disk.fail({ method: 'statSync' }, 'EACCES');
      await assert.rejects(storage.updateIssue('a', ''), { code: 'unreadable' });
      disk.fail({ method: 'list' }, 'EACCES');
      await assert.rejects(storage.getIssuesBatch([1]), { code: 'unreadable' });
    });
  });

  describe('a file where a folder must be', () => {
    it('gives an empty list, and a clear error to who creates', async () => {
      folder().write('issues', 'a file');
      storage = fileStorage({ folder: folder().join('issues') });
      assert.deepEqual(await storage.listIssues(), []);
      await assert.rejects(storage.createIssue('x', ''), { code: 'notWritable', message: /issues cannot be written: a file is where/ });
      storage = fileStorage({ folder: folder().join('issues/deeper') });
      assert.deepEqual(await storage.listIssues(), []);
      await assert.rejects(storage.createIssue('x', ''), { code: 'notWritable' });
      assert.deepEqual(folder().contents(), { issues: 'a file' });
    });

    it('keeps an issue where it is', async () => {
      folder().writeAll({ 'a.md': 'text', complete: 'a file' });
      await assert.rejects(storage.markComplete('a'), { code: 'notWritable' });
      assert.deepEqual(folder().contents(), { 'a.md': 'text', complete: 'a file' });
    });
  });

  describe('names that lead elsewhere or do not fit', () => {
    for (const name of ['../x', '..\\x', 'a/../../b', './x', '.\\x']) {
      it(`${name} is refused`, async () => {
        folder().write('a.md', 'text');
        await assert.rejects(storage.createIssue(name, ''), { code: 'invalidName' });
        await assert.rejects(storage.rename('a', name), { code: 'invalidName' });
        await assert.rejects(
          storage.createIssuesBatch([
            { name: 'ok', content: '' },
            { name, content: '' },
          ]),
          { code: 'invalidName' },
        );
        assert.deepEqual(folder().contents(), { 'a.md': 'text' });
      });
    }

    it('one that is too long in bytes is cut, and there is room for all that is done with it', async () => {
      folder().write('a.md', 'text');
      const name = '漢'.repeat(81);
      const issue = await storage.createIssue(`${name}漢漢漢`, 'text');
      assert.equal(issue.id, `000001_${name}`);
      await storage.updateIssue(issue, 'new');
      await storage.markComplete(issue);
      await storage.reopen(1);
      await storage.rename('a', '字'.repeat(100));
      assert.deepEqual(folder().contents(), { [`000001_${name}.md`]: 'new', [`${'字'.repeat(81)}.md`]: 'text' });
    });

    it('one that is longer than this file system takes is refused', async () => {
      folder().write('a.md', 'text');
      disk.fail({ method: ['create', 'move'] }, 'ENAMETOOLONG');
      await assert.rejects(storage.createIssue('x', ''), { code: 'tooLong', message: /Choose a shorter one/ });
      await assert.rejects(storage.rename('a', 'b'), { code: 'tooLong' });
      assert.deepEqual(folder().contents(), { 'a.md': 'text' });
    });

    it('one with the extension has it once', async () => {
      assert.equal((await storage.createIssue('foo.md', '')).id, '000001_foo');
    });
  });

  describe('a disk that fails', () => {
    const codes: readonly [string, RegExp][] = [
      ['ENOSPC', /the disk is full/],
      ['EDQUOT', /the disk is full/],
      ['EACCES', /cannot be written \(EACCES\)/],
      ['EPERM', /cannot be written \(EPERM\)/],
      ['EROFS', /cannot be written \(EROFS\)/],
    ];
    for (const [code, message] of codes) {
      it(`${code} is told clearly and leaves everything as it was`, async () => {
        const files = { 'a.md': 'text', 'complete/b.md': 'text' };
        folder().writeAll(files);
        disk.fail({ method: ['claim', 'create', 'replace', 'move', 'remove'] }, code);
        const failure = { code: 'notWritable', message };
        await assert.rejects(storage.createIssue('x', ''), failure);
        await assert.rejects(storage.updateIssue('a', 'new'), failure);
        await assert.rejects(storage.markComplete('a'), failure);
        await assert.rejects(storage.reopen('b'), failure);
        await assert.rejects(storage.rename('a', 'c'), failure);
        await assert.rejects(storage.deleteIssue('a'), failure);
        assert.deepEqual(folder().contents(), files);
      });
    }

    it('an unknown failure comes through as it is', async () => {
      folder().write('a.md', 'text');
      disk.fail({ method: 'replace' }, 'EIO');
      await assert.rejects(storage.updateIssue('a', 'new'), { code: 'EIO' });
    });

    it('failing to make the folder is told, too', async () => {
      storage = fileStorage({ folder: folder().join('issues'), disk });
      disk.fail({ method: 'makeFolder' }, 'EROFS');
      await assert.rejects(storage.createIssue('x', ''), { code: 'notWritable' });
      assert.deepEqual(readdirSync(folder().path), []);
    });
  });
});
