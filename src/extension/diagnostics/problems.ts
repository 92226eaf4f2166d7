import pLimit from 'p-limit';
import { type DiagnosticCollection, languages, RelativePattern, Uri, Disposable as VsCodeDisposable, workspace } from 'vscode';
import { type Disposable, FindingChecks, isInsideFolder, issuePath, type Logger } from '../../core/index.ts';
import { DisposableList } from '../disposableList.ts';
import type { StoreChange, WorkspaceStore, WorkspaceStores } from '../stores/workspaceStores.ts';
import { StoreDiagnostics } from './storeDiagnostics.ts';

/** The most stray files that are reported. */
const STRAY_LIMIT = 100;
/** The longest that VS Code takes to start watching a folder outside the workspace, in milliseconds. No event tells when it has. */
const WATCH_START_MS = 3000;

/** Keeps the diagnostics of one store current. */
class StoreProblems implements Disposable {
  readonly #source: WorkspaceStore;
  readonly #stores: WorkspaceStores;
  readonly #diagnostics: StoreDiagnostics;
  readonly #checks: FindingChecks;
  readonly #logger: Logger;
  readonly #lifetime: DisposableList;
  readonly #oneScan = pLimit(1);
  /** Finds files in other folders of the store, which the store itself does not watch. */
  #watcher: Disposable | undefined;
  #watched: string | undefined;
  #statuses: readonly string[] | undefined;
  #isDisposed = false;

  constructor(source: WorkspaceStore, stores: WorkspaceStores, collection: DiagnosticCollection, logger: Logger) {
    this.#source = source;
    this.#stores = stores;
    this.#logger = logger;
    this.#diagnostics = new StoreDiagnostics(collection, logger, {
      name: source.name,
      filePathOf: (issue) => source.store.filePathOf(issue),
    });
    this.#lifetime = new DisposableList((error) => logger.error(String(error)));
    this.#checks = this.#lifetime.add(
      new FindingChecks({
        catalogue: source.store.catalogue,
        take: (summary, findings) => this.#diagnostics.show(summary, findings),
      }),
    );
    this.#lifetime.add({ dispose: () => this.#watcher?.dispose() });
    this.followState();
  }

  /** Takes over where the store is and what its configuration says. */
  followState(): void {
    const { catalogue, config } = this.#source.store;
    this.#followPlace();
    this.#diagnostics.showConfig(config);
    if (catalogue.statuses !== this.#statuses) {
      this.#statuses = catalogue.statuses;
      this.#await(this.#checks.checkAll());
    }
  }

  /** Watches the folder of the store anew if it is another one. */
  #followPlace(): void {
    const { folder, store } = this.#source;
    // The extension may not read a folder outside an untrusted workspace, so it does not watch it either.
    const watched = store.failure?.kind === 'outside' ? undefined : store.folder;
    if (watched === this.#watched) {
      return;
    }
    this.#watched = watched;
    this.#diagnostics.clear();
    this.#await(this.#checks.checkAll());
    this.#scan();
    this.#watcher?.dispose();
    this.#watcher = undefined;
    if (watched !== undefined) {
      // VS Code watches the workspace folder anyway, and the store's folder may not exist yet.
      const isInside = isInsideFolder(folder.uri.fsPath, watched);
      const watcher = workspace.createFileSystemWatcher(new RelativePattern(isInside ? folder : Uri.file(watched), '**/*.md'), false, true);
      const scanIfBeside = (uri: Uri) => this.#isBeside(uri) && this.#scan();
      watcher.onDidCreate(scanIfBeside);
      watcher.onDidDelete(scanIfBeside);
      // Files created before VS Code watches an outside folder cause no event, so scan once more.
      const timer = isInside ? undefined : setTimeout(() => this.#scan(), WATCH_START_MS);
      this.#watcher = VsCodeDisposable.from(watcher, { dispose: () => clearTimeout(timer) });
    }
  }

  follow(change: StoreChange['change']): void {
    this.followState();
    this.#diagnostics.remove(change.removed);
    this.#await(this.#checks.follow(change));
    if (change.otherFolders) {
      this.#scan();
    }
  }

  dispose(): void {
    this.#isDisposed = true;
    this.#lifetime.dispose();
    this.#diagnostics.clear();
  }

  /** True for a file in the store's folder that is not one of its issues. */
  #isBeside(uri: Uri): boolean {
    const { source, path } = this.#stores.holding(uri) ?? {};
    if (source !== this.#source || path === undefined) {
      return false;
    }
    return source.store.keyAt(path) === undefined;
  }

  /** Scans for stray files. One scan runs at a time; calls meanwhile cause a single trailing one. */
  #scan(): void {
    if (this.#oneScan.pendingCount > 0) {
      return;
    }
    const scanned = this.#oneScan(async () => {
      const { folder, catalogue } = this.#source.store;
      const found = await this.#source.store.strayFiles(STRAY_LIMIT);
      if (!this.#isDisposed) {
        // Files that belong to another open store are not strays.
        const strays = found.filter((path) => this.#stores.holding(Uri.file(path))?.source === this.#source);
        const garbled = folder === undefined ? [] : catalogue.garbled.map((key) => issuePath(folder, key));
        this.#diagnostics.showBeside(strays, garbled);
      }
    });
    this.#await(scanned);
  }

  #await(work: Promise<void>): void {
    work.catch((error: unknown) => this.#logger.error(error instanceof Error ? error : String(error)));
  }
}

/**
 * Keeps the Problems view current for all stores. A change checks only the issues that it concerns; opening a store checks all of them.
 */
export function registerProblems({ stores, logger }: { readonly stores: WorkspaceStores; readonly logger: Logger }): Disposable {
  const lifetime = new DisposableList((error) => logger.error(String(error)));
  const collection = lifetime.add(languages.createDiagnosticCollection('markdownIssues'));
  const problems = new Map<WorkspaceStore, StoreProblems>();
  const followStores = () => {
    for (const [source, entry] of problems) {
      if (!stores.all.includes(source)) {
        problems.delete(source);
        entry.dispose();
      }
    }
    for (const source of stores.all.filter((each) => !problems.has(each))) {
      problems.set(source, new StoreProblems(source, stores, collection, logger));
    }
  };
  lifetime.add(stores.onDidChangeStores(followStores));
  lifetime.add(stores.onDidChangeState((source) => problems.get(source)?.followState()));
  lifetime.add(stores.onDidChange(({ source, change }) => problems.get(source)?.follow(change)));
  lifetime.add({
    dispose: () => {
      for (const entry of problems.values()) {
        entry.dispose();
      }
    },
  });
  followStores();
  return lifetime;
}
