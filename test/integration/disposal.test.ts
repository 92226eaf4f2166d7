import assert from 'node:assert/strict';
import { NodeDisk } from '../../src/core/disk/nodeDisk.ts';
import { silentLogger } from '../../src/core/logger.ts';
import { WorkspaceStores } from '../../src/extension/stores/workspaceStores.ts';
import { until } from '../support/polling.ts';
import { activated } from './support/api.ts';
import { recorded } from './support/events.ts';
import { recordedIntervals } from './support/intervals.ts';
import { useStore } from './support/testStore.ts';
import { untilWatching } from './support/watching.ts';

/** How many folders this process watches. */
const watched = () => process.getActiveResourcesInfo().filter((resource) => resource === 'FSEventWrap').length;

describe('stores that are disposed', () => {
  const store = useStore({ 'issues/000001_one.md': '# One\n' });

  /** Everything that these stores say from now on. */
  function everythingOf(stores: WorkspaceStores) {
    const recordings = [
      recorded(stores.onDidChange),
      recorded(stores.onDidChangeState),
      recorded(stores.onDidChangeStores),
      ...stores.all.flatMap(({ store: each, onDidSample }) => [
        recorded(each.onDidChange),
        recorded(each.onDidChangeState),
        recorded(onDidSample),
      ]),
    ];
    return () => recordings.reduce((total, { events }) => total + events.length, 0);
  }

  for (const [when, wait] of [
    ['while they open', async () => undefined],
    ['after they opened', (stores: WorkspaceStores) => stores.whenOpened()],
  ] as const) {
    it(`say nothing more and let go of timers and watchers, when that is ${when}`, async () => {
      await untilWatching((await activated()).stores);
      const before = watched();
      const intervals = recordedIntervals();
      const stores = new WorkspaceStores(silentLogger, { disk: new NodeDisk() });
      try {
        await wait(stores);
        assert.equal(intervals.running, stores.isLooking ? 0 : 1, 'what is there is sampled');
        const [own] = stores.all;
        assert.ok(own);
        const opened = stores.whenOpened();
        const heard = everythingOf(stores);
        stores.dispose();
        stores.dispose();
        assert.equal(intervals.running, 0);
        assert.deepEqual(stores.all, []);
        await opened;
        await until(() => watched() === before, `${before} watched folders`);
        // The extension's own store hears of this change, so there was time enough to hear of it.
        await store.changeOf(() => store.write({ 'issues/000002_two.md': '# Two\n' }));
        await store.set('cache.size', 7);
        assert.equal(heard(), 0);
      } finally {
        intervals.stop();
        stores.dispose();
      }
    });
  }

  it('watch no longer, while others of the same folder do', async () => {
    const stores = new WorkspaceStores(silentLogger, { disk: new NodeDisk() });
    await stores.whenOpened();
    assert.equal(stores.all.at(-1)?.store.catalogue.size, 1);
    stores.dispose();
    const { change } = await store.changeOf(() => store.write({ 'issues/000003_three.md': '# Three\n' }));
    assert.deepEqual(
      change.added.map(({ key }) => key),
      ['000003_three'],
    );
  });
});
