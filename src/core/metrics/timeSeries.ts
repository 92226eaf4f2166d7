import type { Clock } from '../clock.ts';
import type { CacheStats, MetricsSample } from './metricsSnapshot.ts';
import type { PerformanceMetrics } from './performanceMetrics.ts';

/** Fifteen minutes at one sample a second. */
const DEFAULT_CAPACITY = 900;

/** A ring buffer of the latest samples. */
export class TimeSeries {
  readonly capacity: number;
  readonly #ring: MetricsSample[] = [];
  /** Index of the oldest sample once the ring is full. */
  #oldest = 0;

  /** @throws RangeError if the capacity is not a positive integer. */
  constructor(capacity = DEFAULT_CAPACITY) {
    if (!Number.isSafeInteger(capacity) || capacity < 1) {
      throw new RangeError(`A time series needs room for a positive whole number of samples, not ${capacity}.`);
    }
    this.capacity = capacity;
  }

  get length(): number {
    return this.#ring.length;
  }

  push(sample: MetricsSample): void {
    if (this.#ring.length < this.capacity) {
      this.#ring.push(sample);
      return;
    }
    this.#ring[this.#oldest] = sample;
    this.#oldest = (this.#oldest + 1) % this.capacity;
  }

  /** A copy, oldest first. */
  toArray(): MetricsSample[] {
    return [...this.#ring.slice(this.#oldest), ...this.#ring.slice(0, this.#oldest)];
  }

  clear(): void {
    this.#ring.length = 0;
    this.#oldest = 0;
  }
}

export interface MetricsSources {
  /** Each sample drains it, so no other sampler may use it. */
  readonly metrics: PerformanceMetrics;
  /** Figures of the current cache. Between two calls, the cache may be replaced or reset. */
  readonly cacheStats: () => CacheStats;
  readonly clock: Clock;
}

/**
 * Turns cumulative figures into one sample per interval. The caller of {@link sample} sets the pace. Operations before construction are not
 * sampled.
 */
export class MetricsSampler {
  readonly #sources: MetricsSources;
  #startedAt: number;
  #hits: number;
  #misses: number;

  constructor(sources: MetricsSources) {
    this.#sources = sources;
    this.#startedAt = sources.clock.now();
    const { hits, misses } = sources.cacheStats();
    this.#hits = hits;
    this.#misses = misses;
    sources.metrics.drainInterval();
  }

  /** The figures since the last sample. `seconds` is measured, so it is 0 for two samples at the same instant. */
  sample(): MetricsSample {
    const { metrics, cacheStats, clock } = this.#sources;
    const now = clock.now();
    const stats = cacheStats();
    const sample: MetricsSample = {
      at: clock.epoch(),
      seconds: (now - this.#startedAt) / 1000,
      hitRate: stats.hits + stats.misses === 0 ? null : stats.hitRate,
      intervalHitRate: this.#intervalHitRate(stats),
      cacheSize: stats.size,
      cacheMaxSize: stats.maxSize,
      operations: metrics.drainInterval(),
    };
    this.#startedAt = now;
    this.#hits = stats.hits;
    this.#misses = stats.misses;
    return sample;
  }

  #intervalHitRate({ hits, misses }: CacheStats): number | null {
    // A counter that has become smaller was reset, so its whole value belongs to this interval.
    const restarted = hits < this.#hits || misses < this.#misses;
    const newHits = restarted ? hits : hits - this.#hits;
    const newMisses = restarted ? misses : misses - this.#misses;
    return newHits + newMisses === 0 ? null : newHits / (newHits + newMisses);
  }
}
