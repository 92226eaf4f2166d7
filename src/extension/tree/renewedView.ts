import type { TreeView } from 'vscode';
import { type Disposable, Emitter } from '../../core/events.ts';
import { DisposableList } from '../disposableList.ts';
import type { TreeDataFeed } from './treeDataFeed.ts';

/** A view that nobody sees is not worth 5 MB: VS Code keeps 240 bytes of each row that it has made for it, until the view is disposed. */
const MOST_ROWS = 20_000;

/** What is needed of a view. */
export type PlainView<T> = Pick<
  TreeView<T>,
  | 'visible'
  | 'selection'
  | 'message'
  | 'onDidCollapseElement'
  | 'onDidExpandElement'
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

/** The view until it is made anew. */
interface Current<T> {
  readonly feed: TreeDataFeed<T>;
  readonly view: PlainView<T>;
  /** Settles when VS Code has let go of it. */
  readonly end: () => Promise<void>;
}

/** A view of VS Code that is disposed and made anew while it is hidden, once too many rows were made for it. */
export class RenewedView<T> implements Disposable {
  readonly #options: RenewedViewOptions<T>;
  readonly #lifetime: DisposableList;
  readonly #didFold: Emitter<{ readonly row: T; readonly isFolded: boolean }>;
  readonly #didChangeVisibility: Emitter<boolean>;
  #current: Current<T>;
  #message: string | undefined;
  #lostSelection: readonly T[] = [];
  #isDisposed = false;

  constructor(options: RenewedViewOptions<T>) {
    this.#options = options;
    this.#lifetime = new DisposableList(options.onError);
    this.#didFold = this.#lifetime.add(new Emitter(options.onError));
    this.#didChangeVisibility = this.#lifetime.add(new Emitter<boolean>(options.onError));
    this.#current = this.#open();
  }

  /** A row was folded or unfolded. */
  get onDidFold() {
    return this.#didFold.event;
  }

  get onDidChangeVisibility() {
    return this.#didChangeVisibility.event;
  }

  get visible(): boolean {
    return this.#current.view.visible;
  }

  /** What is selected, or was before the view was made anew. */
  get selection(): readonly T[] {
    return this.#lostSelection.length > 0 ? this.#lostSelection : this.#current.view.selection;
  }

  /** What was selected before the view was made anew, unless something else is since; nothing the second time. */
  takeLostSelection(): readonly T[] {
    const lost = this.#lostSelection;
    this.#lostSelection = [];
    return lost;
  }

  set message(message: string) {
    this.#message = message;
    this.#current.view.message = message;
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
    lifetime.add(
      view.onDidChangeSelection(() => {
        this.#lostSelection = [];
      }),
    );
    lifetime.add(view.onDidChangeVisibility(({ visible }) => this.#show(visible)));
    if (this.#message !== undefined) {
      view.message = this.#message;
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
    // VS Code takes a view of the same id for the old one until that has ended.
    await this.#current.end();
    if (!this.#isDisposed) {
      this.#current = this.#open();
    }
  }
}
