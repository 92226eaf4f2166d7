import type { Memento } from 'vscode';
import {
  type ArrangedIssues,
  type Arrangement,
  CatalogueGroups,
  DEFAULT_ARRANGEMENT,
  type Disposable,
  Emitter,
  type Event,
  type GroupsChange,
  type IssueChange,
  type IssueGroups,
  isSameArrangement,
  noGroups,
  readArrangement,
} from '../../core/index.ts';
import type { WorkspaceStore, WorkspaceStores } from '../stores/workspaceStores.ts';

/** What a person has typed, whether they may still be typing, and how issues are arranged. */
interface Asked {
  readonly text: string;
  readonly isTyping: boolean;
  readonly arrangement: Arrangement;
}

/** The same, with the issues of each store; undefined if they are not known yet, or are those of the catalogue. */
interface Shown extends Asked {
  lists: ReadonlyMap<WorkspaceStore, ArrangedIssues> | undefined;
}

/** Where the filter and the arrangement are kept for the next session. */
type KeptState = Pick<Memento, 'get' | 'update'>;

const KEPT = { filter: 'filter', arrangement: 'arrangement' };

/** What the tree shows of the stores, everything or what fits the filter that a person has typed, and how that is arranged. */
export class IssueFilter implements Disposable {
  readonly #stores: Pick<WorkspaceStores, 'all' | 'onDidChangeStores'>;
  readonly #onError: (error: unknown) => void;
  readonly #didChange: Emitter<void>;
  readonly #storesChange: Disposable;
  #shown: Shown = { text: '', isTyping: false, arrangement: DEFAULT_ARRANGEMENT, lists: undefined };
  /** What is shown next, as soon as it has been gone through. */
  #next: Shown | undefined;
  /** True if {@link #next} has missed something and must be filled again. */
  #isNextBehind = false;
  #filled = Promise.resolve();
  readonly #kept: KeptState | undefined;
  #filling = new AbortController();

  /**
   * @param onError told why something could not be filtered or arranged.
   * @param kept what was shown when the last session ended is shown again.
   */
  constructor(stores: Pick<WorkspaceStores, 'all' | 'onDidChangeStores'>, onError: (error: unknown) => void, kept?: KeptState) {
    this.#stores = stores;
    this.#onError = onError;
    this.#didChange = new Emitter(onError);
    this.#storesChange = stores.onDidChangeStores(() => this.refill());
    this.#kept = kept;
    this.#ask({ text: kept?.get<string>(KEPT.filter) ?? '', isTyping: false, arrangement: readArrangement(kept?.get(KEPT.arrangement)) });
  }

  /** The tree is to show other issues than before, the text is another, or the arrangement. */
  get onDidChange(): Event<void> {
    return this.#didChange.event;
  }

  /** What the issues are filtered by; empty if all are shown. */
  get text(): string {
    return this.#shown.text.trim();
  }

  get arrangement(): Arrangement {
    return this.#shown.arrangement;
  }

  /** What the tree shows of a store. */
  groupsOf(source: WorkspaceStore): IssueGroups {
    return isPlain(this.#shown)
      ? new CatalogueGroups(source.store.catalogue)
      : (this.#shown.lists?.get(source) ?? noGroups(this.#shown.arrangement));
  }

  /** How many issues are shown, and how many there are. */
  get counts(): { readonly shown: number; readonly all: number } {
    const sum = (count: (source: WorkspaceStore) => number) => this.#stores.all.reduce((total, source) => total + count(source), 0);
    return { shown: sum((source) => this.groupsOf(source).count), all: sum(({ store }) => store.catalogue.size) };
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
    const isTyped = isTyping && trimmed !== '';
    this.#ask({ ...this.#last, text: isTyped ? text.trimStart() : trimmed, isTyping: isTyped });
  }

  /** Shows issues in other groups or in another order. What is shown stays until then. */
  arrange(arrangement: Arrangement): void {
    this.#ask({ ...this.#last, arrangement });
  }

  /**
   * Takes over what a store says.
   * @returns the change as the tree shows it; undefined if the tree has to wait for {@link onDidChange}.
   */
  follow(source: WorkspaceStore, change: IssueChange): GroupsChange | undefined {
    const shown = this.groupsOf(source).apply(change);
    // What has no lists yet is made from the catalogue as it is then.
    const isNextBehind = this.#next?.lists !== undefined && this.#next.lists.get(source)?.apply(change) === undefined;
    if (shown === undefined || isNextBehind) {
      this.refill();
    }
    return shown;
  }

  /** Goes through all issues again, because others may be shown. */
  refill(): void {
    if (this.#next?.lists !== undefined) {
      // It is shown first, or stores that change without a pause would never be.
      this.#isNextBehind = true;
    } else if (this.#next === undefined && !isPlain(this.#shown)) {
      this.#fill(this.#shown);
    }
  }

  dispose(): void {
    this.#filling.abort();
    this.#storesChange.dispose();
    this.#didChange.dispose();
  }

  get #last(): Asked {
    return this.#next ?? this.#shown;
  }

  #ask(asked: Asked): void {
    const { text, isTyping, arrangement } = this.#last;
    if (asked.text !== text || asked.isTyping !== isTyping || !isSameArrangement(asked.arrangement, arrangement)) {
      this.#fill(asked);
    }
  }

  #fill({ text, isTyping, arrangement }: Asked): void {
    this.#filling.abort();
    this.#filling = new AbortController();
    this.#isNextBehind = false;
    const { signal } = this.#filling;
    const next: Shown = { text, isTyping, arrangement, lists: undefined };
    if (isPlain(next)) {
      this.#filled = Promise.resolve();
      this.#show(next);
      return;
    }
    this.#next = next;
    this.#filled = this.#showNext(next, signal).catch((error: unknown) => {
      if (!signal.aborted) {
        this.#next = undefined;
        this.#onError(error);
      }
    });
  }

  async #showNext(next: Shown, signal: AbortSignal): Promise<void> {
    const { arrangedStores } = await import('./arrangedStores.ts');
    signal.throwIfAborted();
    const lists = await arrangedStores(next, this.#stores.all);
    signal.throwIfAborted();
    next.lists = lists;
    for (const list of lists.values()) {
      await list.fill({ signal });
    }
    // A list that is complete ends without looking at the signal.
    signal.throwIfAborted();
    this.#show(next);
  }

  #show(next: Shown): void {
    this.#shown = next;
    this.#next = undefined;
    this.#keep(next);
    this.#didChange.fire();
    if (this.#isNextBehind) {
      this.refill();
    }
  }

  #keep({ text, isTyping, arrangement }: Asked): void {
    const kept = this.#kept;
    if (!isTyping && (kept?.get(KEPT.filter) ?? '') !== text) {
      kept?.update(KEPT.filter, text === '' ? undefined : text).then(undefined, this.#onError);
    }
    if (!isSameArrangement(readArrangement(kept?.get(KEPT.arrangement)), arrangement)) {
      kept?.update(KEPT.arrangement, arrangement).then(undefined, this.#onError);
    }
  }
}

/** True of what the lists of the catalogue are themselves. */
function isPlain({ text, arrangement }: Asked): boolean {
  return text === '' && isSameArrangement(arrangement, DEFAULT_ARRANGEMENT);
}
