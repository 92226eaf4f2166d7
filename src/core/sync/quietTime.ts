import type { Clock, Schedule } from '../clock.ts';
import type { Disposable } from '../events.ts';

/** How long no event must have arrived, in milliseconds. Longer than the pause between two files of a program that writes many. */
const QUIET_MS = 1_000;

export interface QuietTimePorts {
  readonly clock: Clock;
  readonly schedule: Schedule;
  /** Called once when it is quiet, for all earlier calls of `await`. */
  readonly onQuiet: () => void;
}

/** Tells, by events alone, whether another process is in the middle of changing files. */
export class QuietTime implements Disposable {
  readonly #ports: QuietTimePorts;
  #disturbedAt = Number.NEGATIVE_INFINITY;
  #timer: Disposable | undefined;

  constructor(ports: QuietTimePorts) {
    this.#ports = ports;
  }

  get isNow(): boolean {
    return this.#restMs() <= 0;
  }

  /** To be called for every event. */
  disturbed(): void {
    this.#disturbedAt = this.#ports.clock.now();
  }

  /** Requests a call of `onQuiet` as soon as it is quiet. */
  await(): void {
    this.#timer ??= this.#ports.schedule(Math.max(0, this.#restMs()), () => {
      this.#timer = undefined;
      if (this.isNow) {
        this.#ports.onQuiet();
      } else {
        this.await();
      }
    });
  }

  dispose(): void {
    this.#timer?.dispose();
  }

  #restMs(): number {
    return this.#disturbedAt + QUIET_MS - this.#ports.clock.now();
  }
}
