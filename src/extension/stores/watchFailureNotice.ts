import { commands, l10n, window } from 'vscode';
import type { Disposable, Logger } from '../../core/index.ts';
import { commandIds } from '../commandIds.ts';
import { DisposableList } from '../disposableList.ts';
import { withoutLinks } from '../inertText.ts';
import type { WorkspaceStore, WorkspaceStores } from './workspaceStores.ts';

export interface WatchFailureDeps {
  readonly stores: Pick<WorkspaceStores, 'all' | 'onDidChangeState'>;
  readonly logger: Logger;
}

const STATUS_MS = 5000;

/** Says once for each failure of a store's watcher that changes go unnoticed, and why. Tries in vain are the same failure. */
export function registerWatchFailureNotice({ stores, logger }: WatchFailureDeps): Disposable {
  const lifetime = new DisposableList((error) => logger.error(String(error)));
  const told = new WeakSet<WorkspaceStore>();
  const follow = (source: WorkspaceStore) => {
    const { watchFailure } = source.store;
    if (watchFailure !== undefined && !told.has(source)) {
      told.add(source);
      tell(source, watchFailure).catch((error: unknown) => logger.error(error instanceof Error ? error : String(error)));
    } else if (source.store.snapshot().watcher === 'watching') {
      told.delete(source);
    }
  };
  lifetime.add(stores.onDidChangeState(follow));
  stores.all.forEach(follow);
  return lifetime;
}

async function tell({ name, store }: WorkspaceStore, reason: string): Promise<void> {
  const retry = l10n.t('Retry Now');
  const showLog = l10n.t('Show Log');
  const message = l10n.t('Automatic refresh is off for “{0}” ({1}). It is retried from time to time.', name, reason);
  const chosen = await window.showWarningMessage(withoutLinks(message), retry, showLog);
  if (chosen === showLog) {
    await commands.executeCommand(commandIds.showLog);
  } else if (chosen === retry) {
    await store.retryWatching();
    const outcome = store.watchFailure === undefined ? l10n.t('Automatic refresh is on again.') : l10n.t('Automatic refresh is still off.');
    window.setStatusBarMessage(outcome, STATUS_MS);
  }
}
