import type { Clock } from '../../core/index.ts';

/** Two clicks within this time are a double click, in milliseconds: the longest default of any desktop. */
const DOUBLE_CLICK_MS = 500;

/** Runs the first of several quick clicks and ignores the others. */
export class ClickGuard {
  readonly #clock: Pick<Clock, 'now'>;
  #lastClick = Number.NEGATIVE_INFINITY;
  #isRunning = false;

  constructor(clock: Pick<Clock, 'now'>) {
    this.#clock = clock;
  }

  /** Does nothing if the previous click was within the time of a double click, or its action is still running. */
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
