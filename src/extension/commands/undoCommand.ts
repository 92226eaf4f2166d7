import { CancellationError, l10n, window } from 'vscode';
import { IssueError, type IssueStoragePort, type Logger, messageOf, PartlyDoneError, type RestoreEdit } from '../../core/index.ts';
import { commandIds } from '../commandIds.ts';
import type { IssueEditors } from '../editors/issueEditors.ts';
import type { UnsavedIssues } from '../editors/unsavedIssues.ts';
import { withoutIcons, withoutLinks } from '../inertText.ts';
import type { CommandActions } from './commandRunner.ts';
import type { UndoEntry, UndoHistory } from './undoHistory.ts';

export interface UndoDeps {
  readonly undoHistory: UndoHistory;
  readonly unsaved: UnsavedIssues;
  readonly editors: IssueEditors;
  readonly logger: Logger;
}

/** What a command did in one store. */
export interface UndoableChange {
  readonly store: Pick<IssueStoragePort, 'write'>;
  /** The edits that undo what is still in effect. */
  undo: readonly RestoreEdit[];
  /**
   * The files whose text it wrote. Undo refuses while one of them has unsaved changes. Unsaved text in a file that was only moved moves
   * along.
   */
  readonly editedPaths: readonly string[];
}

const STATUS_MS = 5000;

/** The command that undoes the newest change. */
export function undoCommands(deps: UndoDeps) {
  return { [commandIds.undoLastChange]: () => undo(deps, () => deps.undoHistory.entries.at(-1)) } satisfies Partial<CommandActions>;
}

/** Undoes the changes of several stores, the last one first, if all of them can be undone. */
export async function undoChanges({ unsaved }: UndoDeps, changes: readonly UndoableChange[]): Promise<void> {
  const [edited] = unsaved.of(changes.flatMap(({ editedPaths }) => editedPaths));
  if (edited !== undefined) {
    throw new IssueError('conflict', l10n.t('{0} has unsaved changes. Nothing was undone.', edited.uri.fsPath));
  }
  for (const { store, undo } of changes) {
    await store.write(undo, { dryRun: true });
  }
  for (const change of [...changes].reverse()) {
    try {
      await change.store.write(change.undo);
      change.undo = [];
    } catch (error) {
      // The next attempt continues where this one stopped.
      change.undo = error instanceof PartlyDoneError ? error.undo : change.undo;
      throw error;
    }
  }
}

/** Keeps what a command did for the undo command. */
export function rememberChange(deps: UndoDeps, label: string, changes: readonly UndoableChange[]): UndoEntry {
  const entry = { label, undo: () => undoChanges(deps, changes) };
  deps.undoHistory.add(entry);
  return entry;
}

/** Like {@link rememberChange}; also shows what was done and offers *Undo*, without delaying the command. */
export function offerUndo(deps: UndoDeps, label: string, changes: readonly UndoableChange[]): void {
  const entry = rememberChange(deps, label, changes);
  const action = l10n.t('Undo');
  const takeBack = async () => {
    if ((await window.showInformationMessage(withoutLinks(l10n.t('{0}.', label)), action)) === action) {
      await undoEntry(deps, entry);
    }
  };
  takeBack().catch((error: unknown) => deps.logger.error(error instanceof Error ? error : String(error)));
}

/** Undoes this entry and shows the outcome. */
export function undoEntry(deps: UndoDeps, entry: UndoEntry): Promise<void> {
  deps.editors.focusesEditor = true;
  return undo(deps, () => entry);
}

async function undo(deps: UndoDeps, choose: () => UndoEntry | undefined): Promise<void> {
  const outcome = await deps.undoHistory.undo(choose);
  switch (outcome.kind) {
    case 'undone':
      window.setStatusBarMessage(withoutIcons(l10n.t('Undone: {0}', outcome.entry.label)), STATUS_MS);
      break;
    case 'refused':
      // The user cancelled it.
      if (!(outcome.error instanceof CancellationError)) {
        showRefusal(deps, outcome.entry, outcome.error);
      }
      break;
    case 'undoneAlready':
      tell(deps, l10n.t('Already undone: {0}', outcome.entry.label));
      break;
    case 'nothing':
      tell(deps, l10n.t('Nothing to undo'));
      break;
  }
}

function tell({ logger }: UndoDeps, message: string): void {
  window.showInformationMessage(withoutLinks(message)).then(undefined, (failure: unknown) => logger.error(String(failure)));
}

/** The change stays the newest one, so that the user can fix the cause and try again, or discard it. */
function showRefusal({ undoHistory, logger }: UndoDeps, entry: UndoEntry, error: unknown): void {
  const reason = messageOf(error);
  logger.error(error instanceof Error && !(error instanceof IssueError) ? error : `“${entry.label}” could not be undone: ${reason}`);
  const forget = l10n.t('Forget');
  window.showErrorMessage(withoutLinks(l10n.t('“{0}” could not be undone: {1}', entry.label, reason)), forget).then(
    (chosen) => chosen === forget && undoHistory.forget(entry),
    (failure: unknown) => logger.error(String(failure)),
  );
}
