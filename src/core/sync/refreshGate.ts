/**
 * Keeps looks at the disk and our own writes apart. Writes run side by side; what must be alone waits for those under way,
 * and new ones wait for it. So a look never sees a batch half done, nor takes what it read before a write for newer than that.
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
