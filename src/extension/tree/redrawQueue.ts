import type { Schedule } from '../../core/clock.ts';
import type { Disposable } from '../../core/events.ts';

export interface RedrawQueueOptions<T> {
  /** The least time between two redraws, in milliseconds. */
  readonly spacingMs: number;
  readonly schedule: Schedule;
  readonly redraw: (nodes: readonly T[]) => void;
}

/**
 * Redraws at once what is to be drawn anew, but never sooner than a while after the last time: what comes meanwhile is drawn together,
 * each node once. So rows stay long enough to be clicked, and an endless stream of changes is still followed, which VS Code alone would
 * put off until it pauses.
 */
export class RedrawQueue<T> implements Disposable {
  readonly #options: RedrawQueueOptions<T>;
  readonly #pending = new Set<T>();
  #timer: Disposable | undefined;

  constructor(options: RedrawQueueOptions<T>) {
    this.#options = options;
  }

  add(nodes: Iterable<T>): void {
    for (const node of nodes) {
      this.#pending.add(node);
    }
    if (this.#timer === undefined) {
      this.#redraw();
    }
  }

  /** Forgets what was to be drawn, because something else has drawn it. */
  clear(): void {
    this.#pending.clear();
  }

  dispose(): void {
    this.#pending.clear();
    this.#timer?.dispose();
  }

  #redraw(): void {
    this.#timer = undefined;
    if (this.#pending.size === 0) {
      return;
    }
    const nodes = [...this.#pending];
    this.#pending.clear();
    this.#timer = this.#options.schedule(this.#options.spacingMs, () => this.#redraw());
    this.#options.redraw(nodes);
  }
}
