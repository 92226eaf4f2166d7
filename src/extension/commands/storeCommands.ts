import { join } from 'node:path';
import { commands, type LogOutputChannel, l10n, Uri, window } from 'vscode';
import type { Disposable } from '../../core/events.ts';
import type { MetricsPanel } from '../metricsPanel/metricsPanel.ts';
import { setShowsCompleted } from '../settings.ts';
import type { WorkspaceStores } from '../stores/workspaceStores.ts';
import { isIssueTreeNode } from '../tree/issueNodes.ts';
import { commandIds } from './commandIds.ts';
import { registerCommands } from './commandRunner.ts';

const VIEW_ID = 'markdownIssues.tree';

export interface StoreCommandDeps {
  readonly stores: WorkspaceStores;
  readonly metricsPanel: MetricsPanel;
  readonly log: LogOutputChannel;
  readonly resetMetrics: () => void;
  /** Draws the tree anew, whether anything changed or not. */
  readonly redraw: () => void;
}

/** Commands on whole stores: refresh, cache, metrics, what the tree shows. */
export function registerStoreCommands({ stores, metricsPanel, log, resetMetrics, redraw }: StoreCommandDeps): Disposable {
  return registerCommands(
    {
      [commandIds.refresh]: async () => {
        await window.withProgress({ location: { viewId: VIEW_ID } }, () => Promise.all(stores.all.map(({ store }) => store.refresh())));
        redraw();
      },
      [commandIds.clearCache]: async () => {
        for (const { store } of stores.all) {
          store.clearCache();
        }
        window.setStatusBarMessage(l10n.t('The issue cache is empty.'), 3000);
      },
      [commandIds.showMetrics]: async () => metricsPanel.show(),
      [commandIds.resetMetrics]: async () => {
        resetMetrics();
        window.setStatusBarMessage(l10n.t('The issue metrics begin anew.'), 3000);
      },
      [commandIds.showCompleted]: () => setShowsCompleted(true),
      [commandIds.hideCompleted]: () => setShowsCompleted(false),
      [commandIds.showLog]: async () => log.show(),
      [commandIds.revealOtherFolder]: async (node) => {
        if (isIssueTreeNode(node) && node.kind === 'otherFolder' && node.source.store.folder !== undefined) {
          await commands.executeCommand('revealInExplorer', Uri.file(join(node.source.store.folder, node.path)));
        }
      },
    },
    log,
  );
}
