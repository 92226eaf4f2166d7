import assert from 'node:assert/strict';
import { existsSync, renameSync, symlinkSync, unlinkSync } from 'node:fs';
import { issueKey } from '../../../../src/core/formats/numberedLayout.ts';
import type { WriteResult } from '../../../../src/core/storage/issueStoragePort.ts';
import { PartlyDoneError } from '../../../../src/core/storage/partlyDoneError.ts';
import type { StoreSettings } from '../../../../src/core/store/storeOptions.ts';
import { byHand } from '../../support/byHand.ts';
import { SETTINGS, useStores } from '../../support/openStore.ts';
import { READS, WRITES } from '../../support/storeOperations.ts';

const CONFINED: StoreSettings = { ...SETTINGS, confined: true };
const ISSUES = { '000001_a.md': 'secret a', 'complete/000002_b.md': 'secret b' };
const OUTSIDE = { name: 'StoreFolderError', reason: 'outside' };

describe('IssueStore, what it lets in', () => {
  const { folder, open } = useStores();
  const inFolder = (name: string) => Object.fromEntries(Object.entries(ISSUES).map(([path, text]) => [`${name}/${path}`, text]));
  const linkAway = () => {
    renameSync(folder().join('root/issues'), folder().join('was'));
    symlinkSync('../elsewhere', folder().join('root/issues'), 'junction');
  };
  const openRoot = async (settings: StoreSettings = CONFINED, options = {}) =>
    (await open({ ...options, settings }, folder().join('root'))).store;

  beforeEach(() => {
    folder().writeAll({ ...inFolder('elsewhere'), ...inFolder('root/issues') });
  });

  describe('confined, with its folder behind a link that leads out of the workspace', () => {
    for (const [name, operation] of Object.entries({ ...READS, ...WRITES })) {
      it(`refuses ${name}, from the start`, async () => {
        linkAway();
        const { disk, options } = byHand();
        const store = await openRoot(CONFINED, options);
        await assert.rejects(operation(store.for('test')), OUTSIDE);
        assert.equal(disk.count('list', 'read', 'readSync'), 0);
        assert.deepEqual([disk.writes, folder().contents('elsewhere')], [[], ISSUES]);
      });

      it(`refuses ${name}, when it has become one unnoticed`, async () => {
        const { disk, options } = byHand();
        const store = await openRoot(CONFINED, options);
        linkAway();
        disk.reset();
        await assert.rejects(operation(store.for('test')), OUTSIDE);
        assert.equal(disk.count('list', 'read', 'readSync'), 0);
        assert.deepEqual([disk.writes, folder().contents('elsewhere')], [[], ISSUES]);
      });
    }

    it('refuses a search of texts', async () => {
      const store = await openRoot(CONFINED, byHand().options);
      linkAway();
      await assert.rejects(store.searchTexts('secret', { limit: 1, onMatch: () => assert.fail() }), OUTSIDE);
    });

    it('refuses to look for stray files', async () => {
      folder().writeAll({ 'root/issues/pending/x.md': '', 'elsewhere/pending/secret.md': '' });
      const store = await openRoot(CONFINED, byHand().options);
      assert.deepEqual(await store.strayFiles(10), [folder().join('root/issues/pending/x.md')]);
      linkAway();
      await assert.rejects(store.strayFiles(10), OUTSIDE);
    });

    it('refuses to take a batch back there, and does so when the folder is there again', async () => {
      const store = await openRoot(CONFINED, byHand().options);
      const batches: WriteResult[] = [];
      for (const id of ['one', 'two']) {
        batches.push(await store.for('test').createIssuesBatch([{ name: id, content: id }]));
      }
      linkAway();
      for (const batch of batches) {
        await assert.rejects(store.write(batch.undo, { dryRun: true }), OUTSIDE);
        await assert.rejects(store.write(batch.undo), OUTSIDE);
      }
      unlinkSync(folder().join('root/issues'));
      renameSync(folder().join('was'), folder().join('root/issues'));
      for (const batch of batches) {
        await store.write(batch.undo, { dryRun: true });
        await store.write(batch.undo);
      }
      assert.deepEqual(folder().contents('root/issues'), ISSUES);
    });

    it('refuses to take back there what was left of a batch that failed', async () => {
      const { disk, options } = byHand();
      const store = await openRoot(CONFINED, options);
      disk.fail({ method: 'create', path: 'two.md' }, 'EIO');
      const heal = disk.fail({ method: 'remove' }, 'EIO');
      const drafts = ['one', 'two'].map((name) => ({ name, content: name }));
      const failure: unknown = await store
        .for('test')
        .createIssuesBatch(drafts)
        .catch((error: unknown) => error);
      assert.ok(failure instanceof PartlyDoneError);
      heal();
      linkAway();
      await assert.rejects(store.write(failure.undo, { dryRun: true }), OUTSIDE);
      await assert.rejects(store.write(failure.undo), OUTSIDE);
    });

    it('makes no folder outside, where only the way there exists', async () => {
      symlinkSync('../..', folder().join('root/issues/up'), 'junction');
      const store = await openRoot({ ...CONFINED, folder: 'issues/up/made/here' });
      await assert.rejects(store.for('test').createIssue('x', 'x'), OUTSIDE);
      assert.equal(existsSync(folder().join('made')), false);
    });
  });

  it('takes a batch back in the folder where it was done, though the store is elsewhere by now', async () => {
    const store = await openRoot(SETTINGS, byHand().options);
    const { undo } = await store.for('test').createIssuesBatch([{ name: 'x', content: 'x' }]);
    await store.configure({ ...SETTINGS, folder: '../elsewhere' });
    await store.write(undo);
    assert.deepEqual(folder().contents('root/issues'), ISSUES);
  });

  describe('where nothing is to be written', () => {
    const settings: StoreSettings = { ...CONFINED, readOnlyReason: 'Nobody trusts this folder.' };
    const REFUSED = { name: 'IssueError', code: 'readOnly', message: 'Nobody trusts this folder.' };

    for (const [name, operation] of Object.entries(WRITES)) {
      it(`refuses ${name}, with the reason`, async () => {
        const { disk, options } = byHand();
        const store = await openRoot(settings, options);
        await assert.rejects(operation(store.for('test')), REFUSED);
        assert.deepEqual([disk.writes, folder().contents('root/issues')], [[], ISSUES]);
      });
    }

    for (const [name, operation] of Object.entries(READS)) {
      it(`allows ${name}`, async () => {
        await operation((await openRoot(settings)).for('test'));
      });
    }

    it('refuses to take back what was written before, and takes it back once it may', async () => {
      const store = await openRoot(CONFINED);
      const { undo } = await store.for('test').deleteIssuesBatch([{ key: issueKey('000001_a', false) }]);
      await store.configure(settings);
      await assert.rejects(store.write(undo, { dryRun: true }), REFUSED);
      await assert.rejects(store.write(undo), REFUSED);
      await store.configure(CONFINED);
      await store.write(undo);
      assert.deepEqual(folder().contents('root/issues'), ISSUES);
    });
  });
});
