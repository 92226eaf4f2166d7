import assert from 'node:assert/strict';
import type { BatchIssueStorage } from '../../../../src/core/storage/issueStorage.ts';
import { CountingDisk } from '../../support/countingDisk.ts';
import { partlyDone } from '../../support/partlyDone.ts';
import { fileStorage } from '../../support/storages.ts';
import { useTemporaryFolder } from '../../support/temporaryFolder.ts';

describe('a batch of renames', () => {
  const folder = useTemporaryFolder();
  let disk: CountingDisk;
  let storage: BatchIssueStorage;

  beforeEach(() => {
    folder().writeAll({ '000001_a.md': 'A', '000002_b.md': 'B', 'complete/000003_c.md': 'C', 'plain.md': 'P' });
    disk = new CountingDisk();
    storage = fileStorage({ folder: folder().path, disk });
  });

  it('keeps numbers and folders, answers in the order of the request, and can be undone', async () => {
    const before = folder().contents();
    const { issues, undo } = await storage.renameIssuesBatch([
      { ref: 3, name: 'z: z' },
      { ref: 'plain', name: 'simple' },
      { ref: 1, name: 'y' },
    ]);
    assert.deepEqual(
      issues.map(({ key }) => key),
      ['complete/000003_z-z', 'simple', '000001_y'],
    );
    await storage.write(undo);
    assert.deepEqual(folder().contents(), before);
  });

  it('does nothing at all if one name is taken, asked for twice or none', async () => {
    folder().write('000001_taken.md');
    const before = folder().contents();
    const batches = [
      { code: 'exists', renames: [[2, 'x'] as const, ['000001_a', 'taken'] as const] },
      { code: 'exists', renames: [['000001_a', 'x'] as const, ['000001_taken', 'x'] as const] },
      { code: 'invalidName', renames: [[2, 'x'] as const, [3, '../x'] as const] },
      { code: 'ambiguous', renames: [[2, 'x'] as const, ['#2', 'y'] as const] },
    ];
    for (const { code, renames } of batches) {
      await assert.rejects(storage.renameIssuesBatch(renames.map(([ref, name]) => ({ ref, name }))), { code });
    }
    assert.deepEqual(folder().contents(), before);
    assert.deepEqual(disk.writes, []);
  });

  it('is not undone after somebody has written to a file or taken its old name', async () => {
    const { undo } = await storage.renameIssuesBatch([{ ref: 1, name: 'x' }]);
    folder().write('000001_x.md', 'edited');
    await assert.rejects(storage.write(undo), { name: 'ConflictError', message: /has been changed since/ });
    folder().writeAll({ '000001_x.md': 'A', '000001_a.md': 'another' });
    await assert.rejects(storage.write(undo), { name: 'IssueExistsError' });
    folder().remove('000001_a.md');
    await storage.write(undo);
    assert.equal(folder().read('000001_a.md'), 'A');
  });

  it('says how far its undo came where the disk fails, and goes on from there', async () => {
    const before = folder().contents();
    const { undo } = await storage.renameIssuesBatch([1, 2, 3].map((ref) => ({ ref, name: 'x' })));
    disk.fail({ method: 'move', nth: 2 }, 'ENOSPC');
    const error = await partlyDone(storage.write(undo));
    assert.equal(error.code, 'notWritable');
    assert.match(error.message, /^2 of 3 files were restored, the others were not: .*disk is full/);
    await storage.write(error.undo);
    assert.deepEqual(folder().contents(), before);
  });
});
