/** The five kinds that every operation is counted under. */
export const OPERATIONS = ['create', 'read', 'update', 'delete', 'list'] as const;
export type Operation = (typeof OPERATIONS)[number];

/** Figures of one kind of operation. Times are in microseconds and 0 where nothing was recorded. */
export interface OperationStats {
  /** Operations recorded, the failed ones among them. */
  readonly count: number;
  readonly failures: number;
  readonly totalMicros: number;
  readonly averageMicros: number;
  readonly p50Micros: number;
  readonly p95Micros: number;
  readonly p99Micros: number;
  readonly maxMicros: number;
}

/** Everything one meter knows. */
export interface MetricsSnapshot {
  readonly operations: Readonly<Record<Operation, OperationStats>>;
  readonly totalOperations: number;
  readonly totalFailures: number;
  readonly overallAverageMicros: number;
}

/** Figures of the cache. `hitRate` is 0 to 1, and 0 before the first read. */
export interface CacheStats {
  readonly hits: number;
  readonly misses: number;
  readonly hitRate: number;
  readonly size: number;
  readonly maxSize: number;
  /** Entries that made room for others. */
  readonly evictions: number;
  /** Entries that outlived their time. */
  readonly expirations: number;
}

/** How well the watcher does, by what was found without it. */
export interface CoherenceFigures {
  /** How often everything was compared with the disk. */
  readonly reconciles: number;
  /** Changes that no event told of. */
  readonly missed: number;
  /** Of these, the ones that the store has taken over by now. */
  readonly healed: number;
}

/** What one store reports about itself. */
export interface StoreSnapshot {
  /** Around the cache: what callers feel. */
  readonly outer: MetricsSnapshot;
  /** Around the file system: what the disk costs. */
  readonly inner: MetricsSnapshot;
  readonly cache: CacheStats;
  readonly saved: {
    /** Reads that were answered without the disk. */
    readonly reads: number;
    /** Time those reads would have taken at the disk's average, less what they took; never below 0. */
    readonly micros: number;
  };
  /** Issues in the store, and the state of its watcher. */
  readonly activeIssues: number;
  readonly completedIssues: number;
  readonly watcher: 'starting' | 'watching' | 'failed';
  readonly coherence: CoherenceFigures;
}

/** What one kind of operation did in one sampling interval. Latencies are null where nothing was recorded. */
export interface OperationSample {
  readonly count: number;
  readonly averageMicros: number | null;
  readonly p95Micros: number | null;
}

/** One point of the history, taken once a second. */
export interface MetricsSample {
  /** Wall-clock time in milliseconds since the epoch. */
  readonly at: number;
  /** Length of the interval in seconds. */
  readonly seconds: number;
  /** Hit rate since the last reset, 0 to 1; null before the first read. */
  readonly hitRate: number | null;
  /** Hit rate of this interval alone; null where nothing was read. */
  readonly intervalHitRate: number | null;
  readonly cacheSize: number;
  readonly cacheMaxSize: number;
  /** What callers felt in this interval. */
  readonly operations: Readonly<Record<Operation, OperationSample>>;
}
