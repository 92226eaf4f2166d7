import { Emitter } from '../../../src/core/events.ts';
import type { FolderWatcherOptions, StoreWatcher, WatcherState, WatchHint } from '../../../src/core/sync/folderWatcher.ts';

/** A watcher that notices nothing but what a test tells it to say. */
export class FakeWatcher implements StoreWatcher {
  readonly options: FolderWatcherOptions;
  readonly #hint = new Emitter<WatchHint>(rethrow);
  readonly #elsewhere = new Emitter<void>(rethrow);
  readonly #stateChange = new Emitter<void>(rethrow);
  #state: WatcherState = 'starting';
  #failure: string | undefined;
  isDisposed = false;
  retries = 0;
  rechecks = 0;

  constructor(options: FolderWatcherOptions) {
    this.options = options;
  }

  get state(): WatcherState {
    return this.#state;
  }

  get failure(): string | undefined {
    return this.#failure;
  }

  get onHint() {
    return this.#hint.event;
  }

  get onElsewhere() {
    return this.#elsewhere.event;
  }

  get onDidChangeState() {
    return this.#stateChange.event;
  }

  async start(): Promise<void> {
    this.#state = 'watching';
  }

  async retry(): Promise<void> {
    this.retries++;
  }

  async recheck(): Promise<void> {
    this.rechecks++;
  }

  hint(hint: WatchHint): void {
    this.#hint.fire(hint);
  }

  hintElsewhere(): void {
    this.#elsewhere.fire();
  }

  fail(reason: string): void {
    this.#state = 'failed';
    this.#failure = reason;
    this.#stateChange.fire();
  }

  dispose(): void {
    this.isDisposed = true;
  }
}

function rethrow(error: unknown): never {
  throw error;
}
