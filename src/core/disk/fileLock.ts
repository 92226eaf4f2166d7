import { open } from 'node:fs/promises';
import { errorCode, FileChangedError, hasOneNameOnly, isMissing } from './disk.ts';
import { link, lstat, unlink } from './nameCalls.ts';
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
export async function withFileLock(path: string, act: () => Promise<void>): Promise<void> {
  const lock = lockBeside(path);
  const isOurs = (await takeLock(path, lock)) || ((await removeAbandoned(lock)) && (await takeLock(path, lock)));
  if (!isOurs) {
    throw new FileChangedError(`${path} is being changed`);
  }
  try {
    await act();
  } finally {
    await release(lock);
  }
}

async function takeLock(path: string, lock: string): Promise<boolean> {
  try {
    return await isFirst(() => link(path, lock));
  } catch (error) {
    if (isMissing(error)) {
      throw Object.assign(new FileChangedError(`${path} is not there`, { cause: error }), { code: 'ENOENT' });
    }
    if (hasOneNameOnly(error)) {
      return makeLockFile(lock);
    }
    throw error;
  }
}

function makeLockFile(lock: string): Promise<boolean> {
  return isFirst(async () => (await open(lock, 'wx')).close());
}

/** Whether a call that makes a name succeeded; false if somebody else had made it before. */
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

async function release(lock: string): Promise<void> {
  try {
    await unlink(lock);
  } catch {
    // The work is done, and a lock that stays counts as abandoned after a few seconds.
  }
}

/**
 * Removes the lock of a process that ended while it held it. Only one at a time does so, or two could remove a lock that is new by then.
 * The file of this second lock is new, so its time is *now* by the file system's own clock.
 * @returns whether the lock is gone.
 */
async function removeAbandoned(lock: string): Promise<boolean> {
  const clearing = lockBeside(lock);
  if (!(await makeLockFile(clearing))) {
    return false;
  }
  try {
    const [taken, now] = [await lstat(lock), await lstat(clearing)];
    // A new name sets a file's change time, and not its modification time.
    if (now.ctimeMs - taken.ctimeMs <= ABANDONED_MS) {
      return false;
    }
    await unlink(lock);
    return true;
  } catch (error) {
    if (isMissing(error)) {
      return true;
    }
    throw error;
  } finally {
    await release(clearing);
  }
}
