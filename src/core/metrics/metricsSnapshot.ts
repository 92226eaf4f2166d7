export const OPERATIONS = ['create', 'read', 'update', 'delete', 'list'] as const;
export type Operation = (typeof OPERATIONS)[number];

/** Figures of one kind of operation. Times are in microseconds, and 0 if nothing was recorded. */
export interface OperationStats {
  /** Includes failed operations. */
  readonly count: number;
  readonly failures: number;
  readonly totalMicros: number;
  readonly averageMicros: number;
  readonly p50Micros: number;
  readonly p95Micros: number;
  readonly p99Micros: number;
  readonly maxMicros: number;
}

export interface MetricsSnapshot {
  readonly operations: Readonly<Record<Operation, OperationStats>>;
  readonly totalOperations: number;
  readonly totalFailures: number;
  readonly overallAverageMicros: number;
}

/** `hitRate` is 0 to 1, and 0 before the first read. */
export interface CacheStats {
  readonly hits: number;
  readonly misses: number;
  readonly hitRate: number;
  readonly size: number;
  readonly maxSize: number;
  /** Entries removed to make room for others. */
  readonly evictions: number;
  /** Entries removed because their time to live ended. */
  readonly expirations: number;
}

/** How reliable the watcher is, measured by changes that were found without it. */
export interface CoherenceFigures {
  /** Number of full comparisons with the disk. */
  readonly reconciles: number;
  /** Changes found by reconciling for which the watcher sent no event. */
  readonly missed: number;
  /** The missed changes that the store has applied. */
  readonly healed: number;
}

export interface StoreSnapshot {
  /** Measured above the cache: the latency for callers. */
  readonly outer: MetricsSnapshot;
  /** Measured below the cache: the cost of the disk. */
  readonly inner: MetricsSnapshot;
  readonly cache: CacheStats;
  readonly saved: {
    /** Reads served without the disk. */
    readonly reads: number;
    /** Microseconds that those reads would have taken at the disk's average, minus what they took; at least 0. */
    readonly micros: number;
  };
  readonly activeIssues: number;
  readonly completedIssues: number;
  readonly watcher: 'starting' | 'watching' | 'failed';
  readonly coherence: CoherenceFigures;
}

/** Figures of one kind of operation in one sampling interval. Latencies are null if nothing was recorded. */
export interface OperationSample {
  readonly count: number;
  readonly averageMicros: number | null;
  readonly p95Micros: number | null;
}

/** One point of the history; sampled once a second. */
export interface MetricsSample {
  /** Wall-clock time in milliseconds since the epoch. */
  readonly at: number;
  /** Length of the interval in seconds. */
  readonly seconds: number;
  /** Hit rate since the last reset, 0 to 1; null before the first read. */
  readonly hitRate: number | null;
  /** Hit rate of this interval only; null if nothing was read. */
  readonly intervalHitRate: number | null;
  readonly cacheSize: number;
  readonly cacheMaxSize: number;
  /** The latency for callers in this interval. */
  readonly operations: Readonly<Record<Operation, OperationSample>>;
}
