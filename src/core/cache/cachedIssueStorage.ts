import type { Issue, IssueKey, IssueRef, IssueSummary } from '../issue/issue.ts';
import { parseIssueRef } from '../issue/issueRef.ts';
import type { CacheStats } from '../metrics/metricsSnapshot.ts';
import { fillMissing } from '../storage/fillMissing.ts';
import type { StoredIssue, StoredSummary } from '../storage/issueFile.ts';
import type { FileChange, IssueEdit, IssueStoragePort, WriteOptions, WriteResult } from '../storage/issueStoragePort.ts';
import { PartlyDoneError } from '../storage/partlyDoneError.ts';
import { IssueCache, type IssueCacheOptions } from './issueCache.ts';

export interface CachedIssueStorageOptions extends IssueCacheOptions {
  /** True while a watcher invalidates changed files, so that cached issues can be trusted. Otherwise {@link isCurrent} decides. */
  readonly isWatched?: () => boolean;
  /** True if the issue's file has not changed since the issue was read. Costs a stat, not a read. */
  readonly isCurrent?: (issue: Issue) => Promise<boolean>;
}

/** A read or write in flight, with the invalidations that arrived meanwhile. */
interface Operation {
  readonly invalidated: Set<IssueKey>;
  isAllInvalidated: boolean;
}

/** A get in flight that later callers can join. */
interface SharedGet {
  readonly operation: Operation;
  readonly issue: Promise<Issue>;
}

/**
 * Caches the issues that the storage reads and writes, by key. References without a key always go to the storage; the result is cached. A
 * cached issue that has expired, or that no watcher vouches for, is used if its file's stat has not changed.
 *
 * Concurrent gets of one key share one read. If the issue is invalidated or written, or the cache is cleared, during a read, the callers of
 * that read still receive its result, but it is not cached and later callers start a new read. Failed reads are not cached.
 */
export class CachedIssueStorage implements IssueStoragePort {
  readonly #storage: IssueStoragePort;
  readonly #cache: IssueCache;
  readonly #isWatched: () => boolean;
  readonly #isCurrent: ((issue: Issue) => Promise<boolean>) | undefined;
  readonly #inFlight = new Set<Operation>();
  readonly #shared = new Map<IssueKey, SharedGet>();

  constructor(storage: IssueStoragePort, { isWatched = () => true, isCurrent, ...options }: CachedIssueStorageOptions = {}) {
    this.#storage = storage;
    this.#cache = new IssueCache(options);
    this.#isWatched = isWatched;
    this.#isCurrent = isCurrent;
  }

  cacheStats(): CacheStats {
    return this.#cache.stats();
  }

  /** The cached issues. Does not count as an access. */
  cachedIssues(): Issue[] {
    return this.#cache.issues();
  }

  /** Resets the counters and keeps the entries. */
  resetCacheStats(): void {
    this.#cache.resetStats();
  }

  /** Drops all entries and keeps the counters. */
  clearCache(): void {
    this.#cache.clear();
    this.#shared.clear();
    for (const operation of this.#inFlight) {
      operation.isAllInvalidated = true;
    }
  }

  /** Drops issues whose files changed outside this storage. */
  invalidate(keys: Iterable<IssueKey>): void {
    for (const key of keys) {
      this.#cache.invalidate(key);
      this.#shared.delete(key);
      for (const operation of this.#inFlight) {
        operation.invalidated.add(key);
      }
    }
  }

  /** See {@link IssueCache.wantsAhead}. */
  wantsAhead(summary: IssueSummary, behind?: number): boolean {
    return this.#cache.wantsAhead(summary, behind);
  }

  /** Drops the issues that have changed on the disk, and caches the texts that were read there and that nobody has asked for. */
  follow(changed: readonly IssueKey[], read: readonly (StoredSummary | StoredIssue)[]): void {
    this.invalidate(changed);
    for (const entry of read) {
      if ('issue' in entry) {
        this.#cache.putAhead(entry.issue);
      }
    }
  }

  /**
   * Caches what `read` returns before anybody asks for it, once all gets in flight have been served. An issue that is invalidated meanwhile is
   * not cached. Never rejects: whoever asks for the issue is told why it cannot be read.
   */
  async readAhead(summary: IssueSummary, read: () => Promise<Issue | undefined>): Promise<void> {
    await Promise.allSettled(Array.from(this.#shared.values(), ({ issue }) => issue));
    if (!this.wantsAhead(summary)) {
      return;
    }
    const operation = this.#begin();
    const issue = await read().catch(() => undefined);
    this.#inFlight.delete(operation);
    // Somebody may have asked for it meanwhile.
    if (issue !== undefined && isStillValid(operation, issue) && this.wantsAhead(summary)) {
      this.#cache.putAhead(issue);
    }
  }

  getIssue(ref: IssueRef): Promise<Issue> {
    const key = keyOf(ref);
    const cached = this.#cached(key);
    if (cached instanceof Promise) {
      return cached.then((issue) => issue ?? this.#load(ref, key));
    }
    return cached === undefined ? this.#load(ref, key) : Promise.resolve(cached);
  }

  /** Returns cached issues where possible and reads the rest as one batch. */
  async getIssues(refs: readonly IssueRef[]): Promise<Issue[]> {
    const found = await Promise.all(refs.map((ref) => this.#cached(keyOf(ref))));
    return fillMissing(refs, found, (missing) => this.#cacheRead(() => this.#storage.getIssues(missing)));
  }

  listIssues(): Promise<Issue[]> {
    return this.#cacheRead(() => this.#storage.listIssues());
  }

  listSummaries(): Promise<IssueSummary[]> {
    return this.#storage.listSummaries();
  }

  async write(edits: readonly IssueEdit[], options?: WriteOptions): Promise<WriteResult> {
    const operation = this.#begin();
    try {
      const result = await this.#storage.write(edits, options);
      this.#cacheWritten(operation, result.changes);
      return result;
    } catch (error) {
      this.#invalidateFailedWrite(operation, edits, error);
      throw error;
    }
  }

  #isTrusted(): boolean {
    return this.#isCurrent === undefined || this.#isWatched();
  }

  /** The cached issue, at once unless it has to be compared with its file; undefined if it has to be read. */
  #cached(key: IssueKey = UNKNOWN_KEY): Issue | undefined | Promise<Issue | undefined> {
    const trusted = this.#cache.get(key, this.#isTrusted());
    if (trusted !== undefined) {
      return trusted;
    }
    const doubtful = this.#cache.peek(key);
    return doubtful && this.#revalidated(doubtful);
  }

  async #revalidated(doubtful: Issue): Promise<Issue | undefined> {
    const isSame = (await this.#isCurrent?.(doubtful)) ?? false;
    if (isSame && this.#cache.renew(doubtful)) {
      return doubtful;
    }
    this.#cache.drop(doubtful);
    if (!isSame) {
      // A read under way may have begun before the change.
      this.invalidate([doubtful.key]);
    }
    return undefined;
  }

  #load(ref: IssueRef, key: IssueKey | undefined): Promise<Issue> {
    const shared = key && this.#shared.get(key);
    if (shared !== undefined) {
      return shared.issue;
    }
    const operation = this.#begin();
    const load = async () => {
      try {
        const issue = await this.#storage.getIssue(ref);
        this.#keep(operation, issue);
        return issue;
      } finally {
        this.#inFlight.delete(operation);
        if (key !== undefined && this.#shared.get(key)?.operation === operation) {
          this.#shared.delete(key);
        }
      }
    };
    const issue = load();
    if (key !== undefined) {
      this.#shared.set(key, { operation, issue });
    }
    return issue;
  }

  #begin(): Operation {
    const operation = { invalidated: new Set<IssueKey>(), isAllInvalidated: false };
    this.#inFlight.add(operation);
    return operation;
  }

  /** Caches what `read` returns, except issues that are invalidated meanwhile. */
  async #cacheRead(read: () => Promise<Issue[]>): Promise<Issue[]> {
    const operation = this.#begin();
    try {
      const issues = await read();
      for (const issue of issues) {
        this.#keep(operation, issue);
      }
      return issues;
    } finally {
      this.#inFlight.delete(operation);
    }
  }

  #keep(operation: Operation, issue: Issue): void {
    if (isStillValid(operation, issue) && issue.problem === undefined) {
      this.#cache.put(issue);
    }
  }

  /** Caches what a write stored, unless a newer change invalidated it first. */
  #cacheWritten(operation: Operation, changes: readonly FileChange[]): void {
    this.#inFlight.delete(operation);
    for (const { removed, stored } of changes) {
      this.invalidate([removed, stored?.issue.key].filter((key) => key !== undefined));
      if (stored !== undefined) {
        this.#keep(operation, stored.issue);
      }
    }
  }

  /**
   * A failed write may have found a file that differs from the cache, and a get may have read what it wrote and then reverted. A single
   * edit affects only the key that it names; several may have written anything.
   */
  #invalidateFailedWrite(operation: Operation, edits: readonly IssueEdit[], error: unknown): void {
    this.#inFlight.delete(operation);
    const [edit, ...others] = edits;
    const key = edit !== undefined && 'ref' in edit ? keyOf(edit.ref) : undefined;
    if (key !== undefined && others.length === 0 && !(error instanceof PartlyDoneError)) {
      this.invalidate([key]);
    } else {
      this.clearCache();
    }
  }
}

/** True unless the issue was invalidated during the operation. */
function isStillValid({ isAllInvalidated, invalidated }: Operation, { key }: Issue): boolean {
  return !isAllInvalidated && !invalidated.has(key);
}

/** The key that a reference contains. Undefined for a number or an id, because several files can have it. */
function keyOf(ref: IssueRef): IssueKey | undefined {
  return typeof ref === 'object' ? ref.key : typeof ref === 'string' ? parseIssueRef(ref).exact : undefined;
}

/** No file has the empty key. References without a key count as misses. */
const UNKNOWN_KEY = '' as IssueKey;
