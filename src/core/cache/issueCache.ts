import { LRUCache } from 'lru-cache';
import { type Clock, systemClock } from '../clock.ts';
import type { Issue, IssueKey } from '../issue/issue.ts';
import type { CacheStats } from '../metrics/metricsSnapshot.ts';

/** How long an entry is served, in milliseconds. */
export const DEFAULT_TTL = 300_000;
/** How many issues are kept. */
export const DEFAULT_MAX_SIZE = 1000;
/** Room for each entry is set aside when the cache is made, so a limit far beyond any store would only cost memory. */
export const LARGEST_MAX_SIZE = 1_000_000;

const DEFAULT_MAX_BYTES = 64 * 1024 * 1024;
const BYTES_PER_UTF16_UNIT = 2;

export interface IssueCacheOptions {
  /** Milliseconds from the load of an entry to its end, above 0; fractions are rounded up. */
  readonly ttl?: number;
  /** Most entries kept at a time, from 1 to {@link LARGEST_MAX_SIZE}. */
  readonly maxSize?: number;
  /**
   * Most bytes of text kept at a time, each UTF-16 unit counted as the two bytes that it takes at most. An issue that
   * exceeds this alone is not cached.
   */
  readonly maxBytes?: number;
  readonly clock?: Clock;
}

interface CacheEntry {
  readonly issue: Issue;
  accesses: number;
}

/**
 * Issues in memory, the least recently used leaving first and none served longer than its time to live.
 *
 * That time runs from the put, and neither a get nor a write to disk prolongs it: however often a stale entry is asked
 * for, it ends. An entry is served up to and including its last millisecond; no timer runs, so an expired one is dropped
 * when it is asked for or when the figures are.
 */
export class IssueCache {
  readonly ttl: number;
  readonly maxSize: number;
  readonly #entries: LRUCache<IssueKey, CacheEntry>;
  #hits = 0;
  #misses = 0;
  #evictions = 0;
  #expirations = 0;

  /** @throws RangeError when an option is not a positive finite number, or a size not a whole one. */
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
    // lru-cache takes an entry that was put at time 0 for one without an end, so its clock starts behind 0.
    const origin = clock.now() - 1;
    this.#entries = new LRUCache({
      max: maxSize,
      maxSize: maxBytes,
      ttl: this.ttl,
      // Any other resolution keeps a reading of the clock for a while, which hides the time spent in a blocked loop.
      ttlResolution: 0,
      perf: { now: () => clock.now() - origin },
      dispose: (_entry, _key, reason) => this.#countRemoval(reason),
    });
  }

  /** The live entry; the asking makes it the most recently used one and counts as a hit, or else as a miss. */
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
   * Keeps the issue, with a new time to live and an access count of 1, in place of any earlier version of it. An issue
   * that cannot be kept, for its size or because its text could not be read, still ends the earlier version.
   */
  put(issue: Issue): void {
    if (issue.problem !== undefined) {
      this.#entries.delete(issue.key);
      return;
    }
    // lru-cache refuses a size of 0, which an empty file would have.
    const size = Math.max(1, issue.content.length * BYTES_PER_UTF16_UNIT);
    this.#entries.set(issue.key, { issue, accesses: 1 }, { size });
  }

  /** Forgets the issue. True if there was something to forget. */
  invalidate(key: IssueKey): boolean {
    return this.#entries.delete(key);
  }

  /** Forgets every issue; the figures stay. */
  clear(): void {
    this.#entries.clear();
  }

  /** The keys of the live entries, the most recently used first, in a copy: entries may be dropped while it is gone through. */
  keys(): IssueKey[] {
    return [...this.#entries.keys()];
  }

  /** The live entries in the order of {@link keys}. Looking at them all is an access of none. */
  issues(): Issue[] {
    return [...this.#entries.values()].map(({ issue }) => issue);
  }

  /** 1 for the put and 1 for each get since; undefined if there is no live entry. The question itself is not an access. */
  accessCount(key: IssueKey): number | undefined {
    return this.#entries.peek(key)?.accesses;
  }

  /**
   * The figures since the start or the last {@link resetStats}. Each removed entry is counted once, by what removed it:
   * as evicted if it made room, as expired if it was found too old (this call looks for such entries and drops them, so
   * `size` is that of the live ones), and not at all if it was invalidated, cleared or replaced.
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

  /** Starts the figures anew. The entries and their access counts stay. */
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
