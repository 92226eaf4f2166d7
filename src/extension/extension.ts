import { join } from 'node:path';
import { type ExtensionContext, window } from 'vscode';
import { NodeDisk, systemClock } from '../core/index.ts';
import type { CommandDeps } from './commandActions.ts';
import { ClickGuard } from './commands/clickGuard.ts';
import { registerCommands } from './commands/commandRunner.ts';
import { registerOverwriteNotice } from './commands/overwriteNotice.ts';
import { registerUndoAvailability } from './commands/undoAvailability.ts';
import { UndoHistory } from './commands/undoHistory.ts';
import { registerDiagnostics } from './diagnostics/diagnostics.ts';
import { DisposableList } from './disposableList.ts';
import { IssueEditors } from './editors/issueEditors.ts';
import { LastCleanTexts } from './editors/lastCleanTexts.ts';
import { OpenFiles } from './editors/openFiles.ts';
import { UnsavedIssues } from './editors/unsavedIssues.ts';
import { registerMetricsPanel } from './metricsPanel/metricsPanel.ts';
import { StoreMetricsSources } from './metricsPanel/metricsSources.ts';
import { registerIssueStatusBar } from './statusBar/issueStatusBar.ts';
import { discardFile } from './stores/trash.ts';
import { registerWatchFailureNotice } from './stores/watchFailureNotice.ts';
import { type IndexPlace, WorkspaceStores } from './stores/workspaceStores.ts';
import type { IssueTreeNode } from './tree/issueNodes.ts';
import { type IssueTree, registerIssueTree } from './tree/issueTree.ts';

/** What `activate` returns to other extensions and to the integration tests. */
export interface MarkdownIssuesApi {
  readonly stores: WorkspaceStores;
  readonly tree: IssueTree;
  readonly undoHistory: UndoHistory;
}

/** Composes the extension. Nothing here waits for the disk: stores open in the background. */
export function activate(context: ExtensionContext): MarkdownIssuesApi {
  const log = window.createOutputChannel('Markdown Issues', { log: true });
  const onError = (error: unknown) => log.error(error instanceof Error ? error : String(error));
  const lifetime = new DisposableList(onError);
  context.subscriptions.push(lifetime);
  lifetime.add(log);
  const disk = new NodeDisk();
  const files = new OpenFiles((uri) => stores.pathOf(uri));
  const seen = lifetime.add(new LastCleanTexts(context.workspaceState, onError));
  const editors = lifetime.add(new IssueEditors({ files, seen, disk }, onError));
  const stores = lifetime.add(new WorkspaceStores(log, { disk, discard: discardFile, editors }, indexPlace(context)));
  lifetime.add(registerWatchFailureNotice({ stores, logger: log }));
  const tree = lifetime.add(registerIssueTree({ stores, logger: log, workspaceState: context.workspaceState }));
  const sources = lifetime.add(new StoreMetricsSources(stores, onError));
  const metricsPanel = lifetime.add(registerMetricsPanel({ extensionUri: context.extensionUri, sources, logger: log }));
  const undoHistory = lifetime.add(new UndoHistory(onError));
  const unsaved = new UnsavedIssues({ stores, disk, files, seen });
  lifetime.add(registerUndoAvailability({ undoHistory, logger: log }));
  lifetime.add(registerOverwriteNotice({ stores, disk, seen, undoHistory, unsaved, editors, logger: log }));
  lifetime.add(registerDiagnostics({ stores, logger: log }));
  const commandDeps: CommandDeps = {
    ...{ stores, tree, filter: tree.filter, metricsPanel, undoHistory, unsaved, editors, log, logger: log },
    treeSelection: () => tree.selection,
    inlineClicks: new ClickGuard(systemClock),
    rowsOfKey: () => tree.rowsOfKey(),
    focusedRow: () => tree.focusedRow(),
    resetMetrics: () => sources.resetAll(),
    redraw: () => tree.provider.refresh(),
  };
  const load = async () => (await import('./commandActions.ts')).commandActions(commandDeps);
  const onRow = (row: IssueTreeNode) => tree.noteCommand(row);
  lifetime.add(registerCommands(load, { editors, logger: log, onRow, onEnd: () => tree.provider.flush() }));
  lifetime.add(registerIssueStatusBar({ stores, logger: log }));
  return { stores, tree, undoHistory };
}

/** A folder of this workspace alone, outside it; none while no folder is open. */
function indexPlace({ storageUri, extension }: ExtensionContext): IndexPlace | undefined {
  return storageUri && { folder: join(storageUri.fsPath, 'index'), writer: String(extension.packageJSON.version) };
}
