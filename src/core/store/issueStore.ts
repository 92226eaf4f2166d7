import { IndexKeeper } from '../catalogue/indexKeeper.ts';
import { IssueCatalogue, type IssueChange } from '../catalogue/issueCatalogue.ts';
import { systemClock, systemSchedule } from '../clock.ts';
import type { Disposable, Event } from '../events.ts';
import { NUMBERED_FORMAT } from '../formats/numbered.ts';
import type { StoreFormat } from '../formats/storeFormat.ts';
import { StoreSchema } from '../formats/storeSchema.ts';
import type { Leftovers } from '../health/leftovers.ts';
import type { Issue, IssueKey, IssueRef, IssueSummary } from '../issue/issue.ts';
import { keyOfPath } from '../issue/issueKey.ts';
import { loadYaml } from '../markdown/yamlReader.ts';
import type { MetricsSample, MetricsSnapshot, StoreSnapshot } from '../metrics/metricsSnapshot.ts';
import type { IssueFileReader } from '../storage/issueFile.ts';
import { BatchIssueStorage } from '../storage/issueStorage.ts';
import type { IssueEdit, IssueStoragePort, WriteOptions, WriteResult } from '../storage/issueStoragePort.ts';
import { PartlyDoneError } from '../storage/partlyDoneError.ts';
import type { StoreFailure, StoreState, Verification } from '../sync/storeStatus.ts';
import { StoreSync } from '../sync/storeSync.ts';
import type { TextProblem } from '../textProblem.ts';
import { StoreEvents } from './storeEvents.ts';
import { StoreLocator } from './storeLocator.ts';
import { NO_CACHE, StoreMeters } from './storeMeters.ts';
import type { IssueStoreOptions, StoreSettings } from './storeOptions.ts';
import type { StoreStack } from './storeStack.ts';

/** The file with a store's configuration, which may be missing. */
export interface StoreConfig {
  /** Absolute. */
  readonly filePath: string;
  /** Why it is used only as far as it could be read. */
  readonly problem?: TextProblem;
}

/**
 * The issues of one workspace folder, and the only access to them. It lags behind the disk by at most one coalescing window.
 *
 * It composes the stack (meter, catalogue, cache, meter, files), watches the files, and reports changes by any program, coalesced into one
 * event. It recognizes its own writes by the stats they left, so the watcher's events for them are not reported again.
 */
export class IssueStore implements IssueStoragePort, Disposable {
  readonly root: string;
  readonly format: StoreFormat;
  readonly catalogue: IssueCatalogue;
  readonly #options: Required<Pick<IssueStoreOptions, 'clock' | 'schedule'>> & IssueStoreOptions;
  readonly #meters: StoreMeters;
  readonly #locator: StoreLocator;
  readonly #sync: StoreSync;
  readonly #indexKeeper: IndexKeeper;
  readonly #events: StoreEvents;
  #settings: StoreSettings;
  #files: IssueFileReader | undefined;
  /** What composes a stack, once it is loaded. */
  #layers: typeof import('./storeStack.ts') | undefined;
  #stack: StoreStack | undefined;
  #opening: Promise<void> | undefined;

  constructor(options: IssueStoreOptions) {
    const { root, settings, logger, clock = systemClock, schedule = systemSchedule, disk } = options;
    this.#options = { ...options, clock, schedule };
    const { format = NUMBERED_FORMAT, place, isAwaited } = options;
    this.root = root;
    this.format = format;
    this.catalogue = new IssueCatalogue(format);
    this.#settings = settings;
    const catalogue = this.catalogue;
    this.#locator = new StoreLocator({ root, place, isAwaited, disk, settings: () => this.#settings, surroundings: options.surroundings });
    this.#meters = new StoreMeters(() => this.#stack?.cached.cacheStats() ?? { ...NO_CACHE, maxSize: this.#settings.maxSize }, clock);
    this.#sync = new StoreSync({
      ...{ root, format, catalogue, location: this.#locator, disk, logger, clock, schedule, watch: options.watch },
      windowMs: () => this.#settings.coalescingWindow,
      onDidMove: (files) => this.#moveTo(files),
      wantsText: (summary, behind) => this.#stack?.cached.wantsAhead(summary, behind) ?? false,
      onDidLook: (changed, read) => this.#stack?.cached.follow(changed, read),
      prepareToRead: async () => void (this.#files && (await this.#openStack())),
      loadIndex: (signal) => this.#indexKeeper.load(() => this.#events.publishWhileLoading(), signal),
      publish: () => this.#events.publish(),
      publishProgress: () => this.#events.publishWhileLoading(),
      onDidChangeWatcher: () => this.#events.didChangeState.fire(),
      onDidReconcile: (milliseconds) => {
        this.#meters.inner.recordOperation('list', milliseconds * 1000);
        this.#stack?.readAhead.begin();
      },
    });
    this.#indexKeeper = new IndexKeeper({
      ...{ schedule, logger, folder: options.indexFolder, writer: options.indexWriter, catalogue },
      files: () => this.#files,
    });
    this.#events = new StoreEvents({
      ...{ catalogue, condition: this.#sync.status, clock },
      onError: (error) => logger.error(error instanceof Error ? error : String(error)),
      beforeChange: () => this.#indexKeeper.changed(),
    });
  }

  /** Fires after the catalogue is updated. */
  get onDidChange(): Event<IssueChange> {
    return this.#events.didChange.event;
  }

  /** Fires when the store's state, its configuration or the watcher's state may have changed. */
  get onDidChangeState(): Event<void> {
    return this.#events.didChangeState.event;
  }

  get state(): StoreState {
    return this.#sync.status.state;
  }

  /** Why the store cannot be read; undefined while it can. */
  get failure(): StoreFailure | undefined {
    return this.#sync.status.failure;
  }

  /** Absolute path of the store's folder, which may not exist; undefined until it is located and while its setting is invalid. */
  get folder(): string | undefined {
    return this.#files?.folder;
  }

  /** The configuration as it is used now; undefined if the store has none. */
  get config(): StoreConfig | undefined {
    const { configPath: filePath, problem } = this.#files?.schema ?? {};
    return filePath === undefined ? undefined : { filePath, ...(problem && { problem }) };
  }

  readonly filePathOf: StoreLocator['filePathOf'] = (issue) => this.#locator.filePathOf(issue);

  /** See {@link StoreLocator.pathOf}. */
  readonly pathOf: StoreLocator['pathOf'] = (filePath) => this.#locator.pathOf(filePath);

  /** The key of a file that can be an issue, whether it is there or not; undefined for another one. @param path relative to the store, with `/` */
  keyAt(path: string): IssueKey | undefined {
    const key = keyOfPath(path);
    return key !== undefined && this.#files?.schema.isIssue(key) ? key : undefined;
  }

  /** Why the store is not watched; undefined while it is. */
  get watchFailure(): string | undefined {
    return this.#sync.watchFailure;
  }

  /** Retries watching at once; {@link watchFailure} tells the result. */
  async retryWatching(): Promise<void> {
    await this.#sync.retryWatching();
  }

  /**
   * Locates and reads the store, then watches it. Meanwhile the catalogue fills and change events fire. Call once; {@link dispose} may be
   * called meanwhile. Never rejects: {@link failure} tells why it failed, and the store retries.
   */
  open(): Promise<void> {
    this.#opening = this.#sync.open();
    return this.#opening;
  }

  /** Applies changed settings. A change of the cache's settings empties the cache, which is then filled anew. */
  async configure(settings: StoreSettings): Promise<void> {
    const before = this.#settings;
    this.#settings = settings;
    if (before.folder !== settings.folder || before.confined !== settings.confined) {
      await this.#sync.relocate();
    } else if (before.ttl !== settings.ttl || before.maxSize !== settings.maxSize) {
      await this.#sync.gate.alone(async () => this.#moveTo(this.#files));
      this.#stack?.readAhead.begin();
    }
  }

  /** See {@link StoreSync.lookIfMissing}. */
  lookIfMissing(): Promise<void> {
    return this.#sync.lookIfMissing();
  }

  /** Reconciles with the disk at once. All callers during a reconcile in flight share one more after it. Never rejects. */
  refresh(): Promise<void> {
    return this.#sync.refresh();
  }

  /** As {@link refresh}, but reads every file regardless of its stat, and returns a report. Rejects if the store cannot be read. */
  verify(): Promise<Verification> {
    return this.#sync.verify();
  }

  /** Saves the index for the next session, which also happens some seconds after a change. Never rejects. */
  readonly saveIndex = (): Promise<void> => this.#indexKeeper.save();

  readonly searchTexts: StoreStack['searchTexts'] = (query, options) =>
    this.#files === undefined ? Promise.resolve(true) : this.#readable().then((stack) => stack.searchTexts(query, options));

  readonly strayFiles: StoreStack['strayFiles'] = (limit) =>
    this.#files === undefined ? Promise.resolve([]) : this.#readable().then((stack) => stack.strayFiles(limit));

  /** See {@link removeLeftovers}. */
  async removeLeftovers(): Promise<Leftovers> {
    const stack = await this.#openStack();
    await this.#locator.assertAllowed(stack.files.folder, 'write');
    return stack.removeLeftovers();
  }

  clearCache(): void {
    this.#stack?.cached.clearCache();
  }

  /** Resets all counters and the history. */
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

  /** The figures of each caller of {@link for}, by name. */
  callers(): Readonly<Record<string, MetricsSnapshot>> {
    return this.#meters.callers();
  }

  /** Adds a sample to the history; undefined before the store is located. Call once a second, from one caller. */
  sample(): MetricsSample | undefined {
    return this.#files && this.#meters.sample();
  }

  /** The samples of the last minutes, oldest first. */
  history(): readonly MetricsSample[] {
    return this.#meters.history();
  }

  dispose(): void {
    for (const part of [this.#sync, this.#stack?.readAhead, this.#indexKeeper, this.#events]) {
      part?.dispose();
    }
  }

  /** Composes the stack anew and keeps the meters. Call only while no other operation runs. */
  #moveTo(files: IssueFileReader | undefined): void {
    if (files?.schema !== this.#files?.schema) {
      this.catalogue.statuses = files?.schema.statuses;
      this.#events.configChanged();
    }
    this.#files = files;
    this.#stack?.readAhead.dispose();
    this.#stack = files && this.#layers && this.#compose(this.#layers, files);
  }

  #compose({ composeStack }: typeof import('./storeStack.ts'), files: IssueFileReader): StoreStack {
    const { disk, clock, schedule, discard, editors } = this.#options;
    const { ttl, maxSize } = this.#settings;
    const { outer, inner } = this.#meters;
    return composeStack({
      ...{ files, ttl, maxSize, catalogue: this.catalogue, outer, inner, disk, clock, schedule, discard, editors },
      searched: this.#meters.of('search'),
      isWatched: () => this.#sync.watcherState === 'watching',
      isLoaded: () => this.#sync.status.isLoaded,
      isForbidden: () => this.#locator.isForbidden(files.folder),
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

  /** Waits until the store is loaded. */
  async listSummaries(): Promise<IssueSummary[]> {
    await this.#opening;
    return (await this.#readable()).storage.listSummaries();
  }

  /** {@link onDidChange} fires when the last concurrent write is done. */
  async write(edits: readonly IssueEdit[], options?: WriteOptions): Promise<WriteResult> {
    try {
      return await this.#sync.gate.write(() => this.#write(edits, options));
    } finally {
      if (!this.#sync.gate.isWriting) {
        this.#events.publish();
      }
    }
  }

  /** This store's operations for one feature or agent, which {@link callers} counts separately. */
  for(caller: string): BatchIssueStorage {
    return new BatchIssueStorage(this.#meters.meteredFor(caller, this));
  }

  async #readable(): Promise<StoreStack> {
    const stack = await this.#openStack();
    await this.#locator.assertAllowed(stack.files.folder, 'read');
    return stack;
  }

  async #write(edits: readonly IssueEdit[], options: WriteOptions | undefined): Promise<WriteResult> {
    const { folder, storage } = await this.#storageFor(edits);
    await this.#locator.assertAllowed(folder, 'write');
    try {
      const result = await storage.write(edits, options);
      this.#sync.wrote(folder, result.changes);
      return result;
    } catch (error) {
      this.#sync.wrote(folder, error instanceof PartlyDoneError ? error.changes : []);
      throw error;
    }
  }

  /** An undo applies to the store of its edit, even if the store has been relocated since. */
  async #storageFor(edits: readonly IssueEdit[]): Promise<{ readonly folder: string; readonly storage: IssueStoragePort }> {
    const restored = edits.find((edit) => edit.kind === 'restore')?.store;
    if (restored === undefined || restored === this.folder) {
      const { files, storage } = await this.#openStack();
      return { folder: files.folder, storage };
    }
    const { uncachedStorage } = await loadStack();
    const schema = new StoreSchema(this.format);
    return { folder: restored, storage: uncachedStorage({ ...this.#options, folder: restored, schema }) };
  }

  /** The only way to the issues' files. What a stack is made of is loaded when the first issue is to be read. */
  async #openStack(): Promise<StoreStack> {
    if (this.#stack !== undefined) {
      return this.#stack;
    }
    this.#layers = await loadStack();
    if (this.#files === undefined) {
      throw this.#sync.status.error ?? new Error('The issue store is used before it is open.');
    }
    this.#stack ??= this.#compose(this.#layers, this.#files);
    return this.#stack;
  }
}

/** Loads what reads and writes issues, which the rows of an index do not need, with the parser of front matter. */
async function loadStack(): Promise<typeof import('./storeStack.ts')> {
  const [stack] = await Promise.all([import('./storeStack.ts'), loadYaml()]);
  return stack;
}
