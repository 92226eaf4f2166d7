/** Something to let go of. Calling it twice does no harm. */
export interface Disposable {
  dispose(): void;
}

/** Registers a listener; disposing the answer removes it again. */
export type Event<T> = (listener: (event: T) => void) => Disposable;

/** The source of one event. A listener that throws is reported and never keeps the others from hearing. */
export class Emitter<T> implements Disposable {
  readonly #listeners = new Set<(event: T) => void>();
  readonly #onError: (error: unknown) => void;

  /** @param onError told what a listener threw. */
  constructor(onError: (error: unknown) => void) {
    this.#onError = onError;
  }

  readonly event: Event<T> = (listener) => {
    // Wrapped, so that one function registered twice is heard twice and removed one by one.
    const entry = (event: T) => listener(event);
    this.#listeners.add(entry);
    return { dispose: () => void this.#listeners.delete(entry) };
  };

  fire(event: T): void {
    for (const listener of [...this.#listeners]) {
      try {
        listener(event);
      } catch (error) {
        this.#onError(error);
      }
    }
  }

  dispose(): void {
    this.#listeners.clear();
  }
}
