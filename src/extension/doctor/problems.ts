import { sep } from 'node:path';
import pLimit from 'p-limit';
import { type DiagnosticCollection, languages, RelativePattern, type Uri, workspace } from 'vscode';
import type { Disposable } from '../../core/events.ts';
import type { Logger } from '../../core/logger.ts';
import { NodeDisk } from '../../core/storage/nodeDisk.ts';
import { strayFiles } from '../../core/storage/strayFiles.ts';
import { concernedBy } from '../../core/store/storeFindings.ts';
import { DisposableList } from '../disposableList.ts';
import type { StoreChange, WorkspaceStore, WorkspaceStores } from '../stores/workspaceStores.ts';
import { StoreDiagnostics } from './storeDiagnostics.ts';

/** How many files in other folders are pointed out. */
const STRAY_LIMIT = 100;

/** The problems of one store, kept as they are now. */
class StoreProblems implements Disposable {
  readonly #source: WorkspaceStore;
  readonly #diagnostics: StoreDiagnostics;
  readonly #logger: Logger;
  readonly #lifetime: DisposableList;
  readonly #oneLook = pLimit(1);
  #isDisposed = false;

  constructor(source: WorkspaceStore, collection: DiagnosticCollection, logger: Logger) {
    this.#source = source;
    this.#logger = logger;
    this.#diagnostics = new StoreDiagnostics(collection, logger, source.folder.name);
    this.#lifetime = new DisposableList((error) => logger.error(String(error)));
    // The store watches its own two folders and no others.
    const watcher = this.#lifetime.add(workspace.createFileSystemWatcher(new RelativePattern(source.folder, '**/*.md'), false, true));
    const lookIfBeside = (uri: Uri) => this.#isBeside(uri) && this.#look();
    this.#lifetime.add(watcher.onDidCreate(lookIfBeside));
    this.#lifetime.add(watcher.onDidDelete(lookIfBeside));
    const { catalogue } = source.store;
    this.#diagnostics.update(catalogue, catalogue.summaries());
    this.#look();
  }

  follow(change: StoreChange['change']): void {
    const { catalogue } = this.#source.store;
    this.#diagnostics.remove(change.removed.map(({ filePath }) => filePath));
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
  #isBeside({ fsPath }: Uri): boolean {
    const { folder } = this.#source.store;
    if (folder === undefined || !fsPath.startsWith(folder + sep)) {
      return false;
    }
    const parts = fsPath.slice(folder.length + sep.length).split(sep);
    return parts.length > (parts[0] === 'complete' ? 2 : 1);
  }

  /** Lists what lies beside the store; one look at a time, and one more if something happens meanwhile. */
  #look(): void {
    if (this.#oneLook.pendingCount > 0) {
      return;
    }
    this.#oneLook(async () => {
      const { folder, catalogue } = this.#source.store;
      const found = folder === undefined ? [] : await strayFiles(new NodeDisk(), folder, catalogue.otherFolders, STRAY_LIMIT);
      if (!this.#isDisposed) {
        this.#diagnostics.showStrays(found);
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
      problems.set(source, new StoreProblems(source, collection, logger));
    }
  };
  lifetime.add(stores.onDidChangeStores(followStores));
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
