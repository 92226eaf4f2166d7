import type { Clock } from '../clock.ts';
import type { CacheStats, MetricsSample } from './metricsSnapshot.ts';
import type { PerformanceMetrics } from './performanceMetrics.ts';

/** Fifteen minutes at one sample a second. */
const DEFAULT_CAPACITY = 900;

/** The last samples, as many as it has room for: each one beyond that takes the place of the oldest. */
export class TimeSeries {
  readonly capacity: number;
  readonly #ring: MetricsSample[] = [];
  /** Where the oldest sample is, once the ring is full. */
  #oldest = 0;

  /** @throws RangeError when the capacity is not a positive whole number. */
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

/** Where a {@link MetricsSampler} looks. */
export interface MetricsSources {
  /** Drained by each sample, so it must have no second sampler. */
  readonly metrics: PerformanceMetrics;
  /** Of the cache in use. It may be another cache, or one that was reset, from one call to the next. */
  readonly cacheStats: () => CacheStats;
  readonly clock: Clock;
}

/**
 * Turns running figures into one sample for each interval. It has no timer: who calls {@link sample} sets the pace. What
 * happened before it was made is in no sample.
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

  /** What happened since the last sample. `seconds` is as measured: 0 for a second sample at the same instant. */
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
    // Counters only grow, so a smaller one was reset in between, and then all that it shows belongs to this interval.
    const restarted = hits < this.#hits || misses < this.#misses;
    const newHits = restarted ? hits : hits - this.#hits;
    const newMisses = restarted ? misses : misses - this.#misses;
    return newHits + newMisses === 0 ? null : newHits / (newHits + newMisses);
  }
}
