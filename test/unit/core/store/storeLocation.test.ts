import assert from 'node:assert/strict';
import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { NodeDisk } from '../../../../src/core/disk/nodeDisk.ts';
import { locateStore, storeCandidates } from '../../../../src/core/store/storeLocation.ts';
import { CountingDisk } from '../../support/countingDisk.ts';
import { useTemporaryFolder } from '../../support/temporaryFolder.ts';

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

  it('is the first that holds an issue, active or completed, whatever else is in the others', async () => {
    folder().writeAll({
      'issues/.DS_Store': '',
      'issues/notes.txt': '',
      'issues/complete/notes.txt': '',
      'issues/pending/a.md': '',
      'issues/a.tmp': '',
    });
    assert.equal(await locate(), folder().join('issues'));
    folder().write('.sah/issues/complete/000001_a.md');
    assert.equal(await locate(), folder().join('.sah/issues'));
    folder().write('.swissarmyhammer/issues/000001_a.md');
    assert.equal(await locate(), folder().join('.swissarmyhammer/issues'));
    folder().write('issues/any.md');
    assert.equal(await locate(), folder().join('issues'));
  });

  it('is not one that has issues behind a link in the place of complete/ alone', async () => {
    folder().writeAll({ 'far/a.md': '', 'issues/.DS_Store': '', '.sah/issues/a.md': '' });
    symlinkSync('../far', folder().join('issues/complete'), 'junction');
    assert.equal(await locate(), folder().join('.sah/issues'));
  });

  it('is one that cannot be read rather than one after it, so that the reason is shown', async () => {
    folder().writeAll({ 'issues/a.md': '', '.sah/issues/a.md': '' });
    const disk = new CountingDisk();
    disk.fail({ method: 'list', path: 'issues' }, 'EACCES');
    const { folder: found } = await locateStore(disk, storeCandidates(folder().path, undefined, surroundings));
    assert.equal(found, folder().join('issues'));
  });

  it('is found by the first issue, and without a listing where there is no choice', async () => {
    folder().makeFolder('issues');
    const disk = new CountingDisk();
    const candidates = storeCandidates(folder().path, undefined, surroundings);
    await locateStore(disk, candidates);
    assert.equal(disk.count('list'), 0);
    folder().writeAll({ '.sah/issues/a.md': '', '.sah/issues/b.md': '', '.sah/issues/complete/c.md': '' });
    let told = 0;
    const list = disk.list.bind(disk);
    disk.list = (path, take) =>
      list(path, (name, kind) => {
        told++;
        return take(name, kind);
      });
    assert.equal((await locateStore(disk, candidates)).folder, folder().join('.sah/issues'));
    assert.ok(told <= 3, `${told} names`);
  });

  it('is none that may not be looked into, as long as another holds an issue', async () => {
    folder().writeAll({ 'issues/a.md': '', '.sah/issues/a.md': '' });
    const disk = new CountingDisk();
    const mayRead = async (path: string) => path !== folder().join('issues');
    const { folder: found } = await locateStore(disk, storeCandidates(folder().path, undefined, surroundings), mayRead);
    assert.equal(found, folder().join('.sah/issues'));
    assert.ok(disk.calls.every(({ method, path }) => method !== 'list' || path !== folder().join('issues')));
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
