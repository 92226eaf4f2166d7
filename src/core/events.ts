/** Disposing twice is harmless. */
export interface Disposable {
  dispose(): void;
}

/** Registers a listener. Dispose the result to remove it. */
export type Event<T> = (listener: (event: T) => void) => Disposable;

/** The source of one event. A listener that throws is reported and does not stop the others. */
export class Emitter<T> implements Disposable {
  readonly #listeners = new Set<(event: T) => void>();
  readonly #onError: (error: unknown) => void;

  /** @param onError receives what a listener throws. */
  constructor(onError: (error: unknown) => void) {
    this.#onError = onError;
  }

  readonly event: Event<T> = (listener) => {
    // Wrapped, so that a function registered twice is called twice and each registration is removed separately.
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
