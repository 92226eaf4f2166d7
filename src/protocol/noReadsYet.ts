/** Said by the metrics panel and, without the panel's other texts, by the status bar. In English; the host translates it. */
export const NO_READS_YET = 'No reads yet. An issue is read through the cache when you first hover over its row.';
