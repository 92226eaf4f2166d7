import { isUtf8 } from 'node:buffer';
import { join } from 'node:path';
import type { Disk } from '../disk/disk.ts';
import type { FolderEntry, FolderProbe } from '../formats/storeFormat.ts';
import { folderOf, withParents } from '../issue/relativePath.ts';

/**
 * Looks around in a workspace folder, asks the disk for each thing once, and remembers where it looked: what was found there can become
 * another only if one of these folders changes. What cannot be read is not there.
 */
export class WorkspaceProbe implements FolderProbe {
  readonly #disk: Disk;
  readonly #root: string;
  readonly #texts = new Map<string, Promise<string | undefined>>();
  readonly #entries = new Map<string, Promise<readonly FolderEntry[] | undefined>>();
  /** Whether there is a folder, and neither it nor one on the way to it is a link. */
  readonly #folders = new Map<string, Promise<boolean | undefined>>();

  constructor(disk: Disk, root: string) {
    this.#disk = disk;
    this.#root = root;
  }

  /** The folders that were looked into, whether they are there or not, with those on the way to them. Relative paths. */
  get folders(): readonly string[] {
    return [...new Set([...this.#folders.keys()].flatMap(withParents))].sort();
  }

  read(path: string): Promise<string | undefined> {
    return remembered(this.#texts, path, async () => {
      if (!(await this.#isFolder(folderOf(path)))) {
        return undefined;
      }
      const { bytes } = await this.#disk.read(join(this.#root, path));
      return isUtf8(bytes) ? bytes.toString('utf8') : undefined;
    });
  }

  async list(path: string): Promise<readonly FolderEntry[]> {
    const entries = await remembered(this.#entries, path, async () => {
      const found: FolderEntry[] = [];
      await this.#visit(path, (entry) => found.push(entry));
      return found;
    });
    return entries ?? [];
  }

  async holds(path: string, fits: (entry: FolderEntry) => boolean): Promise<boolean> {
    let isFound = false;
    await this.#visit(path, (entry) => {
      isFound = fits(entry);
      return !isFound;
    }).catch(() => undefined);
    return isFound;
  }

  async #visit(path: string, take: (entry: FolderEntry) => unknown): Promise<void> {
    if (await this.#isFolder(path)) {
      await this.#disk.list(join(this.#root, path), (name, kind) =>
        kind === 'file' || kind === 'folder' ? take({ name, kind }) : undefined,
      );
    }
  }

  /** The workspace folder itself may be a link. */
  #isFolder(path: string): Promise<boolean | undefined> {
    return remembered(this.#folders, path, async () => {
      if (path === '') {
        return true;
      }
      return (await this.#isFolder(folderOf(path))) && (await this.#disk.stat(join(this.#root, path)))?.kind === 'folder';
    });
  }
}

function remembered<T>(known: Map<string, Promise<T | undefined>>, path: string, ask: () => Promise<T>): Promise<T | undefined> {
  const answer = known.get(path) ?? ask().catch(() => undefined);
  known.set(path, answer);
  return answer;
}
