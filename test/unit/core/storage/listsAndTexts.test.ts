import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import type { BatchIssueStorage } from '../../../../src/core/storage/issueStorage.ts';
import { CountingDisk } from '../../support/countingDisk.ts';
import { fileStorage } from '../../support/storages.ts';
import { useTemporaryFolder } from '../../support/temporaryFolder.ts';

const BOM = '\ufeff';

describe('BatchIssueStorage, lists and texts', () => {
  const folder = useTemporaryFolder();
  let disk: CountingDisk;
  let storage: BatchIssueStorage;

  beforeEach(() => {
    disk = new CountingDisk();
    storage = fileStorage({ folder: folder().path, disk });
  });

  const ids = (issues: readonly { readonly id: string }[]) => issues.map(({ id }) => id);

  describe('lists', () => {
    it('give every issue of both folders in order', async () => {
      folder().writeAll({
        'zebra.md': '',
        '000010_b.md': '',
        'complete/000002_c.md': '',
        'complete/zebra.md': '',
        '000010_a.md': '',
        '~tilde.md': '',
      });
      const expected = ['complete/000002_c', '000010_a', '000010_b', 'zebra', 'complete/zebra', '~tilde'];
      assert.deepEqual(
        (await storage.listIssues()).map(({ key }) => key),
        expected,
      );
      assert.deepEqual(
        (await storage.listSummaries()).map(({ key }) => key),
        expected,
      );
    });

    it('give what a get gives, and summaries the same without the text', async () => {
      folder().writeAll({ '000001_a.md': '# A\n- [x] done', 'complete/b.md': 'text\n' });
      const issues = await storage.listIssues();
      assert.deepEqual(issues, [await storage.getIssue(1), await storage.getIssue('b')]);
      const [first] = await storage.listSummaries();
      const { content: _content, ...head } = await storage.getIssue(1);
      assert.deepEqual(first, { ...head, progress: { done: 1, total: 1 }, size: 14 });
    });

    it('leave out what is no issue', async () => {
      folder().writeAll({
        'a.md': '',
        'a.md.tmp': '',
        'b.tmp': '',
        'c.MD': '',
        'd.markdown': '',
        '.md': '',
        'pending/e.md': '',
        'complete/sub/f.md': '',
        'complete/complete/g.md': '',
        'complete.md': '',
      });
      assert.deepEqual(ids(await storage.listIssues()), ['a', 'complete']);
    });

    it('are empty for a missing store, and create nothing', async () => {
      storage = fileStorage({ folder: folder().join('issues') });
      assert.deepEqual(await storage.listIssues(), []);
      assert.deepEqual(await storage.listSummaries(), []);
      assert.equal(await storage.allComplete(), false);
      await assert.rejects(storage.getIssue(1), { code: 'notFound' });
      assert.deepEqual(readdirSync(folder().path), []);
    });
  });

  describe('allComplete', () => {
    it('is true only if there are issues and all of them are completed', async () => {
      assert.equal(await storage.allComplete(), false);
      folder().writeAll({ 'complete/a.md': '', 'folder.md/x.txt': '', 'pending/y.md': '' });
      assert.equal(await storage.allComplete(), true);
      folder().write('b.md');
      assert.equal(await storage.allComplete(), false);
    });
  });

  describe('texts', () => {
    const texts: readonly [string, string][] = [
      ['an empty one', ''],
      ['one without a final newline', '# a\nb'],
      ['one with CRLF', '# a\r\nb\r\n'],
      ['one with mixed line ends', 'a\r\nb\nc\rd'],
      ['one with a byte order mark', `${BOM}# a\n`],
      ['one with NUL and other control characters', 'a\0b\u0007\u001b[31m'],
      ['one beyond the basic plane', '🍓 \u{10ffff} ñ ñ'],
      ['one of 60 KB', `# long\n${'0123456789abcde\n'.repeat(3840)}`],
      ['one of 5 MB', `# huge\n${'0123456789abcde\n'.repeat(327_680)}`],
    ];
    for (const [title, text] of texts) {
      it(`pass through unchanged: ${title}`, async () => {
        const created = await storage.createIssue('x', text);
        assert.equal(created.content, text);
        assert.ok(folder().bytes('000001_x.md').equals(Buffer.from(text)));
        folder().write('y.md', text);
        const read = await storage.getIssue('y');
        assert.equal(read.content, text);
        assert.equal(read.version, created.version);
        await storage.updateIssue('y', `${read.content}+`);
        assert.ok(
          folder()
            .bytes('y.md')
            .equals(Buffer.from(`${text}+`)),
        );
        assert.deepEqual(
          (await storage.listIssues()).map(({ content }) => content),
          [text, `${text}+`],
        );
      });
    }

    it('with half a character are refused', async () => {
      folder().write('a.md', 'old');
      await assert.rejects(storage.createIssue('x', 'a\ud800b'), { code: 'notText' });
      await assert.rejects(storage.updateIssue('a', '\udc00'), { code: 'notText' });
      assert.deepEqual(folder().contents(), { 'a.md': 'old' });
    });
  });
});
