import { type Clock, systemClock } from '../clock.ts';
import type { Issue, IssueRef, IssueSummary } from '../issue/issue.ts';
import type { IssueEdit, IssueStoragePort, WriteOptions, WriteResult } from '../storage/issueStoragePort.ts';
import type { Operation } from './metricsSnapshot.ts';
import { PerformanceMetrics } from './performanceMetrics.ts';

export interface InstrumentedIssueStorageOptions {
  /** A new one by default. */
  readonly metrics?: PerformanceMetrics;
  readonly clock?: Clock;
}

const MICROS_PER_MILLI = 1000;
const FAILED = { failed: true };

/** A restore counts as an update, so that an undo does not look like new creations or completions. */
const OPERATION_OF: Readonly<Record<IssueEdit['kind'], Operation>> = {
  create: 'create',
  complete: 'delete',
  delete: 'delete',
  update: 'update',
  reopen: 'update',
  rename: 'update',
  renumber: 'update',
  rewriteMentions: 'update',
  tick: 'update',
  adopt: 'update',
  restore: 'update',
};

/**
 * Times every operation of the storage, from the call until its promise settles, and counts failures. Results and errors are passed on
 * unchanged.
 *
 * A write of n edits counts as n operations that take 1/n of its time each; if it fails, all of them count as failed. `listIssues` and
 * `listSummaries` both count as *list*. A dry run is not counted.
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

  /** The meter itself, not a copy. */
  metrics(): PerformanceMetrics {
    return this.#metrics;
  }

  /** Does not use `#time`: its closure and second promise would measurably slow down cached reads. */
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

  // Async, so that a synchronous throw of the storage is also timed, counted and turned into a rejection.
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
