import { type Clock, systemClock } from '../clock.ts';
import type { Issue, IssueRef, IssueSummary } from '../issue/issue.ts';
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
import type { Operation } from './metricsSnapshot.ts';
import { PerformanceMetrics } from './performanceMetrics.ts';

export interface InstrumentedIssueStorageOptions {
  /** Where the figures go; a meter of its own unless given. */
  readonly metrics?: PerformanceMetrics;
  readonly clock?: Clock;
}

const MICROS_PER_MILLI = 1000;
const FAILED = { failed: true };

/**
 * Times every operation of the storage under it, from the call to the settling of its promise, and counts one that throws
 * or rejects as a failure too. Results and errors pass through as they are.
 *
 * Completing counts as *delete*, as deleting does; reopening, renaming and renumbering count as *update*; `allComplete` and both lists
 * as *list*. A batch of n counts as n operations of its kind, all of them failed if it fails, and an empty one as none.
 * Undoing a batch of n is timed as n updates, whatever it takes back: it changes n issues, and it must not pass for new
 * creations or completions. Where a batch was done in part, n is what is left of it.
 */
export class InstrumentedIssueStorage implements BatchIssueStorage {
  readonly #storage: BatchIssueStorage;
  readonly #metrics: PerformanceMetrics;
  readonly #clock: Clock;

  constructor(storage: BatchIssueStorage, options: InstrumentedIssueStorageOptions = {}) {
    this.#storage = storage;
    this.#metrics = options.metrics ?? new PerformanceMetrics();
    this.#clock = options.clock ?? systemClock;
  }

  /** The live meter, not a copy. */
  metrics(): PerformanceMetrics {
    return this.#metrics;
  }

  createIssue(name: string, content: string): Promise<Issue> {
    return this.#time('create', () => this.#storage.createIssue(name, content));
  }

  /** Written out, for it is what a cached read waits for: the closure and the second promise of the others would show. */
  async getIssue(ref: IssueRef): Promise<Issue> {
    const start = this.#clock.now();
    let issue: Issue;
    try {
      issue = await this.#storage.getIssue(ref);
    } catch (error) {
      this.#metrics.recordOperation('read', this.#microsSince(start), FAILED);
      throw error;
    }
    this.#metrics.recordOperation('read', this.#microsSince(start));
    return issue;
  }

  updateIssue(ref: IssueRef, content: string, options?: UpdateOptions): Promise<Issue> {
    return this.#time('update', () => this.#storage.updateIssue(ref, content, options));
  }

  markComplete(ref: IssueRef): Promise<Issue> {
    return this.#time('delete', () => this.#storage.markComplete(ref));
  }

  reopen(ref: IssueRef): Promise<Issue> {
    return this.#time('update', () => this.#storage.reopen(ref));
  }

  rename(ref: IssueRef, name: string): Promise<Issue> {
    return this.#time('update', () => this.#storage.rename(ref, name));
  }

  deleteIssue(ref: IssueRef, options?: DeleteOptions): Promise<IssueSummary> {
    return this.#time('delete', () => this.#storage.deleteIssue(ref, options));
  }

  listIssues(): Promise<Issue[]> {
    return this.#time('list', () => this.#storage.listIssues());
  }

  listSummaries(): Promise<IssueSummary[]> {
    return this.#time('list', () => this.#storage.listSummaries());
  }

  allComplete(): Promise<boolean> {
    return this.#time('list', () => this.#storage.allComplete());
  }

  createIssuesBatch(drafts: readonly IssueDraft[]): Promise<BatchResult> {
    return this.#timeBatch('create', drafts.length, () => this.#storage.createIssuesBatch(drafts));
  }

  getIssuesBatch(refs: readonly IssueRef[]): Promise<Issue[]> {
    return this.#time('read', () => this.#storage.getIssuesBatch(refs), refs.length);
  }

  updateIssuesBatch(updates: readonly IssueUpdate[]): Promise<BatchResult> {
    return this.#timeBatch('update', updates.length, () => this.#storage.updateIssuesBatch(updates));
  }

  markCompleteBatch(refs: readonly IssueRef[]): Promise<BatchResult> {
    return this.#timeBatch('delete', refs.length, () => this.#storage.markCompleteBatch(refs));
  }

  reopenBatch(refs: readonly IssueRef[]): Promise<BatchResult> {
    return this.#timeBatch('update', refs.length, () => this.#storage.reopenBatch(refs));
  }

  renameIssuesBatch(renames: readonly IssueRename[]): Promise<BatchResult> {
    return this.#timeBatch('update', renames.length, () => this.#storage.renameIssuesBatch(renames));
  }

  renumberIssuesBatch(renumbering: IssueRenumbering): Promise<BatchResult> {
    const count = renumbering.moves.length + renumbering.rewrites.length;
    return this.#timeBatch('update', count, () => this.#storage.renumberIssuesBatch(renumbering));
  }

  deleteIssuesBatch(deletions: readonly (IssueRef | IssueDeletion)[]): Promise<BatchResult<IssueSummary>> {
    return this.#timeBatch('delete', deletions.length, () => this.#storage.deleteIssuesBatch(deletions));
  }

  #timeBatch<T>(operation: Operation, count: number, run: () => Promise<BatchResult<T>>): Promise<BatchResult<T>> {
    return withUndo(this.#time(operation, run, count), (undo, left = count) => this.#time('update', undo, left));
  }

  // Async, so that what the storage throws before it has a promise is timed, counted and turned into a rejection as well.
  async #time<T>(operation: Operation, run: () => Promise<T>, count = 1): Promise<T> {
    const start = this.#clock.now();
    let failed = true;
    try {
      const result = await run();
      failed = false;
      return result;
    } finally {
      this.#metrics.recordOperation(operation, this.#microsSince(start), { count, failed });
    }
  }

  #microsSince(start: number): number {
    return (this.#clock.now() - start) * MICROS_PER_MILLI;
  }
}
