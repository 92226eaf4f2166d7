import { basename, dirname, join, sep } from 'node:path';
import type { ChokidarOptions, FSWatcher } from 'chokidar';
import type { Schedule } from '../clock.ts';
import type { Disk, FileStat } from '../disk/disk.ts';
import { type Disposable, Emitter, type Event } from '../events.ts';
import type { FolderRules } from '../formats/folderRules.ts';
import { messageOf } from '../issue/issueErrors.ts';
import { ISSUE_EXTENSION } from '../issue/issueFileName.ts';
import type { Logger } from '../logger.ts';
import { foldCase, isInsideFolder, isSamePath, pathInFolder, pathKey } from '../paths.ts';
import { Retry } from './retry.ts';
import { TrailingRun } from './trailingRun.ts';

/** How long chokidar may take to get ready, in milliseconds. A hanging network folder could take forever. */
const READY_MS = 10_000;

/** Where to look: at a name in a folder of the store, of which the path in the store is told, or anywhere in the store. */
export type WatchHint = { readonly folder: string; readonly name: string } | 'everything';

export type WatcherState = 'starting' | 'watching' | 'failed';

/** What the store needs of a watcher. Tests provide a fake. */
export interface StoreWatcher extends Disposable {
  /** `starting` as long as events may be missing, even if some arrive already. */
  readonly state: WatcherState;
  /** Why it failed, as text for people. Undefined unless it has failed. */
  readonly failure: string | undefined;
  readonly onHint: Event<WatchHint>;
  /** Something changed in a folder that could be the store's place instead. */
  readonly onElsewhere: Event<void>;
  readonly onDidChangeState: Event<void>;
  /** Begins to watch, and hints at everything when it watches or has failed: changes before that may have gone unnoticed. Never rejects. */
  start(): Promise<void>;
  /** Watches anew now, instead of when it would try again. Never rejects; whether it helped is its state. */
  retry(): Promise<void>;
  /** Watches anew if a folder was replaced and no event told of it, as where a link above it leads elsewhere. Never rejects. */
  recheck(): Promise<void>;
}

export interface FolderWatcherOptions {
  /** Absolute path of an existing folder that the store lies in, at whatever depth. */
  readonly root: string;
  /** Absolute path of the store, which may be missing. */
  readonly store: string;
  /** The folders of the store whose entries matter. */
  readonly folders: FolderRules;
  /** Absolute path of the store's configuration, which may be missing. When it changes, everything is hinted at. */
  readonly config?: string | undefined;
  /** Other folders, existing or not, whose coming and going matters: where the store might be instead. */
  readonly alternatives?: readonly string[];
  readonly disk: Disk;
  readonly schedule: Schedule;
  readonly logger: Logger;
}

/**
 * Watches the folders of a store, and those on the way to them, with chokidar.
 *
 * It watches the folders and ignores their files, and takes the names of files from chokidar's raw events alone: file by file, chokidar loses
 * most events of a burst and costs time in proportion to the folder for each atomic save. Chokidar calls raw events unstable, so this is the
 * only place that knows of them, the version of chokidar is pinned, and a test holds chokidar to all that is relied on here.
 */
export class FolderWatcher implements StoreWatcher {
  readonly #options: FolderWatcherOptions;
  /** Every folder that is known by its name, from the root to those of the store, existing or not, by its {@link pathKey}. */
  readonly #folders: ReadonlyMap<string, string>;
  /** Their names. Most paths in a burst are of files with other names; a path key for each took a tenth of the time of a batch. */
  readonly #folderNames: ReadonlySet<string>;
  readonly #inStore = new Map<string, string | undefined>();
  readonly onHint: Event<WatchHint>;
  readonly #hint: Emitter<WatchHint>;
  readonly onElsewhere: Event<void>;
  readonly #elsewhere: Emitter<void>;
  readonly onDidChangeState: Event<void>;
  readonly #stateChange: Emitter<void>;
  readonly #retry: Retry;
  readonly #restarting = new TrailingRun(() => this.#watch());
  #watcher: FSWatcher | undefined;
  /** The folders that are watched, each with what tells it from another one that has its name later. */
  #identities: ReadonlyMap<string, string> = new Map();
  /** The same of the folders inside of those with issues that hold issues, too, by their {@link pathKey}. They are known when they are come upon. */
  readonly #nested = new Map<string, { readonly path: string; readonly identity: string }>();
  #state: WatcherState = 'starting';
  #failure: string | undefined;
  #onClose: () => void = () => undefined;
  #disposed = false;

  constructor(options: FolderWatcherOptions) {
    this.#options = options;
    const onError = (error: unknown) => options.logger.error(String(error));
    this.#hint = new Emitter(onError);
    this.onHint = this.#hint.event;
    this.#elsewhere = new Emitter(onError);
    this.onElsewhere = this.#elsewhere.event;
    this.#stateChange = new Emitter(onError);
    this.onDidChangeState = this.#stateChange.event;
    const { store, folders, config, alternatives = [] } = options;
    const ends = [
      store,
      ...folders.rules.map(({ path }) => join(store, path)),
      ...(config === undefined ? [] : [dirname(config)]),
      ...alternatives,
    ];
    this.#folders = new Map(ends.flatMap((end) => foldersBetween(options.root, end)).map((folder) => [pathKey(folder), folder]));
    this.#folderNames = new Set([...this.#folders.values()].map((folder) => foldCase(basename(folder))));
    this.#retry = new Retry(options.schedule, () => void this.start());
  }

  get state(): WatcherState {
    return this.#state;
  }

  get failure(): string | undefined {
    return this.#failure;
  }

  start(): Promise<void> {
    return this.#restarting.request();
  }

  retry(): Promise<void> {
    return this.start();
  }

  async recheck(): Promise<void> {
    if (this.#state !== 'watching') {
      return;
    }
    const before = this.#identities;
    const now = await this.#existing();
    if (before !== this.#identities) {
      return;
    }
    const isReplaced = [...now].some(([folder, identity]) => (before.get(folder) ?? identity) !== identity);
    if (isReplaced || [...this.#nested.values()].some(({ path }) => this.#isOtherFolder(path))) {
      void this.start();
    } else {
      this.#identities = now;
    }
  }

  dispose(): void {
    this.#disposed = true;
    this.#retry.dispose();
    this.#hint.dispose();
    this.#elsewhere.dispose();
    this.#stateChange.dispose();
    void this.#close();
  }

  async #watch(): Promise<void> {
    try {
      // Until the new watcher is ready, changes can go unnoticed. A failed watcher stays failed until it watches.
      if (this.#state === 'watching') {
        this.#setState('starting', undefined);
      }
      // Watchers of one path share a handle, which stays with a replaced folder. So the old watcher is closed first.
      await this.#close();
      const { watch } = await import('chokidar');
      this.#nested.clear();
      this.#identities = await this.#existing();
      if (!this.#disposed) {
        await this.#untilReady(watch(this.#tops(), this.#chokidarOptions()));
      }
    } catch (error) {
      this.#fail(error);
      return;
    }
    if (!this.#disposed) {
      this.#retry.succeeded();
      this.#setState('watching', undefined);
      this.#hint.fire('everything');
    }
  }

  #chokidarOptions(): ChokidarOptions {
    return {
      // One watcher per folder on every system: a recursive one would report everything below the workspace root.
      backend: 'native',
      ignoreInitial: true,
      // Chokidar's filter for editors' temporary files would ignore whole stores with such a name.
      atomic: false,
      ignored: (path) => this.#folderAt(path) === undefined,
    };
  }

  /** Chokidar finds the other folders from these, and watches each from when it appears. */
  #tops(): string[] {
    return [...this.#folders.values()].filter((folder) => this.#folderAt(dirname(folder)) === undefined);
  }

  /** Those of the folders that exist, as {@link #identities}. What cannot be looked at is not there. */
  async #existing(): Promise<Map<string, string>> {
    const found = await Promise.all(
      [...this.#folders.values()].map(async (folder): Promise<[string, string][]> => {
        const stat = await this.#options.disk.stat(folder, { followLinks: true }).catch(() => undefined);
        return stat?.kind === 'folder' ? [[folder, identityOf(stat)]] : [];
      }),
    );
    return new Map(found.flat());
  }

  /** Stores the watcher at once, so that it can be closed. Resolves when it watches or is closed; rejects if it cannot watch or takes too long. */
  #untilReady(watcher: FSWatcher): Promise<void> {
    this.#watcher = watcher;
    watcher.on('raw', (event, name, details: unknown) => this.#onRaw(event, name, details));
    // Files that were in the folder before it was watched are looked at, too.
    watcher.on('addDir', () => this.#hint.fire('everything'));
    // A new folder of the same name could be mistaken for the watched one.
    watcher.on('unlinkDir', () => void this.start());
    let timer: Disposable | undefined;
    const ready = new Promise<void>((resolve, reject) => {
      this.#onClose = resolve;
      timer = this.#options.schedule(READY_MS, () => reject(new Error(`the watcher did not start within ${READY_MS / 1000} seconds`)));
      let onError: (error: unknown) => void = reject;
      watcher.on('error', (error) => onError(error));
      watcher.once('ready', () => {
        onError = (error) => this.#fail(error);
        resolve();
      });
    });
    return ready.finally(() => timer?.dispose());
  }

  #onRaw(event: string, name: string | null, details: unknown): void {
    const folder = this.#watchedFolder(watchedPathOf(details));
    if (folder === undefined || name === null) {
      this.#hint.fire('everything');
      return;
    }
    // Only the root of a file system ends with the separator.
    const path = folder.endsWith(sep) ? folder + name : folder + sep + name;
    // Linux reports the removal of a folder as an event with the folder's own name inside it.
    const isRemoved = (event === 'rename' && folder.endsWith(sep + name)) || this.#isOtherFolder(path);
    if (isRemoved || this.#folderAt(path) !== undefined) {
      // Now, and not only when the folder is watched: a move into it is one change together with where the file is gone from.
      this.#hint.fire('everything');
      if (isRemoved) {
        void this.start();
      }
      return;
    }
    const { config, alternatives } = this.#options;
    if (config !== undefined && foldCase(name) === foldCase(basename(config)) && isSamePath(path, config)) {
      // What the configuration makes of the issues is told of together with what has changed in them.
      this.#hint.fire('everything');
      return;
    }
    const inStore = this.#issueFolderAt(folder);
    if (inStore !== undefined) {
      this.#hint.fire({ folder: inStore, name });
    } else if (alternatives?.includes(folder)) {
      this.#elsewhere.fire();
    }
  }

  /** The path in the store of a folder with issues; undefined for another one. Remembered, since a burst asks for one folder again and again. */
  #issueFolderAt(folder: string): string | undefined {
    if (!this.#inStore.has(folder)) {
      const { store, folders } = this.#options;
      const inStore = pathInFolder(store, folder);
      this.#inStore.set(folder, inStore !== undefined && folders.has(inStore) ? inStore : undefined);
    }
    return this.#inStore.get(folder);
  }

  /**
   * The folder to watch at this path, however the path is spelled: chokidar spells it as the disk does, and on Windows perhaps with `/`.
   * Undefined for anything else.
   */
  #folderAt(path: string): string | undefined {
    return this.#namedFolder(path) ?? (this.#isNestedFolder(path) ? path : undefined);
  }

  /** As {@link #folderAt}, and the nested folder of this path that was watched so far, which may be gone. */
  #watchedFolder(path: string | undefined): string | undefined {
    if (path === undefined) {
      return undefined;
    }
    return this.#namedFolder(path) ?? this.#nested.get(pathKey(path))?.path;
  }

  #namedFolder(path: string): string | undefined {
    return this.#folderNames.has(foldCase(basename(path))) ? (this.#folders.get(path) ?? this.#folders.get(pathKey(path))) : undefined;
  }

  /** A folder inside one with issues that holds issues, too, because of where it is. Links are not followed. */
  #isNestedFolder(path: string): boolean {
    const { folders, store } = this.#options;
    if (!folders.isNested || path.endsWith(ISSUE_EXTENSION)) {
      return false;
    }
    const inStore = pathInFolder(store, path);
    if (inStore === undefined || inStore === '' || !folders.has(inStore)) {
      return false;
    }
    const identity = this.#identityAt(path);
    if (identity !== undefined && !this.#nested.has(pathKey(path))) {
      this.#nested.set(pathKey(path), { path, identity });
    }
    return identity !== undefined;
  }

  /**
   * True if the nested folder that was watched under this name is gone, or another one or a link is there instead. Chokidar tells of none of
   * these, because what is not there is ignored, and what is there is known to it.
   */
  #isOtherFolder(path: string): boolean {
    const known = this.#nested.size === 0 ? undefined : this.#nested.get(pathKey(path));
    return known !== undefined && known.identity !== this.#identityAt(path);
  }

  /** Undefined for what is no folder, or cannot be looked at. */
  #identityAt(path: string): string | undefined {
    try {
      const stat = this.#options.disk.statSync(path);
      return stat?.kind === 'folder' ? identityOf(stat) : undefined;
    } catch {
      return undefined;
    }
  }

  /** A watcher may stop after an error, so it counts as failed. */
  #fail(error: unknown): void {
    void this.#close();
    if (this.#disposed) {
      return;
    }
    const reason = messageOf(error);
    this.#options.logger.warn(`Watching ${this.#options.store} failed: ${reason}`);
    this.#setState('failed', reason);
    this.#hint.fire('everything');
    this.#retry.failed();
  }

  #setState(state: WatcherState, failure: string | undefined): void {
    if (state !== this.#state || failure !== this.#failure) {
      this.#state = state;
      this.#failure = failure;
      this.#stateChange.fire();
    }
  }

  /** Detaches from the watcher: no event is handled after this call. */
  async #close(): Promise<void> {
    const watcher = this.#watcher;
    this.#watcher = undefined;
    this.#onClose();
    try {
      await watcher?.close();
    } catch (error) {
      this.#options.logger.warn(`Closing a watcher failed: ${String(error)}`);
    }
  }
}

function identityOf({ dev, ino, birthtimeMs }: FileStat): string {
  return `${dev}:${ino}:${birthtimeMs}`;
}

/** Which folder a raw event comes from. */
function watchedPathOf(details: unknown): string | undefined {
  const isKnown = typeof details === 'object' && details !== null && 'watchedPath' in details && typeof details.watchedPath === 'string';
  return isKnown ? (details.watchedPath as string) : undefined;
}

/** The folders from `root` to `end`, both included; `end` and what is on the way to it alone if it is not inside. All are spelled as `end` is. */
function foldersBetween(root: string, end: string): string[] {
  if (!isInsideFolder(root, end)) {
    return [dirname(end), end];
  }
  const folders = [end];
  for (let folder = end; !isSamePath(folder, root); ) {
    folder = dirname(folder);
    folders.unshift(folder);
  }
  return folders;
}
