import { isUtf8 } from 'node:buffer';
import {
  closeSync,
  constants,
  type Dir,
  type Dirent,
  fstatSync,
  lstatSync,
  open,
  openSync,
  read,
  readSync as readFileDescriptorSync,
  type Stats,
} from 'node:fs';
import { stat as followingStat, lstat, mkdir, opendir, readdir, realpath } from 'node:fs/promises';
import { claimFile, createFile, moveFile, replaceFile, statIfThere } from './atomicFile.ts';
import {
  type Claim,
  type CreateOptions,
  type Disk,
  type EntryKind,
  errorCode,
  type FileRead,
  type FileStat,
  FileTooLargeError,
  isMissing,
  isNoFile,
  PERMISSIONS,
  READ_LIMIT,
  REPLACEMENT_CHARACTER,
  type StatOptions,
  sameBytes,
  type TakeEntry,
} from './disk.ts';
import { lstat as nameStat, unlink } from './nameCalls.ts';

// A link is refused instead of followed, and a named pipe does not make the opener wait. Windows has neither flag, so there
// a look has to come before the opening.
const READ_FLAGS = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);
const OPENING_FOLLOWS_LINKS = constants.O_NOFOLLOW === undefined;

/** Files up to this size are read into one shared buffer, so that a sweep does not allocate one for every file; issues have a few kilobytes. */
const SHARED_BYTES = 256 * 1024;

/** How many names one call lists: enough that few calls are needed, and so few that taking them holds the event loop for a millisecond or two. */
const NAMES_AT_ONCE = 1024;

/** The machine's file system. */
export class NodeDisk implements Disk {
  readonly #shared = Buffer.allocUnsafeSlow(SHARED_BYTES);

  async list(folder: string, take: TakeEntry): Promise<boolean> {
    let isDoubtful = false;
    let isEnough = false;
    const takeClear: TakeEntry = (name, kind) => {
      if (name.includes(REPLACEMENT_CHARACTER)) {
        isDoubtful = true;
      } else {
        isEnough = take(name, kind) === false;
      }
      return !isEnough;
    };
    try {
      const opened = await opendir(folder, { bufferSize: NAMES_AT_ONCE });
      try {
        let isMore = true;
        while (isMore) {
          isMore = await listPiece(opened, takeClear);
        }
      } finally {
        await opened.close();
      }
      if (isDoubtful && !isEnough) {
        await listDoubtful(folder, take);
      }
      return true;
    } catch (error) {
      missing(error);
      return false;
    }
  }

  async stat(path: string, { followLinks = false }: StatOptions = {}): Promise<FileStat | undefined> {
    try {
      return fileStat(await (followLinks ? followingStat(path) : lstat(path)));
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

  async realPath(path: string): Promise<string | undefined> {
    try {
      return await realpath(path);
    } catch (error) {
      return missing(error);
    }
  }

  async read(path: string): Promise<FileRead> {
    if (OPENING_FOLLOWS_LINKS) {
      regular(path, fileStat(await lstat(path)));
    }
    const descriptor = await openToRead(path).catch(rejectLink(path));
    // Asking an open file for its stat and closing it wait for no disk. By promises, too, reading many files from a cold disk took half as long again.
    try {
      const stat = readable(path, fileStat(fstatSync(descriptor)));
      return { bytes: await readWhole(path, descriptor, stat), stat };
    } finally {
      closeSync(descriptor);
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
      const stat = readable(path, fileStat(fstatSync(descriptor)));
      return { bytes: this.#readDescriptor(path, descriptor, stat), stat };
    } finally {
      closeSync(descriptor);
    }
  }

  #readDescriptor(path: string, descriptor: number, stat: FileStat): Buffer {
    // A full buffer means that the file grew after its stat; a short read means that it shrank. The former has more to read.
    for (let room = Math.max(stat.size + 1, SHARED_BYTES); ; room = moreRoom(path, stat, room)) {
      const buffer = room === SHARED_BYTES ? this.#shared : Buffer.allocUnsafe(room);
      const length = fillSync(descriptor, buffer, stat.size);
      if (length < room) {
        return buffer.subarray(0, length);
      }
    }
  }

  claim(path: string): Promise<Claim> {
    return claimFile(path);
  }

  async create(path: string, bytes: Uint8Array, options?: CreateOptions): Promise<FileStat> {
    return this.#settled(path, await createFile(path, bytes, options));
  }

  async replace(path: string, bytes: Uint8Array, seen: FileRead): Promise<FileStat> {
    const file = { bytes, mode: seen.stat.mode };
    return this.#settled(path, await replaceFile(path, file, () => this.#holds(path, seen.bytes)));
  }

  async move(from: string, to: string, renameInstead?: () => Promise<boolean>): Promise<FileStat> {
    await moveFile(from, to, renameInstead);
    return fileStat(await nameStat(to));
  }

  async remove(path: string): Promise<void> {
    await unlink(path);
  }

  async makeFolder(path: string): Promise<void> {
    await mkdir(path, { recursive: true });
  }

  /** The bytes and not the stat: two writes within one tick of the file system's clock can leave the same size, time and inode. */
  async #holds(path: string, bytes: Uint8Array): Promise<boolean> {
    try {
      return (await this.read(path)).bytes.equals(bytes);
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
    const found = await statIfThere(path);
    const now = found && fileStat(found);
    return now !== undefined && sameBytes(now, written) ? now : written;
  }
}

/** All bytes of an open file. The buffer has room for one byte more, so that a file that did not grow after its stat is read by one call. */
async function readWhole(path: string, descriptor: number, stat: FileStat): Promise<Buffer> {
  for (let room = stat.size + 1; ; room = moreRoom(path, stat, room)) {
    const buffer = Buffer.allocUnsafe(room);
    const length = await fill(descriptor, buffer, stat.size);
    if (length < room) {
      return buffer.subarray(0, length);
    }
  }
}

/** Reads from the beginning as far as the buffer goes; less than this size is asked for again, since only an answer of nothing is the end. */
async function fill(descriptor: number, buffer: Buffer, size: number): Promise<number> {
  for (let length = 0; ; ) {
    const bytesRead = await readPart(descriptor, buffer, length);
    length += bytesRead;
    if (bytesRead === 0 || length >= size) {
      return length;
    }
  }
}

function openToRead(path: string): Promise<number> {
  return new Promise((resolve, reject) => {
    open(path, READ_FLAGS, (error, descriptor) => (error ? reject(error) : resolve(descriptor)));
  });
}

function readPart(descriptor: number, buffer: Buffer, offset: number): Promise<number> {
  return new Promise((resolve, reject) => {
    read(descriptor, buffer, offset, buffer.length - offset, offset, (error, length) => (error ? reject(error) : resolve(length)));
  });
}

/** As {@link fill}. */
function fillSync(descriptor: number, buffer: Buffer, size: number): number {
  for (let length = 0; ; ) {
    const read = readFileDescriptorSync(descriptor, buffer, length, buffer.length - length, length);
    length += read;
    if (read === 0 || length >= size) {
      return length;
    }
  }
}

/** Room for a file that has grown while it was read. @throws FileTooLargeError if it has grown above the limit. */
function moreRoom(path: string, stat: FileStat, room: number): number {
  if (room > READ_LIMIT) {
    throw new FileTooLargeError(path, { ...stat, size: room });
  }
  return Math.min(2 * room, READ_LIMIT + 1);
}

/**
 * Lists one piece of a folder. Its first name is waited for, and the others have come with it: waiting for each by a promise, too, was
 * measured to take eight times as long and to hold the event loop for 50 ms in a folder of 100 000 files.
 * @returns false if that was the last piece, or `take` wants no more.
 */
async function listPiece(folder: Dir, take: TakeEntry): Promise<boolean> {
  let entry = await folder.read();
  for (let count = 1; entry !== null; count++) {
    if (take(entry.name, kindOf(entry)) === false) {
      return false;
    }
    if (count === NAMES_AT_ONCE) {
      return true;
    }
    entry = folder.readSync();
  }
  return false;
}

/** Tells of the names with a replacement character, which only their bytes tell from those that are not UTF-8. */
async function listDoubtful(folder: string, take: TakeEntry): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true, encoding: 'buffer' })) {
    const name = entry.name.toString('utf8');
    if (name.includes(REPLACEMENT_CHARACTER)) {
      const kind = kindOf(entry);
      take(name, kind === 'folder' || isUtf8(entry.name) ? kind : 'garbled');
    }
  }
}

function kindOf(entry: Pick<Dirent | Stats, 'isFile' | 'isDirectory' | 'isSymbolicLink'>): EntryKind {
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

/** @returns false where a link, a special file, nothing or far more is by now, which is no failure for who looks for a file. */
function isNoFileNow(error: unknown): false {
  if (!isNoFile(error) && errorCode(error) !== 'EFTYPE' && !(error instanceof FileTooLargeError)) {
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

/** As {@link regular}, for what is about to be read. */
function readable(path: string, stat: FileStat): FileStat {
  regular(path, stat);
  if (stat.size > READ_LIMIT) {
    throw new FileTooLargeError(path, stat);
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
