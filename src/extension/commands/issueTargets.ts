import { l10n, Uri, window } from 'vscode';
import { IssueError, type IssueSummary, type Logger } from '../../core/index.ts';
import { issueLabel } from '../issueLabels.ts';
import type { WorkspaceStore, WorkspaceStores } from '../stores/workspaceStores.ts';
import { type IssueTreeNode, isIssueNode, isIssueTreeNode } from '../tree/issueNodes.ts';
import { type WriteKind, whyNotWritable } from '../whyNotWritable.ts';
import { showIssueQuickPick } from './issueQuickPick.ts';

/** An issue that a command is about. */
export interface IssueTarget {
  readonly source: WorkspaceStore;
  readonly summary: IssueSummary;
}

/** Absolute path of its file. */
export function filePathOf({ source, summary }: IssueTarget): string {
  return source.store.filePathOf(summary);
}

/** What decides which issues a command is about. */
export interface TargetContext {
  readonly stores: WorkspaceStores;
  readonly logger: Logger;
  /** What is selected in the tree, as long as that can be seen. */
  readonly treeSelection: () => readonly IssueTreeNode[];
  /** The rows that a key in the tree is for: see `IssueTree`. */
  readonly rowsOfKey: () => Promise<readonly IssueTreeNode[]>;
}

/** What a command can be about. */
export interface WantedTargets {
  /** Tells whether the command applies to an issue. */
  readonly isFor: (summary: IssueSummary) => boolean;
  /** What it does to the issue's file; left out if it only reads. */
  readonly writes?: WriteKind;
  /** For the pick, if it comes to that. */
  readonly placeholder: string;
}

/** Keybindings in the tree pass this instead of a row: the command applies to the focused row, or to nothing if that is no issue. */
export const SELECTION_ARGUMENT = 'selection';

/**
 * The issues that a command is about. A command that was called *on* something (a row, a file, the selection in the tree) is about that
 * and nothing else. One that was called from the palette looks around: several rows that are selected in the tree, the issue in the
 * active editor, or else one that the user picks.
 *
 * Of several issues, those are left out that cannot be changed in their store, and a message says so.
 *
 * @returns undefined if there is nothing to be done: the user dismissed the pick, or no row has the focus.
 * @throws IssueError `notFound` if what the command was called on is no longer there, `readOnly` if none of it can be changed.
 */
export async function targetsOf(
  context: TargetContext,
  args: readonly unknown[],
  wanted: WantedTargets,
): Promise<readonly IssueTarget[] | undefined> {
  if (args.length > 0) {
    return calledOn(context, args, wanted);
  }
  const around = multipleSelection(context) ?? activeEditorTarget(context);
  if (around?.some(({ summary }) => wanted.isFor(summary))) {
    return writableOf(
      context,
      around.filter(({ summary }) => wanted.isFor(summary)),
      wanted,
    );
  }
  const picked = await pickIssue(context, wanted);
  return picked && [picked];
}

async function calledOn(
  context: TargetContext,
  args: readonly unknown[],
  wanted: WantedTargets,
): Promise<readonly IssueTarget[] | undefined> {
  const given = await givenTargets(context, args);
  if (given.length === 0) {
    return undefined;
  }
  const there = given.filter((target) => target !== undefined);
  const [first] = there;
  if (first === undefined) {
    throw new IssueError('notFound', l10n.t('The issue no longer exists. It may have been completed, renamed or deleted.'));
  }
  const targets = there.filter(({ summary }) => wanted.isFor(summary));
  if (targets.length === 0) {
    throw new IssueError('notFound', l10n.t('This action is not available for {0}.', issueLabel(first)));
  }
  if (there.length < given.length) {
    warn(context, l10n.t('{0} of the {1} selected issues no longer exist.', given.length - there.length, given.length));
  }
  return writableOf(context, targets, wanted);
}

/** @throws IssueError `readOnly` if none of them can be changed. */
function writableOf(context: TargetContext, targets: readonly IssueTarget[], { writes }: WantedTargets): readonly IssueTarget[] {
  const refusals = targets.map(({ source }) => writes && whyNotWritable(source.store, writes));
  const refusal = refusals.find((each) => each !== undefined);
  if (refusal === undefined) {
    return targets;
  }
  const writable = targets.filter((_, index) => refusals[index] === undefined);
  if (writable.length === 0) {
    throw new IssueError('readOnly', refusal);
  }
  const left = targets.length - writable.length;
  warn(context, l10n.t('{0} of the {1} selected issues are left as they are. {2}', left, targets.length, refusal));
  return writable;
}

function warn({ logger }: TargetContext, message: string): void {
  window.showWarningMessage(message).then(undefined, (error: unknown) => logger.error(String(error)));
}

/** What a command was called on, undefined in the place of each issue that has gone meanwhile. Empty if there is nothing to act on. */
async function givenTargets(context: TargetContext, [first, others]: readonly unknown[]): Promise<(IssueTarget | undefined)[]> {
  if (first === SELECTION_ARGUMENT) {
    return (await context.rowsOfKey()).filter(isIssueNode).map(currentTarget);
  }
  if (first instanceof Uri) {
    return [context.stores.issueOf(first)];
  }
  // VS Code hands over undefined in the place of a row that has vanished since the menu was opened.
  if (!isIssueNode(first)) {
    return isIssueTreeNode(first) ? [] : [undefined];
  }
  const rows: readonly unknown[] = Array.isArray(others) && others.includes(first) ? others : [first];
  const targets = rows.filter((row) => row === undefined || isIssueNode(row)).map((row) => row && currentTarget(row));
  return currentTarget(first) === undefined ? [undefined] : targets;
}

/** The row's issue as the store knows it now. */
export function currentTarget({ source, summary: { key } }: IssueTarget): IssueTarget | undefined {
  const summary = source.store.catalogue.get(key)?.summary;
  return summary && { source, summary };
}

/** For a command from the palette, a single selected row says little; several were selected on purpose. */
function multipleSelection({ treeSelection }: TargetContext): IssueTarget[] | undefined {
  const selected = treeSelection()
    .filter(isIssueNode)
    .flatMap((row) => currentTarget(row) ?? []);
  return selected.length > 1 ? selected : undefined;
}

function activeEditorTarget({ stores }: TargetContext): IssueTarget[] | undefined {
  const uri = window.activeTextEditor?.document.uri;
  const issue = uri && stores.issueOf(uri);
  return issue && [issue];
}

/** Lets the user choose an issue of a store in which it can be changed; open ones come first. */
async function pickIssue(
  { stores, logger }: TargetContext,
  { isFor, writes, placeholder }: WantedTargets,
): Promise<IssueTarget | undefined> {
  await stores.whenOpened();
  const refusalOf = ({ store }: WorkspaceStore) => writes && whyNotWritable(store, writes);
  const writable = {
    get all() {
      return stores.all.filter((source) => refusalOf(source) === undefined);
    },
  };
  const hasAny = ({ store: { catalogue } }: WorkspaceStore) => catalogue.active.some(isFor) || catalogue.completed.some(isFor);
  if (!writable.all.some(hasAny)) {
    const refused = stores.all.find(hasAny);
    const refusal = refused && refusalOf(refused);
    if (refusal !== undefined) {
      throw new IssueError('readOnly', refusal);
    }
    const failure = stores.all.find(({ store }) => store.state === 'unreadable')?.store.failure;
    if (failure !== undefined) {
      throw new IssueError('unreadable', failure.message);
    }
    await window.showInformationMessage(l10n.t('No matching issue'));
    return undefined;
  }
  const onError = (error: unknown) => logger.error(error instanceof Error ? error : String(error));
  return showIssueQuickPick({ stores: writable, isFor, placeholder, searchesTexts: false, onError });
}

/**
 * The store that something new goes to: the one that a given row, the active editor or a selected row points at, in this order; the only
 * one; or the one that the user picks. Where nothing can be created in the store that is pointed at, the user picks another one.
 *
 * @throws IssueError `readOnly` if there is no store in which something can be created.
 */
export async function storeFor({ stores, treeSelection }: TargetContext, args: readonly unknown[]): Promise<WorkspaceStore | undefined> {
  const [first] = args;
  const active = window.activeTextEditor?.document.uri;
  // From the view's title bar VS Code hands over the focused row, which is as good a pointer as a row of the menu.
  const given = isIssueTreeNode(first) ? first.source : undefined;
  const pointed = given ?? (active && stores.forNewIssueBeside(active)) ?? treeSelection()[0]?.source;
  const isThere = pointed !== undefined && stores.all.includes(pointed);
  const refusal = isThere ? whyNotWritable(pointed.store, 'create') : undefined;
  if (isThere && refusal === undefined) {
    return pointed;
  }
  const candidates = stores.forNewIssues;
  const reason = refusal ?? stores.all.map(({ store }) => whyNotWritable(store, 'create')).find((each) => each !== undefined);
  if (candidates.length === 0 && reason !== undefined) {
    throw new IssueError('readOnly', reason);
  }
  if (candidates.length <= 1 && refusal === undefined) {
    return candidates[0];
  }
  const picks = candidates.map((source) => ({ label: source.name, description: source.store.folder ?? '', source }));
  return (await window.showQuickPick(picks, { placeHolder: l10n.t('Choose the folder for the new issue') }))?.source;
}
