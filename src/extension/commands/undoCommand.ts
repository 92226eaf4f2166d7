import { CancellationError, l10n, window } from 'vscode';
import { IssueError, messageOf } from '../../core/issue/issueErrors.ts';
import type { Logger } from '../../core/logger.ts';
import type { IssueStoragePort, RestoreEdit } from '../../core/storage/issueStoragePort.ts';
import { PartlyDoneError } from '../../core/storage/partlyDoneError.ts';
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
  /** What takes back as much of it as is still done. */
  undo: readonly RestoreEdit[];
  /**
   * The files whose text it wrote. Taking that back is refused while one of them has unsaved changes. What is typed in a file that was
   * only moved goes with it.
   */
  readonly editedPaths: readonly string[];
}

const STATUS_MS = 5000;

/** The command that takes back the newest change. */
export function undoCommands(deps: UndoDeps) {
  return { [commandIds.undoLastChange]: () => undo(deps, () => deps.undoHistory.entries.at(-1)) } satisfies Partial<CommandActions>;
}

/** Takes the changes of several stores back, the last one first, if each of them can be. */
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
      // The next attempt goes on where this one has stopped.
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

/** As {@link rememberChange}; says what was done and offers to take it back as well, without keeping the command waiting. */
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

/** Takes this entry back, and says what became of it. */
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
      // Whoever called it off knows.
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

/** The change stays the newest one, so that one can mend what is in the way and try again, unless one lets go of it. */
function showRefusal({ undoHistory, logger }: UndoDeps, entry: UndoEntry, error: unknown): void {
  const reason = messageOf(error);
  logger.error(error instanceof Error && !(error instanceof IssueError) ? error : `“${entry.label}” could not be undone: ${reason}`);
  const forget = l10n.t('Forget');
  window.showErrorMessage(withoutLinks(l10n.t('“{0}” could not be undone: {1}', entry.label, reason)), forget).then(
    (chosen) => chosen === forget && undoHistory.forget(entry),
    (failure: unknown) => logger.error(String(failure)),
  );
}
