import { basename, join } from 'node:path';
import { commands, l10n, Uri, window } from 'vscode';
import { IssueError, type IssueSummary } from '../../core/index.ts';
import { commandIds } from '../commandIds.ts';
import type { CommandActions } from '../commands/commandRunner.ts';
import { filePathOf, type IssueTarget, type TargetContext, targetsOf } from '../commands/issueTargets.ts';
import { offerUndo, type UndoDeps } from '../commands/undoCommand.ts';
import { duplicatesOf, storePath } from '../findingTexts.ts';
import { withoutIcons } from '../inertText.ts';
import { whyNotWritable } from '../whyNotWritable.ts';

/** Commands that show or repair a file with a problem. */
export function mendingCommands(deps: TargetContext & UndoDeps) {
  return {
    [commandIds.compareWithDuplicate]: (...args) => compareWithDuplicate(deps, args),
    [commandIds.reopenWithEncoding]: (...args) => reopenWithEncoding(deps, args),
    [commandIds.moveIntoStore]: (...args) => moveIntoStore(deps, args),
  } satisfies Partial<CommandActions>;
}

/** The command that compares the two files in VS Code's diff editor. */
export function comparison(
  filePath: string,
  { source, summary: other }: IssueTarget,
): { readonly command: string; readonly arguments: readonly unknown[] } {
  const title = l10n.t('{0} and {1}', basename(filePath), storePath(other));
  return { command: 'vscode.diff', arguments: [Uri.file(filePath), Uri.file(source.store.filePathOf(other)), title] };
}

async function compareWithDuplicate(deps: TargetContext, args: readonly unknown[]): Promise<void> {
  const duplicates = (summary: IssueSummary) =>
    deps.stores.all.flatMap(({ store: { catalogue } }) =>
      catalogue.get(summary.key)?.summary === summary ? duplicatesOf(catalogue, summary) : [],
    );
  const isFor = (summary: IssueSummary) => duplicates(summary).length > 0;
  const [target] = (await targetsOf(deps, args, { isFor, placeholder: l10n.t('Choose the issue to compare') })) ?? [];
  const other = target && (await chosenOf(target, duplicates(target.summary)));
  if (target !== undefined && other !== undefined) {
    const { command, arguments: operands } = comparison(filePathOf(target), { source: target.source, summary: other });
    await commands.executeCommand(command, ...operands);
  }
}

async function chosenOf({ summary }: IssueTarget, others: readonly IssueSummary[]): Promise<IssueSummary | undefined> {
  if (others.length <= 1) {
    return others[0];
  }
  const picks = others.map((other) => ({ label: withoutIcons(storePath(other)), description: withoutIcons(other.title), other }));
  return (await window.showQuickPick(picks, { placeHolder: l10n.t('Choose what to compare {0} with', storePath(summary)) }))?.other;
}

async function reopenWithEncoding(deps: TargetContext, args: readonly unknown[]): Promise<void> {
  const isFor = ({ problem }: IssueSummary) => problem?.code === 'notText';
  const [target] = (await targetsOf(deps, args, { isFor, placeholder: l10n.t('Choose the file to reopen') })) ?? [];
  if (target !== undefined) {
    await commands.executeCommand('vscode.open', Uri.file(filePathOf(target)), { preview: false });
    await commands.executeCommand('workbench.action.editor.changeEncoding');
  }
}

async function moveIntoStore(deps: TargetContext & UndoDeps, [uri]: readonly unknown[]): Promise<void> {
  if (!(uri instanceof Uri)) {
    return;
  }
  const { source, path } = deps.stores.holding(uri) ?? {};
  const folder = source?.store.folder;
  if (source === undefined || folder === undefined || path === undefined) {
    throw new IssueError('notFound', l10n.t('{0} is not in an issue store.', uri.fsPath));
  }
  const refusal = whyNotWritable(source.store, 'create');
  if (refusal !== undefined) {
    throw new IssueError('readOnly', refusal);
  }
  const from = join(folder, path);
  await deps.unsaved.save([from]);
  const { undo } = await source.store.for('commands').write([{ kind: 'adopt', path }]);
  offerUndo(deps, l10n.t('Moved {0} into the issue store', basename(uri.fsPath)), [{ store: source.store, undo, editedPaths: [] }]);
  await source.store.refresh();
}
