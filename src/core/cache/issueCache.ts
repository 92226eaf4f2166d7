import { LRUCache } from 'lru-cache';
import { type Clock, systemClock } from '../clock.ts';
import type { Issue, IssueKey, IssueSummary } from '../issue/issue.ts';
import { isCompleted } from '../issue/issueState.ts';
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
  /** True until somebody asks for what was read ahead. */
  isUnused: boolean;
}

/**
 * An LRU cache of issues with a time to live.
 *
 * The time to live runs from {@link put} or {@link renew}; a get does not extend it. An entry is still served in its last millisecond. An
 * expired one stays until somebody asks for it, because its file has rarely changed and a stat can prove that.
 */
export class IssueCache {
  readonly ttl: number;
  readonly maxSize: number;
  readonly #maxBytes: number;
  readonly #entries: LRUCache<IssueKey, CacheEntry>;
  /** What was read ahead and nobody has asked for, oldest first. Completed issues are the first to make room for open ones. */
  readonly #unusedOpen = new Set<IssueKey>();
  readonly #unusedCompleted = new Set<IssueKey>();
  #hits = 0;
  #misses = 0;
  #revalidated = 0;
  #readAhead = 0;
  #readAheadUsed = 0;
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
    this.#maxBytes = maxBytes;
    // lru-cache never expires an entry stored at time 0, so its clock starts at 1.
    const origin = clock.now() - 1;
    this.#entries = new LRUCache({
      max: maxSize,
      maxSize: maxBytes,
      ttl: this.ttl,
      noDeleteOnStaleGet: true,
      // A nonzero resolution caches the time, which hides time spent in a blocked event loop.
      ttlResolution: 0,
      perf: { now: () => clock.now() - origin },
      dispose: (entry, key, reason) => this.#removed(entry, key, reason),
    });
  }

  /**
   * Returns the entry unless it is doubtful, marks it as most recently used, and counts a hit. Counts a miss if there is no entry. A doubtful
   * entry counts once {@link renew} or {@link drop} has decided about it.
   *
   * @param isTrusted false if every entry is doubtful, not only an expired one.
   */
  get(key: IssueKey, isTrusted = true): Issue | undefined {
    const entry = isTrusted ? this.#entries.get(key) : undefined;
    if (entry !== undefined) {
      this.#countHit(key, entry);
    } else if (this.#find(key) === undefined) {
      this.#misses++;
    }
    return entry?.issue;
  }

  /** The entry, even if it has expired. Does not count as an access. */
  peek(key: IssueKey): Issue | undefined {
    return this.#find(key)?.issue;
  }

  /**
   * Begins a new time to live for an entry whose file has proved to be the same, and counts a hit.
   *
   * @returns false if the entry has been removed or replaced meanwhile.
   */
  renew(issue: Issue): boolean {
    const entry = this.#find(issue.key);
    if (entry?.issue !== issue) {
      return false;
    }
    this.#entries.set(issue.key, entry, { size: sizeOf(issue) });
    this.#revalidated++;
    this.#countHit(issue.key, entry);
    return true;
  }

  /** Removes an entry whose file has changed, and counts a miss. */
  drop(issue: Issue): void {
    this.#misses++;
    if (this.peek(issue.key) === issue) {
      this.#expirations += Number(!this.#entries.has(issue.key));
      this.#entries.delete(issue.key);
    }
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
    this.#entries.set(issue.key, { issue, accesses: 1, isUnused: false }, { size: sizeOf(issue) });
  }

  /**
   * True if {@link putAhead} would keep the text of this issue.
   *
   * @param behind how many issues are still to be offered. The last ones are the newest, and take the room of older ones if need be.
   */
  wantsAhead({ key, version, modifiedAt, state, size }: IssueSummary, behind = Number.POSITIVE_INFINITY): boolean {
    const known = this.peek(key);
    if (known !== undefined) {
      return known.version !== version || known.modifiedAt !== modifiedAt;
    }
    // In UTF-8 no text takes fewer bytes than UTF-16 has units.
    const bytes = size * BYTES_PER_UTF16_UNIT;
    if (bytes > this.#maxBytes) {
      return false;
    }
    const canReplace = this.#unusedCompleted.size > 0 || (behind < this.maxSize && this.#unusedOpen.size > 0);
    return this.#hasRoom(bytes) || (canReplace && !isCompleted({ state }));
  }

  /**
   * Stores an issue that nobody has asked for. It replaces an earlier version. An open issue takes the room of others that nobody has asked for
   * if need be, but never that of one that somebody has used.
   */
  putAhead(issue: Issue): void {
    const { key } = issue;
    const size = sizeOf(issue);
    while (this.peek(key) === undefined && !this.#hasRoom(size)) {
      const [unused] = this.#unusedCompleted.size > 0 ? this.#unusedCompleted : this.#unusedOpen;
      if (unused === undefined || isCompleted(issue) || size > this.#maxBytes) {
        return;
      }
      this.#entries.delete(unused);
    }
    this.#entries.set(key, { issue, accesses: 1, isUnused: true }, { size });
    if (this.peek(key) === issue) {
      this.#readAhead++;
      (isCompleted(issue) ? this.#unusedCompleted : this.#unusedOpen).add(key);
    }
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

  /** The figures since the start or the last {@link resetStats}. Entries that were invalidated, cleared or replaced are not counted. */
  stats(): CacheStats {
    const reads = this.#hits + this.#misses;
    return {
      hits: this.#hits,
      misses: this.#misses,
      hitRate: reads === 0 ? 0 : this.#hits / reads,
      revalidated: this.#revalidated,
      readAhead: this.#readAhead,
      readAheadUsed: this.#readAheadUsed,
      size: this.#entries.size,
      maxSize: this.maxSize,
      bytes: this.#entries.calculatedSize,
      maxBytes: this.#maxBytes,
      evictions: this.#evictions,
      expirations: this.#expirations,
    };
  }

  /** Resets the counters; keeps the entries and their access counts. What was read ahead and is still unused can be used later. */
  resetStats(): void {
    this.#hits = 0;
    this.#misses = 0;
    this.#revalidated = 0;
    this.#readAhead = this.#unusedOpen.size + this.#unusedCompleted.size;
    this.#readAheadUsed = 0;
    this.#evictions = 0;
    this.#expirations = 0;
  }

  #find(key: IssueKey): CacheEntry | undefined {
    return this.#entries.peek(key, { allowStale: true });
  }

  #countHit(key: IssueKey, entry: CacheEntry): void {
    this.#hits++;
    entry.accesses++;
    if (entry.isUnused) {
      entry.isUnused = false;
      this.#readAheadUsed++;
      this.#forgetUnused(key);
    }
  }

  #hasRoom(bytes: number): boolean {
    return this.#entries.size < this.maxSize && this.#entries.calculatedSize + bytes <= this.#maxBytes;
  }

  #forgetUnused(key: IssueKey): void {
    this.#unusedOpen.delete(key);
    this.#unusedCompleted.delete(key);
  }

  #removed({ isUnused }: CacheEntry, key: IssueKey, reason: LRUCache.DisposeReason): void {
    if (isUnused) {
      this.#forgetUnused(key);
    } else if (reason === 'evict') {
      this.#evictions++;
    }
  }
}

/** In bytes. lru-cache rejects 0, which an empty text would have. */
function sizeOf({ content }: Issue): number {
  return Math.max(1, content.length * BYTES_PER_UTF16_UNIT);
}
