import { type Clock, systemClock } from './clock.ts';

/** How long synchronous work may hold the event loop, in milliseconds. */
export const SLICE_MS = 4;
/** Pieces that are sorted in one go: a good deal less than a slice. */
const PIECE = 1024;

/** Long synchronous work, cut into slices with room between them for timers, input and the work of others. */
export class TimeSlices {
  readonly #clock: Clock;
  #end: number;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#end = clock.now() + SLICE_MS;
  }

  /** True if it is time to wait for {@link next}. */
  get isOver(): boolean {
    return this.#clock.now() >= this.#end;
  }

  /** Yields to the event loop and begins a new slice. */
  async next(): Promise<void> {
    await nextSlice();
    this.#end = this.#clock.now() + SLICE_MS;
  }
}

export function nextSlice(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** Acts on every entry, in time slices. */
export async function forEachInSlices<T>(entries: Iterable<T>, slices: TimeSlices, act: (entry: T) => void): Promise<void> {
  let count = 0;
  for (const entry of entries) {
    act(entry);
    // Asking for the time costs more than most acts do.
    if (++count % 256 === 0 && slices.isOver) {
      await slices.next();
    }
  }
}

/** Sorts as `toSorted` does, stable and into a new array, but in time slices. */
export async function sortedInSlices<T>(entries: readonly T[], compare: (a: T, b: T) => number, slices: TimeSlices): Promise<T[]> {
  let runs: T[][] = [];
  for (let start = 0; start < entries.length; start += PIECE) {
    runs.push(entries.slice(start, start + PIECE).sort(compare));
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
    if (merged.length % PIECE === 0 && slices.isOver) {
      await slices.next();
    }
  }
  return merged.concat(left.slice(l), right.slice(r));
}

/** How many steps go by between two looks at the clock, which would cost more than a short step does. */
const STEPS_PER_LOOK = 64;

export interface SliceOptions {
  readonly clock?: Clock;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Does `count` short steps of computing, in order and in time slices. A step that answers false is the last one.
 *
 * @throws the signal's reason when aborted, between two slices.
 */
export async function inSlices(count: number, step: (index: number) => boolean, options: SliceOptions = {}): Promise<void> {
  const { clock = systemClock, signal } = options;
  const slices = new TimeSlices(clock);
  for (let index = 0; index < count; index++) {
    if (index % STEPS_PER_LOOK === 0) {
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
