import { l10n } from 'vscode';
import { NO_READS_YET } from '../protocol/noReadsYet.ts';

/** Said by the status bar and by the metrics panel alike. */
export function noReadsYet(): string {
  return l10n.t(NO_READS_YET);
}
