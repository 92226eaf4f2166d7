import { NodeDisk } from '../../src/core/disk/nodeDisk.ts';
import { IssueStore } from '../../src/core/store/issueStore.ts';
import type { IssueStoreOptions, StoreSettings } from '../../src/core/store/storeOptions.ts';
import type { FolderWatcherOptions } from '../../src/core/sync/folderWatcher.ts';
import { FakeWatcher } from '../../test/unit/support/fakeWatcher.ts';
import { storeOf, type Workspace } from '../sampleStore.ts';

/** The extension's defaults. */
const SETTINGS: StoreSettings = { ttl: 300_000, maxSize: 1000, coalescingWindow: 50 };

/** A store must not go wrong without a word while it is measured. */
const logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: (message: string) => fail(message),
  error: (error: unknown) => fail(error),
};

function fail(error: unknown): never {
  throw error instanceof Error ? error : new Error(String(error));
}

/** `indexFolder`: where the store keeps its index, if it keeps one. */
type MoreOptions = Partial<IssueStoreOptions> & { readonly indexFolder?: string | undefined };

export function newStore(workspace: Workspace, settings: Partial<StoreSettings> = {}, options: MoreOptions = {}): IssueStore {
  return new IssueStore({ ...storeOf(workspace), settings: { ...SETTINGS, ...settings }, logger, disk: new NodeDisk(), ...options });
}

/** A store that hears of nothing, so that it changes only when it is told to look. */
export function silentWatch(options: FolderWatcherOptions): FakeWatcher {
  return new FakeWatcher(options);
}

/** A store for a plan, opened by {@link open} before it is first used. */
export class StoreUnderTest {
  readonly #make: () => IssueStore;
  #store: IssueStore | undefined;

  constructor(make: () => IssueStore) {
    this.#make = make;
  }

  get store(): IssueStore {
    if (this.#store === undefined) {
      throw new Error('The store is used before it is open.');
    }
    return this.#store;
  }

  /** Waits for the watcher and for the look that follows its start, too, so that neither is measured with what comes next. */
  readonly open = async (): Promise<void> => {
    const store = this.#make();
    this.#store = store;
    await store.open();
    await new Promise<void>((resolve) => {
      const listener = store.onDidChangeState(check);
      function check(): void {
        if (store.snapshot().watcher !== 'starting') {
          listener.dispose();
          resolve();
        }
      }
      check();
    });
    await store.refresh();
  };

  readonly dispose = (): void => this.#store?.dispose();
}
