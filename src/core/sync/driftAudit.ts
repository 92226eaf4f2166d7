import type { Clock, Schedule } from '../clock.ts';
import type { Disposable } from '../events.ts';
import type { IssueKey } from '../issue/issue.ts';
import { issueIdOfFile } from '../issue/issueFileName.ts';
import { issueKey } from '../issue/storeLayout.ts';
import type { CoherenceFigures } from '../metrics/metricsSnapshot.ts';
import type { WatchHint } from './folderWatcher.ts';

/** How often the folders are asked for when they were modified and whether they are still the same, in milliseconds: some ten stats. */
const ROUND_MS = 10_000;
/** Every so many rounds everything is compared, whatever the folders say. */
const ROUNDS_TO_RECONCILE = 30;
/** How far apart a change and the event that tells of it may come, in milliseconds: longer than the longest coalescing window. */
const GRACE_MS = 6_000;
/** More names than these are not kept apart. */
const MOST_HEARD = 1_000;

export interface DriftAuditPorts {
  readonly clock: Clock;
  readonly schedule: Schedule;
  /** What the store's folders say of themselves, as a value to compare; must not reject. */
  readonly stamp: () => Promise<string>;
  /** Has folders watched anew that have become others; must not reject. */
  readonly recheck: () => Promise<void>;
  /** Compares everything with the disk; must not reject. */
  readonly reconcile: () => Promise<void>;
}

/**
 * Does not trust the watcher: has everything compared with the disk at a slow pace, and at once when a folder has changed
 * and nobody said why. Counts the changes that only such a look has found.
 */
export class DriftAudit implements Disposable {
  readonly #ports: DriftAuditPorts;
  readonly #heardAt = new Map<IssueKey, number>();
  #heardAllAt = Number.NEGATIVE_INFINITY;
  /** Found by a look that no event asked for; an event that comes soon was only late. */
  readonly #suspects = new Set<IssueKey>();
  readonly #timers = new Set<Disposable>();
  #seenStamp: string | undefined;
  /** True if an event or a write of our own explains why the folders are not as they were. */
  #isExplained = false;
  #rounds = 0;
  #reconciles = 0;
  #missed = 0;
  #healed = 0;
  #disposed = false;

  constructor(ports: DriftAuditPorts) {
    this.#ports = ports;
  }

  /** Begins with the rounds. */
  start(): void {
    this.#after(ROUND_MS, () => void this.#round());
  }

  /** To be told of every hint, the moment it comes. */
  heard(hint: WatchHint): void {
    this.#isExplained = true;
    const now = this.#ports.clock.now();
    const id = hint === 'everything' ? undefined : issueIdOfFile(hint.name);
    if (hint === 'everything' || this.#heardAt.size >= MOST_HEARD) {
      this.#heardAllAt = now;
      this.#heardAt.clear();
      this.#suspects.clear();
    } else if (id !== undefined) {
      const key = issueKey(id, hint.completed);
      this.#heardAt.set(key, now);
      this.#suspects.delete(key);
    }
  }

  /** To be told of every write of our own. */
  wrote(): void {
    this.#isExplained = true;
  }

  /** To be called before everything is compared, while nothing is written. */
  async beforeReconcile(): Promise<void> {
    this.#reconciles++;
    this.#isExplained = false;
    this.#seenStamp = await this.#ports.stamp();
  }

  /** To be told what a look has found, and taken over, that no event asked for. */
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
      const missed = unheard.filter((key) => this.#suspects.delete(key)).length;
      this.#missed += missed;
      this.#healed += missed;
    });
  }

  figures(): CoherenceFigures {
    return { reconciles: this.#reconciles, missed: this.#missed, healed: this.#healed };
  }

  /** Sets the counters to nothing. */
  reset(): void {
    this.#reconciles = 0;
    this.#missed = 0;
    this.#healed = 0;
  }

  dispose(): void {
    this.#disposed = true;
    for (const timer of this.#timers) {
      timer.dispose();
    }
    this.#timers.clear();
  }

  async #round(): Promise<void> {
    this.#rounds++;
    await this.#ports.recheck();
    const isDue = this.#rounds % ROUNDS_TO_RECONCILE === 0;
    if (isDue || (!this.#isExplained && (await this.#ports.stamp()) !== this.#seenStamp)) {
      await this.#ports.reconcile();
    }
    this.#after(ROUND_MS, () => void this.#round());
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
