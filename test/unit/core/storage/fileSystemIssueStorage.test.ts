import assert from 'node:assert/strict';
import { chmodSync, readdirSync, utimesSync } from 'node:fs';
import type { Issue } from '../../../../src/core/issue/issue.ts';
import { NO_FIELDS } from '../../../../src/core/issue/issueFields.ts';
import type { BatchIssueStorage } from '../../../../src/core/storage/issueStorage.ts';
import { CountingDisk } from '../../support/countingDisk.ts';
import { fileStorage } from '../../support/storages.ts';
import { useTemporaryFolder } from '../../support/temporaryFolder.ts';

describe('BatchIssueStorage', () => {
  const folder = useTemporaryFolder();
  let disk: CountingDisk;
  let storage: BatchIssueStorage;

  beforeEach(() => {
    disk = new CountingDisk();
    storage = fileStorage({ folder: folder().path, disk });
  });

  describe('get', () => {
    it('says everything about an issue', async () => {
      const path = folder().write('000012_fix-login.md', '# Fix the login\n\n- [x] a\n- [ ] b\n');
      utimesSync(path, new Date(5_000), new Date(7_000));
      const issue = await storage.getIssue(12);
      const { createdAt, version, ...rest } = issue;
      assert.deepEqual(rest, {
        key: '000012_fix-login',
        id: '000012_fix-login',
        number: 12,
        name: 'fix-login',
        title: 'Fix the login',
        state: 'open',
        fields: NO_FIELDS,
        modifiedAt: 7_000,
        content: '# Fix the login\n\n- [x] a\n- [ ] b\n',
      } satisfies Omit<Issue, 'createdAt' | 'version' | 'key'> & { key: string });
      assert.ok(Math.abs(createdAt - Date.now()) < 60_000);
      assert.match(version, /^[\w-]{24}$/);
    });

    it('takes its title from the name and then from the id where the text has none', async () => {
      folder().writeAll({ '000001_no-text.md': '', '000002.md': ' \n' });
      assert.equal((await storage.getIssue(1)).title, 'no-text');
      assert.equal((await storage.getIssue(2)).title, '000002');
    });

    it('says that an issue is completed by its folder alone', async () => {
      folder().writeAll({ '000001_a.md': '---\ncompleted: true\n---\n', 'complete/000002_b.md': '---\ncompleted: false\n---\n' });
      assert.equal((await storage.getIssue(1)).state, 'open');
      assert.equal((await storage.getIssue(2)).state, 'done');
    });

    it('gives each text its own version, and equal texts the same', async () => {
      folder().writeAll({ 'a.md': 'one', 'b.md': 'two', 'c.md': 'one' });
      const [a, b, c] = await Promise.all([storage.getIssue('a'), storage.getIssue('b'), storage.getIssue('c')]);
      assert.equal(a.version, c.version);
      assert.notEqual(a.version, b.version);
    });
  });

  describe('create', () => {
    it('writes the text as it is under the next number and a safe name', async () => {
      folder().writeAll({ '000003_a.md': '', 'complete/000007_b.md': '' });
      const issue = await storage.createIssue('  Fix: the "login"  ', '# Login\r\nno newline at the end');
      assert.equal(issue.key, '000008_Fix-the-login');
      assert.equal(issue.number, 8);
      assert.equal(folder().read('000008_Fix-the-login.md'), '# Login\r\nno newline at the end');
      assert.deepEqual(await storage.getIssue(8), issue);
    });

    it('reads no file, and lists each folder before and after its claim', async () => {
      for (let number = 1; number <= 20; number++) {
        folder().write(`${String(number).padStart(6, '0')}_x.md`, 'text');
      }
      await storage.createIssue('y', '');
      assert.equal(disk.count('read', 'readSync', 'stat', 'statSync'), 0);
      assert.deepEqual(
        disk.calls.map(({ method }) => method),
        ['list', 'list', 'makeFolder', 'claim', 'list', 'list', 'create'],
      );
    });

    it('makes a store that is missing', async () => {
      storage = fileStorage({ folder: folder().join('deep/issues') });
      await storage.createIssue('first', 'text');
      assert.deepEqual(folder().contents(), { 'deep/issues/000001_first.md': 'text' });
    });

    it('gives concurrent creates different numbers', async () => {
      const issues = await Promise.all(Array.from({ length: 20 }, (_, index) => storage.createIssue(`issue ${index}`, '')));
      assert.deepEqual(
        issues.map(({ number }) => number),
        Array.from({ length: 20 }, (_, index) => index + 1),
      );
      assert.equal(readdirSync(folder().path).length, 20);
    });

    it('looks for another number when somebody takes the very same name first, and does not touch theirs', async () => {
      disk.before({ method: 'create', nth: 1 }, () => folder().write('000001_same.md', 'theirs'));
      const issue = await storage.createIssue('same', 'ours');
      assert.equal(issue.number, 2);
      assert.deepEqual(folder().contents(), { '000001_same.md': 'theirs', '000002_same.md': 'ours' });
    });

    it('gives up in the end, with the path, when somebody always comes first', async () => {
      disk.fail({ method: 'create' }, 'EEXIST');
      await assert.rejects(storage.createIssue('x', ''), { code: 'exists', message: /000001_x\.md exists already/ });
    });
  });

  describe('numbers', () => {
    const cases: readonly [string, readonly string[], number][] = [
      ['begins at 1', [], 1],
      ['counts on from the highest, leaving gaps', ['000001_a', '000005_b'], 6],
      ['counts both folders', ['000002_a', 'complete/000009_b'], 10],
      ['counts nameless files', ['000004'], 5],
      ['counts 000000', ['000000_a'], 1],
      ['does not count the numbers in a series', ['cli_000006_x', 'SHELL_MCP_000280_x', '0000007_seven-digits', '0-fix'], 1],
      ['counts the first of a doubled number', ['000182_000999_x'], 183],
      ['goes up to 999999', ['999998_x'], 999_999],
    ];
    for (const [title, files, expected] of cases) {
      it(title, async () => {
        for (const file of files) {
          folder().write(`${file}.md`);
        }
        assert.equal((await storage.createIssue('new', '')).number, expected);
      });
    }

    it('does not count other files and folders', async () => {
      folder().writeAll({ '000009_a.txt': '', '000010_b.md.tmp': '', 'pending/000011_c.md': '', '000012_d.md/x.txt': '' });
      assert.equal((await storage.createIssue('new', '')).number, 1);
    });

    it('end at 999999, with a clear refusal', async () => {
      folder().write('complete/999999_x.md');
      await assert.rejects(storage.createIssue('new', ''), { code: 'outOfNumbers', message: /999999/ });
      assert.deepEqual(Object.keys(folder().contents()), ['complete/999999_x.md']);
    });
  });

  describe('update', () => {
    it('replaces the text and says what there is now', async () => {
      folder().write('000001_a.md', 'old');
      const issue = await storage.updateIssue(1, '# New');
      assert.equal(folder().read('000001_a.md'), '# New');
      assert.equal(issue.title, 'New');
      assert.deepEqual(await storage.getIssue(1), issue);
    });

    it('goes through with the version that is there', async () => {
      folder().write('a.md', 'old');
      const { version } = await storage.getIssue('a');
      const updated = await storage.updateIssue('a', 'new', { expectedVersion: version });
      assert.equal(folder().read('a.md'), 'new');
      assert.notEqual(updated.version, version);
    });

    it('refuses another version than the one that is there, and writes nothing', async () => {
      folder().write('a.md', 'old');
      const { version } = await storage.getIssue('a');
      folder().write('a.md', 'somebody else');
      await assert.rejects(storage.updateIssue('a', 'new', { expectedVersion: version }), { name: 'ConflictError', code: 'conflict' });
      assert.deepEqual(folder().contents(), { 'a.md': 'somebody else' });
      assert.deepEqual(disk.writes, []);
    });

    it('refuses when the file changes between the look and the write, also without a version', async () => {
      folder().write('a.md', 'old');
      disk.before({ method: 'replace' }, () => folder().write('a.md', 'somebody else'));
      await assert.rejects(storage.updateIssue('a', 'new'), { name: 'ConflictError' });
      assert.deepEqual(folder().contents(), { 'a.md': 'somebody else' });
    });

    it('refuses when the file changes so that no stat could tell', async () => {
      const path = folder().write('a.md', 'old');
      const then = new Date(1_000_000);
      utimesSync(path, then, then);
      disk.before({ method: 'replace' }, () => {
        folder().write('a.md', 'odl');
        utimesSync(path, then, then);
      });
      await assert.rejects(storage.updateIssue('a', 'new'), { name: 'ConflictError' });
      assert.deepEqual(folder().contents(), { 'a.md': 'odl' });
    });

    it('refuses when the file is gone by then', async () => {
      folder().write('a.md', 'old');
      disk.before({ method: 'replace' }, () => folder().remove('a.md'));
      await assert.rejects(storage.updateIssue('a', 'new'), { name: 'ConflictError' });
      assert.deepEqual(folder().contents(), {});
    });

    it('writes nothing where nothing would change', async () => {
      folder().write('a.md', 'same');
      await storage.updateIssue('a', 'same');
      assert.deepEqual(disk.writes, []);
    });

    it('keeps the mode', async () => {
      const path = folder().write('a.md', 'old');
      chmodSync(path, 0o755);
      await storage.updateIssue('a', 'new');
      assert.equal(folder().mode('a.md'), 0o755);
    });
  });

  describe('complete, reopen and rename', () => {
    it('move the file and nothing else', async () => {
      const path = folder().write('000001_a.md', '# Text\r\n');
      chmodSync(path, 0o755);
      const before = await storage.getIssue(1);

      const completed = await storage.markComplete(1);
      assert.equal(completed.key, 'complete/000001_a');
      assert.equal(completed.state, 'done');
      assert.equal(completed.version, before.version);
      assert.deepEqual(folder().contents(), { 'complete/000001_a.md': '# Text\r\n' });
      assert.equal(folder().mode('complete/000001_a.md'), 0o755);
      assert.deepEqual(await storage.getIssue(1), completed);

      const reopened = await storage.reopen(1);
      assert.equal(reopened.key, '000001_a');
      assert.deepEqual(folder().contents(), { '000001_a.md': '# Text\r\n' });

      const renamed = await storage.rename(1, 'another name');
      assert.equal(renamed.key, '000001_another-name');
      assert.deepEqual(folder().contents(), { '000001_another-name.md': '# Text\r\n' });
      assert.equal(folder().mode('000001_another-name.md'), 0o755);
    });

    it('change nothing where nothing is to be changed', async () => {
      folder().writeAll({ 'a.md': 'text', 'complete/b.md': 'text' });
      assert.equal((await storage.reopen('a')).key, 'a');
      assert.equal((await storage.markComplete('b')).key, 'complete/b');
      assert.equal((await storage.rename('a', 'a')).key, 'a');
      assert.deepEqual(folder().contents(), { 'a.md': 'text', 'complete/b.md': 'text' });
      assert.equal(disk.count('move'), 0);
    });

    it('never replace a file', async () => {
      folder().writeAll({ 'a.md': 'active', 'complete/a.md': 'completed', 'b.md': 'b' });
      await assert.rejects(storage.markComplete('a.md'), { name: 'IssueExistsError', code: 'exists' });
      await assert.rejects(storage.reopen('complete/a'), { name: 'IssueExistsError' });
      await assert.rejects(storage.rename('b', 'a'), { name: 'IssueExistsError' });
      assert.deepEqual(folder().contents(), { 'a.md': 'active', 'complete/a.md': 'completed', 'b.md': 'b' });
    });

    it('never replace a file that comes at the last moment', async () => {
      folder().write('a.md', 'active');
      disk.before({ method: 'move' }, ({ path }) => folder().write(path.slice(folder().path.length + 1), 'theirs'));
      await assert.rejects(storage.markComplete('a'), { name: 'IssueExistsError' });
      await assert.rejects(storage.rename('a.md', 'b'), { name: 'IssueExistsError' });
      assert.deepEqual(folder().contents(), { 'a.md': 'active', 'complete/a.md': 'theirs', 'b.md': 'theirs' });
    });

    it('take along what somebody wrote at the last moment, and say so', async () => {
      folder().write('a.md', 'old');
      disk.before({ method: 'move' }, () => folder().write('a.md', 'newer text'));
      assert.equal((await storage.markComplete('a')).content, 'newer text');
      assert.deepEqual(folder().contents(), { 'complete/a.md': 'newer text' });
    });

    it('say so when the file is gone', async () => {
      folder().write('a.md', 'text');
      disk.before({ method: 'move' }, () => folder().remove('a.md'));
      await assert.rejects(storage.markComplete('a'), { name: 'ConflictError' });
      assert.deepEqual(folder().contents(), {});
    });

    it('make no folder for what they refuse', async () => {
      folder().write('a.md', Buffer.from([0xff]));
      await assert.rejects(storage.markComplete('a'), { code: 'notText' });
      await assert.rejects(storage.markComplete('b'), { code: 'notFound' });
      assert.deepEqual(readdirSync(folder().path), ['a.md']);
    });

    it('give a renamed issue its new name safely, and keep its number or its lack of one', async () => {
      folder().writeAll({ '000182_000182_memoranda.md': '1', 'cli_000006_x.md': '2', '000009.md': '3' });
      assert.equal((await storage.rename('000182_000182_memoranda', 'a/b?')).key, '000182_a-b');
      assert.equal((await storage.rename('cli_000006_x', 'plain words')).key, 'plain-words');
      assert.equal((await storage.rename('000009', '')).key, '000009_unnamed');
    });
  });

  describe('delete', () => {
    it('removes the file and says what it was', async () => {
      folder().writeAll({ '000001_a.md': '# Title\n- [ ] task', 'b.md': '' });
      const deleted = await storage.deleteIssue(1);
      assert.equal(deleted.title, 'Title');
      assert.deepEqual(folder().contents(), { 'b.md': '' });
    });

    it('hands the file to whoever takes deleted files', async () => {
      const discarded: string[] = [];
      const discard = async (path: string) => void discarded.push(path);
      storage = fileStorage({ folder: folder().path, disk, discard });
      const path = folder().write('a.md', 'text');
      await storage.deleteIssue('a');
      assert.deepEqual(discarded, [path]);
      assert.deepEqual(disk.writes, []);
    });

    it('leaves a file alone that changed after it was looked at', async () => {
      const path = folder().write('a.md', 'old');
      disk.before({ method: 'read', path: 'a.md' }, () => folder().write('a.md', 'newer'));
      await assert.rejects(storage.deleteIssue('a'), { name: 'ConflictError', filePath: path });
      assert.equal(folder().read('a.md'), 'newer');
    });

    it('refuses another version than the one that was seen, whatever form the reference has', async () => {
      const path = folder().write('000001_a.md', 'seen');
      const { version: expectedVersion, key } = await storage.getIssue(1);
      folder().write('000001_a.md', 'newer');
      for (const ref of [1, '#1', '000001_a', { key }]) {
        const message = /000001_a\.md is not the version that was read/;
        await assert.rejects(storage.deleteIssue(ref, { expectedVersion }), { name: 'ConflictError', filePath: path, message });
      }
      assert.deepEqual(disk.writes, []);
      assert.equal(folder().read('000001_a.md'), 'newer');
      const { version } = await storage.getIssue(1);
      assert.equal((await storage.deleteIssue(1, { expectedVersion: version })).version, version);
      assert.deepEqual(folder().contents(), {});
    });

    it('says so when the file is gone', async () => {
      folder().write('a.md', 'text');
      disk.before({ method: 'read', nth: 1 }, () => folder().remove('a.md'));
      await assert.rejects(storage.deleteIssue('a'), { name: 'ConflictError' });
    });
  });
});
