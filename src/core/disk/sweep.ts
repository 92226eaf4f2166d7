import { type Clock, systemClock } from '../clock.ts';
import { nextSlice, SLICE_MS } from '../timeSlices.ts';
import { mapConcurrently } from './mapConcurrently.ts';

/** Above this, a read may have waited for a disk instead of the page cache, in milliseconds. */
const SLOW_READ_MS = 0.03;
/** The same for the first reads, when the code that reads is itself not compiled yet. */
const SLOW_FIRST_READ_MS = 0.5;
const FIRST_READS = 32;
/** So many slow reads in a row are a disk or a slow machine, which the other way would tell apart; fewer can be a busy processor. */
const SLOW_RUN = 48;
const CONCURRENCY = 32;
/** How many files show what the concurrent way costs here. */
const TRIAL = 64;
/** How many files go the concurrent way before it is seen whether the synchronous one has become quick. */
const CONCURRENT_RUN = 1024;
/** How many slow reads tell that it has not. They are made alone: beside others each would be slow. */
const TRIES = 4;
/** How many files go by before the next trial after one that did not pay, and how much longer after each further one. */
const TRIAL_GAP = 1024;
const TRIAL_GAP_GROWTH = 4;

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
 * so it starts synchronously, watches the clock, and where reads turn out slow it tries the concurrent way and keeps to the quicker one.
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
  /** How many reads were slow, one after the other, and for how long together. */
  let slowRun = 0;
  let slowMs = 0;
  let nextTrial = 0;
  let trialGap = TRIAL_GAP;
  const isTrialDue = () => slowRun >= SLOW_RUN && next >= nextTrial;
  const readSlice = (): void => {
    let now = clock.now();
    const sliceEnd = now + SLICE_MS;
    while (next < count && !isTrialDue() && now < sliceEnd) {
      const result = source.readSync(next);
      const millis = clock.now() - now;
      const isSlow = millis > (next < FIRST_READS ? SLOW_FIRST_READ_MS : SLOW_READ_MS);
      slowRun = isSlow ? slowRun + 1 : 0;
      slowMs = isSlow ? slowMs + millis : 0;
      take(next, result);
      next++;
      now = clock.now();
    }
  };
  /** Returns what it took for each of them, in milliseconds. */
  const readSideBySide = async (atMost: number): Promise<number> => {
    const start = clock.now();
    const run = Array.from({ length: Math.min(atMost, count - next) }, (_, index) => next + index);
    next += run.length;
    await mapConcurrently(CONCURRENCY, run, async (index) => {
      signal?.throwIfAborted();
      take(index, await source.read(index));
    });
    return (clock.now() - start) / run.length;
  };
  while (next < count) {
    signal?.throwIfAborted();
    readSlice();
    if (next < count && isTrialDue()) {
      const slowRead = slowMs / slowRun;
      if ((await readSideBySide(TRIAL)) < slowRead) {
        await readSideBySide(CONCURRENT_RUN - TRIAL);
        slowRun = SLOW_RUN - TRIES;
        slowMs = slowRun * slowRead;
      } else {
        [slowRun, slowMs] = [0, 0];
        nextTrial = next + trialGap;
        trialGap *= TRIAL_GAP_GROWTH;
      }
    }
    await nextSlice();
  }
}
