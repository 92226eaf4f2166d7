import { type Disposable, Emitter, type Event, FilteredIssues, type IssueChange, type IssueSummary } from '../../core/index.ts';
import type { WorkspaceStore, WorkspaceStores } from '../stores/workspaceStores.ts';

/** One filter, with what fits it in each store. */
interface Filter {
  readonly text: string;
  readonly lists: ReadonlyMap<WorkspaceStore, FilteredIssues>;
}

/** What the tree shows of the stores: everything, or what fits the words that a person has typed. */
export class IssueFilter implements Disposable {
  readonly #stores: Pick<WorkspaceStores, 'all' | 'onDidChangeStores'>;
  readonly #onError: (error: unknown) => void;
  readonly #didChange: Emitter<void>;
  readonly #storesChange: Disposable;
  #shown: Filter | undefined;
  /** What is shown next, as soon as it has been gone through. */
  #next: Filter | undefined;
  #filling = new AbortController();

  /** @param onError told why a filter could not be applied. */
  constructor(stores: Pick<WorkspaceStores, 'all' | 'onDidChangeStores'>, onError: (error: unknown) => void) {
    this.#stores = stores;
    this.#onError = onError;
    this.#didChange = new Emitter(onError);
    this.#storesChange = stores.onDidChangeStores(() => this.#refill());
  }

  /** The tree is to show other issues than before, or the text is another. */
  get onDidChange(): Event<void> {
    return this.#didChange.event;
  }

  /** What the issues are filtered by; empty if all are shown. */
  get text(): string {
    return this.#shown?.text ?? '';
  }

  /** The issues that the tree shows, in order. A live view: copy what you keep. */
  issues(source: WorkspaceStore, completed: boolean): readonly IssueSummary[] {
    const list = this.#shown === undefined ? source.store.catalogue : this.#shown.lists.get(source);
    return (completed ? list?.completed : list?.active) ?? [];
  }

  /** How many issues are shown, and how many there are. */
  get counts(): { readonly shown: number; readonly all: number } {
    const sum = (count: (source: WorkspaceStore) => number) => this.#stores.all.reduce((total, source) => total + count(source), 0);
    return {
      shown: sum((source) => this.issues(source, false).length + this.issues(source, true).length),
      all: sum(({ store }) => store.catalogue.size),
    };
  }

  /** Shows what fits these words, or everything without any. What is shown stays until it is known what comes in its place. */
  set(text: string): void {
    const trimmed = text.trim();
    if (trimmed !== (this.#next ?? this.#shown)?.text) {
      this.#fill(trimmed);
    }
  }

  /**
   * Takes over what a store says.
   * @returns the change as the tree shows it; undefined if the tree has to wait for {@link onDidChange}.
   */
  follow(source: WorkspaceStore, change: IssueChange): IssueChange | undefined {
    const shown = this.#shown === undefined ? change : this.#shown.lists.get(source)?.apply(change);
    const isNextBehind = this.#next !== undefined && this.#next.lists.get(source)?.apply(change) === undefined;
    if (shown === undefined || isNextBehind) {
      this.#refill();
    }
    return shown;
  }

  dispose(): void {
    this.#filling.abort();
    this.#storesChange.dispose();
    this.#didChange.dispose();
  }

  #refill(): void {
    const text = (this.#next ?? this.#shown)?.text;
    if (text !== undefined) {
      this.#fill(text);
    }
  }

  #fill(text: string): void {
    this.#filling.abort();
    const filling = new AbortController();
    this.#filling = filling;
    if (text === '') {
      this.#show(undefined);
      return;
    }
    const next = { text, lists: new Map(this.#stores.all.map((source) => [source, new FilteredIssues(source.store.catalogue, text)])) };
    this.#next = next;
    const fill = async () => {
      for (const list of next.lists.values()) {
        await list.fill({ signal: filling.signal });
      }
      this.#show(next);
    };
    fill().catch((error: unknown) => {
      if (!filling.signal.aborted) {
        this.#onError(error);
      }
    });
  }

  #show(filter: Filter | undefined): void {
    this.#shown = filter;
    this.#next = undefined;
    this.#didChange.fire();
  }
}
