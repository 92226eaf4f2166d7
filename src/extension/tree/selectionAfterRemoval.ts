import { commands, TreeItemCollapsibleState } from 'vscode';
import type { Disposable } from '../../core/events.ts';
import { DisposableList } from '../disposableList.ts';
import type { WorkspaceStores } from '../stores/workspaceStores.ts';
import { focusedRow } from './focusedRow.ts';
import { type IssueNode, type IssueTreeNode, isIssueNode } from './issueNodes.ts';
import type { IssueTreeProvider } from './issueTreeProvider.ts';
import type { RenewedView } from './renewedView.ts';

export interface SelectionAfterRemovalDeps {
  readonly view: RenewedView<IssueTreeNode>;
  readonly stores: WorkspaceStores;
  /** Follows the stores before this does. */
  readonly provider: IssueTreeProvider;
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
  #commandRow: IssueTreeNode | undefined;
  /** The selection as it was when some of it went: VS Code may draw the rows, and forget it, before it is told to. */
  #lost: readonly IssueTreeNode[] | undefined;
  #isDue = false;
  /** What looks for the focused row changes the selection for a moment, so only one thing at a time is done with it. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(deps: SelectionAfterRemovalDeps) {
    const { view, stores, provider, onError } = deps;
    this.#deps = deps;
    this.#lifetime = new DisposableList(onError);
    this.#lifetime.add(stores.onDidChange(() => this.#keepLost()));
    this.#lifetime.add(provider.onDidChangeTreeData(() => this.#follow()));
    this.#lifetime.add(
      view.onDidChangeVisibility(() => {
        this.#follow();
        this.#inTurn(() => this.#restoreSelection()).catch(onError);
      }),
    );
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

  /** Selects what was selected before the view was made anew. VS Code can be told to select one row, so of several it is the first. */
  async #restoreSelection(): Promise<void> {
    const { view } = this.#deps;
    if (view.visible) {
      const row = view.takeLostSelection().find((one) => !this.#isGone(one) && this.#isInSight(one));
      await (row && this.#select(row));
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
    const isUnfolded = this.#deps.provider.getTreeItem(parent).collapsibleState === TreeItemCollapsibleState.Expanded;
    return isUnfolded && this.#isInSight(parent);
  }
}
