import type { WorkspaceStores } from '../../../src/extension/stores/workspaceStores.ts';
import { until } from '../../support/polling.ts';

/** Resolves when all stores watch: that begins after their first rows, and nobody waits for it. */
export async function untilWatching(stores: WorkspaceStores): Promise<void> {
  await until(() => stores.all.every(({ store }) => store.snapshot().watcher === 'watching'), 'every store to be watched');
}
