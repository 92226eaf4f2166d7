import type { Clock, Schedule } from '../../../src/core/clock.ts';

/** Time that stands still until a test moves it, and timers that go off only then. */
export class ManualTime implements Clock {
  #now = 0;
  readonly #startedAt: number;
  #timers: { readonly at: number; readonly callback: () => void }[] = [];

  /** @param startedAt the wall-clock time at the start, in milliseconds since the epoch. */
  constructor(startedAt = 1_700_000_000_000) {
    this.#startedAt = startedAt;
  }

  now(): number {
    return this.#now;
  }

  epoch(): number {
    return this.#startedAt + this.#now;
  }

  readonly schedule: Schedule = (milliseconds, callback) => {
    const timer = { at: this.#now + milliseconds, callback };
    this.#timers.push(timer);
    return {
      dispose: () => {
        this.#timers = this.#timers.filter((other) => other !== timer);
      },
    };
  };

  /** Milliseconds to each timer that is set, soonest first. */
  get waits(): number[] {
    return this.#timers.map(({ at }) => at - this.#now).sort((a, b) => a - b);
  }

  /** Moves time forward and lets the timers on the way go off, in their order. */
  advance(milliseconds: number): void {
    const end = this.#now + milliseconds;
    for (;;) {
      const [next] = this.#timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at);
      if (next === undefined) {
        break;
      }
      this.#timers = this.#timers.filter((timer) => timer !== next);
      this.#now = next.at;
      next.callback();
    }
    this.#now = end;
  }
}
