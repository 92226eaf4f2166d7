import assert from 'node:assert/strict';
import { renameSync, symlinkSync } from 'node:fs';
import { StoreSchema } from '../../../../src/core/formats/storeSchema.ts';
import { silentLogger } from '../../../../src/core/logger.ts';
import { FolderWatcher, type WatchHint } from '../../../../src/core/sync/folderWatcher.ts';
import { eventually } from '../../../support/polling.ts';
import { CountingDisk } from '../../support/countingDisk.ts';
import { ManualTime } from '../../support/manualTime.ts';
import { closed, openWatches } from '../../support/nativeWatches.ts';
import { SCRATCH } from '../../support/otherFormats.ts';
import { inTime, Recording } from '../../support/recording.ts';
import { useTemporaryFolder } from '../../support/temporaryFolder.ts';

describe('FolderWatcher of a store whose folders are nested', () => {
  const folder = useTemporaryFolder();
  let watchers: FolderWatcher[];
  let disk: CountingDisk;

  beforeEach(() => {
    watchers = [];
    disk = new CountingDisk();
    folder().writeAll({ '.scratch/timer/issues/01-a.md': '', '.scratch/timer/issues/02-b.md': '', '.scratch/.hidden/x.md': '' });
  });

  afterEach(() => {
    for (const watcher of watchers) {
      watcher.dispose();
    }
  });

  async function started() {
    const watcher = new FolderWatcher({
      ...{ root: folder().path, store: folder().join('.scratch'), folders: new StoreSchema(SCRATCH.format).folders, disk },
      ...{ schedule: new ManualTime().schedule, logger: silentLogger },
    });
    watchers.push(watcher);
    const hints = new Recording(watcher.onHint);
    await inTime(watcher.start(), 'the watcher to start');
    hints.events.length = 0;
    return { watcher, hints };
  }

  const isAt = (path: string) => (hint: WatchHint) => hint !== 'everything' && `${hint.folder}/${hint.name}` === path;

  async function hintsAt(hints: Recording<WatchHint>, path: string, change: () => unknown): Promise<void> {
    change();
    await hints.until((events) => events.some(isAt(path)), `a hint at ${path}`);
  }

  async function startsAnew(hints: Recording<WatchHint>, watcher: FolderWatcher, change: () => unknown): Promise<void> {
    const states = new Recording(watcher.onDidChangeState);
    change();
    await states.until((events) => events.length >= 2 && watcher.state === 'watching', 'the watching to start anew');
    assert.ok(hints.events.includes('everything'));
    hints.events.length = 0;
  }

  it('takes one watch for each folder and one for the root, and looks at no file whose name is that of an issue', async () => {
    const before = openWatches();
    await started();
    assert.equal(openWatches() - before, 4);
    assert.ok(!disk.calls.some(({ path }) => path.endsWith('.md')), JSON.stringify(disk.calls));
    assert.ok(!disk.calls.some(({ path }) => path.includes('.hidden/')));
  });

  it('names files in nested folders, with the folder in the store', async () => {
    const { hints } = await started();
    await hintsAt(hints, 'timer/issues/01-a.md', () => folder().write('.scratch/timer/issues/01-a.md', 'new'));
    await hintsAt(hints, 'timer/prd.md', () => folder().write('.scratch/timer/prd.md', 'new'));
    assert.ok(!hints.events.includes('everything'));
  });

  it('hints at everything when a folder appears, and names the files in it from then on', async () => {
    const before = openWatches();
    const { hints } = await started();
    folder().makeFolder('.scratch/alarm/issues');
    await eventually(() => assert.equal(openWatches() - before, 6));
    await hintsAt(hints, 'alarm/issues/01-x.md', () => folder().write('.scratch/alarm/issues/01-x.md'));
    assert.ok(hints.events.includes('everything'));
  });

  it('starts anew when a folder goes or another one comes in its place, and leaves no watch behind', async () => {
    const before = openWatches();
    const { watcher, hints } = await started();
    folder().write('prepared/issues/03-c.md');
    await startsAnew(hints, watcher, () => {
      renameSync(folder().join('.scratch/timer'), folder().join('was'));
      renameSync(folder().join('prepared'), folder().join('.scratch/timer'));
    });
    await hintsAt(hints, 'timer/issues/03-c.md', () => folder().write('.scratch/timer/issues/03-c.md', 'new'));
    folder().write('was/issues/01-a.md', 'unheard');
    await hintsAt(hints, 'timer/issues/04-d.md', () => folder().write('.scratch/timer/issues/04-d.md', 'new'));
    assert.ok(!hints.events.some(isAt('timer/issues/01-a.md')));
    await startsAnew(hints, watcher, () => folder().remove('.scratch/timer'));
    assert.equal(openWatches() - before, 2);
    watcher.dispose();
    await closed(before);
  });

  it('hears nothing from behind a link, one in the place of a folder among them', async () => {
    folder().writeAll({ 'outside/issues/01-a.md': '', 'outside/09-x.md': '' });
    symlinkSync(folder().join('outside'), folder().join('.scratch/linked'), 'junction');
    const { watcher, hints } = await started();
    await startsAnew(hints, watcher, () => {
      renameSync(folder().join('.scratch/timer'), folder().join('was'));
      symlinkSync(folder().join('outside'), folder().join('.scratch/timer'), 'junction');
    });
    folder().writeAll({ 'outside/issues/01-a.md': 'new', 'outside/09-x.md': 'new' });
    await hintsAt(hints, '/05-e.md', () => folder().write('.scratch/05-e.md'));
    assert.deepEqual(
      hints.events.filter((hint) => hint !== 'everything' && hint.folder !== ''),
      [],
    );
  });

  it('starts anew, when it is checked, where a folder was replaced and no event told of it', async () => {
    const { watcher, hints } = await started();
    const real = disk.statSync.bind(disk);
    await watcher.recheck();
    assert.deepEqual([watcher.state, hints.events], ['watching', []]);
    // As if the folder had another birth.
    disk.statSync = (path) => {
      const stat = real(path);
      return stat && path.endsWith('issues') ? { ...stat, birthtimeMs: stat.birthtimeMs + 1 } : stat;
    };
    await startsAnew(hints, watcher, () => watcher.recheck());
  });

  it('hints at everything when the configuration changes, comes or goes, and at nothing beside it', async () => {
    const watcher = new FolderWatcher({
      ...{ root: folder().path, store: folder().join('.scratch'), config: folder().join('settings/rack.txt'), disk },
      ...{ folders: new StoreSchema(SCRATCH.format).folders, schedule: new ManualTime().schedule, logger: silentLogger },
    });
    watchers.push(watcher);
    folder().write('settings/other.txt');
    const hints = new Recording(watcher.onHint);
    await inTime(watcher.start(), 'the watcher to start');
    for (const change of [
      () => folder().write('settings/rack.txt', 'a'),
      () => folder().write('settings/rack.txt', 'b'),
      () => renameSync(folder().join('settings/rack.txt'), folder().join('settings/was.txt')),
      () => renameSync(folder().join('settings/was.txt'), folder().join('settings/rack.txt')),
      () => folder().remove('settings/rack.txt'),
    ]) {
      await hintsAt(hints, '/05-e.md', () => folder().write('.scratch/05-e.md', String(change)));
      hints.events.length = 0;
      change();
      await hints.until((events) => events.includes('everything'), String(change));
    }
    await hintsAt(hints, '/06-e.md', () => folder().write('.scratch/06-e.md'));
    hints.events.length = 0;
    folder().write('settings/other.txt', 'new');
    await hintsAt(hints, '/07-e.md', () => folder().write('.scratch/07-e.md'));
    assert.ok(!hints.events.includes('everything'));
  });
});
