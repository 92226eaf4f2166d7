import assert from 'node:assert/strict';
import { linkSync, symlinkSync } from 'node:fs';
import { lockBeside } from '../../../../src/core/disk/temporaryNames.ts';
import type { BatchIssueStorage } from '../../../../src/core/storage/issueStorage.ts';
import { fileStorage } from '../../support/storages.ts';
import { useTemporaryFolder } from '../../support/temporaryFolder.ts';

describe('a file of another folder that is adopted', () => {
  const folder = useTemporaryFolder();
  let storage: BatchIssueStorage;
  const adopt = (path: string) => storage.write([{ kind: 'adopt', path }]);

  beforeEach(() => {
    storage = fileStorage({ folder: folder().path });
  });

  it('must lie in the store, and not behind a link', async () => {
    folder().writeAll({ 'outside/a.md': 'A', 'store/b.md': 'B' });
    symlinkSync(folder().join('outside'), folder().join('store/link'), 'junction');
    storage = fileStorage({ folder: folder().join('store') });
    for (const path of ['../outside/a.md', 'x/../../outside/a.md', folder().join('outside/a.md'), 'link/a.md', '', 'a.txt']) {
      await assert.rejects(adopt(path), { name: 'IssueNotFoundError' }, path);
    }
    assert.deepEqual(folder().contents('outside'), { 'a.md': 'A' });
  });

  it('moves into it and back, byte for byte, and never over another file', async () => {
    folder().writeAll({ 'pending/a.md': 'A\r\n', 'pending/taken.md': 'theirs', 'taken.md': 'ours' });
    const before = folder().contents();
    await assert.rejects(adopt('pending/taken.md'), {
      name: 'IssueExistsError',
    });
    const { issues, undo } = await adopt('pending/a.md');
    assert.deepEqual(
      issues.map(({ key }) => key),
      ['a'],
    );
    assert.equal(folder().read('a.md'), 'A\r\n');
    folder().write('a.md', 'edited');
    await assert.rejects(storage.write(undo), { name: 'ConflictError', message: /has been changed since/ });
    folder().writeAll({ 'a.md': 'A\r\n', 'pending/a.md': 'another' });
    await assert.rejects(storage.write(undo), { name: 'IssueExistsError' });
    folder().remove('pending/a.md');
    await storage.write(undo);
    assert.deepEqual(folder().contents(), before);
    await assert.rejects(adopt('pending/none.md'), { code: 'conflict' });
  });

  it('is moved back into a folder that is gone meanwhile', async () => {
    folder().write('pending/a.md', 'A');
    const { undo } = await adopt('pending/a.md');
    folder().remove('pending');
    await storage.write(undo);
    assert.deepEqual(folder().contents(), { 'pending/a.md': 'A' });
  });

  it('stays where it is while another writer changes it', async () => {
    const path = folder().write('pending/a.md', 'A');
    const turn = lockBeside(path);
    linkSync(path, turn);
    await assert.rejects(adopt('pending/a.md'), { name: 'ConflictError', filePath: path });
    assert.equal(folder().read('pending/a.md'), 'A');
  });
});
