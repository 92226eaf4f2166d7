import type { Clock, Schedule } from '../clock.ts';
import type { Disposable } from '../events.ts';
import type { IssueKey } from '../issue/issue.ts';
import { keyOfFile } from '../issue/issueKey.ts';
import type { CoherenceFigures } from '../metrics/metricsSnapshot.ts';
import type { WatchHint } from './folderWatcher.ts';

/** How often the store's folders are looked at, in milliseconds. It costs about ten stats. */
const ROUND_MS = 10_000;
/** After this many rounds (five minutes) everything is compared, even if the folders look unchanged. */
const ROUNDS_TO_RECONCILE = 30;
/** How late an event may be and still count as noticed, in milliseconds: longer than the longest coalescing window. */
const GRACE_MS = 6_000;
/** Bounds the memory: with more names than this, every name counts as heard. */
const MOST_HEARD = 1_000;

export interface DriftAuditPorts {
  readonly clock: Clock;
  readonly schedule: Schedule;
  /** The stats of the store's folders as one comparable value. Must not reject. */
  readonly stamp: () => Promise<string>;
  /** Restarts the watcher if a folder was replaced. Must not reject. */
  readonly recheck: () => Promise<void>;
  /** Compares everything with the disk; must not reject. */
  readonly reconcile: () => Promise<void>;
}

/**
 * Makes up for events that the watcher misses. Compares everything with the disk every five minutes, and within ten seconds of a folder change
 * that neither an event nor an own write explains. Counts the changes that only such a comparison found.
 */
export class DriftAudit implements Disposable {
  readonly #ports: DriftAuditPorts;
  readonly #heardAt = new Map<IssueKey, number>();
  #heardAllAt = Number.NEGATIVE_INFINITY;
  /** Changes found by a comparison and not reported by an event yet. An event that still arrives was only late. */
  readonly #suspects = new Set<IssueKey>();
  readonly #timers = new Set<Disposable>();
  /** The last timer of a round that was set; undefined while the audit rests. */
  #nextRound: Disposable | undefined;
  #seenStamp: string | undefined;
  /** True if an event or an own write explains why the folders have changed. */
  #isExplained = false;
  #rounds = 0;
  #reconciles = 0;
  #missed = 0;
  #disposed = false;

  constructor(ports: DriftAuditPorts) {
    this.#ports = ports;
  }

  /** Begins to look at the folders from time to time, if it does not yet. */
  start(): void {
    this.#nextRound ??= this.#setRound();
  }

  /** Rests until it is started again. */
  stop(): void {
    this.#nextRound?.dispose();
    this.#nextRound = undefined;
  }

  /** To be called at once for every hint. */
  heard(hint: WatchHint): void {
    this.#isExplained = true;
    const now = this.#ports.clock.now();
    const key = hint === 'everything' ? undefined : keyOfFile(hint.folder, hint.name);
    if (hint === 'everything' || this.#heardAt.size >= MOST_HEARD) {
      this.#heardAllAt = now;
      this.#heardAt.clear();
      this.#suspects.clear();
    } else if (key !== undefined) {
      this.#heardAt.set(key, now);
      this.#suspects.delete(key);
    }
  }

  /** To be called for every own write. */
  wrote(): void {
    this.#isExplained = true;
  }

  /** To be called before everything is compared, while nothing is written. */
  async beforeReconcile(): Promise<void> {
    this.#reconciles++;
    this.#isExplained = false;
    this.#seenStamp = await this.#ports.stamp();
  }

  /** To be called with what a comparison has found that no event asked for. */
  found(keys: readonly IssueKey[]): void {
    const since = this.#ports.clock.now() - GRACE_MS;
    const unheard = keys.filter((key) => Math.max(this.#heardAllAt, this.#heardAt.get(key) ?? Number.NEGATIVE_INFINITY) < since);
    if (unheard.length === 0) {
      return;
    }
    for (const key of unheard) {
      this.#suspects.add(key);
    }
    this.#after(GRACE_MS, () => {
      this.#missed += unheard.filter((key) => this.#suspects.delete(key)).length;
    });
  }

  figures(): CoherenceFigures {
    return { reconciles: this.#reconciles, missed: this.#missed, healed: this.#missed };
  }

  /** Sets the counters to nothing. */
  reset(): void {
    this.#reconciles = 0;
    this.#missed = 0;
  }

  dispose(): void {
    this.#disposed = true;
    this.stop();
    for (const timer of this.#timers) {
      timer.dispose();
    }
    this.#timers.clear();
  }

  #setRound(): Disposable | undefined {
    return this.#disposed ? undefined : this.#ports.schedule(ROUND_MS, () => void this.#round());
  }

  async #round(): Promise<void> {
    const round = this.#nextRound;
    this.#rounds++;
    await this.#ports.recheck();
    const isDue = this.#rounds % ROUNDS_TO_RECONCILE === 0;
    if (isDue || (!this.#isExplained && (await this.#ports.stamp()) !== this.#seenStamp)) {
      await this.#ports.reconcile();
    }
    if (this.#nextRound === round) {
      this.#nextRound = this.#setRound();
    }
  }

  #after(milliseconds: number, action: () => void): void {
    if (this.#disposed) {
      return;
    }
    const timer = this.#ports.schedule(milliseconds, () => {
      this.#timers.delete(timer);
      action();
    });
    this.#timers.add(timer);
  }
}
