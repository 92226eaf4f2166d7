import { assertDefined } from '../assertDefined.ts';
import type { Disk, FileStat } from '../disk/disk.ts';
import { type SweepOptions, sweep } from '../disk/sweep.ts';
import { type ReadOutcome, readOutcome, readOutcomeSync } from './issueFile.ts';

/** What was found of a file, or why nothing was. */
export type StatOutcome = { readonly stat: FileStat | undefined } | { readonly error: unknown };

/** Asks for the stats of many files in one {@link sweep}. */
export async function sweepStats(disk: Disk, paths: readonly string[], options: SweepOptions): Promise<StatOutcome[]> {
  const stats = new Array<StatOutcome>(paths.length);
  const source = {
    readSync: (index: number): StatOutcome => {
      try {
        return { stat: disk.statSync(assertDefined(paths[index])) };
      } catch (error) {
        return { error };
      }
    },
    read: (index: number): Promise<StatOutcome> =>
      disk.stat(assertDefined(paths[index])).then(
        (stat) => ({ stat }),
        (error: unknown) => ({ error }),
      ),
  };
  const keep = (index: number, stat: StatOutcome) => {
    stats[index] = stat;
  };
  await sweep(paths.length, source, keep, options);
  return stats;
}

/** Reads many files in one {@link sweep}. The bytes that `take` is handed can be good only until it returns. */
export function sweepReads(
  disk: Disk,
  paths: readonly string[],
  take: (index: number, read: ReadOutcome) => void,
  options: SweepOptions,
): Promise<void> {
  const pathAt = (index: number) => assertDefined(paths[index]);
  const source = {
    readSync: (index: number) => readOutcomeSync(disk, pathAt(index)),
    read: (index: number) => readOutcome(disk, pathAt(index)),
  };
  return sweep<ReadOutcome>(paths.length, source, take, options);
}
