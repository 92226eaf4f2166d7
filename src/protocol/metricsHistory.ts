import type { MetricsSample } from '../core/index.ts';
import { OPERATIONS, type Operation } from './operations.ts';

/** Fifteen minutes at one sample a second: as much as the panel can show. */
export const HISTORY_LIMIT = 900;

/** The figures of one kind of operation, one row per sample. Latencies are in microseconds, or null where nothing was recorded. */
export interface OperationColumns {
  readonly count: number[];
  readonly averageMicros: (number | null)[];
  readonly p95Micros: (number | null)[];
}

/**
 * A history in columns, as the charts need it; a message takes a third of the bytes that samples would.
 * Oldest first. All columns have the same length. `MetricsSample` documents the fields.
 */
export interface HistoryColumns {
  readonly at: number[];
  readonly seconds: number[];
  readonly hitRate: (number | null)[];
  readonly intervalHitRate: (number | null)[];
  readonly cacheSize: number[];
  readonly cacheMaxSize: number[];
  readonly operations: Readonly<Record<Operation, OperationColumns>>;
}

export function emptyHistory(): HistoryColumns {
  return {
    at: [],
    seconds: [],
    hitRate: [],
    intervalHitRate: [],
    cacheSize: [],
    cacheMaxSize: [],
    operations: {
      create: emptyOperation(),
      read: emptyOperation(),
      update: emptyOperation(),
      delete: emptyOperation(),
      list: emptyOperation(),
    },
  };
}

/** @param samples oldest first. Only the newest `HISTORY_LIMIT` are kept. */
export function toHistory(samples: readonly MetricsSample[]): HistoryColumns {
  const history = emptyHistory();
  for (const sample of samples.slice(-HISTORY_LIMIT)) {
    appendSample(history, sample);
  }
  return history;
}

/** Appends a sample in place and drops the oldest one beyond `HISTORY_LIMIT`. */
export function appendSample(history: HistoryColumns, sample: MetricsSample): void {
  history.at.push(sample.at);
  history.seconds.push(sample.seconds);
  history.hitRate.push(sample.hitRate);
  history.intervalHitRate.push(sample.intervalHitRate);
  history.cacheSize.push(sample.cacheSize);
  history.cacheMaxSize.push(sample.cacheMaxSize);
  for (const operation of OPERATIONS) {
    const columns = history.operations[operation];
    const figures = sample.operations[operation];
    columns.count.push(figures.count);
    columns.averageMicros.push(figures.averageMicros);
    columns.p95Micros.push(figures.p95Micros);
  }
  if (history.at.length > HISTORY_LIMIT) {
    for (const column of columnsOf(history)) {
      column.shift();
    }
  }
}

/** Whether every column has as many rows as the time column. */
export function isRectangular(history: HistoryColumns): boolean {
  return columnsOf(history).every((column) => column.length === history.at.length);
}

function columnsOf(history: HistoryColumns): (number | null)[][] {
  const { at, seconds, hitRate, intervalHitRate, cacheSize, cacheMaxSize, operations } = history;
  const perOperation = OPERATIONS.flatMap((operation) => {
    const { count, averageMicros, p95Micros } = operations[operation];
    return [count, averageMicros, p95Micros];
  });
  return [at, seconds, hitRate, intervalHitRate, cacheSize, cacheMaxSize, ...perOperation];
}

function emptyOperation(): OperationColumns {
  return { count: [], averageMicros: [], p95Micros: [] };
}
