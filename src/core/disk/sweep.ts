import { assertDefined } from '../assertDefined.ts';
import { type Clock, systemClock } from '../clock.ts';
import { TimeSlices } from '../timeSlices.ts';
import type { Disk, FileRead, FileStat } from './disk.ts';
import { mapConcurrently } from './mapConcurrently.ts';

/** A read of a small file that takes longer, in milliseconds, has probably waited for a disk: from the page cache it takes a few hundredths. */
const SLOW_READ_MS = 0.06;
/** Only this many slow reads in a row are taken for a cold disk. Fewer can be a busy processor, or code that is not compiled yet. */
const SLOW_RUN = 48;
/** How many files are read at the same time from a cold disk: enough to keep the four threads of Node's pool busy, with few files open. */
const CONCURRENCY = 32;
/** How many files are read that way before the synchronous way is tried again. */
const CONCURRENT_RUN = 1024;
/** How many slow reads then tell that the disk is still cold. Each waits alone, so there are few. */
const TRIES = 4;

export interface SweepOptions {
  readonly clock?: Clock;
  readonly signal?: AbortSignal | undefined;
}

/** One look at each of many files, in two ways that must give the same. Neither may throw: failures are results. */
export interface SweepSource<T> {
  readonly readSync: (index: number) => T;
  readonly read: (index: number) => Promise<T>;
}

/**
 * Looks at `count` files and hands each result to `take`, without ever holding the event loop for longer than a time slice and one file.
 * It reads synchronously, because promises cost five times as much on a warm page cache. When reads turn out slow, it
 * reads the next files concurrently, so that they wait for the disk together and not one after the other.
 *
 * @param take called once for each index, in no order; a result that shares a buffer is good only until it returns.
 * @throws the signal's reason when aborted; indices that were not reached are then never taken.
 */
export async function sweep<T>(
  count: number,
  source: SweepSource<T>,
  take: (index: number, result: T) => void,
  { clock = systemClock, signal }: SweepOptions = {},
): Promise<void> {
  let next = 0;
  let slowReads = 0;
  const slices = new TimeSlices(clock);
  while (next < count) {
    signal?.throwIfAborted();
    while (next < count && slowReads < SLOW_RUN && !slices.isOver) {
      const start = clock.now();
      const result = source.readSync(next);
      slowReads = clock.now() - start > SLOW_READ_MS ? slowReads + 1 : 0;
      take(next++, result);
    }
    if (slowReads === SLOW_RUN) {
      const run = Array.from({ length: Math.min(CONCURRENT_RUN, count - next) }, (_, index) => next + index);
      await mapConcurrently(CONCURRENCY, run, async (index) => {
        signal?.throwIfAborted();
        take(index, await source.read(index));
      });
      next += run.length;
      slowReads = SLOW_RUN - TRIES;
    }
    await slices.next();
  }
}

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

/** What was read of a file, or why nothing was: in a sweep one bad file must not hide the others. */
export type ReadOutcome = FileRead | { readonly error: unknown };

export function readOutcomeSync(disk: Disk, path: string): ReadOutcome {
  try {
    return disk.readSync(path);
  } catch (error) {
    return { error };
  }
}

export function readOutcome(disk: Disk, path: string): Promise<ReadOutcome> {
  return disk.read(path).catch((error: unknown) => ({ error }));
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
