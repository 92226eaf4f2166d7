import { IndexKeeper } from '../catalogue/indexKeeper.ts';
import { IssueCatalogue, type IssueChange } from '../catalogue/issueCatalogue.ts';
import { systemClock, systemSchedule } from '../clock.ts';
import { NodeDisk } from '../disk/nodeDisk.ts';
import type { Disposable, Event } from '../events.ts';
import type { MetricsSample, StoreSnapshot } from '../metrics/metricsSnapshot.ts';
import type { StorageWrite } from '../storage/steps/issueSteps.ts';
import type { StoreFailure, StoreState, Verification } from '../sync/storeState.ts';
import { StoreSync } from '../sync/storeSync.ts';
import { type Access, GatedIssueStorage } from './gatedIssueStorage.ts';
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
export class IssueStore extends GatedIssueStorage implements Disposable {
  readonly root: string;
  readonly catalogue = new IssueCatalogue();
  readonly #options: Required<Pick<IssueStoreOptions, 'clock' | 'disk'>> & IssueStoreOptions;
  readonly #meters: StoreMeters;
  readonly #locator: StoreLocator;
  readonly #sync: StoreSync;
  readonly #indexKeeper: IndexKeeper;
  readonly #events: StoreEvents;
  #settings: StoreSettings;
  #stack: StoreStack | undefined;
  #opening: Promise<void> | undefined;

  constructor(options: IssueStoreOptions) {
    super();
    const { root, settings, logger, clock = systemClock, schedule = systemSchedule, disk = new NodeDisk() } = options;
    this.#options = { ...options, clock, disk };
    this.root = root;
    this.#settings = settings;
    const catalogue = this.catalogue;
    this.#locator = new StoreLocator({ root, disk, settings: () => this.#settings, surroundings: options.surroundings });
    this.#meters = new StoreMeters(() => this.#stack?.cached.cacheStats() ?? { ...NO_CACHE, maxSize: this.#settings.maxSize }, clock);
    this.#sync = new StoreSync({
      ...{ root, catalogue, location: this.#locator, disk, logger, clock, schedule, watch: options.watch },
      windowMs: () => this.#settings.coalescingWindow,
      onDidMove: (folder) => this.#compose(folder),
      invalidate: (keys, cameOrWent) => this.#stack?.cached.invalidate(keys, cameOrWent),
      loadIndex: (signal) => this.#indexKeeper.load(() => this.#events.publishWhileLoading(), signal),
      publish: () => this.publish(),
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

  /** Where a file lies in the store's folder, see {@link StoreLocator.pathOf}. */
  readonly pathOf: StoreLocator['pathOf'] = (filePath) => this.#locator.pathOf(filePath);

  /** Why changes on the disk are not noticed by themselves; undefined while they are. */
  get watchFailure(): string | undefined {
    return this.#sync.watching.failure;
  }

  /** Tries now to watch again; {@link watchFailure} says whether it helped. */
  async retryWatching(): Promise<void> {
    await this.#sync.watching.retry();
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
      await this.gate.alone(async () => this.#compose(this.#stack?.folder));
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
    this.readIn(this.#stack, (stack) => stack.searchTexts(query, options), true);

  readonly strayFiles: StoreStack['strayFiles'] = (limit) => this.readIn(this.#stack, (stack) => stack.strayFiles(limit), []);

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
      watcher: this.#sync.watching.state,
      coherence: this.#sync.figures(),
    };
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
    const stack: StoreStack = composeStack({
      ...{ folder, ttl, maxSize, catalogue: this.catalogue, outer, inner, disk, clock, discard, editors },
      isWatched: () => this.#sync.watching.state === 'watching',
      isLoaded: () => this.#sync.status.isLoaded,
      onDidWrite: (write) => this.#onDidWrite(stack, write),
    });
    this.#stack = stack;
  }

  protected override get gate() {
    return this.#sync.gate;
  }

  protected override whenLoaded(): Promise<void> {
    return this.#opening ?? Promise.resolve();
  }

  protected override mustAllow(folder: string, access: Access): Promise<void> {
    return this.#locator.mustAllow(folder, access);
  }

  protected override placed(): StoreStack {
    if (this.#stack === undefined) {
      throw this.#sync.status.error ?? new Error('The issue store is used before it is open.');
    }
    return this.#stack;
  }

  /** Own writes reach the catalogue one by one and are told of together, when the last of those under way is done. */
  #onDidWrite(writer: StoreStack, write: StorageWrite): void {
    this.#sync.wrote(writer.folder, [write]);
    if (writer !== this.#stack && writer.folder === this.#stack?.folder) {
      // A batch from before the settings changed is taken back: the cache of today does not hear of it.
      const { removed, stored } = write;
      this.#stack.cached.invalidate([...(removed ? [removed] : []), ...(stored ? [stored.summary.key] : [])], true);
    }
  }

  protected override publish(): void {
    this.#events.publish();
  }
}
