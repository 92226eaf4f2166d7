import { isAbsolute, join } from 'node:path';
import type { Disk } from '../storage/disk.ts';
import { STORE_FOLDERS } from '../storage/storeFolders.ts';

/** Absolute paths, best first. */
export type StoreCandidates = readonly [string, ...string[]];

/** The absolute paths where the store of a workspace folder may be, best first. A configured folder is the only one. */
export function storeCandidates(root: string, configured: string | undefined): StoreCandidates {
  if (configured !== undefined && configured.trim() !== '') {
    const folder = configured.trim();
    return [isAbsolute(folder) ? join(folder) : join(root, folder)];
  }
  const [usual, ...others] = STORE_FOLDERS;
  return [join(root, usual), ...others.map((folder) => join(root, folder))];
}

/** The first candidate that exists, else the first: that is where a new store goes. */
export async function locateStore(disk: Disk, candidates: StoreCandidates): Promise<string> {
  for (const candidate of candidates) {
    if (await disk.isFolder(candidate)) {
      return candidate;
    }
  }
  return candidates[0];
}
