import type { Clock } from '../clock.ts';

/** Milliseconds from the first rows to the next ones. */
const FIRST_INTERVAL_MS = 50;

/** Throttles the display of progress: at once, then at intervals that double each time. */
export class ProgressThrottle {
  readonly #clock: Clock;
  #nextAt = Number.NEGATIVE_INFINITY;
  #interval = FIRST_INTERVAL_MS;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** True if progress is due. Starts the next interval. */
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
