import { IndexKeeper } from '../catalogue/indexKeeper.ts';
import { IssueCatalogue, type IssueChange } from '../catalogue/issueCatalogue.ts';
import { systemClock, systemSchedule } from '../clock.ts';
import type { Disposable, Event } from '../events.ts';
import { type Leftovers, removeLeftovers } from '../health/leftovers.ts';
import type { Issue, IssueRef, IssueSummary } from '../issue/issue.ts';
import type { MetricsSample, MetricsSnapshot, StoreSnapshot } from '../metrics/metricsSnapshot.ts';
import { FileSystemIssueStorage } from '../storage/fileSystemIssueStorage.ts';
import { BatchIssueStorage } from '../storage/issueStorage.ts';
import type { IssueEdit, IssueStoragePort, WriteOptions, WriteResult } from '../storage/issueStoragePort.ts';
import { PartlyDoneError } from '../storage/partlyDoneError.ts';
import type { StoreFailure, StoreState, Verification } from '../sync/storeStatus.ts';
import { StoreSync } from '../sync/storeSync.ts';
import { StoreEvents } from './storeEvents.ts';
import { StoreLocator } from './storeLocator.ts';
import { NO_CACHE, StoreMeters } from './storeMeters.ts';
import type { IssueStoreOptions, StoreSettings } from './storeOptions.ts';
import { composeStack, type StoreStack } from './storeStack.ts';

/**
 * The issues of one workspace folder: the only door to them, and always as current as the disk within one coalescing window.
 *
 * It puts the stack together (meter, catalogue, cache, meter, files), watches the files, and says what changed, whoever
 * changed it, in one event for what belongs together. Own writes are known by what they left on the disk, so the watcher's
 * echo of them is no second change.
 */
export class IssueStore implements IssueStoragePort, Disposable {
  readonly root: string;
  readonly catalogue = new IssueCatalogue();
  readonly #options: Required<Pick<IssueStoreOptions, 'clock'>> & IssueStoreOptions;
  readonly #meters: StoreMeters;
  readonly #locator: StoreLocator;
  readonly #sync: StoreSync;
  readonly #indexKeeper: IndexKeeper;
  readonly #events: StoreEvents;
  #settings: StoreSettings;
  #stack: StoreStack | undefined;
  #opening: Promise<void> | undefined;

  constructor(options: IssueStoreOptions) {
    const { root, settings, logger, clock = systemClock, schedule = systemSchedule, disk } = options;
    this.#options = { ...options, clock };
    this.root = root;
    this.#settings = settings;
    const catalogue = this.catalogue;
    this.#locator = new StoreLocator({ root, disk, settings: () => this.#settings, surroundings: options.surroundings });
    this.#meters = new StoreMeters(() => this.#stack?.cached.cacheStats() ?? { ...NO_CACHE, maxSize: this.#settings.maxSize }, clock);
    this.#sync = new StoreSync({
      ...{ root, catalogue, location: this.#locator, disk, logger, clock, schedule, watch: options.watch },
      windowMs: () => this.#settings.coalescingWindow,
      onDidMove: (folder) => this.#compose(folder),
      invalidate: (keys) => this.#stack?.cached.invalidate(keys),
      loadIndex: (signal) => this.#indexKeeper.load(() => this.#events.publishWhileLoading(), signal),
      publish: () => this.#events.publish(),
      publishProgress: () => this.#events.publishWhileLoading(),
      onDidChangeWatcher: () => this.#events.didChangeState.fire(),
      onDidReconcile: (milliseconds) => this.#meters.inner.recordOperation('list', milliseconds * 1000),
    });
    this.#indexKeeper = new IndexKeeper({
      ...{ schedule, logger, folder: options.indexFolder, writer: options.indexWriter, catalogue },
      store: () => this.#stack?.folder,
    });
    this.#events = new StoreEvents({
      ...{ catalogue, condition: this.#sync.status, clock },
      onError: (error) => logger.error(error instanceof Error ? error : String(error)),
      beforeChange: () => this.#indexKeeper.changed(),
    });
  }

  /** What came, went or changed, after the catalogue knows of it. */
  get onDidChange(): Event<IssueChange> {
    return this.#events.didChange.event;
  }

  /** The state or that of the watcher may have changed. */
  get onDidChangeState(): Event<void> {
    return this.#events.didChangeState.event;
  }

  get state(): StoreState {
    return this.#sync.status.state;
  }

  /** Why the store, as it is now, cannot be read; undefined while it can. */
  get failure(): StoreFailure | undefined {
    return this.#sync.status.failure;
  }

  /** Absolute path of the store's folder, existing or not; undefined until it is located, and while the setting for it is bad. */
  get folder(): string | undefined {
    return this.#stack?.folder;
  }

  /** Where an issue has its file, and where a file lies in the store's folder: see {@link StoreLocator}. */
  readonly filePathOf: StoreLocator['filePathOf'] = (issue) => this.#locator.filePathOf(issue);
  readonly pathOf: StoreLocator['pathOf'] = (filePath) => this.#locator.pathOf(filePath);

  /** Why changes on the disk are not noticed by themselves; undefined while they are. */
  get watchFailure(): string | undefined {
    return this.#sync.watchFailure;
  }

  /** Tries now to watch again; {@link watchFailure} says whether it helped. */
  async retryWatching(): Promise<void> {
    await this.#sync.retryWatching();
  }

  /**
   * Locates the store and reads it; then it begins to be watched. The catalogue fills meanwhile, and change events tell of it. To be
   * called once; may be disposed meanwhile. Never rejects: {@link failure} says what has kept it from that, and it is tried again.
   */
  open(): Promise<void> {
    this.#opening = this.#sync.open();
    return this.#opening;
  }

  /** Takes over changed settings. Changing what the cache is made of begins with an empty one. */
  async configure(settings: StoreSettings): Promise<void> {
    const before = this.#settings;
    this.#settings = settings;
    if (before.folder !== settings.folder || before.confined !== settings.confined) {
      await this.#sync.relocate();
    } else if (before.ttl !== settings.ttl || before.maxSize !== settings.maxSize) {
      await this.#sync.gate.alone(async () => this.#compose(this.#stack?.folder));
    }
  }

  /**
   * Compares everything with the disk now, instead of waiting for the watcher to say where to look. Whoever asks while that is under way
   * shares one more comparison after it. Never rejects.
   */
  refresh(): Promise<void> {
    return this.#sync.refresh();
  }

  /** As {@link refresh}, but reads every file, whatever its stat says, and reports. Rejects if the store cannot be read. */
  verify(): Promise<Verification> {
    return this.#sync.verify();
  }

  /** Saves what the next session begins with, which also happens by itself some seconds after a change. Never rejects. */
  readonly saveIndex = (): Promise<void> => this.#indexKeeper.save();

  readonly searchTexts: StoreStack['searchTexts'] = (query, options) =>
    this.#stack === undefined ? Promise.resolve(true) : this.#readable().then((stack) => stack.searchTexts(query, options));

  readonly strayFiles: StoreStack['strayFiles'] = (limit) =>
    this.#stack === undefined ? Promise.resolve([]) : this.#readable().then((stack) => stack.strayFiles(limit));

  /** Takes away what crashes have left behind, see {@link removeLeftovers}. */
  async removeLeftovers(): Promise<Leftovers> {
    const { folder } = this.#placed();
    await this.#locator.mustAllow(folder, 'write');
    return removeLeftovers(this.#options.disk, folder, this.#options.clock.epoch());
  }

  clearCache(): void {
    this.#stack?.cached.clearCache();
  }

  /** Sets all counters and the history to nothing. */
  resetMetrics(): void {
    this.#meters.reset();
    this.#sync.resetFigures();
    this.#stack?.cached.resetCacheStats();
  }

  snapshot(): StoreSnapshot {
    return {
      ...this.#meters.figures(),
      activeIssues: this.catalogue.active.length,
      completedIssues: this.catalogue.completed.length,
      watcher: this.#sync.watcherState,
      coherence: this.#sync.figures(),
    };
  }

  /** The operations of each caller of {@link for}, by its name. */
  callers(): Readonly<Record<string, MetricsSnapshot>> {
    return this.#meters.callers();
  }

  /** Takes one sample for the history; undefined before the store is located. To be called once a second, by one caller. */
  sample(): MetricsSample | undefined {
    return this.#stack && this.#meters.sample();
  }

  /** The samples of the last minutes, oldest first. */
  history(): readonly MetricsSample[] {
    return this.#meters.history();
  }

  dispose(): void {
    for (const part of [this.#sync, this.#indexKeeper, this.#events]) {
      part.dispose();
    }
  }

  /** Puts a stack together over this folder. The meters outlive it. To be called while nothing else is under way. */
  #compose(folder: string | undefined): void {
    if (folder === undefined) {
      this.#stack = undefined;
      return;
    }
    const { disk, clock, discard, editors } = this.#options;
    const { ttl, maxSize } = this.#settings;
    const { outer, inner } = this.#meters;
    this.#stack = composeStack({
      ...{ folder, ttl, maxSize, catalogue: this.catalogue, outer, inner, disk, clock, discard, editors },
      isWatched: () => this.#sync.watcherState === 'watching',
      isLoaded: () => this.#sync.status.isLoaded,
    });
  }

  async getIssue(ref: IssueRef): Promise<Issue> {
    return (await this.#readable()).storage.getIssue(ref);
  }

  async getIssues(refs: readonly IssueRef[]): Promise<Issue[]> {
    return (await this.#readable()).storage.getIssues(refs);
  }

  async listIssues(): Promise<Issue[]> {
    return (await this.#readable()).storage.listIssues();
  }

  /** Waits until the store has been read whole. */
  async listSummaries(): Promise<IssueSummary[]> {
    await this.#opening;
    return (await this.#readable()).storage.listSummaries();
  }

  /** What it changes is told of by {@link onDidChange} when the last of the writes under way is done. */
  async write(edits: readonly IssueEdit[], options?: WriteOptions): Promise<WriteResult> {
    try {
      return await this.#sync.gate.write(() => this.#write(edits, options));
    } finally {
      if (!this.#sync.gate.isWriting) {
        this.#events.publish();
      }
    }
  }

  /** The operations of this store for one feature or agent, whose share in all operations {@link callers} tells. */
  for(caller: string): BatchIssueStorage {
    return new BatchIssueStorage(this.#meters.meteredFor(caller, this));
  }

  async #readable(): Promise<StoreStack> {
    const stack = this.#placed();
    await this.#locator.mustAllow(stack.folder, 'read');
    return stack;
  }

  async #write(edits: readonly IssueEdit[], options: WriteOptions | undefined): Promise<WriteResult> {
    const { folder, storage } = this.#placeOf(edits);
    await this.#locator.mustAllow(folder, 'write');
    try {
      const result = await storage.write(edits, options);
      this.#sync.wrote(folder, result.changes);
      return result;
    } catch (error) {
      this.#sync.wrote(folder, error instanceof PartlyDoneError ? error.changes : []);
      throw error;
    }
  }

  /** An undo goes where its edit was made, though the store may be elsewhere by now. */
  #placeOf(edits: readonly IssueEdit[]): Pick<StoreStack, 'folder' | 'storage'> {
    const restored = edits.find((edit) => edit.kind === 'restore')?.store;
    if (restored === undefined || restored === this.#stack?.folder) {
      return this.#placed();
    }
    return { folder: restored, storage: new FileSystemIssueStorage({ ...this.#options, folder: restored }) };
  }

  #placed(): StoreStack {
    if (this.#stack === undefined) {
      throw this.#sync.status.error ?? new Error('The issue store is used before it is open.');
    }
    return this.#stack;
  }
}
