import { LRUCache } from 'lru-cache';
import { type Clock, systemClock } from '../clock.ts';
import type { Issue, IssueKey } from '../issue/issue.ts';
import type { CacheStats } from '../metrics/metricsSnapshot.ts';

/** Milliseconds. */
export const DEFAULT_TTL = 300_000;
export const DEFAULT_MAX_SIZE = 1000;
/** `lru-cache` allocates room for every entry in advance, so a limit far above any store's size only costs memory. */
export const LARGEST_MAX_SIZE = 1_000_000;

const DEFAULT_MAX_BYTES = 64 * 1024 * 1024;
const BYTES_PER_UTF16_UNIT = 2;

export interface IssueCacheOptions {
  /** Milliseconds from storing an entry until it expires; above 0. Fractions are rounded up. */
  readonly ttl?: number;
  /** Largest number of entries, from 1 to {@link LARGEST_MAX_SIZE}. */
  readonly maxSize?: number;
  /** Largest total size of the texts in bytes, at 2 bytes per UTF-16 unit. A larger issue is not cached. */
  readonly maxBytes?: number;
  readonly clock?: Clock;
}

interface CacheEntry {
  readonly issue: Issue;
  accesses: number;
}

/**
 * An LRU cache of issues with a time to live.
 *
 * The time to live runs from {@link put}; a get does not extend it. An entry is still served in its last millisecond. No timer runs: {@link
 * get} and {@link stats} drop expired entries.
 */
export class IssueCache {
  readonly ttl: number;
  readonly maxSize: number;
  readonly #entries: LRUCache<IssueKey, CacheEntry>;
  #hits = 0;
  #misses = 0;
  #evictions = 0;
  #expirations = 0;

  /** @throws RangeError if an option is out of range. */
  constructor(options: IssueCacheOptions = {}) {
    const { ttl = DEFAULT_TTL, maxSize = DEFAULT_MAX_SIZE, maxBytes = DEFAULT_MAX_BYTES, clock = systemClock } = options;
    if (!Number.isFinite(ttl) || ttl <= 0) {
      throw new RangeError(`The cache's time to live must be a positive number of milliseconds, not ${ttl}.`);
    }
    if (!Number.isInteger(maxSize) || maxSize < 1 || maxSize > LARGEST_MAX_SIZE) {
      throw new RangeError(`The cache's size must be a whole number from 1 to ${LARGEST_MAX_SIZE}, not ${maxSize}.`);
    }
    if (!Number.isSafeInteger(maxBytes) || maxBytes < 1) {
      throw new RangeError(`The cache's bound in bytes must be a positive whole number, not ${maxBytes}.`);
    }
    this.ttl = Math.ceil(ttl);
    this.maxSize = maxSize;
    // lru-cache never expires an entry stored at time 0, so its clock starts at 1.
    const origin = clock.now() - 1;
    this.#entries = new LRUCache({
      max: maxSize,
      maxSize: maxBytes,
      ttl: this.ttl,
      // A nonzero resolution caches the time, which hides time spent in a blocked event loop.
      ttlResolution: 0,
      perf: { now: () => clock.now() - origin },
      dispose: (_entry, _key, reason) => this.#countRemoval(reason),
    });
  }

  /** Returns the entry unless it has expired, marks it as most recently used, and counts a hit or a miss. */
  get(key: IssueKey): Issue | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) {
      this.#misses++;
      return undefined;
    }
    this.#hits++;
    entry.accesses++;
    return entry.issue;
  }

  /**
   * Stores the issue with a new time to live and an access count of 1, replacing any earlier version. An issue that is too large or has a
   * `problem` is not stored, but still removes the earlier version.
   */
  put(issue: Issue): void {
    if (issue.problem !== undefined) {
      this.#entries.delete(issue.key);
      return;
    }
    // lru-cache rejects size 0, which an empty file would have.
    const size = Math.max(1, issue.content.length * BYTES_PER_UTF16_UNIT);
    this.#entries.set(issue.key, { issue, accesses: 1 }, { size });
  }

  /** @returns whether there was an entry. */
  invalidate(key: IssueKey): boolean {
    return this.#entries.delete(key);
  }

  /** Drops all entries and keeps the counters. */
  clear(): void {
    this.#entries.clear();
  }

  /** A copy of the keys that have not expired, most recently used first. */
  keys(): IssueKey[] {
    return [...this.#entries.keys()];
  }

  /** In the order of {@link keys}. Does not count as an access. */
  issues(): Issue[] {
    return [...this.#entries.values()].map(({ issue }) => issue);
  }

  /** 1 plus the number of gets since the put; undefined if there is no entry. Does not count as an access. */
  accessCount(key: IssueKey): number | undefined {
    return this.#entries.peek(key)?.accesses;
  }

  /**
   * The figures since the start or the last {@link resetStats}. Drops expired entries first, so `size` does not include them. Evictions are
   * entries that made room for others; entries that were invalidated, cleared or replaced are not counted.
   */
  stats(): CacheStats {
    this.#entries.purgeStale();
    const reads = this.#hits + this.#misses;
    return {
      hits: this.#hits,
      misses: this.#misses,
      hitRate: reads === 0 ? 0 : this.#hits / reads,
      size: this.#entries.size,
      maxSize: this.maxSize,
      evictions: this.#evictions,
      expirations: this.#expirations,
    };
  }

  /** Resets the counters; keeps the entries and their access counts. */
  resetStats(): void {
    this.#hits = 0;
    this.#misses = 0;
    this.#evictions = 0;
    this.#expirations = 0;
  }

  #countRemoval(reason: LRUCache.DisposeReason): void {
    if (reason === 'evict') {
      this.#evictions++;
    } else if (reason === 'expire') {
      this.#expirations++;
    }
  }
}
