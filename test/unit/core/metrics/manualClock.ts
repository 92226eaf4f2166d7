import type { Clock } from '../../../../src/core/clock.ts';

/** A clock that stands still until it is moved. */
export class ManualClock implements Clock {
  /** Milliseconds. */
  time: number;

  constructor(time = 0) {
    this.time = time;
  }

  now(): number {
    return this.time;
  }

  epoch(): number {
    return 1_700_000_000_000 + this.time;
  }

  advance(millis: number): void {
    this.time += millis;
  }
}
