import type { Disposable } from './events.ts';

/** Core's source of time. Tests inject one that they advance by hand. */
export interface Clock {
  /** Monotonic time in milliseconds, with fractions. Only differences mean anything. */
  now(): number;
  /** Wall-clock time, in milliseconds since the epoch. */
  epoch(): number;
}

/** Calls back once after a delay. Dispose the result to cancel. */
export type Schedule = (milliseconds: number, callback: () => void) => Disposable;

export const systemClock: Clock = {
  now: () => performance.now(),
  epoch: () => Date.now(),
};

export const systemSchedule: Schedule = (milliseconds, callback) => {
  const timer = setTimeout(callback, milliseconds);
  return { dispose: () => clearTimeout(timer) };
};
