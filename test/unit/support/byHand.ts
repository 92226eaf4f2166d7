import type { IssueStoreOptions } from '../../../src/core/store/storeOptions.ts';
import { CountingDisk } from './countingDisk.ts';
import { FakeWatcher } from './fakeWatcher.ts';
import { ManualTime } from './manualTime.ts';

/** Timers and a watcher that do only what the test wants, and a disk that counts. */
export function byHand() {
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
