/** The kind of a directory entry. Links are not followed. */
export type EntryKind = 'file' | 'folder' | 'link' | 'other';

/** `garbled` is a file whose name is not UTF-8. No string can name it, so it cannot be opened. */
export type ListedKind = EntryKind | 'garbled';

/** Node decodes bytes that are not UTF-8 to this character. A valid name can contain it, too. */
export const REPLACEMENT_CHARACTER = '\ufffd';

/** Receives the entries of a folder one by one. Return `false` to stop. Garbled names contain {@link REPLACEMENT_CHARACTER}. */
export type TakeEntry = (name: string, kind: ListedKind) => unknown;

/** The permission bits of a mode. */
export const PERMISSIONS = 0o7777;

/** The stat of a file, or of the link itself. Times are milliseconds since the epoch. */
export interface FileStat {
  readonly kind: EntryKind;
  readonly size: number;
  readonly mtimeMs: number;
  readonly ctimeMs: number;
  readonly birthtimeMs: number;
  /** Device. `dev` and `ino` together identify a file. */
  readonly dev: number;
  readonly ino: number;
  /** Number of hard links. */
  readonly nlink: number;
  /** Permission bits. */
  readonly mode: number;
}

/** The part of a stat that tells whether a file has changed. */
export type KnownStat = Omit<FileStat, 'dev' | 'nlink' | 'mode' | 'birthtimeMs'>;

/** A file's bytes and its stat from *before* the read, so that bytes changed during the read never get the newer stat. */
export interface FileRead {
  readonly bytes: Buffer;
  readonly stat: FileStat;
}

/** A file name reserved by {@link Disk.claim}. */
export interface Claim {
  readonly path: string;
  /** Random content of the file; identifies the owner. */
  readonly token: Buffer;
}

export interface CreateOptions {
  /** Permission bits. */
  readonly mode?: number | undefined;
  /** The claim file to write to and rename; it no longer exists afterwards. If the call fails before writing, the owner must remove it. */
  readonly claim?: Claim | undefined;
}

/** In bytes. Larger files are not read: no issue is that large, and each would fill memory and block the event loop while it is parsed. */
export const READ_LIMIT = 16 * 1024 * 1024;

export interface StatOptions {
  /** Return the stat of the link's target instead of the link. */
  readonly followLinks?: boolean;
}

/**
 * The file system that storage uses. Tests count its calls and make them fail.
 *
 * Methods reject with the system's own errors and their `code`. Writes are atomic: a reader sees the old file or the new one, complete. The
 * synchronous methods serve sweeps over many files, where they are several times cheaper.
 */
export interface Disk {
  /**
   * Streams the entries of a folder, unordered, so that no large array is built. If it fails, `take` may have received some of them.
   * @returns false if the folder does not exist.
   */
  list(folder: string, take: TakeEntry): Promise<boolean>;
  /** Undefined if the file does not exist. */
  stat(path: string, options?: StatOptions): Promise<FileStat | undefined>;
  statSync(path: string): FileStat | undefined;
  /** The path with every link resolved; undefined if it does not exist. */
  realPath(path: string): Promise<string | undefined>;
  /**
   * Reads a regular file. Fails with code `EISDIR` for a folder, `EFTYPE` for a link or special file, and with {@link FileTooLargeError}
   * above {@link READ_LIMIT}.
   */
  read(path: string): Promise<FileRead>;
  /** As {@link read}. The next call overwrites the returned bytes. */
  readSync(path: string): FileRead;
  /**
   * Reserves a file name across processes by creating a file with a random token. Fails with `EEXIST` if the name exists. The reservation
   * lasts until the file is removed or passed to {@link create}.
   */
  claim(path: string): Promise<Claim>;
  /**
   * Creates a file. Without changing anything, it fails with `EEXIST` if the name exists, and with {@link ClaimLostError} if another
   * process owns the claim.
   */
  create(path: string, bytes: Uint8Array, options?: CreateOptions): Promise<FileStat>;
  /** Replaces a file and keeps its mode. Fails with {@link FileChangedError} if its bytes differ from those of `seen`. */
  replace(path: string, bytes: Uint8Array, seen: FileRead): Promise<FileStat>;
  /**
   * Renames a file. Without changing anything, it fails with `EEXIST` if the new name exists, and with {@link FileChangedError} while
   * another of our writers changes the file.
   * @param rename called under the file lock if the new name is free. If it returns true, it has moved the file itself.
   */
  move(from: string, to: string, rename?: () => Promise<boolean>): Promise<FileStat>;
  remove(path: string): Promise<void>;
  /** Creates the folder and its missing parents. */
  makeFolder(path: string): Promise<void>;
}

/** The file differs from what was read, or another of our writers is changing it; nothing was written. */
export class FileChangedError extends Error {
  override readonly name = 'FileChangedError';
}

/** The file is larger than {@link READ_LIMIT}; it was not read. */
export class FileTooLargeError extends Error {
  override readonly name = 'FileTooLargeError';
  readonly code = 'EFBIG';
  constructor(
    path: string,
    readonly stat: FileStat,
  ) {
    super(`EFBIG: ${stat.size} bytes are too many, '${path}'`);
  }
}

/** The claim was cleaned up, and another process may have made the same one since; nothing was written. */
export class ClaimLostError extends Error {
  override readonly name = 'ClaimLostError';
}

/**
 * True if the file has not changed between the two stats, within the resolution of the file system's clock. `ctimeMs` reveals edits that
 * reset the modification time, `ino` reveals replaced files.
 */
export function sameStat(a: KnownStat, b: KnownStat): boolean {
  return a.mtimeMs === b.mtimeMs && a.size === b.size && a.ino === b.ino && a.ctimeMs === b.ctimeMs && a.kind === b.kind;
}

/** As {@link sameStat}, but ignores renames and changes of permissions. */
export function sameBytes(a: KnownStat, b: KnownStat): boolean {
  return a.mtimeMs === b.mtimeMs && a.size === b.size && a.ino === b.ino && a.kind === b.kind;
}

/** True for a folder or a link to one. False if the stat fails. */
export async function isFolder(disk: Disk, path: string): Promise<boolean> {
  const stat = await disk.stat(path, { followLinks: true }).catch(() => undefined);
  return stat?.kind === 'folder';
}

/** True if the file does not exist. This includes a path through a file and a name that is too long. */
export function isMissing(error: unknown): boolean {
  const code = errorCode(error);
  return code === 'ENOENT' || code === 'ENOTDIR' || code === 'ENAMETOOLONG';
}

/** As {@link isMissing}, and true for a folder. */
export function isNoFile(error: unknown): boolean {
  return isMissing(error) || errorCode(error) === 'EISDIR';
}

/** True if a retry cannot succeed: no permission, a link, a special file, or a file that is too large. */
export function isForbidden(error: unknown): boolean {
  const code = errorCode(error);
  return code === 'EACCES' || code === 'EPERM' || code === 'EFTYPE' || code === 'EFBIG';
}

/** Codes by which file systems refuse a hard link. FAT on Windows answers `EISDIR`. */
const NO_HARD_LINK_CODES: ReadonlySet<string> = new Set(['EPERM', 'ENOSYS', 'ENOTSUP', 'EOPNOTSUPP', 'EMLINK', 'EISDIR']);

/** True if a hard link failed because the file system or the file does not support another. */
export function isHardLinkUnsupported(error: unknown): boolean {
  const code = errorCode(error);
  return code !== undefined && NO_HARD_LINK_CODES.has(code);
}

/** True if the limit of open files is reached, of the process or of the system. */
export function isTooManyFiles(error: unknown): boolean {
  const code = errorCode(error);
  return code === 'EMFILE' || code === 'ENFILE';
}

/** The code of a system error, e.g. `ENOENT`. */
export function errorCode(error: unknown): string | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : undefined;
}
