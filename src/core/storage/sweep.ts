import { type Clock, systemClock } from '../clock.ts';
import { nextTurn, TURN_MS } from '../turns.ts';
import { eachOf } from './eachOf.ts';

/** Above this, a read has waited for a disk instead of the page cache, in milliseconds. */
const SLOW_READ_MS = 0.05;
/** The same for the first reads, when the code that reads is itself not compiled yet. */
const SLOW_FIRST_READ_MS = 0.5;
const FIRST_READS = 128;
/** So many slow reads in a row are a disk, which is slow file by file; fewer can be a busy processor, which waiting does not help. */
const SLOW_RUN = 48;
const CONCURRENCY = 32;
/** How many files go the concurrent way before it is seen whether the synchronous one has become quick. */
const CONCURRENT_RUN = 1024;
/** How many slow reads tell that it has not. They are made alone: beside others each would be slow. */
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
 * Looks at `count` files and hands each result to `take`, without ever holding the event loop for longer than a slice and
 * one file. On a warm page cache synchronous calls cost a fifth of promises, on a cold one they block and concurrency wins:
 * so it starts synchronously, watches the clock, and goes concurrent where reads turn out slow.
 *
 * @param take called once for each index, in no order; a result that shares a buffer is good only until it returns.
 * @throws the signal's reason when aborted; indices that were not reached are then never taken.
 */
export async function sweep<T>(
  count: number,
  source: SweepSource<T>,
  take: (index: number, result: T) => void,
  { clock = systemClock, signal }: SweepOptions = {},
) {
  let next = 0;
  let slowRun = 0;
  const readSlice = (): void => {
    let now = clock.now();
    const sliceEnd = now + TURN_MS;
    while (next < count && slowRun < SLOW_RUN && now < sliceEnd) {
      const result = source.readSync(next);
      const isSlow = clock.now() - now > (next < FIRST_READS ? SLOW_FIRST_READ_MS : SLOW_READ_MS);
      slowRun = isSlow ? slowRun + 1 : 0;
      take(next, result);
      next++;
      now = clock.now();
    }
  };
  while (next < count) {
    signal?.throwIfAborted();
    readSlice();
    if (slowRun === SLOW_RUN) {
      const run = Array.from({ length: Math.min(CONCURRENT_RUN, count - next) }, (_, index) => next + index);
      next += run.length;
      await eachOf(CONCURRENCY, run, async (index) => {
        signal?.throwIfAborted();
        take(index, await source.read(index));
      });
      slowRun -= TRIES;
    }
    await nextTurn();
  }
}
