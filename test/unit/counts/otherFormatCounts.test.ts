import assert from 'node:assert/strict';
import { byHand } from '../support/byHand.ts';
import { SETTINGS, useStores } from '../support/openStore.ts';
import { BACKLOG, backlogConfig, SCRATCH, withFields } from '../support/otherFormats.ts';
import { settled } from '../support/settled.ts';
import { countingSystemCalls } from './systemCalls.ts';

/** Links are resolved from the workspace folder and from the store. */
const REAL_PATHS = 2;

/** As the counts of our own format: what is not in proportion to the number of issues or folders is in none of these. */
describe('what an operation costs in stores of other formats, exactly', () => {
  const { folder, open } = useStores();

  async function opened(options: Parameters<typeof open>[0]) {
    const hand = byHand();
    const { store, changes } = await open({ ...options, ...hand.options });
    const count = async (run: () => Promise<unknown>) => {
      hand.disk.reset();
      const systemCalls = await countingSystemCalls(folder().path, run);
      const { disk } = hand;
      return { lists: disk.count('list'), stats: disk.count('stat', 'statSync'), reads: disk.count('read', 'readSync'), systemCalls };
    };
    const hint = async (inFolder: string, name: string) => {
      hand.watchers[0]?.hint({ folder: inFolder, name });
      hand.time.advance(SETTINGS.coalescingWindow);
      const first = changes.events.length;
      await changes.until((events) => events.length > first, 'the change to be told of');
      await settled();
    };
    return { store, count, hint };
  }

  for (const [features, issues] of [
    [3, 5],
    [8, 20],
  ] as const) {
    const title = `${features} features of ${issues} issues`;

    it(`a refresh of nested folders with nothing new, ${title}`, async () => {
      for (let feature = 0; feature < features; feature++) {
        for (let issue = 0; issue < issues; issue++) {
          folder().write(`.scratch/feature-${feature}/issues/${10 + issue}-x.md`, 'Status: ready\n');
        }
      }
      const { store, count } = await opened(SCRATCH);
      assert.equal(store.catalogue.size, features * issues);
      // The store, and two for each feature; each is listed and its stat tells whether it has changed since.
      const folders = 1 + 2 * features;
      const files = features * issues;
      const expected = { lists: folders, stats: folders + files, reads: 0, systemCalls: 2 * folders + files + REAL_PATHS };
      assert.deepEqual(await count(() => store.refresh()), expected);
      folder().makeFolder('.scratch/feature-0/empty');
      assert.deepEqual(await count(() => store.refresh()), {
        // The new folder is not known yet when the stats are taken.
        ...expected,
        lists: folders + 1,
        systemCalls: expected.systemCalls + 1,
      });
    });

    it(`one change in a nested folder, ${title}`, async () => {
      for (let feature = 0; feature < features; feature++) {
        folder().write(`.scratch/feature-${feature}/issues/10-x.md`, 'Status: ready\n');
      }
      const { count, hint } = await opened(SCRATCH);
      folder().write('.scratch/feature-0/issues/10-x.md', 'Status: done\n');
      const { lists, stats, reads } = await count(() => hint('feature-0/issues', '10-x.md'));
      // Whether a folder on the way has become a link, and the file itself.
      assert.deepEqual({ lists, stats, reads }, { lists: 0, stats: 2 + 1, reads: 1 });
    });
  }

  for (const n of [10, 50]) {
    it(`a refresh of ${n} tasks of Backlog.md, with nothing new and with another configuration`, async () => {
      folder().write('backlog/config.yml', backlogConfig(['To Do', 'Done']));
      for (let number = 1; number <= n; number++) {
        folder().write(`backlog/tasks/task-${number} - x.md`, withFields({ id: `TASK-${number}`, status: 'Done' }));
      }
      const { store, count } = await opened(BACKLOG);
      // Five folders are listed, whether they are there or not; seven looks tell that none is a link or in one, five when they have changed.
      const once = { lists: 5, stats: 7 + 5 + 1 + n, reads: 1 };
      const { systemCalls, ...counts } = await count(() => store.refresh());
      assert.deepEqual(counts, once);
      folder().write('backlog/config.yml', backlogConfig(['Done', 'To Do']));
      const { systemCalls: later, ...countsLater } = await count(() => store.refresh());
      assert.deepEqual([countsLater, later], [once, systemCalls], 'the states of all are derived from what is known');
      assert.deepEqual([store.catalogue.active.length, store.catalogue.completed.length], [n, 0]);
    });
  }
});
