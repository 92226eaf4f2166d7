import { join, resolve } from 'node:path';
import type { WorkspaceFolder } from 'vscode';
import {
  type Disposable,
  Emitter,
  type Event,
  type FoundStore,
  type IssueStore,
  isSamePath,
  type Logger,
  type MetricsSample,
  NUMBERED_FORMAT,
  StoreFinder,
  systemSchedule,
} from '../../core/index.ts';
import { finderSettings, storeSettings } from '../settings.ts';

/** An open store of a workspace folder. */
export interface WorkspaceStore {
  /** Stays the same as long as the store is open. */
  readonly id: string;
  readonly folder: WorkspaceFolder;
  readonly store: IssueStore;
  /** What people call it where there are several, as far as the setting says. */
  readonly label: string | undefined;
  /** Fires once a second with what was added to the store's history. */
  readonly onDidSample: Event<MetricsSample>;
}

export interface OpenStore extends WorkspaceStore, Disposable {
  readonly sampled: Emitter<MetricsSample>;
  /** Settles when the store has been read for the first time; never rejects. */
  readonly opened: Promise<void>;
}

export interface FolderStoresDeps {
  readonly logger: Logger;
  readonly disk: ConstructorParameters<typeof StoreFinder>[0]['disk'];
  /** Opens a store. */
  readonly open: (found: FoundStore, id: string) => OpenStore;
  /** Called when {@link FolderStores.all} may be another list. */
  readonly onDidChange: () => void;
}

/** The stores of one workspace folder, opened and closed as they come and go and as settings name them. */
export class FolderStores implements Disposable {
  readonly folder: WorkspaceFolder;
  readonly #deps: FolderStoresDeps;
  readonly #finder: StoreFinder;
  readonly #open = new Map<FoundStore, OpenStore>();
  /** Our own format in its usual places, or where the deprecated setting says: looked for by the store itself, and there even if it is not. */
  readonly #usual: FoundStore = { format: NUMBERED_FORMAT };
  #isFound = false;
  /** Settles when the folder was looked at for the first time. */
  readonly found: Promise<void>;

  constructor(folder: WorkspaceFolder, deps: FolderStoresDeps) {
    this.folder = folder;
    this.#deps = deps;
    const { disk, logger } = deps;
    const settings = finderSettings(folder);
    this.#finder = new StoreFinder({ root: folder.uri.fsPath, disk, logger, schedule: systemSchedule, settings });
    this.#finder.onDidChange(() => this.follow());
    if (settings.hasUsual) {
      this.#openStore(this.#usual);
    }
    this.found = this.#finder.refresh().then(() => {
      this.#isFound = true;
      this.follow();
    });
  }

  /** Every open store, whether it is shown or not. */
  get open(): readonly OpenStore[] {
    return [...this.#open.values()];
  }

  /** Those to show: a store that is not there yet is shown only where there is no other. */
  get all(): readonly OpenStore[] {
    const usual = this.#open.get(this.#usual);
    const others = this.open.filter((store) => store !== usual);
    const isUsualShown = usual !== undefined && (others.length === 0 || usual.store.state !== 'missing');
    return isUsualShown ? [usual, ...others] : others;
  }

  /** To be called when settings have changed. */
  async configure(): Promise<void> {
    const settings = finderSettings(this.folder);
    if (settings.hasUsual && !this.#open.has(this.#usual)) {
      this.#openStore(this.#usual);
    } else if (!settings.hasUsual) {
      this.#close(this.#usual);
    }
    await Promise.all([...this.open.map(({ store }) => store.configure(storeSettings(this.folder))), this.#finder.configure(settings)]);
    this.follow();
  }

  /** Opens and closes stores as the folder has them now. To be called when the place of a store may have changed. */
  follow(): void {
    const wanted = new Set(this.#finder.stores.filter((found) => this.#isWanted(found)));
    for (const found of this.#open.keys()) {
      if (found !== this.#usual && !wanted.has(found)) {
        this.#close(found);
      }
    }
    for (const found of wanted) {
      if (!this.#open.has(found)) {
        this.#openStore(found);
      }
    }
    for (const problem of this.#finder.problems) {
      this.#deps.logger.warn(`The setting “markdownIssues.stores” of ${this.folder.name}: ${problem}`);
    }
    if (this.#isFound) {
      this.#deps.onDidChange();
    }
  }

  dispose(): void {
    this.#finder.dispose();
    for (const found of [...this.#open.keys()]) {
      this.#close(found);
    }
  }

  /** The usual store is opened without being found, and shows one of the places where our own format can be. */
  #isWanted({ place, format }: FoundStore): boolean {
    if (place === undefined) {
      return false;
    }
    const usual = this.#open.get(this.#usual)?.store;
    if (usual === undefined) {
      return true;
    }
    const path = resolve(this.folder.uri.fsPath, place.folder);
    return usual.folder === undefined ? format !== NUMBERED_FORMAT : !isSamePath(usual.folder, path);
  }

  #openStore(found: FoundStore): void {
    const { place, format } = found;
    const id = this.folder.uri.toString();
    this.#open.set(found, this.#deps.open(found, place === undefined ? id : `${id}#${format.id}#${join('/', place.folder)}`));
  }

  #close(found: FoundStore): void {
    this.#open.get(found)?.dispose();
    this.#open.delete(found);
  }
}
