import * as v from 'valibot';

/**
 * Every text of the metrics panel. The host translates them and puts them into the page; `{0}`, `{1}` … stand for values that the
 * webview fills in. Wordings avoid plurals, which the translation format does not know.
 */
const TEXT_KEYS = [
  'title',
  'waiting',
  'noStore',
  'noStoreHint',
  'live',
  'pausedAt',
  'pause',
  'resume',
  'reset',
  'resetHint',
  'store',
  'timeRange',
  'minutes',
  'announcePaused',
  'announceResumed',
  'announceReset',
  'headlines',
  'charts',
  'allFigures',
  'hitRate',
  'hitRateDetail',
  'timeSaved',
  'timeSavedDetail',
  'cacheEntries',
  'cacheEntriesValue',
  'cacheEntriesDetail',
  'operations',
  'noFailures',
  'failures',
  'openIssues',
  'openIssuesDetail',
  'watcher',
  'watcherStarting',
  'watcherStartingDetail',
  'watcherWatching',
  'watcherWatchingDetail',
  'watcherFailed',
  'watcherFailedDetail',
  'cacheSize',
  'operationsPerSecond',
  'averageLatency',
  'p95Latency',
  'logarithmic',
  'overall',
  'recent',
  'entries',
  'limit',
  'create',
  'read',
  'update',
  'delete',
  'list',
  'showSeries',
  'summary',
  'summarySeries',
  'summarySeparator',
  'noValue',
  'noOperationsYet',
  'noReadsYet',
  'nothingInRange',
  'callersFeel',
  'callersFeelDetail',
  'diskCosts',
  'diskCostsDetail',
  'operation',
  'count',
  'failed',
  'total',
  'average',
  'median',
  'p95',
  'p99',
  'max',
  'allOperations',
  'cache',
  'hits',
  'misses',
  'evictions',
  'expirations',
  'cacheSaved',
  'readsSaved',
  'issueStore',
  'activeIssues',
  'completedIssues',
  'reconciles',
  'missed',
  'healed',
  'watcherMissedDetail',
] as const;

export type MetricsTextKey = (typeof TEXT_KEYS)[number];
export type MetricsTexts = Readonly<Record<MetricsTextKey, string>>;

const texts: v.GenericSchema<unknown, MetricsTexts> = v.object(v.entriesFromList(TEXT_KEYS, v.string()));

/** @throws where a text is missing: host and webview come out of one build, so that is a mistake in it. */
export function parseMetricsTexts(data: unknown): MetricsTexts {
  return v.parse(texts, data);
}

/** Puts `values[n]` in the place of `{n}`. */
export function fillText(text: string, ...values: readonly string[]): string {
  return text.replace(/\{(\d+)\}/g, (placeholder, index: string) => values[Number(index)] ?? placeholder);
}
