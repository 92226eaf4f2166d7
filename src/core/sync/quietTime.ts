import type { Clock, Schedule } from '../clock.ts';
import type { Disposable } from '../events.ts';

/** How long nothing must have happened, in milliseconds: longer than a program that writes many files pauses between two. */
const QUIET_MS = 1_000;

export interface QuietTimePorts {
  readonly clock: Clock;
  readonly schedule: Schedule;
  /** Called when it is quiet, once for all calls of `await` before. */
  readonly onQuiet: () => void;
}

/** Tells whether others are in the middle of changing files, as far as events tell of it. */
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

  /** Has `onQuiet` called when it is quiet. */
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
