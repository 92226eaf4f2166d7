import assert from 'node:assert/strict';
import { symlinkSync } from 'node:fs';
import { issueKey } from '../../../src/core/issue/issue.ts';
import { FileSystemIssueStorage } from '../../../src/core/storage/fileSystemIssueStorage.ts';
import { byHand } from '../support/byHand.ts';
import { SETTINGS, useStores } from '../support/openStore.ts';

/** A link in the place of `complete/` would let a hostile repository have files anywhere read, moved and deleted. */
describe('a folder of completed issues that is a link', () => {
  const { folder, open } = useStores();
  const behind = { key: issueKey('000009_secret', true) };
  let storage: FileSystemIssueStorage;

  beforeEach(() => {
    folder().writeAll({ 'outside/000009_secret.md': 'secret', 'issues/000001_a.md': 'a' });
    symlinkSync(folder().join('outside'), folder().join('issues/complete'), 'junction');
    storage = new FileSystemIssueStorage({ folder: folder().join('issues') });
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
    await assert.rejects(storage.markCompleteBatch(['000001_a']), refused);
    await assert.rejects(storage.deleteIssuesBatch([behind]), refused);
    await assert.rejects(storage.getIssuesBatch([behind]), refused);
    await assert.rejects(storage.getIssuesBatch([behind, '000001_a']), refused);
    assert.deepEqual(folder().contents('outside'), { '000009_secret.md': 'secret' });
  });

  it('is shown as a folder that is not the store’s, also when events come from it', async () => {
    const { time, watchers, options } = byHand();
    const { store } = await open(options);
    watchers[0]?.hint({ completed: true, name: '000009_secret.md' });
    time.advance(SETTINGS.coalescingWindow);
    await store.refresh();
    assert.deepEqual([store.catalogue.size, store.catalogue.otherFolders], [1, ['complete']]);
  });
});
