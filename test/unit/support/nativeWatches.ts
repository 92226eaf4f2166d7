import assert from 'node:assert/strict';
import { inTime } from './recording.ts';

/** How many of the system's own watches this process holds. */
export const openWatches = () => process.getActiveResourcesInfo().filter((name) => name === 'FSEventWrap').length;

/** Waits until there are no more of them than before: the system closes them between two turns of the event loop. */
export async function closed(before: number): Promise<void> {
  let isOver = false;
  const closing = async () => {
    while (openWatches() > before && !isOver) {
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  await inTime(closing(), 'the watches to be closed').finally(() => {
    isOver = true;
  });
  assert.equal(openWatches(), before);
}
