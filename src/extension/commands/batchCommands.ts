import { l10n, window } from 'vscode';
import { ConflictError, IssueError, type IssueSummary, isCompleted, versionOf } from '../../core/index.ts';
import { commandIds } from '../commandIds.ts';
import { bytesOf } from '../editors/documentBytes.ts';
import { issueLabel } from '../issueLabels.ts';
import { hasTrash } from '../stores/trash.ts';
import type { CommandActions } from './commandRunner.ts';
import { currentTarget, filePathOf, type IssueTarget, type TargetContext, targetsOf } from './issueTargets.ts';
import { byStore, inEachStore } from './storeBatches.ts';
import { offerUndo, type UndoDeps } from './undoCommand.ts';

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
  const isFor = (summary: IssueSummary) => isCompleted(summary) !== completed;
  const targets = await targetsOf(deps, args, { isFor, writes: completed ? 'complete' : 'reopen', placeholder });
  if (targets === undefined || targets.length === 0) {
    return;
  }
  await deps.unsaved.save(targets.map(filePathOf));
  const label = completed ? completedLabel(targets) : reopenedLabel(targets);
  const changes = await inEachStore(deps, label, byStore(targets), async ({ source: { store }, targets: ofStore }) => {
    const summaries = ofStore.map(({ summary }) => summary);
    const issues = store.for('commands');
    const { undo } = await (completed ? issues.markCompleteBatch(summaries) : issues.reopenBatch(summaries));
    return { store, undo, editedPaths: [] };
  });
  offerUndo(deps, label, changes);
}

/**
 * Deletes what was asked about and nothing else: what an agent has changed since is asked about once more. What the user types after the
 * answer is no part of it, and the next key could answer another question: then nothing is deleted.
 */
async function deleteIssues(deps: BatchCommandDeps, args: readonly unknown[]): Promise<void> {
  let targets = await targetsOf(deps, args, { isFor: () => true, writes: 'delete', placeholder: l10n.t('Choose the issue to delete') });
  for (let hasChanged = false; targets !== undefined && targets.length > 0; hasChanged = true) {
    if (!(await confirmDeletion(targets, hasChanged))) {
      return;
    }
    const answeredAt = Date.now();
    try {
      await deleteAsSeen(deps, targets);
      return;
    } catch (error) {
      refuseEdited(deps, targets, answeredAt);
      if (!(error instanceof ConflictError)) {
        throw error;
      }
      targets = await seenAnew(targets);
      if (targets.length === 0) {
        throw error;
      }
    }
  }
}

/** @throws IssueError `conflict` if somebody has typed in one of the issues since then. */
function refuseEdited({ editors }: BatchCommandDeps, targets: readonly IssueTarget[], since: number): void {
  const edited = targets.find((target) => editors.isTypedInSince(filePathOf(target), since));
  if (edited !== undefined) {
    throw new IssueError('conflict', l10n.t('“{0}” was not deleted because it was edited in the meantime.', issueLabel(edited)));
  }
}

async function deleteAsSeen(deps: BatchCommandDeps, targets: readonly IssueTarget[]): Promise<void> {
  const drafts = deps.unsaved.of(targets.map(filePathOf));
  const versions = new Map<string, string>();
  for (const document of drafts) {
    // By the path that its issue has: it can be open past a link.
    versions.set(deps.stores.pathOf(document.uri), versionOf(await bytesOf(document)));
  }
  await deps.unsaved.save([...versions.keys()]);
  const label = isSingle(targets) ? l10n.t('Deleted {0}', issueLabel(targets[0])) : l10n.t('Deleted {0} issues', targets.length);
  const changes = await inEachStore(deps, label, byStore(targets), async ({ source: { store }, targets: ofStore }) => {
    const deletions = ofStore.map(({ summary }) => ({
      ref: summary,
      expectedVersion: versions.get(store.filePathOf(summary)) ?? summary.version,
    }));
    const { undo } = await store.for('commands').deleteIssuesBatch(deletions);
    return { store, undo, editedPaths: [] };
  });
  offerUndo(deps, label, changes);
}

/** The issues as they are on the disk now, without those that have gone. */
async function seenAnew(targets: readonly IssueTarget[]): Promise<IssueTarget[]> {
  await Promise.all(byStore(targets).map(({ source }) => source.store.refresh()));
  return targets.flatMap((target) => currentTarget(target) ?? []);
}

async function confirmDeletion(targets: readonly IssueTarget[], hasChanged: boolean): Promise<boolean> {
  const question = isSingle(targets)
    ? l10n.t('Are you sure you want to delete “{0}”?', issueLabel(targets[0]))
    : l10n.t('Are you sure you want to delete these {0} issues?', targets.length);
  const toTrash = hasTrash();
  const action = toTrash ? l10n.t('Move to Trash') : l10n.t('Delete');
  const names = targets.slice(0, 10).map(issueLabel);
  const more = targets.length > names.length ? [l10n.t('and {0} more', targets.length - names.length)] : [];
  const consequence = toTrash ? l10n.t('You can restore deleted issues from the trash.') : consequenceWithoutTrash(targets);
  const changed = isSingle(targets)
    ? l10n.t('It has changed since you were asked.')
    : l10n.t('Some of them have changed since you were asked.');
  const change = hasChanged ? [changed, ''] : [];
  const detail = [...change, ...(isSingle(targets) ? [] : [...names, ...more, '']), consequence].join('\n');
  return (await window.showWarningMessage(question, { modal: true, detail }, action)) === action;
}

/** A file that cannot be read cannot be restored by undo. */
function consequenceWithoutTrash(targets: readonly IssueTarget[]): string {
  const unreadable = targets.filter(({ summary: { problem } }) => problem !== undefined && problem.code !== 'notText');
  if (unreadable.length === 0) {
    return l10n.t('There is no trash here, but you can undo this.');
  }
  return isSingle(targets)
    ? l10n.t('There is no trash here and the file cannot be read, so this cannot be undone.')
    : l10n.t('There is no trash here. Files that cannot be read ({0}) cannot be restored.', unreadable.length);
}

function completedLabel(targets: readonly IssueTarget[]): string {
  return isSingle(targets) ? l10n.t('Completed {0}', issueLabel(targets[0])) : l10n.t('Completed {0} issues', targets.length);
}

function reopenedLabel(targets: readonly IssueTarget[]): string {
  return isSingle(targets) ? l10n.t('Reopened {0}', issueLabel(targets[0])) : l10n.t('Reopened {0} issues', targets.length);
}

function isSingle(targets: readonly IssueTarget[]): targets is readonly [IssueTarget] {
  return targets.length === 1;
}
