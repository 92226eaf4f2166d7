import type { CancellationToken, ProviderResult, TreeDataProvider, TreeItem } from 'vscode';
import type { Schedule } from '../../core/clock.ts';
import { type Disposable, Emitter } from '../../core/events.ts';

/** VS Code has the answer by then, whatever else it has to do with it. */
const ANSWERED_MS = 250;
/** Far longer than it takes to ask for the rows again, where they can be seen. */
const UNASKED_MS = 5000;

export interface TreeDataFeedOptions<T> {
  readonly rows: TreeDataProvider<T>;
  /** Settles when there are rows to ask for. */
  readonly whenReady: () => Promise<void>;
  readonly schedule: Schedule;
  readonly onError: (error: unknown) => void;
}

/**
 * Hands rows to a view of VS Code, and says *draw everything anew* only where the view can take it.
 *
 * A view that is told so while it waits for its top rows, or is told twice while it draws, draws once more with rows that it has already.
 * It asks for the children of several at once then, mixes up the answers, and shows the second folder without any (seen in VS Code 1.139)
 * until it is told again. So it is told nothing before it has asked for the first time, nor between being told and asking: it will be
 * answered with what there is by then.
 *
 * A view that is hidden is told nothing, so that no row is made for it. When it is shown again it draws everything anew, if anything has
 * changed.
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

  /** How many rows the view has got. */
  get rowsMade(): number {
    return this.#rowsMade;
  }

  /** To be told when the view is shown or hidden; it is hidden at first. */
  setVisible(isVisible: boolean): void {
    this.#isVisible = isVisible;
    if (this.#isPending) {
      this.#redrawAll();
    }
  }

  async getChildren(parent?: T): Promise<T[]> {
    if (parent === undefined) {
      await this.#options.whenReady();
      // What comes from here on may be missing in the answer; what came before is in it.
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
