import { type Clock, type Schedule, systemClock } from '../core/clock.ts';
import type { Disposable } from '../core/events.ts';

/** VS Code keeps something of every row that it makes, so a storm of changes may cost 50 rows a second. */
const MS_PER_ROW = 20;
/** One redraw is charged with no more, however many rows it makes; and for so long in advance may rows be made, once changes pause. */
const LONGEST_MS = 60_000;

export interface RedrawQueueOptions<T> {
  /** The least time between two redraws, in milliseconds. Changes that pause for so long are over, for now. */
  readonly spacingMs: number;
  readonly schedule: Schedule;
  readonly clock?: Pick<Clock, 'now'>;
  /** @returns how many rows it makes anew, where they cost something that stays. */
  readonly redraw: (nodes: readonly T[]) => number;
}

/**
 * Redraws at once what is to be drawn anew, but never sooner than a while after the last time: what comes meanwhile is drawn together,
 * each node once. So rows stay long enough to be clicked, and an endless stream of changes is still followed, which VS Code alone would
 * put off until it pauses.
 *
 * The while grows with the rows that the last redraw has made. It ends early when changes pause, so that what stays is seen soon, unless
 * they pause so often that too many rows would be made all the same.
 */
export class RedrawQueue<T> implements Disposable {
  readonly #options: RedrawQueueOptions<T>;
  readonly #clock: Pick<Clock, 'now'>;
  readonly #pending = new Set<T>();
  /** When the rows that were made are paid for, each with its time. */
  #freeAt = Number.NEGATIVE_INFINITY;
  #timer: Disposable | undefined;

  constructor(options: RedrawQueueOptions<T>) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
  }

  add(nodes: Iterable<T>): void {
    for (const node of nodes) {
      this.#pending.add(node);
    }
    this.#timer?.dispose();
    if (this.#pending.size === 0) {
      return;
    }
    const now = this.#clock.now();
    if (now >= this.#freeAt) {
      this.#redraw();
      return;
    }
    const afterPause = Math.max(now + this.#options.spacingMs, this.#freeAt - LONGEST_MS);
    this.#timer = this.#options.schedule(Math.min(this.#freeAt, afterPause) - now, () => this.#redraw());
  }

  /** Draws at once what is to be drawn, because a person waits for it. */
  flush(): void {
    if (this.#pending.size > 0) {
      this.#freeAt = Number.NEGATIVE_INFINITY;
      this.add([]);
    }
  }

  dispose(): void {
    this.#pending.clear();
    this.#timer?.dispose();
  }

  #redraw(): void {
    const nodes = [...this.#pending];
    this.#pending.clear();
    const now = this.#clock.now();
    // Whatever comes while it draws waits.
    this.#freeAt = Math.max(this.#freeAt, now) + this.#options.spacingMs;
    const rows = this.#options.redraw(nodes);
    this.#freeAt += Math.max(0, Math.min(rows * MS_PER_ROW, LONGEST_MS) - this.#options.spacingMs);
  }
}
