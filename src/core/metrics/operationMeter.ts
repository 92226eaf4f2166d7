import { createHistogram, type RecordableHistogram } from 'node:perf_hooks';
import type { OperationSample, OperationStats } from './metricsSnapshot.ts';

const NANOS_PER_MICRO = 1000;
/** One hour. Percentiles count longer operations as one hour; the other figures are exact. */
const HIGHEST_NANOS = 3_600_000_000_000;
/** Two significant digits: percentiles are within 1 % and a histogram takes 50 KB. Three digits would take 270 KB. */
const FIGURES = 2;

const NO_STATS: OperationStats = Object.freeze({
  count: 0,
  failures: 0,
  totalMicros: 0,
  averageMicros: 0,
  p50Micros: 0,
  p95Micros: 0,
  p99Micros: 0,
  maxMicros: 0,
});
const NO_SAMPLE: OperationSample = Object.freeze({ count: 0, averageMicros: null, p95Micros: null });

function newHistogram(): RecordableHistogram {
  return createHistogram({ lowest: 1, highest: HIGHEST_NANOS, figures: FIGURES });
}

/** In microseconds. The histogram returns the upper bound of a bucket, which can exceed the recorded maximum. */
function percentile(histogram: RecordableHistogram, percent: number, maxMicros: number): number {
  return Math.min(histogram.percentile(percent) / NANOS_PER_MICRO, maxMicros);
}

/** Figures of one kind of operation, both since the last reset and since the last drain. */
export class OperationMeter {
  // A record touches only the interval's histogram; `drain` merges it into the other. Both are created on first use, because a store has
  // twenty meters and most sessions use few.
  #drained: RecordableHistogram | undefined;
  #interval: RecordableHistogram | undefined;
  #count = 0;
  #failures = 0;
  #totalMicros = 0;
  #maxMicros = 0;
  #intervalCount = 0;
  #intervalMicros = 0;
  #intervalMaxMicros = 0;

  /** Records `count` operations, a positive integer, that took `micros` in total. */
  record(micros: number, count: number, failures: number): void {
    // A clock error must not corrupt all later sums.
    const total = Number.isFinite(micros) && micros > 0 ? micros : 0;
    const each = total / count;
    this.#count += count;
    this.#failures += failures;
    this.#totalMicros += total;
    this.#intervalCount += count;
    this.#intervalMicros += total;
    if (each > this.#maxMicros) {
      this.#maxMicros = each;
    }
    if (each > this.#intervalMaxMicros) {
      this.#intervalMaxMicros = each;
    }
    // The histogram accepts integers from 1.
    const nanos = Math.min(HIGHEST_NANOS, Math.max(1, Math.round(each * NANOS_PER_MICRO)));
    this.#interval ??= newHistogram();
    for (let i = 0; i < count; i++) {
      this.#interval.record(nanos);
    }
  }

  stats(): OperationStats {
    if (this.#count === 0) {
      return NO_STATS;
    }
    const all = newHistogram();
    for (const part of [this.#drained, this.#interval]) {
      if (part !== undefined) {
        all.add(part);
      }
    }
    return {
      count: this.#count,
      failures: this.#failures,
      totalMicros: this.#totalMicros,
      averageMicros: this.#totalMicros / this.#count,
      p50Micros: percentile(all, 50, this.#maxMicros),
      p95Micros: percentile(all, 95, this.#maxMicros),
      p99Micros: percentile(all, 99, this.#maxMicros),
      maxMicros: this.#maxMicros,
    };
  }

  /** Returns the figures of the interval and starts the next one. */
  drain(): OperationSample {
    if (this.#interval === undefined || this.#intervalCount === 0) {
      return NO_SAMPLE;
    }
    const sample: OperationSample = {
      count: this.#intervalCount,
      averageMicros: this.#intervalMicros / this.#intervalCount,
      p95Micros: percentile(this.#interval, 95, this.#intervalMaxMicros),
    };
    this.#drained ??= newHistogram();
    this.#drained.add(this.#interval);
    this.#startInterval();
    return sample;
  }

  reset(): void {
    this.#startInterval();
    this.#drained?.reset();
    this.#count = 0;
    this.#failures = 0;
    this.#totalMicros = 0;
    this.#maxMicros = 0;
  }

  #startInterval(): void {
    this.#interval?.reset();
    this.#intervalCount = 0;
    this.#intervalMicros = 0;
    this.#intervalMaxMicros = 0;
  }
}
