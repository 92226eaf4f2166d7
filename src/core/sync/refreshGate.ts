/**
 * Excludes looks at the disk and own writes from each other, like a readers–writer lock: writes run concurrently, a look waits for writes in
 * flight, and new writes wait for the look. So no look sees half a batch, and no earlier read overwrites a later write in the catalogue.
 */
export class RefreshGate {
  readonly #writes = new Set<Promise<unknown>>();
  #alone: Promise<void> | undefined;

  get isWriting(): boolean {
    return this.#writes.size > 0;
  }

  async write<T>(run: () => Promise<T>): Promise<T> {
    while (this.#alone !== undefined) {
      await this.#alone;
    }
    const write = run();
    this.#writes.add(write);
    try {
      return await write;
    } finally {
      this.#writes.delete(write);
    }
  }

  async alone<T>(run: () => Promise<T>): Promise<T> {
    while (this.#alone !== undefined) {
      await this.#alone;
    }
    const { promise, resolve } = settleable();
    this.#alone = promise;
    try {
      await Promise.allSettled(this.#writes);
      return await run();
    } finally {
      this.#alone = undefined;
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
