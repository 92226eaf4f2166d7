import type { Disk, TakeEntry } from '../disk/disk.ts';
import type { IssueKey } from '../issue/issue.ts';
import { IssueError } from '../issue/issueErrors.ts';
import { issueIdOfFile } from '../issue/issueFileName.ts';
import { COMPLETE_FOLDER, issueKey, splitIssueKey, storeFolder } from '../issue/storeLayout.ts';
import { readError } from './fileErrors.ts';

/** What a listing tells of a store besides its issues. */
export interface StoreFolders {
  /** False if the store's folder does not exist; then the other fields are empty. */
  readonly exists: boolean;
  /** Relative paths of other folders in the store, with `/` as separator. Their files are not issues. */
  readonly otherFolders: readonly string[];
  /** Approximate keys of files that would be issues if their names were UTF-8. Omitted if there are none. */
  readonly garbled?: readonly IssueKey[];
}

export interface StoreListing extends StoreFolders {
  /** All issue files, including links and special files with such a name. */
  readonly keys: readonly IssueKey[];
}

/** Receives the id of each issue file, including links and special files. Return `false` to skip the rest of the folder. */
export type TakeId = (id: string, completed: boolean) => unknown;

/**
 * Lists both folders of a store with at most two calls. A `complete` that is a link is not listed, because it can lead anywhere.
 * @throws IssueError `unreadable` if a folder exists but cannot be read.
 */
export async function visitStore(disk: Disk, store: string, take: TakeId): Promise<StoreFolders> {
  const otherFolders: string[] = [];
  const garbled: IssueKey[] = [];
  const takeGarbled: TakeId = (id, completed) => garbled.push(issueKey(id, completed));
  let hasCompleted = false;
  const exists = await visit(disk, store, false, {
    take,
    takeGarbled,
    takeFolder: (name, kind) => {
      if (name === COMPLETE_FOLDER && kind === 'folder') {
        hasCompleted = true;
      } else {
        otherFolders.push(name);
      }
    },
  });
  if (hasCompleted) {
    await visit(disk, store, true, { take, takeGarbled, takeFolder: (name) => otherFolders.push(`${COMPLETE_FOLDER}/${name}`) });
  }
  return { exists, otherFolders: otherFolders.sort(), ...(garbled.length === 0 ? {} : { garbled: garbled.sort() }) };
}

/**
 * As {@link visitStore}, but cannot miss an issue that is completed or reopened meanwhile: a move creates the new name before it removes
 * the old one, and this lists the active folder both before and after the completed one. So most ids are reported twice. Files with garbled
 * names are included, because their numbers are in use.
 */
export async function visitStoreDuringMoves(disk: Disk, store: string, take: TakeId): Promise<void> {
  const { exists, garbled = [] } = await visitStore(disk, store, take);
  for (const { id, completed } of garbled.map(splitIssueKey)) {
    take(id, completed);
  }
  if (exists) {
    await visit(disk, store, false, { take, takeGarbled: take, takeFolder: () => undefined });
  }
}

/** As {@link visitStore}, and collects the keys, unordered. */
export async function listStore(disk: Disk, store: string): Promise<StoreListing> {
  const keys: IssueKey[] = [];
  const folders = await visitStore(disk, store, (id, completed) => keys.push(issueKey(id, completed)));
  return { ...folders, keys };
}

/**
 * True if the store has an issue. Each folder is read only up to its first one.
 * @throws IssueError as {@link visitStore} does.
 */
export async function holdsIssue(disk: Disk, store: string): Promise<boolean> {
  let holds = false;
  await visitStore(disk, store, () => {
    holds = true;
    return false;
  });
  return holds;
}

/** True if the folder of completed issues is a link, which could lead outside the store. */
export async function isFolderLinked(disk: Disk, store: string): Promise<boolean> {
  const folder = storeFolder(store, true);
  const stat = await disk.stat(folder).catch(unreadable(folder));
  return stat?.kind === 'link';
}

/** @throws IssueError `notWritable` if the folder of completed issues is a link. */
export async function refuseLinkedFolder(disk: Disk, store: string): Promise<void> {
  if (await isFolderLinked(disk, store)) {
    const folder = storeFolder(store, true);
    throw new IssueError('notWritable', `${folder} is a link, which the store does not follow. Put a folder in its place.`);
  }
}

interface FolderVisitor {
  readonly take: TakeId;
  readonly takeGarbled: TakeId;
  /** Receives folders, and a link named `complete`. */
  readonly takeFolder: TakeEntry;
}

async function visit(disk: Disk, store: string, completed: boolean, { take, takeGarbled, takeFolder }: FolderVisitor): Promise<boolean> {
  const folder = storeFolder(store, completed);
  const takeEntry: TakeEntry = (name, kind) => {
    if (kind === 'folder' || (kind === 'link' && name === COMPLETE_FOLDER)) {
      takeFolder(name, kind);
      return undefined;
    }
    const id = issueIdOfFile(name);
    return id === undefined ? undefined : (kind === 'garbled' ? takeGarbled : take)(id, completed);
  };
  try {
    return await disk.list(folder, takeEntry);
  } catch (error) {
    throw readError(folder, error);
  }
}

/**
 * A value that changes when a name is added to or removed from one of the two folders, or when one of them is replaced.
 *
 * Costs two stats. Follows a link for the store's folder, because the target's times reflect its names, but not for `complete`.
 * @throws IssueError `unreadable`
 */
export async function storeStamp(disk: Disk, store: string): Promise<string> {
  const complete = storeFolder(store, true);
  const stats = await Promise.all([
    disk.stat(store, { followLinks: true }).catch(unreadable(store)),
    disk.stat(complete).catch(unreadable(complete)),
  ]);
  return stats.map((stat) => (stat ? `${stat.dev}:${stat.ino}:${stat.mtimeMs}:${stat.ctimeMs}` : '-')).join(' ');
}

function unreadable(path: string): (error: unknown) => never {
  return (error) => {
    throw readError(path, error);
  };
}

/** Where a workspace may have its store, in order of search. A new store is created in the first. */
export const STORE_FOLDERS = ['issues', '.swissarmyhammer/issues', '.sah/issues'] as const;
