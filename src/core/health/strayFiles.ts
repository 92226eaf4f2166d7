import { basename, dirname, join } from 'node:path';
import { assertDefined } from '../assertDefined.ts';
import type { Disk, ListedKind } from '../disk/disk.ts';
import { issueIdOfFile } from '../issue/issueFileName.ts';
import { notFoundError } from '../storage/fileErrors.ts';
import { readOutcome } from '../storage/issueFile.ts';
import { type FileContext, moveFile, mustBeMovable } from '../storage/steps/issueSteps.ts';
import { type ReversibleStep, runSteps, type StepsResult } from '../storage/steps/reversibleSteps.ts';

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

/**
 * Moves a file of another folder into the store under its own name, never replacing one that is there. The store learns of it as of any
 * other change on the disk. @returns its new path, and how to take it back; that is refused once somebody has written to it.
 */
export async function adoptFile(context: FileContext, store: string, from: string): Promise<StepsResult<string>> {
  return runSteps([adoptStep(context, from, join(store, basename(from)))]);
}

function adoptStep(context: FileContext, from: string, to: string): ReversibleStep<string> {
  const { disk } = context;
  let bytes: Buffer | undefined;
  return {
    filePath: to,
    run: async () => {
      const read = await readOutcome(disk, from);
      if ('error' in read) {
        throw notFoundError(from, read.error);
      }
      await moveFile(context, from, to);
      bytes = read.bytes;
      return to;
    },
    checkUndo: () => mustBeMovable(context, to, assertDefined(bytes), from),
    undo: async () => {
      await disk.makeFolder(dirname(from));
      await moveFile(context, to, from);
    },
  };
}
