import { randomBytes } from 'node:crypto';
import { constants, type Stats } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import {
  type Claim,
  ClaimLostError,
  type CreateOptions,
  errorCode,
  FileChangedError,
  hasOneNameOnly,
  isMissing,
  PERMISSIONS,
} from './disk.ts';
import { withFileLock } from './fileLock.ts';
import { link, lstat, rename, unlink } from './nameCalls.ts';
import { MOVED_PREFIX, temporaryBeside } from './temporaryNames.ts';

/** A claim says whose it is by this many random bytes, which no two claims share. */
const TOKEN_BYTES = 16;
/** A link is refused instead of followed. */
const REOPEN_FLAGS = constants.O_RDWR | (constants.O_NOFOLLOW ?? 0);
/** Opens a new file, and fails with `EEXIST` if something is there. */
const NEW_FILE = 'wx';

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

/** Writes to an open file, flushes it to the disk, and closes it whatever happens. */
async function writeAndClose(file: FileHandle, bytes: Uint8Array, mode: number | undefined): Promise<Stats> {
  try {
    await file.writeFile(bytes);
    await file.sync();
    const written = await file.stat();
    if (mode === undefined || (written.mode & PERMISSIONS) === mode) {
      return written;
    }
    // The user's mask has taken bits from the mode of the new file.
    await file.chmod(mode);
    await file.sync();
    return await file.stat();
  } finally {
    await file.close();
  }
}

/** Makes a file that only one process can make, and that it can recognise later. Fails with `EEXIST` if something is there. */
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
 * Opens a claim to write to it. A process that was held up for long may have had its claim cleaned away, and another process may
 * have made the same claim since, whose file must not get our bytes.
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

/** Puts a new file at `path`, whole or not at all; fails with `EEXIST` if something is there. */
export async function createFile(path: string, bytes: Uint8Array, { mode, claim }: CreateOptions = {}): Promise<Stats> {
  const place = async (temporary: string) => {
    if ((await takeName(temporary, path)) === 'linked') {
      // The file is there for everybody by now, so this is no failure: what stays is cleaned away one day.
      await unlinkIfThere(temporary).catch(() => undefined);
    }
  };
  if (claim === undefined) {
    return writeBeside(path, { bytes, mode }, place);
  }
  const file = await openClaim(claim);
  try {
    const written = await writeAndClose(file, bytes, mode);
    await place(claim.path);
    return written;
  } catch (error) {
    // Its holder would not know it again by what it holds now. One that stays costs nobody anything but a number.
    await unlinkIfThere(claim.path).catch(() => undefined);
    throw error;
  }
}

/**
 * Puts new bytes in the place of a file. `stillSeen` is asked after the bytes are on the disk and right before the rename,
 * while no other process of ours can come between the two; if it says no, nothing changes and the answer is a
 * {@link FileChangedError}.
 */
export function replaceFile(
  path: string,
  file: { readonly bytes: Uint8Array; readonly mode: number },
  stillSeen: () => Promise<boolean>,
): Promise<Stats> {
  return writeBeside(path, file, (temporary) =>
    withFileLock(path, async () => {
      if (!(await stillSeen())) {
        throw new FileChangedError(`${path} has changed`);
      }
      await rename(temporary, path);
    }),
  );
}

/**
 * Gives a file another name in the same file system and never replaces one.
 *
 * An editor that saves by renaming can put a new file under the old name at any moment. So the old name is taken away by a
 * rename, which brings along whatever has it by then, and nothing is ever unlinked that is not held by the new name, too.
 *
 * @param renameInstead see `Disk.move`.
 * @throws FileChangedError if another writer of ours is changing the file; nothing was done.
 */
export function moveFile(from: string, to: string, renameInstead?: () => Promise<boolean>): Promise<void> {
  return withFileLock(from, async () => {
    if (renameInstead !== undefined && (await statIfThere(to)) === undefined && (await renameInstead())) {
      return;
    }
    const before = await lstat(from);
    if ((await takeName(from, to)) === 'renamed') {
      return;
    }
    const taken = temporaryBeside(to, MOVED_PREFIX);
    try {
      await rename(from, taken);
    } catch (error) {
      // Others may have put their own file there since.
      if (await hasName(before, to)) {
        await unlink(to);
      }
      throw error;
    }
    const moved = await lstat(taken);
    // What was linked has the new name, or whatever others have made of that since. Anything else is an edit.
    if (isSame(moved, before) || (await hasName(moved, to))) {
      await unlink(taken);
    } else {
      await rename(taken, to);
    }
  });
}

/**
 * Takes a name for a file if it is free: a hard link refuses an existing target, which a rename does not. Where the file
 * system has no hard links, the target is looked at before a rename.
 * @returns whether the file has both names now.
 */
async function takeName(from: string, to: string): Promise<'linked' | 'renamed'> {
  try {
    await link(from, to);
    return 'linked';
  } catch (error) {
    if (errorCode(error) === 'EEXIST' && (await isRespelling(from, to))) {
      await rename(from, to);
    } else if (hasOneNameOnly(error)) {
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

/** On a file system that ignores case, the new name can be the old one in other letters. */
async function isRespelling(from: string, to: string): Promise<boolean> {
  return from !== to && from.toLowerCase() === to.toLowerCase() && (await hasName(await lstat(from), to));
}

async function hasName(file: Stats, path: string): Promise<boolean> {
  const named = await statIfThere(path);
  return named !== undefined && isSame(file, named);
}

function isSame(a: Stats, b: Stats): boolean {
  return a.ino === b.ino && a.dev === b.dev;
}

/** Undefined if nothing has this name. */
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
