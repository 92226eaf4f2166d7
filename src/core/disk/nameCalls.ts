import { linkSync, lstatSync, renameSync, type Stats, unlinkSync } from 'node:fs';
import { link as promisedLink, lstat as promisedLstat, rename as promisedRename, unlink as promisedUnlink } from 'node:fs/promises';
import { systemClock } from '../clock.ts';
import { TimeSlices } from '../timeSlices.ts';

/*
 * The calls that moves and locks are made of. They concern names only, which the system has in memory, so they are made synchronously, in
 * time slices. With promises alone, completing a batch of 1 000 took about six times as long as the cheapest calls; three times is allowed.
 * After a slow call the next ones go by promise, so that a slow disk or network does not hold the event loop.
 */

/** A call that takes longer, in milliseconds, has waited for a disk or a network. It is half of the 16 ms that may hold the event loop. */
const SLOW_CALL_MS = 8;
/** How many calls go by promise after a slow one: about thirty moves, of which one may be slow again. */
const PROMISED_CALLS = 256;

const slices = new TimeSlices(systemClock);
let nextSlice: Promise<void> | undefined;
let promisedCalls = 0;

export function link(from: string, to: string): Promise<void> {
  return call(
    () => linkSync(from, to),
    () => promisedLink(from, to),
  );
}

export function rename(from: string, to: string): Promise<void> {
  return call(
    () => renameSync(from, to),
    () => promisedRename(from, to),
  );
}

export function unlink(path: string): Promise<void> {
  return call(
    () => unlinkSync(path),
    () => promisedUnlink(path),
  );
}

export function lstat(path: string): Promise<Stats> {
  return call(
    () => lstatSync(path),
    () => promisedLstat(path),
  );
}

async function call<T>(synchronous: () => T, promised: () => Promise<T>): Promise<T> {
  // All who wait share one new slice, and each asks again: the first of them may have used it up.
  while (promisedCalls === 0 && slices.isOver) {
    nextSlice ??= slices.next().finally(() => {
      nextSlice = undefined;
    });
    await nextSlice;
  }
  if (promisedCalls > 0) {
    promisedCalls--;
    return promised();
  }
  const start = systemClock.now();
  try {
    return synchronous();
  } finally {
    if (systemClock.now() - start > SLOW_CALL_MS) {
      promisedCalls = PROMISED_CALLS;
    }
  }
}
