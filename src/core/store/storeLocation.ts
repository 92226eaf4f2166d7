import { normalPath, type PathRules, SYSTEM_RULES } from '../paths.ts';
import type { Disk } from '../storage/disk.ts';
import { STORE_FOLDERS } from '../storage/storeFolders.ts';
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

/** Takes the first candidate that exists, else the first: that is where a new store goes. */
export async function locateStore(disk: Disk, candidates: StoreCandidates): Promise<StorePlace> {
  for (const folder of candidates) {
    if (await disk.isFolder(folder)) {
      return { folder, candidates };
    }
  }
  return { folder: candidates[0], candidates };
}
