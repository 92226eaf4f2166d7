import { basename, dirname, join, relative, sep } from 'node:path';
import { type FSWatcher, watch } from 'chokidar';
import type { Schedule } from '../clock.ts';
import { type Disposable, Emitter, type Event } from '../events.ts';
import type { Logger } from '../logger.ts';
import type { Disk } from '../storage/disk.ts';
import { storeFolder } from '../storage/storeFolders.ts';

/** Where to look. Without a name: anywhere in the store. */
export type WatchHint = { readonly completed: boolean; readonly name: string } | 'everything';

export type WatcherState = 'starting' | 'watching' | 'failed';

/** What the store needs of a watcher; tests put their own in its place. */
export interface StoreWatcher extends Disposable {
  readonly state: WatcherState;
  /** Why it failed, for people; undefined while it has not. */
  readonly failure: string | undefined;
  readonly onHint: Event<WatchHint>;
  readonly onDidChangeState: Event<void>;
  /**
   * Resolves when changes are noticed, or when it is clear that they will not be. Never rejects, and hints at nothing that
   * happened before: whoever starts it looks at everything afterwards.
   */
  start(): Promise<void>;
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

const FIRST_RETRY_MS = 5_000;
const LAST_RETRY_MS = 300_000;

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
  readonly #hint: Emitter<WatchHint>;
  readonly #stateChange: Emitter<void>;
  #watcher: FSWatcher | undefined;
  #state: WatcherState = 'starting';
  #failure: string | undefined;
  #restart: Promise<void> | undefined;
  #restartAgain = false;
  #retryMs = FIRST_RETRY_MS;
  #retry: Disposable | undefined;
  #isStarted = false;
  #disposed = false;

  constructor(options: FolderWatcherOptions) {
    this.#options = options;
    const onError = (error: unknown) => options.logger.error(String(error));
    this.#hint = new Emitter(onError);
    this.#stateChange = new Emitter(onError);
    const ends = [options.store, storeFolder(options.store, true), ...(options.alternatives ?? [])];
    this.#path = new Set(ends.flatMap((end) => foldersBetween(options.root, end)));
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

  get onDidChangeState(): Event<void> {
    return this.#stateChange.event;
  }

  async start(): Promise<void> {
    await this.#startAnew();
    this.#isStarted = true;
  }

  dispose(): void {
    this.#disposed = true;
    this.#retry?.dispose();
    this.#hint.dispose();
    this.#stateChange.dispose();
    this.#close(this.#watcher);
    this.#watcher = undefined;
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
      const folders = await this.#existingFolders();
      if (this.#disposed) {
        return;
      }
      const watcher = watch(folders, {
        depth: 0,
        ignoreInitial: true,
        // Everything but the folders themselves: chokidar then neither lists nor stats the files in them.
        ignored: (path) => !this.#path.has(path),
      });
      watcher.on('raw', (event, name, details: unknown) => this.#onRaw(watcher, event, name, details));
      watcher.on('addDir', () => this.#onFolder(watcher));
      watcher.on('unlinkDir', () => this.#onFolder(watcher));
      watcher.on('error', (error) => this.#fail(error));
      await new Promise<void>((resolve) => watcher.once('ready', () => resolve()));
      this.#replace(watcher);
    } catch (error) {
      this.#fail(error);
    }
  }

  async #existingFolders(): Promise<string[]> {
    const folders = [...this.#path];
    const stats = await Promise.all(folders.map((folder) => this.#options.disk.list(folder).then((entries) => entries !== undefined)));
    return folders.filter((_, index) => stats[index]);
  }

  #replace(watcher: FSWatcher): void {
    this.#close(this.#watcher);
    this.#watcher = undefined;
    if (this.#disposed) {
      this.#close(watcher);
      return;
    }
    this.#watcher = watcher;
    this.#retryMs = FIRST_RETRY_MS;
    this.#setState('watching', undefined);
    // What happened between two watchers was seen by neither.
    this.#hintAtEverything();
  }

  #onRaw(watcher: FSWatcher, event: string, name: string | null, details: unknown): void {
    if (this.#disposed) {
      return;
    }
    const folder = watchedPath(details);
    if (folder === undefined || name === null) {
      this.#hint.fire('everything');
      return;
    }
    // A folder's own name inside itself is how the system says that it was removed.
    if (this.#path.has(join(folder, name)) || (event === 'rename' && name === basename(folder))) {
      this.#onFolder(watcher);
      return;
    }
    const { store } = this.#options;
    if (folder === store || folder === storeFolder(store, true)) {
      this.#hint.fire({ completed: folder !== store, name });
    }
  }

  #onFolder(watcher: FSWatcher): void {
    if (!this.#disposed && (watcher === this.#watcher || this.#restart !== undefined)) {
      void this.#startAnew();
    }
  }

  #fail(error: unknown): void {
    if (this.#disposed) {
      return;
    }
    const reason = error instanceof Error ? error.message : String(error);
    this.#options.logger.warn(`Watching ${this.#options.store} failed: ${reason}`);
    this.#setState('failed', reason);
    this.#hintAtEverything();
    this.#retry?.dispose();
    this.#retry = this.#options.schedule(this.#retryMs, () => void this.#startAnew());
    this.#retryMs = Math.min(2 * this.#retryMs, LAST_RETRY_MS);
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

  #close(watcher: FSWatcher | undefined): void {
    watcher?.close().catch((error: unknown) => this.#options.logger.warn(`Closing a watcher failed: ${String(error)}`));
  }
}

/** The folders from `root` to `end`, both included; `end` and what is on the way to it alone if it is not inside. */
function foldersBetween(root: string, end: string): string[] {
  const inside = relative(root, end);
  if (inside.startsWith('..')) {
    return [dirname(end), end];
  }
  const folders = [root];
  let folder = root;
  for (const part of inside.split(sep).filter((name) => name !== '')) {
    folder = join(folder, part);
    folders.push(folder);
  }
  return folders;
}

function watchedPath(details: unknown): string | undefined {
  if (typeof details === 'object' && details !== null && 'watchedPath' in details && typeof details.watchedPath === 'string') {
    return details.watchedPath;
  }
  return undefined;
}
