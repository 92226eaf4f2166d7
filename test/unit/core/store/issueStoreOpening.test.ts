import assert from 'node:assert/strict';
import { symlinkSync, unlinkSync } from 'node:fs';
import type { StoreSettings } from '../../../../src/core/store/storeOptions.ts';
import { byHand } from '../../support/byHand.ts';
import { AUDIT_ROUND_MS, assertEqualToDisk, SETTINGS, useStores } from '../../support/openStore.ts';

const CONFINED: StoreSettings = { ...SETTINGS, confined: true };
/** A look that failed twice is repeated by then. */
const RETRY_MS = 20_000;

describe('IssueStore, opened where nobody can say where its folder is', () => {
  const { folder, open, make } = useStores();

  for (const [settings, trust] of [
    [SETTINGS, 'trusted'],
    [CONFINED, 'not trusted'],
  ] as const) {
    it(`says so of a link to itself, and is read when it is a folder (${trust})`, async () => {
      symlinkSync('issues', folder().join('issues'), 'junction');
      const { time, options } = byHand();
      const { store, states } = await open({ ...options, settings });
      assert.deepEqual([store.state, store.failure?.kind], ['unreadable', 'other']);
      assert.match(store.failure?.message ?? '', /issues cannot be read \(ELOOP\)/);
      await store.refresh();
      await assert.rejects(store.for('test').createIssue('x', 'x'), { name: 'IssueError' });
      unlinkSync(folder().join('issues'));
      folder().write('issues/000001_a.md', 'a');
      time.advance(RETRY_MS + SETTINGS.coalescingWindow);
      await states.until(() => store.state === 'ready', 'the store to be ready');
      await assertEqualToDisk(store);
    });

    it(`says so of a folder above it without permission, and is read when there is one (${trust})`, async () => {
      folder().write('issues/000001_a.md', 'a');
      const { time, disk, options } = byHand();
      const allow = disk.fail({ method: ['realPath', 'stat', 'statSync', 'list', 'read', 'readSync'] }, 'EACCES');
      const { store, states } = await open({ ...options, settings });
      assert.deepEqual([store.state, store.failure?.kind], ['unreadable', 'denied']);
      await store.refresh();
      allow();
      time.advance(RETRY_MS + SETTINGS.coalescingWindow);
      await states.until(() => store.state === 'ready', 'the store to be ready');
      await assertEqualToDisk(store);
    });
  }

  it('audits what it was opened on only later', async () => {
    folder().write('issues/000001_a.md', 'a');
    const { time, disk, options } = byHand();
    const allow = disk.fail({ method: 'realPath' }, 'EACCES');
    const { store, changes } = await open({ ...options, settings: CONFINED });
    allow();
    await store.refresh();
    folder().write('issues/000002_b.md', 'b');
    time.advance(AUDIT_ROUND_MS);
    await changes.until(() => store.catalogue.size === 2, 'what no event told of');
  });

  for (const first of ['../elsewhere', 'issues'] as const) {
    it(`refreshes without a failure of its own where that comes later (${first})`, async () => {
      folder().write('root/issues/000001_a.md', 'a');
      const { disk, options } = byHand();
      const { store } = await open({ ...options, settings: { ...CONFINED, folder: first } }, folder().join('root'));
      const allow = disk.fail({ method: 'realPath' }, 'EACCES');
      await store.configure({ ...CONFINED, folder: 'issues' });
      await store.refresh();
      await assert.rejects(store.getIssue(1), { code: 'unreadable' });
      await assert.rejects(store.verify(), { code: 'unreadable' });
      allow();
      await store.refresh();
      assert.deepEqual([store.state, store.failure, store.catalogue.size], ['ready', undefined, 1]);
    });
  }

  it('refreshes without a failure of its own where it was outside before', async () => {
    folder().makeFolder('root');
    folder().makeFolder('elsewhere');
    symlinkSync('../elsewhere', folder().join('root/issues'), 'junction');
    const { options } = byHand();
    const { store } = await open({ ...options, settings: CONFINED }, folder().join('root'));
    assert.equal(store.failure?.kind, 'outside');
    unlinkSync(folder().join('root/issues'));
    symlinkSync('issues', folder().join('root/issues'), 'junction');
    await store.refresh();
    assert.deepEqual([store.state, store.failure?.kind], ['unreadable', 'other']);
    unlinkSync(folder().join('root/issues'));
    folder().write('root/issues/000001_a.md', 'a');
    await store.refresh();
    assert.deepEqual([store.state, store.failure, store.catalogue.size], ['ready', undefined, 1]);
  });

  it('opens, and says why, whatever keeps it from going to its place', async () => {
    folder().write('issues/000001_a.md', 'a');
    const { time, options } = byHand();
    let attempts = 0;
    const watch: typeof options.watch = (watched) => {
      attempts++;
      if (attempts === 1) {
        throw new Error('no watcher to be had');
      }
      return options.watch?.(watched) ?? assert.fail();
    };
    const { store, states } = make({ ...options, watch });
    await store.open();
    assert.deepEqual([store.state, store.failure?.message], ['unreadable', 'no watcher to be had']);
    time.advance(RETRY_MS + SETTINGS.coalescingWindow);
    await states.until(() => store.state === 'ready', 'the store to be ready');
  });
});
