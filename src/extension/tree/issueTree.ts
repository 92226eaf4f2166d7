import {
  commands,
  env,
  l10n,
  type Memento,
  type TreeCheckboxChangeEvent,
  TreeItemCheckboxState,
  TreeItemCollapsibleState,
  window,
  workspace,
} from 'vscode';
import { type Disposable, type IssueSummary, type Logger, systemSchedule } from '../../core/index.ts';
import { commandIds } from '../commandIds.ts';
import { type CompletedState, type FilterState, setContextKey } from '../contextKeys.ts';
import { DisposableList } from '../disposableList.ts';
import { countLabel } from '../issueLabels.ts';
import { affectsSetting, showsCompleted } from '../settings.ts';
import type { WorkspaceStore, WorkspaceStores } from '../stores/workspaceStores.ts';
import { arrangementText } from './arrangementTexts.ts';
import { IssueFilter } from './issueFilter.ts';
import type { IssueTreeNode } from './issueNodes.ts';
import { IssueTreeProvider } from './issueTreeProvider.ts';
import { RenewedView } from './renewedView.ts';
import { SelectionAfterRemoval } from './selectionAfterRemoval.ts';
import { TreeDataFeed } from './treeDataFeed.ts';

const VIEW_ID = 'markdownIssues.tree';

/** The issue tree in the side bar. */
export interface IssueTree extends Disposable {
  readonly provider: IssueTreeProvider;
  readonly filter: IssueFilter;
  /** The selected rows; none while the view cannot be seen. */
  readonly selection: readonly IssueTreeNode[];
  /** The rows that a key is for, for the time that the tree has the focus: the focused row, or all that is selected if it is a part of that or there is none. */
  rowsOfKey(): Promise<readonly IssueTreeNode[]>;
  /** The row that the keyboard is at, for the time that the tree has the focus. */
  focusedRow(): Promise<IssueTreeNode | undefined>;
  /** To be told of each row that a command is called on. */
  noteCommand(row: IssueTreeNode): void;
  /** Selects the issue's row if the view is open, and leaves the focus where it is. */
  reveal(source: WorkspaceStore, summary: IssueSummary): Promise<void>;
}

export interface IssueTreeDeps {
  readonly stores: WorkspaceStores;
  readonly logger: Logger;
  /** What is kept of this workspace between sessions. */
  readonly workspaceState: Memento;
}

export function registerIssueTree({ stores, logger, workspaceState }: IssueTreeDeps): IssueTree {
  const onError = (error: unknown) => logger.error(error instanceof Error ? error : String(error));
  const lifetime = new DisposableList(onError);
  const filter = lifetime.add(new IssueFilter(stores, onError, workspaceState));
  const provider = lifetime.add(new IssueTreeProvider({ stores, filter, logger }));
  const whenReady = () => stores.whenShown();
  const view = lifetime.add(
    new RenewedView<IssueTreeNode>({
      feed: () => new TreeDataFeed({ rows: provider, whenReady, schedule: systemSchedule, onError }),
      view: (feed) =>
        window.createTreeView(VIEW_ID, {
          treeDataProvider: feed,
          canSelectMany: true,
          showCollapseAll: true,
          // A box means its own row alone, not those below it.
          manageCheckboxStateManually: true,
        }),
      onError,
    }),
  );
  const { Collapsed, Expanded } = TreeItemCollapsibleState;
  lifetime.add(view.onDidFold(({ row, isFolded }) => provider.noteFold(row, isFolded ? Collapsed : Expanded)));
  lifetime.add(view.onDidChangeCheckboxState((event) => followBoxes(provider, event).catch(onError)));
  const selectionAfterRemoval = lifetime.add(new SelectionAfterRemoval({ view, stores, provider, onError }));
  const follow = () => {
    view.message = [failureMessage(stores, provider) ?? watchMessage(stores), arrangementMessage(filter), filterMessage(filter)]
      .filter((part) => part !== undefined)
      .join(' ');
    setContextKey('markdownIssues.state', provider.state).then(undefined, onError);
    setContextKey('markdownIssues.filter', filterState(filter, provider)).then(undefined, onError);
    setContextKey('markdownIssues.completed', completedState(stores)).then(undefined, onError);
  };
  lifetime.add(provider.onDidChangeTreeData(follow));
  lifetime.add(
    filter.onDidChange(() => {
      view.description = arrangementText(filter.arrangement);
    }),
  );
  lifetime.add(stores.onDidChangeState(follow));
  lifetime.add(
    workspace.onDidChangeConfiguration((event) => {
      if (affectsSetting(event, 'tree.showCompleted')) {
        filter.refill();
      }
      if (affectsSetting(event, 'tree.showCompleted') || affectsSetting(event, 'tree.checkboxes')) {
        provider.refresh();
      }
    }),
  );
  follow();
  return {
    provider,
    filter,
    get selection() {
      return view.visible ? view.selection : [];
    },
    rowsOfKey: () => selectionAfterRemoval.rowsOfKey(),
    focusedRow: () => selectionAfterRemoval.focusedRow(),
    noteCommand: (row) => selectionAfterRemoval.noteCommand(row),
    reveal: (source, summary) => reveal(view, provider, source, summary),
    dispose: () => lifetime.dispose(),
  };
}

/** Does what the boxes mean that a person has clicked. VS Code has drawn them so already, whether it can be done or not. */
async function followBoxes(provider: IssueTreeProvider, { items }: TreeCheckboxChangeEvent<IssueTreeNode>): Promise<void> {
  for (const [row, state] of items) {
    const isChecked = state === TreeItemCheckboxState.Checked;
    const ofIssue = isChecked ? commandIds.completeIssue : commandIds.reopenIssue;
    await (row.kind === 'task' ? commands.executeCommand(commandIds.toggleTask, row, isChecked) : commands.executeCommand(ofIssue, row));
    provider.flush(row);
  }
}

async function reveal(view: RenewedView<IssueTreeNode>, provider: IssueTreeProvider, source: WorkspaceStore, summary: IssueSummary) {
  if (view.visible && provider.isShown(source, summary)) {
    await view.reveal(provider.nodeOf(source, summary), { select: true, focus: false });
  }
}

/** Above the tree, while it shows what was read before and cannot be read now. */
function failureMessage(stores: WorkspaceStores, provider: IssueTreeProvider): string | undefined {
  const failed = provider.state === 'ready' ? stores.all.find(({ store }) => store.failure !== undefined) : undefined;
  return failed && l10n.t('Cannot read the issues of “{0}”: {1}', failed.name, failed.store.failure?.message ?? '');
}

/** Above the tree, while changes on the disk may go unnoticed. */
function watchMessage(stores: WorkspaceStores): string | undefined {
  const failed = stores.all.find(({ store }) => store.watchFailure !== undefined);
  return failed && l10n.t('Automatic refresh is off ({0}). Refresh to see changes.', failed.store.watchFailure ?? '');
}

function completedState(stores: WorkspaceStores): CompletedState {
  const ready = stores.all.filter(({ store }) => store.state === 'ready');
  // Folders without a store have nothing to show, and say what is wanted only where no folder has one.
  const folders = ready.length > 0 ? ready : stores.all;
  const shown = folders.filter(({ folder }) => showsCompleted(folder)).length;
  if (shown === folders.length) {
    return 'shown';
  }
  return shown === 0 ? 'hidden' : 'mixed';
}

function filterState(filter: IssueFilter, provider: IssueTreeProvider): FilterState {
  if (filter.text === '') {
    return 'off';
  }
  // While issues are being read, nothing can be said.
  return filter.counts.shown > 0 || provider.state === 'loading' ? 'on' : 'noMatch';
}

/** Above the tree, too, because VS Code shows no description of a view that is alone in its part of the window. */
function arrangementMessage({ arrangement }: IssueFilter): string | undefined {
  const text = arrangementText(arrangement);
  return text === '' ? undefined : `${text.charAt(0).toLocaleUpperCase(env.language)}${text.slice(1)}.`;
}

/** What is left out, where anything is shown: a view with a message shows no welcome, which says that nothing fits. */
function filterMessage(filter: IssueFilter): string | undefined {
  const { shown, all } = filter.counts;
  return filter.text === '' || shown === 0
    ? undefined
    : l10n.t('Filter: {0} — {1} of {2}', filter.text, countLabel(shown), countLabel(all));
}
