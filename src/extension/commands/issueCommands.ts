import { env, l10n, Position } from 'vscode';
import { assertDefined, formatIssueId, IssueError, type IssueStore, type IssueSummary, keyWithId, parseIssueId } from '../../core/index.ts';
import { commandIds } from '../commandIds.ts';
import { openIssueFile } from '../editors/openEditors.ts';
import { TypingBridge } from '../editors/typingBridge.ts';
import { issueLabel } from '../issueLabels.ts';
import type { IssueTree } from '../tree/issueTree.ts';
import type { CommandActions } from './commandRunner.ts';
import { askForIssueName } from './issueNameInput.ts';
import { filePathOf, SELECTION_ARGUMENT, storeFor, type TargetContext, targetsOf } from './issueTargets.ts';
import { peekNextNumber } from './peekNextNumber.ts';
import { offerUndo, rememberChange, type UndoDeps } from './undoCommand.ts';

export interface IssueCommandDeps extends TargetContext, UndoDeps {
  readonly tree: IssueTree;
}

/** Commands on one issue: create, rename, open, copy. */
export function issueCommands(deps: IssueCommandDeps) {
  return {
    [commandIds.createIssue]: (...args) => createIssue(deps, args),
    [commandIds.renameIssue]: (...args) => renameIssue(deps, args),
    [commandIds.openIssue]: (...args) => openIssue(deps, args, false),
    [commandIds.openIssueToSide]: (...args) => openIssue(deps, args, true),
    [commandIds.copyIssueId]: (...args) => copyIssueId(deps, args),
  } satisfies Partial<CommandActions>;
}

async function createIssue(deps: IssueCommandDeps, args: readonly unknown[]): Promise<void> {
  const source = await storeFor(deps, args);
  if (source === undefined) {
    return;
  }
  const { store } = source;
  if (store.folder === undefined && store.failure !== undefined) {
    throw new IssueError('unreadable', store.failure.message);
  }
  const typed = await askForIssueName({
    title: l10n.t('Create Issue'),
    prompt: l10n.t('Name of the new issue'),
    preview: (name) => ({ fileName: `${formatIssueId(peekNextNumber(store), name)}.md`, taken: false }),
  });
  if (typed === undefined) {
    return;
  }
  // The box keeps the focus until the new issue has it, and what is typed after Enter goes into the issue.
  const bridge = new TypingBridge(typed.box, (error) => deps.logger.error(String(error)));
  try {
    const content = `# ${typed.name.trim()}\n\n`;
    const { issues, undo } = await store.for('commands').createIssuesBatch([{ name: typed.name, content }]);
    const issue = assertDefined(issues[0]);
    const filePath = store.filePathOf(issue);
    rememberChange(deps, l10n.t('Created {0}', issueLabel({ source, summary: issue })), [{ store, undo, editedPaths: [filePath] }]);
    // An issue of this name can have been there before, and VS Code may still have its text.
    await deps.editors.openCurrent(filePath);
    const editor = await openIssueFile(filePath, { preview: false, place: END_OF_TITLE });
    await bridge.end(editor, editor.document.offsetAt(END_OF_TITLE));
    const entry = store.catalogue.get(issue.key);
    if (entry !== undefined) {
      await deps.tree.reveal(source, entry.summary);
    }
  } finally {
    bridge.dispose();
  }
}

/** Where the text of a new issue begins: behind its title and an empty line. */
const END_OF_TITLE = new Position(2, 0);

async function renameIssue(deps: IssueCommandDeps, args: readonly unknown[]): Promise<void> {
  const [target, ...others] =
    (await targetsOf(deps, args, { isFor: () => true, writes: 'rename', placeholder: l10n.t('Choose the issue to rename') })) ?? [];
  // A key does not say which of several selected rows gets the name.
  if (target === undefined || (args[0] === SELECTION_ARGUMENT && others.length > 0)) {
    return;
  }
  const { source, summary } = target;
  const { store } = source;
  const typed = await askForIssueName({
    title: l10n.t('Rename {0}', issueLabel(target)),
    prompt: summary.number === undefined ? l10n.t('New name of the file') : l10n.t('New name of the file; the number stays'),
    value: summary.name,
    preview: (name) => {
      const id = formatIssueId(summary.number, name);
      const taken = id !== summary.id && store.catalogue.get(keyWithId(summary.key, id)) !== undefined;
      return { fileName: `${id}.md`, taken, warning: numberWarning(store, summary, id) };
    },
  });
  typed?.box.dispose();
  if (typed === undefined || typed.name === summary.name) {
    return;
  }
  await deps.unsaved.save([filePathOf(target)]);
  const { issues, undo } = await store.for('commands').renameIssuesBatch([{ ref: summary, name: typed.name }]);
  const issue = assertDefined(issues[0]);
  if (issue.key === summary.key) {
    return;
  }
  offerUndo(deps, l10n.t('Renamed {0} to {1}', issueLabel(target), `${issue.id}.md`), [{ store, undo, editedPaths: [] }]);
}

/** The name of an unnumbered issue that begins like a number is read back as one. */
function numberWarning({ catalogue }: Pick<IssueStore, 'catalogue'>, { number: before }: IssueSummary, newId: string): string | undefined {
  const { number } = parseIssueId(newId);
  if (number === undefined || number === before) {
    return undefined;
  }
  const owners = catalogue.withNumber(number).map(({ id }) => `${id}.md`);
  return owners.length === 0
    ? l10n.t('The file will be {0}, and the issue gets the number {1}.', `${newId}.md`, number)
    : l10n.t('The file will be {0}, and the issue gets the number {1}, which {2} already has.', `${newId}.md`, number, owners.join(', '));
}

async function openIssue(deps: IssueCommandDeps, args: readonly unknown[], beside: boolean): Promise<void> {
  for (const target of (await targetsOf(deps, args, { isFor: () => true, placeholder: l10n.t('Choose the issue to open') })) ?? []) {
    await openIssueFile(filePathOf(target), { beside });
  }
}

async function copyIssueId(deps: IssueCommandDeps, args: readonly unknown[]): Promise<void> {
  const targets = (await targetsOf(deps, args, { isFor: () => true, placeholder: l10n.t('Choose the issue whose ID to copy') })) ?? [];
  if (targets.length > 0) {
    await env.clipboard.writeText(targets.map(({ summary }) => summary.id).join('\n'));
  }
}
