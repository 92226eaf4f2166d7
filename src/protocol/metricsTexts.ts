import * as v from 'valibot';
import { NO_READS_YET } from './noReadsYet.ts';

/**
 * Every text of the metrics panel, in English. The host translates them and puts them into the page; the webview fills in `{0}`, `{1}` …
 * The texts avoid plurals, because the translation format has no plural forms.
 */
export const METRICS_TEXTS = {
  title: 'Issue Store Metrics',
  waiting: 'Loading metrics…',
  noStore: 'No issue store is open',
  noStoreHint: 'Open a folder with issues to see its metrics here.',
  live: 'Live',
  pausedAt: 'Paused at {0}',
  pause: 'Pause',
  resume: 'Resume',
  reset: 'Reset',
  resetHint: 'Reset all metrics and start a new history',
  store: 'Store',
  timeRange: 'Time range',
  minutes: '{0} min',
  announcePaused: 'Updates paused.',
  announceResumed: 'Updates resumed.',
  announceReset: 'Metrics reset.',
  headlines: 'Headline figures',
  hitRate: 'Hit rate',
  hitRateDetail: 'Hits {0} · misses {1}',
  timeSaved: 'Time saved',
  timeSavedDetail: 'Reads saved: {0}',
  cacheEntries: 'Cache entries',
  cacheEntriesValue: 'of {0}',
  cacheEntriesDetail: 'Evicted {0} · expired {1}',
  operations: 'Operations',
  noFailures: 'None failed',
  failures: 'Failed: {0}',
  openIssues: 'Open issues',
  openIssuesDetail: 'Completed: {0}',
  watcher: 'File watcher',
  watcherStarting: 'Starting',
  watcherStartingDetail: 'Reading the folder',
  watcherWatching: 'Watching',
  watcherWatchingDetail: 'Changes show at once',
  watcherMissedDetail: '{0} missed, {1} healed',
  watcherFailed: 'Failed',
  watcherFailedDetail: 'Cached reads are verified',
  charts: 'Charts',
  cacheSize: 'Cache size',
  operationsPerSecond: 'Operations per second',
  averageLatency: 'Latency, average',
  p95Latency: 'Latency, 95th percentile',
  logarithmic: 'logarithmic',
  overall: 'Overall',
  recent: 'Recent',
  entries: 'Entries',
  limit: 'Limit',
  create: 'Create',
  read: 'Read',
  update: 'Update',
  delete: 'Delete',
  list: 'List',
  showSeries: 'Show {0}',
  summary: '{0}, last {1} minutes. {2}.',
  summarySeries: '{0}: {1}, highest {2}',
  summarySeparator: '; ',
  noValue: '{0}: no value',
  noOperationsYet: 'No operations yet. Hover over an issue, create one or complete one, and it is counted here.',
  noReadsYet: NO_READS_YET,
  nothingInRange: 'No operations in this time range.',
  allFigures: 'All figures since the last reset',
  callersFeel: 'With the cache',
  callersFeelDetail: 'as callers see it',
  diskCosts: 'On disk',
  diskCostsDetail: 'what reached the file system',
  operation: 'Operation',
  count: 'Count',
  failed: 'Failed',
  total: 'Total',
  average: 'Average',
  median: 'Median',
  p95: 'p95',
  p99: 'p99',
  max: 'Max',
  allOperations: 'All',
  cache: 'Cache',
  hits: 'Hits',
  misses: 'Misses',
  revalidated: 'Revalidated hits',
  readAhead: 'Read ahead',
  readAheadUsed: 'Used of that',
  textSize: 'Text in memory',
  textSizeValue: '{0} of {1}',
  evictions: 'Evictions',
  expirations: 'Expirations',
  readsByFeature: 'Reads by feature',
  readsByFeatureDetail: 'as each of them sees it',
  feature: 'Feature',
  tooltip: 'Tooltips',
  tasks: 'Tasks',
  search: 'Search',
  commands: 'Commands',
  agents: 'Agents',
  cacheSaved: 'Saved by the cache',
  readsSaved: 'Reads saved',
  issueStore: 'Issue store',
  activeIssues: 'Open issues',
  completedIssues: 'Completed issues',
  reconciles: 'Comparisons with the disk',
  missed: 'Missed by the watcher',
  healed: 'Healed',
} as const;

export type MetricsTexts = Readonly<Record<keyof typeof METRICS_TEXTS, string>>;

const TEXT_KEYS = Object.keys(METRICS_TEXTS) as (keyof MetricsTexts)[];

const texts: v.GenericSchema<unknown, MetricsTexts> = v.object(v.entriesFromList(TEXT_KEYS, v.string()));

/** @throws if a text is missing, which only a broken build can cause. */
export function parseMetricsTexts(data: unknown): MetricsTexts {
  return v.parse(texts, data);
}

/** Replaces each `{n}` with `values[n]`. */
export function fillText(text: string, ...values: readonly string[]): string {
  return text.replace(/\{(\d+)\}/g, (placeholder, index: string) => values[Number(index)] ?? placeholder);
}
