import type { MetricsSnapshot, Operation, OperationSample } from './metricsSnapshot.ts';
import { OperationMeter } from './operationMeter.ts';

export interface RecordOptions {
  /** Number of operations, an integer; default 1. With 0 nothing is recorded. */
  readonly count?: number;
  /** Failed operations count in the number and time of operations, too. */
  readonly failed?: boolean;
}

/** Counts and times operations by kind. Counts, totals, averages and maxima are exact; percentiles are within 1 %. */
export class PerformanceMetrics {
  readonly #meters: Readonly<Record<Operation, OperationMeter>> = {
    create: new OperationMeter(),
    read: new OperationMeter(),
    update: new OperationMeter(),
    delete: new OperationMeter(),
    list: new OperationMeter(),
  };

  /**
   * @param micros total microseconds of all `count` operations, with fractions. Each is recorded with an equal share. Negative and
   * non-finite values count as 0.
   * @throws RangeError if the count is not an integer of at least 0.
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

  /** Figures since the start or the last reset. Draining does not affect them. */
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
   * Returns the figures since the last drain, reset or start, and begins the next interval. A meter has one interval, so it may have only
   * one draining caller.
   */
  drainInterval(): Record<Operation, OperationSample> {
    const { create, read, update, delete: deletion, list } = this.#meters;
    return { create: create.drain(), read: read.drain(), update: update.drain(), delete: deletion.drain(), list: list.drain() };
  }

  /** Resets everything, including the current interval. */
  reset(): void {
    for (const meter of Object.values(this.#meters)) {
      meter.reset();
    }
  }
}
