import assert from 'node:assert/strict';
import fs, { appendFileSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import type { Schedule } from '../../../../src/core/clock.ts';
import { NodeDisk } from '../../../../src/core/disk/nodeDisk.ts';
import { silentLogger } from '../../../../src/core/logger.ts';
import { FolderWatcher, type FolderWatcherOptions, type WatchHint } from '../../../../src/core/sync/folderWatcher.ts';
import { eventually } from '../../../support/polling.ts';
import { ManualTime } from '../../support/manualTime.ts';
import { closed, openWatches } from '../../support/nativeWatches.ts';
import { inTime, Recording } from '../../support/recording.ts';
import { NUMBERED_SCHEMA } from '../../support/storages.ts';
import { useTemporaryFolder } from '../../support/temporaryFolder.ts';

const NO_SPACE = Object.assign(new Error('ENOSPC: System limit for number of file watchers reached'), { code: 'ENOSPC' });

describe('FolderWatcher', () => {
  const folder = useTemporaryFolder();
  const nativeWatch = fs.watch;
  let time: ManualTime;
  let watchers: FolderWatcher[];

  beforeEach(() => {
    time = new ManualTime();
    watchers = [];
  });

  afterEach(() => {
    setNativeWatch(nativeWatch);
    for (const watcher of watchers) {
      watcher.dispose();
    }
  });

  function setNativeWatch(watch: typeof fs.watch): void {
    fs.watch = watch;
    syncBuiltinESMExports();
  }

  function make(options: Partial<FolderWatcherOptions> = {}): FolderWatcher {
    const watcher = new FolderWatcher({
      root: folder().path,
      store: folder().join('issues'),
      folders: NUMBERED_SCHEMA.folders,
      disk: new NodeDisk(),
      schedule: time.schedule,
      logger: silentLogger,
      ...options,
    });
    watchers.push(watcher);
    return watcher;
  }

  async function started(options: Partial<FolderWatcherOptions> = {}) {
    const watcher = make(options);
    const hints = new Recording(watcher.onHint);
    await inTime(watcher.start(), 'the watcher to start');
    assert.deepEqual(hints.events, ['everything'], 'because of what changed before');
    hints.events.length = 0;
    return { watcher, hints };
  }

  const isNamed = (name: string, completed: boolean) => (hint: WatchHint) =>
    hint !== 'everything' && hint.name === name && hint.folder === (completed ? 'complete' : '');

  /** A change is noticed if its name is told, or if everything is to be looked at after it. */
  async function notices(hints: Recording<WatchHint>, name: string, completed: boolean, change: () => unknown): Promise<void> {
    const before = hints.events.length;
    change();
    const isIt = isNamed(name, completed);
    await hints.until((events) => events.slice(before).some((hint) => hint === 'everything' || isIt(hint)), `a hint at ${name}`);
  }

  /** Waits until the watching has started anew. */
  async function startsAnew(hints: Recording<WatchHint>, change: () => unknown): Promise<void> {
    const before = hints.events.length;
    change();
    await hints.until((events) => events.slice(before).includes('everything'), 'the watching to start anew');
  }

  describe('names a file', () => {
    const changes: readonly [string, () => unknown, readonly (readonly [string, boolean])[]][] = [
      ['that is written in place', () => folder().write('issues/a.md', 'new'), [['a.md', false]]],
      ['that is appended to', () => appendFileSync(folder().join('issues/complete/b.md'), 'more'), [['b.md', true]]],
      ['that is created', () => folder().write('issues/new.md', 'new'), [['new.md', false]]],
      ['that is deleted', () => folder().remove('issues/complete/b.md'), [['b.md', true]]],
      [
        'that is saved by a rename, from within the folder',
        () => {
          folder().write('issues/a.md.tmp', 'new');
          renameSync(folder().join('issues/a.md.tmp'), folder().join('issues/a.md'));
        },
        [['a.md', false]],
      ],
      [
        'that is saved by a rename, from outside',
        () => {
          folder().write('elsewhere.tmp', 'new');
          renameSync(folder().join('elsewhere.tmp'), folder().join('issues/a.md'));
        },
        [['a.md', false]],
      ],
      [
        'that is renamed, with both names',
        () => renameSync(folder().join('issues/a.md'), folder().join('issues/x.md')),
        [
          ['a.md', false],
          ['x.md', false],
        ],
      ],
      [
        'that is completed, in both folders',
        () => renameSync(folder().join('issues/a.md'), folder().join('issues/complete/a.md')),
        [
          ['a.md', false],
          ['a.md', true],
        ],
      ],
    ];
    for (const [title, change, expected] of changes) {
      it(title, async () => {
        folder().writeAll({ 'issues/a.md': 'a', 'issues/complete/b.md': 'b' });
        const { watcher, hints } = await started();
        assert.equal(watcher.state, 'watching');
        change();
        await hints.until((events) => expected.every(([name, completed]) => events.some(isNamed(name, completed))), 'the names');
        assert.ok(!hints.events.includes('everything'), 'and no more is to be looked at');
      });
    }
  });

  it('hints at nothing that happened before, and at no file outside the store', async () => {
    folder().writeAll({ 'issues/a.md': 'a', 'other/x.md': '', 'issues/pending/y.md': '' });
    const { hints } = await started();
    folder().writeAll({ 'b.md': '', 'other/x.md': 'new', 'issues/pending/y.md': 'new', 'package.json': '{}' });
    await notices(hints, 'last.md', false, () => folder().write('issues/last.md'));
    assert.ok(hints.events.every(isNamed('last.md', false)), JSON.stringify(hints.events));
  });

  it('takes two watches for a store, however many files it has', async () => {
    for (let index = 0; index < 500; index++) {
      folder().write(`issues/${index}.md`, '');
    }
    folder().makeFolder('issues/complete');
    const before = openWatches();
    await started();
    assert.equal(openWatches() - before, 3, 'the root is the third');
  });

  describe('starts anew', () => {
    it('when the completed folder appears, goes and comes back', async () => {
      folder().write('issues/a.md', '');
      const { hints } = await started();
      for (let round = 0; round < 3; round++) {
        await startsAnew(hints, () => folder().makeFolder('issues/complete'));
        await notices(hints, 'b.md', true, () => folder().write('issues/complete/b.md'));
        await startsAnew(hints, () => folder().remove('issues/complete'));
        await notices(hints, 'a.md', false, () => folder().write('issues/a.md', `${round}`));
      }
    });

    it('when a folder is deleted and made anew at once', async () => {
      folder().writeAll({ 'issues/a.md': '', 'issues/complete/b.md': '' });
      const { hints } = await started();
      for (const path of ['issues/complete', 'issues']) {
        await startsAnew(hints, () => {
          folder().remove(path);
          folder().makeFolder('issues/complete');
        });
        await notices(hints, 'c.md', true, () => folder().write('issues/complete/c.md', path));
        await notices(hints, 'd.md', false, () => folder().write('issues/d.md', path));
      }
    });

    it('and does not say that it watches until it does', async () => {
      folder().write('issues/a.md', '');
      const { watcher, hints } = await started();
      const states: string[] = [];
      watcher.onDidChangeState(() => states.push(watcher.state));
      await startsAnew(hints, () => watcher.retry());
      assert.deepEqual(states, ['starting', 'watching']);
    });

    it('when the store appears for the first time', async () => {
      const { watcher, hints } = await started();
      assert.equal(watcher.state, 'watching');
      await startsAnew(hints, () => folder().makeFolder('issues'));
      await notices(hints, 'a.md', false, () => folder().write('issues/a.md'));
    });

    it('when the store appears below folders that were missing, too', async () => {
      const { hints } = await started({ store: folder().join('deep/down/issues') });
      await startsAnew(hints, () => folder().write('deep/down/issues/a.md'));
      await notices(hints, 'b.md', false, () => folder().write('deep/down/issues/b.md'));
    });

    it('when the store is swapped for another by renames', async () => {
      folder().writeAll({ 'issues/complete/a.md': 'old', 'other/complete/a.md': 'new' });
      const { hints } = await started();
      await startsAnew(hints, () => {
        renameSync(folder().join('issues'), folder().join('was'));
        renameSync(folder().join('other'), folder().join('issues'));
      });
      await notices(hints, 'b.md', false, () => folder().write('issues/b.md'));
      await notices(hints, 'c.md', true, () => folder().write('issues/complete/c.md'));
      const before = hints.events.length;
      folder().write('was/gone.md');
      await notices(hints, 'last.md', false, () => folder().write('issues/last.md'));
      assert.ok(!hints.events.slice(before).some(isNamed('gone.md', false)), 'what was swapped out is not heard of any more');
    });

    it('when a folder appears while it starts', async () => {
      folder().write('issues/a.md');
      setNativeWatch(((...args: Parameters<typeof fs.watch>) => {
        const handle = nativeWatch(...args);
        folder().makeFolder('issues/complete');
        return handle;
      }) as typeof fs.watch);
      const { hints } = await started();
      await notices(hints, 'b.md', true, () => folder().write('issues/complete/b.md'));
    });

    it('where the system names nothing of what it tells', async () => {
      setNativeWatch(((path: string, options: fs.WatchOptions, listener: fs.WatchListener<string>) =>
        nativeWatch(path, options, (event) => listener(event, null))) as typeof fs.watch);
      folder().write('issues/a.md');
      const { hints } = await started();
      const before = openWatches();
      folder().makeFolder('issues/complete');
      await eventually(() => assert.equal(openWatches(), before + 1));
      await notices(hints, 'b.md', true, () => folder().write('issues/complete/b.md'));
    });

    it('when another of the usual places appears', async () => {
      const { hints } = await started({ alternatives: [folder().join('.sah/issues')] });
      await startsAnew(hints, () => folder().makeFolder('.sah'));
      await startsAnew(hints, () => folder().makeFolder('.sah/issues'));
    });

    it('when the store goes and comes back together with its root', async () => {
      folder().write('root/issues/a.md');
      const { hints } = await started({ root: folder().join('root'), store: folder().join('root/issues') });
      await startsAnew(hints, () => folder().remove('root'));
      await startsAnew(hints, () => folder().write('root/issues/a.md'));
      await notices(hints, 'b.md', false, () => folder().write('root/issues/b.md'));
    });
  });

  describe('checked', () => {
    const point = (target: string) => {
      rmSync(folder().join('way'), { force: true });
      symlinkSync(target, folder().join('way'), 'junction');
    };
    beforeEach(() => {
      folder().writeAll({ 'one/root/issues/a.md': '', 'two/root/issues/a.md': '', 'three/root/readme.md': '' });
      point(folder().join('one'));
    });
    const underLink = () => ({ root: folder().join('way/root'), store: folder().join('way/root/issues') });

    it('starts anew where a link above the workspace leads elsewhere', async () => {
      const { watcher, hints } = await started(underLink());
      point(folder().join('two'));
      await startsAnew(hints, () => watcher.recheck());
      await notices(hints, 'b.md', false, () => folder().write('two/root/issues/b.md'));
    });

    it('starts anew where the store is missing there, and notices when it comes', async () => {
      const { watcher, hints } = await started(underLink());
      point(folder().join('three'));
      await startsAnew(hints, () => watcher.recheck());
      await startsAnew(hints, () => folder().makeFolder('three/root/issues'));
    });

    it('goes on where every folder is the one that is watched', async () => {
      const { watcher, hints } = await started(underLink());
      folder().write('one/root/issues/b.md');
      await hints.until((events) => events.some(isNamed('b.md', false)), 'a hint at b.md');
      await watcher.recheck();
      await notices(hints, 'c.md', false, () => folder().write('one/root/issues/c.md'));
      assert.ok(!hints.events.includes('everything'));
    });

    it('tells of what happens where the store might be instead, and only of that', async () => {
      folder().makeFolder('one/root/.sah/issues');
      const { watcher, hints } = await started({ ...underLink(), alternatives: [folder().join('way/root/.sah/issues')] });
      const elsewhere = new Recording(watcher.onElsewhere);
      folder().write('one/root/.sah/issues/x.md');
      await elsewhere.until((events) => events.length > 0, 'word from elsewhere');
      assert.deepEqual(hints.events, []);
    });
  });

  describe('watches a store', () => {
    it('outside the root', async () => {
      folder().writeAll({ 'root/x': '', 'far/issues/a.md': '' });
      const { hints } = await started({ root: folder().join('root'), store: folder().join('far/issues') });
      await notices(hints, 'a.md', false, () => folder().write('far/issues/a.md', 'new'));
      await startsAnew(hints, () => folder().remove('far/issues'));
      await startsAnew(hints, () => folder().makeFolder('far/issues'));
      await notices(hints, 'b.md', false, () => folder().write('far/issues/b.md'));
    });

    it('outside the root that is missing with the folder above it', async () => {
      folder().makeFolder('root');
      const { hints } = await started({ root: folder().join('root'), store: folder().join('far/issues') });
      await startsAnew(hints, () => folder().makeFolder('far'));
      await startsAnew(hints, () => folder().makeFolder('far/issues'));
      await notices(hints, 'a.md', false, () => folder().write('far/issues/a.md'));
    });

    it('behind a link', async () => {
      folder().write('elsewhere/a.md');
      symlinkSync(folder().join('elsewhere'), folder().join('issues'));
      const { hints } = await started();
      await notices(hints, 'a.md', false, () => folder().write('elsewhere/a.md', 'new'));
    });

    it('with names that look like temporary files or lead elsewhere', async () => {
      folder().makeFolder('root~/..issues~');
      const { watcher, hints } = await started({ root: folder().join('root~'), store: folder().join('root~/..issues~') });
      for (const name of ['a.md', '..\\..\\b.md', 'c\\d.md', '.e.swp', '~f.md', 'g?*[h].md', '..issues~']) {
        await notices(hints, name, false, () => folder().write(`root~/..issues~/${name}`));
      }
      // A name like that of its folder could mean that the folder is gone, so the watching starts anew.
      await hints.until(() => watcher.state === 'watching', 'the watcher to be ready');
    });

    it('beside another watcher of the same one', async () => {
      folder().write('issues/a.md');
      const [one, other] = [await started(), await started()];
      for (const { hints } of [one, other]) {
        await notices(hints, 'a.md', false, () => folder().write('issues/a.md', 'new'));
      }
      const [before, otherBefore] = [one.hints.events.length, other.hints.events.length];
      folder().remove('issues');
      folder().makeFolder('issues');
      await one.hints.until((events) => events.slice(before).includes('everything'), 'one to start anew');
      await other.hints.until((events) => events.slice(otherBefore).includes('everything'), 'the other to start anew');
      await notices(one.hints, 'b.md', false, () => folder().write('issues/b.md'));
      await notices(other.hints, 'c.md', false, () => folder().write('issues/c.md'));
      one.watcher.dispose();
      await notices(other.hints, 'd.md', false, () => folder().write('issues/d.md'));
    });
  });

  describe('failing', () => {
    /** Makes the system refuse to watch. @returns how to stop it. */
    function refuseToWatch(): void {
      setNativeWatch((() => {
        throw NO_SPACE;
      }) as typeof fs.watch);
    }

    it('at the start is a state with a reason, and is tried again with growing patience', async () => {
      folder().write('issues/a.md');
      refuseToWatch();
      const { watcher, hints } = await started();
      assert.equal(watcher.state, 'failed');
      assert.match(watcher.failure ?? '', /System limit for number of file watchers/);
      assert.deepEqual(time.waits, [5_000]);
      assert.deepEqual(hints.events, []);

      const states = new Recording(watcher.onDidChangeState);
      time.advance(5_000);
      await hints.until((events) => events.length === 1, 'the second try to fail');
      assert.deepEqual(time.waits, [10_000]);
      assert.equal(states.events.length, 0, 'it is the same failure');

      setNativeWatch(nativeWatch);
      time.advance(10_000);
      await states.until((events) => events.length === 1, 'the watcher to recover');
      assert.equal(watcher.state, 'watching');
      assert.equal(watcher.failure, undefined);
      assert.deepEqual(time.waits, []);
      await notices(hints, 'a.md', false, () => folder().write('issues/a.md', 'new'));
      assert.deepEqual(hints.events.slice(0, 2), ['everything', 'everything'], 'because of what was missed');

      refuseToWatch();
      folder().remove('issues');
      await states.until(() => watcher.state === 'failed', 'the watcher to fail again');
      assert.deepEqual(time.waits, [5_000], 'patience begins anew');
    });

    it('to start in time is a failure like others, so whoever waits for it goes on', async () => {
      folder().write('issues/a.md');
      let isSlow = true;
      // Ten seconds go by before the system gets to it.
      const schedule: Schedule = (milliseconds, callback) => {
        const timer = time.schedule(milliseconds, callback);
        if (isSlow && milliseconds === 10_000) {
          queueMicrotask(() => time.advance(milliseconds));
        }
        return timer;
      };
      const { watcher, hints } = await started({ schedule });
      assert.deepEqual([watcher.state, watcher.failure], ['failed', 'the watcher did not start within 10 seconds']);
      assert.deepEqual(time.waits, [5_000]);
      isSlow = false;
      const states = new Recording(watcher.onDidChangeState);
      time.advance(5_000);
      await states.until(() => watcher.state === 'watching', 'the watcher to recover');
      assert.deepEqual(time.waits, [], 'nothing is left of the limit');
      await notices(hints, 'a.md', false, () => folder().write('issues/a.md', 'new'));
    });

    it('is tried again at once when that is asked for', async () => {
      folder().write('issues/a.md');
      refuseToWatch();
      const { watcher, hints } = await started();
      await watcher.retry();
      assert.deepEqual([watcher.state, time.waits], ['failed', [10_000]]);
      setNativeWatch(nativeWatch);
      await watcher.retry();
      assert.deepEqual([watcher.state, time.waits, hints.events.length], ['watching', [], 2]);
    });

    it('later on is a state with a reason, and everything is to be looked at', async () => {
      const handles: fs.FSWatcher[] = [];
      setNativeWatch(((...args: Parameters<typeof fs.watch>) => {
        const handle = nativeWatch(...args);
        handles.push(handle);
        return handle;
      }) as typeof fs.watch);
      folder().write('issues/a.md');
      const { watcher, hints } = await started();
      const states = new Recording(watcher.onDidChangeState);
      for (const handle of handles) {
        handle.emit('error', Object.assign(new Error('EIO: made to fail'), { code: 'EIO' }));
      }
      await states.until(() => watcher.state === 'failed', 'the watcher to fail');
      assert.equal(watcher.failure, 'EIO: made to fail');
      assert.deepEqual(hints.events, ['everything']);
      assert.deepEqual(time.waits, [5_000], 'several errors of one watcher are one failure');
      time.advance(5_000);
      await states.until(() => watcher.state === 'watching', 'the watcher to recover');
      await notices(hints, 'a.md', false, () => folder().write('issues/a.md', 'new'));
    });
  });

  describe('disposed', () => {
    it('hears and holds nothing any more', async () => {
      folder().write('issues/a.md');
      const before = openWatches();
      const { watcher, hints } = await started();
      watcher.dispose();
      watcher.dispose();
      await closed(before);
      const other = await started();
      await notices(other.hints, 'a.md', false, () => folder().write('issues/a.md', 'new'));
      assert.deepEqual(hints.events, []);
    });

    it('while it starts, ends the start', async () => {
      folder().write('issues/a.md');
      const before = openWatches();
      for (let turns = 0; turns < 12; turns++) {
        const watcher = make();
        const starting = watcher.start();
        for (let turn = 0; turn < turns; turn++) {
          await new Promise((resolve) => setImmediate(resolve));
        }
        watcher.dispose();
        await inTime(starting, `the start to end, ${turns} turns on`);
      }
      await closed(before);
    });

    it('while it starts anew, ends that, too', async () => {
      folder().write('issues/a.md');
      const before = openWatches();
      const { watcher, hints } = await started();
      await startsAnew(hints, () => folder().remove('issues'));
      folder().makeFolder('issues');
      await new Promise((resolve) => setImmediate(resolve));
      watcher.dispose();
      const other = await started();
      await notices(other.hints, 'a.md', false, () => folder().write('issues/a.md'));
      other.watcher.dispose();
      await closed(before);
    });

    it('after it failed, tries no more', async () => {
      setNativeWatch((() => {
        throw NO_SPACE;
      }) as typeof fs.watch);
      const { watcher } = await started();
      watcher.dispose();
      assert.deepEqual(time.waits, []);
    });
  });
});
