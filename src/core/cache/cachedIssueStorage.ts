import { assertDefined } from '../assertDefined.ts';
import type { Issue, IssueKey, IssueRef, IssueSummary } from '../issue/issue.ts';
import { parseIssueRef, refMatches } from '../issue/issueRef.ts';
import { twinKey } from '../issue/storeLayout.ts';
import type { CacheStats } from '../metrics/metricsSnapshot.ts';
import { fillMissing } from '../storage/fillMissing.ts';
import type { IssueRenumbering } from '../storage/issueRenumbering.ts';
import type {
  BatchIssueStorage,
  BatchResult,
  DeleteOptions,
  IssueDeletion,
  IssueDraft,
  IssueRename,
  IssueUpdate,
  UpdateOptions,
} from '../storage/issueStorage.ts';
import { withUndo } from '../storage/reversal.ts';
import { IssueCache, type IssueCacheOptions } from './issueCache.ts';
import { meaningsOf, type Name, NameMeanings } from './nameMeanings.ts';
import { isUnchanged, type Operation } from './operation.ts';

export interface CachedIssueStorageOptions extends IssueCacheOptions {
  /**
   * Asked before a cached issue is handed out: true if somebody watches the files and drops what changes, so that the entry
   * can be trusted. Where it says no, {@link isCurrent} decides.
   */
  readonly isWatched?: () => boolean;
  /** True if the issue's file is still what it was when the issue was read: a stat, no read. */
  readonly isCurrent?: (issue: Issue) => Promise<boolean>;
}

/**
 * Keeps what was read and written in an {@link IssueCache}.
 *
 * Concurrent gets of one reference share one read. A read that was under way when its issue was invalidated, written or
 * the cache cleared still answers those who waited for it, but is not kept, and nobody who asks later joins it. A failed
 * read is never kept.
 */
export class CachedIssueStorage implements BatchIssueStorage {
  readonly #storage: BatchIssueStorage;
  readonly #cache: IssueCache;
  readonly #isWatched: () => boolean;
  readonly #isCurrent: ((issue: Issue) => Promise<boolean>) | undefined;
  readonly #meanings: NameMeanings;
  readonly #underWay = new Set<Operation>();
  readonly #shared = new Map<Name | IssueKey, { readonly operation: Operation; readonly issue: Promise<Issue> }>();

  constructor(storage: BatchIssueStorage, { isWatched = () => true, isCurrent, ...options }: CachedIssueStorageOptions = {}) {
    this.#storage = storage;
    this.#cache = new IssueCache(options);
    // One number and one id for each entry.
    this.#meanings = new NameMeanings(2 * this.#cache.maxSize);
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
    this.#forgetMeanings();
    for (const operation of this.#underWay) {
      operation.allChanged = true;
    }
  }

  /**
   * Drops what is known of issues whose files changed behind the storage.
   * @param cameOrWent whether files were added, removed or moved, so that a number or an id can mean another issue now.
   */
  invalidate(keys: Iterable<IssueKey>, cameOrWent: boolean): void {
    for (const key of keys) {
      this.#forget(key);
    }
    if (cameOrWent) {
      this.#forgetMeanings();
    }
  }

  createIssue(name: string, content: string): Promise<Issue> {
    return this.#tracked(async (operation) => {
      const issue = await this.#storage.createIssue(name, content);
      this.#created(operation, [issue]);
      return issue;
    });
  }

  getIssue(ref: IssueRef): Promise<Issue> {
    const cached = this.#lookUp(ref);
    if (cached === undefined) {
      return this.#load(ref);
    }
    return this.#isTrusted() ? Promise.resolve(cached) : this.#verified(ref, cached);
  }

  updateIssue(ref: IssueRef, content: string, options?: UpdateOptions): Promise<Issue> {
    return this.#writing(ref, async (operation) => this.#written(operation, await this.#storage.updateIssue(ref, content, options)));
  }

  markComplete(ref: IssueRef): Promise<Issue> {
    return this.#writing(ref, async (operation) => this.#relocated(operation, await this.#storage.markComplete(ref)));
  }

  reopen(ref: IssueRef): Promise<Issue> {
    return this.#writing(ref, async (operation) => this.#relocated(operation, await this.#storage.reopen(ref)));
  }

  rename(ref: IssueRef, name: string): Promise<Issue> {
    return this.#writing(ref, async (operation) => this.#renamed(operation, ref, await this.#storage.rename(ref, name)));
  }

  deleteIssue(ref: IssueRef, options?: DeleteOptions): Promise<IssueSummary> {
    return this.#writing(ref, async () => {
      const deleted = await this.#storage.deleteIssue(ref, options);
      this.invalidate([deleted.key], true);
      return deleted;
    });
  }

  async listIssues(): Promise<Issue[]> {
    return this.#tracked(async (operation) => {
      const issues = await this.#storage.listIssues();
      for (const issue of issues) {
        this.#keep(operation, issue);
      }
      if (isUnchanged(operation)) {
        this.#meanings.forget();
        this.#learnNames(issues);
      }
      return issues;
    });
  }

  listSummaries(): Promise<IssueSummary[]> {
    return this.#storage.listSummaries();
  }

  allComplete(): Promise<boolean> {
    return this.#storage.allComplete();
  }

  createIssuesBatch(drafts: readonly IssueDraft[]): Promise<BatchResult> {
    return this.#batch(() => this.#storage.createIssuesBatch(drafts), this.#created);
  }

  /** Answers from the cache what it can, and reads the rest as one batch. */
  async getIssuesBatch(refs: readonly IssueRef[]): Promise<Issue[]> {
    const found = refs.map((ref) => (this.#isTrusted() ? this.#lookUp(ref) : undefined));
    return fillMissing(refs, found, (missing) =>
      this.#tracked(async (operation) => {
        const issues = await this.#storage.getIssuesBatch(missing);
        issues.forEach((issue, index) => {
          this.#keepAs(operation, assertDefined(missing[index]), issue);
        });
        return issues;
      }),
    );
  }

  updateIssuesBatch(updates: readonly IssueUpdate[]): Promise<BatchResult> {
    return this.#batch(() => this.#storage.updateIssuesBatch(updates), this.#allWritten);
  }

  markCompleteBatch(refs: readonly IssueRef[]): Promise<BatchResult> {
    return this.#batch(() => this.#storage.markCompleteBatch(refs), this.#allRelocated);
  }

  reopenBatch(refs: readonly IssueRef[]): Promise<BatchResult> {
    return this.#batch(() => this.#storage.reopenBatch(refs), this.#allRelocated);
  }

  renameIssuesBatch(renames: readonly IssueRename[]): Promise<BatchResult> {
    return this.#batch(() => this.#storage.renameIssuesBatch(renames), this.#allRenamed(renames));
  }

  renumberIssuesBatch(renumbering: IssueRenumbering): Promise<BatchResult> {
    const { moves, rewrites } = renumbering;
    return this.#batch(() => this.#storage.renumberIssuesBatch(renumbering), this.#allRenamed([...moves, ...rewrites]));
  }

  deleteIssuesBatch(deletions: readonly (IssueRef | IssueDeletion)[]): Promise<BatchResult<IssueSummary>> {
    return this.#batch(() => this.#storage.deleteIssuesBatch(deletions), this.#allDeleted);
  }

  #isTrusted(): boolean {
    return this.#isCurrent === undefined || this.#isWatched();
  }

  #lookUp(ref: IssueRef): Issue | undefined {
    const key = typeof ref === 'object' ? ref.key : this.#meanings.get(ref);
    // A reference of which nothing is known counts as a miss, as it does in a cache that is keyed by number.
    return this.#cache.get(key ?? UNKNOWN_KEY);
  }

  async #verified(ref: IssueRef, cached: Issue): Promise<Issue> {
    if (await this.#isCurrent?.(cached)) {
      return cached;
    }
    this.#forget(cached.key);
    return this.#load(ref);
  }

  #load(ref: IssueRef): Promise<Issue> {
    const name = typeof ref === 'object' ? ref.key : ref;
    const shared = this.#shared.get(name);
    if (shared !== undefined) {
      return shared.issue;
    }
    const operation: Operation = { query: parseIssueRef(ref), changed: new Set(), allChanged: false };
    const load = async () => {
      try {
        const issue = await this.#track(operation, () => this.#storage.getIssue(ref));
        this.#keepAs(operation, ref, issue);
        return issue;
      } finally {
        if (this.#shared.get(name)?.operation === operation) {
          this.#shared.delete(name);
        }
      }
    };
    const issue = load();
    this.#shared.set(name, { operation, issue });
    return issue;
  }

  /** Runs an operation of the storage whose outcome is kept as far as nobody else changes it meanwhile. */
  #tracked<T>(run: (operation: Operation) => Promise<T>): Promise<T> {
    const operation: Operation = { changed: new Set(), allChanged: false };
    return this.#track(operation, () => run(operation));
  }

  async #track<T>(operation: Operation, run: () => Promise<T>): Promise<T> {
    this.#underWay.add(operation);
    try {
      return await run();
    } finally {
      this.#underWay.delete(operation);
    }
  }

  /** As {@link #tracked}, for a write: one that failed may have found another file than the cache has, and may have changed it. */
  #writing<T>(ref: IssueRef, write: (operation: Operation) => Promise<T>): Promise<T> {
    return this.#tracked(async (operation) => {
      try {
        return await write(operation);
      } catch (error) {
        this.#doubt(ref, operation);
        throw error;
      }
    });
  }

  /** A batch that failed may have written and taken back anything, and a concurrent get may have read it in between. */
  #batch<T>(run: () => Promise<BatchResult<T>>, settle: (operation: Operation, issues: readonly T[]) => void): Promise<BatchResult<T>> {
    return this.#tracked(async (operation) => {
      const batch = run().catch((error: unknown) => {
        this.clearCache();
        throw error;
      });
      const result = await withUndo(batch, (undo) => undo().finally(() => this.clearCache()));
      settle.call(this, operation, result.issues);
      return result;
    });
  }

  /** Takes over the outcome of a write, unless a newer change came in before it. */
  #written(operation: Operation, issue: Issue): Issue {
    const isNewest = !operation.allChanged && !operation.changed.has(issue.key);
    this.#forget(issue.key);
    if (isNewest) {
      this.#cache.put(issue);
    }
    return issue;
  }

  #relocated(operation: Operation, issue: Issue): Issue {
    this.#forget(twinKey(issue.key));
    this.#forgetMeanings();
    return this.#written(operation, issue);
  }

  #renamed(operation: Operation, ref: IssueRef, issue: Issue): Issue {
    this.#doubt(ref, operation); // The answer does not say which key it had.
    return this.#written(operation, issue);
  }

  #allRenamed(entries: readonly { readonly ref: IssueRef }[]) {
    return (operation: Operation, issues: readonly Issue[]) =>
      issues.forEach((issue, index) => {
        this.#renamed(operation, assertDefined(entries[index]).ref, issue);
      });
  }

  #allWritten(operation: Operation, issues: readonly Issue[]): void {
    for (const issue of issues) {
      this.#written(operation, issue);
    }
  }

  #allRelocated(operation: Operation, issues: readonly Issue[]): void {
    for (const issue of issues) {
      this.#relocated(operation, issue);
    }
  }

  #allDeleted(_: Operation, deleted: readonly IssueSummary[]): void {
    const keys = deleted.map(({ key }) => key);
    this.invalidate(keys, true);
  }

  #created(operation: Operation, issues: readonly Issue[]): void {
    const isUndisturbed = isUnchanged(operation);
    this.#allWritten(operation, issues);
    if (isUndisturbed) {
      this.#learnNames(issues);
    }
  }

  /** Drops whatever the reference can mean; no other operation under way knows for sure what it has. */
  #doubt(ref: IssueRef, operation: Operation): void {
    const query = parseIssueRef(ref);
    for (const key of this.#cache.keys()) {
      if (refMatches(query, key)) {
        this.#cache.invalidate(key);
      }
    }
    this.#forgetMeanings();
    for (const other of this.#underWay) {
      other.allChanged ||= other !== operation;
    }
  }

  #keepAs(operation: Operation, ref: IssueRef, issue: Issue): void {
    if (this.#keep(operation, issue) && typeof ref !== 'object' && isUnchanged(operation)) {
      this.#meanings.learn(ref, issue.key);
    }
  }

  /** @returns false if the issue changed since it was read, or has no text to keep. */
  #keep(operation: Operation, issue: Issue): boolean {
    if (operation.allChanged || operation.changed.has(issue.key) || issue.problem !== undefined) {
      return false;
    }
    this.#cache.put(issue);
    return true;
  }

  /** Learns what numbers and ids mean from issues that are all there are with theirs, as far as the cache has kept the one that is meant. */
  #learnNames(issues: readonly Issue[]): void {
    for (const [name, key] of meaningsOf(issues)) {
      if (this.#cache.accessCount(key) !== undefined) {
        this.#meanings.learn(name, key);
      }
    }
  }

  #forget(key: IssueKey): void {
    this.#cache.invalidate(key);
    for (const operation of this.#underWay) {
      operation.changed.add(key);
    }
    for (const [name, { operation }] of this.#shared) {
      if (operation.query !== undefined && refMatches(operation.query, key)) {
        this.#shared.delete(name);
      }
    }
  }

  #forgetMeanings(): void {
    this.#meanings.forget();
    if (this.#shared.size > 0) {
      this.#shared.clear();
    }
  }
}

/** The empty key names no file, and so no entry. */
const UNKNOWN_KEY = '' as IssueKey;
