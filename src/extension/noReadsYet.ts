import { l10n } from 'vscode';

/** Says what fills the cache. Files that are opened and texts that are searched go past it. */
export function noReadsYet(): string {
  return l10n.t('No reads yet. An issue is read through the cache when you first hover over its row.');
}
