import assert from 'node:assert/strict';
import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { NodeDisk } from '../../../src/core/storage/nodeDisk.ts';
import { locateStore, storeCandidates } from '../../../src/core/store/storeLocation.ts';
import { useTemporaryFolder } from '../support/temporaryFolder.ts';

describe('the place of a store', () => {
  const folder = useTemporaryFolder();
  const surroundings = { home: '/home/user', environment: {} };
  const locate = async (configured?: string) =>
    (await locateStore(new NodeDisk(), storeCandidates(folder().path, configured, surroundings))).folder;

  it('is the first of the usual ones that exists, else the very first', async () => {
    assert.equal(await locate(), folder().join('issues'));
    folder().makeFolder('.sah/issues');
    assert.equal(await locate(), folder().join('.sah/issues'));
    folder().makeFolder('.swissarmyhammer/issues');
    assert.equal(await locate(), folder().join('.swissarmyhammer/issues'));
    folder().makeFolder('issues');
    assert.equal(await locate(), folder().join('issues'));
  });

  it('is no file of that name', async () => {
    folder().write('issues', 'a file');
    folder().makeFolder('.sah/issues');
    assert.equal(await locate(), folder().join('.sah/issues'));
  });

  it('may be a link to a folder', async () => {
    folder().makeFolder('elsewhere');
    folder().makeFolder('.sah/issues');
    symlinkSync('elsewhere', folder().join('issues'));
    assert.equal(await locate(), folder().join('issues'));
  });

  it('is the configured one alone, existing or not, absolute or relative to the root', async () => {
    folder().makeFolder('issues');
    assert.equal(await locate('docs/tasks'), folder().join('docs/tasks'));
    assert.equal(await locate(' docs/./tasks '), folder().join('docs/tasks'));
    assert.equal(await locate(join(folder().path, 'x', '..', 'y')), folder().join('y'));
    assert.equal(await locate('  '), folder().join('issues'));
  });
});
