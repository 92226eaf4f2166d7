import { commands, TreeItemCollapsibleState, type TreeView } from 'vscode';
import type { Disposable } from '../../core/events.ts';
import { DisposableList } from '../disposableList.ts';
import type { WorkspaceStores } from '../stores/workspaceStores.ts';
import { focusedRow } from './focusedRow.ts';
import type { IssueFilter } from './issueFilter.ts';
import { type IssueNode, type IssueTreeNode, isIssueNode } from './issueNodes.ts';
import type { IssueTreeProvider } from './issueTreeProvider.ts';

export interface SelectionAfterRemovalDeps {
  readonly view: TreeView<IssueTreeNode>;
  readonly stores: WorkspaceStores;
  /** Follows the stores before this does. */
  readonly provider: IssueTreeProvider;
  readonly filter: IssueFilter;
  readonly onError: (error: unknown) => void;
}

/**
 * Selects a neighbour when the rows that were selected are gone, whoever removed them, as VS Code's explorer does. VS Code alone selects
 * some row without telling anybody, and goes on taking several rows for selected where there were several.
 *
 * Nothing is unfolded by that, and the keyboard stays in the part of the window where it is.
 */
export class SelectionAfterRemoval implements Disposable {
  readonly #deps: SelectionAfterRemovalDeps;
  readonly #lifetime: DisposableList;
  /** Rows that have been folded or unfolded by their ids; the others are as they were drawn first. */
  readonly #folded = new Map<string | undefined, boolean>();
  #commandRow: IssueTreeNode | undefined;
  /** The selection as it was when some of it went: VS Code may draw the rows, and forget it, before it is told to. */
  #lost: readonly IssueTreeNode[] | undefined;
  #isDue = false;
  /** What looks for the focused row changes the selection for a moment, so only one thing at a time is done with it. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(deps: SelectionAfterRemovalDeps) {
    const { view, stores, provider, filter, onError } = deps;
    this.#deps = deps;
    this.#lifetime = new DisposableList(onError);
    this.#lifetime.add(view.onDidCollapseElement(({ element }) => this.#folded.set(provider.getTreeItem(element).id, true)));
    this.#lifetime.add(view.onDidExpandElement(({ element }) => this.#folded.set(provider.getTreeItem(element).id, false)));
    // A filter makes all groups anew, and so does the end of one.
    this.#lifetime.add(filter.onDidChange(() => this.#folded.clear()));
    this.#lifetime.add(stores.onDidChange(() => this.#keepLost()));
    this.#lifetime.add(provider.onDidChangeTreeData(() => this.#follow()));
    this.#lifetime.add(view.onDidChangeVisibility(() => this.#follow()));
  }

  /** Tells that a command was called on this row of the tree: if the row goes, the keyboard goes on from the one that is selected then. */
  noteCommand(row: IssueTreeNode): void {
    this.#commandRow = row;
  }

  /**
   * The rows that a key is for: the focused one, or all that is selected if it is a part of that. Where no row has the focus, as after the
   * focused one is gone, what is selected.
   */
  rowsOfKey(): Promise<readonly IssueTreeNode[]> {
    return this.#inTurn(async () => {
      const { view } = this.#deps;
      const focused = await focusedRow(view);
      this.#commandRow = focused ?? view.selection[0];
      return focused === undefined || view.selection.includes(focused) ? view.selection : [focused];
    });
  }

  dispose(): void {
    this.#lifetime.dispose();
  }

  #keepLost(): void {
    const { selection } = this.#deps.view;
    if (selection.some((row) => this.#isGone(row))) {
      this.#lost ??= selection;
    }
  }

  #isGone(row: IssueTreeNode): row is IssueNode {
    return isIssueNode(row) && !this.#deps.provider.isShown(row.source, row.summary);
  }

  #follow(): void {
    this.#keepLost();
    if (this.#lost !== undefined && !this.#isDue) {
      this.#isDue = true;
      this.#inTurn(() => {
        this.#isDue = false;
        return this.#selectNeighbour();
      }).catch(this.#deps.onError);
    }
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(work);
    // Whoever asked for it hears of a failure; the next one has its turn all the same.
    this.#last = turn.then(
      () => undefined,
      () => undefined,
    );
    return turn;
  }

  async #selectNeighbour(): Promise<void> {
    const { view, provider } = this.#deps;
    const lost = this.#lost ?? [];
    this.#lost = undefined;
    const gone = lost.filter((row) => this.#isGone(row));
    const left = lost.filter((row) => !this.#isGone(row));
    const commandRow = gone.find((row) => row === this.#commandRow);
    const place = commandRow ?? provider.inTreeOrder(gone)[0];
    if (!view.visible || place === undefined || left.length > 1) {
      return;
    }
    const rows = [...left, ...provider.rowsInPlaceOf(place)];
    const [row] = rows;
    if (row === undefined || !this.#isInSight(row)) {
      return;
    }
    const other = rows.find((one) => one !== row);
    if (lost.length > 1 && other !== undefined) {
      // VS Code notices that no longer several rows are selected when another one is, and it may have selected this one by itself.
      await this.#select(other);
    }
    await this.#select(row);
    if (this.#isGone(row)) {
      // It went while VS Code looked for it.
      this.#lost ??= lost;
      await this.#selectNeighbour();
      return;
    }
    if (commandRow !== undefined) {
      this.#commandRow = undefined;
      await this.#bringFocus(row, gone.length + 1);
    }
  }

  async #select(row: IssueTreeNode): Promise<void> {
    try {
      await this.#deps.view.reveal(row, { select: true, focus: false });
    } catch (error) {
      if (!this.#isGone(row)) {
        this.#deps.onError(error);
      }
    }
  }

  /**
   * Moves the keyboard's focus up to a row. VS Code leaves it where the row was that is gone, and that is further down: by the rows that
   * went above it, and by one where the row that is selected is the one before.
   */
  async #bringFocus(row: IssueTreeNode, mostSteps: number): Promise<void> {
    for (let steps = 0; steps < mostSteps; steps++) {
      const focused = await focusedRow(this.#deps.view);
      if (focused === undefined || focused === row) {
        return;
      }
      await commands.executeCommand('list.focusUp');
    }
  }

  #isInSight(row: IssueTreeNode): boolean {
    const parent = this.#deps.provider.getParent(row);
    if (parent === undefined) {
      return true;
    }
    const { id, collapsibleState } = this.#deps.provider.getTreeItem(parent);
    const isFolded = this.#folded.get(id) ?? collapsibleState !== TreeItemCollapsibleState.Expanded;
    return !isFolded && this.#isInSight(parent);
  }
}
