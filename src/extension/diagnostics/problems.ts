import pLimit from 'p-limit';
import { type DiagnosticCollection, languages, RelativePattern, Uri, Disposable as VsCodeDisposable, workspace } from 'vscode';
import type { Disposable } from '../../core/events.ts';
import { concernedBy } from '../../core/health/storeFindings.ts';
import { issuePath, keyOfPath } from '../../core/issue/storeLayout.ts';
import type { Logger } from '../../core/logger.ts';
import { isInsideFolder } from '../../core/paths.ts';
import { DisposableList } from '../disposableList.ts';
import type { StoreChange, WorkspaceStore, WorkspaceStores } from '../stores/workspaceStores.ts';
import { StoreDiagnostics } from './storeDiagnostics.ts';

/** How many files in other folders are pointed out. */
const STRAY_LIMIT = 100;
/** How long VS Code takes at most to begin to watch a folder outside the workspace, in milliseconds. It does not say when it has. */
const WATCHED_MS = 3000;

/** The problems of one store, kept as they are now. */
class StoreProblems implements Disposable {
  readonly #source: WorkspaceStore;
  readonly #stores: WorkspaceStores;
  readonly #diagnostics: StoreDiagnostics;
  readonly #logger: Logger;
  readonly #lifetime: DisposableList;
  readonly #oneLook = pLimit(1);
  /** Of the store's other folders: the store itself watches its own two alone. */
  #watcher: Disposable | undefined;
  #watched: string | undefined;
  #isDisposed = false;

  constructor(source: WorkspaceStore, stores: WorkspaceStores, collection: DiagnosticCollection, logger: Logger) {
    this.#source = source;
    this.#stores = stores;
    this.#logger = logger;
    this.#diagnostics = new StoreDiagnostics(collection, logger, {
      name: source.folder.name,
      filePathOf: (issue) => source.store.filePathOf(issue),
    });
    this.#lifetime = new DisposableList((error) => logger.error(String(error)));
    this.#lifetime.add({ dispose: () => this.#watcher?.dispose() });
    this.followPlace();
  }

  /** To be called when the store may be in another place than before. */
  followPlace(): void {
    const { folder, store } = this.#source;
    // What is not to be read is not watched either.
    const watched = store.failure?.kind === 'outside' ? undefined : store.folder;
    if (watched === this.#watched) {
      return;
    }
    this.#watched = watched;
    this.#diagnostics.clear();
    this.#diagnostics.update(store.catalogue, store.catalogue.summaries());
    this.#look();
    this.#watcher?.dispose();
    this.#watcher = undefined;
    if (watched !== undefined) {
      // VS Code watches the workspace folder anyway, and the store's may be missing.
      const isInside = isInsideFolder(folder.uri.fsPath, watched);
      const watcher = workspace.createFileSystemWatcher(new RelativePattern(isInside ? folder : Uri.file(watched), '**/*.md'), false, true);
      const lookIfBeside = (uri: Uri) => this.#isBeside(uri) && this.#look();
      watcher.onDidCreate(lookIfBeside);
      watcher.onDidDelete(lookIfBeside);
      // Files that come before VS Code watches a folder outside are found by another look.
      const timer = isInside ? undefined : setTimeout(() => this.#look(), WATCHED_MS);
      this.#watcher = VsCodeDisposable.from(watcher, { dispose: () => clearTimeout(timer) });
    }
  }

  follow(change: StoreChange['change']): void {
    this.followPlace();
    const { catalogue } = this.#source.store;
    this.#diagnostics.remove(change.removed);
    this.#diagnostics.update(catalogue, concernedBy(catalogue, change).values());
    if (change.otherFolders) {
      this.#look();
    }
  }

  dispose(): void {
    this.#isDisposed = true;
    this.#lifetime.dispose();
    this.#diagnostics.clear();
  }

  /** True for what lies in the store's folder and is not an issue of it. */
  #isBeside(uri: Uri): boolean {
    const { source, path } = this.#stores.holding(uri) ?? {};
    if (source !== this.#source || path === undefined) {
      return false;
    }
    return keyOfPath(path) === undefined;
  }

  /** Lists what lies beside the store; one look at a time, and one more if something happens meanwhile. */
  #look(): void {
    if (this.#oneLook.pendingCount > 0) {
      return;
    }
    this.#oneLook(async () => {
      const { folder, catalogue } = this.#source.store;
      const found = await this.#source.store.strayFiles(STRAY_LIMIT);
      if (!this.#isDisposed) {
        // In a folder that is a store of its own they are issues.
        const strays = found.filter((path) => this.#stores.holding(Uri.file(path))?.source === this.#source);
        const garbled = folder === undefined ? [] : catalogue.garbled.map((key) => issuePath(folder, key));
        this.#diagnostics.showBeside(strays, garbled);
      }
    }).catch((error: unknown) => this.#logger.error(error instanceof Error ? error : String(error)));
  }
}

/**
 * Keeps the Problems view at what is wrong with the issues of all stores. A change costs what it concerns, not what the store holds; only
 * a store that has just been opened is gone through as a whole.
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
  lifetime.add(stores.onDidChangeState((source) => problems.get(source)?.followPlace()));
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
