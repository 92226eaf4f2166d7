import { l10n } from 'vscode';
import { METRICS_TEXTS } from '../protocol/metricsTexts.ts';

/** Said by the status bar and by the metrics panel alike. */
export function noReadsYet(): string {
  return l10n.t(METRICS_TEXTS.noReadsYet);
}
