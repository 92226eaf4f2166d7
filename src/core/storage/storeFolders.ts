import { join } from 'node:path';
import { systemClock } from '../clock.ts';
import { type IssueKey, issueKey } from '../issue/issue.ts';
import { IssueError } from '../issue/issueErrors.ts';
import { issueIdOfFile } from '../issue/issueFileName.ts';
import { forEachInTurns, Turns } from '../turns.ts';
import type { Disk, FolderEntry } from './disk.ts';
import { readError } from './issueFile.ts';

/** Name of the folder inside a store whose files are the completed issues. */
export const COMPLETE_FOLDER = 'complete';

/** One of the two folders of a store. */
export function storeFolder(store: string, completed: boolean): string {
  return completed ? join(store, COMPLETE_FOLDER) : store;
}

/** What the two folders of a store hold, by name alone. */
export interface StoreListing {
  /** False if the store's folder is not there; everything else is empty then. */
  readonly exists: boolean;
  /** Every issue file, links and special files with such a name among them. */
  readonly keys: readonly IssueKey[];
  /** Names of the other folders in the store, with `/` between the parts: not the store's business, but worth knowing of. */
  readonly otherFolders: readonly string[];
}

/**
 * Reads the names in both folders of a store: at most two calls. A `complete` that is a link is not read: it may lead
 * anywhere.
 * @throws IssueError `unreadable` if one of them is there and cannot be read.
 */
export async function listStore(disk: Disk, store: string): Promise<StoreListing> {
  const active = await list(disk, storeFolder(store, false));
  return storeListing(active, await listCompleted(disk, store, active));
}

/**
 * As {@link listStore}, but an issue that is completed or reopened meanwhile cannot slip through: it has its new name before
 * it loses the old one, and the active folder is read before the other and after it.
 */
export async function listStoreInTurn(disk: Disk, store: string): Promise<StoreListing> {
  const before = await list(disk, storeFolder(store, false));
  const completed = await listCompleted(disk, store, before);
  const after = await list(disk, storeFolder(store, false));
  const active = new Map([...(before ?? []), ...(after ?? [])].map((entry) => [entry.name, entry]));
  return storeListing(after && [...active.values()], completed);
}

/** @throws IssueError `notWritable` if the folder of completed issues is a link, which could lead out of the store. */
export async function refuseLinkedFolder(disk: Disk, store: string): Promise<void> {
  const folder = storeFolder(store, true);
  const stat = await disk.stat(folder).catch((error: unknown) => {
    throw readError(folder, error);
  });
  if (stat?.kind === 'link') {
    throw new IssueError('notWritable', `${folder} is a link, which the store does not follow. Put a folder in its place.`);
  }
}

function listCompleted(disk: Disk, store: string, active: readonly FolderEntry[] | undefined): Promise<readonly FolderEntry[] | undefined> {
  const isFolder = active?.some(({ name, kind }) => name === COMPLETE_FOLDER && kind === 'folder') ?? false;
  return isFolder ? list(disk, storeFolder(store, true)) : Promise.resolve(undefined);
}

async function list(disk: Disk, folder: string): Promise<readonly FolderEntry[] | undefined> {
  try {
    return await disk.list(folder);
  } catch (error) {
    throw readError(folder, error);
  }
}

async function storeListing(
  active: readonly FolderEntry[] | undefined,
  completed: readonly FolderEntry[] | undefined,
): Promise<StoreListing> {
  const turns = new Turns(systemClock);
  const keys: IssueKey[] = [];
  const otherFolders: string[] = [];
  for (const [entries, isComplete] of [
    [active ?? [], false],
    [completed ?? [], true],
  ] as const) {
    await forEachInTurns(entries, turns, ({ name, kind }) => {
      if (kind === 'folder' || (kind === 'link' && name === COMPLETE_FOLDER)) {
        if (isComplete || kind === 'link' || name !== COMPLETE_FOLDER) {
          otherFolders.push(isComplete ? `${COMPLETE_FOLDER}/${name}` : name);
        }
        return;
      }
      const id = issueIdOfFile(name);
      if (id !== undefined) {
        keys.push(issueKey(id, isComplete));
      }
    });
  }
  return { exists: active !== undefined, keys, otherFolders: otherFolders.sort() };
}

/** Where a workspace may keep its store, in the order in which they are looked for; the first is where a new one goes. */
export const STORE_FOLDERS = ['issues', '.swissarmyhammer/issues', '.sah/issues'] as const;
