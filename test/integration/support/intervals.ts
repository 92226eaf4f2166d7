import { replaced } from './answers.ts';

/** Counts the intervals that are begun, and not ended, from now until it is stopped. */
export function recordedIntervals(): { readonly running: number; stop(): void } {
  const [begin, end] = [globalThis.setInterval, globalThis.clearInterval];
  const running = new Set<unknown>();
  const stop = replaced(globalThis, {
    setInterval: (...args: Parameters<typeof begin>) => {
      const timer = begin(...args);
      running.add(timer);
      return timer;
    },
    clearInterval: (timer: Parameters<typeof end>[0]) => {
      running.delete(timer);
      end(timer);
    },
  });
  return {
    get running() {
      return running.size;
    },
    stop,
  };
}
