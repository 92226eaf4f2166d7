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
  /** The hits that took a stat, because the time to live had ended or nobody was watching. */
  readonly revalidated: number;
  /** Entries stored before anybody asked for them. They count as hits from then on. */
  readonly readAhead: number;
  /** The entries among them that somebody has asked for. */
  readonly readAheadUsed: number;
  /** Number of entries, expired ones included. */
  readonly size: number;
  readonly maxSize: number;
  /** Size of the texts, at 2 bytes per UTF-16 unit. */
  readonly bytes: number;
  readonly maxBytes: number;
  /** Entries removed to make room for others, unless they were read ahead and never used. */
  readonly evictions: number;
  /** Entries removed because their file had changed when their time to live had ended. */
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
    /**
     * Microseconds that those reads would have taken at the disk's average, minus what they took; at least 0, and 0 as long as no caller had to
     * wait for the disk, so that there is no average.
     */
    readonly micros: number;
  };
  /** The reads of each caller that has read, by its name. Those of searches are the texts that were not in the cache. */
  readonly readsBy: Readonly<Record<string, OperationStats>>;
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
