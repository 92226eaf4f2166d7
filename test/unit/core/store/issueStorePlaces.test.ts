import assert from 'node:assert/strict';
import { renameSync, symlinkSync } from 'node:fs';
import { issueKey } from '../../../../src/core/formats/numberedLayout.ts';
import type { IssueStore } from '../../../../src/core/store/issueStore.ts';
import type { StoreSettings } from '../../../../src/core/store/storeOptions.ts';
import { eventually } from '../../../support/polling.ts';
import { byHand } from '../../support/byHand.ts';
import type { CountingDisk } from '../../support/countingDisk.ts';
import { assertEqualToDisk, SETTINGS, useStores } from '../../support/openStore.ts';

describe('IssueStore, its place', () => {
  const { folder, open } = useStores();

  beforeEach(() => {
    folder().writeAll({ 'issues/000001_a.md': 'a', 'issues/000002_b.md': 'b', 'issues/complete/000003_c.md': 'c' });
  });

  describe('a store that is not to leave the root', () => {
    const confined = { settings: { ...SETTINGS, confined: true } };
    const away = () => folder().join('elsewhere');
    beforeEach(() => {
      folder().writeAll({ 'elsewhere/000009_secret.md': 'secret', 'root/readme.md': '' });
    });
    const openRoot = async (configured: string | undefined, options = {}) => {
      const settings = { ...confined.settings, folder: configured };
      return (await open({ settings, ...options }, folder().join('root'))).store;
    };
    const assertUnread = (store: IssueStore, disk: CountingDisk) => {
      assert.deepEqual([store.state, store.failure?.kind, store.catalogue.size], ['unreadable', 'outside', 0]);
      assert.equal(disk.count('list', 'read', 'readSync'), 0);
    };

    it('is not read where a setting names a folder outside', async () => {
      for (const configured of ['../elsewhere', away(), 'x/../../elsewhere', '../missing']) {
        const { disk, watchers, options } = byHand();
        assertUnread(await openRoot(configured, options), disk);
        assert.equal(watchers.length, 0, 'nor watched');
      }
    });

    it('is not read through a link, nor through one on the way', async () => {
      symlinkSync('../elsewhere', folder().join('root/issues'));
      symlinkSync('..', folder().join('root/up'));
      for (const configured of [undefined, 'issues', 'up/elsewhere']) {
        const { disk, options } = byHand();
        assertUnread(await openRoot(configured, options), disk);
      }
    });

    it('is read inside, and through a link that stays inside', async () => {
      folder().write('root/docs/000001_a.md', 'a');
      symlinkSync('docs', folder().join('root/issues'));
      for (const configured of [undefined, 'docs']) {
        assert.deepEqual([(await openRoot(configured)).catalogue.size], [1]);
      }
    });

    it('is forgotten when its folder becomes a link that leads out, and read when it is a folder again', async () => {
      folder().write('root/issues/000001_a.md', 'a');
      const { watchers, options } = byHand();
      const store = await openRoot(undefined, options);
      assert.equal(store.catalogue.size, 1);
      folder().remove('root/issues');
      symlinkSync('../elsewhere', folder().join('root/issues'));
      await store.refresh();
      assert.deepEqual([store.state, store.catalogue.size, watchers[0]?.isDisposed], ['unreadable', 0, true]);
      folder().remove('root/issues');
      folder().write('root/issues/000002_b.md', 'b');
      await store.refresh();
      assert.deepEqual([store.state, [...store.catalogue.keys()], watchers.length], ['ready', ['000002_b'], 2]);
    });

    it('is located anew when it may leave', async () => {
      const store = await openRoot('../elsewhere');
      await store.configure({ ...SETTINGS, folder: '../elsewhere', confined: false });
      assert.deepEqual([store.state, [...store.catalogue.keys()]], ['ready', ['000009_secret']]);
    });
  });

  describe('a store whose folder is spelled otherwise', () => {
    for (const spelled of ['issues/', './issues', 'docs/../issues//', 'absolute']) {
      it(`is watched as any other, with ${spelled}`, async () => {
        const configured = spelled === 'absolute' ? `${folder().join('issues')}/` : spelled;
        const { store, changes } = await open({ settings: { ...SETTINGS, folder: configured } });
        assert.deepEqual([store.folder, store.snapshot().watcher], [folder().join('issues'), 'watching']);
        folder().write('issues/000004_d.md', 'd');
        await changes.until(() => store.catalogue.size === 4, 'the new issue');
        assert.equal(store.filePathOf(await store.getIssue(4)), folder().join('issues/000004_d.md'));
        await assertEqualToDisk(store);
      });
    }

    it('is found when it appears', async () => {
      const { store, changes } = await open({ settings: { ...SETTINGS, folder: 'docs/tracker/' } });
      assert.equal(store.state, 'missing');
      folder().write('docs/tracker/000001_x.md', 'x');
      await changes.until(() => store.catalogue.size === 1, 'the issue');
    });
  });

  describe('a store whose folder setting cannot be made out', () => {
    const set = (configured: string | undefined): StoreSettings => ({ ...SETTINGS, folder: configured });
    const BAD = ['docs/$', '{oops}'].join('');
    const assertNowhere = async (store: IssueStore) => {
      assert.deepEqual([store.state, store.failure?.kind, store.folder, store.catalogue.size], ['unreadable', 'badSetting', undefined, 0]);
      assert.match(store.failure?.message ?? '', /\$\{oops\}/);
      const refused = { name: 'StoreFolderError', message: store.failure?.message };
      const calls = [
        () => store.for('test').createIssue('x', ''),
        () => store.for('test').createIssuesBatch([{ name: 'x', content: '' }]),
        () => store.for('test').markComplete(1),
        () => store.getIssue(1),
        () => store.getIssues([1]),
        () => store.listIssues(),
        () => store.listSummaries(),
        () => store.verify(),
      ];
      for (const call of calls) {
        await assert.rejects(call(), refused);
      }
      await store.refresh();
      assert.equal(store.pathOf(folder().join('issues/000001_a.md')), undefined);
    };

    it('is nowhere, and nothing is made', async () => {
      const { disk, watchers, options } = byHand();
      const { store } = await open({ ...options, settings: set(BAD) });
      await assertNowhere(store);
      assert.deepEqual([disk.count('list', 'read', 'readSync'), disk.writes.length, watchers.length], [0, 0, 0]);
    });

    it('is there at once when the setting is corrected, and gone when it is bad again', async () => {
      const { store, changes, states } = await open({ settings: set(BAD) });
      await store.configure(set(undefined));
      assert.deepEqual([store.state, store.failure, store.catalogue.size], ['ready', undefined, 3]);
      folder().write('issues/000004_d.md', 'd');
      await changes.until(() => store.catalogue.size === 4, 'a change that is noticed');
      const before = states.events.length;
      await store.configure(set(BAD));
      assert.ok(states.events.length > before);
      assert.equal(changes.events.at(-1)?.removed.length, 4);
      await assertNowhere(store);
      await store.configure(set('issues/'));
      await assertEqualToDisk(store);
    });

    it('is found by a refresh once the environment has what it names', async () => {
      const environment: Record<string, string> = {};
      const settings = set(`\${${'env:TRACKER'}}`);
      const { store } = await open({ settings, surroundings: { home: '/nowhere', environment } });
      assert.match(store.failure?.message ?? '', /“TRACKER”/);
      environment.TRACKER = folder().join('issues');
      await store.refresh();
      assert.deepEqual([store.state, store.catalogue.size], ['ready', 3]);
    });

    it('keeps what was read before out of the index', async () => {
      const indexFolder = folder().join('index');
      const { store } = await open({ indexFolder });
      await store.saveIndex();
      const before = folder().contents('index');
      await store.configure(set(BAD));
      await store.saveIndex();
      assert.deepEqual(folder().contents('index'), before);
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
      await store.for('test').createIssue('first', '');
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
      assert.equal((await store.for('test').createIssue('next', '')).number, 2);
      folder().write('.sah/issues/by-others.md', '');
      await changes.until(() => store.catalogue.size === 3, 'what others write there');
      await assertEqualToDisk(store);
    });

    it('stays where it is as long as an issue is there', async () => {
      const { store } = await open();
      folder().remove('issues');
      folder().writeAll({ 'issues/complete/a.md': '', '.sah/issues/x.md': '' });
      await store.refresh();
      assert.equal(store.folder, folder().join('issues'));
    });

    it('stays where it is, empty, as long as no other has an issue', async () => {
      const { store } = await open(byHand().options);
      folder().remove('issues');
      folder().write('issues/.DS_Store');
      folder().makeFolder('.sah/issues');
      await store.refresh();
      assert.deepEqual([store.folder, store.state], [folder().join('issues'), 'ready']);
    });

    it('is where the issues are, and not where the system has left a file of its own', async () => {
      folder().remove('issues');
      folder().writeAll({ 'issues/.DS_Store': '', '.swissarmyhammer/issues/000001_a.md': 'a' });
      const { store } = await open();
      assert.deepEqual([store.folder, store.catalogue.size], [folder().join('.swissarmyhammer/issues'), 1]);
    });

    it('follows a checkout that moves it, though something else stays in its folder', async () => {
      const { store, changes } = await open();
      folder().write('issues/.DS_Store');
      for (const path of ['issues/000001_a.md', 'issues/000002_b.md', 'issues/complete/000003_c.md']) {
        folder().remove(path);
        folder().write(`.swissarmyhammer/${path}`, path);
      }
      await changes.until(
        () => store.folder === folder().join('.swissarmyhammer/issues') && store.catalogue.size === 3,
        'the store to have moved',
      );
      folder().write('.swissarmyhammer/issues/000004_d.md', 'd');
      await changes.until(() => store.catalogue.size === 4, 'a change there');
      await assertEqualToDisk(store);
    });

    it('is found where the first issue comes to a folder that was there, empty', async () => {
      folder().remove('issues');
      folder().write('issues/.DS_Store');
      folder().makeFolder('.sah/issues');
      const { store, changes } = await open();
      assert.deepEqual([store.folder, store.state], [folder().join('issues'), 'ready']);
      folder().write('.sah/issues/000001_a.md', 'a');
      await changes.until(() => store.catalogue.size === 1, 'the issue');
      assert.equal(store.folder, folder().join('.sah/issues'));
    });

    it('is not left in the middle of a checkout that empties it for a moment', async () => {
      const { time, watchers, options } = byHand();
      const opened = await open(options);
      const { store } = opened;
      const watcher = watchers[0] ?? assert.fail();
      folder().remove('issues');
      folder().makeFolder('issues');
      folder().write('.sah/issues/000001_a.md', 'a');
      watcher.hint('everything');
      await store.refresh();
      assert.equal(store.folder, folder().join('issues'), 'a refresh in the middle');
      time.advance(999);
      await store.refresh();
      watcher.hintElsewhere();
      time.advance(999);
      await store.refresh();
      assert.equal(store.folder, folder().join('issues'), 'while others write elsewhere');
      watcher.hint({ folder: '', name: '000004_d.md' });
      folder().write('issues/000004_d.md', 'd');
      time.advance(5_000);
      await opened.changes.until(() => store.catalogue.size === 1, 'the new issue');
      await store.refresh();
      assert.deepEqual([store.folder, watchers.length], [folder().join('issues'), 1]);
    });

    it('is left once it has been quiet', async () => {
      const { time, watchers, options } = byHand();
      const { store, changes } = await open(options);
      folder().remove('issues');
      folder().writeAll({ 'issues/.DS_Store': '', '.sah/issues/000007_a.md': 'a' });
      for (const name of ['000001_a.md', '000002_b.md']) {
        watchers[0]?.hint({ folder: '', name });
      }
      watchers[0]?.hint({ folder: 'complete', name: '000003_c.md' });
      time.advance(SETTINGS.coalescingWindow);
      await changes.until(() => store.catalogue.size === 0, 'the store to be empty');
      await eventually(() => assert.ok(time.waits.includes(1_000 - SETTINGS.coalescingWindow)));
      time.advance(1_000);
      await changes.until(() => store.catalogue.size === 1, 'the other store');
      assert.equal(store.folder, folder().join('.sah/issues'));
    });

    it('is not left because it could not be read', async () => {
      const { disk, options } = byHand();
      const { store } = await open(options);
      folder().write('.sah/issues/000007_a.md', 'a');
      disk.fail({ method: 'list', path: 'issues' }, 'EIO');
      await store.refresh();
      assert.deepEqual([store.folder, store.catalogue.size, store.failure?.kind], [folder().join('issues'), 3, 'other']);
    });

    it('is unreadable, and not merely missing, while a file has its name', async () => {
      folder().remove('issues');
      folder().write('issues', 'a file');
      const { store, states } = await open();
      assert.deepEqual([store.state, store.failure?.kind], ['unreadable', 'notFolder']);
      assert.match(store.failure?.message ?? '', /issues is not a folder/);
      folder().remove('issues');
      folder().write('issues/000001_a.md', 'a');
      await states.until(() => store.state === 'ready', 'the store to be ready');
      assert.equal(store.catalogue.size, 1);
    });

    it('is tried to be watched again at once when that is asked for', async () => {
      const { watchers, options } = byHand();
      const { store } = await open(options);
      watchers[0]?.fail('no more watches');
      await store.retryWatching();
      assert.equal(watchers[0]?.retries, 1);
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
