import { type Clock, systemClock } from '../clock.ts';
import type { Issue, IssueRef, IssueSummary } from '../issue/issue.ts';
import type { IssueEdit, IssueStoragePort, WriteOptions, WriteResult } from '../storage/issueStoragePort.ts';
import type { Operation } from './metricsSnapshot.ts';
import { PerformanceMetrics } from './performanceMetrics.ts';

export interface InstrumentedIssueStorageOptions {
  /** Where the figures go; a meter of its own unless given. */
  readonly metrics?: PerformanceMetrics;
  readonly clock?: Clock;
}

const MICROS_PER_MILLI = 1000;
const FAILED = { failed: true };

/** What each kind of edit counts as. An undo must not pass for new creations or completions. */
const OPERATION_OF: Readonly<Record<IssueEdit['kind'], Operation>> = {
  create: 'create',
  complete: 'delete',
  delete: 'delete',
  update: 'update',
  reopen: 'update',
  rename: 'update',
  renumber: 'update',
  rewriteMentions: 'update',
  adopt: 'update',
  restore: 'update',
};

/**
 * Times every operation of the storage under it, from the call to the settling of its promise, and counts one that throws
 * or rejects as a failure too. Results and errors pass through as they are.
 *
 * A write of n edits counts as n operations, all of them failed if it fails; each has an n-th of its time. Both lists count as *list*. A
 * write that is only checked counts as nothing.
 */
export class InstrumentedIssueStorage implements IssueStoragePort {
  readonly #storage: IssueStoragePort;
  readonly #metrics: PerformanceMetrics;
  readonly #clock: Clock;

  constructor(storage: IssueStoragePort, options: InstrumentedIssueStorageOptions = {}) {
    this.#storage = storage;
    this.#metrics = options.metrics ?? new PerformanceMetrics();
    this.#clock = options.clock ?? systemClock;
  }

  /** The live meter, not a copy. */
  metrics(): PerformanceMetrics {
    return this.#metrics;
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

  getIssues(refs: readonly IssueRef[]): Promise<Issue[]> {
    return this.#time(new Map([['read', refs.length]]), () => this.#storage.getIssues(refs));
  }

  listIssues(): Promise<Issue[]> {
    return this.#time(ONE_LIST, () => this.#storage.listIssues());
  }

  listSummaries(): Promise<IssueSummary[]> {
    return this.#time(ONE_LIST, () => this.#storage.listSummaries());
  }

  write(edits: readonly IssueEdit[], options?: WriteOptions): Promise<WriteResult> {
    const counts = new Map<Operation, number>();
    for (const { kind } of options?.dryRun ? [] : edits) {
      counts.set(OPERATION_OF[kind], (counts.get(OPERATION_OF[kind]) ?? 0) + 1);
    }
    return this.#time(counts, () => this.#storage.write(edits, options));
  }

  // Async, so that what the storage throws before it has a promise is timed, counted and turned into a rejection as well.
  async #time<T>(counts: ReadonlyMap<Operation, number>, run: () => Promise<T>): Promise<T> {
    const start = this.#clock.now();
    let failed = true;
    try {
      const result = await run();
      failed = false;
      return result;
    } finally {
      const micros = this.#microsSince(start);
      const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
      for (const [operation, count] of counts) {
        this.#metrics.recordOperation(operation, total === 0 ? 0 : (micros * count) / total, { count, failed });
      }
    }
  }

  #microsSince(start: number): number {
    return (this.#clock.now() - start) * MICROS_PER_MILLI;
  }
}

const ONE_LIST: ReadonlyMap<Operation, number> = new Map([['list', 1]]);
