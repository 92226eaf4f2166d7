import type { Clock } from '../clock.ts';

/** How long after the first rows the next ones come, in milliseconds. */
const FIRST_INTERVAL_MS = 50;

/** Says when to show what has been read so far: at once, and then after twice as long each time. */
export class ProgressThrottle {
  readonly #clock: Clock;
  #nextAt = Number.NEGATIVE_INFINITY;
  #interval = FIRST_INTERVAL_MS;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** True if it is time; the next one is counted from then. */
  isDue(): boolean {
    const now = this.#clock.now();
    if (now < this.#nextAt) {
      return false;
    }
    this.#nextAt = now + this.#interval;
    this.#interval *= 2;
    return true;
  }
}
