import type { CancellationToken, ProviderResult, TreeDataProvider, TreeItem } from 'vscode';
import { type Disposable, Emitter, type Schedule } from '../../core/index.ts';

/** By then VS Code has received the rows that it asked for. */
const ANSWERED_MS = 250;
/** Far longer than a visible view takes to ask for its rows again. */
const UNASKED_MS = 5000;

export interface TreeDataFeedOptions<T> {
  readonly rows: TreeDataProvider<T>;
  /** Settles when there are rows. */
  readonly whenReady: () => Promise<void>;
  readonly schedule: Schedule;
  readonly onError: (error: unknown) => void;
}

/**
 * Hands rows to a tree view, and fires a full refresh only when the view can handle it.
 *
 * VS Code 1.139 mixes up children when it is told to refresh everything while it waits for its top rows, or twice during one refresh: it
 * then shows the second folder empty until the next refresh. Therefore no full refresh is fired before the view has first asked for its
 * rows, nor between a refresh and the question that follows it. The answer contains the latest rows anyway.
 *
 * A hidden view is told nothing, so that VS Code makes no rows for it. It is refreshed when it is shown again, if anything has changed.
 */
export class TreeDataFeed<T> implements TreeDataProvider<T>, Disposable {
  readonly #options: TreeDataFeedOptions<T>;
  readonly #didChange: Emitter<T | T[] | undefined>;
  readonly #subscription: Disposable | undefined;
  #isFree = false;
  #isVisible = false;
  #isPending = false;
  #rowsMade = 0;
  #timer: Disposable | undefined;

  constructor(options: TreeDataFeedOptions<T>) {
    this.#options = options;
    this.#didChange = new Emitter(options.onError);
    this.#subscription = options.rows.onDidChangeTreeData?.((changed) => {
      if (changed && this.#isVisible) {
        this.#didChange.fire(changed);
      } else {
        this.#redrawAll();
      }
    });
  }

  get onDidChangeTreeData() {
    return this.#didChange.event;
  }

  /** How many rows VS Code has made since the view was created. */
  get rowsMade(): number {
    return this.#rowsMade;
  }

  /** Call it whenever the view is shown or hidden. The view starts hidden. */
  setVisible(isVisible: boolean): void {
    this.#isVisible = isVisible;
    if (this.#isPending) {
      this.#redrawAll();
    }
  }

  async getChildren(parent?: T): Promise<T[]> {
    if (parent === undefined) {
      await this.#options.whenReady();
      // The answer contains every change up to now, but may miss later ones.
      this.#hold(ANSWERED_MS);
    }
    return (await this.#options.rows.getChildren(parent)) ?? [];
  }

  getTreeItem(node: T): TreeItem | Thenable<TreeItem> {
    this.#rowsMade++;
    return this.#options.rows.getTreeItem(node);
  }

  getParent(node: T): ProviderResult<T> {
    return this.#options.rows.getParent?.(node);
  }

  resolveTreeItem(item: TreeItem, node: T, token: CancellationToken): ProviderResult<TreeItem> {
    return this.#options.rows.resolveTreeItem?.(item, node, token);
  }

  dispose(): void {
    this.#subscription?.dispose();
    this.#timer?.dispose();
    this.#didChange.dispose();
  }

  #redrawAll(): void {
    if (!this.#isFree || !this.#isVisible) {
      this.#isPending = true;
      return;
    }
    this.#hold(UNASKED_MS);
    this.#didChange.fire(undefined);
  }

  #hold(milliseconds: number): void {
    this.#timer?.dispose();
    this.#isFree = false;
    this.#isPending = false;
    this.#timer = this.#options.schedule(milliseconds, () => {
      this.#isFree = true;
      if (this.#isPending) {
        this.#redrawAll();
      }
    });
  }
}
