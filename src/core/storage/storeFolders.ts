import type { Disk, TakeEntry } from '../disk/disk.ts';
import type { IssueKey } from '../issue/issue.ts';
import { IssueError } from '../issue/issueErrors.ts';
import { issueIdOfFile } from '../issue/issueFileName.ts';
import { COMPLETE_FOLDER, issueKey, splitIssueKey, storeFolder } from '../issue/storeLayout.ts';
import { readError } from './fileErrors.ts';

/** What is to be known of a store beside its issues. */
export interface StoreFolders {
  /** False if the store's folder is not there; everything else is empty then. */
  readonly exists: boolean;
  /** Names of the other folders in the store, with `/` between the parts: not the store's business, but worth knowing of. */
  readonly otherFolders: readonly string[];
  /** Keys, as far as they can be told, of files that would be issues if their names were UTF-8. Left out if there are none. */
  readonly garbled?: readonly IssueKey[];
}

/** What the two folders of a store hold, by name alone. */
export interface StoreListing extends StoreFolders {
  /** Every issue file, links and special files with such a name among them. */
  readonly keys: readonly IssueKey[];
}

/** Is told the id of each issue file, links and special files with such a name among them. Answers `false` if a folder needs no further look. */
export type TakeId = (id: string, completed: boolean) => unknown;

/**
 * Reads the names in both folders of a store: at most two calls. A `complete` that is a link is not read: it may lead
 * anywhere.
 * @throws IssueError `unreadable` if one of them is there and cannot be read.
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
 * As {@link visitStore}, but an issue that is completed or reopened meanwhile cannot slip through: it has its new name before
 * it loses the old one, and the active folder is read before the other and after it. So most are told twice. Files with garbled names are told
 * of as well: their numbers are taken.
 */
export async function visitStoreInTurn(disk: Disk, store: string, take: TakeId): Promise<void> {
  const { exists, garbled = [] } = await visitStore(disk, store, take);
  for (const { id, completed } of garbled.map(splitIssueKey)) {
    take(id, completed);
  }
  if (exists) {
    await visit(disk, store, false, { take, takeGarbled: take, takeFolder: () => undefined });
  }
}

/** As {@link visitStore}, with all keys in the order in which the folders have them. */
export async function listStore(disk: Disk, store: string): Promise<StoreListing> {
  const keys: IssueKey[] = [];
  const folders = await visitStore(disk, store, (id, completed) => keys.push(issueKey(id, completed)));
  return { ...folders, keys };
}

/**
 * True if there is an issue in one of the two folders of a store, which are listed until the first one.
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

/** True if the folder of completed issues is a link, which could lead out of the store. */
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

interface Takers {
  readonly take: TakeId;
  readonly takeGarbled: TakeId;
  /** Is told of folders, and of a link in the place of one of the store's. */
  readonly takeFolder: TakeEntry;
}

/** Reads the names in one of the two folders. */
async function visit(disk: Disk, store: string, completed: boolean, { take, takeGarbled, takeFolder }: Takers): Promise<boolean> {
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

/** What the two folders of a store say of themselves. */
export interface StoreStamp {
  /** To be compared: it is another one when a name has come or gone in one of them, or when one has become another folder. */
  readonly stamp: string;
  /** When the last name came or went, in milliseconds since the epoch; 0 if there is no folder. */
  readonly newestMs: number;
}

/**
 * Two stats. The store's folder can be a link, and it is the folder behind it that tells of names; one in the place of `complete/` is not
 * followed.
 * @throws IssueError `unreadable`
 */
export async function storeStamp(disk: Disk, store: string): Promise<StoreStamp> {
  const complete = storeFolder(store, true);
  const stats = await Promise.all([
    disk.stat(store, { followLinks: true }).catch(unreadable(store)),
    disk.stat(complete).catch(unreadable(complete)),
  ]);
  return {
    stamp: stats.map((stat) => (stat ? `${stat.dev}:${stat.ino}:${stat.mtimeMs}:${stat.ctimeMs}` : '-')).join(' '),
    newestMs: Math.max(...stats.map((stat) => stat?.mtimeMs ?? 0)),
  };
}

function unreadable(path: string): (error: unknown) => never {
  return (error) => {
    throw readError(path, error);
  };
}

/** Where a workspace may keep its store, in the order in which they are looked for; the first is where a new one goes. */
export const STORE_FOLDERS = ['issues', '.swissarmyhammer/issues', '.sah/issues'] as const;
