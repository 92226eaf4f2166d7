import assert from 'node:assert/strict';
import { renameSync } from 'node:fs';
import { issueKey } from '../../../src/core/issue/issue.ts';
import { byHand } from '../support/byHand.ts';
import { assertEqualToDisk, useStores } from '../support/openStore.ts';

describe('IssueStore, its place', () => {
  const { folder, open } = useStores();

  beforeEach(() => {
    folder().writeAll({ 'issues/000001_a.md': 'a', 'issues/000002_b.md': 'b', 'issues/complete/000003_c.md': 'c' });
  });

  describe('a store that comes and goes', () => {
    it('is found when it appears', async () => {
      folder().remove('issues');
      const { store, changes, states } = await open();
      folder().write('issues/000001_x.md', 'x');
      await changes.until((events) => events.length > 0, 'the issue');
      assert.equal(store.state, 'ready');
      assert.ok(states.events.length > 0);
      await assertEqualToDisk(store);
    });

    it('is made by the first create, and says that it is there', async () => {
      folder().remove('issues');
      const { options } = byHand();
      const { store, states } = await open(options);
      const before = states.events.length;
      await store.createIssue('first', '');
      assert.equal(store.state, 'ready');
      assert.equal(states.events.length, before + 1);
    });

    it('is empty when it goes, and filled when it comes back', async () => {
      const opened = await open();
      folder().remove('issues');
      await opened.changes.until(() => opened.store.state === 'missing', 'the store to be missing');
      assert.equal(opened.store.catalogue.size, 0);
      await assert.rejects(opened.store.getIssue(1), { code: 'notFound' });
      folder().writeAll({ 'issues/000001_a.md': 'back', 'issues/complete/x.md': 'x' });
      await opened.changes.until(() => opened.store.catalogue.size === 2, 'the store to be back');
      assert.equal((await opened.store.getIssue(1)).content, 'back');
      await assertEqualToDisk(opened.store);
    });

    it('is another one after a swap', async () => {
      const opened = await open();
      await opened.store.getIssue(1);
      folder().writeAll({ 'other/000001_a.md': 'from the other', 'other/complete/y.md': 'y' });
      renameSync(folder().join('issues'), folder().join('was'));
      renameSync(folder().join('other'), folder().join('issues'));
      await opened.changes.until(() => opened.store.catalogue.get(issueKey('y', true)) !== undefined, 'the other store');
      assert.equal((await opened.store.getIssue(1)).content, 'from the other');
      await assertEqualToDisk(opened.store);
    });

    it('is found in another of the usual places', async () => {
      folder().remove('issues');
      const { store, changes } = await open();
      folder().write('unusual/issues/x.md');
      folder().write('.sah/issues/000001_x.md', 'x');
      await changes.until(() => store.catalogue.size === 1, 'the store in the other place');
      assert.equal(store.folder, folder().join('.sah/issues'));
      assert.equal((await store.createIssue('next', '')).number, 2);
      folder().write('.sah/issues/by-others.md', '');
      await changes.until(() => store.catalogue.size === 3, 'what others write there');
      await assertEqualToDisk(store);
    });

    it('stays where it is as long as it is there', async () => {
      const { store } = await open();
      folder().write('.sah/issues/x.md');
      await store.refresh();
      assert.equal(store.folder, folder().join('issues'));
    });

    it('is not watched anew as long as it is nowhere', async () => {
      folder().remove('issues');
      const { watchers, options } = byHand();
      const { store } = await open(options);
      await store.refresh();
      assert.equal(watchers.length, 1);
    });
  });
});
