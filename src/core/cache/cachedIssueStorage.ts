import type { Issue, IssueKey, IssueRef, IssueSummary } from '../issue/issue.ts';
import { parseIssueRef } from '../issue/issueRef.ts';
import type { CacheStats } from '../metrics/metricsSnapshot.ts';
import { fillMissing } from '../storage/fillMissing.ts';
import type { FileChange, IssueEdit, IssueStoragePort, WriteOptions, WriteResult } from '../storage/issueStoragePort.ts';
import { PartlyDoneError } from '../storage/partlyDoneError.ts';
import { IssueCache, type IssueCacheOptions } from './issueCache.ts';

export interface CachedIssueStorageOptions extends IssueCacheOptions {
  /**
   * Asked before a cached issue is handed out: true if somebody watches the files and drops what changes, so that the entry
   * can be trusted. Where it says no, {@link isCurrent} decides.
   */
  readonly isWatched?: () => boolean;
  /** True if the issue's file is still what it was when the issue was read: a stat, no read. */
  readonly isCurrent?: (issue: Issue) => Promise<boolean>;
}

/** A read or a write of the storage under way, and what of its outcome must not be kept. */
interface Operation {
  /** Keys that changed while it was under way. */
  readonly changed: Set<IssueKey>;
  allChanged: boolean;
}

/** A get under way that others can join. */
interface SharedGet {
  readonly operation: Operation;
  readonly issue: Promise<Issue>;
}

/**
 * Keeps what was read and written in an {@link IssueCache}, by key. A reference without a key is passed on, and its answer kept: what a
 * number means is decided above the cache.
 *
 * Concurrent gets of one key share one read. A read that was under way when its issue was invalidated, written or
 * the cache cleared still answers those who waited for it, but is not kept, and nobody who asks later joins it. A failed
 * read is never kept.
 */
export class CachedIssueStorage implements IssueStoragePort {
  readonly #storage: IssueStoragePort;
  readonly #cache: IssueCache;
  readonly #isWatched: () => boolean;
  readonly #isCurrent: ((issue: Issue) => Promise<boolean>) | undefined;
  readonly #underWay = new Set<Operation>();
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

  /** What is kept now. The question leaves no trace: it is no access, and counts neither as hit nor as miss. */
  cachedIssues(): Issue[] {
    return this.#cache.issues();
  }

  /** Sets the counters to 0. The entries stay. */
  resetCacheStats(): void {
    this.#cache.resetStats();
  }

  /** Drops every entry. The counters stay. */
  clearCache(): void {
    this.#cache.clear();
    this.#shared.clear();
    for (const operation of this.#underWay) {
      operation.allChanged = true;
    }
  }

  /** Drops what is known of issues whose files changed behind the storage. */
  invalidate(keys: Iterable<IssueKey>): void {
    for (const key of keys) {
      this.#cache.invalidate(key);
      this.#shared.delete(key);
      for (const operation of this.#underWay) {
        operation.changed.add(key);
      }
    }
  }

  getIssue(ref: IssueRef): Promise<Issue> {
    const key = keyOf(ref);
    const cached = this.#cache.get(key ?? UNKNOWN_KEY);
    if (cached === undefined) {
      return this.#load(ref, key);
    }
    return this.#isTrusted() ? Promise.resolve(cached) : this.#verified(ref, cached);
  }

  /** Answers from the cache what it can, and reads the rest as one batch. */
  getIssues(refs: readonly IssueRef[]): Promise<Issue[]> {
    const found = refs.map((ref) => (this.#isTrusted() ? this.#cache.get(keyOf(ref) ?? UNKNOWN_KEY) : undefined));
    return fillMissing(refs, found, (missing) => this.#reading(() => this.#storage.getIssues(missing)));
  }

  listIssues(): Promise<Issue[]> {
    return this.#reading(() => this.#storage.listIssues());
  }

  listSummaries(): Promise<IssueSummary[]> {
    return this.#storage.listSummaries();
  }

  async write(edits: readonly IssueEdit[], options?: WriteOptions): Promise<WriteResult> {
    const operation = this.#begin();
    try {
      const result = await this.#storage.write(edits, options);
      this.#take(operation, result.changes);
      return result;
    } catch (error) {
      this.#doubt(operation, edits, error);
      throw error;
    } finally {
      this.#underWay.delete(operation);
    }
  }

  #isTrusted(): boolean {
    return this.#isCurrent === undefined || this.#isWatched();
  }

  async #verified(ref: IssueRef, cached: Issue): Promise<Issue> {
    if (await this.#isCurrent?.(cached)) {
      return cached;
    }
    this.invalidate([cached.key]);
    return this.#load(ref, cached.key);
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
        this.#underWay.delete(operation);
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
    const operation = { changed: new Set<IssueKey>(), allChanged: false };
    this.#underWay.add(operation);
    return operation;
  }

  /** Keeps what is read, as far as nobody changes it meanwhile. */
  async #reading(read: () => Promise<Issue[]>): Promise<Issue[]> {
    const operation = this.#begin();
    try {
      const issues = await read();
      for (const issue of issues) {
        this.#keep(operation, issue);
      }
      return issues;
    } finally {
      this.#underWay.delete(operation);
    }
  }

  #keep(operation: Operation, issue: Issue): void {
    if (!operation.allChanged && !operation.changed.has(issue.key) && issue.problem === undefined) {
      this.#cache.put(issue);
    }
  }

  /** Takes over what a write has left, unless a newer change came in before it. */
  #take(operation: Operation, changes: readonly FileChange[]): void {
    this.#underWay.delete(operation);
    for (const { removed, stored } of changes) {
      this.invalidate([removed, stored?.issue.key].filter((key) => key !== undefined));
      if (stored !== undefined) {
        this.#keep(operation, stored.issue);
      }
    }
  }

  /**
   * A write that failed may have found another file than the cache has, and may have written and taken back what a get has read in between.
   * One edit concerns the key that it names; of several, anything may have been written.
   */
  #doubt(operation: Operation, edits: readonly IssueEdit[], error: unknown): void {
    this.#underWay.delete(operation);
    const [edit, ...others] = edits;
    const key = edit !== undefined && 'ref' in edit ? keyOf(edit.ref) : undefined;
    if (key !== undefined && others.length === 0 && !(error instanceof PartlyDoneError)) {
      this.invalidate([key]);
    } else {
      this.clearCache();
    }
  }
}

/** The key that a reference carries or spells out; undefined for a number and for an id, which more than one file can have. */
function keyOf(ref: IssueRef): IssueKey | undefined {
  return typeof ref === 'object' ? ref.key : typeof ref === 'string' ? parseIssueRef(ref).exact : undefined;
}

/** The empty key names no file, and so no entry. A reference without a key counts as a miss. */
const UNKNOWN_KEY = '' as IssueKey;
