/** What stands under a name in a folder. Links are never followed. */
export type EntryKind = 'file' | 'folder' | 'link' | 'other';

/** What is found in a folder; `garbled` is a file whose name is not UTF-8, so that no text names it and it cannot be opened. */
export type ListedKind = EntryKind | 'garbled';

/** What stands in a text in the place of bytes that are not UTF-8. Names can really have it, too. */
export const REPLACEMENT_CHARACTER = '\ufffd';

/** Is told what is in a folder, one name after another. Garbled names have {@link REPLACEMENT_CHARACTER} where they are not UTF-8. Nothing more is told when it answers `false`. */
export type TakeEntry = (name: string, kind: ListedKind) => unknown;

/** Of a mode, the bits that say who may do what. */
export const PERMISSIONS = 0o7777;

/** What the file system says about one file, the link itself where it is one. Times are milliseconds since the epoch. */
export interface FileStat {
  readonly kind: EntryKind;
  readonly size: number;
  readonly mtimeMs: number;
  readonly ctimeMs: number;
  readonly birthtimeMs: number;
  /** The device; it and the inode together tell one file from every other. */
  readonly dev: number;
  readonly ino: number;
  /** How many names the file has. */
  readonly nlink: number;
  /** Permission bits. */
  readonly mode: number;
}

/** Of a stat, what tells one state of a file from another, and how old it is. */
export type KnownStat = Omit<FileStat, 'dev' | 'nlink' | 'mode' | 'birthtimeMs'>;

/** A file's bytes, with its stat from *before* they were read: bytes that change under way never get the newer stat. */
export interface FileRead {
  readonly bytes: Buffer;
  readonly stat: FileStat;
}

/** A name that is taken for whoever holds this: see {@link Disk.claim}. */
export interface Claim {
  readonly path: string;
  /** What the file holds, which nobody else has written. */
  readonly token: Buffer;
}

export interface CreateOptions {
  /** Permission bits. */
  readonly mode?: number | undefined;
  /** The temporary file to write to, which is gone afterwards. If the call fails before it writes, it stays, for its holder to remove. */
  readonly claim?: Claim | undefined;
}

/**
 * Files above this many bytes are not read: nobody writes an issue of that size, and each of them would take its size in memory and hold
 * the window while it is gone through.
 */
export const READ_LIMIT = 16 * 1024 * 1024;

export interface StatOptions {
  /** Asks about the file or folder that a link leads to, instead of the link itself. */
  readonly followLinks?: boolean;
}

/**
 * The file system as storage needs it, so that tests can count its calls and make them fail.
 *
 * Failures are the system's own errors with their `code`. Writes are atomic: another reader sees the old file or the new
 * one, whole. The synchronous half is for sweeps over many files, which are several times cheaper that way.
 */
export interface Disk {
  /**
   * Tells what is in the folder, in no order and while it is read: whoever keeps only what it needs of a large folder leaves nothing to be
   * moved about in memory. If it fails, a part may have been told by then.
   * @returns false if there is no such folder.
   */
  list(folder: string, take: TakeEntry): Promise<boolean>;
  /** Undefined if there is no such file. */
  stat(path: string, options?: StatOptions): Promise<FileStat | undefined>;
  statSync(path: string): FileStat | undefined;
  /** Where a path leads if every link in it is followed; undefined if there is nothing. */
  realPath(path: string): Promise<string | undefined>;
  /**
   * Reads a regular file; a folder is refused with the code `EISDIR`, anything else, links among it, with `EFTYPE`, and a file above
   * {@link READ_LIMIT} with {@link FileTooLargeError}, by its size alone.
   */
  read(path: string): Promise<FileRead>;
  /** As {@link read}, into a buffer that the next call overwrites. */
  readSync(path: string): FileRead;
  /**
   * Takes a name that only one of all processes can have, by a file that says nothing to anybody else; fails with `EEXIST` if
   * something has it already. It is held until the file is removed, or becomes another one by {@link create}.
   */
  claim(path: string): Promise<Claim>;
  /**
   * Puts a new file there; fails with `EEXIST`, having changed nothing, if something has the name already, and with
   * {@link ClaimLostError} if the claim that it is to be made from is not its holder's any more.
   */
  create(path: string, bytes: Uint8Array, options?: CreateOptions): Promise<FileStat>;
  /** Replaces a file, keeping its mode; fails with {@link FileChangedError} if its bytes are not those of `seen` any more. */
  replace(path: string, bytes: Uint8Array, seen: FileRead): Promise<FileStat>;
  /**
   * Gives a file another name. Having changed nothing, it fails with `EEXIST` if something has that name already, and with
   * {@link FileChangedError} while another writer of ours changes the file.
   * @param rename called while no other writer of ours can change the file, if the new name is free. If it answers true it has moved the file.
   */
  move(from: string, to: string, rename?: () => Promise<boolean>): Promise<FileStat>;
  remove(path: string): Promise<void>;
  /** Makes the folder and those above it where they are missing. */
  makeFolder(path: string): Promise<void>;
}

/** The file is another one by now, or will be in a moment; nothing was written. */
export class FileChangedError extends Error {
  override readonly name = 'FileChangedError';
}

/** The file is above {@link READ_LIMIT}, and was not read. */
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

/** The claim was cleaned away, and may be somebody else's by now; nothing was written. */
export class ClaimLostError extends Error {
  override readonly name = 'ClaimLostError';
}

/**
 * True if both say the same of a file. The change time tells edits that set the modification time back, and the inode
 * tells replacements, within what the file system's clock can resolve.
 */
export function sameStat(a: KnownStat, b: KnownStat): boolean {
  return a.mtimeMs === b.mtimeMs && a.size === b.size && a.ino === b.ino && a.ctimeMs === b.ctimeMs && a.kind === b.kind;
}

/** As {@link sameStat}, but a rename or a change of permissions is not a difference. */
export function sameBytes(a: KnownStat, b: KnownStat): boolean {
  return a.mtimeMs === b.mtimeMs && a.size === b.size && a.ino === b.ino && a.kind === b.kind;
}

/** True if there is a folder, or a link to one. What cannot be looked at counts as not there. */
export async function isFolder(disk: Disk, path: string): Promise<boolean> {
  const stat = await disk.stat(path, { followLinks: true }).catch(() => undefined);
  return stat?.kind === 'folder';
}

/** True for the failures that mean that nothing has this name: a path through a file and a name that is too long for any, too. */
export function isMissing(error: unknown): boolean {
  const code = errorCode(error);
  return code === 'ENOENT' || code === 'ENOTDIR' || code === 'ENAMETOOLONG';
}

/** As {@link isMissing}, and a folder is no file either. */
export function isNoFile(error: unknown): boolean {
  return isMissing(error) || errorCode(error) === 'EISDIR';
}

/** True if the file will not be read at the next try either: permissions forbid it, it is a link or a special file, or it is too large. */
export function isForbidden(error: unknown): boolean {
  const code = errorCode(error);
  return code === 'EACCES' || code === 'EPERM' || code === 'EFTYPE' || code === 'EFBIG';
}

/** How file systems say that a file cannot have two names; the last one comes from FAT on Windows. */
const ONE_NAME_ONLY: ReadonlySet<string> = new Set(['EPERM', 'ENOSYS', 'ENOTSUP', 'EOPNOTSUPP', 'EMLINK', 'EISDIR']);

/** True if a hard link failed because a file can have only one name here. */
export function hasOneNameOnly(error: unknown): boolean {
  const code = errorCode(error);
  return code !== undefined && ONE_NAME_ONLY.has(code);
}

/** True if the system has no more files to open for now. */
export function isTooManyFiles(error: unknown): boolean {
  const code = errorCode(error);
  return code === 'EMFILE' || code === 'ENFILE';
}

/** The system's code of an error, e.g. `ENOENT`. */
export function errorCode(error: unknown): string | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : undefined;
}
