import {
  type MetricsSample,
  type MetricsSnapshot,
  OPERATIONS,
  type Operation,
  type OperationSample,
  type OperationStats,
  type StoreSnapshot,
} from '../../../src/core/metrics/metricsSnapshot.ts';

const NOTHING: OperationSample = { count: 0, averageMicros: null, p95Micros: null };

/** A sample of one second in which nothing happened but what is given. */
export function sample(
  at: number,
  operations: Partial<Record<Operation, OperationSample>> = {},
  fields: Partial<Omit<MetricsSample, 'operations'>> = {},
): MetricsSample {
  return {
    at,
    seconds: 1,
    hitRate: null,
    intervalHitRate: null,
    cacheSize: 0,
    cacheMaxSize: 1000,
    operations: { create: NOTHING, read: NOTHING, update: NOTHING, delete: NOTHING, list: NOTHING, ...operations },
    ...fields,
  };
}

export function storeSnapshot(fields: Partial<StoreSnapshot> = {}): StoreSnapshot {
  return {
    outer: meter(),
    inner: meter(),
    cache: {
      ...{ hits: 3, misses: 1, hitRate: 0.75, revalidated: 1, readAhead: 2, readAheadUsed: 1 },
      ...{ size: 1, maxSize: 1000, bytes: 2048, maxBytes: 64 * 1024 * 1024, evictions: 0, expirations: 0 },
    },
    saved: { reads: 3, micros: 270.5 },
    readsBy: { tooltip: meter().operations.read },
    activeIssues: 13,
    completedIssues: 325,
    watcher: 'watching',
    coherence: { reconciles: 2, missed: 0, healed: 0 },
    ...fields,
  };
}

function meter(): MetricsSnapshot {
  const stats: OperationStats = {
    count: 4,
    failures: 1,
    totalMicros: 400.5,
    averageMicros: 100.125,
    p50Micros: 90,
    p95Micros: 180,
    p99Micros: 200,
    maxMicros: 201,
  };
  const operations = Object.fromEntries(OPERATIONS.map((operation) => [operation, stats])) as Record<Operation, OperationStats>;
  return { operations, totalOperations: 20, totalFailures: 5, overallAverageMicros: 100.125 };
}
