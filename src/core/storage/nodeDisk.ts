import {
  closeSync,
  constants,
  type Dir,
  type Dirent,
  fstatSync,
  lstatSync,
  openSync,
  readSync as readFileDescriptorSync,
  readFileSync,
  type Stats,
} from 'node:fs';
import { lstat, mkdir, open, realpath } from 'node:fs/promises';
import { claimFile, createFile, moveFile, replaceFile } from './atomicFile.ts';
import {
  type Claim,
  type CreateOptions,
  type Disk,
  type EntryKind,
  errorCode,
  type FileRead,
  type FileStat,
  isMissing,
  isNoFile,
  PERMISSIONS,
  type ReadOptions,
  sameBytes,
  type TakeEntry,
} from './disk.ts';
import { SystemCalls, statIfThere } from './systemCalls.ts';

// A link is refused instead of followed, and a named pipe does not make the opener wait. Windows has neither flag, so there
// a look has to come before the opening.
const READ_FLAGS = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);
const OPENING_FOLLOWS_LINKS = constants.O_NOFOLLOW === undefined;

/** Files up to this size are read into one shared buffer; issue files have a few kilobytes. */
const SHARED_BYTES = 256 * 1024;

const LISTED_AT_ONCE = 1024;

/** The machine's file system. */
export class NodeDisk implements Disk {
  readonly #shared = Buffer.allocUnsafeSlow(SHARED_BYTES);
  readonly #calls: SystemCalls;
  readonly #patientCalls = new SystemCalls({ isPatient: true });

  constructor(calls = new SystemCalls()) {
    this.#calls = calls;
  }

  async list(folder: string, take: TakeEntry): Promise<boolean> {
    try {
      const opened = await this.#calls.openFolder(folder, LISTED_AT_ONCE);
      try {
        let isMore = true;
        while (isMore) {
          isMore = await listPiece(this.#calls, opened, take);
        }
      } finally {
        await this.#calls.closeFolder(opened);
      }
      return true;
    } catch (error) {
      missing(error);
      return false;
    }
  }

  async stat(path: string): Promise<FileStat | undefined> {
    try {
      return fileStat(await lstat(path));
    } catch (error) {
      return missing(error);
    }
  }

  statSync(path: string): FileStat | undefined {
    try {
      const stats = lstatSync(path, { throwIfNoEntry: false });
      return stats && fileStat(stats);
    } catch (error) {
      return missing(error);
    }
  }

  async targetStat(path: string): Promise<FileStat | undefined> {
    try {
      return fileStat(await this.#calls.targetStat(path));
    } catch (error) {
      return missing(error);
    }
  }

  async isFolder(path: string): Promise<boolean> {
    try {
      return (await this.#calls.targetStat(path)).isDirectory();
    } catch {
      return false;
    }
  }

  async realPath(path: string): Promise<string | undefined> {
    try {
      return await realpath(path);
    } catch (error) {
      return missing(error);
    }
  }

  async read(path: string, { isOneOfMany = false }: ReadOptions = {}): Promise<FileRead> {
    if (isOneOfMany) {
      return readBy(this.#patientCalls, path);
    }
    if (OPENING_FOLLOWS_LINKS) {
      regular(path, fileStat(await lstat(path)));
    }
    const handle = await open(path, READ_FLAGS).catch(rejectLink(path));
    try {
      const stat = regular(path, fileStat(await handle.stat()));
      return { bytes: await handle.readFile(), stat };
    } finally {
      await handle.close();
    }
  }

  readSync(path: string): FileRead {
    if (OPENING_FOLLOWS_LINKS) {
      regular(path, fileStat(lstatSync(path)));
    }
    let descriptor: number;
    try {
      descriptor = openSync(path, READ_FLAGS);
    } catch (error) {
      return rejectLink(path)(error);
    }
    try {
      const stat = regular(path, fileStat(fstatSync(descriptor)));
      return { bytes: this.#readDescriptor(descriptor, stat.size), stat };
    } finally {
      closeSync(descriptor);
    }
  }

  #readDescriptor(descriptor: number, size: number): Buffer {
    if (size < SHARED_BYTES) {
      const length = readFileDescriptorSync(descriptor, this.#shared, 0, SHARED_BYTES, 0);
      // A full buffer means that the file grew after its stat; a short read means that it shrank. The former has more to read.
      if (length < SHARED_BYTES) {
        return this.#shared.subarray(0, length);
      }
    }
    return readFileSync(descriptor);
  }

  claim(path: string): Promise<Claim> {
    return claimFile(this.#calls, path);
  }

  async create(path: string, bytes: Uint8Array, options?: CreateOptions): Promise<FileStat> {
    return this.#settled(path, await createFile(this.#calls, path, bytes, options));
  }

  async replace(path: string, bytes: Uint8Array, seen: FileRead): Promise<FileStat> {
    const file = { bytes, mode: seen.stat.mode };
    return this.#settled(path, await replaceFile(this.#calls, path, file, () => this.#holds(path, seen.bytes)));
  }

  async move(from: string, to: string, rename?: () => Promise<boolean>): Promise<FileStat> {
    await moveFile(this.#calls, from, to, rename);
    return fileStat(await this.#calls.stat(to));
  }

  async remove(path: string): Promise<void> {
    await this.#calls.unlink(path);
  }

  async makeFolder(path: string): Promise<void> {
    await mkdir(path, { recursive: true });
  }

  /** The bytes and not the stat: two writes within one tick of the file system's clock can leave the same size, time and inode. */
  async #holds(path: string, bytes: Uint8Array): Promise<boolean> {
    try {
      return (await readBy(this.#calls, path)).bytes.equals(bytes);
    } catch (error) {
      return isNoFileNow(error);
    }
  }

  /**
   * The stat under the final name, which differs from that of the open file in its change time. If somebody has written
   * there since, theirs must not pass for ours: the answer then is what we wrote, and the next look finds a difference.
   */
  async #settled(path: string, stats: Stats): Promise<FileStat> {
    const written = fileStat(stats);
    const found = await statIfThere(this.#calls, path);
    const now = found && fileStat(found);
    return now !== undefined && sameBytes(now, written) ? now : written;
  }
}

/**
 * Reads all of a file by these calls, except that an open file is asked for its stat and closed at once: that waits for no disk, and a trip through
 * the thread pool costs more than the rest of reading a small file.
 */
export async function readBy(calls: SystemCalls, path: string): Promise<FileRead> {
  if (OPENING_FOLLOWS_LINKS) {
    regular(path, fileStat(await calls.stat(path)));
  }
  const descriptor = await openBy(calls, path);
  try {
    const stat = regular(path, fileStat(fstatSync(descriptor)));
    // With room for more, a file that did not grow after its stat is read by one call.
    for (let room = stat.size + 1; ; room *= 2) {
      const buffer = Buffer.allocUnsafe(room);
      const length = await calls.read(descriptor, buffer);
      if (length < room) {
        return { bytes: buffer.subarray(0, length), stat };
      }
    }
  } finally {
    closeSync(descriptor);
  }
}

async function openBy(calls: SystemCalls, path: string): Promise<number> {
  try {
    return await calls.open(path, READ_FLAGS);
  } catch (error) {
    return rejectLink(path)(error);
  }
}

/**
 * In pieces, each of which holds the event loop for a millisecond or two; all at once it would be a hundred for 100 000 files. Only the
 * first entry of a piece can wait for the disk, for the others have come with it, and waiting for each would cost several times the
 * listing.
 * @returns false if that was all, or enough.
 */
async function listPiece(calls: SystemCalls, folder: Dir, take: TakeEntry): Promise<boolean> {
  let entry = await calls.readFolder(folder);
  for (let count = 1; entry !== null; count++) {
    if (take(entry.name, kindOf(entry)) === false) {
      return false;
    }
    if (count === LISTED_AT_ONCE) {
      return true;
    }
    entry = folder.readSync();
  }
  return false;
}

function kindOf(entry: Dirent | Stats): EntryKind {
  if (entry.isFile()) {
    return 'file';
  }
  if (entry.isDirectory()) {
    return 'folder';
  }
  return entry.isSymbolicLink() ? 'link' : 'other';
}

function fileStat(stats: Stats): FileStat {
  const { size, mtimeMs, ctimeMs, birthtimeMs, dev, ino, nlink, mode } = stats;
  return { kind: kindOf(stats), size, mtimeMs, ctimeMs, birthtimeMs, dev, ino, nlink, mode: mode & PERMISSIONS };
}

/** Turns "no such file" into undefined. */
function missing(error: unknown): undefined {
  if (!isMissing(error)) {
    throw error;
  }
}

/** @returns false where a link, a special file or nothing is by now, which is no failure for who looks for a file. */
function isNoFileNow(error: unknown): false {
  if (!isNoFile(error) && errorCode(error) !== 'EFTYPE') {
    throw error;
  }
  return false;
}

function regular(path: string, stat: FileStat): FileStat {
  if (stat.kind === 'folder') {
    throw Object.assign(new Error(`EISDIR: a folder, '${path}'`), { code: 'EISDIR' });
  }
  if (stat.kind !== 'file') {
    throw Object.assign(new Error(`EFTYPE: not a regular file, '${path}'`), { code: 'EFTYPE' });
  }
  return stat;
}

/** Opening a link without following it fails with ELOOP, on some systems with EMLINK. */
function rejectLink(path: string): (error: unknown) => never {
  return (error) => {
    const code = errorCode(error);
    if (code === 'ELOOP' || code === 'EMLINK') {
      throw Object.assign(new Error(`EFTYPE: a symbolic link, '${path}'`, { cause: error }), { code: 'EFTYPE' });
    }
    throw error;
  };
}
