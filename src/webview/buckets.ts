import type { HistoryColumns } from '../protocol/metricsHistory.ts';
import { OPERATIONS, type Operation } from '../protocol/operations.ts';
import type { RangeMinutes } from './viewState.ts';

/** Values of one series; null makes a gap. */
export type Column = (number | null)[];

/** The data of the charts: a time window in buckets, oldest first. All columns have the same length. */
export interface Buckets {
  /** The window in milliseconds since the epoch. Points may lie before `from`, so that lines enter the chart from its edge. */
  readonly from: number;
  readonly to: number;
  /** Time of the last sample in each bucket, strictly ascending. */
  readonly at: number[];
  /** Since the last reset, at the end of the bucket. */
  readonly hitRate: Column;
  /** In the bucket alone, weighted by reads. */
  readonly recentHitRate: Column;
  readonly cacheSize: Column;
  readonly cacheMaxSize: Column;
  readonly operations: Readonly<Record<Operation, OperationBuckets>>;
}

export interface OperationBuckets {
  /** Operations per second. */
  readonly rate: Column;
  /** Microseconds over all operations in the bucket. */
  readonly average: Column;
  /** Microseconds; the highest of the bucket's samples, so that a spike never vanishes in a longer range. */
  readonly p95: Column;
}

/** Each range gives about as many buckets as a chart has room for. */
const BUCKET_MILLIS: Readonly<Record<RangeMinutes, number>> = { 1: 1000, 5: 2000, 15: 5000 };

/** A sample that is later than its interval by more than this follows a gap: the machine slept, or the extension host was down. */
const GAP_TOLERANCE_MILLIS = 2500;

/**
 * The part of the history that a chart of this range shows. The window ends at the newest sample.
 *
 * Where the clock was set back, samples from before that moment are left out, since time on a chart only runs forward.
 * @param now end of the window where the history is empty, in milliseconds since the epoch.
 */
export function toBuckets(history: HistoryColumns, rangeMinutes: RangeMinutes, now: number): Buckets {
  const to = history.at.at(-1) ?? now;
  const from = to - rangeMinutes * 60_000;
  const bucketMillis = BUCKET_MILLIS[rangeMinutes];
  const buckets = emptyBuckets(from, to);
  let start = firstRow(history.at, Math.floor(from / bucketMillis) * bucketMillis);
  while (start < history.at.length) {
    const end = bucketEnd(history, start, bucketMillis);
    if (start > 0 && buckets.at.length > 0 && isAfterGap(history, start)) {
      addGap(buckets, (history.at[start - 1] ?? 0) + 1);
    }
    addBucket(buckets, history, start, end);
    start = end;
  }
  return buckets;
}

function emptyBuckets(from: number, to: number): Buckets {
  const operation = (): OperationBuckets => ({ rate: [], average: [], p95: [] });
  return {
    from,
    to,
    at: [],
    hitRate: [],
    recentHitRate: [],
    cacheSize: [],
    cacheMaxSize: [],
    operations: { create: operation(), read: operation(), update: operation(), delete: operation(), list: operation() },
  };
}

/** The first row at or after `from` in the ascending run that ends the column. */
function firstRow(at: readonly number[], from: number): number {
  let row = at.length;
  let next = Number.POSITIVE_INFINITY;
  while (row > 0) {
    const time = at[row - 1] ?? Number.NEGATIVE_INFINITY;
    if (time < from || time >= next) {
      break;
    }
    next = time;
    row -= 1;
  }
  return row;
}

/** The row after the last of the bucket that begins with row `start`. Buckets stand at fixed times, so that points do not change as the window moves. */
function bucketEnd({ at }: HistoryColumns, start: number, bucketMillis: number): number {
  const bucketOf = (row: number) => Math.floor((at[row] ?? Number.NaN) / bucketMillis);
  const bucket = bucketOf(start);
  let end = start + 1;
  while (bucketOf(end) === bucket) {
    end += 1;
  }
  return end;
}

function isAfterGap({ at, seconds }: HistoryColumns, row: number): boolean {
  const elapsed = (at[row] ?? 0) - (at[row - 1] ?? 0);
  return elapsed > (seconds[row] ?? 0) * 1000 + GAP_TOLERANCE_MILLIS;
}

function addGap(buckets: Buckets, at: number): void {
  buckets.at.push(at);
  for (const column of valueColumns(buckets)) {
    column.push(null);
  }
}

function addBucket(buckets: Buckets, history: HistoryColumns, start: number, end: number): void {
  const last = end - 1;
  const seconds = sum(history.seconds.slice(start, end));
  buckets.at.push(history.at[last] ?? 0);
  buckets.hitRate.push(history.hitRate[last] ?? null);
  buckets.cacheSize.push(history.cacheSize[last] ?? null);
  buckets.cacheMaxSize.push(history.cacheMaxSize[last] ?? null);
  // Lists look into the cache too, so an interval can have a hit rate without a read; it counts as one.
  const readWeights = history.operations.read.count.slice(start, end).map((reads) => Math.max(1, reads));
  buckets.recentHitRate.push(weightedMean(history.intervalHitRate.slice(start, end), readWeights));
  for (const operation of OPERATIONS) {
    const columns = history.operations[operation];
    const counts = columns.count.slice(start, end);
    const target = buckets.operations[operation];
    target.rate.push(seconds > 0 ? sum(counts) / seconds : null);
    target.average.push(weightedMean(columns.averageMicros.slice(start, end), counts));
    target.p95.push(highest(columns.p95Micros.slice(start, end)));
  }
}

function valueColumns(buckets: Buckets): Column[] {
  const { hitRate, recentHitRate, cacheSize, cacheMaxSize, operations } = buckets;
  const perOperation = OPERATIONS.flatMap((operation) => {
    const { rate, average, p95 } = operations[operation];
    return [rate, average, p95];
  });
  return [hitRate, recentHitRate, cacheSize, cacheMaxSize, ...perOperation];
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function weightedMean(values: Readonly<Column>, weights: readonly number[]): number | null {
  let total = 0;
  let weight = 0;
  for (const [index, value] of values.entries()) {
    const share = weights[index] ?? 0;
    if (value !== null) {
      total += value * share;
      weight += share;
    }
  }
  return weight > 0 ? total / weight : null;
}

function highest(values: Readonly<Column>): number | null {
  let result: number | null = null;
  for (const value of values) {
    if (value !== null && (result === null || value > result)) {
      result = value;
    }
  }
  return result;
}
