import { randomBytes } from 'node:crypto';
import { constants, type Stats } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import {
  type Claim,
  ClaimLostError,
  type CreateOptions,
  errorCode,
  FileChangedError,
  isHardLinkUnsupported,
  isMissing,
  PERMISSIONS,
} from './disk.ts';
import { withFileLock } from './fileLock.ts';
import { link, lstat, rename, unlink } from './nameCalls.ts';
import { MOVED_PREFIX, temporaryBeside } from './temporaryNames.ts';

/** Length of the random token that identifies the owner of a claim. */
const TOKEN_BYTES = 16;
/** Fails on a link instead of following it. */
const REOPEN_FLAGS = constants.O_RDWR | (constants.O_NOFOLLOW ?? 0);
/** Creates a file; fails with `EEXIST` if the name exists. */
const NEW_FILE = 'wx';

/**
 * Writes a temporary file next to `path`, flushes it to the disk, and calls `place` to give it its final name. If anything fails, the
 * temporary file is removed and the old file is unchanged.
 *
 * Libraries for atomic writes follow links and overwrite the target. The store must do neither, and must check the target between the flush
 * and the rename.
 *
 * @returns the stat of the open file, from before it got its final name.
 */
async function writeTemporary(
  path: string,
  { bytes, mode }: { readonly bytes: Uint8Array; readonly mode: number | undefined },
  place: (temporary: string) => Promise<void>,
): Promise<Stats> {
  const temporary = temporaryBeside(path);
  const file = await open(temporary, NEW_FILE, mode);
  try {
    const written = await writeAndClose(file, bytes, mode);
    await place(temporary);
    return written;
  } catch (error) {
    try {
      await unlinkIfThere(temporary);
    } catch (unlinkError) {
      throw new AggregateError([error, unlinkError], `${path} was not written, and ${temporary} could not be removed.`);
    }
    throw error;
  }
}

async function writeAndClose(file: FileHandle, bytes: Uint8Array, mode: number | undefined): Promise<Stats> {
  try {
    await file.writeFile(bytes);
    await file.sync();
    const written = await file.stat();
    if (mode === undefined || (written.mode & PERMISSIONS) === mode) {
      return written;
    }
    // The umask removed bits from the mode of the new file.
    await file.chmod(mode);
    await file.sync();
    return await file.stat();
  } finally {
    await file.close();
  }
}

/** Creates a claim file with a random token. Fails with `EEXIST` if the name exists. */
export async function claimFile(path: string): Promise<Claim> {
  const token = randomBytes(TOKEN_BYTES);
  const file = await open(path, NEW_FILE);
  try {
    try {
      await file.writeFile(token);
    } finally {
      await file.close();
    }
  } catch (error) {
    await unlinkIfThere(path).catch(() => undefined);
    throw error;
  }
  return { path, token };
}

/**
 * Opens a claim file for writing. If this process was suspended for long, the claim may have been cleaned up and another process may have
 * claimed the same name. The token tells, so that we never write to a file of another process.
 * @throws ClaimLostError
 */
async function openClaim({ path, token }: Claim): Promise<FileHandle> {
  const file = await open(path, REOPEN_FLAGS).catch((error: unknown) => {
    throw isMissing(error) ? new ClaimLostError(path) : error;
  });
  try {
    const found = Buffer.alloc(TOKEN_BYTES + 1);
    const { bytesRead } = await file.read(found, 0, found.length, 0);
    if (!found.subarray(0, bytesRead).equals(token)) {
      throw new ClaimLostError(path);
    }
    await file.truncate();
    return file;
  } catch (error) {
    await file.close();
    throw error;
  }
}

/** Creates a file atomically; fails with `EEXIST` if the name exists. */
export async function createFile(path: string, bytes: Uint8Array, { mode, claim }: CreateOptions = {}): Promise<Stats> {
  const place = async (temporary: string) => {
    if ((await claimName(temporary, path)) === 'linked') {
      // The file already has its final name, so this is no failure. A later cleanup removes the temporary file.
      await unlinkIfThere(temporary).catch(() => undefined);
    }
  };
  if (claim === undefined) {
    return writeTemporary(path, { bytes, mode }, place);
  }
  const file = await openClaim(claim);
  try {
    const written = await writeAndClose(file, bytes, mode);
    await place(claim.path);
    return written;
  } catch (error) {
    // The file no longer holds the token, so its owner could not release it later. If it stays, it only blocks one number.
    await unlinkIfThere(claim.path).catch(() => undefined);
    throw error;
  }
}

/**
 * Replaces a file's bytes atomically. `isUnchanged` is called after the flush and right before the rename, under the file lock.
 * @throws FileChangedError if `isUnchanged` returns false or the file is locked; nothing was changed.
 */
export function replaceFile(
  path: string,
  file: { readonly bytes: Uint8Array; readonly mode: number },
  isUnchanged: () => Promise<boolean>,
): Promise<Stats> {
  return writeTemporary(path, file, (temporary) =>
    withFileLock(path, async () => {
      if (!(await isUnchanged())) {
        throw new FileChangedError(`${path} has changed`);
      }
      await rename(temporary, path);
    }),
  );
}

/**
 * Renames a file within one file system and never overwrites another.
 *
 * An editor that saves by renaming can put a new file under the old name at any moment. So the old name is renamed to a temporary one,
 * which moves whatever file has it by then, and a name is only unlinked after the new name is known to hold the same file.
 *
 * @param renameInstead see `Disk.move`.
 * @throws FileChangedError if another of our writers is changing the file; nothing was changed.
 */
export function moveFile(from: string, to: string, renameInstead?: () => Promise<boolean>): Promise<void> {
  return withFileLock(from, async () => {
    if (renameInstead !== undefined && (await statIfThere(to)) === undefined && (await renameInstead())) {
      return;
    }
    const before = await lstat(from);
    if ((await claimName(from, to)) === 'renamed') {
      return;
    }
    const temporary = temporaryBeside(to, MOVED_PREFIX);
    try {
      await rename(from, temporary);
    } catch (error) {
      // Another program may have replaced the new file meanwhile, so unlink only our own.
      if (await hasName(before, to)) {
        await unlink(to);
      }
      throw error;
    }
    const moved = await lstat(temporary);
    // The new name holds this file, or what another program made of it since. Any other file is an edit saved during the move: it wins.
    if (isSame(moved, before) || (await hasName(moved, to))) {
      await unlink(temporary);
    } else {
      await rename(temporary, to);
    }
  });
}

/**
 * Gives a file a name if that name is free. A hard link fails if the target exists, which a rename does not. On file systems without hard
 * links, the target is checked before a rename.
 * @returns `linked` if the file now has both names.
 */
async function claimName(from: string, to: string): Promise<'linked' | 'renamed'> {
  try {
    await link(from, to);
    return 'linked';
  } catch (error) {
    if (errorCode(error) === 'EEXIST' && (await differsInCaseOnly(from, to))) {
      await rename(from, to);
    } else if (isHardLinkUnsupported(error)) {
      await renameIfFree(from, to);
    } else {
      throw error;
    }
    return 'renamed';
  }
}

async function renameIfFree(from: string, to: string): Promise<void> {
  if ((await statIfThere(to)) !== undefined) {
    throw Object.assign(new Error(`EEXIST: file already exists, '${to}'`), { code: 'EEXIST' });
  }
  await rename(from, to);
}

/** True if both are names of one file that differ only in case, on a file system that ignores case. */
async function differsInCaseOnly(from: string, to: string): Promise<boolean> {
  return from !== to && from.toLowerCase() === to.toLowerCase() && (await hasName(await lstat(from), to));
}

async function hasName(file: Stats, path: string): Promise<boolean> {
  const named = await statIfThere(path);
  return named !== undefined && isSame(file, named);
}

function isSame(a: Stats, b: Stats): boolean {
  return a.ino === b.ino && a.dev === b.dev;
}

/** Undefined if the file does not exist. */
export async function statIfThere(path: string): Promise<Stats | undefined> {
  try {
    return await lstat(path);
  } catch (error) {
    if (isMissing(error)) {
      return undefined;
    }
    throw error;
  }
}

async function unlinkIfThere(path: string): Promise<void> {
  try {
    await unlink(path);
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') {
      throw error;
    }
  }
}
