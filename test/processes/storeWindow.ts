/**
 * Opens the stores of a workspace folder in a process of its own, as a window does, so that all that the process holds is theirs.
 *
 * Answers every message with a {@link WindowReport}. The folder is its first argument.
 */

import { relative } from 'node:path';
import { systemClock, systemSchedule } from '../../src/core/clock.ts';
import { isYamlLoaded } from '../../src/core/markdown/yamlReader.ts';
import { openCountedSet } from '../unit/counts/countedSet.ts';
import { CountingDisk } from '../unit/support/countingDisk.ts';

export interface WindowReport {
  /** What is shown: state and folder of each. */
  readonly stores: readonly string[];
  /** Folders that the system watches. */
  readonly watches: number;
  readonly timers: number;
  readonly lists: number;
  readonly reads: number;
  readonly isYamlLoaded: boolean;
}

const [, , root = ''] = process.argv;
const disk = new CountingDisk();
const { set } = openCountedSet(root, { disk, clock: systemClock, schedule: systemSchedule });

process.on('message', () => {
  const held = process.getActiveResourcesInfo();
  const report: WindowReport = {
    stores: set.all.map(({ store }) => `${store.state} ${relative(root, store.folder ?? '')}`),
    watches: held.filter((name) => name === 'FSEventWrap').length,
    timers: held.filter((name) => name === 'Timeout').length,
    lists: disk.count('list'),
    reads: disk.count('read', 'readSync'),
    isYamlLoaded: isYamlLoaded(),
  };
  process.send?.(report);
});
