import assert from 'node:assert/strict';
import { renameSync, symlinkSync } from 'node:fs';
import { issueKey } from '../../../../src/core/formats/numberedLayout.ts';
import type { IssueStore } from '../../../../src/core/store/issueStore.ts';
import type { StoreSettings } from '../../../../src/core/store/storeOptions.ts';
import { until } from '../../../support/polling.ts';
import { byHand } from '../../support/byHand.ts';
import { ManualTime } from '../../support/manualTime.ts';
import { SETTINGS, useStores } from '../../support/openStore.ts';
import { settled, turns } from '../../support/settled.ts';

/** A store reads ahead by then, and does not look at everything again yet. */
const IDLE_MS = 2_000;

const FILES = {
  'issues/000001_a.md': 'a',
  'issues/000002_b.md': 'b',
  'issues/000003_c.md': 'c',
  'issues/complete/000004_d.md': 'd',
  'issues/complete/000005_e.md': 'e',
};
const [A, B, C] = ['000001_a', '000002_b', '000003_c'].map((id) => ({ key: issueKey(id, false) })) as [Keyed, Keyed, Keyed];
const [D, E] = ['000004_d', '000005_e'].map((id) => ({ key: issueKey(id, true) })) as [Keyed, Keyed];
type Keyed = { readonly key: ReturnType<typeof issueKey> };

describe('the cache of a store', () => {
  const { folder, open } = useStores();

  /** The files that a run reads, by their keys, in the order in which they are read. */
  async function readsOf(disk: ReturnType<typeof byHand>['disk'], run: () => unknown): Promise<string[]> {
    disk.reset();
    await run();
    return disk.calls.flatMap(({ method, path }) =>
      /^read(Sync)?$/.test(method) ? [path.slice(folder().join('issues/').length, -3)] : [],
    );
  }

  const figuresOf = (store: IssueStore) => {
    const { hits, misses, readAhead, readAheadUsed } = store.snapshot().cache;
    return { hits, misses, readAhead, readAheadUsed };
  };

  beforeEach(() => folder().writeAll(FILES));

  describe('after a first open', () => {
    it('has the texts that the opening has read, which are hits from the first get on', async () => {
      const { disk, options } = byHand();
      const { store } = await open(options);
      assert.deepEqual(figuresOf(store), { hits: 0, misses: 0, readAhead: 5, readAheadUsed: 0 });
      assert.deepEqual(await readsOf(disk, () => store.getIssues([A, D, A])), []);
      assert.deepEqual(figuresOf(store), { hits: 3, misses: 0, readAhead: 5, readAheadUsed: 2 });
    });

    it('has the newest open ones if there is no room for all, and reads nothing more', async () => {
      const { disk, time, options } = byHand();
      const { store } = await open({ ...options, settings: { ...SETTINGS, maxSize: 2 } });
      const reads = await readsOf(disk, async () => {
        time.advance(IDLE_MS);
        await turns();
        await store.getIssues([B, C]);
      });
      assert.deepEqual(reads, []);
      assert.equal(store.snapshot().cache.evictions, 0);
    });

    it('has no text of a file that was written a moment ago until it was read again', async () => {
      const time = new ManualTime(Date.now());
      const { store } = await open({ ...byHand().options, clock: time, schedule: time.schedule });
      assert.equal(store.snapshot().cache.size, 0);
      time.advance(500);
      await until(() => store.snapshot().cache.size === 5, 'the second reading');
    });
  });

  describe('after a later open', () => {
    /** A store that begins with the index of an earlier session, with time that stands still. */
    async function reopened(settings: Partial<StoreSettings> = {}, root = folder().path) {
      const index = { indexFolder: folder().join('index') };
      const earlier = await open({ ...byHand().options, ...index }, root);
      await earlier.store.saveIndex();
      earlier.store.dispose();
      const hand = byHand();
      const { store, changes } = await open({ ...hand.options, ...index, settings: { ...SETTINGS, ...settings } }, root);
      assert.equal(hand.disk.count('read', 'readSync'), 0);
      return { ...hand, store, changes };
    }

    type Reopened = Awaited<ReturnType<typeof reopened>>;

    /** Lets the store read ahead until it has done so with that many issues. */
    async function readAhead({ time, store }: Reopened, count: number): Promise<void> {
      time.advance(IDLE_MS);
      await until(() => store.snapshot().cache.readAhead === count, `${count} issues to be read ahead`);
      await turns();
    }

    it('reads ahead once, open issues first and the newest first', async () => {
      const store = await reopened();
      assert.deepEqual(
        await readsOf(store.disk, () => readAhead(store, 5)),
        [C, B, A, E, D].map(({ key }) => key),
      );
      const again = async () => {
        await store.store.getIssues([A, B, C, D, E]);
        await store.store.refresh();
        await readAhead(store, 5);
      };
      assert.deepEqual(await readsOf(store.disk, again), []);
      assert.deepEqual(figuresOf(store.store), { hits: 5, misses: 0, readAhead: 5, readAheadUsed: 5 });
    });

    it('reads ahead no more than the cache has room for, and takes none of what somebody has read', async () => {
      const store = await reopened({ maxSize: 3 });
      await store.store.getIssue(A);
      await store.store.getIssue(D);
      assert.deepEqual(await readsOf(store.disk, () => readAhead(store, 1)), [C.key]);
      assert.deepEqual(await readsOf(store.disk, () => store.store.getIssues([A, D, C])), []);
    });

    it('reads nothing ahead any more once it is disposed', async () => {
      const { disk, time, store } = await reopened();
      const pause = disk.pause({ method: 'read' });
      disk.reset();
      time.advance(IDLE_MS);
      await pause.reached;
      store.dispose();
      pause.resume();
      await until(() => disk.underWay === 0, 'the read to end');
      await turns();
      assert.deepEqual(
        disk.calls.map(({ method }) => method),
        ['read'],
      );
    });

    it('reads nothing ahead if it is disposed before', async () => {
      const { disk, time, store } = await reopened();
      store.dispose();
      assert.deepEqual(
        await readsOf(disk, async () => {
          time.advance(IDLE_MS);
          await turns();
        }),
        [],
      );
    });

    it('begins anew with a cache of another size, and stops filling the one before', async () => {
      const store = await reopened();
      const pause = store.disk.pause({ method: 'read' });
      store.time.advance(IDLE_MS);
      await pause.reached;
      await store.store.configure({ ...SETTINGS, maxSize: 2 });
      pause.resume();
      await turns();
      assert.equal(store.store.snapshot().cache.size, 0);
      assert.deepEqual(
        await readsOf(store.disk, () => readAhead(store, 2)),
        [C, B].map(({ key }) => key),
      );
    });

    it('serves a get that arrives before it reads on', async () => {
      const { disk, time, store } = await reopened();
      const ahead = disk.pause({ method: 'read', path: '000003_c.md' });
      const asked = disk.pause({ method: 'read', path: '000005_e.md' });
      time.advance(IDLE_MS);
      await ahead.reached;
      const issue = store.getIssue(E);
      await asked.reached;
      disk.reset();
      ahead.resume();
      await turns();
      assert.deepEqual(disk.calls, []);
      asked.resume();
      assert.equal((await issue).content, 'e');
      await until(() => store.snapshot().cache.readAhead === 4, 'the others');
      assert.deepEqual(figuresOf(store), { hits: 0, misses: 1, readAhead: 4, readAheadUsed: 0 });
    });

    it('leaves alone what a get has read meanwhile', async () => {
      const { disk, time, store } = await reopened();
      const ahead = disk.pause({ method: 'read', path: '000003_c.md' });
      time.advance(IDLE_MS);
      await ahead.reached;
      const issue = await store.getIssue(C);
      ahead.resume();
      await until(() => store.snapshot().cache.readAhead === 4, 'the others');
      assert.equal(await store.getIssue(C), issue);
    });

    it('does not keep what was changed by others while it was read', async () => {
      const { disk, watchers, time, store, changes } = await reopened();
      const original = disk.read.bind(disk);
      disk.read = async (path) => {
        const read = await original(path);
        if (path.endsWith('000003_c.md')) {
          disk.read = original;
          folder().write('issues/000003_c.md', 'changed');
          watchers[0]?.hint({ folder: '', name: '000003_c.md' });
          time.advance(SETTINGS.coalescingWindow);
          await changes.until((events) => events.length === 1, 'the change');
        }
        return read;
      };
      time.advance(IDLE_MS);
      await until(() => store.snapshot().cache.size === 5, 'every text');
      assert.deepEqual(await readsOf(disk, async () => assert.equal((await store.getIssue(C)).content, 'changed')), []);
    });

    it('does not keep what the store itself has changed while it was read', async () => {
      const { disk, time, store } = await reopened();
      const original = disk.read.bind(disk);
      disk.read = async (path) => {
        const read = await original(path);
        if (path.endsWith('000003_c.md')) {
          disk.read = original;
          await store.for('test').updateIssue(C, 'mine');
        }
        return read;
      };
      time.advance(IDLE_MS);
      await until(() => store.snapshot().cache.size === 5, 'every text');
      assert.equal((await store.getIssue(C)).content, 'mine');
    });

    it('keeps nothing of a file that is not the one it knows, nor of one that is gone or unreadable', async () => {
      const { disk, time, store } = await reopened();
      folder().write('issues/000003_c.md', 'changed, and nobody has told');
      renameSync(folder().join('issues/000002_b.md'), folder().join('elsewhere.md'));
      disk.fail({ method: 'read', path: '000004_d.md' }, 'EACCES');
      time.advance(IDLE_MS);
      await until(() => store.snapshot().cache.size === 2, 'the others');
      await turns();
      assert.deepEqual(figuresOf(store), { hits: 0, misses: 0, readAhead: 2, readAheadUsed: 0 });
      assert.equal((await store.getIssue(C)).content, 'changed, and nobody has told');
    });

    it('gives what another program has written between the reading ahead and the get', async () => {
      const store = await reopened();
      const { disk, watchers, time, changes } = store;
      await readAhead(store, 5);
      folder().write('issues/000003_c.md', 'changed');
      watchers[0]?.hint({ folder: '', name: '000003_c.md' });
      time.advance(SETTINGS.coalescingWindow);
      await changes.until((events) => events.length === 1, 'the change');
      await settled();
      assert.deepEqual(await readsOf(disk, async () => assert.equal((await store.store.getIssue(C)).content, 'changed')), []);
      watchers[0]?.fail('made to fail');
      folder().write('issues/000003_c.md', 'changed again');
      assert.equal((await store.store.getIssue(C)).content, 'changed again');
    });

    it('reads nothing ahead behind a link that leads out of an untrusted workspace', async () => {
      folder().write('root/issues/000001_a.md', 'a');
      const { disk, time } = await reopened({ confined: true }, folder().join('root'));
      renameSync(folder().join('root/issues'), folder().join('elsewhere'));
      symlinkSync(folder().join('elsewhere'), folder().join('root/issues'), 'junction');
      assert.deepEqual(
        await readsOf(disk, async () => {
          time.advance(IDLE_MS);
          await turns();
        }),
        [],
      );
    });
  });
});
