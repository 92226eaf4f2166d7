import pLimit from 'p-limit';
import type { Differences } from '../catalogue/differences.ts';
import type { Disposable } from '../events.ts';
import type { IssueKey } from '../issue/issue.ts';
import { loadYaml } from '../markdown/yamlReader.ts';
import type { CoherenceFigures } from '../metrics/metricsSnapshot.ts';
import type { FileChange } from '../storage/issueStoragePort.ts';
import { DriftAudit } from './driftAudit.ts';
import type { WatcherState, WatchHint } from './folderWatcher.ts';
import { HintQueue, type LookAt } from './hintQueue.ts';
import { QuietTime } from './quietTime.ts';
import { RacyFiles, racyUntil } from './racyFiles.ts';
import { RefreshGate } from './refreshGate.ts';
import type { OpenPlace, StorePlacing } from './storePlacing.ts';
import { changedByConfig, isAnythingThere, isOtherConfig, openPlace, placeStamp, readConfig } from './storePlacing.ts';
import { type LookReason, outsideError, refuseOccupied, StoreStatus, type Verification } from './storeStatus.ts';
import type { StoreSyncOptions } from './storeSyncOptions.ts';
import { StoreWatching } from './storeWatching.ts';
import { TrailingRun } from './trailingRun.ts';

/**
 * Keeps the catalogue equal to the disk, wherever the store is: watches its folders, looks where the watcher hints at a change, and from time
 * to time at everything.
 */
export class StoreSync implements Disposable {
  /** Keeps own writes apart from looks at the disk. */
  readonly gate = new RefreshGate();
  readonly status: StoreStatus;
  readonly #options: StoreSyncOptions;
  readonly #hints: HintQueue;
  readonly #audit: DriftAudit;
  readonly #racyFiles: RacyFiles;
  /** Whether nothing happens in the store, nor where it might be instead. */
  readonly #quiet: QuietTime;
  /** Moves to another folder come one after another. */
  readonly #oneMove = pLimit(1);
  readonly #refreshing = new TrailingRun(() => this.#follow(() => 'everything', 'audit'));
  readonly #aborted = new AbortController();
  /** Where the store is; undefined before that is known, and while it cannot be made out. */
  #place: OpenPlace | undefined;
  /** It is on while there is a place that may be read, and started when there are rows, unless a missing store is left to who watches for it. */
  readonly #watching: StoreWatching;

  constructor(options: StoreSyncOptions) {
    this.#options = options;
    const { catalogue, logger, clock, schedule } = options;
    this.status = new StoreStatus(catalogue, { logger, schedule, lookAgain: () => this.#hints.add('everything') });
    this.#hints = new HintQueue({
      ...{ clock, schedule, windowMs: options.windowMs },
      process: async (takeHints) => void (await this.#follow(takeHints)),
    });
    this.#quiet = new QuietTime({ clock, schedule, onQuiet: () => void this.refresh() });
    this.#watching = new StoreWatching({
      ...options,
      onHint: (hint) => this.#heard(hint),
      onElsewhere: () => {
        this.#quiet.disturbed();
        if (this.#isEmpty()) {
          this.#quiet.await();
        }
      },
    });
    this.#racyFiles = new RacyFiles({ clock, schedule, readAgain: (key) => this.#hints.lookAgain(key) });
    this.#audit = new DriftAudit({
      ...{ clock, schedule },
      stamp: () => (this.#place === undefined ? Promise.resolve('') : placeStamp(options, this.#place)),
      recheck: () => this.#watching.recheck(),
      reconcile: () => this.refresh(),
    });
  }

  get watcherState(): WatcherState {
    // Somebody else notices what happens to a store that rests.
    return this.#mayRest() && !this.#watching.isStarted ? 'watching' : this.#watching.state;
  }

  /** Why changes on the disk are not noticed at once; undefined while they are. */
  get watchFailure(): string | undefined {
    return this.#watching.failure;
  }

  /** Tries now to watch again; {@link watchFailure} says whether it helped. */
  async retryWatching(): Promise<void> {
    await this.#watching.retry();
  }

  /** Finds the store and reads it, and then begins to watch it, for which nobody waits. To be called once. Never rejects: {@link status} says what is wrong. */
  open(): Promise<void> {
    return this.relocate().finally(() => this.#watch());
  }

  /** Goes where the store is now, and reads it. Never rejects. */
  relocate(): Promise<void> {
    return this.#oneMove(() => this.#goWhereLocated());
  }

  /**
   * Looks for a store that is missing, if there is something at one of its places now. To be called by who watches for a store that is awaited:
   * when it has become missing, and whenever something has changed there. Never rejects.
   */
  async lookIfMissing(): Promise<void> {
    if (this.#place !== undefined && this.status.state === 'missing' && (await isAnythingThere(this.#options.disk, this.#place.at))) {
      this.#heard('everything');
    }
  }

  /** Compares everything with the disk. Whoever asks while that is under way shares one more comparison after it. Never rejects. */
  refresh(): Promise<void> {
    return this.#refreshing.request();
  }

  /** As {@link refresh}, but reads every file, whatever its stat says, and reports. Rejects if the store cannot be read. */
  async verify(): Promise<Verification> {
    const { catalogue } = this.#options;
    const differences = await this.#follow(() => 'everything', 'verify');
    if (this.#place === undefined && this.status.error !== undefined) {
      throw this.status.error;
    }
    const problems = catalogue.summaries().filter(({ problem }) => problem !== undefined).length;
    return { issues: catalogue.size, differences, problems: problems + catalogue.garbled.length };
  }

  /**
   * Takes over what a write of our own changed in this folder. To be called inside the gate, when the write is done, so that the watcher's
   * echo of it finds nothing new.
   */
  wrote(folder: string, changes: readonly FileChange[]): void {
    if (folder !== this.#place?.at.folder || changes.length === 0) {
      return;
    }
    const now = this.#options.clock.epoch();
    const current = changes.flatMap(({ stored }) => (stored ? [{ ...stored, racyUntil: stored.stat && racyUntil(stored.stat, now) }] : []));
    const removed = changes.flatMap((change) => change.removed ?? []);
    this.#audit.wrote();
    this.#hints.expect([...removed, ...current.map(({ summary }) => summary.key)]);
    this.#options.catalogue.apply({ current, removed });
    this.#racyFiles.add(current);
    // The first issue of a store that was missing.
    this.#watch();
  }

  /** How often the disk was compared, and what no event had told of. */
  figures(): CoherenceFigures {
    return this.#audit.figures();
  }

  /** Sets the figures to nothing. */
  resetFigures(): void {
    this.#audit.reset();
  }

  dispose(): void {
    this.#aborted.abort();
    for (const part of [this.#hints, this.status, this.#audit, this.#racyFiles, this.#quiet, this.#watching]) {
      part.dispose();
    }
  }

  /** To be called through {@link #oneMove} only. */
  async #goWhereLocated(): Promise<void> {
    try {
      const place = await this.#options.location.locate();
      if (place.config !== undefined) {
        await loadYaml();
      }
      await this.#goTo(place);
    } catch (error) {
      await this.gate.alone(async () => {
        this.#leave();
        this.#options.onDidMove(undefined);
        this.status.failed(error);
      });
      this.#options.publish();
    }
  }

  /** To be called through {@link #oneMove} only. */
  async #goTo(at: StorePlacing): Promise<void> {
    const { location, loadIndex } = this.#options;
    const { folder } = at;
    const { signal } = this.#aborted;
    const isRead = await this.gate.alone(async () => {
      // One that has changed meanwhile is taken over by the look, which knows what to do about it.
      const configText = folder === this.#place?.at.folder ? this.#place.configText : await readConfig(this.#options, at);
      if (signal.aborted) {
        return false;
      }
      const { folders } = this.#enter(at, configText).files.schema;
      this.#watching.dispose();
      if (!(await location.isForbidden(folder)) && !signal.aborted) {
        this.#watching.goTo(at, folders);
      }
      return this.#watching.isOn;
    });
    if (isRead && at.isMissing !== true) {
      // What the last session knew is shown at once. Every file is looked at afterwards, and read where its stat is another one.
      await this.gate.alone(() => loadIndex(signal));
    }
    await this.#look(() => 'everything', 'hint');
    this.#rest();
  }

  #heard(hint: WatchHint): void {
    this.#quiet.disturbed();
    this.#audit.heard(hint);
    this.#hints.add(hint);
  }

  /** Rows come first. When the watcher watches, it hints at everything, so that what changed meanwhile is seen as well. */
  #watch(): void {
    if (this.#mayRest()) {
      return;
    }
    this.#audit.start();
    this.#watching.start();
  }

  /** Watches nothing and audits nothing while the store is missing, if it is awaited. To be called through {@link #oneMove} only. */
  #rest(): void {
    if (this.#mayRest()) {
      this.#audit.stop();
      this.#watching.rest();
    }
  }

  #mayRest(): boolean {
    return this.#place?.at.isAwaited === true && this.status.state === 'missing';
  }

  #enter(at: StorePlacing, configText: string | undefined): OpenPlace {
    const { location, catalogue, onDidMove } = this.#options;
    const before = this.#place;
    const isSame = before !== undefined && at.folder === before.at.folder && configText === before.configText;
    if (at.folder !== before?.at.folder) {
      this.#leave();
      catalogue.movedElsewhere();
      location.take(at.folder);
    }
    const place = isSame ? { ...before, at } : openPlace(this.#options, at, configText);
    this.#place = place;
    onDidMove(place.files);
    return place;
  }

  /**
   * Takes over a changed configuration, inside the gate. States are derived anew from what is known; only where the configuration says how
   * issues are read, the look that follows reads them again.
   */
  async #takeConfig(before: OpenPlace): Promise<OpenPlace> {
    const { catalogue, clock } = this.#options;
    const configText = await readConfig(this.#options, before.at);
    if (configText === before.configText || this.#aborted.signal.aborted) {
      return before;
    }
    if (configText === undefined && !this.#quiet.isNow) {
      // In the middle of a checkout the issues may be about to go, too.
      this.#quiet.await();
      return before;
    }
    const place = this.#enter(before.at, configText);
    const [was, is] = [before.files.schema, place.files.schema];
    this.#take({ current: await changedByConfig(catalogue.entries(), was, place.files, clock), removed: [] });
    if (this.#watching.isOn && JSON.stringify(was.folders.rules) !== JSON.stringify(is.folders.rules)) {
      this.#watching.goTo(before.at, is.folders);
    }
    return place;
  }

  #leave(): void {
    this.#forgetAll();
    this.#options.location.take(undefined);
    this.#place = undefined;
  }

  /** Forgets every issue of the store, and what was still to be looked at there. */
  #forgetAll(): void {
    this.#watching.dispose();
    this.#hints.forget();
    this.#racyFiles.forget();
    this.#take({
      current: [],
      removed: [...this.#options.catalogue.keys()],
      listing: { otherFolders: [], issueFolders: [], exists: false },
    });
  }

  /** Looks where the hints say, and looks for the store elsewhere if no issue turns out to be in it. */
  async #follow(takeHints: () => LookAt, reason: LookReason = 'hint'): Promise<readonly IssueKey[]> {
    const { location, catalogue } = this.#options;
    const { lookedAt, differences } = await this.#look(takeHints, reason);
    if (this.#isEmpty() && (lookedAt !== 'everything' || !this.#quiet.isNow)) {
      // In the middle of a checkout the issues may be on their way out of here, or into here.
      this.#quiet.await();
    } else if (lookedAt === 'everything' && (this.#isEmpty() || this.#isNowhere())) {
      await this.#oneMove(async () => {
        const place = { exists: catalogue.exists, isWatched: this.#watching.isOn };
        if ((await location.hasBetter(this.#place?.at.folder, place)) && (this.#isEmpty() || this.#isNowhere())) {
          await this.#goWhereLocated();
        } else {
          this.#rest();
        }
      });
    }
    return differences;
  }

  /** No issue is in the folder that is watched, or the folder is not there. */
  #isEmpty(): boolean {
    const { exists, size } = this.#options.catalogue;
    return this.#watching.isOn && size === 0 && (!exists || this.status.failure === undefined);
  }

  /** Without a place because of a failure, or not watched because it may not be read. */
  #isNowhere(): boolean {
    return this.#place === undefined ? this.status.error !== undefined : !this.#watching.isOn;
  }

  /**
   * Takes over what is different on the disk. A look that failed is repeated later, at everything; it rejects only where somebody waits for
   * what it finds.
   *
   * @param takeHints is called when no own write is under way, so that hints are compared with all that was written before.
   */
  async #look(takeHints: () => LookAt, reason: LookReason): Promise<{ lookedAt: LookAt; differences: readonly IssueKey[] }> {
    const { signal } = this.#aborted;
    let lookedAt: LookAt = [];
    let differences: readonly IssueKey[] = [];
    try {
      await this.gate.alone(async () => {
        lookedAt = takeHints();
        if (this.#place === undefined || signal.aborted || lookedAt.length === 0) {
          return;
        }
        const place = this.#place;
        const { folder } = place.at;
        if (await this.#options.location.isForbidden(folder)) {
          this.#forgetAll();
          throw outsideError(folder);
        }
        // Files may have come with a configuration whose own hint is still on its way.
        if (lookedAt === 'everything' || (await isOtherConfig(this.#options, place))) {
          differences = await this.#reconcile(place, reason);
        } else {
          differences = this.#take(await place.reconciler.look(lookedAt));
        }
      });
    } catch (error) {
      this.status.failed(error);
      if (reason === 'verify' && !signal.aborted) {
        throw error;
      }
    } finally {
      // Hints that were forgotten because the store has moved are nothing to tell of: whoever moved it tells of everything.
      if (lookedAt.length > 0) {
        this.#options.publish();
      }
      this.#watch();
    }
    return { lookedAt, differences };
  }

  async #reconcile(place: OpenPlace, reason: LookReason): Promise<readonly IssueKey[]> {
    const { clock, disk, catalogue, location, publishProgress, onDidReconcile } = this.#options;
    const { folder } = place.at;
    const startedAt = clock.now();
    const found: (readonly IssueKey[])[] = [];
    await Promise.all([location.resolveLinks(folder), this.#watching.recheck()]);
    await this.#audit.beforeReconcile();
    const { reconciler } = await this.#takeConfig(place);
    const take = (part: Differences) => {
      found.push(this.#take(part));
      publishProgress();
    };
    await reconciler.reconcile(take, { signal: this.#aborted.signal, verify: reason === 'verify' });
    onDidReconcile(clock.now() - startedAt);
    if (!catalogue.exists) {
      await refuseOccupied(disk, folder);
    }
    this.status.succeeded();
    const differences = found.flat();
    if (reason !== 'hint' && this.#watching.state === 'watching') {
      this.#audit.found(differences);
    }
    return differences;
  }

  /** @returns the keys of what is really different; a file that was read again and has the same text is not. */
  #take(differences: Differences): readonly IssueKey[] {
    const { catalogue, onDidLook } = this.#options;
    const keys = catalogue.apply(differences);
    onDidLook(keys, differences.current);
    this.#racyFiles.add(differences.current);
    return keys;
  }
}
