import assert from 'node:assert/strict';
import { cpSync, renameSync, symlinkSync, unlinkSync } from 'node:fs';
import { issueKey } from '../../../src/core/formats/numberedLayout.ts';
import type { BatchIssueStorage } from '../../../src/core/storage/issueStorage.ts';
import type { WriteResult } from '../../../src/core/storage/issueStoragePort.ts';
import { versionOf } from '../../../src/core/storage/issueVersion.ts';
import { byHand } from '../support/byHand.ts';
import { SETTINGS, useStores } from '../support/openStore.ts';
import { fileStorage } from '../support/storages.ts';

/** A link in the place of `complete/` would let a hostile repository have files anywhere read, moved and deleted. */
describe('a folder of completed issues that is a link', () => {
  const { folder, open } = useStores();
  const behind = { key: issueKey('000009_secret', true) };
  let storage: BatchIssueStorage;

  beforeEach(() => {
    folder().writeAll({ 'outside/000009_secret.md': 'secret', 'issues/000001_a.md': 'a' });
    symlinkSync(folder().join('outside'), folder().join('issues/complete'), 'junction');
    storage = fileStorage({ folder: folder().join('issues') });
  });

  it('is not listed, and its numbers do not count', async () => {
    assert.deepEqual(
      (await storage.listSummaries()).map(({ id }) => id),
      ['000001_a'],
    );
    assert.equal((await storage.createIssue('b', 'b')).number, 2);
  });

  it('gives nothing away and takes nothing in', async () => {
    const refused = { code: 'notWritable', message: /complete is a link, which the store does not follow/ };
    await assert.rejects(storage.getIssue(behind), refused);
    await assert.rejects(storage.updateIssue(behind, 'mine'), refused);
    await assert.rejects(storage.deleteIssue(behind), refused);
    await assert.rejects(storage.reopen(behind), refused);
    await assert.rejects(storage.rename(behind, 'mine'), refused);
    await assert.rejects(storage.markComplete('000001_a'), refused);
    assert.deepEqual(folder().contents('outside'), { '000009_secret.md': 'secret' });
  });

  it('gives nothing away and takes nothing in by batches', async () => {
    const refused = { code: 'notWritable', message: /complete is a link, which the store does not follow/ };
    for (const refs of [[behind], [behind, behind], ['000001_a', behind], ['complete/000009_secret']]) {
      await assert.rejects(storage.getIssuesBatch(refs), refused);
    }
    await assert.rejects(storage.getIssuesBatch([9]), { code: 'notFound' });
    await assert.rejects(storage.markCompleteBatch(['000001_a']), refused);
    const writes = [
      storage.updateIssuesBatch([{ ref: behind, content: 'mine' }]),
      storage.reopenBatch([behind]),
      storage.renameIssuesBatch([{ ref: behind, name: 'mine' }]),
      storage.renumberIssuesBatch({ moves: [{ ref: behind }], rewrites: [] }),
      storage.renumberIssuesBatch({
        moves: [{ ref: '000001_a' }],
        rewrites: [{ ref: behind, expectedVersion: versionOf(Buffer.from('secret')), mentions: [] }],
      }),
      storage.deleteIssuesBatch([behind]),
    ];
    for (const write of writes) {
      await assert.rejects(write, refused);
    }
    assert.deepEqual(folder().contents('outside'), { '000009_secret.md': 'secret' });
    assert.equal(folder().read('issues/000001_a.md'), 'a');
  });

  describe('after a batch', () => {
    const completed = { key: issueKey('000002_b', true) };
    const batches: Record<string, () => Promise<WriteResult>> = {
      update: () => storage.updateIssuesBatch([{ ref: completed, content: 'mine' }]),
      complete: () => storage.markCompleteBatch(['000001_a']),
      reopen: () => storage.reopenBatch([completed]),
      rename: () => storage.renameIssuesBatch([{ ref: completed, name: 'mine' }]),
      renumber: () => storage.renumberIssuesBatch({ moves: [{ ref: completed }], rewrites: [] }),
      delete: () => storage.deleteIssuesBatch([completed]),
    };
    beforeEach(() => {
      unlinkSync(folder().join('issues/complete'));
      folder().write('issues/complete/000002_b.md', 'b');
    });

    for (const [name, run] of Object.entries(batches)) {
      it(`has nothing of it taken back behind the link (${name})`, async () => {
        const { undo } = await run();
        renameSync(folder().join('issues/complete'), folder().join('was'));
        cpSync(folder().join('was'), folder().join('behind'), { recursive: true });
        const before = folder().contents('behind');
        symlinkSync(folder().join('behind'), folder().join('issues/complete'), 'junction');
        const refused = { code: 'notWritable', message: /complete is a link, which the store does not follow/ };
        await assert.rejects(storage.write(undo, { dryRun: true }), refused);
        await assert.rejects(storage.write(undo), refused);
        assert.deepEqual(folder().contents('behind'), before);
        unlinkSync(folder().join('issues/complete'));
        renameSync(folder().join('was'), folder().join('issues/complete'));
        await storage.write(undo);
        assert.deepEqual(folder().contents('issues'), { '000001_a.md': 'a', 'complete/000002_b.md': 'b' });
      });
    }
  });

  it('is not searched, though what was there before is still known', async () => {
    unlinkSync(folder().join('issues/complete'));
    folder().write('issues/complete/000002_b.md', 'b');
    const { store } = await open(byHand().options);
    folder().remove('issues/complete');
    folder().write('outside/000002_b.md', 'secret');
    symlinkSync(folder().join('outside'), folder().join('issues/complete'), 'junction');
    await store.searchTexts('secret', { limit: 1, onMatch: ({ summary }) => assert.fail(summary.key) });
  });

  it('is shown as a folder that is not the store’s, also when events come from it', async () => {
    const { time, watchers, options } = byHand();
    const { store } = await open(options);
    watchers[0]?.hint({ folder: 'complete', name: '000009_secret.md' });
    time.advance(SETTINGS.coalescingWindow);
    await store.refresh();
    assert.deepEqual([store.catalogue.size, store.catalogue.otherFolders], [1, ['complete']]);
  });
});
