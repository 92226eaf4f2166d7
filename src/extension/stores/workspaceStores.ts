import { join } from 'node:path';
import { Uri, type WorkspaceFolder, window, workspace } from 'vscode';
import {
  type Disposable,
  Emitter,
  type Event,
  type FoundStore,
  type IssueChange,
  IssueStore,
  type IssueStoreOptions,
  type IssueSummary,
  isSamePath,
  type Logger,
  type MetricsSample,
  StoreSet,
} from '../../core/index.ts';
import { DisposableList } from '../disposableList.ts';
import { affectsSetting, storeSetSettings, storeSettings } from '../settings.ts';

/** An open store of a workspace folder. */
export interface WorkspaceStore {
  /** Stays the same as long as the store is open. */
  readonly id: string;
  readonly folder: WorkspaceFolder;
  readonly store: IssueStore;
  /** What a row, a choice or a message calls it: the workspace folder's name, or that of the format if the folder has several stores. */
  readonly name: string;
  /** Where it is, beside the name where there are several; empty if the name says as much. */
  readonly where: string;
  /** Fires once a second with what was added to the store's history. */
  readonly onDidSample: Event<MetricsSample>;
}

interface OpenStore extends WorkspaceStore, Disposable {
  readonly sampled: Emitter<MetricsSample>;
  /** Settles when the store has been read for the first time; never rejects. */
  readonly opened: Promise<void>;
}

interface FolderStores {
  readonly folder: WorkspaceFolder;
  readonly set: StoreSet<OpenStore>;
}

/** See the options of the same names of {@link IssueStore}. */
export type FileHandling = Pick<IssueStoreOptions, 'disk' | 'discard' | 'editors'>;

/** See the options of the same names of {@link IssueStore}. */
export interface IndexPlace {
  readonly folder: string;
  readonly writer: string;
}

export interface StoreChange {
  readonly source: WorkspaceStore;
  readonly change: IssueChange;
}

const SAMPLE_MS = 1000;

/**
 * The stores in the workspace's folders, opened and closed with them and kept to their settings. Folders that are not on a disk have none.
 */
export class WorkspaceStores implements Disposable {
  readonly #logger: Logger;
  readonly #files: FileHandling;
  readonly #index: IndexPlace | undefined;
  readonly #lifetime: DisposableList;
  readonly #didChangeStores: Emitter<void>;
  readonly #didChange: Emitter<StoreChange>;
  readonly #didChangeState: Emitter<WorkspaceStore>;
  #folders: readonly FolderStores[] = [];
  #all: readonly OpenStore[] = [];
  #wasLooking = true;
  #wasFocused = window.state.focused;
  #isSampling = false;

  /**
   * @param index where stores keep their index between sessions; without it every session reads all files.
   */
  constructor(logger: Logger, files: FileHandling, index?: IndexPlace) {
    this.#logger = logger;
    this.#files = files;
    this.#index = index;
    const onError = (error: unknown) => logger.error(error instanceof Error ? error : String(error));
    this.#lifetime = new DisposableList(onError);
    this.#didChangeStores = this.#lifetime.add(new Emitter<void>(onError));
    this.#didChange = this.#lifetime.add(new Emitter<StoreChange>(onError));
    this.#didChangeState = this.#lifetime.add(new Emitter<WorkspaceStore>(onError));
    this.#lifetime.add(workspace.onDidChangeWorkspaceFolders(() => this.#followFolders()));
    this.#lifetime.add(
      workspace.onDidChangeConfiguration((event) => {
        for (const stores of this.#folders.filter(({ folder }) => affectsSetting(event, undefined, folder))) {
          configure(stores).catch(onError);
        }
      }),
    );
    this.#lifetime.add(
      workspace.onDidGrantWorkspaceTrust(() => {
        for (const stores of this.#folders) {
          configure(stores).catch(onError);
        }
      }),
    );
    this.#lifetime.add(
      window.onDidChangeWindowState(({ focused }) => {
        // The watcher may have missed changes meanwhile, for example while a laptop slept or a folder was mounted again.
        for (const { store } of focused && !this.#wasFocused ? this.#open : []) {
          store.refresh().catch(onError);
        }
        this.#wasFocused = focused;
      }),
    );
    this.#followFolders();
  }

  /** Those to show, in the order of the workspace's folders and in each as its settings list them. */
  get all(): readonly WorkspaceStore[] {
    return this.#all;
  }

  /** Whether there may be stores that are not known yet. */
  get isLooking(): boolean {
    return this.#folders.some(({ set }) => set.isLooking);
  }

  get #open(): readonly OpenStore[] {
    return this.#folders.flatMap(({ set }) => set.opened);
  }

  /** The stores that new issues can go to: all but those that would only be made inside another store. */
  get forNewIssues(): readonly WorkspaceStore[] {
    return this.#all.filter(({ store, folder }) => {
      const isInOther = this.#all.some((other) => other.store !== store && other.store.pathOf(folder.uri.fsPath) !== undefined);
      return store.format.writes.create && (store.state !== 'missing' || !isInOther);
    });
  }

  /** The store that a new issue goes to while this file is shown. */
  forNewIssueBeside(uri: Uri): WorkspaceStore | undefined {
    const candidates = [this.holding(uri)?.source, ...this.#inFolderOf(uri)];
    return candidates.find((source) => source?.store.format.writes.create);
  }

  /** The first store of the workspace folder that this file lies in, wherever that store is. */
  of(uri: Uri): WorkspaceStore | undefined {
    return this.#inFolderOf(uri)[0];
  }

  #inFolderOf(uri: Uri): readonly WorkspaceStore[] {
    const folder = workspace.getWorkspaceFolder(uri);
    return folder === undefined ? [] : this.#all.filter((source) => isSameFolder(source.folder, folder));
  }

  /** The store whose folder this file lies in, and where in it, with `/` between the parts. Of stores in each other it is the inner one. */
  holding(uri: Uri): { readonly source: WorkspaceStore; readonly path: string } | undefined {
    const found = (uri.scheme === 'file' ? this.#all : []).flatMap((source) => {
      const path = source.store.pathOf(uri.fsPath);
      return path === undefined ? [] : [{ source, path }];
    });
    // What is left of the path is shortest where the store's folder is longest.
    return found.sort((a, b) => a.path.length - b.path.length)[0];
  }

  /** The path of this file as its store spells it, which is what its issues have; else as VS Code does. */
  pathOf(uri: Uri): string {
    const { source, path } = this.holding(uri) ?? {};
    return source?.store.folder === undefined || path === undefined ? uri.fsPath : join(source.store.folder, path);
  }

  /** The issue that this file is, if it is one of a store's. */
  issueOf(uri: Uri): { readonly source: WorkspaceStore; readonly summary: IssueSummary } | undefined {
    const { source, path } = this.holding(uri) ?? {};
    if (source === undefined || path === undefined) {
      return undefined;
    }
    const key = source.store.keyAt(path);
    const summary = key && source.store.catalogue.get(key)?.summary;
    return summary && { source, summary };
  }

  /** A store came or went. */
  get onDidChangeStores(): Event<void> {
    return this.#didChangeStores.event;
  }

  get onDidChange(): Event<StoreChange> {
    return this.#didChange.event;
  }

  /** A store was read for the first time, appeared, went missing, or its watcher failed or recovered. */
  get onDidChangeState(): Event<WorkspaceStore> {
    return this.#didChangeState.event;
  }

  /** Settles when every store has been read for the first time. */
  async whenOpened(): Promise<void> {
    await Promise.all(this.#folders.map(({ set }) => set.found));
    await Promise.all(this.#open.map(({ opened }) => opened));
  }

  /** Settles when there is something to show of a store, or nothing of any. */
  async whenShown(): Promise<void> {
    if (this.#all.some(({ store }) => store.state === 'ready')) {
      return;
    }
    const shown = new Promise<void>((resolve) => {
      const listener = this.#didChangeState.event(({ store }) => {
        if (store.state === 'ready') {
          listener.dispose();
          resolve();
        }
      });
      void this.whenOpened().then(() => listener.dispose());
    });
    await Promise.race([shown, this.whenOpened()]);
  }

  dispose(): void {
    for (const { set } of this.#folders) {
      set.dispose();
    }
    this.#folders = [];
    this.#all = [];
    this.#lifetime.dispose();
  }

  #followFolders(): void {
    const folders = (workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === 'file');
    const before = this.#folders;
    this.#folders = folders.map((folder) => before.find((each) => isSameFolder(each.folder, folder)) ?? this.#openFolder(folder));
    for (const stores of before) {
      if (!this.#folders.includes(stores)) {
        stores.set.dispose();
      }
    }
    this.#followStores();
  }

  #openFolder(folder: WorkspaceFolder): FolderStores {
    const set: StoreSet<OpenStore> = new StoreSet<OpenStore>({
      root: folder.uri.fsPath,
      disk: this.#files.disk,
      logger: this.#logger,
      settings: storeSetSettings(folder),
      open: (found, id) => this.#openStore({ folder, set: () => set }, found, id),
      onDidChange: () => this.#followStores(),
    });
    return { folder, set };
  }

  #followStores(): void {
    this.#sampleWhatIsThere();
    const before = this.#all;
    const shown = this.#folders.flatMap(({ set }) => set.all);
    // Settings of two workspace folders can name one store.
    this.#all = shown.filter(({ store }, index) => shown.findIndex((other) => isSameStore(other.store, store)) === index);
    if (
      this.#wasLooking !== this.isLooking ||
      before.length !== this.#all.length ||
      before.some((store, index) => store !== this.#all[index])
    ) {
      this.#wasLooking = this.isLooking;
      this.#didChangeStores.fire();
    }
  }

  #openStore(
    { folder, set }: { readonly folder: WorkspaceFolder; readonly set: () => StoreSet<OpenStore> },
    { format, place, label }: FoundStore,
    id: string,
  ): OpenStore {
    const store = new IssueStore({
      root: folder.uri.fsPath,
      format,
      ...(place === undefined ? { isAwaited: true } : { place }),
      settings: storeSettings(folder),
      logger: this.#logger,
      ...this.#files,
      indexFolder: this.#index?.folder,
      indexWriter: this.#index?.writer,
    });
    const onError = (error: unknown) => this.#logger.error(`Opening an issue store of ${folder.name} failed: ${String(error)}`);
    const sampled = new Emitter<MetricsSample>(onError);
    const open: OpenStore = {
      ...{ folder, store, sampled },
      id: id === '' ? folder.uri.toString() : `${folder.uri}#${id}`,
      get name() {
        return label ?? (set().all.length > 1 ? format.label : folder.name);
      },
      get where() {
        return this.name === folder.name ? '' : placeOf(store);
      },
      onDidSample: sampled.event,
      opened: this.#cleaned(store, store.open()).catch(onError),
      dispose: () => {
        store.dispose();
        sampled.dispose();
      },
    };
    store.onDidChange((change) => this.#didChange.fire({ source: open, change }));
    store.onDidChangeState(() => {
      set().follow();
      this.#didChangeState.fire(open);
    });
    return open;
  }

  /** Removes temporary files that crashes have left behind. It is the first write of a session, so only in a trusted workspace. */
  async #cleaned(store: IssueStore, opening: Promise<void>): Promise<void> {
    await opening;
    if (workspace.isTrusted && store.state === 'ready') {
      const { removed, kept } = await store.removeLeftovers();
      for (const path of removed) {
        this.#logger.info(`Removed what a crash had left: ${path}`);
      }
      for (const path of kept) {
        this.#logger.warn(`A crash has left ${path}, which may hold an edit. Rename it to end in .md, or delete it.`);
      }
    }
  }

  /** In a window without any store there is nothing to sample. */
  #sampleWhatIsThere(): void {
    if (!this.#isSampling && this.#open.some(({ store }) => store.state === 'ready')) {
      this.#isSampling = true;
      const timer = setInterval(() => this.#sample(), SAMPLE_MS);
      this.#lifetime.add({ dispose: () => clearInterval(timer) });
    }
  }

  #sample(): void {
    for (const { store, sampled } of this.#open) {
      const sample = store.sample();
      if (sample !== undefined) {
        sampled.fire(sample);
      }
    }
  }
}

function isSameFolder(a: WorkspaceFolder, b: WorkspaceFolder): boolean {
  return a.uri.toString() === b.uri.toString();
}

/** The store's folder as seen from the workspace folder, which is named where the workspace has several. */
function placeOf({ folder: path }: IssueStore): string {
  if (path === undefined) {
    return '';
  }
  return workspace.asRelativePath(Uri.file(path), (workspace.workspaceFolders ?? []).length > 1);
}

async function configure({ folder, set }: FolderStores): Promise<void> {
  const settings = storeSettings(folder);
  await Promise.all([...set.opened.map(({ store }) => store.configure(settings)), set.configure(storeSetSettings(folder))]);
}

function isSameStore(a: IssueStore, b: IssueStore): boolean {
  return a === b || (a.folder !== undefined && b.folder !== undefined && isSamePath(a.folder, b.folder));
}
