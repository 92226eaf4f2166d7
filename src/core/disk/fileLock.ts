import { open } from 'node:fs/promises';
import { errorCode, FileChangedError, isHardLinkUnsupported, isMissing } from './disk.ts';
import { link, lstat, unlink } from './nameCalls.ts';
import { lockBeside } from './temporaryNames.ts';

/** A lock is held for one comparison and one rename. An older one was left by a process that crashed. */
const ABANDONED_MS = 10_000;

/**
 * Locks a file against our own writers in any process while it is compared and then moved or replaced. Without the lock, two writers could
 * both find the old bytes and the slower one would overwrite the other's edit. It does not wait for a locked file, because that file is
 * about to change anyway.
 *
 * The lock is a hard link to the file, or an empty file where hard links are not supported. Other programs ignore it.
 *
 * @throws FileChangedError if the file is locked, or, with code `ENOENT`, if it does not exist. `act` was not called.
 */
export async function withFileLock(path: string, act: () => Promise<void>): Promise<void> {
  const lock = lockBeside(path);
  const isOurs = (await acquire(path, lock)) || ((await removeAbandoned(lock)) && (await acquire(path, lock)));
  if (!isOurs) {
    throw new FileChangedError(`${path} is being changed`);
  }
  try {
    await act();
  } finally {
    await release(lock);
  }
}

async function acquire(path: string, lock: string): Promise<boolean> {
  try {
    return await createsName(() => link(path, lock));
  } catch (error) {
    if (isMissing(error)) {
      throw Object.assign(new FileChangedError(`${path} is not there`, { cause: error }), { code: 'ENOENT' });
    }
    if (isHardLinkUnsupported(error)) {
      return createLockFile(lock);
    }
    throw error;
  }
}

function createLockFile(lock: string): Promise<boolean> {
  return createsName(async () => (await open(lock, 'wx')).close());
}

/** @returns false if `act` fails with `EEXIST`: another process was first. */
async function createsName(act: () => Promise<void>): Promise<boolean> {
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
    // The work is done. A lock that cannot be removed counts as abandoned after a few seconds.
  }
}

/**
 * Removes a lock that a crashed process left. A second lock allows one process at a time to do so; otherwise two could remove a lock that
 * is new by then. The second lock's file is new, so its time is *now* on the file system's clock.
 * @returns whether the lock no longer exists.
 */
async function removeAbandoned(lock: string): Promise<boolean> {
  const clearing = lockBeside(lock);
  if (!(await createLockFile(clearing))) {
    return false;
  }
  try {
    const [taken, now] = [await lstat(lock), await lstat(clearing)];
    // Creating a hard link sets the change time, not the modification time.
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
