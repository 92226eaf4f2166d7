import type { Clock } from '../../core/clock.ts';

/** Two clicks within this time are a double click, in milliseconds: the longest that a desktop has unless one changes it. */
const DOUBLE_CLICK_MS = 500;

/** Lets only the first of several clicks through that come right after one another. */
export class ClickGuard {
  readonly #clock: Pick<Clock, 'now'>;
  #lastClick = Number.NEGATIVE_INFINITY;
  #isRunning = false;

  constructor(clock: Pick<Clock, 'now'>) {
    this.#clock = clock;
  }

  /** Does nothing if the click before was less than a double click's time ago, or is still being answered. */
  async click(act: () => Promise<unknown>): Promise<void> {
    const now = this.#clock.now();
    const isFirst = !this.#isRunning && now - this.#lastClick >= DOUBLE_CLICK_MS;
    this.#lastClick = now;
    if (!isFirst) {
      return;
    }
    this.#isRunning = true;
    try {
      await act();
    } finally {
      this.#isRunning = false;
    }
  }
}
