import pLimit from 'p-limit';
import { type Clock, systemClock } from '../clock.ts';
import { nextTurn, TURN_MS } from '../turns.ts';

/** Above this, a read has waited for a disk instead of the page cache, in milliseconds. */
const SLOW_READ_MS = 0.1;
/** One slow slice can be a busy processor, whose time is not to be had by waiting differently; a disk is slow again and again. */
const SLOW_SLICES = 2;
/** How many files go the concurrent way before the synchronous one is tried again. */
const CONCURRENT_RUN = 1024;
const CONCURRENCY = 32;

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
  options: SweepOptions = {},
) {
  const { clock = systemClock, signal } = options;
  const limit = pLimit(CONCURRENCY);
  let slowSlices = 0;
  for (let next = 0; next < count; ) {
    signal?.throwIfAborted();
    const first = next;
    const sliceEnd = clock.now() + TURN_MS;
    let reading = 0;
    let now = clock.now();
    while (next < count && now < sliceEnd) {
      const result = source.readSync(next);
      reading += clock.now() - now;
      take(next, result);
      next++;
      now = clock.now();
    }
    slowSlices = reading / (next - first) > SLOW_READ_MS ? slowSlices + 1 : 0;
    if (next < count && slowSlices >= SLOW_SLICES) {
      const run = Array.from({ length: Math.min(CONCURRENT_RUN, count - next) }, (_, index) => next + index);
      next += run.length;
      await limit.map(run, async (index) => {
        signal?.throwIfAborted();
        take(index, await source.read(index));
      });
    }
    await nextTurn();
  }
}
