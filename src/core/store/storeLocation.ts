import { type Disk, isFolder } from '../disk/disk.ts';
import { normalPath, type PathRules, SYSTEM_RULES } from '../paths.ts';
import { holdsIssue, STORE_FOLDERS } from '../storage/storeFolders.ts';
import { expandedFolder } from './folderSetting.ts';
import type { Surroundings } from './storeOptions.ts';

/** Absolute paths, best first. */
export type StoreCandidates = readonly [string, ...string[]];

/** Where a store is, and where it might be instead. */
export interface StorePlace {
  readonly folder: string;
  readonly candidates: StoreCandidates;
}

/**
 * The absolute paths where the store of a workspace folder may be, best first. A configured folder is the only one.
 * @throws StoreFolderError `badSetting` if it cannot be made out which folder is configured.
 */
export function storeCandidates(
  root: string,
  configured: string | undefined,
  surroundings: Surroundings,
  rules: PathRules = SYSTEM_RULES,
): StoreCandidates {
  const setting = configured?.trim() ?? '';
  const pathOf = (folder: string) => normalPath(rules.path.resolve(root, folder), rules);
  if (setting !== '') {
    return [pathOf(expandedFolder(setting, root, surroundings, rules))];
  }
  const [usual, ...others] = STORE_FOLDERS;
  return [pathOf(usual), ...others.map(pathOf)];
}

/**
 * Takes the first candidate that holds an issue, else the first that exists, else the very first: that is where a new store goes. One that
 * cannot be read is taken to hold some, so that it is shown with the reason.
 *
 * @param mayRead says of which candidates the content may be looked at.
 */
export async function locateStore(
  disk: Disk,
  candidates: StoreCandidates,
  mayRead: (folder: string) => Promise<boolean> = async () => true,
): Promise<StorePlace> {
  const exist = await Promise.all(candidates.map((folder) => isFolder(disk, folder)));
  const existing = candidates.filter((_, index) => exist[index]);
  if (existing.length > 1) {
    for (const folder of existing) {
      if (await mayHoldIssue(disk, folder, mayRead)) {
        return { folder, candidates };
      }
    }
  }
  return { folder: existing[0] ?? candidates[0], candidates };
}

async function mayHoldIssue(disk: Disk, folder: string, mayRead: (folder: string) => Promise<boolean>): Promise<boolean> {
  try {
    return (await mayRead(folder)) && (await holdsIssue(disk, folder));
  } catch {
    return true;
  }
}
