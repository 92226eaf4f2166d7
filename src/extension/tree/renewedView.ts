import type { TreeCheckboxChangeEvent, TreeView } from 'vscode';
import { type Disposable, Emitter } from '../../core/index.ts';
import { DisposableList } from '../disposableList.ts';
import type { TreeDataFeed } from './treeDataFeed.ts';

/** VS Code keeps 240 bytes of every row that it has made until the view is disposed: 5 MB for this many. */
const MOST_ROWS = 20_000;

/** The part of a tree view that is used here. */
export type PlainView<T> = Pick<
  TreeView<T>,
  | 'visible'
  | 'selection'
  | 'message'
  | 'description'
  | 'onDidCollapseElement'
  | 'onDidExpandElement'
  | 'onDidChangeCheckboxState'
  | 'onDidChangeSelection'
  | 'onDidChangeVisibility'
  | 'reveal'
  | 'dispose'
>;

export interface RenewedViewOptions<T> {
  readonly feed: () => TreeDataFeed<T>;
  readonly view: (feed: TreeDataFeed<T>) => PlainView<T>;
  readonly onError: (error: unknown) => void;
}

/** The view until it is recreated. */
interface Current<T> {
  readonly feed: TreeDataFeed<T>;
  readonly view: PlainView<T>;
  /** Settles when VS Code has disposed the view. */
  readonly end: () => Promise<void>;
}

/** A tree view that is recreated while it is hidden once VS Code has made too many rows for it, to free their memory. */
export class RenewedView<T> implements Disposable {
  readonly #options: RenewedViewOptions<T>;
  readonly #lifetime: DisposableList;
  readonly #didFold: Emitter<{ readonly row: T; readonly isFolded: boolean }>;
  readonly #didChangeCheckboxes: Emitter<TreeCheckboxChangeEvent<T>>;
  readonly #didChangeVisibility: Emitter<boolean>;
  #current: Current<T>;
  #message: string | undefined;
  #description: string | undefined;
  #lostSelection: readonly T[] = [];
  #isDisposed = false;

  constructor(options: RenewedViewOptions<T>) {
    this.#options = options;
    this.#lifetime = new DisposableList(options.onError);
    this.#didFold = this.#lifetime.add(new Emitter(options.onError));
    this.#didChangeCheckboxes = this.#lifetime.add(new Emitter<TreeCheckboxChangeEvent<T>>(options.onError));
    this.#didChangeVisibility = this.#lifetime.add(new Emitter<boolean>(options.onError));
    this.#current = this.#open();
  }

  /** A row was folded or unfolded. */
  get onDidFold() {
    return this.#didFold.event;
  }

  get onDidChangeCheckboxState() {
    return this.#didChangeCheckboxes.event;
  }

  get onDidChangeVisibility() {
    return this.#didChangeVisibility.event;
  }

  get visible(): boolean {
    return this.#current.view.visible;
  }

  /** The selected rows, or those that were selected before the view was recreated. */
  get selection(): readonly T[] {
    return this.#lostSelection.length > 0 ? this.#lostSelection : this.#current.view.selection;
  }

  /** The rows that were selected before the view was recreated, once. Empty if the selection has changed since. */
  takeLostSelection(): readonly T[] {
    const lost = this.#lostSelection;
    this.#lostSelection = [];
    return lost;
  }

  set message(message: string) {
    this.#message = message;
    this.#current.view.message = message;
  }

  /** Beside the name of the view; none if it is empty. */
  set description(description: string) {
    this.#description = description;
    this.#current.view.description = description;
  }

  async reveal(row: T, options: { readonly select: boolean; readonly focus: boolean }): Promise<void> {
    if (options.select) {
      this.#lostSelection = [];
    }
    await this.#current.view.reveal(row, options);
  }

  dispose(): void {
    this.#isDisposed = true;
    this.#current.end().catch(this.#options.onError);
    this.#lifetime.dispose();
  }

  #open(): Current<T> {
    const lifetime = new DisposableList(this.#options.onError);
    const feed = lifetime.add(this.#options.feed());
    const view = this.#options.view(feed);
    lifetime.add(view.onDidCollapseElement(({ element }) => this.#didFold.fire({ row: element, isFolded: true })));
    lifetime.add(view.onDidExpandElement(({ element }) => this.#didFold.fire({ row: element, isFolded: false })));
    lifetime.add(view.onDidChangeCheckboxState((event) => this.#didChangeCheckboxes.fire(event)));
    lifetime.add(
      view.onDidChangeSelection(() => {
        this.#lostSelection = [];
      }),
    );
    lifetime.add(view.onDidChangeVisibility(({ visible }) => this.#show(visible)));
    if (this.#message !== undefined) {
      view.message = this.#message;
    }
    if (this.#description !== undefined) {
      view.description = this.#description;
    }
    const end = async () => {
      lifetime.dispose();
      await view.dispose();
    };
    return { feed, view, end };
  }

  #show(isVisible: boolean): void {
    const { feed } = this.#current;
    feed.setVisible(isVisible);
    this.#didChangeVisibility.fire(isVisible);
    if (!isVisible && feed.rowsMade > MOST_ROWS) {
      this.#renew().catch(this.#options.onError);
    }
  }

  async #renew(): Promise<void> {
    this.#lostSelection = this.selection;
    // VS Code confuses two views of the same id, so the old one has to end first.
    await this.#current.end();
    if (!this.#isDisposed) {
      this.#current = this.#open();
    }
  }
}
