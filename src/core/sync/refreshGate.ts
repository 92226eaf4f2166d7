/**
 * Keeps looks at the disk and own writes apart. Writes run side by side; a look waits for those under way, and new writes wait for the look. So
 * no look sees a batch half done, or takes what it read before a write for newer than the write.
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
