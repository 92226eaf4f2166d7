import { resolve } from 'node:path';
import { type Schedule, systemSchedule } from '../clock.ts';
import type { Disk } from '../disk/disk.ts';
import type { Disposable } from '../events.ts';
import { NUMBERED_FORMAT } from '../formats/numbered.ts';
import type { StorePlace } from '../formats/storeFormat.ts';
import type { Logger } from '../logger.ts';
import { isSamePath } from '../paths.ts';
import type { IssueStore } from './issueStore.ts';
import type { FoundStore } from './storeEntries.ts';
import { type FinderSettings, StoreFinder, type StoreFinderOptions } from './storeFinder.ts';

export interface StoreSetSettings extends FinderSettings {
  /** Whether our own format is looked for in its usual places, or where a setting of a single folder says. */
  readonly hasUsual: boolean;
}

/** An open store, and whatever its opener keeps with it. */
export interface OpenedStore extends Disposable {
  readonly store: IssueStore;
}

export interface StoreSetOptions<Opened extends OpenedStore> {
  /** Absolute path of the workspace folder. */
  readonly root: string;
  readonly disk: Disk;
  readonly logger: Logger;
  readonly schedule?: Schedule;
  readonly watch?: StoreFinderOptions['watch'];
  readonly settings: StoreSetSettings;
  /** Makes a store and begins to open it; one without a place is awaited. @param id unique in this set */
  readonly open: (found: FoundStore, id: string) => Opened;
  /** Called when {@link StoreSet.all} may be another list. */
  readonly onDidChange: () => void;
}

/** The stores of one workspace folder, opened and closed as they come and go and as settings name them. */
export class StoreSet<Opened extends OpenedStore> implements Disposable {
  readonly #options: StoreSetOptions<Opened>;
  readonly #finder: StoreFinder;
  readonly #opened = new Map<FoundStore, Opened>();
  /** Opened without being found: the store looks for its folder itself, and stands for where new issues go if there is none. */
  readonly #usual: FoundStore = { format: NUMBERED_FORMAT };
  #isFound = false;
  /** Settles when the folder was looked at for the first time. Never rejects. */
  readonly found: Promise<void>;

  constructor(options: StoreSetOptions<Opened>) {
    this.#options = options;
    const { root, disk, logger, settings, schedule = systemSchedule, watch } = options;
    this.#finder = new StoreFinder({ root, disk, logger, schedule, settings, watch });
    this.#finder.onDidLook(() => {
      this.#isFound = true;
      this.follow();
    });
    if (settings.hasUsual) {
      this.#open(this.#usual);
    }
    this.found = this.#finder.refresh();
  }

  /** Whether there may be stores that are not known yet. */
  get isLooking(): boolean {
    return !this.#isFound;
  }

  /** Every open store, whether it is to be shown or not. */
  get opened(): readonly Opened[] {
    return [...this.#opened.values()];
  }

  /** Those to show: a store that is not there yet is shown only where there is no other. */
  get all(): readonly Opened[] {
    const usual = this.#opened.get(this.#usual);
    const others = this.opened.filter((store) => store !== usual);
    const isUsualShown = usual !== undefined && (others.length === 0 || usual.store.state !== 'missing');
    return isUsualShown ? [usual, ...others] : others;
  }

  /** Takes other settings of the set. Those of the stores are for their opener to change. Never rejects. */
  async configure(settings: StoreSetSettings): Promise<void> {
    if (!settings.hasUsual) {
      this.#close(this.#usual);
    } else if (!this.#opened.has(this.#usual)) {
      this.#open(this.#usual);
    }
    await this.#finder.configure(settings);
  }

  /** Opens and closes stores as they are now. To be called when the state of a store may have changed, too. */
  follow(): void {
    const usualFolder = this.#opened.get(this.#usual)?.store.folder;
    const isReplaced = ({ place, isNamed }: FoundStore) =>
      isNamed === true && place !== undefined && usualFolder !== undefined && this.#isAt(place, usualFolder);
    if (this.#finder.stores.some(isReplaced)) {
      this.#close(this.#usual);
    }
    const wanted = this.#finder.stores.filter((found) => this.#isWanted(found));
    for (const found of [...this.#opened.keys()]) {
      if (found !== this.#usual && !wanted.includes(found)) {
        this.#close(found);
      }
    }
    for (const found of wanted.filter((each) => !this.#opened.has(each))) {
      this.#open(found);
    }
    // The finder looks at the usual places, too, and so a store that is missing there need not watch them.
    void this.#opened.get(this.#usual)?.store.lookIfMissing();
    this.#options.onDidChange();
  }

  dispose(): void {
    this.#finder.dispose();
    for (const found of [...this.#opened.keys()]) {
      this.#close(found);
    }
  }

  /** The usual store shows one of the places that are found, and opens it itself; one that a setting names takes its place. */
  #isWanted({ place, format, isNamed = false }: FoundStore): boolean {
    const usual = this.#opened.get(this.#usual)?.store;
    if (place === undefined || usual === undefined || isNamed) {
      return place !== undefined;
    }
    return usual.folder === undefined ? format !== NUMBERED_FORMAT : !this.#isAt(place, usual.folder);
  }

  #isAt(place: StorePlace, folder: string): boolean {
    return isSamePath(folder, resolve(this.#options.root, place.folder));
  }

  #open(found: FoundStore): void {
    const id = found.place === undefined ? '' : `${found.format.id} ${found.place.folder} ${found.place.only?.glob ?? ''}`;
    this.#opened.set(found, this.#options.open(found, id));
  }

  #close(found: FoundStore): void {
    this.#opened.get(found)?.dispose();
    this.#opened.delete(found);
  }
}
