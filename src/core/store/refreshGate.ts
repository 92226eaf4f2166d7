/**
 * Keeps looks at the disk and our own writes apart. Writes run side by side; a refresh waits for those under way, and new
 * ones wait for it. So a refresh never sees a batch half done, nor takes what it read before a write for newer than that.
 */
export class RefreshGate {
  readonly #writes = new Set<Promise<unknown>>();
  #refresh: Promise<void> | undefined;

  get isWriting(): boolean {
    return this.#writes.size > 0;
  }

  async write<T>(run: () => Promise<T>): Promise<T> {
    while (this.#refresh !== undefined) {
      await this.#refresh;
    }
    const write = run();
    this.#writes.add(write);
    try {
      return await write;
    } finally {
      this.#writes.delete(write);
    }
  }

  async refresh<T>(run: () => Promise<T>): Promise<T> {
    while (this.#refresh !== undefined) {
      await this.#refresh;
    }
    const { promise, resolve } = settleable();
    this.#refresh = promise;
    try {
      await Promise.allSettled(this.#writes);
      return await run();
    } finally {
      this.#refresh = undefined;
      resolve();
    }
  }
}

function settleable(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve: () => void = () => undefined;
  const promise = new Promise<void>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
