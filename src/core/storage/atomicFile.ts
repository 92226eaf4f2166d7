import { randomBytes } from 'node:crypto';
import type { Stats } from 'node:fs';
import { link, lstat, open, rename, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { errorCode, FileChangedError } from './disk.ts';

/**
 * Every temporary file of ours begins and ends like this. The ending is the one that the tools of this format ignore, the
 * beginning tells ours from theirs, and the length does not depend on the name.
 */
export const TEMPORARY_PREFIX = '.markdown-issues-';
export const TEMPORARY_SUFFIX = '.tmp';

/**
 * Writes a temporary file beside `path`, flushed to the disk, and hands it to `place`, which gives it its name. Whatever
 * fails, no temporary file stays behind and the old file is as it was.
 *
 * Libraries for atomic writes follow links and replace whatever is there; the store must do neither, and must look at the
 * target once more between flushing and renaming.
 *
 * @returns the stat of the file while it was still open, before it got its name.
 */
async function writeBeside(
  path: string,
  bytes: Uint8Array,
  mode: number | undefined,
  place: (temporary: string) => Promise<void>,
): Promise<Stats> {
  const temporary = join(dirname(path), TEMPORARY_PREFIX + randomBytes(8).toString('hex') + TEMPORARY_SUFFIX);
  const handle = await open(temporary, 'wx');
  try {
    let written: Stats;
    try {
      await handle.writeFile(bytes);
      if (mode !== undefined) {
        await handle.chmod(mode);
      }
      await handle.sync();
      written = await handle.stat();
    } finally {
      await handle.close();
    }
    await place(temporary);
    return written;
  } catch (error) {
    await unlink(temporary).catch((unlinkError: unknown) => {
      if (errorCode(unlinkError) !== 'ENOENT') {
        throw new AggregateError([error, unlinkError], `${path} was not written, and ${temporary} could not be removed.`);
      }
    });
    throw error;
  }
}

/** Puts a new file at `path`, whole or not at all; fails with `EEXIST` if something is there. */
export function createFile(path: string, bytes: Uint8Array, mode?: number): Promise<Stats> {
  return writeBeside(path, bytes, mode, (temporary) => moveFile(temporary, path));
}

/**
 * Puts new bytes in the place of a file. `stillSeen` is asked after the bytes are on the disk and right before the rename;
 * if it says no, nothing changes and the answer is a {@link FileChangedError}.
 */
export function replaceFile(path: string, bytes: Uint8Array, mode: number, stillSeen: () => Promise<boolean>): Promise<Stats> {
  return writeBeside(path, bytes, mode, async (temporary) => {
    if (!(await stillSeen())) {
      throw new FileChangedError(`${path} has changed`);
    }
    await rename(temporary, path);
  });
}

/**
 * Gives a file another name in the same file system and never replaces one: a hard link refuses an existing target, which
 * a rename does not. Where the file system has no hard links, the target is looked at before the rename.
 */
export async function moveFile(from: string, to: string): Promise<void> {
  try {
    await link(from, to);
  } catch (error) {
    const code = errorCode(error);
    if (code === 'EEXIST' && (await isRespelling(from, to))) {
      return rename(from, to);
    }
    if (code === 'EPERM' || code === 'ENOSYS' || code === 'ENOTSUP' || code === 'EOPNOTSUPP' || code === 'EMLINK') {
      return renameIfFree(from, to);
    }
    throw error;
  }
  await unlink(from);
}

async function renameIfFree(from: string, to: string): Promise<void> {
  const taken = await lstat(to).catch((error: unknown) => {
    if (errorCode(error) === 'ENOENT') {
      return undefined;
    }
    throw error;
  });
  if (taken !== undefined) {
    throw Object.assign(new Error(`EEXIST: file already exists, '${to}'`), { code: 'EEXIST' });
  }
  await rename(from, to);
}

/** On a file system that ignores case, the new name can be the old one in other letters. */
async function isRespelling(from: string, to: string): Promise<boolean> {
  if (from === to || from.toLowerCase() !== to.toLowerCase()) {
    return false;
  }
  const [a, b] = await Promise.all([lstat(from), lstat(to)]);
  return a.ino === b.ino && a.dev === b.dev;
}
