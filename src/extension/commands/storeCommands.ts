import { join } from 'node:path';
import { commands, type LogOutputChannel, l10n, ProgressLocation, Uri, window } from 'vscode';
import type { Verification } from '../../core/index.ts';
import { commandIds } from '../commandIds.ts';
import type { MetricsPanel } from '../metricsPanel/metricsPanel.ts';
import { setShowsCompleted } from '../settings.ts';
import type { WorkspaceStores } from '../stores/workspaceStores.ts';
import { isIssueTreeNode } from '../tree/issueNodes.ts';
import type { CommandActions } from './commandRunner.ts';

const VIEW_ID = 'markdownIssues.tree';

export interface StoreCommandDeps {
  readonly stores: WorkspaceStores;
  readonly metricsPanel: MetricsPanel;
  readonly log: LogOutputChannel;
  readonly resetMetrics: () => void;
  /** Redraws the tree, whether anything changed or not. */
  readonly redraw: () => void;
}

/** Commands on whole stores: refresh, cache, metrics, what the tree shows. */
export function storeCommands({ stores, metricsPanel, log, resetMetrics, redraw }: StoreCommandDeps) {
  return {
    [commandIds.refresh]: async () => {
      await window.withProgress({ location: { viewId: VIEW_ID } }, () => Promise.all(stores.all.map(({ store }) => store.refresh())));
      redraw();
    },
    [commandIds.verifyStore]: () => verifyStores(stores),
    [commandIds.clearCache]: async () => {
      for (const { store } of stores.all) {
        store.clearCache();
      }
      window.setStatusBarMessage(l10n.t('Cache cleared'), 3000);
    },
    [commandIds.showMetrics]: () => metricsPanel.show(),
    [commandIds.resetMetrics]: async () => {
      resetMetrics();
      window.setStatusBarMessage(l10n.t('Metrics reset'), 3000);
    },
    [commandIds.showCompleted]: () => setShowsCompleted(true),
    [commandIds.hideCompleted]: () => setShowsCompleted(false),
    [commandIds.showLog]: async () => log.show(),
    [commandIds.revealOtherFolder]: async (node) => {
      if (isIssueTreeNode(node) && node.kind === 'otherFolder' && node.source.store.folder !== undefined) {
        await commands.executeCommand('revealInExplorer', Uri.file(join(node.source.store.folder, node.path)));
      }
    },
  } satisfies Partial<CommandActions>;
}

/** Reads every file of every store, and says what was different and what cannot be read. */
async function verifyStores(stores: WorkspaceStores): Promise<void> {
  const reports = await window.withProgress({ location: ProgressLocation.Notification, title: l10n.t('Verifying the issue store…') }, () =>
    Promise.all(stores.all.map(({ store }) => store.verify())),
  );
  const sum = (pick: (report: Verification) => number) => reports.reduce((total, report) => total + pick(report), 0);
  const [issues, differences, problems] = [
    sum((each) => each.issues),
    sum((each) => each.differences.length),
    sum((each) => each.problems),
  ];
  const healed =
    differences === 0
      ? l10n.t('All {0} issues are up to date.', issues)
      : differences === 1
        ? l10n.t('Updated 1 stale issue.')
        : l10n.t('Updated {0} stale issues.', differences);
  const unread = problems === 0 ? '' : ` ${l10n.t('Files that cannot be read: {0}.', problems)}`;
  await (problems === 0 ? window.showInformationMessage(healed) : window.showWarningMessage(healed + unread));
}
