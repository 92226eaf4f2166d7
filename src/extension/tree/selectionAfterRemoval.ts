import { commands, TreeItemCollapsibleState } from 'vscode';
import type { Disposable } from '../../core/index.ts';
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
 * Selects a neighbour when selected rows are removed, by whatever cause, as the explorer of VS Code does. VS Code by itself selects some
 * row without an event, and still reports several selected rows if there were several.
 *
 * It never expands a row, and leaves the keyboard focus in its part of the window.
 */
export class SelectionAfterRemoval implements Disposable {
  readonly #deps: SelectionAfterRemovalDeps;
  readonly #lifetime: DisposableList;
  #commandRow: IssueTreeNode | undefined;
  /** The selection before some of it was removed. VS Code may redraw, and forget it, before it is told to. */
  #lost: readonly IssueTreeNode[] | undefined;
  #isDue = false;
  /** Finding the focused row changes the selection for a moment, so all work on the selection runs one after the other. */
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
        this.#enqueue(() => this.#restoreSelection()).catch(onError);
      }),
    );
  }

  /** Notes that a command was called on this row: if the row is removed, the focus moves to the row that is selected instead. */
  noteCommand(row: IssueTreeNode): void {
    this.#commandRow = row;
  }

  /**
   * The rows that a keybinding applies to: the whole selection if it contains the focused row, else the focused row alone. If no row has
   * the focus, for example because it was removed, the selection.
   */
  rowsOfKey(): Promise<readonly IssueTreeNode[]> {
    return this.#enqueue(async () => {
      const { view } = this.#deps;
      const focused = await focusedRow(view);
      this.#commandRow = focused ?? view.selection[0];
      return focused === undefined || view.selection.includes(focused) ? view.selection : [focused];
    });
  }

  /** The row that has the keyboard's focus; undefined if none has. */
  focusedRow(): Promise<IssueTreeNode | undefined> {
    return this.#enqueue(() => focusedRow(this.#deps.view));
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
    return isIssueNode(row) && !this.#deps.provider.hasRow(row);
  }

  #follow(): void {
    this.#keepLost();
    if (this.#lost !== undefined && !this.#isDue) {
      this.#isDue = true;
      this.#enqueue(() => {
        this.#isDue = false;
        return this.#selectNeighbour();
      }).catch(this.#deps.onError);
    }
  }

  #enqueue<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#last.then(work);
    // A failure is reported to the caller and does not stop the work that is queued behind it.
    this.#last = result.then(
      () => undefined,
      () => undefined,
    );
    return result;
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
      // VS Code drops a multiple selection only when a different row is selected, and it may have selected this one by itself.
      await this.#select(other);
    }
    await this.#select(row);
    if (this.#isGone(row)) {
      // It was removed while VS Code was revealing it.
      this.#lost ??= lost;
      await this.#selectNeighbour();
      return;
    }
    if (commandRow !== undefined) {
      this.#commandRow = undefined;
      await this.#bringFocus(row, gone.length + 1);
    }
  }

  /** Restores the selection after the view was recreated. The API selects one row at a time, so of several it is the first. */
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
   * Moves the keyboard focus up to a row. VS Code leaves the focus at the index of the removed row. That is further down by the rows that
   * were removed above it, and by one more if the row before it is selected.
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
