import assert from 'node:assert/strict';
import { renameSync, symlinkSync, unlinkSync } from 'node:fs';
import type { FileRead, FileStat } from '../../../../src/core/disk/disk.ts';
import { NodeDisk } from '../../../../src/core/disk/nodeDisk.ts';
import { eventually } from '../../../support/polling.ts';
import { byHand } from '../../support/byHand.ts';
import { ManualTime } from '../../support/manualTime.ts';
import { AUDIT_ROUND_MS, assertEqualToDisk, SETTINGS, useStores } from '../../support/openStore.ts';

/** Longer than a late event may take. */
const GRACE_MS = 6_000;

describe('IssueStore, what the watcher misses', () => {
  const { folder, open } = useStores();

  beforeEach(() => {
    folder().writeAll({ 'issues/000001_a.md': 'a', 'issues/complete/000002_b.md': 'b' });
  });

  it('is found by a refresh, taken over and counted when no event came after it', async () => {
    const { time, options } = byHand();
    const { store } = await open(options);
    folder().write('issues/000003_c.md', 'c');
    await store.refresh();
    await assertEqualToDisk(store);
    assert.equal(store.snapshot().coherence.missed, 0, 'an event may still come');
    time.advance(GRACE_MS);
    assert.deepEqual(store.snapshot().coherence, { reconciles: 2, missed: 1, healed: 1 });
    store.resetMetrics();
    assert.deepEqual(store.snapshot().coherence, { reconciles: 0, missed: 0, healed: 0 });
  });

  it('does not include what an event told of shortly after or before', async () => {
    const { time, watchers, options } = byHand();
    const { store } = await open(options);
    folder().write('issues/000003_c.md', 'c');
    await store.refresh();
    watchers[0]?.hint({ folder: '', name: '000003_c.md' });
    watchers[0]?.hint({ folder: '', name: '000004_d.md' });
    folder().write('issues/000004_d.md', 'd');
    await store.refresh();
    time.advance(2 * GRACE_MS);
    assert.deepEqual([store.catalogue.size, store.snapshot().coherence.missed], [4, 0]);
  });

  it('is found at the next round where a folder has changed and nobody said so', async () => {
    const { time, options } = byHand();
    const { store, changes } = await open(options);
    folder().write('issues/complete/000003_c.md', 'c');
    time.advance(AUDIT_ROUND_MS);
    await changes.until((events) => events.length === 1, 'the change');
    await assertEqualToDisk(store);
  });

  it('is found at the next round in a store that is a link, too, or lies under one', async () => {
    renameSync(folder().path, `${folder().path}-far`);
    symlinkSync(`${folder().path}-far`, folder().path, 'junction');
    symlinkSync(folder().join('issues'), folder().join('link'), 'junction');
    try {
      for (const [index, setting] of ['link', 'issues'].entries()) {
        const { time, options } = byHand();
        const { store, changes } = await open({ ...options, settings: { ...SETTINGS, folder: setting } });
        folder().write(`issues/00001${index}_c.md`, 'c');
        time.advance(AUDIT_ROUND_MS);
        await changes.until((events) => events.length === 1, `the change in ${setting}`);
        await assertEqualToDisk(store);
      }
    } finally {
      unlinkSync(folder().path);
      renameSync(`${folder().path}-far`, folder().path);
    }
  });

  it('has folders that have become others watched anew at each round and refresh', async () => {
    const { time, watchers, options } = byHand();
    const { store } = await open(options);
    const before = watchers[0]?.rechecks ?? assert.fail();
    time.advance(AUDIT_ROUND_MS);
    assert.equal(watchers[0]?.rechecks, before + 1);
    await store.refresh();
    assert.equal(watchers[0]?.rechecks, before + 2);
  });

  it('is less from then on where a link on the way has been pointed elsewhere in silence', async () => {
    folder().writeAll({ 'far/one/tracker/000001_a.md': 'a', 'far/two/tracker/000001_a.md': 'another', 'root/readme.md': '' });
    symlinkSync('one', folder().join('far/way'), 'junction');
    symlinkSync('../far/way/tracker', folder().join('root/issues'), 'junction');
    const { store, changes } = await open({}, folder().join('root'));
    unlinkSync(folder().join('far/way'));
    symlinkSync('two', folder().join('far/way'), 'junction');
    await store.refresh();
    assert.equal((await store.getIssue(1)).content, 'another');
    assert.equal(store.pathOf(folder().join('far/two/tracker/000001_a.md')), '000001_a.md');
    await eventually(() => assert.equal(store.snapshot().watcher, 'watching'));
    folder().write('far/two/tracker/000002_b.md', 'b');
    await changes.until(() => store.catalogue.size === 2, 'a change in the other folder');
    folder().write('far/two/tracker/complete/000003_c.md', 'c');
    await changes.until(() => store.catalogue.size === 3, 'its completed folder');
    await assertEqualToDisk(store);
  });

  it('is not looked for while the folders are as they were', async () => {
    const { time, disk, options } = byHand();
    await open(options);
    disk.reset();
    time.advance(AUDIT_ROUND_MS);
    await new Promise((resolve) => setImmediate(resolve));
    assert.equal(disk.count('list'), 0);
  });
});

/** A disk whose clock ticks every other second, as that of FAT does. */
class CoarseDisk extends NodeDisk {
  override statSync(path: string): FileStat | undefined {
    const stat = super.statSync(path);
    return stat && coarse(stat);
  }

  override readSync(path: string): FileRead {
    const { bytes, stat } = super.readSync(path);
    return { bytes, stat: coarse(stat) };
  }
}

function coarse(stat: FileStat): FileStat {
  const floor = (time: number) => Math.floor(time / 2000) * 2000;
  return { ...stat, mtimeMs: floor(stat.mtimeMs), ctimeMs: floor(stat.ctimeMs) };
}

describe('IssueStore, a file that was written twice within one tick of the clock', () => {
  const { folder, open } = useStores();

  it('is read again when the tick is over, though its stat is the same and no event came', async () => {
    folder().write('issues/a.md', 'one');
    const { options } = byHand();
    const time = new ManualTime(Date.now());
    const { store, changes } = await open({ ...options, disk: new CoarseDisk(), clock: time, schedule: time.schedule });
    folder().write('issues/a.md', 'two');
    time.advance(2_200 + SETTINGS.coalescingWindow);
    await changes.until((events) => events.length === 1, 'the second text');
    assert.equal((await store.getIssue('a')).content, 'two');
  });
});

describe('IssueStore, refreshed', () => {
  const { folder, open } = useStores();

  beforeEach(() => {
    folder().write('issues/a.md', 'a');
  });

  it('compares once more for all who ask while it compares, with what came before they asked', async () => {
    const { disk, options } = byHand();
    const { store } = await open(options);
    disk.reset();
    const pause = disk.pause({ method: 'list' });
    const first = store.refresh();
    await pause.reached;
    folder().write('issues/b.md', 'b');
    const others = [1, 2, 3, 4, 5].map(() => store.refresh());
    pause.resume();
    await Promise.all([first, ...others]);
    assert.deepEqual([disk.count('list'), store.catalogue.size], [2, 2]);
    await store.refresh();
    assert.equal(disk.count('list'), 3, 'one that is asked for later is another');
  });

  it('compares once for all who ask at once', async () => {
    const { disk, options } = byHand();
    const { store } = await open(options);
    disk.reset();
    await Promise.all([1, 2, 3, 4, 5, 6].map(() => store.refresh()));
    assert.equal(disk.count('list'), 1);
  });

  it('does not stand in for a verification, which reads every file', async () => {
    const { disk, options } = byHand();
    const { store } = await open(options);
    disk.reset();
    const pause = disk.pause({ method: 'list' });
    const refreshes = [store.refresh()];
    await pause.reached;
    refreshes.push(store.refresh());
    const verified = store.verify();
    refreshes.push(store.refresh());
    pause.resume();
    assert.deepEqual(await verified, { issues: 1, differences: [], problems: 0 });
    await Promise.all(refreshes);
    assert.deepEqual([disk.count('list'), disk.count('read', 'readSync')], [3, 1]);
  });

  it('goes on after it has failed', async () => {
    const { disk, options } = byHand();
    const { store } = await open(options);
    const heal = disk.fail({ method: 'list' }, 'EIO');
    await Promise.all([store.refresh(), store.refresh()]);
    assert.notEqual(store.failure, undefined);
    heal();
    await store.refresh();
    assert.equal(store.failure, undefined);
  });
});

describe('IssueStore, verified', () => {
  const { folder, open } = useStores();

  it('reports what was different, and what cannot be read', async () => {
    folder().writeAll({ 'issues/a.md': 'a', 'issues/b.md': 'b', 'issues/c.md': 'c' });
    const { options } = byHand();
    const { store } = await open(options);
    assert.deepEqual(await store.verify(), { issues: 3, differences: [], problems: 0 });
    folder().write('issues/b.md', 'B');
    folder().write('issues/c.md', Buffer.from([0xff]));
    renameSync(folder().join('issues/a.md'), folder().join('issues/d.md'));
    const { issues, differences, problems } = await store.verify();
    assert.deepEqual([issues, [...differences].sort(), problems], [3, ['a', 'b', 'c', 'd'], 1]);
    await assert.doesNotReject(store.verify());
  });

  it('fails where the store cannot be read', async () => {
    folder().write('issues/a.md', 'a');
    const { disk, options } = byHand();
    const { store } = await open(options);
    disk.fail({ method: 'list' }, 'EACCES');
    await assert.rejects(store.verify(), { code: 'unreadable' });
  });
});
