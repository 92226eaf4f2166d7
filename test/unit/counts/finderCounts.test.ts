import assert from 'node:assert/strict';
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadYaml } from '../../../src/core/markdown/yamlReader.ts';
import type { StoreSetSettings } from '../../../src/core/store/storeSet.ts';
import type { WindowReport } from '../../processes/storeWindow.ts';
import { eventually } from '../../support/polling.ts';
import { byHand } from '../support/byHand.ts';
import { SETTINGS } from '../support/openStore.ts';
import { settled } from '../support/settled.ts';
import { useTemporaryFolder } from '../support/temporaryFolder.ts';
import { openCountedSet } from './countedSet.ts';
import { countingSystemCalls } from './systemCalls.ts';

/** The workspace folder is listed; each of twelve folders is looked for; two files in the workspace folder are. Nothing below a folder that is missing. */
const LOOK = { lists: 1, stats: 12, reads: 2 };
/** Whether there is something at one of the usual places by now. */
const USUAL_PLACES = 3;
/** Longer than hints are gathered, and than any wait for a quiet time. */
const LONG_MS = 5_000;
const ISSUE = '# Issue\n';

describe('what the stores of a window cost, exactly', () => {
  const folder = useTemporaryFolder();
  const ends: (() => void)[] = [];

  // So that nothing waits for what no test can see.
  before(loadYaml);
  afterEach(() => {
    for (const end of ends.splice(0)) {
      end();
    }
  });

  function opened(settings?: Partial<StoreSetSettings> & { readonly folder?: string }, indexFolder?: string) {
    const hand = byHand();
    const { disk, time } = hand;
    const root = folder().path;
    const { set, isOpen } = openCountedSet(root, { ...hand.options, indexFolder }, settings);
    ends.push(() => set.dispose());
    /** Everything that has begun is over, but for what waits for a timer. */
    const rest = async () => {
      for (let idle = 0; idle < 20; idle = disk.underWay > 0 ? 0 : idle + 1) {
        await settled();
      }
    };
    const passing = async (milliseconds: number) => {
      for (let passed = 0; passed < milliseconds; passed += 100) {
        time.advance(100);
        await rest();
      }
    };
    const watching = () => hand.watchers.filter(({ state, isDisposed }) => state === 'watching' && !isDisposed);
    return {
      set,
      isOpen: async () => {
        await isOpen();
        await rest();
      },
      passing,
      /** What is shown: state, folder and number of issues of each. */
      shown: () => set.all.map(({ store }) => `${store.state} ${relative(root, store.folder ?? '')} ${store.catalogue.size}`),
      /** The folder of each watcher; of the finder's it is the workspace folder. */
      watched: () =>
        watching()
          .map(({ options }) => relative(root, options.store))
          .sort(),
      timers: () => time.waits.length,
      count: async (run: () => Promise<unknown>) => {
        disk.reset();
        await run();
        return { lists: disk.count('list'), stats: disk.count('stat', 'statSync'), reads: disk.count('read', 'readSync') };
      },
      /** Has the finder's watcher say that something has changed, and whoever listens do what follows. */
      changed: async () => {
        watching()
          .find(({ options }) => options.store === root)
          ?.hint('everything');
        await passing(LONG_MS);
      },
    };
  }

  it('a window without a store: a look at the markers, and one watcher', async () => {
    const { set, isOpen, count, shown, watched, timers, passing, changed } = opened({}, folder().join('index'));
    const indexCalls = await countingSystemCalls(folder().join('index'), async () => {
      const { lists, reads } = await count(isOpen);
      assert.deepEqual([lists, reads], [LOOK.lists + 1, LOOK.reads], 'the usual store lists the folder that it would have');
    });
    assert.deepEqual([shown(), watched(), timers(), indexCalls], [['missing issues 0'], [''], 0, 0]);
    assert.equal(set.all[0]?.store.snapshot().watcher, 'watching', 'what happens is noticed');
    assert.deepEqual(await count(() => passing(600_000)), { lists: 0, stats: 0, reads: 0 });
    const again = { ...LOOK, stats: LOOK.stats + USUAL_PLACES };
    assert.deepEqual(await count(changed), again);
    assert.deepEqual([watched(), timers()], [[''], 0]);
  });

  it('a store that appears is watched', async () => {
    const { isOpen, shown, watched, changed } = opened();
    await isOpen();
    folder().write('issues/000001_a.md', ISSUE);
    await changed();
    assert.deepEqual([shown(), watched()], [['ready issues 1'], ['', 'issues']]);
  });

  it('a window without a store is one again when the store has gone', async () => {
    folder().write('issues/000001_a.md', ISSUE);
    const { set, isOpen, shown, watched, timers, passing, count } = opened();
    await isOpen();
    assert.deepEqual([shown(), watched()], [['ready issues 1'], ['', 'issues']]);
    rmSync(folder().join('issues'), { recursive: true });
    await set.all[0]?.store.refresh();
    await passing(20_000);
    assert.deepEqual([shown(), watched(), timers()], [['missing issues 0'], [''], 0]);
    assert.deepEqual(await count(() => passing(600_000)), { lists: 0, stats: 0, reads: 0 });
  });

  it('a store that its first issue makes is watched', async () => {
    const { set, isOpen, shown, watched } = opened();
    await isOpen();
    await set.all[0]?.store.for('test').createIssue('first', ISSUE);
    assert.deepEqual([shown(), watched()], [['ready issues 1'], ['', 'issues']]);
  });

  it('a store in a single folder that a setting names: the finder does nothing, and the store watches for its folder', async () => {
    const { isOpen, shown, watched, count, passing } = opened({ stores: [], folder: 'tracker' });
    const { lists, reads } = await count(isOpen);
    assert.deepEqual([shown(), watched(), lists, reads], [['missing tracker 0'], ['tracker'], 1, 0]);
    await passing(LONG_MS);
    assert.deepEqual(watched(), ['tracker']);
  });

  it('the same when the setting comes later, and names the usual folder', async () => {
    const { set, isOpen, watched, passing } = opened();
    await isOpen();
    assert.deepEqual(watched(), ['']);
    await set.configure({ stores: [], ignoredFormats: [], hasUsual: true });
    await set.all[0]?.store.configure({ ...SETTINGS, folder: 'issues' });
    await passing(LONG_MS);
    assert.deepEqual(watched(), ['issues']);
  });

  for (const issues of [10, 500]) {
    it(`a store of ${issues} issues pays a look at the markers for a change, however many it has`, async () => {
      for (let number = 0; number < issues; number++) {
        folder().write(`issues/${100_000 + number}_a.md`, ISSUE);
      }
      const { isOpen, count, changed, watched } = opened();
      await isOpen();
      // The store's folder is read until the first issue.
      assert.deepEqual(await count(changed), { ...LOOK, lists: LOOK.lists + 1 });
      assert.deepEqual(watched(), ['', 'issues']);
    });
  }
});

describe('what a window holds', () => {
  const folder = useTemporaryFolder();
  let child: ChildProcess | undefined;
  afterEach(() => void child?.kill());

  async function holds(expected: Partial<WindowReport>): Promise<void> {
    const window = fork(fileURLToPath(new URL('../../processes/storeWindow.mjs', import.meta.url)), [folder().path]);
    child = window;
    await eventually(async () => {
      window.send('report');
      const [report] = (await once(window, 'message')) as [WindowReport];
      assert.deepEqual({ ...report, ...expected }, report);
    });
  }

  it('without a store: one watch of the system, no timer and no YAML parser', async () => {
    // Once when it opens, and once more when the watcher watches.
    const looks = { lists: 2 * LOOK.lists + 1, reads: 2 * LOOK.reads };
    await holds({ stores: ['missing issues'], watches: 1, timers: 0, ...looks, isYamlLoaded: false });
  });

  it('with a store of issues: the parser is there for them', async () => {
    folder().write('issues/000001_a.md', ISSUE);
    await holds({ stores: ['ready issues'], isYamlLoaded: true });
  });

  it('with a marker that is YAML: the parser is there for it', async () => {
    folder().write('.beans.yml', 'beans:\n  path: plans\n');
    await holds({ stores: ['missing plans'], isYamlLoaded: true });
  });
});
