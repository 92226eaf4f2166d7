import assert from 'node:assert/strict';
import { renameSync, symlinkSync } from 'node:fs';
import type { FolderWatcherOptions } from '../../../../src/core/sync/folderWatcher.ts';
import { eventually } from '../../../support/polling.ts';
import { byHand } from '../../support/byHand.ts';
import { FakeWatcher } from '../../support/fakeWatcher.ts';
import { closed, openWatches } from '../../support/nativeWatches.ts';
import { AUDIT_ROUND_MS, assertEqualToDisk, changedKeys, NO_CHANGE, type OpenStore, SETTINGS, useStores } from '../../support/openStore.ts';
import { inTime } from '../../support/recording.ts';
import { settled, turns } from '../../support/settled.ts';
import { SlowWatcher } from '../../support/slowWatcher.ts';

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
      await made.states.until(() => made.store.snapshot().watcher === 'watching', 'the watcher to start');
      assert.deepEqual(made.changes.events.map(changedKeys), [{ ...NO_CHANGE, added: ['000001_a', '000002_b', 'complete/000003_c'] }]);
      await assertEqualToDisk(made.store);
    });

    it('lists each folder and reads every file once', async () => {
      const { disk, options } = byHand();
      await open(options);
      assert.equal(disk.count('read', 'readSync'), 3);
      assert.equal(disk.count('list'), 2);
      assert.equal(disk.count('statSync'), 0);
      assert.deepEqual(disk.writes, []);
    });

    it('does not wait for a watcher that takes its time, and looks once more when it is there', async () => {
      const { disk, time, options } = byHand();
      const watchers: SlowWatcher[] = [];
      const watch = (watched: FolderWatcherOptions) => {
        const watcher = new SlowWatcher(watched);
        watchers.push(watcher);
        return watcher;
      };
      const made = await open({ ...options, watch });
      folder().write('issues/000004_d.md', 'written before anybody watches');
      watchers[0]?.letStart();
      await settled();
      time.advance(SETTINGS.coalescingWindow);
      await made.changes.until(() => made.store.catalogue.size === 4, 'the second look');
      assert.equal(disk.count('list'), 4);
      assert.equal(disk.count('statSync'), 3);
      await assertEqualToDisk(made.store);
    });

    it('is read, searched and audited like any other where its watcher never gets ready', async () => {
      const { time, options } = byHand();
      const made = make({ ...options, watch: (watched) => new SlowWatcher(watched) });
      const opening = made.store.open();
      const lists = Promise.all([
        made.store.listSummaries(),
        made.store.for('test').allComplete(),
        made.store.configure({ ...SETTINGS, folder: 'issues/' }),
      ]);
      await inTime(opening, 'the store to open');
      assert.equal((await inTime(lists, 'the lists'))[0].length, 3);
      folder().write('issues/000004_d.md', 'seen by nobody');
      time.advance(AUDIT_ROUND_MS);
      await made.changes.until(() => made.store.catalogue.size === 4, 'what the audit finds');
      await assertEqualToDisk(made.store);
    });

    it('shows the first rows before it has read the rest, and answers when it has', async () => {
      const ids = Array.from({ length: 1000 }, (_, index) => `${String(index + 10).padStart(6, '0')}_x`);
      for (const id of ids) {
        folder().write(`issues/${id}.md`, 'text');
      }
      const { options } = byHand();
      const made = make(options);
      const opening = made.store.open();
      const lists = Promise.all([made.store.listSummaries(), made.store.for('test').allComplete()]);
      await made.changes.until((events) => events.length > 0, 'the first rows');
      assert.equal(made.store.state, 'ready');
      assert.ok(made.store.catalogue.size < 1000, 'the rest is still to be read');
      assert.deepEqual(await made.store.getIssue('#3').then(({ key }) => key), 'complete/000003_c', 'a number that is still to be read');
      await inTime(opening, 'the store to open');
      assert.deepEqual(
        made.changes.events.flatMap(({ added }) => added.map(({ id }) => id)),
        ['000001_a', '000002_b', '000003_c', ...ids],
      );
      assert.equal((await lists)[0].length, 1003);
      assert.equal((await lists)[1], false);
    });

    it('finds a store missing, and creates nothing', async () => {
      folder().remove('issues');
      const { store } = await open();
      assert.equal(store.state, 'missing');
      assert.deepEqual(await store.listSummaries(), []);
      assert.equal(await store.for('test').allComplete(), false);
      assert.deepEqual(folder().contents(), {});
    });

    it('misses nothing between reading and watching', async () => {
      const { time, options } = byHand();
      class LateWatcher extends FakeWatcher {
        override async start(): Promise<void> {
          folder().write('issues/000001_a.md', 'changed while the watching began');
          await super.start();
          this.hint('everything');
        }
      }
      const { store, changes } = await open({ ...options, watch: (watched) => new LateWatcher(watched) });
      await settled();
      time.advance(SETTINGS.coalescingWindow);
      await changes.until((events) => events.length > 0, 'the look when the watcher is ready');
      assert.equal(store.catalogue.active[0]?.title, 'changed while the watching began');
    });

    it('may be called off at any moment by disposing', async () => {
      const before = openWatches();
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
      await closed(before);
    });

    it('comes before everything else', async () => {
      const { store } = make();
      await assert.rejects(async () => store.getIssue(1), /before it is open/);
      await assert.rejects(store.for('test').createIssue('x', ''), /before it is open/);
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
      assert.equal(await store.for('test').allComplete(), false);
      assert.deepEqual(disk.calls, []);
      store.clearCache();
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
      store.clearCache();
      folder().write('issues/000009_new.md', 'new');
      renameSync(folder().join('issues/000001_a.md'), folder().join('issues/complete/000001_a.md'));
      assert.equal((await store.getIssue(9)).content, 'new');
      assert.equal((await store.getIssue(1)).key, 'complete/000001_a');
      const issues = await store.getIssues(['000001_a', 9, 2]);
      assert.deepEqual(
        issues.map(({ key }) => key),
        ['complete/000001_a', '000009_new', '000002_b'],
      );
      await assert.rejects(store.getIssues([2, 77]), { code: 'notFound' });
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
      watchers[0]?.hint({ folder: '', name: 'never.md' });
      watchers[0]?.hint({ folder: '', name: '000001_a.md' });
      time.advance(SETTINGS.coalescingWindow);
      // Looks come one after another, so the one at the names is over when this one is.
      await store.refresh();
      assert.deepEqual(changes.events, []);
      assert.equal(disk.count('list'), 2, 'by the refresh');
      assert.equal(disk.count('statSync'), 1 + 3);
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
      assert.deepEqual(time.waits, [5_000, AUDIT_ROUND_MS]);
      recover();
      time.advance(5_000 + SETTINGS.coalescingWindow);
      await changes.until((events) => events.length === 1, 'the new file');
      await assertEqualToDisk(store);
      assert.equal(time.waits.length, 1, 'the next round of the audit alone');
    });

    it('is not tried again once it works', async () => {
      const { time, disk, options } = byHand();
      const { store } = await open(options);
      const recover = disk.fail({ method: 'list' }, 'EMFILE');
      await store.refresh();
      recover();
      await store.refresh();
      assert.deepEqual(time.waits, [AUDIT_ROUND_MS]);
    });

    it('at the beginning makes the store unreadable, with the reason, until it works', async () => {
      const { time, disk, options } = byHand();
      const recover = disk.fail({ method: 'list' }, 'EACCES');
      const { store, errors, states } = await open(options);
      assert.equal(store.state, 'unreadable');
      assert.equal(store.failure?.kind, 'denied');
      assert.match(store.failure?.message ?? '', /issues cannot be read \(EACCES\)/);
      assert.match(String(errors[0]), /issues cannot be read \(EACCES\)/);
      recover();
      time.advance(5_000 + SETTINGS.coalescingWindow);
      await states.until(() => store.state === 'ready', 'the store to be ready');
      assert.deepEqual([store.catalogue.size, store.failure], [3, undefined]);
    });

    it('later on is told of, while the store shows what it knows', async () => {
      const { disk, options } = byHand();
      const { store, states } = await open(options);
      const recover = disk.fail({ method: 'list' }, 'EIO');
      const told = states.events.length;
      await store.refresh();
      await store.refresh();
      assert.deepEqual([store.state, store.failure?.kind, states.events.length], ['ready', 'other', told + 1]);
      recover();
      await store.refresh();
      assert.deepEqual([store.failure, states.events.length], [undefined, told + 2]);
    });

    it('and a failing look for another place is no unhandled rejection', async () => {
      folder().remove('issues');
      const { time, disk, watchers, options } = byHand();
      const { store, changes } = await open(options);
      disk.fail({ method: ['stat', 'statSync'] }, 'EACCES');
      watchers[0]?.hint('everything');
      time.advance(SETTINGS.coalescingWindow);
      folder().write('issues/a.md');
      await store.refresh().catch(() => undefined);
      await changes.until((events) => events.length === 1, 'the issue');
    });
  });

  describe('a look at everything', () => {
    it('waits for the writes under way, and sees no batch half done', async () => {
      const { disk, options } = byHand();
      const { store, changes } = await open(options);
      const pause = disk.pause({ method: 'move', path: 'complete/000002_b.md' });
      const writing = store.for('test').markCompleteBatch([1, 2]);
      await pause.reached;
      await eventually(() => assert.ok(folder().contents()['issues/complete/000001_a.md'] !== undefined));
      disk.reset();
      const looking = store.refresh();
      await turns();
      assert.equal(disk.count('list'), 0);
      pause.resume();
      await Promise.all([writing, looking]);
      const expected = { added: ['complete/000001_a', 'complete/000002_b'], changed: [], removed: ['000001_a', '000002_b'] };
      assert.deepEqual(changes.events.map(changedKeys), [expected]);
    });

    it('is not overtaken by writes, so what it has read is not taken for newer', async () => {
      const { disk, options } = byHand();
      const { store, changes } = await open(options);
      folder().write('issues/000001_a.md', 'by somebody else');
      const pause = disk.pause({ method: 'list', path: 'issues' });
      const looking = store.refresh();
      await pause.reached;
      disk.reset();
      const writing = store.for('test').updateIssue(1, 'by the store');
      await turns();
      assert.deepEqual(disk.calls, []);
      pause.resume();
      await Promise.all([looking, writing]);
      assert.deepEqual(changes.events.map(changedKeys), [
        { ...NO_CHANGE, changed: ['000001_a'] },
        { ...NO_CHANGE, changed: ['000001_a'] },
      ]);
      assert.equal(store.catalogue.active[0]?.title, 'by the store');
    });
  });

  describe('disposed', () => {
    it('says nothing any more and lets go of everything', async () => {
      const { time, disk, watchers, options } = byHand();
      const { store, changes, states } = await open(options);
      const recover = disk.fail({ method: 'list' }, 'EIO');
      await store.refresh();
      recover();
      const told = states.events.length;
      watchers[0]?.hint('everything');
      assert.equal(time.waits.length, 3);
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

    it('while it looks, takes nothing over and complains of nothing', async () => {
      const { time, disk, options } = byHand();
      const opened = await open(options);
      const pause = disk.pause({ method: 'list' });
      folder().write('issues/new.md');
      const looking = opened.store.refresh();
      await pause.reached;
      opened.store.dispose();
      disk.fail({ method: 'list' }, 'EIO');
      pause.resume();
      await looking;
      assert.deepEqual([opened.changes.events, opened.errors, time.waits], [[], [], []]);
    });
  });

  describe('two at once', () => {
    it('over different folders have nothing to do with each other', async () => {
      folder().write('second/issues/x.md', 'x');
      const [one, other] = [await open(), await open({}, folder().join('second'))];
      assert.deepEqual(await one.eventsOf(folder(), () => one.store.for('test').createIssue('new', '')), [
        { ...NO_CHANGE, added: ['000004_new'] },
      ]);
      assert.deepEqual(other.changes.events, []);
      await Promise.all([one, other].map(({ store }) => assertEqualToDisk(store)));
    });

    it('over one folder hear of each other', async () => {
      const stores: OpenStore[] = [await open(), await open()];
      await Promise.all(
        stores.flatMap(({ store }, index) =>
          Array.from({ length: 10 }, (_, count) => store.for('test').createIssue(`by ${index} ${count}`, '')),
        ),
      );
      for (const { store, changes } of stores) {
        await changes.until(() => store.catalogue.size === 23, 'everything of both');
        await assertEqualToDisk(store);
      }
    });
  });
});
