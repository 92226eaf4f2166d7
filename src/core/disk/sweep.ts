import { assertDefined } from '../assertDefined.ts';
import { systemClock } from '../clock.ts';
import { type SliceOptions, TimeSlices } from '../timeSlices.ts';
import type { Disk, FileRead, FileStat } from './disk.ts';
import { mapConcurrently } from './mapConcurrently.ts';

/** Milliseconds. A slower read of a small file has probably waited for a disk: a read from the page cache takes a few hundredths. */
const SLOW_READ_MS = 0.06;
/** Consecutive slow reads that indicate a cold disk. Fewer can mean a busy processor or code that is not yet compiled. */
const SLOW_RUN = 48;
/** Concurrent reads from a cold disk: enough to keep Node's four pool threads busy, with few open files. */
const CONCURRENCY = 32;
/** Files read concurrently before synchronous reads are tried again. */
const CONCURRENT_RUN = 1024;
/** Slow synchronous reads that then confirm a cold disk. Few, because they wait one after another. */
const PROBE_READS = 4;

/** Two equivalent ways to read a file. Neither may throw: return failures as results. */
export interface SweepSource<T> {
  readonly readSync: (index: number) => T;
  readonly read: (index: number) => Promise<T>;
}

/**
 * Reads `count` files and passes each result to `take`. It never blocks the event loop for longer than a time slice plus one file. It reads
 * synchronously, because promises cost five times as much with a warm page cache. After a run of slow reads it reads the next files
 * concurrently, so that they wait for the disk together.
 *
 * @param take called once for each index, in no order. A result in a shared buffer is valid only during the call.
 * @throws the signal's reason when aborted; the remaining indices are not taken.
 */
export async function sweep<T>(
  count: number,
  source: SweepSource<T>,
  take: (index: number, result: T) => void,
  { clock = systemClock, signal }: SliceOptions = {},
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
      slowReads = SLOW_RUN - PROBE_READS;
    }
    await slices.next();
  }
}

export type StatOutcome = { readonly stat: FileStat | undefined } | { readonly error: unknown };

export async function sweepStats(disk: Disk, paths: readonly string[], options: SliceOptions): Promise<StatOutcome[]> {
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

/** A result, because one unreadable file must not end a sweep. */
export type ReadOutcome = FileRead | { readonly error: unknown };

export function readOutcomeSync(disk: Pick<Disk, 'readSync'>, path: string): ReadOutcome {
  try {
    return disk.readSync(path);
  } catch (error) {
    return { error };
  }
}

export function readOutcome(disk: Pick<Disk, 'read'>, path: string): Promise<ReadOutcome> {
  return disk.read(path).catch((error: unknown) => ({ error }));
}

/** `take` may receive bytes that are valid only during the call. */
export function sweepReads(
  disk: Disk,
  paths: readonly string[],
  take: (index: number, read: ReadOutcome) => void,
  options: SliceOptions,
): Promise<void> {
  const pathAt = (index: number) => assertDefined(paths[index]);
  const source = {
    readSync: (index: number) => readOutcomeSync(disk, pathAt(index)),
    read: (index: number) => readOutcome(disk, pathAt(index)),
  };
  return sweep<ReadOutcome>(paths.length, source, take, options);
}
