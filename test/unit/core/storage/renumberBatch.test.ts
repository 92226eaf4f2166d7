import assert from 'node:assert/strict';
import type { BatchIssueStorage, IssueRenumbering } from '../../../../src/core/storage/issueStorage.ts';
import type { MovedMention } from '../../../../src/core/storage/issueStoragePort.ts';
import { CountingDisk } from '../../support/countingDisk.ts';
import { partlyDone } from '../../support/partlyDone.ts';
import { fileStorage } from '../../support/storages.ts';
import { useTemporaryFolder } from '../../support/temporaryFolder.ts';

describe('a batch that renumbers', () => {
  const folder = useTemporaryFolder();
  let disk: CountingDisk;
  let storage: BatchIssueStorage;

  beforeEach(() => {
    folder().writeAll({
      '000161_a.md': '\ufeffI am #161.\r\nSee 000161_b',
      '000161_b.md': 'Branch issue/000161_b, after 000161_a.\n',
      'complete/000161_c.md': 'C',
      '000162_text.md': 'Waits for 000161_a, then 000161_b',
    });
    disk = new CountingDisk();
    storage = fileStorage({ folder: folder().path, disk });
  });

  /** A rewrite of the places at which these words stand, each with the move that it speaks of. */
  async function rewrite(ref: string, places: Readonly<Record<string, number>>): Promise<IssueRenumbering['rewrites'][number]> {
    const { content, version } = await storage.getIssue(ref);
    const mentions = Object.entries(places).map(([id, move]): MovedMention => ({ start: content.indexOf(id), digits: 6, move }));
    return { ref, expectedVersion: version, mentions };
  }

  const both = async (): Promise<IssueRenumbering> => ({
    moves: [{ ref: '000161_a' }, { ref: '000161_b' }],
    rewrites: [
      await rewrite('000162_text', { '000161_a': 0, '000161_b': 1 }),
      await rewrite('000161_a', { '000161_b': 1 }),
      await rewrite('000161_b', { '000161_b': 1, '000161_a': 0 }),
    ],
  });

  it('gives the next numbers, rewrites what speaks of the issues, and is taken back in one step, byte for byte', async () => {
    const before = folder().contents();
    const { issues, undo } = await storage.renumberIssuesBatch(await both());
    assert.deepEqual(
      issues.map(({ key }) => key),
      ['000163_a', '000164_b', '000162_text', '000163_a', '000164_b'],
    );
    assert.deepEqual(folder().contents(), {
      '000162_text.md': 'Waits for 000163_a, then 000164_b',
      '000163_a.md': '\ufeffI am #161.\r\nSee 000164_b',
      '000164_b.md': 'Branch issue/000164_b, after 000163_a.\n',
      'complete/000161_c.md': 'C',
    });
    assert.equal(issues[4]?.content, folder().read('000164_b.md'));
    await storage.write(undo);
    assert.deepEqual(folder().contents(), before);
  });

  it('keeps folders, and names that only look empty', async () => {
    folder().write('000161_.md', 'empty name');
    const { issues } = await storage.renumberIssuesBatch({ moves: [{ ref: '000161_c' }, { ref: '000161_' }], rewrites: [] });
    assert.deepEqual(
      issues.map(({ key }) => key),
      ['complete/000163_c', '000164_'],
    );
  });

  it('writes nothing if one text has changed since it was read, is gone or fits several', async () => {
    const renumbering = await both();
    folder().write('000162_text.md', 'Somebody wrote this meanwhile.');
    const before = folder().contents();
    await assert.rejects(storage.renumberIssuesBatch(renumbering), { code: 'conflict', message: /000162_text\.md is not the version/ });
    await assert.rejects(storage.renumberIssuesBatch({ moves: [{ ref: 161 }], rewrites: [] }), { code: 'ambiguous' });
    await assert.rejects(storage.renumberIssuesBatch({ moves: [{ ref: '000161_x' }], rewrites: [] }), { code: 'notFound' });
    folder().write('plain.md', 'P');
    await assert.rejects(storage.renumberIssuesBatch({ moves: [{ ref: 'plain' }], rewrites: [] }), { code: 'invalidName' });
    folder().remove('plain.md');
    assert.deepEqual(folder().contents(), before);
    assert.deepEqual(
      disk.writes.filter(({ method }) => method !== 'claim' && method !== 'remove'),
      [],
    );
  });

  it('rewrites nothing where something that is no issue has the new name', async () => {
    folder().makeFolder('000164_b.md');
    const before = folder().contents();
    disk.reset();
    await assert.rejects(storage.renumberIssuesBatch(await both()), { code: 'exists' });
    assert.deepEqual(folder().contents(), before);
    assert.equal(disk.count('replace', 'move'), 0);
  });

  it('takes everything back if the disk fails half-way, wherever that is', async () => {
    const before = folder().contents();
    const renumbering = await both();
    for (const [method, nths] of [
      ['replace', [1, 2, 3]],
      ['move', [1, 2]],
    ] as const) {
      for (const nth of nths) {
        const stop = disk.fail({ method, nth }, 'ENOSPC');
        await assert.rejects(storage.renumberIssuesBatch(renumbering), { code: 'notWritable' });
        stop();
        assert.deepEqual(folder().contents(), before, `${method} ${nth}`);
      }
    }
  });

  it('says which text it could not restore after a move has failed, and lets that be taken back', async () => {
    const before = folder().contents();
    const renumbering = await both();
    const recover = [
      disk.fail({ method: 'move', path: '000163_a.md' }, 'ENOSPC'),
      // The first is the rewriting, the second takes it back.
      disk.fail({ method: 'replace', path: '000161_a.md', nth: 2 }, 'EACCES'),
    ];
    const error = await partlyDone(storage.renumberIssuesBatch(renumbering));
    assert.deepEqual(
      error.left.map(({ filePath }) => filePath),
      [folder().join('000161_a.md')],
    );
    assert.match(error.message, /disk is full.* One file .* could not be restored: .*000161_a\.md cannot be written \(EACCES\)/);
    assert.notDeepEqual(folder().contents(), before);
    for (const stop of recover) {
      stop();
    }
    await storage.write(error.undo);
    assert.deepEqual(folder().contents(), before);
  });

  it('does not take a number that somebody else takes at that moment, and leaves no claim behind', async () => {
    disk.before({ method: 'claim', path: '000163.tmp', nth: 1 }, () => folder().write('000163_theirs.md', 'theirs'));
    const { issues } = await storage.renumberIssuesBatch({ moves: [{ ref: '000161_a' }], rewrites: [] });
    assert.equal(issues[0]?.key, '000164_a');
    assert.equal(folder().read('000163_theirs.md'), 'theirs');
    assert.deepEqual(
      Object.keys(folder().contents()).filter((name) => name.includes('.tmp')),
      [],
    );
  });

  it('never has a number in common with an issue that another process creates at the same time', async () => {
    const other = fileStorage({ folder: folder().path });
    const [renumbered, created] = await Promise.all([
      storage.renumberIssuesBatch({ moves: [{ ref: '000161_a' }, { ref: '000161_b' }], rewrites: [] }),
      other.createIssuesBatch(['x', 'y', 'z'].map((name) => ({ name, content: name }))),
    ]);
    const numbers = [...renumbered.issues, ...created.issues].map(({ number }) => number);
    assert.equal(new Set(numbers).size, 5);
  });

  it('says that there are no numbers left, and writes nothing', async () => {
    folder().write('999999_last.md');
    const before = folder().contents();
    await assert.rejects(storage.renumberIssuesBatch(await both()), { code: 'outOfNumbers' });
    assert.deepEqual(folder().contents(), before);
  });

  it('is not taken back, not even in part, after somebody has written to one of the files or taken an old name', async () => {
    const { undo } = await storage.renumberIssuesBatch(await both());
    const after = folder().contents();
    for (const path of ['000162_text.md', '000163_a.md', '000164_b.md']) {
      folder().write(path, 'edited');
      await assert.rejects(storage.write(undo, { dryRun: true }), { code: 'conflict' });
      await assert.rejects(storage.write(undo), { name: 'ConflictError', message: /has been changed since/ });
      folder().write(path, after[path] ?? '');
    }
    folder().write('000161_a.md', 'another');
    await assert.rejects(storage.write(undo), { name: 'IssueExistsError' });
    folder().remove('000161_a.md');
    assert.deepEqual(folder().contents(), after);
    await storage.write(undo);
    assert.equal(folder().read('000161_a.md'), '\ufeffI am #161.\r\nSee 000161_b');
  });

  it('refuses to take back a text that somebody wrote to between its rewriting and its move', async () => {
    disk.before({ method: 'move', path: '000164_b.md' }, () => folder().write('000161_b.md', 'at the very moment'));
    const { undo } = await storage.renumberIssuesBatch(await both());
    await assert.rejects(storage.write(undo), { name: 'ConflictError', message: /has been changed since/ });
    assert.equal(folder().read('000164_b.md'), 'at the very moment');
  });

  it('goes on where its undo was interrupted by the disk', async () => {
    const before = folder().contents();
    const { undo } = await storage.renumberIssuesBatch(await both());
    // The file is home by then and its text is not.
    const stop = disk.fail({ method: 'replace', path: '000161_b.md' }, 'ENOSPC');
    const error = await partlyDone(storage.write(undo));
    assert.equal(error.code, 'notWritable');
    assert.match(error.message, /^2 of 3 files were restored, the others were not: .*disk is full/);
    assert.equal(folder().read('000161_b.md'), 'Branch issue/000164_b, after 000163_a.\n');
    stop();
    await storage.write(error.undo);
    assert.deepEqual(folder().contents(), before);
  });
});
