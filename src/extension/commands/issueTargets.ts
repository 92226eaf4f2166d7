import { l10n, Uri, window } from 'vscode';
import type { IssueSummary } from '../../core/issue/issue.ts';
import type { Logger } from '../../core/logger.ts';
import type { WorkspaceStore, WorkspaceStores } from '../stores/workspaceStores.ts';
import { type IssueTreeNode, isIssueNode, isIssueTreeNode } from '../tree/issueNodes.ts';
import { showIssueQuickPick } from './issueQuickPick.ts';

/** An issue that a command is about. */
export interface IssueTarget {
  readonly source: WorkspaceStore;
  readonly summary: IssueSummary;
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

/** Keybindings in the tree hand this over instead of a row: what has the focus there is meant, and nothing if that is no issue. */
export const SELECTION_ARGUMENT = 'selection';

/**
 * The issues that a command is about: the rows it was called on (all selected ones, if the row is one of them), a file,
 * several rows selected in the tree, the issue in the active editor, or else one that the user picks. Of these, the ones
 * that the command is for.
 *
 * @returns undefined if the user dismissed the pick.
 */
export async function targetsOf(
  context: TargetContext,
  args: readonly unknown[],
  isFor: (summary: IssueSummary) => boolean,
  placeholder: string,
): Promise<readonly IssueTarget[] | undefined> {
  if (args[0] === SELECTION_ARGUMENT) {
    return current((await context.rowsOfKey()).filter(isIssueNode)).filter(({ summary }) => isFor(summary));
  }
  const given = givenTargets(context, args) ?? multipleSelection(context) ?? activeEditorTarget(context);
  if (given?.some(({ summary }) => isFor(summary))) {
    return given.filter(({ summary }) => isFor(summary));
  }
  const picked = await pickIssue(context, isFor, placeholder);
  return picked && [picked];
}

function givenTargets({ stores }: TargetContext, [first, others]: readonly unknown[]): IssueTarget[] | undefined {
  if (first instanceof Uri) {
    const issue = stores.issueOf(first);
    return issue && [issue];
  }
  if (!isIssueTreeNode(first)) {
    return undefined;
  }
  const nodes: readonly unknown[] = Array.isArray(others) && others.includes(first) ? others : [first];
  return current(nodes.filter(isIssueNode));
}

/** One selected row says little about what is meant from the palette; several were selected for a reason. */
function multipleSelection({ treeSelection }: TargetContext): IssueTarget[] | undefined {
  const selected = current(treeSelection().filter(isIssueNode));
  return selected.length > 1 ? selected : undefined;
}

/** Without the rows whose issues have gone meanwhile. */
function current(targets: readonly IssueTarget[]): IssueTarget[] {
  return targets.filter(({ source, summary }) => source.store.catalogue.get(summary.key) !== undefined);
}

function activeEditorTarget({ stores }: TargetContext): IssueTarget[] | undefined {
  const uri = window.activeTextEditor?.document.uri;
  const issue = uri && stores.issueOf(uri);
  return issue && [issue];
}

/** Lets the user choose an issue by part of its number, title or id; active ones come first. */
async function pickIssue(
  { stores, logger }: TargetContext,
  isFor: (summary: IssueSummary) => boolean,
  placeholder: string,
): Promise<IssueTarget | undefined> {
  await stores.whenOpened();
  if (!stores.all.some(({ store: { catalogue } }) => catalogue.active.some(isFor) || catalogue.completed.some(isFor))) {
    await window.showInformationMessage(l10n.t('There is no issue that this can be done with.'));
    return undefined;
  }
  const onError = (error: unknown) => logger.error(error instanceof Error ? error : String(error));
  return showIssueQuickPick({ stores, isFor, placeholder, searchesTexts: false, onError });
}

/**
 * The store that something new goes to: the one that a given row, the active editor or a selected row points at, in this order; the only
 * one; or the one that the user picks.
 */
export async function storeFor({ stores, treeSelection }: TargetContext, args: readonly unknown[]): Promise<WorkspaceStore | undefined> {
  const [first] = args;
  const active = window.activeTextEditor?.document.uri;
  // From the view's title bar VS Code hands over the focused row, which is as good a pointer as a row of the menu.
  const given = isIssueTreeNode(first) ? first.source : undefined;
  const pointed = given ?? (active && stores.of(active)) ?? treeSelection()[0]?.source;
  if (pointed !== undefined && stores.all.includes(pointed)) {
    return pointed;
  }
  if (stores.all.length <= 1) {
    return stores.all[0];
  }
  const picks = stores.all.map((source) => ({ label: source.folder.name, description: source.store.folder ?? '', source }));
  return (await window.showQuickPick(picks, { placeHolder: l10n.t('Choose the folder for the new issue') }))?.source;
}
