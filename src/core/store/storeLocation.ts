import { type Disk, isFolder } from '../disk/disk.ts';
import { NUMBERED_FORMAT, STORE_FOLDERS } from '../formats/numbered.ts';
import { StoreSchema } from '../formats/storeSchema.ts';
import { normalPath, type PathRules, SYSTEM_RULES } from '../paths.ts';
import { holdsIssue } from '../storage/storeFolders.ts';
import { expandedFolder } from './folderSetting.ts';
import type { Surroundings } from './storeOptions.ts';

/** Only our own format has several places. */
export const NUMBERED_SCHEMA = new StoreSchema(NUMBERED_FORMAT);

/** Absolute paths, best first. */
export type StoreCandidates = readonly [string, ...string[]];

/** The store's folder, and all candidates for it. */
export interface StorePlace {
  readonly folder: string;
  readonly candidates: StoreCandidates;
  /** True if none of them exists. */
  readonly isMissing: boolean;
}

/**
 * The possible absolute paths of a workspace folder's store, best first. A configured folder is the only one.
 * @throws StoreFolderError `badSetting` if the setting is invalid.
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
 * Returns the first candidate that has an issue, otherwise the first that exists, otherwise the first, where a new store is created. A
 * candidate that cannot be read counts as having an issue, so that the store shows the reason.
 *
 * @param mayRead whether a candidate's content may be read.
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
        return { folder, candidates, isMissing: false };
      }
    }
  }
  return { folder: existing[0] ?? candidates[0], candidates, isMissing: existing.length === 0 };
}

async function mayHoldIssue(disk: Disk, folder: string, mayRead: (folder: string) => Promise<boolean>): Promise<boolean> {
  try {
    return (await mayRead(folder)) && (await holdsIssue(disk, folder, NUMBERED_SCHEMA));
  } catch {
    return true;
  }
}
