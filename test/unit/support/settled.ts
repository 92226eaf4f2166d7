/** One turn of the event loop, in which everything that waits for nothing else goes on. */
export const settled = () => new Promise<void>((resolve) => setImmediate(resolve));

/** As long as what must not begin would need to begin. */
export async function turns(): Promise<void> {
  for (let turn = 0; turn < 200; turn++) {
    await settled();
  }
}
