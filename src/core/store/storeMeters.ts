import type { Clock } from '../clock.ts';
import { InstrumentedIssueStorage } from '../metrics/instrumentedIssueStorage.ts';
import type { CacheStats, MetricsSample, MetricsSnapshot, StoreSnapshot } from '../metrics/metricsSnapshot.ts';
import { PerformanceMetrics } from '../metrics/performanceMetrics.ts';
import { MetricsSampler, TimeSeries } from '../metrics/timeSeries.ts';
import type { IssueStoragePort } from '../storage/issueStoragePort.ts';

/** The figures before a cache exists. */
export const NO_CACHE = {
  ...{ hits: 0, misses: 0, hitRate: 0, revalidated: 0, readAhead: 0, readAheadUsed: 0 },
  ...{ size: 0, bytes: 0, maxBytes: 0, evictions: 0, expirations: 0 },
};

/** The meters and history of one store. They are kept when the stack is replaced. */
export class StoreMeters {
  /** Measured above the cache: the latency for callers. */
  readonly outer = new PerformanceMetrics();
  /** Measured below the cache: the cost of the disk. */
  readonly inner = new PerformanceMetrics();
  readonly #callers = new Map<string, PerformanceMetrics>();
  readonly #clock: Clock;
  readonly #cacheStats: () => CacheStats;
  readonly #history = new TimeSeries();
  readonly #sampler: MetricsSampler;

  constructor(cacheStats: () => CacheStats, clock: Clock) {
    this.#cacheStats = cacheStats;
    this.#clock = clock;
    this.#sampler = new MetricsSampler({ metrics: this.outer, cacheStats, clock });
  }

  /** The meter of this caller. */
  of(caller: string): PerformanceMetrics {
    const metrics = this.#callers.get(caller) ?? new PerformanceMetrics();
    this.#callers.set(caller, metrics);
    return metrics;
  }

  /** Wraps a storage with the meter of this caller. */
  meteredFor(caller: string, storage: IssueStoragePort): IssueStoragePort {
    return new InstrumentedIssueStorage(storage, { metrics: this.of(caller), clock: this.#clock });
  }

  figures(): Pick<StoreSnapshot, 'outer' | 'inner' | 'cache' | 'saved' | 'readsBy'> {
    const [outer, inner] = [this.outer.getStats(), this.inner.getStats()];
    const [felt, cost] = [outer.operations.read, inner.operations.read];
    return {
      outer,
      inner,
      cache: this.#cacheStats(),
      saved: {
        reads: Math.max(0, felt.count - cost.count),
        micros: cost.count === 0 ? 0 : Math.max(0, felt.count * cost.averageMicros - felt.totalMicros),
      },
      readsBy: Object.fromEntries(
        Object.entries(this.callers()).flatMap(([caller, { operations }]) =>
          operations.read.count > 0 ? [[caller, operations.read]] : [],
        ),
      ),
    };
  }

  /** The figures of each caller, by name. */
  callers(): Record<string, MetricsSnapshot> {
    return Object.fromEntries([...this.#callers].map(([caller, metrics]) => [caller, metrics.getStats()]));
  }

  /** Adds a sample to the history. Call once a second, from one caller. */
  sample(): MetricsSample {
    const sample = this.#sampler.sample();
    this.#history.push(sample);
    return sample;
  }

  /** The samples of the last minutes, oldest first. */
  history(): readonly MetricsSample[] {
    return this.#history.toArray();
  }

  /** Resets all meters and the history, but not the cache's counters. */
  reset(): void {
    for (const metrics of [this.outer, this.inner, ...this.#callers.values()]) {
      metrics.reset();
    }
    this.#history.clear();
  }
}
