import { join } from 'node:path';
import type { Disk, TakeEntry } from '../disk/disk.ts';
import { mapConcurrently } from '../disk/mapConcurrently.ts';

/** No write takes this long, so a temporary file this old is of a process that ended in the middle of one. */
const LEFTOVER_AGE_MS = 10 * 60 * 1000;
const CONCURRENCY = 16;

// In full and not by beginning and end: other programs may use names that are like ours.
const WRITTEN = /^\.markdown-issues-(?:[0-9a-f]{16}|[0-9]{6})\.tmp$/;
const MOVED = /^\.markdown-issues-moved-[0-9a-f]{16}\.tmp$/;

export interface Leftovers {
  /** Paths of the files that are gone now. */
  readonly removed: string[];
  /** Paths of files that were left on their way to another name and may be all that there is of somebody's text. */
  readonly kept: string[];
}

/**
 * Removes the temporary files that crashes have left in the folders of a store, and never anything else. A file that
 * cannot be looked at or removed is left for the next time.
 *
 * What a write leaves is a claim or the bytes of a write that never came to be. What a move leaves can be an edit that an
 * editor saved at that very moment; it goes only if the file has another name, too.
 *
 * @param folders relative to the store
 * @param epochNow wall-clock time, in milliseconds since the epoch
 */
export async function removeLeftovers(disk: Disk, store: string, folders: readonly string[], epochNow: number): Promise<Leftovers> {
  const paths = await Promise.all(folders.map((folder) => leftoversIn(disk, join(store, folder))));
  const leftovers: Leftovers = { removed: [], kept: [] };
  await mapConcurrently(CONCURRENCY, paths.flat(), async ({ path, moved }) => {
    const stat = await disk.stat(path).catch(() => undefined);
    if (stat?.kind !== 'file' || epochNow - Math.max(stat.mtimeMs, stat.ctimeMs) <= LEFTOVER_AGE_MS) {
      return;
    }
    if (moved && stat.nlink < 2) {
      leftovers.kept.push(path);
    } else if (await isRemoved(disk, path)) {
      leftovers.removed.push(path);
    }
  });
  return { removed: leftovers.removed.sort(), kept: leftovers.kept.sort() };
}

async function leftoversIn(disk: Disk, folder: string): Promise<{ path: string; moved: boolean }[]> {
  // A folder that is a link is not listed: what lies behind it is not the store's.
  const isFolder = (await disk.stat(folder).catch(() => undefined))?.kind === 'folder';
  const found: { path: string; moved: boolean }[] = [];
  const take: TakeEntry = (name, kind) => {
    if (kind === 'file' && (WRITTEN.test(name) || MOVED.test(name))) {
      found.push({ path: join(folder, name), moved: MOVED.test(name) });
    }
  };
  if (isFolder) {
    await disk.list(folder, take).catch(() => false);
  }
  return found;
}

async function isRemoved(disk: Disk, path: string): Promise<boolean> {
  try {
    await disk.remove(path);
    return true;
  } catch {
    return false;
  }
}
