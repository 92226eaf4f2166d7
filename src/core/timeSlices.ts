import { type Clock, systemClock } from './clock.ts';

/** How long synchronous work may block the event loop, in milliseconds. */
export const SLICE_MS = 4;
/** Entries sorted in one call. This takes much less than a time slice. */
const SORT_CHUNK = 1024;

/** Splits long synchronous work into time slices. Timers, input and other work run between them. */
export class TimeSlices {
  readonly #clock: Clock;
  #end: number;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#end = clock.now() + SLICE_MS;
  }

  /** True if the time slice is used up and the caller must await {@link next}. */
  get isOver(): boolean {
    return this.#clock.now() >= this.#end;
  }

  /** Yields to the event loop and starts a new time slice. */
  async next(): Promise<void> {
    await nextSlice();
    this.#end = this.#clock.now() + SLICE_MS;
  }
}

export function nextSlice(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

export async function forEachInSlices<T>(entries: Iterable<T>, slices: TimeSlices, act: (entry: T) => void): Promise<void> {
  let count = 0;
  for (const entry of entries) {
    act(entry);
    // Reading the clock costs more than most calls of `act`.
    if (++count % 256 === 0 && slices.isOver) {
      await slices.next();
    }
  }
}

/** As `toSorted` (stable, returns a new array), in time slices. */
export async function sortedInSlices<T>(entries: readonly T[], compare: (a: T, b: T) => number, slices: TimeSlices): Promise<T[]> {
  let runs: T[][] = [];
  for (let start = 0; start < entries.length; start += SORT_CHUNK) {
    runs.push(entries.slice(start, start + SORT_CHUNK).sort(compare));
    if (slices.isOver) {
      await slices.next();
    }
  }
  while (runs.length > 1) {
    const longer: T[][] = [];
    for (let index = 0; index < runs.length; index += 2) {
      const [left = [], right = []] = runs.slice(index, index + 2);
      longer.push(await mergedInSlices(left, right, compare, slices));
    }
    runs = longer;
  }
  return runs[0] ?? [];
}

async function mergedInSlices<T>(
  left: readonly T[],
  right: readonly T[],
  compare: (a: T, b: T) => number,
  slices: TimeSlices,
): Promise<T[]> {
  const merged: T[] = [];
  let [l, r] = [0, 0];
  while (l < left.length && r < right.length) {
    const takesLeft = compare(left[l] as T, right[r] as T) <= 0;
    merged.push((takesLeft ? left[l++] : right[r++]) as T);
    if (merged.length % SORT_CHUNK === 0 && slices.isOver) {
      await slices.next();
    }
  }
  return merged.concat(left.slice(l), right.slice(r));
}

/** Steps between two readings of the clock, because a reading costs more than a short step. */
const STEPS_PER_CLOCK_READING = 64;

export interface SliceOptions {
  readonly clock?: Clock;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Runs up to `count` short steps in order, in time slices, until one returns false.
 *
 * @throws the signal's reason when aborted, checked between steps.
 */
export async function inSlices(count: number, step: (index: number) => boolean, options: SliceOptions = {}): Promise<void> {
  const { clock = systemClock, signal } = options;
  const slices = new TimeSlices(clock);
  for (let index = 0; index < count; index++) {
    if (index % STEPS_PER_CLOCK_READING === 0) {
      if (slices.isOver) {
        await slices.next();
      }
      signal?.throwIfAborted();
    }
    if (!step(index)) {
      return;
    }
  }
}
