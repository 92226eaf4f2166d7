import { join } from 'node:path';
import type { Disk, TakeEntry } from '../disk/disk.ts';
import type { StoreSchema } from '../formats/storeSchema.ts';
import type { IssueKey } from '../issue/issue.ts';
import { IssueError } from '../issue/issueErrors.ts';
import { folderOf, joined, withParents } from '../issue/relativePath.ts';
import { readError } from './fileErrors.ts';

/** What a listing tells of a store besides its issues. */
export interface StoreFolders {
  /** False if the store's folder does not exist; then the other fields are empty. */
  readonly exists: boolean;
  /** Relative paths of the folders that were listed, with `/` as separator. Empty for the store itself. */
  readonly issueFolders: readonly string[];
  /** Relative paths of folders beside the issues that hold none, with `/` as separator. Their files are not issues. */
  readonly otherFolders: readonly string[];
  /** Approximate keys of files that would be issues if their names were UTF-8. Omitted if there are none. */
  readonly garbled?: readonly IssueKey[];
}

export interface StoreListing extends StoreFolders {
  /** All issue files, including links and special files with such a name. */
  readonly keys: readonly IssueKey[];
}

/** Receives the key of each issue file, including links and special files. Return `false` to skip the rest of the folder. */
export type TakeKey = (key: IssueKey) => unknown;

/**
 * Lists each folder that holds issues once, a folder before those in it. A folder that is a link is not listed, because it can lead anywhere;
 * only the store's own may be one.
 * @throws IssueError `unreadable` if a folder exists but cannot be read.
 */
export async function visitStore(disk: Disk, store: string, schema: StoreSchema, take: TakeKey): Promise<StoreFolders> {
  const waiting = await startFolders(disk, store, schema);
  const issueFolders: string[] = [];
  const otherFolders: string[] = [];
  const garbled: IssueKey[] = [];
  for (const folder of waiting) {
    const visitor: FolderVisitor = {
      take,
      takeGarbled: (key) => garbled.push(key),
      takeFolder: (path, kind) => {
        const holdsIssues = schema.folders.has(path);
        if (holdsIssues && kind === 'folder') {
          waiting.add(path);
        } else if (holdsIssues || (kind === 'folder' && !schema.folders.isNested)) {
          otherFolders.push(path);
        }
      },
    };
    if (await visit(disk, store, schema, folder, visitor)) {
      issueFolders.push(folder);
    }
  }
  const exists = issueFolders.length > 0 || (await isStoreThere(disk, store, schema));
  return { exists, issueFolders, otherFolders: otherFolders.sort(), ...(garbled.length === 0 ? {} : { garbled: garbled.sort() }) };
}

/**
 * As {@link visitStore}, but cannot miss an issue that is completed or reopened meanwhile: a move creates the new name before it removes
 * the old one, and this lists the store's own folder both before and after the others. So most keys are reported twice. Files with garbled
 * names are included, because their numbers are in use.
 */
export async function visitStoreDuringMoves(disk: Disk, store: string, schema: StoreSchema, take: TakeKey): Promise<void> {
  const { exists, garbled = [] } = await visitStore(disk, store, schema, take);
  for (const key of garbled) {
    take(key);
  }
  if (exists) {
    await visit(disk, store, schema, '', { take, takeGarbled: take, takeFolder: () => undefined });
  }
}

/** As {@link visitStore}, and collects the keys, unordered. */
export async function listStore(disk: Disk, store: string, schema: StoreSchema): Promise<StoreListing> {
  const keys: IssueKey[] = [];
  const folders = await visitStore(disk, store, schema, (key) => keys.push(key));
  return { ...folders, keys };
}

/**
 * True if the store has an issue file. Each folder is read only up to its first one.
 * @throws IssueError as {@link visitStore} does.
 */
export async function holdsIssue(disk: Disk, store: string, schema: StoreSchema): Promise<boolean> {
  let holds = false;
  await visitStore(disk, store, schema, () => {
    holds = true;
    return false;
  });
  return holds;
}

/** True if a folder of the store is a link, or inside one, which could lead outside. @param folder relative to the store */
export async function isFolderLinked(disk: Disk, store: string, folder: string): Promise<boolean> {
  for (const path of foldersOnTheWay(folder)) {
    const absolute = join(store, path);
    if ((await disk.stat(absolute).catch(unreadable(absolute)))?.kind === 'link') {
      return true;
    }
  }
  return false;
}

/** Those of the folders that are links or inside one. */
export async function linkedFolders(disk: Disk, store: string, folders: Iterable<string>): Promise<ReadonlySet<string>> {
  const linked = new Set<string>();
  for (const folder of folders) {
    if (await isFolderLinked(disk, store, folder)) {
      linked.add(folder);
    }
  }
  return linked;
}

/** As {@link isFolderLinked}, synchronously; false if a folder cannot be looked at. */
export function isFolderLinkedSync(disk: Disk, store: string, folder: string): boolean {
  return foldersOnTheWay(folder).some((path) => {
    try {
      return disk.statSync(join(store, path))?.kind === 'link';
    } catch {
      return false;
    }
  });
}

/** @throws IssueError `notWritable` if one of these issues is behind a link. */
export async function refuseLinkedFolders(disk: Disk, store: string, keys: Iterable<IssueKey>): Promise<void> {
  const [linked] = await linkedFolders(disk, store, new Set(Array.from(keys, folderOf)));
  if (linked !== undefined) {
    throw new IssueError('notWritable', `${join(store, linked)} is a link, which the store does not follow. Put a folder in its place.`);
  }
}

/** The folders from the store, which is left out, to this one. */
function foldersOnTheWay(folder: string): string[] {
  return withParents(folder).slice(1);
}

interface FolderVisitor {
  readonly take: TakeKey;
  readonly takeGarbled: TakeKey;
  /** Receives the relative paths of folders and links. */
  readonly takeFolder: (path: string, kind: 'folder' | 'link') => void;
}

/** The folders whose parent holds no issues, so that no listing comes upon them. */
async function startFolders(disk: Disk, store: string, schema: StoreSchema): Promise<Set<string>> {
  const start = new Set<string>();
  for (const { path } of schema.folders.rules) {
    const isListed = path !== '' && schema.folders.has(folderOf(path));
    if (!isListed && !(await isFolderLinked(disk, store, path))) {
      start.add(path);
    }
  }
  return start;
}

/** Asked where none of its folders is there: a store that was just set up can be without any. */
async function isStoreThere(disk: Disk, store: string, schema: StoreSchema): Promise<boolean> {
  const isItself = schema.folders.rules.some(({ path }) => path === '');
  return !isItself && (await disk.stat(store, { followLinks: true }).catch(unreadable(store)))?.kind === 'folder';
}

/** @returns false if there is no such folder. */
async function visit(disk: Disk, store: string, schema: StoreSchema, folder: string, visitor: FolderVisitor): Promise<boolean> {
  const path = folder === '' ? store : join(store, folder);
  const takeEntry: TakeEntry = (name, kind) => {
    if (kind === 'folder' || (kind === 'link' && !name.endsWith('.md'))) {
      visitor.takeFolder(joined(folder, name), kind);
      return undefined;
    }
    const key = schema.keyOf(folder, name);
    return key === undefined ? undefined : (kind === 'garbled' ? visitor.takeGarbled : visitor.take)(key);
  };
  try {
    return await disk.list(path, takeEntry);
  } catch (error) {
    throw readError(path, error);
  }
}

/**
 * A value that changes when a name is added to or removed from one of these folders, or when one of them is replaced.
 *
 * Costs a stat for each. Follows a link for the store's folder, because the target's times reflect its names, but not for the others.
 * @param folders relative to the store.
 * @throws IssueError `unreadable`
 */
export async function storeStamp(disk: Disk, store: string, folders: readonly string[]): Promise<string> {
  const stats = await Promise.all(
    folders.map((folder) => {
      const path = join(store, folder);
      return disk.stat(path, { followLinks: folder === '' }).catch(unreadable(path));
    }),
  );
  return stats.map((stat) => (stat ? `${stat.dev}:${stat.ino}:${stat.mtimeMs}:${stat.ctimeMs}` : '-')).join(' ');
}

function unreadable(path: string): (error: unknown) => never {
  return (error) => {
    throw readError(path, error);
  };
}
