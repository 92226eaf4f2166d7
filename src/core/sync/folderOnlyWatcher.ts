import { basename, normalize } from 'node:path';
import { FSWatcher } from 'chokidar';

/** A watcher of these folders and of nothing in them. */
export class FolderOnlyWatcher extends FSWatcher {
  constructor(folders: ReadonlySet<string>) {
    super({
      depth: 0,
      ignoreInitial: true,
      // Its filter for the temporary files of editors would filter out whole stores that have such a name.
      atomic: false,
      // Chokidar then keeps nothing of the files.
      ignored: (path) => !isOneOf(folders, path),
    });
    const names = new Set([...folders].map((folder) => basename(folder)));
    const { handler } = this;
    const reconcile = handler.reconcileBackendTrigger.bind(handler);
    // What comes after each raw event. For a file, its path would be resolved, compared and queued, only to be ignored: more than what the
    // store itself does with the event.
    handler.reconcileBackendTrigger = (scope, mapRelative, trigger, ...rest) => {
      const name = mapRelative && trigger.kind === 'native' ? trigger.relativePath : null;
      return name === null || names.has(basename(name)) ? reconcile(scope, mapRelative, trigger, ...rest) : Promise.resolve();
    };
  }

  /**
   * Chokidar lists every folder that it watches and asks for the stat of each file in it, only to be told that all of them are ignored:
   * seconds, in a store of 100 000. It goes on without the list where there is none to be had.
   */
  override createScanStream(): undefined {
    return undefined;
  }
}

/** Chokidar asks with `/` between the parts on every system. */
function isOneOf(folders: ReadonlySet<string>, path: string): boolean {
  return folders.has(path) || folders.has(normalize(path));
}
