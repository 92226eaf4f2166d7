import {
  closeSync,
  type Dir,
  type Dirent,
  fchmodSync,
  fstatSync,
  ftruncateSync,
  linkSync,
  lstatSync,
  opendirSync,
  openSync,
  readSync,
  renameSync,
  type Stats,
  statSync,
  close as systemClose,
  fchmod as systemFchmod,
  fstat as systemFstat,
  fsync as systemFsync,
  ftruncate as systemFtruncate,
  link as systemLink,
  lstat as systemLstat,
  open as systemOpen,
  opendir as systemOpendir,
  read as systemRead,
  rename as systemRename,
  stat as systemStat,
  unlink as systemUnlink,
  write as systemWrite,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { type Clock, systemClock } from '../clock.ts';
import { nextSlice, SLICE_MS } from '../timeSlices.ts';
import { errorCode, isMissing } from './disk.ts';

/** Longer than this, a call has waited for the disk or the network instead of the page cache, in milliseconds. */
const SLOW_CALL_MS = 8;
/** How many calls go by promise before the synchronous way is tried again. */
const PATIENT_CALLS = 256;

/** Bytes that one call reads or writes at most: what takes a fraction of a time slice. */
const BYTES_AT_ONCE = 1024 * 1024;

/** `wx`: a new file, and nothing that is there is touched. */
const NEW_FILE = 'wx';

/** Without a result for a call that has none. */
type Done<T> = (error: NodeJS.ErrnoException | null, result?: T) => void;
type MaybePromise<T> = T | Promise<T>;

/**
 * The system's calls that writes and looks at folders are made of, each to be awaited. A call that only touches what the system has in
 * memory costs a fifth of a promise's way through the thread pool, so they are made at once, for a few milliseconds at a stretch, with a
 * turn of the event loop between; a disk that turns out slow is asked by promises for a while. Flushing waits for the disk by its nature
 * and never holds the event loop.
 */
export class SystemCalls {
  readonly #clock: Clock;
  readonly #isPatient: boolean;
  #patientCalls = 0;
  #sliceEnd = Number.NEGATIVE_INFINITY;
  #nextSlice: Promise<void> | undefined;

  /** @param options.isPatient all calls go by promise. */
  constructor({ clock = systemClock, isPatient = false }: { readonly clock?: Clock; readonly isPatient?: boolean } = {}) {
    this.#clock = clock;
    this.#isPatient = isPatient;
  }

  /**
   * Opens a file that this call makes; fails with `EEXIST` if something is there.
   * @param mode permission bits, of which the user's mask may take some away.
   */
  create(path: string, mode?: number): MaybePromise<number> {
    return this.#call(
      () => openSync(path, NEW_FILE, mode),
      (done) => systemOpen(path, NEW_FILE, mode, done),
    );
  }

  open(path: string, flags: number): MaybePromise<number> {
    return this.#call(
      () => openSync(path, flags),
      (done) => systemOpen(path, flags, done),
    );
  }

  close(descriptor: number): MaybePromise<void> {
    return this.#call(
      () => closeSync(descriptor),
      (done) => systemClose(descriptor, done),
    );
  }

  /** Reads from the beginning as far as the buffer goes. @returns how much there was, which is less than asked for at the end alone. */
  async read(descriptor: number, buffer: Buffer): Promise<number> {
    let length = 0;
    while (length < buffer.length) {
      const [offset, rest] = [length, Math.min(BYTES_AT_ONCE, buffer.length - length)];
      const read = await this.#call(
        () => readSync(descriptor, buffer, offset, rest, offset),
        (done) => systemRead(descriptor, buffer, offset, rest, offset, done),
      );
      length += read;
      // What is short of a regular file's size is its end.
      if (read < rest) {
        break;
      }
    }
    return length;
  }

  /** Writes all of it, from the beginning. */
  async write(descriptor: number, bytes: Uint8Array): Promise<void> {
    for (let written = 0; written < bytes.length; ) {
      const [offset, rest] = [written, Math.min(BYTES_AT_ONCE, bytes.length - written)];
      written += await this.#call(
        () => writeSync(descriptor, bytes, offset, rest, offset),
        (done) => systemWrite(descriptor, bytes, offset, rest, offset, done),
      );
    }
  }

  truncate(descriptor: number): MaybePromise<void> {
    return this.#call(
      () => ftruncateSync(descriptor),
      (done) => systemFtruncate(descriptor, done),
    );
  }

  changeMode(descriptor: number, mode: number): MaybePromise<void> {
    return this.#call(
      () => fchmodSync(descriptor, mode),
      (done) => systemFchmod(descriptor, mode, done),
    );
  }

  /** Waits until what was written is on the disk. */
  flush(descriptor: number): Promise<void> {
    return byCallback((done) => systemFsync(descriptor, done));
  }

  descriptorStat(descriptor: number): MaybePromise<Stats> {
    return this.#call(
      () => fstatSync(descriptor),
      (done) => systemFstat(descriptor, done),
    );
  }

  /** What stands under a name, the link itself where it is one. */
  stat(path: string): MaybePromise<Stats> {
    return this.#call(
      () => lstatSync(path),
      (done) => systemLstat(path, done),
    );
  }

  /** What a name leads to. */
  targetStat(path: string): MaybePromise<Stats> {
    return this.#call(
      () => statSync(path),
      (done) => systemStat(path, done),
    );
  }

  /** @param namesAtOnce how many names come with one call of {@link readFolder}; the next ones are there already. */
  openFolder(path: string, namesAtOnce: number): MaybePromise<Dir> {
    const options = { bufferSize: namesAtOnce };
    return this.#call(
      () => opendirSync(path, options),
      (done) => systemOpendir(path, options, done),
    );
  }

  readFolder(folder: Dir): MaybePromise<Dirent | null> {
    return this.#call(
      () => folder.readSync(),
      (done) => folder.read((error, entry) => done(error, entry)),
    );
  }

  closeFolder(folder: Dir): MaybePromise<void> {
    return this.#call(
      () => folder.closeSync(),
      (done) => folder.close((error) => done(error ?? null)),
    );
  }

  link(from: string, to: string): MaybePromise<void> {
    return this.#call(
      () => linkSync(from, to),
      (done) => systemLink(from, to, done),
    );
  }

  rename(from: string, to: string): MaybePromise<void> {
    return this.#call(
      () => renameSync(from, to),
      (done) => systemRename(from, to, done),
    );
  }

  unlink(path: string): MaybePromise<void> {
    return this.#call(
      () => unlinkSync(path),
      (done) => systemUnlink(path, done),
    );
  }

  #call<T>(quick: () => T, start: (done: Done<T>) => void): MaybePromise<T> {
    if (this.#isPatient || this.#patientCalls > 0) {
      this.#patientCalls = Math.max(0, this.#patientCalls - 1);
      return byCallback(start);
    }
    const now = this.#clock.now();
    if (now >= this.#sliceEnd) {
      return this.#inNextTurn(() => this.#call(quick, start));
    }
    try {
      return quick();
    } finally {
      if (this.#clock.now() - now > SLOW_CALL_MS) {
        this.#patientCalls = PATIENT_CALLS;
      }
    }
  }

  /** All who wait for the next time slice share it, or each would take one of its own. */
  async #inNextTurn<T>(act: () => MaybePromise<T>): Promise<T> {
    this.#nextSlice ??= nextSlice().then(() => {
      this.#nextSlice = undefined;
      this.#sliceEnd = this.#clock.now() + SLICE_MS;
    });
    await this.#nextSlice;
    return act();
  }
}

/** How file systems say that a file cannot have two names; the last is Windows on FAT. */
const SINGLE_NAME: ReadonlySet<string> = new Set(['EPERM', 'ENOSYS', 'ENOTSUP', 'EOPNOTSUPP', 'EMLINK', 'EISDIR']);

/** True if a file was refused a second name because it cannot have one here. */
export function isSingleName(error: unknown): boolean {
  const code = errorCode(error);
  return code !== undefined && SINGLE_NAME.has(code);
}

/** True if the file is there, under whatever name; a name that leads nowhere has none. */
export async function statIfThere(calls: SystemCalls, path: string): Promise<Stats | undefined> {
  try {
    return await calls.stat(path);
  } catch (error) {
    if (isMissing(error)) {
      return undefined;
    }
    throw error;
  }
}

/** Takes a file away if it is there. */
export async function unlinkIfThere(calls: SystemCalls, path: string): Promise<void> {
  try {
    await calls.unlink(path);
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') {
      throw error;
    }
  }
}

function byCallback<T>(start: (done: Done<T>) => void): Promise<T> {
  return new Promise((resolve, reject) => {
    start((error, result) => (error ? reject(error) : resolve(result as T)));
  });
}
