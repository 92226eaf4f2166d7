import pLimit from 'p-limit';
import { type Disposable, Emitter, type Event } from '../../core/index.ts';

/** A change that can be undone. */
export interface UndoEntry {
  /** What was done, as a sentence without its full stop. */
  readonly label: string;
  /** Undoes it. Rejects with the reason if that is not possible; it can be tried again. */
  undo(): Promise<void>;
}

/** The outcome of an attempt to undo. */
export type UndoOutcome =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'undone' | 'undoneAlready'; readonly entry: UndoEntry }
  | { readonly kind: 'refused'; readonly entry: UndoEntry; readonly error: unknown };

/** How many changes can be undone. */
const CAPACITY = 20;

/** The changes that can be undone in this window, newest last. One is undone at a time. */
export class UndoHistory implements Disposable {
  #entries: readonly UndoEntry[] = [];
  readonly #undone = new WeakSet<UndoEntry>();
  readonly #oneAtATime = pLimit(1);
  readonly #didChange: Emitter<void>;

  constructor(onError: (error: unknown) => void) {
    this.#didChange = new Emitter<void>(onError);
  }

  /** Oldest first. */
  get entries(): readonly UndoEntry[] {
    return this.#entries;
  }

  get onDidChange(): Event<void> {
    return this.#didChange.event;
  }

  /** Adds an entry; above the limit the oldest one is dropped. */
  add(entry: UndoEntry): void {
    this.#set([...this.#entries, entry].slice(-CAPACITY));
  }

  /** Removes an entry without undoing it. */
  forget(entry: UndoEntry): void {
    this.#set(this.#entries.filter((other) => other !== entry));
  }

  clear(): void {
    this.#set([]);
  }

  /**
   * Undoes an entry, whether it is still in the history or not, and removes it from the history on success.
   * @param choose is called after any undo that is still running.
   */
  undo(choose: () => UndoEntry | undefined): Promise<UndoOutcome> {
    return this.#oneAtATime(async () => {
      const entry = choose();
      if (entry === undefined) {
        return { kind: 'nothing' };
      }
      if (this.#undone.has(entry)) {
        return { kind: 'undoneAlready', entry };
      }
      try {
        await entry.undo();
      } catch (error) {
        return { kind: 'refused', entry, error };
      }
      this.#undone.add(entry);
      this.forget(entry);
      return { kind: 'undone', entry };
    });
  }

  dispose(): void {
    this.#entries = [];
    this.#didChange.dispose();
  }

  #set(entries: readonly UndoEntry[]): void {
    this.#entries = entries;
    this.#didChange.fire();
  }
}
