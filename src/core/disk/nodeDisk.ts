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

// `O_NOFOLLOW` fails on a link, and `O_NONBLOCK` does not wait for the writer of a named pipe. Windows has neither, so there a stat
// precedes the opening.
const READ_FLAGS = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);
const OPENING_FOLLOWS_LINKS = constants.O_NOFOLLOW === undefined;

/** In bytes. Files up to this size share one buffer, so that a sweep does not allocate one for each file. Issues have a few kilobytes. */
const SHARED_BYTES = 256 * 1024;

/** Entries per directory read: few calls, and each batch blocks the event loop for only 1 to 2 ms. */
const LIST_BATCH = 1024;

export class NodeDisk implements Disk {
  readonly #shared = Buffer.allocUnsafeSlow(SHARED_BYTES);

  async list(folder: string, take: TakeEntry): Promise<boolean> {
    let hasUnclearNames = false;
    let isStopped = false;
    const takeClearName: TakeEntry = (name, kind) => {
      if (name.includes(REPLACEMENT_CHARACTER)) {
        hasUnclearNames = true;
      } else {
        isStopped = take(name, kind) === false;
      }
      return !isStopped;
    };
    try {
      const directory = await opendir(folder, { bufferSize: LIST_BATCH });
      try {
        let hasMore = true;
        while (hasMore) {
          hasMore = await listBatch(directory, takeClearName);
        }
      } finally {
        await directory.close();
      }
      if (hasUnclearNames && !isStopped) {
        await listReplacementCharacters(folder, take);
      }
      return true;
    } catch (error) {
      undefinedIfMissing(error);
      return false;
    }
  }

  async stat(path: string, { followLinks = false }: StatOptions = {}): Promise<FileStat | undefined> {
    try {
      return fileStat(await (followLinks ? followingStat(path) : lstat(path)));
    } catch (error) {
      return undefinedIfMissing(error);
    }
  }

  statSync(path: string): FileStat | undefined {
    try {
      const stats = lstatSync(path, { throwIfNoEntry: false });
      return stats && fileStat(stats);
    } catch (error) {
      return undefinedIfMissing(error);
    }
  }

  async realPath(path: string): Promise<string | undefined> {
    try {
      return await realpath(path);
    } catch (error) {
      return undefinedIfMissing(error);
    }
  }

  async read(path: string): Promise<FileRead> {
    if (OPENING_FOLLOWS_LINKS) {
      assertRegular(path, fileStat(await lstat(path)));
    }
    const descriptor = await openToRead(path).catch(rethrowAsLink(path));
    // `fstat` and `close` do not wait for the disk. With promises for them, too, reading many files from a cold disk took 50 % longer.
    try {
      const stat = assertReadable(path, fileStat(fstatSync(descriptor)));
      return { bytes: await readWhole(path, descriptor, stat), stat };
    } finally {
      closeSync(descriptor);
    }
  }

  readSync(path: string): FileRead {
    if (OPENING_FOLLOWS_LINKS) {
      assertRegular(path, fileStat(lstatSync(path)));
    }
    let descriptor: number;
    try {
      descriptor = openSync(path, READ_FLAGS);
    } catch (error) {
      return rethrowAsLink(path)(error);
    }
    try {
      const stat = assertReadable(path, fileStat(fstatSync(descriptor)));
      return { bytes: this.#readDescriptor(path, descriptor, stat), stat };
    } finally {
      closeSync(descriptor);
    }
  }

  #readDescriptor(path: string, descriptor: number, stat: FileStat): Buffer {
    // A full buffer means that the file grew after its stat, so there is more to read. A short read means that it shrank.
    for (let size = Math.max(stat.size + 1, SHARED_BYTES); ; size = largerSize(path, stat, size)) {
      const buffer = size === SHARED_BYTES ? this.#shared : Buffer.allocUnsafe(size);
      const length = fillSync(descriptor, buffer, stat.size);
      if (length < size) {
        return buffer.subarray(0, length);
      }
    }
  }

  claim(path: string): Promise<Claim> {
    return claimFile(path);
  }

  async create(path: string, bytes: Uint8Array, options?: CreateOptions): Promise<FileStat> {
    return this.#statAfterWrite(path, await createFile(path, bytes, options));
  }

  async replace(path: string, bytes: Uint8Array, seen: FileRead): Promise<FileStat> {
    const file = { bytes, mode: seen.stat.mode };
    return this.#statAfterWrite(path, await replaceFile(path, file, () => this.#hasBytes(path, seen.bytes)));
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

  /** Compares bytes, because two writes within one tick of the file system's clock can leave the same size, time and inode. */
  async #hasBytes(path: string, bytes: Uint8Array): Promise<boolean> {
    try {
      return (await this.read(path)).bytes.equals(bytes);
    } catch (error) {
      return falseIfReplaced(error);
    }
  }

  /**
   * The stat under the final name; its change time differs from that of the open file. If another program has written there since, its file
   * must not pass for ours: then this returns the stat of what we wrote, and the next comparison finds the difference.
   */
  async #statAfterWrite(path: string, stats: Stats): Promise<FileStat> {
    const written = fileStat(stats);
    const found = await statIfThere(path);
    const now = found && fileStat(found);
    return now !== undefined && sameBytes(now, written) ? now : written;
  }
}

/** The buffer has one spare byte, so that one call suffices for a file that did not grow after its stat. */
async function readWhole(path: string, descriptor: number, stat: FileStat): Promise<Buffer> {
  for (let size = stat.size + 1; ; size = largerSize(path, stat, size)) {
    const buffer = Buffer.allocUnsafe(size);
    const length = await fill(descriptor, buffer, stat.size);
    if (length < size) {
      return buffer.subarray(0, length);
    }
  }
}

/**
 * Reads from the start until the buffer is full or the file ends. A read may return fewer bytes than requested; only 0 bytes mean the end.
 */
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

/** The next buffer size for a file that grew during the read. @throws FileTooLargeError above the limit. */
function largerSize(path: string, stat: FileStat, size: number): number {
  if (size > READ_LIMIT) {
    throw new FileTooLargeError(path, { ...stat, size });
  }
  return Math.min(2 * size, READ_LIMIT + 1);
}

/**
 * Lists one batch of a folder. Awaits only the first name, because the others arrive with it. Awaiting each name took eight times as long
 * and blocked the event loop for 50 ms in a folder of 100 000 files.
 * @returns false if this was the last batch or `take` returned false.
 */
async function listBatch(folder: Dir, take: TakeEntry): Promise<boolean> {
  let entry = await folder.read();
  for (let count = 1; entry !== null; count++) {
    if (take(entry.name, kindOf(entry)) === false) {
      return false;
    }
    if (count === LIST_BATCH) {
      return true;
    }
    entry = folder.readSync();
  }
  return false;
}

/** Lists the names that contain a replacement character. Only their raw bytes tell valid UTF-8 from garbled names. */
async function listReplacementCharacters(folder: string, take: TakeEntry): Promise<void> {
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

/** Rethrows all errors but "not found". */
function undefinedIfMissing(error: unknown): undefined {
  if (!isMissing(error)) {
    throw error;
  }
}

/** False if the path no longer holds a file that can be read; rethrows other errors. */
function falseIfReplaced(error: unknown): false {
  if (!isNoFile(error) && errorCode(error) !== 'EFTYPE' && !(error instanceof FileTooLargeError)) {
    throw error;
  }
  return false;
}

function assertRegular(path: string, stat: FileStat): FileStat {
  if (stat.kind === 'folder') {
    throw Object.assign(new Error(`EISDIR: a folder, '${path}'`), { code: 'EISDIR' });
  }
  if (stat.kind !== 'file') {
    throw Object.assign(new Error(`EFTYPE: not a regular file, '${path}'`), { code: 'EFTYPE' });
  }
  return stat;
}

/** As {@link assertRegular}, and not larger than {@link READ_LIMIT}. */
function assertReadable(path: string, stat: FileStat): FileStat {
  assertRegular(path, stat);
  if (stat.size > READ_LIMIT) {
    throw new FileTooLargeError(path, stat);
  }
  return stat;
}

/** Opening a link with `O_NOFOLLOW` fails with ELOOP, on some systems with EMLINK. */
function rethrowAsLink(path: string): (error: unknown) => never {
  return (error) => {
    const code = errorCode(error);
    if (code === 'ELOOP' || code === 'EMLINK') {
      throw Object.assign(new Error(`EFTYPE: a symbolic link, '${path}'`, { cause: error }), { code: 'EFTYPE' });
    }
    throw error;
  };
}
