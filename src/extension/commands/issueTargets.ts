import { l10n, type QuickPickItem, Uri, window } from 'vscode';
import type { IssueSummary } from '../../core/issue/issue.ts';
import { withoutIcons } from '../inertText.ts';
import { issueIcon, issueLabel, progressLabel } from '../issueLabels.ts';
import type { WorkspaceStore, WorkspaceStores } from '../stores/workspaceStores.ts';
import { type IssueTreeNode, isIssueNode, isIssueTreeNode } from '../tree/issueNodes.ts';

/** An issue that a command is about. */
export interface IssueTarget {
  readonly source: WorkspaceStore;
  readonly summary: IssueSummary;
}

/** What decides which issues a command is about. */
export interface TargetContext {
  readonly stores: WorkspaceStores;
  /** What is selected in the tree, as long as that can be seen. */
  readonly treeSelection: () => readonly IssueTreeNode[];
  /** The keyboard moves the focus and not the selection: this makes the focused row the selected one, unless several are selected. */
  readonly selectFocusedRow: () => Promise<void>;
}

/** Keybindings in the tree hand this over instead of a row: what is focused there is meant, or all that is selected. */
const SELECTION_ARGUMENT = 'selection';

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
    await context.selectFocusedRow();
  }
  const given = givenTargets(context, args) ?? multipleSelection(context) ?? activeEditorTarget(context);
  if (given?.some(({ summary }) => isFor(summary))) {
    return given.filter(({ summary }) => isFor(summary));
  }
  const picked = await pickIssue(context.stores, isFor, placeholder);
  return picked && [picked];
}

function givenTargets({ stores, treeSelection }: TargetContext, [first, others]: readonly unknown[]): IssueTarget[] | undefined {
  if (first === SELECTION_ARGUMENT) {
    return current(treeSelection().filter(isIssueNode));
  }
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

interface IssuePick extends QuickPickItem {
  readonly target: IssueTarget;
}

/** Lets the user choose an issue by part of its number, title or id; active ones come first. */
export async function pickIssue(
  stores: WorkspaceStores,
  isFor: (summary: IssueSummary) => boolean,
  placeholder: string,
): Promise<IssueTarget | undefined> {
  await stores.whenOpened();
  const picks = issuePicks(stores).filter(({ target }) => isFor(target.summary));
  if (picks.length === 0) {
    await window.showInformationMessage(l10n.t('There is no issue that this can be done with.'));
    return undefined;
  }
  const picked = await window.showQuickPick(picks, { placeHolder: placeholder, matchOnDescription: true });
  return picked?.target;
}

/** Every issue of every store, ready to be picked: active ones first, each kind in list order. */
function issuePicks(stores: WorkspaceStores): IssuePick[] {
  const isMultiRoot = stores.all.length > 1;
  return (['active', 'completed'] as const).flatMap((group) =>
    stores.all.flatMap((source) =>
      source.store.catalogue[group].map((summary) => ({
        label: withoutIcons(issueLabel(summary)),
        description: descriptionOf(isMultiRoot ? [source.folder.name] : [], summary),
        iconPath: issueIcon(summary),
        target: { source, summary },
      })),
    ),
  );
}

function descriptionOf(before: readonly string[], summary: IssueSummary): string {
  return withoutIcons([...before, summary.id, progressLabel(summary)].filter((part) => part !== '').join(' · '));
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
