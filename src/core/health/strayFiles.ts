import { join } from 'node:path';
import type { Disk, ListedKind } from '../disk/disk.ts';
import { issueIdOfFile } from '../issue/issueFileName.ts';

/** How many folders are looked into at most: whoever keeps a whole tree in the store does not keep issues in it. */
const MAX_FOLDERS = 200;

/**
 * Absolute paths of files in a store's other folders that would be issues in the store itself, at any depth, in the order of the folders.
 * Links are not followed, and a folder that cannot be read holds none.
 *
 * @param otherFolders as the store's listing names them
 * @param limit how many files are enough
 */
export async function strayFiles(disk: Disk, store: string, otherFolders: readonly string[], limit: number): Promise<string[]> {
  const found: string[] = [];
  const folders = otherFolders.map((path) => join(store, path));
  for (let next = 0; next < Math.min(folders.length, MAX_FOLDERS) && found.length < limit; next++) {
    const folder = folders[next] ?? '';
    // The store lists a link in the place of its own folder, too.
    const isFolder = (await disk.stat(folder).catch(() => undefined))?.kind === 'folder';
    const entries: { readonly name: string; readonly kind: ListedKind }[] = [];
    if (isFolder) {
      await disk.list(folder, (name, kind) => entries.push({ name, kind })).catch(() => false);
    }
    for (const { name, kind } of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      if (kind === 'folder') {
        folders.push(join(folder, name));
      } else if (kind === 'file' && issueIdOfFile(name) !== undefined) {
        found.push(join(folder, name));
      }
    }
  }
  return found.slice(0, limit);
}
