import { type Clock, systemClock } from './clock.ts';

/** How long synchronous work may hold the event loop, in milliseconds. */
export const TURN_MS = 4;
/** Pieces that are sorted in one go: a good deal less than a turn. */
const PIECE = 1024;

/** Long synchronous work in turns, with room between them for timers, input and the work of others. */
export class Turns {
  readonly #clock: Clock;
  #end: number;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#end = clock.now() + TURN_MS;
  }

  /** True if it is time to wait for {@link next}. */
  get isOver(): boolean {
    return this.#clock.now() >= this.#end;
  }

  /** Lets everybody else have their turn and begins a new one. */
  async next(): Promise<void> {
    await nextTurn();
    this.#end = this.#clock.now() + TURN_MS;
  }
}

export function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** Acts on every entry, in turns. */
export async function forEachInTurns<T>(entries: Iterable<T>, turns: Turns, act: (entry: T) => void): Promise<void> {
  let count = 0;
  for (const entry of entries) {
    act(entry);
    // Asking for the time costs more than most acts do.
    if (++count % 256 === 0 && turns.isOver) {
      await turns.next();
    }
  }
}

/** Sorts as `toSorted` does, stable and into a new array, but in turns. */
export async function sortedInTurns<T>(entries: readonly T[], compare: (a: T, b: T) => number, turns: Turns): Promise<T[]> {
  let runs: T[][] = [];
  for (let start = 0; start < entries.length; start += PIECE) {
    runs.push(entries.slice(start, start + PIECE).sort(compare));
    if (turns.isOver) {
      await turns.next();
    }
  }
  while (runs.length > 1) {
    const longer: T[][] = [];
    for (let index = 0; index < runs.length; index += 2) {
      const [left = [], right = []] = runs.slice(index, index + 2);
      longer.push(await mergedInTurns(left, right, compare, turns));
    }
    runs = longer;
  }
  return runs[0] ?? [];
}

async function mergedInTurns<T>(left: readonly T[], right: readonly T[], compare: (a: T, b: T) => number, turns: Turns): Promise<T[]> {
  const merged: T[] = [];
  let [l, r] = [0, 0];
  while (l < left.length && r < right.length) {
    const takesLeft = compare(left[l] as T, right[r] as T) <= 0;
    merged.push((takesLeft ? left[l++] : right[r++]) as T);
    if (merged.length % PIECE === 0 && turns.isOver) {
      await turns.next();
    }
  }
  return merged.concat(left.slice(l), right.slice(r));
}

/** How many steps go by between two looks at the clock, which would cost more than a short step does. */
const STEPS_PER_LOOK = 64;

export interface TurnOptions {
  readonly clock?: Clock;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Does `count` short steps of computing, in order and in turns. A step that answers false is the last one.
 *
 * @throws the signal's reason when aborted, between two turns.
 */
export async function inTurns(count: number, step: (index: number) => boolean, options: TurnOptions = {}): Promise<void> {
  const { clock = systemClock, signal } = options;
  const turns = new Turns(clock);
  for (let index = 0; index < count; index++) {
    if (index % STEPS_PER_LOOK === 0) {
      if (turns.isOver) {
        await turns.next();
      }
      signal?.throwIfAborted();
    }
    if (!step(index)) {
      return;
    }
  }
}
