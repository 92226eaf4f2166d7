import type { Schedule } from '../clock.ts';
import type { Disposable } from '../events.ts';

const FIRST_WAIT_MS = 5_000;
const LAST_WAIT_MS = 300_000;

/** Tries something again after it failed: after five seconds first, then each time after twice as long, at most five minutes. */
export class Retry implements Disposable {
  readonly #schedule: Schedule;
  readonly #action: () => void;
  #waitMs = FIRST_WAIT_MS;
  #timer: Disposable | undefined;

  constructor(schedule: Schedule, action: () => void) {
    this.#schedule = schedule;
    this.#action = action;
  }

  /** Has the action called later; a call that was on its way already is called off. */
  failed(): void {
    this.#timer?.dispose();
    this.#timer = this.#schedule(this.#waitMs, () => {
      this.#timer = undefined;
      this.#action();
    });
    this.#waitMs = Math.min(2 * this.#waitMs, LAST_WAIT_MS);
  }

  /** Calls the next try off; the next failure waits for the shortest time again. */
  succeeded(): void {
    this.#timer?.dispose();
    this.#timer = undefined;
    this.#waitMs = FIRST_WAIT_MS;
  }

  dispose(): void {
    this.#timer?.dispose();
  }
}
