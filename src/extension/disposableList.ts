import type { Disposable } from '../core/index.ts';

/** Disposables that end together, the last one added first. One that throws never keeps the others from their end. */
export class DisposableList implements Disposable {
  readonly #onError: (error: unknown) => void;
  #entries: Disposable[] | undefined = [];

  constructor(onError: (error: unknown) => void) {
    this.#onError = onError;
  }

  /** After the end, what is added is disposed at once. */
  add<T extends Disposable>(entry: T): T {
    if (this.#entries === undefined) {
      this.#disposeOne(entry);
    } else {
      this.#entries.push(entry);
    }
    return entry;
  }

  dispose(): void {
    const entries = this.#entries ?? [];
    this.#entries = undefined;
    for (const entry of entries.reverse()) {
      this.#disposeOne(entry);
    }
  }

  #disposeOne(entry: Disposable): void {
    try {
      entry.dispose();
    } catch (error) {
      this.#onError(error);
    }
  }
}
