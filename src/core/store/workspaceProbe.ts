import { isUtf8 } from 'node:buffer';
import { join } from 'node:path';
import type { Disk } from '../disk/disk.ts';
import type { FolderProbe } from '../formats/storeFormat.ts';
import { folderOf, withParents } from '../issue/relativePath.ts';
import { isFolderLinked } from '../storage/storeFolders.ts';

type Entries = Awaited<ReturnType<FolderProbe['list']>>;

/**
 * Looks around in a workspace folder, asks the disk for each thing once, and remembers where it looked: what was found there can become
 * another only if one of these folders changes. What cannot be read is not there.
 */
export class WorkspaceProbe implements FolderProbe {
  readonly #disk: Disk;
  readonly #root: string;
  readonly #texts = new Map<string, Promise<string | undefined>>();
  readonly #entries = new Map<string, Promise<Entries | undefined>>();

  constructor(disk: Disk, root: string) {
    this.#disk = disk;
    this.#root = root;
  }

  /** The folders that were looked into, whether they are there or not, with those on the way to them. Relative paths. */
  get folders(): readonly string[] {
    const asked = [...this.#entries.keys(), ...Array.from(this.#texts.keys(), folderOf)];
    return [...new Set(asked.flatMap(withParents))].sort();
  }

  read(path: string): Promise<string | undefined> {
    return remembered(this.#texts, path, async () => {
      if (await this.#isLinked(folderOf(path))) {
        return undefined;
      }
      const { bytes } = await this.#disk.read(join(this.#root, path));
      return isUtf8(bytes) ? bytes.toString('utf8') : undefined;
    });
  }

  async list(path: string): Promise<Entries> {
    const entries = await remembered(this.#entries, path, async () => {
      const found: Entries[number][] = [];
      if (!(await this.#isLinked(path))) {
        await this.#disk.list(join(this.#root, path), (name, kind) => {
          if (kind === 'file' || kind === 'folder') {
            found.push({ name, kind });
          }
        });
      }
      return found;
    });
    return entries ?? [];
  }

  #isLinked(folder: string): Promise<boolean> {
    return isFolderLinked(this.#disk, this.#root, folder);
  }
}

function remembered<T>(known: Map<string, Promise<T | undefined>>, path: string, ask: () => Promise<T>): Promise<T | undefined> {
  const answer = known.get(path) ?? ask().catch(() => undefined);
  known.set(path, answer);
  return answer;
}
