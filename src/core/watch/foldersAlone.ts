import { normalize } from 'node:path';
import { FSWatcher } from 'chokidar';

/** A watcher of these folders and of nothing in them. */
export class FoldersAlone extends FSWatcher {
  readonly #folders: ReadonlySet<string>;

  constructor(folders: ReadonlySet<string>) {
    super({
      depth: 0,
      ignoreInitial: true,
      // Its filter for the temporary files of editors would filter out whole stores that have such a name.
      atomic: false,
      // Chokidar then keeps nothing of the files.
      ignored: (path) => !isOneOf(folders, path),
    });
    this.#folders = folders;
  }

  /**
   * Chokidar lists every folder that it watches and asks for the stat of each file in it, only to be told that all of them are ignored:
   * seconds, in a store of 100 000. It goes on without the list where there is none to be had.
   */
  override createScanStream(): undefined {
    return undefined;
  }

  /** Asked for each event after the raw one. Without this, each would be queued and looked at, only to be ignored. */
  override isUnwatched(path: string): boolean {
    return !isOneOf(this.#folders, path) || super.isUnwatched(path);
  }
}

/** Chokidar asks with `/` between the parts on every system. */
function isOneOf(folders: ReadonlySet<string>, path: string): boolean {
  return folders.has(path) || folders.has(normalize(path));
}
