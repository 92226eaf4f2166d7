import { homedir } from 'node:os';
import { resolve } from 'node:path';
import type { Schedule } from '../clock.ts';
import type { Disk } from '../disk/disk.ts';
import { type Disposable, Emitter, type Event } from '../events.ts';
import { FolderRules } from '../formats/folderRules.ts';
import type { Logger } from '../logger.ts';
import { pathKey } from '../paths.ts';
import { FolderWatcher, type FolderWatcherOptions, type StoreWatcher } from '../sync/folderWatcher.ts';
import { TrailingRun } from '../sync/trailingRun.ts';
import type { FoundStore, StoreEntry } from './storeEntries.ts';
import type { Surroundings } from './storeOptions.ts';
import { WorkspaceProbe } from './workspaceProbe.ts';

/** How long hints are gathered before it looks again, in milliseconds. */
const WINDOW_MS = 200;
/** A store that is not found any more is given up if it is not found this much later either: programs replace a marker in two steps. */
const CONFIRM_MS = 1_000;

export interface FinderSettings {
  readonly stores: readonly StoreEntry[];
  /** Ids of formats whose stores are not found by their markers. */
  readonly ignoredFormats: readonly string[];
}

export interface StoreFinderOptions {
  /** Absolute path of the workspace folder. */
  readonly root: string;
  readonly disk: Disk;
  readonly settings: FinderSettings;
  readonly schedule: Schedule;
  readonly logger: Logger;
  readonly surroundings?: Surroundings | undefined;
  readonly watch?: ((options: FolderWatcherOptions) => StoreWatcher) | undefined;
}

/** Finds the stores of a workspace folder, and follows their coming and going. */
export class StoreFinder implements Disposable {
  readonly #options: StoreFinderOptions;
  readonly #didLook: Emitter<void>;
  readonly #looking = new TrailingRun(() => this.#look());
  #settings: FinderSettings;
  /** The settings of the last look. */
  #lookedWith: FinderSettings;
  #stores: ReadonlyMap<string, FoundStore> = new Map();
  #problems: readonly string[] = [];
  #watched: readonly string[] = [];
  #watcher: StoreWatcher | undefined;
  #timer: Disposable | undefined;
  #isConfirming = false;
  #disposed = false;

  constructor(options: StoreFinderOptions) {
    this.#options = options;
    this.#settings = options.settings;
    this.#lookedWith = options.settings;
    this.#didLook = new Emitter((error) => options.logger.error(String(error)));
  }

  /** In the order of the setting, those that markers show in the order of the formats. Each object stays as long as its store does. */
  get stores(): readonly FoundStore[] {
    return [...this.#stores.values()];
  }

  /** Fires after each look, whether {@link stores} has changed or not: something else has changed where it looks. */
  get onDidLook(): Event<void> {
    return this.#didLook.event;
  }

  /** Looks now. Never rejects. */
  refresh(): Promise<void> {
    return this.#looking.request();
  }

  /** Takes other settings and looks. */
  configure(settings: FinderSettings): Promise<void> {
    this.#settings = settings;
    return this.refresh();
  }

  dispose(): void {
    this.#disposed = true;
    this.#timer?.dispose();
    this.#watcher?.dispose();
    this.#didLook.dispose();
  }

  async #look(): Promise<void> {
    const probe = new WorkspaceProbe(this.#options.disk, this.#options.root);
    const settings = this.#settings;
    const { stores, problems } = await this.#find(probe, settings);
    if (this.#disposed) {
      return;
    }
    this.#watch(probe.folders);
    const folders = new Set(Array.from(stores.values(), (store) => this.#folderOf(store)));
    const kept = [...this.#stores].filter(([key, store]) => stores.has(key) || !folders.has(this.#folderOf(store)));
    // What a setting takes away is not about to come back.
    this.#isConfirming = kept.some(([key]) => !stores.has(key)) && !this.#isConfirming && settings === this.#lookedWith;
    this.#lookedWith = settings;
    if (this.#isConfirming) {
      this.#lookIn(CONFIRM_MS);
    }
    this.#take(this.#isConfirming ? new Map([...kept, ...stores]) : stores, problems);
    this.#didLook.fire();
  }

  #take(stores: ReadonlyMap<string, FoundStore>, problems: readonly string[]): void {
    for (const problem of problems.filter((each) => !this.#problems.includes(each))) {
      this.#options.logger.warn(`An entry of the setting “markdownIssues.stores” is left out. ${problem}`);
    }
    this.#stores = new Map(Array.from(stores, ([key, store]) => [key, this.#stores.get(key) ?? store]));
    this.#problems = problems;
  }

  async #find(
    probe: WorkspaceProbe,
    { stores: entries, ignoredFormats }: FinderSettings,
  ): Promise<{ stores: Map<string, FoundStore>; problems: string[] }> {
    const { root, disk, surroundings = { home: homedir(), environment: process.env } } = this.#options;
    const stores = new Map<string, FoundStore>();
    const problems: string[] = [];
    const folders = new Set<string>();
    const take = (store: FoundStore) => {
      const folder = this.#folderOf(store);
      // Whoever names a folder first, in the order of the setting, decides what it is.
      if (!folders.has(folder)) {
        folders.add(folder);
        stores.set(keyOf(store), store);
      }
    };
    if (entries.length === 0) {
      return { stores, problems };
    }
    // The formats are loaded when they are needed: behind the first rows of the usual store.
    const { detectStores, tryNamedStore } = await import('./storeEntries.ts');
    const detected = await detectStores(probe, new Set(ignoredFormats));
    for (const entry of entries) {
      if (entry === 'auto') {
        detected.forEach(take);
        continue;
      }
      const store = await tryNamedStore(entry, { root, disk, surroundings, detected });
      if (typeof store === 'string') {
        problems.push(store);
      } else {
        take(store);
      }
    }
    return { stores, problems };
  }

  #folderOf({ place }: FoundStore): string {
    return place === undefined ? '' : pathKey(resolve(this.#options.root, place.folder));
  }

  #watch(paths: readonly string[]): void {
    if (isSameList(paths, this.#watched)) {
      return;
    }
    const { root, disk, schedule, logger, watch = (options) => new FolderWatcher(options) } = this.#options;
    this.#watched = paths;
    this.#watcher?.dispose();
    this.#watcher = undefined;
    if (paths.length === 0) {
      return;
    }
    const folders = new FolderRules(paths.map((path) => ({ path, depth: 0 })));
    this.#watcher = watch({ root, store: root, folders, disk, schedule, logger });
    this.#watcher.onHint(() => this.#lookIn(WINDOW_MS));
    void this.#watcher.start();
  }

  #lookIn(milliseconds: number): void {
    if (this.#timer === undefined && !this.#disposed) {
      this.#timer = this.#options.schedule(milliseconds, () => {
        this.#timer = undefined;
        void this.refresh();
      });
    }
  }
}

function keyOf({ format, place, label = '' }: FoundStore): string {
  return JSON.stringify([format.id, place?.folder, place?.config, place?.only?.glob, label]);
}

function isSameList(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((each, index) => each === b[index]);
}
