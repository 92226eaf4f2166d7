import { l10n } from 'vscode';
import { type IssueSummary, messageOf, PartlyDoneError } from '../../core/index.ts';
import type { WorkspaceStore } from '../stores/workspaceStores.ts';
import { LeftChangedError } from './leftChangedError.ts';
import { rememberChange, type UndoableChange, type UndoDeps, undoChanges, undoEntry } from './undoCommand.ts';

/**
 * Runs one batch for each store, all of them or none.
 *
 * @param label says what was done, for the history, if some of it stays done.
 * @throws LeftChangedError if a batch fails and what was done before cannot be taken back.
 */
export async function inEachStore<T extends { readonly source: WorkspaceStore }, C extends UndoableChange>(
  deps: UndoDeps,
  label: string,
  parts: readonly T[],
  run: (part: T) => Promise<C>,
): Promise<C[]> {
  const changes: C[] = [];
  for (const part of parts) {
    try {
      changes.push(await run(part));
    } catch (error) {
      throw await rolledBack(deps, label, changes, { store: part.source.store, error });
    }
  }
  return changes;
}

/** Takes back what was done before a failure. @returns what to throw. */
async function rolledBack(
  deps: UndoDeps,
  label: string,
  done: readonly UndoableChange[],
  { store, error: failure }: { readonly store: UndoableChange['store']; readonly error: unknown },
): Promise<unknown> {
  const left: UndoableChange[] = failure instanceof PartlyDoneError ? [{ store, undo: failure.undo, editedPaths: [] }] : [];
  let message = messageOf(failure);
  try {
    await undoChanges(deps, done);
  } catch (error) {
    left.push(...done);
    message = l10n.t('{0} Earlier changes could not be undone: {1}', message, messageOf(error));
  }
  if (left.length === 0) {
    return failure;
  }
  const entry = rememberChange(deps, label, left);
  return new LeftChangedError(failure, message, () => undoEntry(deps, entry));
}

/** What a command is about, by the store that has it. */
export function byStore<T extends { readonly source: WorkspaceStore; readonly summary: IssueSummary }>(targets: readonly T[]) {
  return Array.from(
    Map.groupBy(targets, ({ source }) => source),
    ([source, ofStore]) => ({ source, targets: ofStore }),
  );
}
