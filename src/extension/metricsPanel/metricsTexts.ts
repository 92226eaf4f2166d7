import { l10n } from 'vscode';
import type { MetricsTexts } from '../../protocol/metricsTexts.ts';
import { noReadsYet } from '../noReadsYet.ts';

/** The texts of the panel in the language of the editor. */
export function metricsTexts(): MetricsTexts {
  return { ...controlTexts(), ...headlineTexts(), ...chartTexts(), ...tableTexts() };
}

function controlTexts() {
  return {
    title: l10n.t('Issue Store Metrics'),
    waiting: l10n.t('Loading metrics…'),
    noStore: l10n.t('No issue store is open'),
    noStoreHint: l10n.t('Open a folder with issues to see its metrics here.'),
    live: l10n.t('Live'),
    pausedAt: l10n.t('Paused at {0}'),
    pause: l10n.t('Pause'),
    resume: l10n.t('Resume'),
    reset: l10n.t('Reset'),
    resetHint: l10n.t('Reset all metrics and start a new history'),
    store: l10n.t('Store'),
    timeRange: l10n.t('Time range'),
    minutes: l10n.t('{0} min'),
    announcePaused: l10n.t('Updates paused.'),
    announceResumed: l10n.t('Updates resumed.'),
    announceReset: l10n.t('Metrics reset.'),
  };
}

function headlineTexts() {
  return {
    headlines: l10n.t('Headline figures'),
    hitRate: l10n.t('Hit rate'),
    hitRateDetail: l10n.t('Hits {0} · misses {1}'),
    timeSaved: l10n.t('Time saved'),
    timeSavedDetail: l10n.t('Reads saved: {0}'),
    cacheEntries: l10n.t('Cache entries'),
    cacheEntriesValue: l10n.t('of {0}'),
    cacheEntriesDetail: l10n.t('Evicted {0} · expired {1}'),
    operations: l10n.t('Operations'),
    noFailures: l10n.t('None failed'),
    failures: l10n.t('Failed: {0}'),
    openIssues: l10n.t('Open issues'),
    openIssuesDetail: l10n.t('Completed: {0}'),
    watcher: l10n.t('File watcher'),
    watcherStarting: l10n.t('Starting'),
    watcherStartingDetail: l10n.t('Reading the folder'),
    watcherWatching: l10n.t('Watching'),
    watcherWatchingDetail: l10n.t('Changes show at once'),
    watcherMissedDetail: l10n.t('{0} missed, {1} healed'),
    watcherFailed: l10n.t('Failed'),
    watcherFailedDetail: l10n.t('Cached reads are verified'),
  };
}

function chartTexts() {
  return {
    charts: l10n.t('Charts'),
    cacheSize: l10n.t('Cache size'),
    operationsPerSecond: l10n.t('Operations per second'),
    averageLatency: l10n.t('Latency, average'),
    p95Latency: l10n.t('Latency, 95th percentile'),
    logarithmic: l10n.t('logarithmic'),
    overall: l10n.t('Overall'),
    recent: l10n.t('Recent'),
    entries: l10n.t('Entries'),
    limit: l10n.t('Limit'),
    create: l10n.t('Create'),
    read: l10n.t('Read'),
    update: l10n.t('Update'),
    delete: l10n.t('Delete'),
    list: l10n.t('List'),
    showSeries: l10n.t('Show {0}'),
    summary: l10n.t('{0}, last {1} minutes. {2}.'),
    summarySeries: l10n.t('{0}: {1}, highest {2}'),
    summarySeparator: l10n.t('; '),
    noValue: l10n.t('{0}: no value'),
    noOperationsYet: l10n.t('No operations yet. Hover over an issue, create one or complete one, and it is counted here.'),
    noReadsYet: noReadsYet(),
    nothingInRange: l10n.t('No operations in this time range.'),
  };
}

function tableTexts() {
  return {
    allFigures: l10n.t('All figures since the last reset'),
    callersFeel: l10n.t('With the cache'),
    callersFeelDetail: l10n.t('as callers see it'),
    diskCosts: l10n.t('On disk'),
    diskCostsDetail: l10n.t('what reached the file system'),
    operation: l10n.t('Operation'),
    count: l10n.t('Count'),
    failed: l10n.t('Failed'),
    total: l10n.t('Total'),
    average: l10n.t('Average'),
    median: l10n.t('Median'),
    p95: l10n.t('p95'),
    p99: l10n.t('p99'),
    max: l10n.t('Max'),
    allOperations: l10n.t('All'),
    cache: l10n.t('Cache'),
    hits: l10n.t('Hits'),
    misses: l10n.t('Misses'),
    evictions: l10n.t('Evictions'),
    expirations: l10n.t('Expirations'),
    cacheSaved: l10n.t('Saved by the cache'),
    readsSaved: l10n.t('Reads saved'),
    issueStore: l10n.t('Issue store'),
    activeIssues: l10n.t('Open issues'),
    completedIssues: l10n.t('Completed issues'),
    reconciles: l10n.t('Comparisons with the disk'),
    missed: l10n.t('Missed by the watcher'),
    healed: l10n.t('Healed'),
  };
}
