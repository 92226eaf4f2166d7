import { createHistogram, type RecordableHistogram } from 'node:perf_hooks';
import type { OperationSample, OperationStats } from './metricsSnapshot.ts';

const NANOS_PER_MICRO = 1000;
/** One hour; whatever takes longer is counted there by the percentiles, and exactly by the other figures. */
const HIGHEST_NANOS = 3_600_000_000_000;
/** Two significant digits keep a percentile within 1 % and a histogram in 50 KB; a third digit takes it to 270 KB. */
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

/** Microseconds. The histogram answers with the upper end of a bucket, which can lie above everything that was recorded. */
function percentile(histogram: RecordableHistogram, percent: number, maxMicros: number): number {
  return Math.min(histogram.percentile(percent) / NANOS_PER_MICRO, maxMicros);
}

/** The figures of one kind of operation: since the last reset, and of the interval since the last drain. */
export class OperationMeter {
  // The interval's histogram joins the other when it is drained, so that a record on the hot path touches only one.
  // Neither is made before there is something to record: a store has twenty of them, and most of its sessions use a few.
  #drained: RecordableHistogram | undefined;
  #interval: RecordableHistogram | undefined;
  #count = 0;
  #failures = 0;
  #totalMicros = 0;
  #maxMicros = 0;
  #intervalCount = 0;
  #intervalMicros = 0;
  #intervalMaxMicros = 0;

  /** Counts `count` operations, a positive whole number, that took `micros` together, and as much each. */
  record(micros: number, count: number, failures: number): void {
    // A clock that was set wrong must not poison every later sum.
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
    // The histogram takes whole numbers from 1 on.
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

  /** The figures of the interval that ends now; the next one begins. */
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
