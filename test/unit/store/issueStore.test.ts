import assert from 'node:assert/strict';
import { renameSync, symlinkSync } from 'node:fs';
import { issueKey } from '../../../src/core/issue/issue.ts';
import type { IssueStoreOptions } from '../../../src/core/store/issueStore.ts';
import { CountingDisk } from '../support/countingDisk.ts';
import { FakeWatcher } from '../support/fakeWatcher.ts';
import { ManualTime } from '../support/manualTime.ts';
import { assertEqualToDisk, changedKeys, NO_CHANGE, type OpenStore, SETTINGS, useStores } from '../support/openStore.ts';
import { inTime } from '../support/recording.ts';

/** Timers and a watcher that do only what the test wants, and a disk that counts. */
function byHand() {
  const time = new ManualTime();
  const disk = new CountingDisk();
  const watchers: FakeWatcher[] = [];
  const watch: IssueStoreOptions['watch'] = (options) => {
    const watcher = new FakeWatcher(options);
    watchers.push(watcher);
    return watcher;
  };
  return { time, disk, watchers, options: { disk, watch, clock: time, schedule: time.schedule } };
}

const settled = () => new Promise<void>((resolve) => setImmediate(resolve));

describe('IssueStore', () => {
  const { folder, make, open } = useStores();

  beforeEach(() => {
    folder().writeAll({ 'issues/000001_a.md': 'a', 'issues/000002_b.md': 'b', 'issues/complete/000003_c.md': 'c' });
  });

  describe('opening', () => {
    it('locates the store, reads it, and says so once', async () => {
      const made = make();
      assert.equal(made.store.state, 'loading');
      assert.equal(made.store.folder, undefined);
      await inTime(made.store.open(), 'the store to open');
      assert.equal(made.store.state, 'ready');
      assert.equal(made.store.folder, folder().join('issues'));
      assert.equal(made.store.snapshot().watcher, 'watching');
      assert.deepEqual(made.changes.events.map(changedKeys), [{ ...NO_CHANGE, added: ['000001_a', '000002_b', 'complete/000003_c'] }]);
      await assertEqualToDisk(made.store);
    });

    it('reads every file once and lists each folder once', async () => {
      const { disk, options } = byHand();
      await open(options);
      assert.equal(disk.count('read', 'readSync'), 3);
      assert.equal(disk.count('list', 'listSync'), 2);
      assert.deepEqual(disk.writes, []);
    });

    it('finds a store missing, and creates nothing', async () => {
      folder().remove('issues');
      const { store } = await open();
      assert.equal(store.state, 'missing');
      assert.deepEqual(await store.listSummaries(), []);
      assert.equal(await store.allComplete(), false);
      assert.deepEqual(folder().contents(), {});
    });

    it('may be called off at any moment by disposing', async () => {
      for (let turns = 0; turns < 12; turns++) {
        const made = make();
        const opening = made.store.open();
        for (let turn = 0; turn < turns; turn++) {
          await settled();
        }
        made.store.dispose();
        await inTime(opening, `the opening to end, ${turns} turns on`);
        const told = made.changes.events.length;
        await made.store.refresh();
        assert.equal(made.changes.events.length, told);
        assert.deepEqual(made.errors, []);
      }
    });

    it('comes before everything else', async () => {
      const { store } = make();
      await assert.rejects(async () => store.getIssue(1), /before it is open/);
      await assert.rejects(store.createIssue('x', ''), /before it is open/);
      await store.refresh();
      assert.equal(store.state, 'loading');
      assert.equal(store.sample(), undefined);
    });
  });

  describe('reading', () => {
    it('answers lists from memory, and each text from the disk once', async () => {
      const { disk, options } = byHand();
      const { store } = await open(options);
      disk.reset();
      assert.equal((await store.listSummaries()).length, 3);
      assert.equal(await store.allComplete(), false);
      assert.deepEqual(disk.calls, []);
      await store.getIssue(1);
      await store.getIssue('000001_a');
      await store.getIssue('#1');
      assert.deepEqual(
        disk.calls.map(({ method }) => method),
        ['read'],
      );
    });

    it('finds what the catalogue does not know yet', async () => {
      const { options } = byHand();
      const { store } = await open(options);
      folder().write('issues/000009_new.md', 'new');
      renameSync(folder().join('issues/000001_a.md'), folder().join('issues/complete/000001_a.md'));
      assert.equal((await store.getIssue(9)).content, 'new');
      assert.equal((await store.getIssue(1)).key, 'complete/000001_a');
      const issues = await store.getIssuesBatch(['000001_a', 9, 2]);
      assert.deepEqual(
        issues.map(({ key }) => key),
        ['complete/000001_a', '000009_new', '000002_b'],
      );
      await assert.rejects(store.getIssuesBatch([2, 77]), { code: 'notFound' });
    });

    it('gives whole issues, too', async () => {
      const { store } = await open();
      assert.deepEqual(
        (await store.listIssues()).map(({ content }) => content),
        ['a', 'b', 'c'],
      );
    });

    it('shows files with problems beside the others', async () => {
      folder().write('issues/bad.md', Buffer.from([0xff]));
      symlinkSync('000001_a.md', folder().join('issues/link.md'));
      const { store } = await open();
      assert.deepEqual(
        (await store.listSummaries()).map(({ id, problem }) => [id, problem?.code]),
        [
          ['000001_a', undefined],
          ['000002_b', undefined],
          ['000003_c', undefined],
          ['bad', 'notText'],
          ['link', 'symbolicLink'],
        ],
      );
      await assert.rejects(store.getIssue('bad'), { code: 'notText' });
    });
  });

  describe('while nobody watches', () => {
    it('checks the stat of each cached issue before it is handed out', async () => {
      const { disk, watchers, options } = byHand();
      const { store } = await open(options);
      await store.getIssue(1);
      watchers[0]?.fail('no more watches');
      assert.equal(store.watchFailure, 'no more watches');
      assert.equal(store.snapshot().watcher, 'failed');
      disk.reset();
      assert.equal((await store.getIssue(1)).content, 'a');
      assert.deepEqual(
        disk.calls.map(({ method }) => method),
        ['stat'],
      );
      folder().write('issues/000001_a.md', 'changed');
      assert.equal((await store.getIssue(1)).content, 'changed');
    });

    it('takes no file for current that has the stat of an earlier version', async () => {
      const { watchers, options } = byHand();
      const { store } = await open(options);
      watchers[0]?.fail('no more watches');
      renameSync(folder().join('issues/000001_a.md'), folder().join('backup'));
      folder().write('issues/000001_a.md', 'changed');
      assert.equal((await store.getIssue(1)).content, 'changed');
      renameSync(folder().join('backup'), folder().join('issues/000001_a.md'));
      assert.equal((await store.getIssue(1)).content, 'a');
    });

    it('says what is wrong with a file that it cannot check', async () => {
      const { disk, watchers, options } = byHand();
      const { store } = await open(options);
      await store.getIssue(1);
      watchers[0]?.fail('no more watches');
      disk.fail({ method: ['stat', 'read'] }, 'EACCES');
      await assert.rejects(store.getIssue(1), { code: 'unreadable' });
    });

    it('tells that the state of the watcher changed', async () => {
      const { watchers, options } = byHand();
      const { states } = await open(options);
      const before = states.events.length;
      watchers[0]?.fail('no more watches');
      assert.equal(states.events.length, before + 1);
    });
  });

  describe('a watcher that loses events', () => {
    it('is made up for by a refresh', async () => {
      const { options } = byHand();
      const { store, changes } = await open(options);
      await store.getIssue(1);
      folder().writeAll({ 'issues/000001_a.md': 'changed', 'issues/000004_d.md': 'd' });
      folder().remove('issues/complete/000003_c.md');
      await store.refresh();
      assert.deepEqual(changes.events.map(changedKeys), [{ added: ['000004_d'], changed: ['000001_a'], removed: ['complete/000003_c'] }]);
      await assertEqualToDisk(store);
    });

    it('or says nothing but that something happened', async () => {
      const { time, watchers, options } = byHand();
      const { store, changes } = await open(options);
      folder().write('issues/000004_d.md', 'd');
      watchers[0]?.hint('everything');
      time.advance(SETTINGS.coalescingWindow);
      await changes.until((events) => events.length === 1, 'the event');
      await assertEqualToDisk(store);
    });

    it('or names what has not changed or was never there costs a look at each, and no event', async () => {
      const { time, disk, watchers, options } = byHand();
      const { store, changes } = await open(options);
      disk.reset();
      watchers[0]?.hint({ completed: false, name: 'never.md' });
      watchers[0]?.hint({ completed: false, name: '000001_a.md' });
      time.advance(SETTINGS.coalescingWindow);
      // Looks come one after another, so the one at the names is over when this one is.
      await store.refresh();
      assert.deepEqual(changes.events, []);
      assert.equal(disk.count('list'), 2, 'by the refresh');
      assert.equal(disk.count('statSync'), 1 + 3);
    });
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
  });

  describe('settings', () => {
    it('of the cache take effect at once, with an empty cache', async () => {
      const { store } = await open();
      await store.getIssue(1);
      await store.configure({ ...SETTINGS, maxSize: 2 });
      assert.deepEqual([store.snapshot().cache.maxSize, store.snapshot().cache.size], [2, 0]);
      await store.getIssuesBatch([1, 2, 3]);
      assert.deepEqual([store.snapshot().cache.size, store.snapshot().cache.evictions], [2, 1]);
      await store.configure({ ...SETTINGS, maxSize: 2, ttl: 1 });
      assert.equal(store.snapshot().cache.size, 0);
      assert.equal(store.snapshot().outer.operations.read.count, 4, 'the meters go on');
    });

    it('that stay the same change nothing', async () => {
      const { store } = await open();
      await store.getIssue(1);
      await store.configure({ ...SETTINGS, coalescingWindow: 30 });
      assert.equal(store.snapshot().cache.size, 1);
    });

    it('of the time to live count', async () => {
      const { time, disk, options } = byHand();
      const { store } = await open(options);
      await store.configure({ ...SETTINGS, ttl: 1_000 });
      await store.getIssue(1);
      disk.reset();
      time.advance(1_000);
      await store.getIssue(1);
      assert.equal(disk.count('read'), 0);
      time.advance(1);
      await store.getIssue(1);
      assert.equal(disk.count('read'), 1);
    });

    it('of the window take effect with the next hint', async () => {
      const { time, watchers, options } = byHand();
      const { store } = await open(options);
      await store.configure({ ...SETTINGS, coalescingWindow: 500 });
      watchers[0]?.hint('everything');
      assert.deepEqual(time.waits, [500]);
    });

    it('of the folder move the store, in one event', async () => {
      const opened = await open();
      await opened.store.getIssue(1);
      folder().writeAll({ 'tasks/000001_a.md': 'the other a', 'tasks/x.md': 'x' });
      await opened.store.configure({ ...SETTINGS, folder: 'tasks' });
      assert.equal(opened.store.folder, folder().join('tasks'));
      assert.deepEqual(opened.changes.events.map(changedKeys), [
        { added: ['x'], changed: ['000001_a'], removed: ['000002_b', 'complete/000003_c'] },
      ]);
      assert.equal((await opened.store.getIssue(1)).content, 'the other a');
      folder().write('tasks/y.md');
      folder().write('issues/unheard.md');
      await opened.changes.until(() => opened.store.catalogue.get(issueKey('y', false)) !== undefined, 'a change in the new folder');
      await assertEqualToDisk(opened.store);
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

    it('that change while a look is under way let nothing of the old store in', async () => {
      const { disk, options } = byHand();
      const { store } = await open(options);
      folder().writeAll({ 'tasks/x.md': 'x', 'issues/late.md': '' });
      const pause = disk.pause({ method: 'list', path: 'issues' });
      const looking = store.refresh();
      await pause.reached;
      const moving = store.configure({ ...SETTINGS, folder: 'tasks' });
      await settled();
      pause.resume();
      await Promise.all([looking, moving]);
      assert.deepEqual(
        store.catalogue.summaries().map(({ key }) => key),
        ['x'],
      );
    });

    it('of the cache do not make it forget what an earlier batch took back', async () => {
      const { options } = byHand();
      const { store } = await open(options);
      const { undo } = await store.updateIssuesBatch([{ ref: 1, content: 'updated' }]);
      await store.configure({ ...SETTINGS, maxSize: 7 });
      assert.equal((await store.getIssue(1)).content, 'updated');
      await undo();
      assert.equal((await store.getIssue(1)).content, 'a');
    });
  });

  describe('figures', () => {
    it('tell what callers feel, what the disk costs and what the cache saves', async () => {
      const { time, disk, options } = byHand();
      disk.before({ method: 'read' }, () => time.advance(2));
      const { store } = await open(options);
      for (let round = 0; round < 10; round++) {
        await store.getIssue(1);
      }
      await store.createIssue('x', '');
      await store.markComplete(4);
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
      assert.deepEqual([outer.totalOperations, inner.totalOperations, cache.hits, cache.misses, cache.size], [0, 0, 0, 0, 1]);
      assert.deepEqual(saved, { reads: 0, micros: 0 });
      assert.deepEqual(store.history(), []);
    });

    it('are sampled into a history', async () => {
      const { time, options } = byHand();
      const { store } = await open(options);
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
      await store.getIssue(1);
      store.clearCache();
      const { size, evictions, expirations, misses } = store.snapshot().cache;
      assert.deepEqual([size, evictions, expirations, misses], [0, 0, 0, 1]);
    });
  });

  describe('a disk that fails', () => {
    it('leaves what is known, and is tried again until it works', async () => {
      const { time, disk, options } = byHand();
      const { store, errors, changes } = await open(options);
      const recover = disk.fail({ method: 'list' }, 'EMFILE');
      folder().write('issues/new.md');
      await store.refresh();
      assert.equal(store.catalogue.size, 3);
      assert.match(String(errors[0]), /EMFILE/);
      assert.deepEqual(time.waits, [5_000]);
      recover();
      time.advance(5_000 + SETTINGS.coalescingWindow);
      await changes.until((events) => events.length === 1, 'the new file');
      await assertEqualToDisk(store);
      assert.deepEqual(time.waits, []);
    });

    it('at the beginning leaves the store loading until it works', async () => {
      const { time, disk, options } = byHand();
      const recover = disk.fail({ method: 'list' }, 'EACCES');
      const { store, errors, states } = await open(options);
      assert.equal(store.state, 'loading');
      assert.match(String(errors[0]), /issues cannot be read \(EACCES\)/);
      recover();
      time.advance(5_000 + SETTINGS.coalescingWindow);
      await states.until(() => store.state === 'ready', 'the store to be ready');
      assert.equal(store.catalogue.size, 3);
    });

    it('and a failing look for another place is no unhandled rejection', async () => {
      folder().remove('issues');
      const { time, disk, watchers, options } = byHand();
      const { store, changes } = await open(options);
      disk.fail({ method: ['isFolder', 'stat', 'statSync'] }, 'EACCES');
      watchers[0]?.hint('everything');
      time.advance(SETTINGS.coalescingWindow);
      folder().write('issues/a.md');
      await store.refresh().catch(() => undefined);
      await changes.until((events) => events.length === 1, 'the issue');
    });
  });

  describe('disposed', () => {
    it('says nothing any more and lets go of everything', async () => {
      const { time, disk, watchers, options } = byHand();
      const { store, changes, states } = await open(options);
      const told = states.events.length;
      const recover = disk.fail({ method: 'list' }, 'EIO');
      await store.refresh();
      recover();
      watchers[0]?.hint('everything');
      assert.equal(time.waits.length, 2);
      store.dispose();
      store.dispose();
      assert.deepEqual(time.waits, []);
      folder().write('issues/new.md');
      time.advance(10_000);
      await store.refresh();
      assert.deepEqual(changes.events, []);
      assert.equal(states.events.length, told);
      assert.deepEqual(time.waits, []);
      assert.ok(watchers.every(({ isDisposed }) => isDisposed));
    });

    it('while it looks, takes nothing over', async () => {
      const { disk, options } = byHand();
      const opened = await open(options);
      const pause = disk.pause({ method: 'list' });
      folder().write('issues/new.md');
      const looking = opened.store.refresh();
      await pause.reached;
      opened.store.dispose();
      pause.resume();
      await looking;
      assert.deepEqual([opened.changes.events, opened.errors], [[], []]);
    });
  });

  describe('two at once', () => {
    it('over different folders have nothing to do with each other', async () => {
      folder().write('second/issues/x.md', 'x');
      const [one, other] = [await open(), await open({}, folder().join('second'))];
      assert.deepEqual(await one.eventsOf(folder(), () => one.store.createIssue('new', '')), [{ ...NO_CHANGE, added: ['000004_new'] }]);
      assert.deepEqual(other.changes.events, []);
      await Promise.all([one, other].map(({ store }) => assertEqualToDisk(store)));
    });

    it('over one folder hear of each other', async () => {
      const stores: OpenStore[] = [await open(), await open()];
      await Promise.all(
        stores.flatMap(({ store }, index) => Array.from({ length: 10 }, (_, count) => store.createIssue(`by ${index} ${count}`, ''))),
      );
      for (const { store, changes } of stores) {
        await changes.until(() => store.catalogue.size === 23, 'everything of both');
        await assertEqualToDisk(store);
      }
    });
  });
});
