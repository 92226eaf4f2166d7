import type { Disposable } from '../events.ts';
import type { FolderWatcherOptions, StoreWatcher, WatcherState, WatchHint } from './folderWatcher.ts';
import { QuietTime, type QuietTimePorts } from './quietTime.ts';

export interface StoreWatchingOptions extends QuietTimePorts {
  readonly watch: (options: FolderWatcherOptions) => StoreWatcher;
  readonly onHint: (hint: WatchHint) => void;
  /** Something has happened where the store might be instead. */
  readonly onElsewhere: () => void;
  readonly onDidChangeState: () => void;
}

/** Watches one place at a time, or none. */
export class StoreWatching implements Disposable {
  readonly #options: StoreWatchingOptions;
  /** Whether nothing happens there, nor where the store might be instead. */
  readonly quiet: QuietTime;
  #watcher: StoreWatcher | undefined;

  constructor(options: StoreWatchingOptions) {
    this.#options = options;
    this.quiet = new QuietTime(options);
  }

  /** False while no place is watched, because there is none or it is not to be read. */
  get isOn(): boolean {
    return this.#watcher !== undefined;
  }

  get state(): WatcherState {
    return this.#watcher?.state ?? 'starting';
  }

  /** Why the watcher failed, for people; undefined while it has not. */
  get failure(): string | undefined {
    return this.#watcher?.failure;
  }

  /** Replaces the watcher. The new one is not started yet. */
  begin(place: FolderWatcherOptions): StoreWatcher {
    this.end();
    const watcher = this.#options.watch(place);
    const { onHint, onElsewhere, onDidChangeState } = this.#options;
    watcher.onHint((hint) => {
      this.quiet.disturbed();
      onHint(hint);
    });
    watcher.onElsewhere(() => {
      this.quiet.disturbed();
      onElsewhere();
    });
    watcher.onDidChangeState(onDidChangeState);
    this.#watcher = watcher;
    return watcher;
  }

  end(): void {
    this.#watcher?.dispose();
    this.#watcher = undefined;
  }

  async retry(): Promise<void> {
    await this.#watcher?.retry();
  }

  async recheck(): Promise<void> {
    await this.#watcher?.recheck();
  }

  dispose(): void {
    this.quiet.dispose();
    this.end();
  }
}
