import pLimit from 'p-limit';
import { type Disposable, Emitter, type Event } from '../../core/events.ts';

/** Something that was done and can be taken back. */
export interface UndoEntry {
  /** What was done, as a sentence without its full stop. */
  readonly label: string;
  /** Takes it back. Rejects, with the reason, if that cannot be; it can be tried again then. */
  undo(): Promise<void>;
}

/** What became of an attempt to take something back. */
export type UndoOutcome =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'undone' | 'undoneAlready'; readonly entry: UndoEntry }
  | { readonly kind: 'refused'; readonly entry: UndoEntry; readonly error: unknown };

/** How many changes one can go back. */
const CAPACITY = 20;

/** What can be taken back in this window, newest last. One thing at a time is taken back. */
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

  /** The oldest entry makes room. */
  add(entry: UndoEntry): void {
    this.#set([...this.#entries, entry].slice(-CAPACITY));
  }

  /** Takes an entry out without taking it back. */
  forget(entry: UndoEntry): void {
    this.#set(this.#entries.filter((other) => other !== entry));
  }

  clear(): void {
    this.#set([]);
  }

  /**
   * Takes an entry back, whether it is still in the history or not. It leaves the history if that succeeds.
   * @param choose is asked when whatever was being taken back before is done.
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
