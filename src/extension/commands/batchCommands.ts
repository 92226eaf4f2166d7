import { l10n, window } from 'vscode';
import type { IssueSummary } from '../../core/issue/issue.ts';
import type { IssueStore } from '../../core/store/issueStore.ts';
import { issueLabel } from '../issueLabels.ts';
import { hasTrash } from '../stores/trash.ts';
import { commandIds } from './commandIds.ts';
import type { CommandActions } from './commandRunner.ts';
import { type IssueTarget, type TargetContext, targetsOf } from './issueTargets.ts';
import { offerUndo, type UndoableChange, type UndoDeps, undoChanges } from './undoCommand.ts';

export interface BatchCommandDeps extends TargetContext, UndoDeps {}

/** Commands that work on all selected issues at once: complete, reopen, delete. */
export function batchCommands(deps: BatchCommandDeps) {
  return {
    [commandIds.completeIssue]: (...args) => relocate(deps, args, true),
    [commandIds.reopenIssue]: (...args) => relocate(deps, args, false),
    [commandIds.deleteIssue]: (...args) => deleteIssues(deps, args),
  } satisfies Partial<CommandActions>;
}

async function relocate(deps: BatchCommandDeps, args: readonly unknown[], completed: boolean): Promise<void> {
  const placeholder = completed ? l10n.t('Choose the issue to complete') : l10n.t('Choose the issue to reopen');
  const targets = await targetsOf(deps, args, (summary) => summary.completed !== completed, placeholder);
  if (targets === undefined || targets.length === 0) {
    return;
  }
  await deps.unsaved.save(targets.map(({ summary }) => summary.filePath));
  const changes = await forEachStore(deps, targets, async (store, summaries) => {
    const result = await (completed ? store.markCompleteBatch(summaries) : store.reopenBatch(summaries));
    return { result, filePaths: result.issues.map(({ filePath }) => filePath) };
  });
  offerUndo(deps, completed ? completedLabel(targets) : reopenedLabel(targets), changes);
}

async function deleteIssues(deps: BatchCommandDeps, args: readonly unknown[]): Promise<void> {
  const targets = await targetsOf(deps, args, () => true, l10n.t('Choose the issue to delete'));
  if (targets === undefined || targets.length === 0 || !(await confirmDeletion(targets))) {
    return;
  }
  await deps.unsaved.save(targets.map(({ summary }) => summary.filePath));
  const changes = await forEachStore(deps, targets, async (store, summaries) => ({
    result: await store.deleteIssuesBatch(summaries),
    filePaths: [],
  }));
  const label = isSingle(targets) ? l10n.t('Deleted {0}', issueLabel(targets[0].summary)) : l10n.t('Deleted {0} issues', targets.length);
  offerUndo(deps, label, changes);
}

async function confirmDeletion(targets: readonly IssueTarget[]): Promise<boolean> {
  const question = isSingle(targets)
    ? l10n.t('Are you sure you want to delete “{0}”?', issueLabel(targets[0].summary))
    : l10n.t('Are you sure you want to delete these {0} issues?', targets.length);
  const toTrash = hasTrash();
  const action = toTrash ? l10n.t('Move to Trash') : l10n.t('Delete');
  const names = targets.slice(0, 10).map(({ summary }) => issueLabel(summary));
  const more = targets.length > names.length ? [l10n.t('and {0} more', targets.length - names.length)] : [];
  const consequence = toTrash ? l10n.t('The trash keeps what you delete.') : consequenceWithoutTrash(targets);
  const detail = isSingle(targets) ? consequence : [...names, ...more, '', consequence].join('\n');
  return (await window.showWarningMessage(question, { modal: true, detail }, action)) === action;
}

/** A file whose bytes nobody can read cannot be written anew. */
function consequenceWithoutTrash(targets: readonly IssueTarget[]): string {
  const unreadable = targets.filter(({ summary: { problem } }) => problem !== undefined && problem.code !== 'notText');
  if (unreadable.length === 0) {
    return l10n.t('There is no trash here. Right after, you can still undo it.');
  }
  return isSingle(targets)
    ? l10n.t('There is no trash here, and the file cannot be read: this cannot be undone.')
    : l10n.t('There is no trash here, and files among them that cannot be read ({0}) are gone for good.', unreadable.length);
}

/** One batch for each store that has some of the targets; all of them or none. */
async function forEachStore(
  deps: UndoDeps,
  targets: readonly IssueTarget[],
  run: (store: IssueStore, summaries: readonly IssueSummary[]) => Promise<UndoableChange>,
): Promise<readonly UndoableChange[]> {
  const changes: UndoableChange[] = [];
  try {
    for (const store of new Set(targets.map(({ source }) => source.store))) {
      const summaries = targets.filter(({ source }) => source.store === store).map(({ summary }) => summary);
      changes.push(await run(store, summaries));
    }
  } catch (error) {
    await undoChanges(deps, changes);
    throw error;
  }
  return changes;
}

function completedLabel(targets: readonly IssueTarget[]): string {
  return isSingle(targets) ? l10n.t('Completed {0}', issueLabel(targets[0].summary)) : l10n.t('Completed {0} issues', targets.length);
}

function reopenedLabel(targets: readonly IssueTarget[]): string {
  return isSingle(targets) ? l10n.t('Reopened {0}', issueLabel(targets[0].summary)) : l10n.t('Reopened {0} issues', targets.length);
}

function isSingle(targets: readonly IssueTarget[]): targets is readonly [IssueTarget] {
  return targets.length === 1;
}
