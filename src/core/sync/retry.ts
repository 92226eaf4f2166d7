import type { Schedule } from '../clock.ts';
import type { Disposable } from '../events.ts';

const FIRST_WAIT_MS = 5_000;
const LAST_WAIT_MS = 300_000;

/** Retries after a failure with exponential backoff: after 5 seconds at first, after 5 minutes at most. */
export class Retry implements Disposable {
  readonly #schedule: Schedule;
  readonly #action: () => void;
  #waitMs = FIRST_WAIT_MS;
  #timer: Disposable | undefined;

  constructor(schedule: Schedule, action: () => void) {
    this.#schedule = schedule;
    this.#action = action;
  }

  /** Schedules the action, and cancels an earlier schedule. */
  failed(): void {
    this.#timer?.dispose();
    this.#timer = this.#schedule(this.#waitMs, () => {
      this.#timer = undefined;
      this.#action();
    });
    this.#waitMs = Math.min(2 * this.#waitMs, LAST_WAIT_MS);
  }

  /** Cancels the next try and resets the backoff. */
  succeeded(): void {
    this.#timer?.dispose();
    this.#timer = undefined;
    this.#waitMs = FIRST_WAIT_MS;
  }

  dispose(): void {
    this.#timer?.dispose();
  }
}
