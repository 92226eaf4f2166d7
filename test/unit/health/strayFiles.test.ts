import assert from 'node:assert/strict';
import { linkSync, symlinkSync } from 'node:fs';
import { NodeDisk } from '../../../src/core/disk/nodeDisk.ts';
import { lockBeside } from '../../../src/core/disk/temporaryNames.ts';
import { adoptFile, strayFiles } from '../../../src/core/health/strayFiles.ts';
import { NO_EDITORS } from '../../../src/core/storage/fileEditors.ts';
import { useTemporaryFolder } from '../support/temporaryFolder.ts';

describe('files beside a store', () => {
  const folder = useTemporaryFolder();
  const disk = new NodeDisk();
  const context = { disk, editors: NO_EDITORS };
  const stray = async (others: readonly string[], limit = 10) =>
    (await strayFiles(disk, folder().path, others, limit)).map((path) => path.slice(folder().path.length + 1).replaceAll('\\', '/'));

  it('are what would be an issue in it, at any depth, up to a limit, and nothing behind a link', async () => {
    folder().writeAll({
      'pending/b.md': '',
      'pending/a.md': '',
      'pending/deep/c.md': '',
      'pending/x.txt': '',
      'complete/old/d.md': '',
      'e.md': '',
    });
    symlinkSync(folder().join('pending'), folder().join('link'));
    const others = ['complete/old', 'link', 'missing', 'pending'];
    assert.deepEqual(await stray(others), ['complete/old/d.md', 'pending/a.md', 'pending/b.md', 'pending/deep/c.md']);
    assert.deepEqual(await stray(others, 2), ['complete/old/d.md', 'pending/a.md']);
  });

  it('move into it and back, byte for byte, and never over another file', async () => {
    folder().writeAll({ 'pending/a.md': 'A\r\n', 'pending/taken.md': 'theirs', 'taken.md': 'ours' });
    const before = folder().contents();
    await assert.rejects(adoptFile(context, folder().path, folder().join('pending/taken.md')), {
      name: 'IssueExistsError',
    });
    const { results, undo } = await adoptFile(context, folder().path, folder().join('pending/a.md'));
    assert.deepEqual(results, [folder().join('a.md')]);
    assert.equal(folder().read('a.md'), 'A\r\n');
    folder().write('a.md', 'edited');
    await assert.rejects(undo(), { name: 'ConflictError', message: /has been changed since/ });
    folder().writeAll({ 'a.md': 'A\r\n', 'pending/a.md': 'another' });
    await assert.rejects(undo(), { name: 'IssueExistsError' });
    folder().remove('pending/a.md');
    await undo();
    assert.deepEqual(folder().contents(), before);
    await assert.rejects(adoptFile(context, folder().path, folder().join('pending/none.md')), { code: 'conflict' });
  });

  it('are moved back into a folder that is gone meanwhile', async () => {
    folder().write('pending/a.md', 'A');
    const { undo } = await adoptFile(context, folder().path, folder().join('pending/a.md'));
    folder().remove('pending');
    await undo();
    assert.deepEqual(folder().contents(), { 'pending/a.md': 'A' });
  });

  it('stay where they are while another writer changes them', async () => {
    const path = folder().write('pending/a.md', 'A');
    const turn = lockBeside(path);
    linkSync(path, turn);
    await assert.rejects(adoptFile(context, folder().path, path), { name: 'ConflictError', filePath: path });
    assert.equal(folder().read('pending/a.md'), 'A');
  });
});
