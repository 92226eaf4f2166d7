import type { MetricsSnapshot, Operation, OperationSample } from './metricsSnapshot.ts';
import { OperationMeter } from './operationMeter.ts';

export interface RecordOptions {
  /** How many operations the time was spent on, a whole number; 1 unless given. With 0 nothing is recorded. */
  readonly count?: number;
  /** True if they failed; they count in the number and the time of operations all the same. */
  readonly failed?: boolean;
}

/**
 * Counts and times operations, apart for each kind. Counts, totals, averages and maxima are exact; percentiles come from a
 * histogram and are within 1 %.
 */
export class PerformanceMetrics {
  readonly #meters: Readonly<Record<Operation, OperationMeter>> = {
    create: new OperationMeter(),
    read: new OperationMeter(),
    update: new OperationMeter(),
    delete: new OperationMeter(),
    list: new OperationMeter(),
  };

  /**
   * @param micros microseconds, fractions included, that all of the operations took together. Each of a batch of n is
   * counted with an n-th of it. A time that is negative or not finite counts as 0.
   * @throws RangeError when the count is not a whole number from 0 on.
   */
  recordOperation(operation: Operation, micros: number, options?: RecordOptions): void {
    const count = options?.count ?? 1;
    if (!Number.isSafeInteger(count) || count < 0) {
      throw new RangeError(`A number of operations must be a whole number from 0 on, not ${count}.`);
    }
    if (count > 0) {
      this.#meters[operation].record(micros, count, options?.failed ? count : 0);
    }
  }

  /** Everything since the start or the last reset, whether drained or not. */
  getStats(): MetricsSnapshot {
    const { create, read, update, delete: deletion, list } = this.#meters;
    const operations = {
      create: create.stats(),
      read: read.stats(),
      update: update.stats(),
      delete: deletion.stats(),
      list: list.stats(),
    };
    let totalOperations = 0;
    let totalFailures = 0;
    let totalMicros = 0;
    for (const stats of Object.values(operations)) {
      totalOperations += stats.count;
      totalFailures += stats.failures;
      totalMicros += stats.totalMicros;
    }
    return {
      operations,
      totalOperations,
      totalFailures,
      overallAverageMicros: totalOperations === 0 ? 0 : totalMicros / totalOperations,
    };
  }

  /**
   * The figures since the last drain, reset or the start, whichever was last, and the start of the next interval.
   * {@link getStats} is not touched by it. There is one interval, so only one caller may drain a meter.
   */
  drainInterval(): Record<Operation, OperationSample> {
    const { create, read, update, delete: deletion, list } = this.#meters;
    return { create: create.drain(), read: read.drain(), update: update.drain(), delete: deletion.drain(), list: list.drain() };
  }

  /** Forgets everything, the interval under way included. */
  reset(): void {
    for (const meter of Object.values(this.#meters)) {
      meter.reset();
    }
  }
}
