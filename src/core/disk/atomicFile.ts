import { randomBytes } from 'node:crypto';
import { constants, type Stats } from 'node:fs';
import { type Claim, ClaimLostError, type CreateOptions, errorCode, FileChangedError, isMissing, PERMISSIONS } from './disk.ts';
import { withFileLock } from './fileLock.ts';
import { isSingleName, type SystemCalls, statIfThere, unlinkIfThere } from './systemCalls.ts';
import { MOVED_PREFIX, temporaryBeside } from './temporaryNames.ts';

/** A claim says whose it is by this many random bytes. */
const TOKEN_BYTES = 16;
/** A link is refused instead of followed. */
const REOPEN_FLAGS = constants.O_RDWR | (constants.O_NOFOLLOW ?? 0);

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
  calls: SystemCalls,
  path: string,
  { bytes, mode }: { readonly bytes: Uint8Array; readonly mode: number | undefined },
  place: (temporary: string) => Promise<void>,
): Promise<Stats> {
  const temporary = temporaryBeside(path);
  const descriptor = await calls.create(temporary, mode);
  try {
    const written = await fill(calls, descriptor, bytes, mode);
    await place(temporary);
    return written;
  } catch (error) {
    try {
      await unlinkIfThere(calls, temporary);
    } catch (unlinkError) {
      throw new AggregateError([error, unlinkError], `${path} was not written, and ${temporary} could not be removed.`);
    }
    throw error;
  }
}

/** Writes an open file down to the disk and closes it, whatever happens. */
async function fill(calls: SystemCalls, descriptor: number, bytes: Uint8Array, mode: number | undefined): Promise<Stats> {
  try {
    await calls.write(descriptor, bytes);
    await calls.flush(descriptor);
    const written = await calls.descriptorStat(descriptor);
    if (mode === undefined || (written.mode & PERMISSIONS) === mode) {
      return written;
    }
    // What the user's mask has kept from a new file.
    await calls.changeMode(descriptor, mode);
    await calls.flush(descriptor);
    return await calls.descriptorStat(descriptor);
  } finally {
    await calls.close(descriptor);
  }
}

/** Makes a file that only one process can make, and that this one knows again. Fails with `EEXIST` if something is there. */
export async function claimFile(calls: SystemCalls, path: string): Promise<Claim> {
  const token = randomBytes(TOKEN_BYTES);
  const descriptor = await calls.create(path);
  try {
    try {
      await calls.write(descriptor, token);
    } finally {
      await calls.close(descriptor);
    }
  } catch (error) {
    await unlinkIfThere(calls, path).catch(() => undefined);
    throw error;
  }
  return { path, token };
}

/**
 * Opens a claim to write to it. A process that was held up for long may have had its claim cleaned away, and another one may
 * have made the same since, which must not get the bytes of both.
 * @throws ClaimLostError
 */
async function openClaim(calls: SystemCalls, { path, token }: Claim): Promise<number> {
  let descriptor: number;
  try {
    descriptor = await calls.open(path, REOPEN_FLAGS);
  } catch (error) {
    throw isMissing(error) ? new ClaimLostError(path) : error;
  }
  try {
    const found = Buffer.alloc(TOKEN_BYTES + 1);
    const length = await calls.read(descriptor, found);
    if (!found.subarray(0, length).equals(token)) {
      throw new ClaimLostError(path);
    }
    await calls.truncate(descriptor);
    return descriptor;
  } catch (error) {
    await calls.close(descriptor);
    throw error;
  }
}

/** Puts a new file at `path`, whole or not at all; fails with `EEXIST` if something is there. */
export async function createFile(calls: SystemCalls, path: string, bytes: Uint8Array, { mode, claim }: CreateOptions = {}): Promise<Stats> {
  const place = async (temporary: string) => {
    if ((await takeName(calls, temporary, path)) === 'linked') {
      // The file is there for everybody by now, so this is no failure: what stays is cleaned away one day.
      await unlinkIfThere(calls, temporary).catch(() => undefined);
    }
  };
  if (claim === undefined) {
    return writeBeside(calls, path, { bytes, mode }, place);
  }
  const descriptor = await openClaim(calls, claim);
  try {
    const written = await fill(calls, descriptor, bytes, mode);
    await place(claim.path);
    return written;
  } catch (error) {
    // Its holder would not know it again by what it holds now. One that stays costs nobody anything but a number.
    await unlinkIfThere(calls, claim.path).catch(() => undefined);
    throw error;
  }
}

/**
 * Puts new bytes in the place of a file. `stillSeen` is asked after the bytes are on the disk and right before the rename,
 * while no other process of ours can come between the two; if it says no, nothing changes and the answer is a
 * {@link FileChangedError}.
 */
export function replaceFile(
  calls: SystemCalls,
  path: string,
  file: { readonly bytes: Uint8Array; readonly mode: number },
  stillSeen: () => Promise<boolean>,
): Promise<Stats> {
  return writeBeside(calls, path, file, (temporary) =>
    withFileLock(calls, path, async () => {
      if (!(await stillSeen())) {
        throw new FileChangedError(`${path} has changed`);
      }
      await calls.rename(temporary, path);
    }),
  );
}

/**
 * Gives a file another name in the same file system and never replaces one.
 *
 * An editor that saves by renaming can put a new file under the old name at any moment. So the old name is taken away by a
 * rename, which brings along whatever has it by then, and nothing is ever unlinked that is not held by the new name, too.
 *
 * @param rename see `Disk.move`.
 * @throws FileChangedError if another writer of ours is changing the file; nothing was done.
 */
export function moveFile(calls: SystemCalls, from: string, to: string, rename?: () => Promise<boolean>): Promise<void> {
  return withFileLock(calls, from, async () => {
    if (rename !== undefined && (await statIfThere(calls, to)) === undefined && (await rename())) {
      return;
    }
    const before = await calls.stat(from);
    if ((await takeName(calls, from, to)) === 'renamed') {
      return;
    }
    const taken = temporaryBeside(to, MOVED_PREFIX);
    try {
      await calls.rename(from, taken);
    } catch (error) {
      // Others may have put their own file there since.
      if (await hasName(calls, before, to)) {
        await calls.unlink(to);
      }
      throw error;
    }
    const moved = await calls.stat(taken);
    // What was linked has the new name, or whatever others have made of that since. Anything else is an edit.
    if (isSame(moved, before) || (await hasName(calls, moved, to))) {
      await calls.unlink(taken);
    } else {
      await calls.rename(taken, to);
    }
  });
}

/**
 * Takes a name for a file if it is free: a hard link refuses an existing target, which a rename does not. Where the file
 * system has no hard links, the target is looked at before a rename.
 * @returns whether the file has both names now.
 */
async function takeName(calls: SystemCalls, from: string, to: string): Promise<'linked' | 'renamed'> {
  try {
    await calls.link(from, to);
    return 'linked';
  } catch (error) {
    if (errorCode(error) === 'EEXIST' && (await isRespelling(calls, from, to))) {
      await calls.rename(from, to);
    } else if (isSingleName(error)) {
      await renameIfFree(calls, from, to);
    } else {
      throw error;
    }
    return 'renamed';
  }
}

async function renameIfFree(calls: SystemCalls, from: string, to: string): Promise<void> {
  if ((await statIfThere(calls, to)) !== undefined) {
    throw Object.assign(new Error(`EEXIST: file already exists, '${to}'`), { code: 'EEXIST' });
  }
  await calls.rename(from, to);
}

/** On a file system that ignores case, the new name can be the old one in other letters. */
async function isRespelling(calls: SystemCalls, from: string, to: string): Promise<boolean> {
  return from !== to && from.toLowerCase() === to.toLowerCase() && (await hasName(calls, await calls.stat(from), to));
}

async function hasName(calls: SystemCalls, file: Stats, path: string): Promise<boolean> {
  const named = await statIfThere(calls, path);
  return named !== undefined && isSame(file, named);
}

function isSame(a: Stats, b: Stats): boolean {
  return a.ino === b.ino && a.dev === b.dev;
}
