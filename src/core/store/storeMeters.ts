import type { Clock } from '../clock.ts';
import { InstrumentedIssueStorage } from '../metrics/instrumentedIssueStorage.ts';
import type { CacheStats, MetricsSample, MetricsSnapshot, StoreSnapshot } from '../metrics/metricsSnapshot.ts';
import { PerformanceMetrics } from '../metrics/performanceMetrics.ts';
import { MetricsSampler, TimeSeries } from '../metrics/timeSeries.ts';
import type { IssueStoragePort } from '../storage/issueStoragePort.ts';

/** Figures of a cache that is not there yet. */
export const NO_CACHE = { hits: 0, misses: 0, hitRate: 0, size: 0, evictions: 0, expirations: 0 };

/** The figures of one store and their history. They outlive the stack that they are about. */
export class StoreMeters {
  /** Around the cache: what callers feel. */
  readonly outer = new PerformanceMetrics();
  /** Around the file system: what the disk costs. */
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

  /** The same storage, metered for this caller, too. */
  meteredFor(caller: string, storage: IssueStoragePort): IssueStoragePort {
    const metrics = this.#callers.get(caller) ?? new PerformanceMetrics();
    this.#callers.set(caller, metrics);
    return new InstrumentedIssueStorage(storage, { metrics, clock: this.#clock });
  }

  figures(): Pick<StoreSnapshot, 'outer' | 'inner' | 'cache' | 'saved'> {
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
    };
  }

  /** The operations of each caller, by its name. */
  callers(): Record<string, MetricsSnapshot> {
    return Object.fromEntries([...this.#callers].map(([caller, metrics]) => [caller, metrics.getStats()]));
  }

  /** Takes one sample for the history. To be called once a second, by one caller. */
  sample(): MetricsSample {
    const sample = this.#sampler.sample();
    this.#history.push(sample);
    return sample;
  }

  /** The samples of the last minutes, oldest first. */
  history(): readonly MetricsSample[] {
    return this.#history.toArray();
  }

  /** Sets the counters of all meters and the history to nothing. Those of the cache are its own. */
  reset(): void {
    for (const metrics of [this.outer, this.inner, ...this.#callers.values()]) {
      metrics.reset();
    }
    this.#history.clear();
  }
}
