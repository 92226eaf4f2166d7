import type { Disposable } from './events.ts';

/** Where core takes the time from; tests hand in one that they move by hand. */
export interface Clock {
  /** Milliseconds, with fractions, of a clock that never goes back. Only differences mean anything. */
  now(): number;
  /** Wall-clock time, in milliseconds since the epoch. */
  epoch(): number;
}

/** Calls back later; disposing the answer calls it off. */
export type Schedule = (milliseconds: number, callback: () => void) => Disposable;

/** The machine's own clocks. */
export const systemClock: Clock = {
  now: () => performance.now(),
  epoch: () => Date.now(),
};

/** The event loop's own timers. */
export const systemSchedule: Schedule = (milliseconds, callback) => {
  const timer = setTimeout(callback, milliseconds);
  return { dispose: () => clearTimeout(timer) };
};
