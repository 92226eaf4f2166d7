import { linkSync, lstatSync, renameSync, type Stats, unlinkSync } from 'node:fs';
import { link as promisedLink, lstat as promisedLstat, rename as promisedRename, unlink as promisedUnlink } from 'node:fs/promises';
import { systemClock } from '../clock.ts';
import { TimeSlices } from '../timeSlices.ts';

/*
 * The system calls of moves and locks. They touch only names, which the system caches, so they run synchronously in time slices. With
 * promises, completing a batch of 1 000 took about six times as long as bare system calls; the limit is three times. After a slow call the
 * next ones are asynchronous, so that a slow disk or network does not block the event loop.
 */

/** Milliseconds. A slower call has waited for a disk or a network. This is half of the 16 ms that may block the event loop. */
const SLOW_CALL_MS = 8;
/** Calls that are made asynchronously after a slow one: about thirty moves. Then one synchronous call may be slow again. */
const ASYNC_CALLS = 256;

const slices = new TimeSlices(systemClock);
let nextSlice: Promise<void> | undefined;
let asyncCallsLeft = 0;

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

async function call<T>(synchronous: () => T, asynchronous: () => Promise<T>): Promise<T> {
  // All waiting calls share one new slice. Each checks again, because an earlier one may have used it up.
  while (asyncCallsLeft === 0 && slices.isOver) {
    nextSlice ??= slices.next().finally(() => {
      nextSlice = undefined;
    });
    await nextSlice;
  }
  if (asyncCallsLeft > 0) {
    asyncCallsLeft--;
    return asynchronous();
  }
  const start = systemClock.now();
  try {
    return synchronous();
  } finally {
    if (systemClock.now() - start > SLOW_CALL_MS) {
      asyncCallsLeft = ASYNC_CALLS;
    }
  }
}
