import type { Memento } from 'vscode';
import { type Disposable, Emitter, type Event, type FilteredIssues, type IssueChange, type IssueSummary } from '../../core/index.ts';
import type { WorkspaceStore, WorkspaceStores } from '../stores/workspaceStores.ts';

/** What a person has typed, and whether they may still be typing. */
interface AskedFilter {
  readonly text: string;
  readonly isTyping: boolean;
}

/** One filter, with what fits it in each store. */
interface Filter extends AskedFilter {
  readonly lists: ReadonlyMap<WorkspaceStore, FilteredIssues>;
}

/** A filter before it is shown. */
interface NextFilter extends AskedFilter {
  lists: Filter['lists'] | undefined;
}

/** Where the text of the filter is kept for the next session. */
type KeptState = Pick<Memento, 'get' | 'update'>;

const KEPT = 'filter';

/** What the tree shows of the stores: everything, or what fits the filter that a person has typed. */
export class IssueFilter implements Disposable {
  readonly #stores: Pick<WorkspaceStores, 'all' | 'onDidChangeStores'>;
  readonly #onError: (error: unknown) => void;
  readonly #didChange: Emitter<void>;
  readonly #storesChange: Disposable;
  #shown: Filter | undefined;
  /** What is shown next, as soon as it has been gone through. */
  #next: NextFilter | undefined;
  #filled = Promise.resolve();
  readonly #kept: KeptState | undefined;
  #filling = new AbortController();

  /**
   * @param onError told why a filter could not be applied.
   * @param kept what was shown when the last session ended is shown again.
   */
  constructor(stores: Pick<WorkspaceStores, 'all' | 'onDidChangeStores'>, onError: (error: unknown) => void, kept?: KeptState) {
    this.#stores = stores;
    this.#onError = onError;
    this.#didChange = new Emitter(onError);
    this.#storesChange = stores.onDidChangeStores(() => this.#refill());
    this.#kept = kept;
    this.set(kept?.get<string>(KEPT) ?? '');
  }

  /** The tree is to show other issues than before, or the text is another. */
  get onDidChange(): Event<void> {
    return this.#didChange.event;
  }

  /** What the issues are filtered by; empty if all are shown. */
  get text(): string {
    return this.#shown?.text.trim() ?? '';
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

  /** Settles when what was asked for last is shown, or something else has been asked for meanwhile. */
  get whenShown(): Promise<void> {
    return this.#filled;
  }

  /**
   * Shows what fits a filter, or everything without one. What is shown stays until it is known what comes in its place, and stays for good if the
   * filter means nothing, which is logged: whoever asks for filters tells people before.
   *
   * @param isTyping true while the text is being typed; see `FilterContext`. What is typed is not kept for the next session.
   */
  set(text: string, { isTyping = false } = {}): void {
    const trimmed = text.trim();
    const asked = isTyping && trimmed !== '' ? { text: text.trimStart(), isTyping } : { text: trimmed, isTyping: false };
    const last = this.#next ?? this.#shown ?? { text: '', isTyping: false };
    if (asked.text !== last.text || asked.isTyping !== last.isTyping) {
      this.#fill(asked);
    }
  }

  /**
   * Takes over what a store says.
   * @returns the change as the tree shows it; undefined if the tree has to wait for {@link onDidChange}.
   */
  follow(source: WorkspaceStore, change: IssueChange): IssueChange | undefined {
    const shown = this.#shown === undefined ? change : this.#shown.lists.get(source)?.apply(change);
    // What has no lists yet is made from the catalogue as it is then.
    const isNextBehind = this.#next?.lists !== undefined && this.#next.lists.get(source)?.apply(change) === undefined;
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
    const asked = this.#next ?? this.#shown;
    if (asked !== undefined) {
      this.#fill(asked);
    }
  }

  #fill({ text, isTyping }: AskedFilter): void {
    this.#filling.abort();
    this.#filling = new AbortController();
    const { signal } = this.#filling;
    if (text === '') {
      this.#filled = Promise.resolve();
      this.#show(undefined);
      return;
    }
    const next: NextFilter = { text, isTyping, lists: undefined };
    this.#next = next;
    this.#filled = this.#showNext(next, signal).catch((error: unknown) => {
      if (!signal.aborted) {
        this.#next = undefined;
        this.#onError(error);
      }
    });
  }

  async #showNext(next: NextFilter, signal: AbortSignal): Promise<void> {
    const { filteredStores } = await import('./filteredStores.ts');
    signal.throwIfAborted();
    const lists = await filteredStores(next, this.#stores.all);
    signal.throwIfAborted();
    next.lists = lists;
    for (const list of lists.values()) {
      await list.fill({ signal });
    }
    // A list that is complete ends without looking at the signal.
    signal.throwIfAborted();
    this.#show({ text: next.text, isTyping: next.isTyping, lists });
  }

  #show(filter: Filter | undefined): void {
    this.#shown = filter;
    this.#next = undefined;
    if (filter?.isTyping !== true && this.#kept?.get(KEPT) !== filter?.text) {
      this.#kept?.update(KEPT, filter?.text).then(undefined, this.#onError);
    }
    this.#didChange.fire();
  }
}
