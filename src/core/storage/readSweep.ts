import { present } from '../present.ts';
import type { Disk } from './disk.ts';
import { type ReadOutcome, readOutcome, readOutcomeSync } from './issueFile.ts';
import { type SweepOptions, sweep } from './sweep.ts';

/** Reads many files in one {@link sweep}. The bytes that `take` is handed can be good only until it returns. */
export function sweepReads(
  disk: Disk,
  paths: readonly string[],
  take: (index: number, read: ReadOutcome) => void,
  options: SweepOptions,
): Promise<void> {
  const pathAt = (index: number) => present(paths[index]);
  const source = {
    readSync: (index: number) => readOutcomeSync(disk, pathAt(index)),
    read: (index: number) => readOutcome(disk, pathAt(index)),
  };
  return sweep<ReadOutcome>(paths.length, source, take, options);
}
