import { errorCode, FileChangedError, isMissing } from './disk.ts';
import { isSingleName, type SystemCalls } from './systemCalls.ts';
import { lockBeside } from './temporaryNames.ts';

/** A lock is held for one look and one rename, so one that is older than this was left by a process that ended while it held it. */
const ABANDONED_MS = 10_000;

/**
 * Locks a file while it is looked at and then moved or replaced, against our own writers in any process. Without the lock two of them
 * could both find the old bytes, and the slower one would overwrite the edit of the other. Whoever finds the file locked does not wait,
 * because its content is about to differ from what was seen.
 *
 * The lock is a second name of the file (a hard link), which needs nothing but an entry in the folder. Where a file can have one name
 * alone, it is an empty file. Programs that do not know of the lock are not kept out.
 *
 * @throws FileChangedError if the file is locked, or with the code `ENOENT` if it is not there. Nothing was done then.
 */
export async function withFileLock(calls: SystemCalls, path: string, act: () => Promise<void>): Promise<void> {
  const lock = lockBeside(path);
  const isOurs = (await isTaken(calls, path, lock)) || ((await isCleared(calls, lock)) && (await isTaken(calls, path, lock)));
  if (!isOurs) {
    throw new FileChangedError(`${path} is being changed`);
  }
  try {
    await act();
  } finally {
    await giveUp(calls, lock);
  }
}

async function isTaken(calls: SystemCalls, path: string, lock: string): Promise<boolean> {
  try {
    return await isFirst(async () => calls.link(path, lock));
  } catch (error) {
    if (isMissing(error)) {
      throw Object.assign(new FileChangedError(`${path} is not there`, { cause: error }), { code: 'ENOENT' });
    }
    if (isSingleName(error)) {
      return isMade(calls, lock);
    }
    throw error;
  }
}

function isMade(calls: SystemCalls, lock: string): Promise<boolean> {
  return isFirst(async () => calls.close(await calls.create(lock)));
}

/** Whether something that only one can do was done. */
async function isFirst(act: () => Promise<void>): Promise<boolean> {
  try {
    await act();
    return true;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') {
      return false;
    }
    throw error;
  }
}

async function giveUp(calls: SystemCalls, lock: string): Promise<void> {
  try {
    await calls.unlink(lock);
  } catch {
    // The file is what it is by now, and one that stays counts as abandoned in a moment.
  }
}

/**
 * Removes the lock of a process that ended while it held it. Only one at a time does so, or two could remove a lock that is new by then.
 * The file that stands for this second lock tells the time by the clock that stamps locks.
 * @returns whether there is no lock now.
 */
async function isCleared(calls: SystemCalls, lock: string): Promise<boolean> {
  const clearing = lockBeside(lock);
  if (!(await isMade(calls, clearing))) {
    return false;
  }
  try {
    const [taken, now] = [await calls.stat(lock), await calls.stat(clearing)];
    // Getting a name is a change of the file that leaves the time of the last edit as it is.
    if (now.ctimeMs - taken.ctimeMs <= ABANDONED_MS) {
      return false;
    }
    await calls.unlink(lock);
    return true;
  } catch (error) {
    if (isMissing(error)) {
      return true;
    }
    throw error;
  } finally {
    await giveUp(calls, clearing);
  }
}
