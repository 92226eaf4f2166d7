import { l10n, window } from 'vscode';
import type { Disposable } from '../../core/events.ts';
import type { Issue, IssueSummary } from '../../core/issue/issue.ts';
import type { Logger } from '../../core/logger.ts';
import type { BatchResult } from '../../core/storage/issueStorage.ts';
import type { IssueStore } from '../../core/store/issueStore.ts';
import { closeTabsOf, followMovedFiles, type MovedFile, saveOpenDocuments } from '../editors/openEditors.ts';
import { withoutLinks } from '../inertText.ts';
import { issueLabel } from '../issueLabels.ts';
import { hasTrash } from '../stores/trash.ts';
import { commandIds } from './commandIds.ts';
import { registerCommands } from './commandRunner.ts';
import { type IssueTarget, type TargetContext, targetsOf } from './issueTargets.ts';

export interface BatchCommandDeps extends TargetContext {
  readonly logger: Logger;
}

/** Commands that work on all selected issues at once: complete, reopen, delete. */
export function registerBatchCommands(deps: BatchCommandDeps): Disposable {
  return registerCommands(
    {
      [commandIds.completeIssue]: (...args) => relocate(deps, args, true),
      [commandIds.reopenIssue]: (...args) => relocate(deps, args, false),
      [commandIds.deleteIssue]: (...args) => deleteIssues(deps, args),
    },
    deps.logger,
  );
}

async function relocate(deps: BatchCommandDeps, args: readonly unknown[], completed: boolean): Promise<void> {
  const placeholder = completed ? l10n.t('Choose the issue to complete') : l10n.t('Choose the issue to reopen');
  const targets = await targetsOf(deps, args, (summary) => summary.completed !== completed, placeholder);
  if (targets === undefined || targets.length === 0) {
    return;
  }
  await saveOpenDocuments(targets.map(({ summary }) => summary.filePath));
  const undo = await forEachStore(targets, async (store, summaries) => {
    const result = await (completed ? store.markCompleteBatch(summaries) : store.reopenBatch(summaries));
    const moves = movesOf(summaries, result);
    await followMovedFiles(moves);
    return async () => {
      await saveOpenDocuments(moves.map(({ to }) => to));
      await result.undo();
      await followMovedFiles(moves.map(({ from, to }) => ({ from: to, to: from })));
    };
  });
  offerUndo(deps, completed ? completedMessage(targets) : reopenedMessage(targets), undo);
}

async function deleteIssues(deps: BatchCommandDeps, args: readonly unknown[]): Promise<void> {
  const targets = await targetsOf(deps, args, () => true, l10n.t('Choose the issue to delete'));
  if (targets === undefined || targets.length === 0 || !(await confirmDeletion(targets))) {
    return;
  }
  await saveOpenDocuments(targets.map(({ summary }) => summary.filePath));
  const undo = await forEachStore(targets, async (store, summaries) => (await store.deleteIssuesBatch(summaries)).undo);
  await closeTabsOf(targets.map(({ summary }) => summary.filePath));
  const message = isSingle(targets)
    ? l10n.t('Deleted {0}.', issueLabel(targets[0].summary))
    : l10n.t('Deleted {0} issues.', targets.length);
  offerUndo(deps, message, undo);
}

async function confirmDeletion(targets: readonly IssueTarget[]): Promise<boolean> {
  const question = isSingle(targets)
    ? l10n.t('Are you sure you want to delete “{0}”?', issueLabel(targets[0].summary))
    : l10n.t('Are you sure you want to delete these {0} issues?', targets.length);
  const toTrash = hasTrash();
  const action = toTrash ? l10n.t('Move to Trash') : l10n.t('Delete');
  const names = targets.slice(0, 10).map(({ summary }) => issueLabel(summary));
  const more = targets.length > names.length ? [l10n.t('and {0} more', targets.length - names.length)] : [];
  const consequence = toTrash
    ? l10n.t('The trash keeps what you delete.')
    : l10n.t('There is no trash here. Right after, you can still undo it.');
  const detail = isSingle(targets) ? consequence : [...names, ...more, '', consequence].join('\n');
  return (await window.showWarningMessage(question, { modal: true, detail }, action)) === action;
}

/** One batch for each store that has some of the targets; all of them or none. @returns what takes all of them back, the last one first. */
async function forEachStore(
  targets: readonly IssueTarget[],
  run: (store: IssueStore, summaries: readonly IssueSummary[]) => Promise<() => Promise<void>>,
): Promise<() => Promise<void>> {
  const undos: (() => Promise<void>)[] = [];
  const undoAll = async () => {
    for (const undo of undos) {
      await undo();
    }
  };
  try {
    for (const store of new Set(targets.map(({ source }) => source.store))) {
      const summaries = targets.filter(({ source }) => source.store === store).map(({ summary }) => summary);
      undos.unshift(await run(store, summaries));
    }
  } catch (error) {
    await undoAll();
    throw error;
  }
  return undoAll;
}

/** Says what was done and offers to take it back, without keeping the command waiting. */
function offerUndo({ logger }: BatchCommandDeps, message: string, undo: () => Promise<void>): void {
  const action = l10n.t('Undo');
  const takeBack = async () => {
    if ((await window.showInformationMessage(withoutLinks(message), action)) === action) {
      await undo();
    }
  };
  takeBack().catch((error: unknown) => {
    logger.error(error instanceof Error ? error : String(error));
    const reason = error instanceof Error ? error.message : String(error);
    window
      .showErrorMessage(withoutLinks(l10n.t('That could not be undone: {0}', reason)))
      .then(undefined, (failure: unknown) => logger.error(String(failure)));
  });
}

function movesOf(before: readonly IssueSummary[], { issues }: BatchResult<Issue>): MovedFile[] {
  return before.flatMap(({ filePath }, index) => {
    const to = issues[index]?.filePath;
    return to === undefined ? [] : [{ from: filePath, to }];
  });
}

function completedMessage(targets: readonly IssueTarget[]): string {
  return isSingle(targets) ? l10n.t('Completed {0}.', issueLabel(targets[0].summary)) : l10n.t('Completed {0} issues.', targets.length);
}

function reopenedMessage(targets: readonly IssueTarget[]): string {
  return isSingle(targets) ? l10n.t('Reopened {0}.', issueLabel(targets[0].summary)) : l10n.t('Reopened {0} issues.', targets.length);
}

function isSingle(targets: readonly IssueTarget[]): targets is readonly [IssueTarget] {
  return targets.length === 1;
}
