import { randomBytes } from 'node:crypto';
import { constants, type Stats } from 'node:fs';
import { type FileHandle, link, lstat, open, rename, unlink } from 'node:fs/promises';
import { type Claim, ClaimLostError, type CreateOptions, errorCode, FileChangedError, isMissing } from './disk.ts';
import { inTurn } from './fileTurn.ts';
import { MOVED_PREFIX, temporaryBeside } from './temporaryNames.ts';

/** A claim says whose it is by this many random bytes. */
const TOKEN_BYTES = 16;
const REOPEN_FLAGS = constants.O_RDWR | (constants.O_NOFOLLOW ?? 0);

/** How file systems say that a file cannot have two names; the last is Windows on FAT. */
const NO_HARD_LINK: ReadonlySet<string> = new Set(['EPERM', 'ENOSYS', 'ENOTSUP', 'EOPNOTSUPP', 'EMLINK', 'EISDIR']);

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
  const temporary = temporaryBeside(path);
  const handle = await open(temporary, 'wx');
  try {
    const written = await fill(handle, bytes, mode);
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

/** Writes an open file down to the disk and closes it, whatever happens. */
async function fill(handle: FileHandle, bytes: Uint8Array, mode: number | undefined): Promise<Stats> {
  try {
    await handle.writeFile(bytes);
    if (mode !== undefined) {
      await handle.chmod(mode);
    }
    await handle.sync();
    return await handle.stat();
  } finally {
    await handle.close();
  }
}

/** Makes a file that only one process can make, and that this one knows again. Fails with `EEXIST` if something is there. */
export async function claimFile(path: string): Promise<Claim> {
  const token = randomBytes(TOKEN_BYTES);
  const handle = await open(path, 'wx');
  try {
    await handle.writeFile(token).finally(() => handle.close());
  } catch (error) {
    await unlink(path).catch(() => undefined);
    throw error;
  }
  return { path, token };
}

/**
 * Opens a claim to write to it. A process that was held up for long may have had its claim cleaned away, and another one may
 * have made the same since, which must not get the bytes of both.
 * @throws ClaimLostError
 */
async function openClaim({ path, token }: Claim): Promise<FileHandle> {
  const handle = await open(path, REOPEN_FLAGS).catch((error: unknown) => {
    throw isMissing(error) ? new ClaimLostError(path) : error;
  });
  try {
    const found = await handle.read(Buffer.alloc(TOKEN_BYTES + 1), 0, TOKEN_BYTES + 1, 0);
    if (!found.buffer.subarray(0, found.bytesRead).equals(token)) {
      throw new ClaimLostError(path);
    }
    await handle.truncate();
    return handle;
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/** Puts a new file at `path`, whole or not at all; fails with `EEXIST` if something is there. */
export async function createFile(path: string, bytes: Uint8Array, { mode, claim }: CreateOptions = {}): Promise<Stats> {
  const place = async (temporary: string) => {
    if ((await takeName(temporary, path)) === 'linked') {
      // The file is there for everybody by now, so this is no failure: what stays is cleaned away one day.
      await unlink(temporary).catch(() => undefined);
    }
  };
  if (claim === undefined) {
    return writeBeside(path, bytes, mode, place);
  }
  const written = await fill(await openClaim(claim), bytes, mode);
  await place(claim.path);
  return written;
}

/**
 * Puts new bytes in the place of a file. `stillSeen` is asked after the bytes are on the disk and right before the rename,
 * while no other process of ours can come between the two; if it says no, nothing changes and the answer is a
 * {@link FileChangedError}.
 */
export function replaceFile(path: string, bytes: Uint8Array, mode: number, stillSeen: () => Promise<boolean>): Promise<Stats> {
  return writeBeside(path, bytes, mode, (temporary) =>
    inTurn(path, async () => {
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
 * @throws FileChangedError if another writer of ours is changing the file; nothing was done.
 */
export function moveFile(from: string, to: string): Promise<void> {
  return inTurn(from, async () => {
    const before = await lstat(from);
    if ((await takeName(from, to)) === 'renamed') {
      return;
    }
    const taken = temporaryBeside(to, MOVED_PREFIX);
    try {
      await rename(from, taken);
    } catch (error) {
      await unlink(to);
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
    const code = errorCode(error);
    if (code === 'EEXIST' && (await isRespelling(from, to))) {
      await rename(from, to);
    } else if (code !== undefined && NO_HARD_LINK.has(code)) {
      await renameIfFree(from, to);
    } else {
      throw error;
    }
    return 'renamed';
  }
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
  return from !== to && from.toLowerCase() === to.toLowerCase() && (await hasName(await lstat(from), to));
}

async function hasName(file: Stats, path: string): Promise<boolean> {
  try {
    return isSame(file, await lstat(path));
  } catch (error) {
    if (isMissing(error)) {
      return false;
    }
    throw error;
  }
}

function isSame(a: Stats, b: Stats): boolean {
  return a.ino === b.ino && a.dev === b.dev;
}
