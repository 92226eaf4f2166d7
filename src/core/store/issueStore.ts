import pLimit from 'p-limit';
import type { Differences } from '../catalogue/differences.ts';
import { IndexKeeper } from '../catalogue/indexKeeper.ts';
import { IssueCatalogue, type IssueChange } from '../catalogue/issueCatalogue.ts';
import { systemClock, systemSchedule } from '../clock.ts';
import { NodeDisk } from '../disk/nodeDisk.ts';
import type { Disposable, Event } from '../events.ts';
import type { IssueKey } from '../issue/issue.ts';
import type { MetricsSample, StoreSnapshot } from '../metrics/metricsSnapshot.ts';
import type { StorageWrite } from '../storage/steps/issueSteps.ts';
import { DriftAudit } from '../sync/driftAudit.ts';
import { lookWhileStarting } from '../sync/firstLook.ts';
import { FolderWatcher } from '../sync/folderWatcher.ts';
import { HintQueue, type LookAt } from '../sync/hintQueue.ts';
import { racyUntil } from '../sync/racy.ts';
import { RacyFiles } from '../sync/racyFiles.ts';
import type { LookReason, StoreFailure, StoreState, Verification } from '../sync/storeState.ts';
import { outsideError, refuseOccupied, StoreStatus } from '../sync/storeStatus.ts';
import { StoreWatching } from '../sync/storeWatching.ts';
import { TrailingRun } from '../sync/trailingRun.ts';
import { type Access, GatedIssueStorage } from './gatedIssueStorage.ts';
import { StoreEvents } from './storeEvents.ts';
import type { StorePlace } from './storeLocation.ts';
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
  readonly #condition: StoreStatus;
  readonly #options: Required<Pick<IssueStoreOptions, 'logger' | 'clock' | 'schedule' | 'disk'>> & IssueStoreOptions;
  readonly #meters: StoreMeters;
  /** Moves to another folder come one after another. */
  readonly #oneMove = pLimit(1);
  readonly #refreshing = new TrailingRun(() => this.#follow('everything', 'audit'));
  readonly #hints: HintQueue;
  readonly #watching: StoreWatching;
  readonly #audit: DriftAudit;
  readonly #racyFiles: RacyFiles;
  readonly #indexKeeper: IndexKeeper;
  readonly #events: StoreEvents;
  readonly #aborted = new AbortController();
  #settings: StoreSettings;
  #stack: StoreStack | undefined;
  #opening: Promise<void> | undefined;
  readonly #locator: StoreLocator;

  constructor(options: IssueStoreOptions) {
    super();
    const { root, settings, logger, clock = systemClock, schedule = systemSchedule, disk = new NodeDisk() } = options;
    this.#options = { ...options, clock, schedule, disk };
    this.root = root;
    this.#settings = settings;
    this.#locator = new StoreLocator({ root, disk, settings: () => this.#settings, surroundings: options.surroundings });
    const onError = (error: unknown) => logger.error(error instanceof Error ? error : String(error));
    const lookAgain = () => this.#hints.add('everything');
    this.#condition = new StoreStatus(this.catalogue, { logger, schedule, lookAgain });
    const [catalogue, condition] = [this.catalogue, this.#condition];
    this.#events = new StoreEvents({ catalogue, condition, clock, onError, beforeChange: () => this.#indexKeeper.changed() });
    this.#hints = new HintQueue({
      windowMs: () => this.#settings.coalescingWindow,
      process: async (hints) => void (await this.#follow(hints)),
      ...{ clock, schedule },
    });
    this.#watching = new StoreWatching({
      watch: options.watch ?? ((watched) => new FolderWatcher(watched)),
      onHint: (hint) => {
        this.#audit.heard(hint);
        this.#hints.add(hint);
      },
      onElsewhere: () => this.#isEmpty() && this.#watching.quiet.await(),
      onDidChangeState: () => this.#events.didChangeState.fire(),
      onQuiet: () => void this.refresh(),
      ...{ clock, schedule },
    });
    this.#meters = new StoreMeters(() => this.#stack?.cached.cacheStats() ?? { ...NO_CACHE, maxSize: this.#settings.maxSize }, clock);
    this.#racyFiles = new RacyFiles({ clock, schedule, readAgain: (key) => this.#hints.lookAgain(key) });
    const { indexFolder, indexWriter } = options;
    this.#indexKeeper = new IndexKeeper({
      ...{ schedule, logger, folder: indexFolder, writer: indexWriter, catalogue: this.catalogue },
      store: () => this.#stack?.folder,
    });
    this.#audit = new DriftAudit({
      ...{ clock, schedule },
      stamp: () => this.#stack?.reconciler.stamp() ?? Promise.resolve(''),
      recheck: () => this.#watching.recheck(),
      reconcile: () => this.refresh(),
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
    return this.#condition.state;
  }

  /** Why the store, as it is now, cannot be read; undefined while it can. */
  get failure(): StoreFailure | undefined {
    return this.#condition.failure;
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
    return this.#watching.failure;
  }

  /** Tries now to watch again; {@link watchFailure} says whether it helped. */
  async retryWatching(): Promise<void> {
    await this.#watching.retry();
  }

  /**
   * Locates the store, reads it and begins to watch it. The catalogue fills meanwhile, and change events tell of it. To be
   * called once; may be disposed meanwhile. Never rejects: {@link failure} says what has kept it from that, and it is tried again.
   */
  open(): Promise<void> {
    this.#opening = this.#oneMove(() => this.#goWhereSet()).finally(() => this.#audit.start());
    return this.#opening;
  }

  /** Takes over changed settings. Changing what the cache is made of begins with an empty one. */
  async configure(settings: StoreSettings): Promise<void> {
    const before = this.#settings;
    this.#settings = settings;
    if (before.folder !== settings.folder || before.confined !== settings.confined) {
      await this.#oneMove(() => this.#goWhereSet());
    } else if (before.ttl !== settings.ttl || before.maxSize !== settings.maxSize) {
      await this.gate.alone(async () => {
        if (this.#stack !== undefined) {
          this.#compose(this.#stack.folder);
        }
      });
    }
  }

  /**
   * Compares everything with the disk now, instead of waiting for the watcher to say where to look. Whoever asks while that is under way
   * shares one more comparison after it. Never rejects.
   */
  refresh(): Promise<void> {
    return this.#refreshing.request();
  }

  /** As {@link refresh}, but reads every file, whatever its stat says, and reports. Rejects if the store cannot be read. */
  async verify(): Promise<Verification> {
    const differences = await this.#follow('everything', 'verify');
    if (this.#stack === undefined && this.#condition.error !== undefined) {
      throw this.#condition.error;
    }
    const problems = this.catalogue.summaries().filter(({ problem }) => problem !== undefined).length;
    return { issues: this.catalogue.size, differences, problems: problems + this.catalogue.garbled.length };
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
    this.#audit.reset();
    this.#stack?.cached.resetCacheStats();
  }

  snapshot(): StoreSnapshot {
    return {
      ...this.#meters.figures(),
      activeIssues: this.catalogue.active.length,
      completedIssues: this.catalogue.completed.length,
      watcher: this.#watching.state,
      coherence: this.#audit.figures(),
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
    this.#aborted.abort();
    const own = [this.#hints, this.#condition, this.#audit, this.#racyFiles, this.#indexKeeper, this.#watching, this.#events];
    for (const part of own) {
      part.dispose();
    }
  }

  /** Goes where the settings say, or nowhere as long as it cannot be made out where that is. To be called through {@link #oneMove} only. */
  async #goWhereSet(): Promise<void> {
    try {
      await this.#moveTo(await this.#locator.locate());
    } catch (error) {
      await this.gate.alone(async () => {
        this.#forgetAll();
        this.#locator.take(undefined);
        this.#stack = undefined;
        this.#condition.failed(error);
      });
      this.publish();
    }
  }

  /** Takes another folder for the store's. To be called through {@link #oneMove} only. */
  async #moveTo({ folder, candidates: alternatives }: StorePlace): Promise<void> {
    const { disk, logger, schedule } = this.#options;
    const watcher = await this.gate.alone(async () => {
      if (this.#aborted.signal.aborted) {
        return undefined;
      }
      this.#compose(folder);
      this.#watching.end();
      const isForbidden = await this.#locator.isForbidden(folder);
      return isForbidden ? undefined : this.#watching.begin({ root: this.root, store: folder, alternatives, disk, schedule, logger });
    });
    if (watcher !== undefined) {
      // What the last session knew is shown at once. Every file is looked at afterwards, and read where its stat is another one.
      await this.gate.alone(() => this.#indexKeeper.load(() => this.#events.publishWhileLoading(), this.#aborted.signal));
    }
    await lookWhileStarting(watcher, schedule, async () => {
      await this.#look('everything');
      return this.#condition.failure === undefined;
    });
  }

  /** Of the store that it was; also what was still to be looked at there. */
  #forgetAll(): void {
    this.#watching.end();
    this.#hints.forget();
    this.#racyFiles.forget();
    this.#take({ current: [], removed: [...this.catalogue.keys()], listing: { otherFolders: [], exists: false } });
  }

  /** Puts a stack together over this folder. The meters outlive it. To be called while nothing else is under way. */
  #compose(folder: string): void {
    const { disk, clock, discard, editors } = this.#options;
    const { ttl, maxSize } = this.#settings;
    const { outer, inner } = this.#meters;
    const stack: StoreStack = composeStack({
      ...{ folder, ttl, maxSize, catalogue: this.catalogue, outer, inner, disk, clock, discard, editors },
      isWatched: () => this.#watching.state === 'watching',
      isLoaded: () => this.#condition.isLoaded,
      onDidWrite: (write) => this.#onDidWrite(stack, write),
    });
    if (this.#stack?.folder !== folder) {
      this.#forgetAll();
      this.catalogue.movedElsewhere();
      this.#locator.take(folder);
    }
    this.#stack = stack;
  }

  protected override whenLoaded(): Promise<void> {
    return this.#opening ?? Promise.resolve();
  }

  protected override mustAllow(folder: string, access: Access): Promise<void> {
    return this.#locator.mustAllow(folder, access);
  }

  protected override placed(): StoreStack {
    if (this.#stack === undefined) {
      throw this.#condition.error ?? new Error('The issue store is used before it is open.');
    }
    return this.#stack;
  }

  /** Looks where the hints say, and for the store elsewhere where no issue turns out to be in it. */
  async #follow(hints: LookAt, reason: LookReason = 'hint'): Promise<readonly IssueKey[]> {
    const differences = await this.#look(hints, reason);
    if (this.#isEmpty() && (hints !== 'everything' || !this.#watching.quiet.isNow)) {
      // In the middle of a checkout the issues may be on their way out of here, or into here.
      this.#watching.quiet.await();
    } else if (hints === 'everything' && (this.#isEmpty() || this.#isNowhere())) {
      await this.#oneMove(async () => {
        const place = { exists: this.catalogue.exists, isWatched: this.#watching.isOn };
        if ((await this.#locator.hasBetter(this.#stack?.folder, place)) && (this.#isEmpty() || this.#isNowhere())) {
          await this.#goWhereSet();
        }
      });
    }
    return differences;
  }

  /** No issue is in the folder that is watched, or the folder is not there. */
  #isEmpty(): boolean {
    const { exists, size } = this.catalogue;
    return this.#watching.isOn && size === 0 && (!exists || this.failure === undefined);
  }

  /** Without a place because of a failure, or not watched because it may not be read. */
  #isNowhere(): boolean {
    return this.#stack === undefined ? this.#condition.error !== undefined : !this.#watching.isOn;
  }

  /**
   * Takes over what is different on the disk. A look that failed is repeated later, at everything; it rejects only where
   * somebody waits for what it finds.
   * @returns the keys of what was different.
   */
  async #look(hints: LookAt, reason: LookReason = 'hint'): Promise<readonly IssueKey[]> {
    const [{ clock, disk }, { signal }] = [this.#options, this.#aborted];
    const folder = this.#stack?.folder;
    // Names that were hinted at in a store that is another one by now: whoever moved it looks at everything, and tells of it.
    const isStale = () => hints !== 'everything' && folder !== this.#stack?.folder;
    const found: (readonly IssueKey[])[] = [];
    try {
      await this.gate.alone(async () => {
        if (this.#stack === undefined || signal.aborted || isStale()) {
          return;
        }
        if (await this.#locator.isForbidden(this.#stack.folder)) {
          this.#forgetAll();
          throw outsideError(this.#stack.folder);
        }
        const startedAt = clock.now();
        if (hints === 'everything') {
          await Promise.all([this.#locator.resolveLinks(this.#stack.folder), this.#watching.recheck()]);
          await this.#audit.beforeReconcile();
          const take = (part: Differences) => {
            found.push(this.#take(part));
            this.#events.publishWhileLoading();
          };
          await this.#stack.reconciler.reconcile(take, { signal, verify: reason === 'verify' });
          this.#meters.inner.recordOperation('list', (clock.now() - startedAt) * 1000);
          if (!this.catalogue.exists) {
            await refuseOccupied(disk, this.#stack.folder);
          }
          this.#condition.succeeded();
          if (reason !== 'hint' && this.#watching.state === 'watching') {
            this.#audit.found(found.flat());
          }
        } else {
          this.#take(await this.#stack.reconciler.look(hints));
        }
      });
    } catch (error) {
      this.#condition.failed(error);
      if (reason === 'verify' && !signal.aborted) {
        throw error;
      }
    } finally {
      if (!isStale()) {
        // Also after a failure: what another folder had is not here any more.
        this.publish();
      }
    }
    return found.flat();
  }

  /** @returns the keys of what is really different; a file that was read again and has the same text is not. */
  #take(differences: Differences): readonly IssueKey[] {
    const { keys, cameOrWent } = this.catalogue.apply(differences);
    this.#stack?.cached.invalidate(keys, cameOrWent);
    this.#racyFiles.add(differences.current);
    return keys;
  }

  /** Own writes reach the catalogue one by one and are told of together, when the last of those under way is done. */
  #onDidWrite(writer: StoreStack, { removed, stored }: StorageWrite): void {
    const until = stored?.stat && racyUntil(stored.stat, this.#options.clock.epoch());
    const written: Differences = { current: stored ? [{ ...stored, racyUntil: until }] : [], removed: removed ? [removed] : [] };
    this.#audit.wrote();
    this.#hints.expect(removed, stored?.summary.key);
    if (writer === this.#stack) {
      this.catalogue.apply(written);
      this.#racyFiles.add(written.current);
    } else if (writer.folder === this.#stack?.folder) {
      // A batch from before the settings changed is taken back: the cache of today does not hear of it.
      this.#take(written);
    }
  }

  protected override publish(): void {
    this.#events.publish();
  }
}
