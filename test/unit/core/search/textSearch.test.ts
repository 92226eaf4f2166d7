import assert from 'node:assert/strict';
import type { Issue } from '../../../../src/core/issue/issue.ts';
import { EXCERPT_LENGTH, searchTexts, type TextMatch, type TextSource } from '../../../../src/core/search/textSearch.ts';
import { CountingDisk } from '../../support/countingDisk.ts';
import { fileStorage } from '../../support/storages.ts';
import { useTemporaryFolder } from '../../support/temporaryFolder.ts';

describe('searchTexts', () => {
  const folder = useTemporaryFolder();

  async function source(files: Readonly<Record<string, string | Uint8Array>>, cached: readonly string[] = []) {
    folder().writeAll(files);
    const storage = fileStorage({ folder: folder().path });
    const issues: Issue[] = cached.length > 0 ? await storage.getIssuesBatch(cached) : [];
    const disk = new CountingDisk();
    return { disk, folder: folder().path, summaries: await storage.listSummaries(), cached: issues };
  }

  async function found(from: TextSource, query: string, limit = 100) {
    const matches: TextMatch[] = [];
    const isComplete = await searchTexts(from, query, { limit, onMatch: (match) => void matches.push(match) });
    return { isComplete, matches };
  }

  const placesOf = (matches: readonly TextMatch[]) =>
    matches.map(({ summary, line, column, excerpt }) => [summary.id, line, column, excerpt]);

  it('says where the words are, in upper or lower case', async () => {
    const from = await source({
      '000001_a.md': '# One\n\nSet the Cookie here.\n',
      '000002_b.md': '# Two\r\n\r\n  - the cookie\r\n',
      '000003_c.md': '# Three\n\nNothing.\n',
      'complete/000004_d.md': '\ufeffcookies, many',
    });
    const { isComplete, matches } = await found(from, 'COOKIE');
    assert.equal(isComplete, true);
    assert.deepEqual(placesOf(matches), [
      ['000001_a', 2, 8, 'Set the Cookie here.'],
      ['000002_b', 2, 8, '- the cookie'],
      ['000004_d', 0, 0, 'cookies, many'],
    ]);
  });

  it('finds words in either normal form of Unicode, and says where they are in the real text', async () => {
    const line = 'Ein Cafe\u0301 und ガ, 🍓 and a re\u0301sume\u0301, 각 end';
    for (const form of ['NFC', 'NFD']) {
      const text = line.normalize(form);
      const from = await source({ '000001_a.md': `# One\n\n${text}\n` });
      for (const word of ['CAFÉ', 'ガ', 'résumé', '각', 'end', 'und']) {
        for (const typed of [word.normalize('NFC'), word.normalize('NFD')]) {
          const [match] = (await found(from, typed)).matches;
          const place = text.toLowerCase().indexOf(word.toLowerCase().normalize(form));
          assert.deepEqual([match?.line, match?.column, match?.excerpt], [2, place, text], `${typed} in ${form}`);
        }
      }
    }
  });

  it('wants every word, and shows the first line with most of them', async () => {
    const from = await source({ '000001_a.md': 'alpha\nbeta\nbeta and alpha\nalpha beta\n', '000002_b.md': 'alpha\n' });
    assert.deepEqual(placesOf((await found(from, 'alpha beta')).matches), [['000001_a', 2, 0, 'beta and alpha']]);
  });

  it('copes with a text of any number of lines', async () => {
    const lines = 200_000;
    const from = await source({ '000001_a.md': 'alpha\nbeta\n'.repeat(lines), '000002_b.md': `${'alpha\r'.repeat(lines)}\r\nbeta alpha` });
    assert.deepEqual(placesOf((await found(from, 'alpha beta')).matches), [
      ['000001_a', 0, 0, 'alpha'],
      ['000002_b', lines + 1, 0, 'beta alpha'],
    ]);
  });

  it('takes what is typed as text, not as a pattern', async () => {
    const from = await source({ '000001_a.md': 'a.b(c)[d]{1}^$|\\?+*', '000002_b.md': 'axb' });
    assert.deepEqual(placesOf((await found(from, 'A.B(C)[D]{1}^$|\\?+*')).matches), [['000001_a', 0, 0, 'a.b(c)[d]{1}^$|\\?+*']]);
  });

  it('cuts a long line around the word', async () => {
    const from = await source({ '000001_a.md': `${'before '.repeat(100)}needle${' after'.repeat(100)}` });
    const [match] = (await found(from, 'needle')).matches;
    assert.match(match?.excerpt ?? '', /^….*before needle after .*…$/);
    assert.ok((match?.excerpt.length ?? 0) <= EXCERPT_LENGTH);
  });

  it('reads every file once that is not in memory, and none that is', async () => {
    const from = await source({ '000001_a.md': 'x', '000002_b.md': 'needle', '000003_c.md': 'needle' }, ['000002_b']);
    const { matches } = await found(from, 'needle');
    assert.deepEqual(
      matches.map(({ summary }) => summary.id),
      ['000002_b', '000003_c'],
    );
    assert.deepEqual(from.disk.calls.map(({ path }) => path.slice(-11)).sort(), ['000001_a.md', '000003_c.md']);
  });

  it('reads a file whose text in memory is another by now', async () => {
    const from = await source({ '000001_a.md': 'needle' }, ['000001_a']);
    const storage = fileStorage({ folder: folder().path });
    folder().write('000001_a.md', 'hay');
    const { matches } = await found({ ...from, summaries: await storage.listSummaries() }, 'needle');
    assert.deepEqual([matches, from.disk.count('readSync', 'read')], [[], 1]);
  });

  it('looks at what is in memory first', async () => {
    const from = await source({ '000001_a.md': 'needle', '000002_b.md': 'needle' }, ['000002_b']);
    const { matches } = await found(from, 'needle');
    assert.deepEqual(
      matches.map(({ summary }) => summary.id),
      ['000002_b', '000001_a'],
    );
  });

  it('ends at the limit without reading on, and says so', async () => {
    const files = Object.fromEntries(Array.from({ length: 1500 }, (_, index) => [`${String(index).padStart(6, '0')}.md`, 'needle']));
    const from = await source(files);
    const { isComplete, matches } = await found(from, 'needle', 7);
    assert.deepEqual([isComplete, matches.length], [false, 7]);
    assert.ok(from.disk.count('readSync', 'read') < 1500, 'it has read everything');
  });

  it('tells of nothing and reads nothing more once it is called off', async () => {
    const from = await source({ '000001_a.md': 'needle', '000002_b.md': 'needle' });
    const aborted = new AbortController();
    const matches: TextMatch[] = [];
    const onMatch = (match: TextMatch) => {
      matches.push(match);
      aborted.abort(new Error('called off'));
    };
    await assert.rejects(
      searchTexts(from, 'needle', { limit: 10, onMatch, signal: aborted.signal }).then(() => aborted.signal.throwIfAborted()),
      /called off/,
    );
    assert.equal(matches.length, 1);
    from.disk.reset();
    await assert.rejects(searchTexts(from, 'needle', { limit: 10, onMatch, signal: aborted.signal }), /called off/);
    assert.equal(from.disk.calls.length, 0);
  });

  it('passes by what cannot be read, is gone, or is no text', async () => {
    const from = await source({ '000001_a.md': Buffer.from([0xff, 0x6e]), '000002_b.md': 'n', '000003_c.md': 'n' });
    folder().remove('000002_b.md');
    assert.deepEqual(placesOf((await found(from, 'n')).matches), [['000003_c', 0, 0, 'n']]);
  });

  it('finds nothing for a blank query', async () => {
    const from = await source({ '000001_a.md': ' ' });
    assert.deepEqual(await found(from, '  '), { isComplete: true, matches: [] });
    assert.equal(from.disk.calls.length, 0);
  });
});
