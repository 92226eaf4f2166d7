import assert from 'node:assert/strict';
import { issueKey } from '../../../../src/core/formats/numberedLayout.ts';
import { byHand } from '../../support/byHand.ts';
import { ManualTime } from '../../support/manualTime.ts';
import {
  AUDIT_ROUND_MS,
  assertEqualToDisk,
  changedKeys,
  NO_CHANGE,
  readIndependently,
  SETTINGS,
  useStores,
} from '../../support/openStore.ts';
import { turns } from '../../support/settled.ts';

describe('IssueStore, its settings and figures', () => {
  const { folder, make, open } = useStores();

  beforeEach(() => {
    folder().writeAll({ 'issues/000001_a.md': 'a', 'issues/000002_b.md': 'b', 'issues/complete/000003_c.md': 'c' });
  });

  describe('settings', () => {
    it('of the cache take effect at once, with an empty cache', async () => {
      const { store } = await open();
      await store.getIssue(1);
      await store.configure({ ...SETTINGS, maxSize: 2 });
      assert.deepEqual([store.snapshot().cache.maxSize, store.snapshot().cache.size], [2, 0]);
      await store.getIssues([1, 2, 3]);
      assert.deepEqual([store.snapshot().cache.size, store.snapshot().cache.evictions], [2, 1]);
      await store.configure({ ...SETTINGS, maxSize: 2, ttl: 1 });
      assert.equal(store.snapshot().cache.size, 0);
      assert.equal(store.snapshot().outer.operations.read.count, 4, 'the meters go on');
    });

    it('that stay the same change nothing', async () => {
      const { store } = await open();
      await store.getIssue(1);
      await store.configure({ ...SETTINGS, coalescingWindow: 30 });
      assert.equal(store.snapshot().cache.size, 3);
    });

    it('of the time to live count', async () => {
      const { time, disk, options } = byHand();
      const { store } = await open(options);
      await store.configure({ ...SETTINGS, ttl: 900 });
      await store.getIssue(1);
      disk.reset();
      time.advance(900);
      await store.getIssue(1);
      assert.deepEqual(disk.calls, []);
      time.advance(1);
      await store.getIssue(1);
      assert.deepEqual([disk.count('read'), disk.count('stat')], [0, 1]);
    });

    it('of the window take effect with the next hint', async () => {
      const { time, watchers, options } = byHand();
      const { store } = await open(options);
      await store.configure({ ...SETTINGS, coalescingWindow: 500 });
      watchers[0]?.hint('everything');
      assert.deepEqual(time.waits, [500, AUDIT_ROUND_MS]);
    });

    const MOVED = [{ added: ['x'], changed: ['000001_a'], removed: ['000002_b', 'complete/000003_c'] }];

    it('of the folder move the store, in one event', async () => {
      const opened = await open();
      await opened.store.getIssue(1);
      folder().writeAll({ 'tasks/000001_a.md': 'the other a', 'tasks/x.md': 'x' });
      await opened.store.configure({ ...SETTINGS, folder: 'tasks' });
      assert.equal(opened.store.folder, folder().join('tasks'));
      assert.deepEqual(opened.changes.events.map(changedKeys), MOVED);
      assert.equal((await opened.store.getIssue(1)).content, 'the other a');
      folder().write('tasks/y.md');
      folder().write('issues/unheard.md');
      await opened.changes.until(() => opened.store.catalogue.get(issueKey('y', false)) !== undefined, 'a change in the new folder');
      await assertEqualToDisk(opened.store);
    });

    it('of the folder leave behind what was hinted at in the one before', async () => {
      folder().writeAll({ 'tasks/000001_a.md': 'the other a', 'tasks/x.md': 'x' });
      const { time, watchers, options } = byHand();
      const { store, changes } = await open(options);
      watchers[0]?.hint({ folder: '', name: '000001_a.md' });
      const moving = store.configure({ ...SETTINGS, folder: 'tasks' });
      time.advance(SETTINGS.coalescingWindow);
      await moving;
      await turns();
      assert.deepEqual(changes.events.map(changedKeys), MOVED);
    });

    it('of the folder leave behind a hint that waits for its turn to be looked at', async () => {
      folder().writeAll({ 'tasks/000001_a.md': 'the other a', 'tasks/x.md': 'x' });
      const { time, disk, watchers, options } = byHand();
      const { store, changes } = await open(options);
      const listed = disk.pause({ method: 'list', path: 'issues' });
      const looking = store.refresh();
      await listed.reached;
      const moving = store.configure({ ...SETTINGS, folder: 'tasks' });
      await turns();
      watchers[0]?.hint({ folder: '', name: '000001_a.md' });
      time.advance(SETTINGS.coalescingWindow);
      listed.resume();
      await Promise.all([looking, moving]);
      assert.deepEqual(changes.events.map(changedKeys), MOVED);
      assert.equal(disk.calls.filter(({ path }) => path === folder().join('tasks/000001_a.md')).length, 1);
    });

    it('of the folder leave behind what was to be read again in the one before', async () => {
      const time = new ManualTime(Date.now());
      const { store } = await open({ ...byHand().options, clock: time, schedule: time.schedule });
      assert.equal(time.waits.length, 3, 'the files were written a moment ago, so they are read again soon, and then read ahead');
      await store.configure({ ...SETTINGS, folder: 'nowhere' });
      assert.deepEqual(time.waits, [AUDIT_ROUND_MS]);
    });

    it('of the folder may point to where nothing is', async () => {
      const { store } = await open();
      await store.configure({ ...SETTINGS, folder: 'nowhere' });
      assert.equal(store.state, 'missing');
      assert.equal(store.catalogue.size, 0);
      await store.configure(SETTINGS);
      assert.equal(store.state, 'ready');
      assert.equal(store.catalogue.size, 3);
    });

    it('that change again while they are taken over end as they were said last', async () => {
      for (const name of ['x', 'y', 'z']) {
        folder().write(`${name}/${name}.md`, name);
      }
      const { watchers, options } = byHand();
      const { store } = make(options);
      const folders = [undefined, 'x', 'y', undefined, 'z'];
      await Promise.all([store.open(), ...folders.map((name) => store.configure({ ...SETTINGS, folder: name }))]);
      assert.equal(store.folder, folder().join('z'));
      await assertEqualToDisk(store);
      assert.deepEqual(
        watchers.map(({ isDisposed }) => isDisposed),
        [...watchers.slice(1).map(() => true), false],
      );
    });

    it('that take longer than the next ones do not win over them', async () => {
      folder().writeAll({ 'slow/x.md': '', 'quick/y.md': '' });
      const { disk, options } = byHand();
      const { store } = await open(options);
      const pause = disk.pause({ method: 'stat', path: 'slow' });
      const slow = store.configure({ ...SETTINGS, folder: 'slow' });
      await pause.reached;
      const quick = store.configure({ ...SETTINGS, folder: 'quick' });
      await turns();
      pause.resume();
      await Promise.all([slow, quick]);
      assert.equal(store.folder, folder().join('quick'));
      await assertEqualToDisk(store);
    });

    it('of a folder that cannot be read leave nothing of the one before', async () => {
      const { time, disk, options } = byHand();
      const { store, changes } = await open(options);
      folder().write('tasks/x.md');
      const recover = disk.fail({ method: 'list', path: 'tasks' }, 'EACCES');
      await store.configure({ ...SETTINGS, folder: 'tasks' });
      assert.equal(store.catalogue.size, 0);
      assert.deepEqual(changes.events.map(changedKeys), [{ ...NO_CHANGE, removed: ['000001_a', '000002_b', 'complete/000003_c'] }]);
      recover();
      time.advance(5_000 + SETTINGS.coalescingWindow);
      await changes.until((events) => events.length === 2, 'the new store');
      await assertEqualToDisk(store);
    });

    it('that change while a look is under way let nothing of the old store in', async () => {
      const { disk, options } = byHand();
      const { store, errors } = await open(options);
      store.onDidChange(() => {
        const inFolder = [...readIndependently(store.folder ?? 'nowhere').keys()];
        for (const { key } of store.catalogue.summaries()) {
          assert.ok(inFolder.includes(key), key);
        }
      });
      folder().writeAll({ 'tasks/x.md': 'x', 'issues/late.md': '' });
      const pause = disk.pause({ method: 'list', path: 'issues' });
      const looking = store.refresh();
      await pause.reached;
      const moving = store.configure({ ...SETTINGS, folder: 'tasks' });
      await turns();
      pause.resume();
      await Promise.all([looking, moving]);
      assert.deepEqual(errors, []);
      assert.deepEqual(
        store.catalogue.summaries().map(({ key }) => key),
        ['x'],
      );
    });

    it('of the cache do not make it forget what an earlier batch took back', async () => {
      const { options } = byHand();
      const { store } = await open(options);
      const { undo } = await store.for('test').updateIssuesBatch([{ ref: 1, content: 'updated' }]);
      await store.configure({ ...SETTINGS, maxSize: 7 });
      assert.equal((await store.getIssue(1)).content, 'updated');
      await store.write(undo);
      assert.equal((await store.getIssue(1)).content, 'a');
    });
  });

  describe('figures', () => {
    it('tell what callers feel, what the disk costs and what the cache saves', async () => {
      const { time, disk, options } = byHand();
      disk.before({ method: 'read' }, () => time.advance(2));
      const { store } = await open(options);
      store.clearCache();
      for (let round = 0; round < 10; round++) {
        await store.getIssue(1);
      }
      await store.for('test').createIssue('x', '');
      await store.for('test').markComplete(4);
      await store.listSummaries();
      const { outer, inner, cache, saved, activeIssues, completedIssues, watcher } = store.snapshot();
      assert.deepEqual(
        [outer, inner].map(({ operations }) => Object.values(operations).map(({ count }) => count)),
        [
          [1, 10, 0, 1, 1],
          [1, 1, 0, 1, 1],
        ],
      );
      assert.equal(inner.operations.read.totalMicros, 2_000);
      assert.deepEqual([cache.hits, cache.misses], [9, 1]);
      assert.deepEqual(saved, { reads: 9, micros: 10 * 2_000 - 2_000 });
      assert.deepEqual([activeIssues, completedIssues, watcher], [2, 2, 'watching']);
    });

    it('begin anew on a reset, and the cache keeps its entries', async () => {
      const { store } = await open();
      await store.getIssue(1);
      store.sample();
      store.resetMetrics();
      const { outer, inner, cache, saved } = store.snapshot();
      assert.deepEqual([outer.totalOperations, inner.totalOperations, cache.hits, cache.misses, cache.size], [0, 0, 0, 0, 3]);
      assert.deepEqual(saved, { reads: 0, micros: 0 });
      assert.deepEqual(store.history(), []);
    });

    it('are sampled into a history', async () => {
      const { time, options } = byHand();
      const { store } = await open(options);
      store.clearCache();
      store.sample();
      await store.getIssue(1);
      time.advance(1_000);
      await store.getIssue(1);
      const sample = store.sample();
      assert.equal(sample?.seconds, 1);
      assert.equal(sample?.intervalHitRate, 0.5);
      assert.equal(sample?.operations.read.count, 2);
      assert.equal(store.history().length, 2);
      await store.configure({ ...SETTINGS, maxSize: 5 });
      assert.equal(store.sample()?.cacheMaxSize, 5);
    });

    it('do not count what is dropped from the cache by hand', async () => {
      const { store } = await open();
      store.clearCache();
      await store.getIssue(1);
      store.clearCache();
      const { size, evictions, expirations, misses } = store.snapshot().cache;
      assert.deepEqual([size, evictions, expirations, misses], [0, 0, 0, 1]);
    });
  });
});
