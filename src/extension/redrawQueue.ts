import { type Clock, type Disposable, type Schedule, systemClock } from '../core/index.ts';

/** VS Code keeps memory for every row that it makes, so redraws are limited to an average of 50 rows a second. */
const MS_PER_ROW = 20;
/** The longest that one redraw can delay the next, however many rows it made. After a pause, redraws may be this far ahead of the limit. */
const LONGEST_MS = 60_000;

export interface RedrawQueueOptions<T> {
  /** The least time between two redraws, in milliseconds. A pause of this length ends a burst of changes. */
  readonly spacingMs: number;
  readonly schedule: Schedule;
  readonly clock?: Pick<Clock, 'now'>;
  /** @returns how many rows VS Code makes for this redraw and keeps memory for. */
  readonly redraw: (nodes: readonly T[]) => number;
}

/**
 * Throttles redraws. The first change is drawn at once; changes within the delay after a redraw are drawn together, each node once. Rows
 * therefore stay long enough to be clicked, and an endless stream of changes is still shown, which VS Code alone would put off until the
 * stream pauses.
 *
 * The delay grows with the rows that the last redraw made. It ends early when changes pause, so that the result is shown soon, unless
 * pauses are so frequent that the limit of rows would be exceeded.
 */
export class RedrawQueue<T> implements Disposable {
  readonly #options: RedrawQueueOptions<T>;
  readonly #clock: Pick<Clock, 'now'>;
  readonly #pending = new Set<T>();
  /** When the next redraw is allowed: each row that was made adds its share of time. */
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

  /** Redraws pending nodes at once, because a person is waiting for them. */
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
    // Set before the redraw, so that changes during it wait.
    this.#freeAt = Math.max(this.#freeAt, now) + this.#options.spacingMs;
    const rows = this.#options.redraw(nodes);
    this.#freeAt += Math.max(0, Math.min(rows * MS_PER_ROW, LONGEST_MS) - this.#options.spacingMs);
  }
}
