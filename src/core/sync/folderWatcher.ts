import { dirname, normalize, sep } from 'node:path';
import type { FSWatcher } from 'chokidar';
import type { Schedule } from '../clock.ts';
import type { Disk } from '../disk/disk.ts';
import { type Disposable, Emitter, type Event } from '../events.ts';
import { messageOf } from '../issue/issueErrors.ts';
import type { Logger } from '../logger.ts';
import { isInsideFolder, isSamePath, pathKey } from '../paths.ts';
import { storeFolder } from '../storage/storeFolders.ts';
import { Retry } from './retry.ts';

/** How long chokidar may take to get ready, in milliseconds. It takes a few; a folder of a network that hangs could take for ever. */
const READY_MS = 10_000;

/** Where to look. Without a name: anywhere in the store. */
export type WatchHint = { readonly completed: boolean; readonly name: string } | 'everything';

export type WatcherState = 'starting' | 'watching' | 'failed';

/** What the store needs of a watcher; tests put their own in its place. */
export interface StoreWatcher extends Disposable {
  readonly state: WatcherState;
  /** Why it failed, for people; undefined while it has not. */
  readonly failure: string | undefined;
  readonly onHint: Event<WatchHint>;
  /** Something has happened in a folder where the store might be instead. */
  readonly onElsewhere: Event<void>;
  readonly onDidChangeState: Event<void>;
  /**
   * Resolves when changes are noticed, or when it is clear that they will not be. Never rejects, and hints at nothing that
   * happened before: whoever starts it looks at everything afterwards.
   */
  start(): Promise<void>;
  /** Watches anew now, instead of when it would try again. Never rejects; whether it helped is its state. */
  retry(): Promise<void>;
  /** Watches anew if a folder has become another one and nothing told of it, as where a link leads elsewhere. Never rejects. */
  recheck(): Promise<void>;
}

export interface FolderWatcherOptions {
  /** Absolute path of an existing folder that the store lies in, at whatever depth. */
  readonly root: string;
  /** Absolute path of the store, which may be missing. */
  readonly store: string;
  /** Other folders, existing or not, whose coming and going matters: where the store might be instead. */
  readonly alternatives?: readonly string[];
  readonly disk: Disk;
  readonly schedule: Schedule;
  readonly logger: Logger;
}

/**
 * Watches the two folders of a store, and those on the way to them, with chokidar.
 *
 * It watches the folders and never their files, and takes from chokidar only its raw events, which name a file and say
 * nothing reliable about it: file by file, chokidar loses most events of a burst and costs time in proportion to the
 * folder for each atomic save. A raw event is undocumented territory, so this is the only place that knows of it, and the
 * version of chokidar is pinned.
 *
 * A folder that is removed, made anew or swapped for another is lost to chokidar 6. Whenever that may have happened the
 * watching starts anew, with a hint to look at everything after it.
 */
export class FolderWatcher implements StoreWatcher {
  readonly #options: FolderWatcherOptions;
  /** Every folder from the root to the store's two, whether it exists or not. */
  readonly #path: ReadonlySet<string>;
  /** The same, for those who may spell them otherwise. */
  readonly #pathKeys: ReadonlySet<string>;
  readonly #completeFolder: string;
  /** Loaded when there is something to watch, while others find out what was known of it: the first rows do not need it. */
  readonly #library = import('./folderOnlyWatcher.ts');
  readonly #hint: Emitter<WatchHint>;
  readonly #elsewhere: Emitter<void>;
  readonly #stateChange: Emitter<void>;
  #watcher: FSWatcher | undefined;
  /** Which folders are watched. */
  #watched = '';
  #state: WatcherState = 'starting';
  #failure: string | undefined;
  #restart: Promise<void> | undefined;
  #restartAgain = false;
  readonly #retry: Retry;
  #onClose: () => void = () => undefined;
  #isStarted = false;
  #disposed = false;

  constructor(options: FolderWatcherOptions) {
    this.#options = options;
    // Who starts the watcher is told. Until then nobody waits for it.
    this.#library.catch(() => undefined);
    const onError = (error: unknown) => options.logger.error(String(error));
    this.#hint = new Emitter(onError);
    this.#elsewhere = new Emitter(onError);
    this.#stateChange = new Emitter(onError);
    this.#completeFolder = storeFolder(options.store, true);
    const ends = [options.store, this.#completeFolder, ...(options.alternatives ?? [])];
    this.#path = new Set(ends.flatMap((end) => foldersBetween(options.root, end)));
    this.#pathKeys = new Set([...this.#path].map((folder) => pathKey(folder)));
    this.#retry = new Retry(options.schedule, () => void this.#startAnew());
  }

  get state(): WatcherState {
    return this.#state;
  }

  get failure(): string | undefined {
    return this.#failure;
  }

  get onHint(): Event<WatchHint> {
    return this.#hint.event;
  }

  get onElsewhere(): Event<void> {
    return this.#elsewhere.event;
  }

  get onDidChangeState(): Event<void> {
    return this.#stateChange.event;
  }

  async start(): Promise<void> {
    await this.#startAnew();
    this.#isStarted = true;
  }

  retry(): Promise<void> {
    return this.#startAnew();
  }

  async recheck(): Promise<void> {
    if (this.#state === 'watching' && this.#restart === undefined && stampOf(await this.#existing()) !== this.#watched) {
      void this.#startAnew();
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

  /** One start at a time, and one more if folders changed while it was under way. */
  #startAnew(): Promise<void> {
    if (this.#restart !== undefined) {
      this.#restartAgain = true;
      return this.#restart;
    }
    const run = async () => {
      do {
        this.#restartAgain = false;
        await this.#watch();
      } while (this.#restartAgain && !this.#disposed);
      this.#restart = undefined;
    };
    this.#restart = run();
    return this.#restart;
  }

  async #watch(): Promise<void> {
    try {
      // Watchers of one path share a handle, and a folder that was swapped for another leaves it with the old one: so let go first.
      await this.#close();
      const [{ FolderOnlyWatcher }, existing] = await Promise.all([this.#library, this.#existing()]);
      if (this.#disposed) {
        return;
      }
      const watcher = new FolderOnlyWatcher(this.#path);
      await this.#untilReady(watcher.add(this.#toWatch(existing)));
      // One that came before the folder above it was watched has been announced by nobody.
      this.#watched = stampOf(await this.#existing());
      this.#restartAgain ||= this.#watched !== stampOf(existing);
    } catch (error) {
      this.#fail(error);
      return;
    }
    if (!this.#disposed) {
      this.#retry.succeeded();
      this.#setState('watching', undefined);
      // What happened between two watchers was seen by neither.
      this.#hintAtEverything();
    }
  }

  /** The folders that exist, each with what tells it from another one that has its name later. What cannot be looked at is not there. */
  async #existing(): Promise<Map<string, string>> {
    const found = await Promise.all(
      [...this.#path].map(async (folder): Promise<[string, string][]> => {
        const stat = await this.#options.disk.stat(folder, { followLinks: true }).catch(() => undefined);
        return stat?.kind === 'folder' ? [[folder, `${stat.dev}:${stat.ino}`]] : [];
      }),
    );
    return new Map(found.flat());
  }

  /** Those that exist, and the first of each way in any case: chokidar waits for a missing one from the folder above it. */
  #toWatch(existing: ReadonlyMap<string, string>): string[] {
    return [...this.#path].filter((folder) => existing.has(folder) || !this.#path.has(dirname(folder)));
  }

  /** Takes hold of the watcher at once; resolves when it watches or was closed, rejects when it cannot watch or takes too long. */
  #untilReady(watcher: FSWatcher): Promise<void> {
    this.#watcher = watcher;
    watcher.on('raw', (event, name, details: unknown) => this.#onRaw(event, name, details));
    watcher.on('addDir', () => void this.#startAnew());
    watcher.on('unlinkDir', () => void this.#startAnew());
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
    const folder = this.#folderOf(details);
    if (folder === undefined || name === null) {
      // Anything may have happened, to the folders themselves, too. Everything is looked at afterwards.
      void this.#startAnew();
      return;
    }
    // Only the root of a file system ends with the separator.
    const path = folder.endsWith(sep) ? folder + name : folder + sep + name;
    // A folder's own name inside itself is how the system says that it was removed.
    if (this.#pathKeys.has(pathKey(path)) || (event === 'rename' && folder.endsWith(sep + name))) {
      // Now as well as afterwards: what moved into a folder that is new is to be seen together with where it is gone from.
      this.#hintAtEverything();
      void this.#startAnew();
      return;
    }
    const completed = folder === this.#completeFolder;
    if (completed || folder === this.#options.store) {
      this.#hint.fire({ completed, name });
    } else if (this.#options.alternatives?.includes(folder)) {
      this.#elsewhere.fire();
    }
  }

  /** The folder that a raw event comes from, spelled as the system does. A batch of our own is thousands of them, so nothing is made anew for each. */
  #folderOf(details: unknown): string | undefined {
    if (typeof details !== 'object' || details === null || !('watchedPath' in details) || typeof details.watchedPath !== 'string') {
      return undefined;
    }
    return this.#path.has(details.watchedPath) ? details.watchedPath : normalize(details.watchedPath);
  }

  /** A watcher that had an error may or may not go on, so it is taken for dead. */
  #fail(error: unknown): void {
    void this.#close();
    if (this.#disposed) {
      return;
    }
    const reason = messageOf(error);
    this.#options.logger.warn(`Watching ${this.#options.store} failed: ${reason}`);
    this.#setState('failed', reason);
    this.#hintAtEverything();
    this.#retry.failed();
  }

  #hintAtEverything(): void {
    if (this.#isStarted) {
      this.#hint.fire('everything');
    }
  }

  #setState(state: WatcherState, failure: string | undefined): void {
    if (state !== this.#state || failure !== this.#failure) {
      this.#state = state;
      this.#failure = failure;
      this.#stateChange.fire();
    }
  }

  /** Nothing is heard of the watcher any more, from the very moment of the call. */
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

function stampOf(existing: ReadonlyMap<string, string>): string {
  return [...existing].flat().join('\0');
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
