import assert from 'node:assert/strict';
import { linkSync, lstatSync, renameSync, symlinkSync, utimesSync } from 'node:fs';
import { NodeDisk } from '../../../../src/core/disk/nodeDisk.ts';
import { removeLeftovers } from '../../../../src/core/health/leftovers.ts';
import { CountingDisk } from '../../support/countingDisk.ts';
import { useTemporaryFolder } from '../../support/temporaryFolder.ts';

const FOLDERS = ['', 'complete'];
const MINUTE = 60_000;
const RANDOM = '.markdown-issues-0123456789abcdef.tmp';
const CLAIM = '.markdown-issues-000123.tmp';
const MOVED = '.markdown-issues-moved-0123456789abcdef.tmp';

describe('leftovers', () => {
  const folder = useTemporaryFolder();
  /** Long after everything that a test writes, unless it says when it did. */
  const later = () => Date.now() + 11 * MINUTE;
  const remove = (now = later(), disk = new CountingDisk()) => removeLeftovers(disk, folder().path, FOLDERS, now);
  const names = () => Object.keys(folder().contents());

  it('of ours are removed from both folders when they are old', async () => {
    folder().writeAll({ [RANDOM]: 'x', [CLAIM]: 'x', [`complete/${RANDOM}`]: 'x', '000001_a.md': 'text', 'complete/000002_b.md': 'text' });
    const { removed, kept } = await remove();
    assert.deepEqual(removed, [RANDOM, CLAIM, `complete/${RANDOM}`].map((name) => folder().join(name)).sort());
    assert.deepEqual(kept, []);
    assert.deepEqual(names(), ['000001_a.md', 'complete/000002_b.md']);
  });

  it('of ours stay for ten minutes', async () => {
    const long = new Date(Date.now() - 60 * MINUTE);
    const soon = new Date(Date.now() + 10 * MINUTE);
    // Another name of a file that was last edited long ago can have been made just now.
    utimesSync(folder().write(CLAIM), long, long);
    utimesSync(folder().write(RANDOM), soon, soon);
    const { ctimeMs } = lstatSync(folder().join(CLAIM));
    assert.deepEqual(await remove(ctimeMs + 10 * MINUTE), { removed: [], kept: [] });
    assert.deepEqual(names(), [CLAIM, RANDOM].sort());
    assert.deepEqual(await remove(ctimeMs + 10 * MINUTE + 1_000), { removed: [folder().join(CLAIM)], kept: [] });
  });

  it('of others stay, however like ours their names are', async () => {
    const foreign = [
      '.tmpAbC123',
      '000001_a.md.tmp',
      '.markdown-issues-.tmp',
      '.markdown-issues-12345.tmp',
      '.markdown-issues-1234567.tmp',
      '.markdown-issues-0123456789abcde.tmp',
      '.markdown-issues-0123456789ABCDEF.tmp',
      '.markdown-issues-0123456789abcdef.tmp.md',
      'x.markdown-issues-000123.tmp',
      '.markdown-issues-000123.tmp\n',
      '.markdown-issues-moved-000123.tmp',
      '.markdown-issues-notes.tmp',
      `pending/${CLAIM}`,
    ];
    folder().writeAll(Object.fromEntries(foreign.map((name) => [name, 'theirs'])));
    assert.deepEqual(await remove(), { removed: [], kept: [] });
    assert.deepEqual(names(), [...foreign].sort());
  });

  it('are regular files: links and folders stay', async () => {
    folder().writeAll({ 'target.md': 'text', [`${RANDOM}/x.md`]: 'text' });
    symlinkSync('target.md', folder().join(CLAIM));
    assert.deepEqual(await remove(), { removed: [], kept: [] });
    assert.deepEqual(folder().contents(), { [`${RANDOM}/x.md`]: 'text', [CLAIM]: 'text', 'target.md': 'text' });
  });

  it('of a move stay when they are all that there is of a text, and are told of', async () => {
    folder().writeAll({ [MOVED]: 'an edit', 'complete/000001_a.md': 'as it was' });
    assert.deepEqual(await remove(), { removed: [], kept: [folder().join(MOVED)] });
    assert.equal(folder().read(MOVED), 'an edit');
  });

  it('of a move go when the file has its new name, too', async () => {
    linkSync(folder().write(MOVED, 'text'), folder().join('000001_a.md'));
    assert.deepEqual(await remove(), { removed: [folder().join(MOVED)], kept: [] });
    assert.deepEqual(folder().contents(), { '000001_a.md': 'text' });
  });

  it('of a move are young as long as the move is, however old the text', async () => {
    const path = folder().write(MOVED, 'text');
    linkSync(path, folder().join('000001_a.md'));
    utimesSync(path, new Date(1_000), new Date(1_000));
    assert.deepEqual(await remove(Date.now()), { removed: [], kept: [] });
  });

  it('are what a move that was cut off leaves', async () => {
    const disk = new NodeDisk();
    const from = folder().write('000001_a.md', 'old');
    // The move of a file that an editor replaces between the two names, as far as it gets before the crash.
    linkSync(from, folder().join('000001_b.md'));
    renameSync(folder().write('saved', 'an edit'), from);
    renameSync(from, folder().join(MOVED));
    const { kept } = await removeLeftovers(disk, folder().path, FOLDERS, later());
    assert.deepEqual(kept, [folder().join(MOVED)]);
    assert.equal(folder().read(MOVED), 'an edit');
  });

  it('that cannot be removed do not keep the others', async () => {
    folder().writeAll({ [RANDOM]: '', [CLAIM]: '' });
    const disk = new CountingDisk();
    disk.fail({ method: 'remove', path: CLAIM }, 'EACCES');
    assert.deepEqual(await remove(later(), disk), { removed: [folder().join(RANDOM)], kept: [] });
    assert.deepEqual(names(), [CLAIM]);
  });

  it('are none where there is no store', async () => {
    assert.deepEqual(await removeLeftovers(new NodeDisk(), folder().join('nothing'), FOLDERS, later()), { removed: [], kept: [] });
  });
});
