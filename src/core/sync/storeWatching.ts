import type { Disposable } from '../events.ts';
import type { FolderRules } from '../formats/folderRules.ts';
import { FolderWatcher, type StoreWatcher, type WatcherState, type WatchHint } from './folderWatcher.ts';
import type { StorePlacing } from './storePlacing.ts';
import type { StoreSyncOptions } from './storeSyncOptions.ts';

export interface StoreWatchingOptions
  extends Pick<StoreSyncOptions, 'root' | 'disk' | 'logger' | 'schedule' | 'watch' | 'onDidChangeWatcher'> {
  readonly onHint: (hint: WatchHint) => void;
  /** Something has changed at another place where the store could be. */
  readonly onElsewhere: () => void;
}

/** The watcher of the place where a store is: a new one for each place, which is told by itself when to start. */
export class StoreWatching implements Disposable {
  readonly #options: StoreWatchingOptions;
  #watcher: StoreWatcher | undefined;
  #place: readonly [at: StorePlacing, folders: FolderRules] | undefined;
  #isStarted = false;

  constructor(options: StoreWatchingOptions) {
    this.#options = options;
  }

  /** True if there is a place to watch, whether its watcher was started or not. */
  get isOn(): boolean {
    return this.#watcher !== undefined;
  }

  get isStarted(): boolean {
    return this.#isStarted;
  }

  get state(): WatcherState {
    return this.#watcher?.state ?? 'starting';
  }

  /** See {@link StoreWatcher.failure}. */
  get failure(): string | undefined {
    return this.#watcher?.failure;
  }

  async retry(): Promise<void> {
    await this.#watcher?.retry();
  }

  async recheck(): Promise<void> {
    await this.#watcher?.recheck();
  }

  /** Makes ready to watch a place, and ends watching the one before. */
  goTo(at: StorePlacing, folders: FolderRules): void {
    this.dispose();
    const { root, disk, logger, schedule, watch = (watched) => new FolderWatcher(watched) } = this.#options;
    const watcher = watch({ root, store: at.folder, folders, config: at.config, alternatives: at.candidates, disk, schedule, logger });
    watcher.onHint(this.#options.onHint);
    watcher.onElsewhere(this.#options.onElsewhere);
    watcher.onDidChangeState(this.#options.onDidChangeWatcher);
    this.#watcher = watcher;
    this.#place = [at, folders];
  }

  /** Starts to watch, if there is a place and it is not watched yet. */
  start(): void {
    if (this.#watcher !== undefined && !this.#isStarted) {
      this.#isStarted = true;
      void this.#watcher.start();
    }
  }

  /** Watches nothing until it is started again. */
  rest(): void {
    if (this.#isStarted && this.#place !== undefined) {
      this.goTo(...this.#place);
      this.#options.onDidChangeWatcher();
    }
  }

  /** Watches nothing until there is another place. */
  dispose(): void {
    this.#watcher?.dispose();
    this.#watcher = undefined;
    this.#place = undefined;
    this.#isStarted = false;
  }
}
