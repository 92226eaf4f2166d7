import assert from 'node:assert/strict';
import { symlinkSync } from 'node:fs';
import { NodeDisk } from '../../../../src/core/disk/nodeDisk.ts';
import { strayFiles } from '../../../../src/core/health/strayFiles.ts';
import { useTemporaryFolder } from '../../support/temporaryFolder.ts';

describe('files beside a store', () => {
  const folder = useTemporaryFolder();
  const disk = new NodeDisk();
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
});
