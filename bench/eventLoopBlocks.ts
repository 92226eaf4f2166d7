import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout } from 'node:timers/promises';

const RESOLUTION_MS = 1;
const SETTLE_MS = 5;
const NANOSECONDS = 1_000_000;

/**
 * Runs something and tells for how long it kept the event loop from its next turn at most, in milliseconds, give or take one.
 * A timer that libuv asks for every millisecond says so, which costs next to nothing and never keeps the loop busy.
 */
export async function withLongestBlock<T>(run: () => Promise<T>): Promise<{ readonly result: T; readonly blockMillis: number }> {
  const delays = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delays.enable();
  // Its first entry is the one from which the next is counted.
  await setTimeout(SETTLE_MS);
  delays.reset();
  const result = await run();
  await setTimeout(SETTLE_MS);
  delays.disable();
  return { result, blockMillis: Math.max(0, delays.max / NANOSECONDS - RESOLUTION_MS) };
}
