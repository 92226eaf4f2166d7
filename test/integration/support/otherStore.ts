import assert from 'node:assert/strict';
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TreeItem } from 'vscode';
import { NodeDisk } from '../../../src/core/disk/nodeDisk.ts';
import { Emitter } from '../../../src/core/events.ts';
import type { StoreFormat, StorePlace } from '../../../src/core/formats/storeFormat.ts';
import type { IssueKey } from '../../../src/core/issue/issue.ts';
import { IssueStore } from '../../../src/core/store/issueStore.ts';
import type { StoreChange, WorkspaceStore } from '../../../src/extension/stores/workspaceStores.ts';
import { IssueFilter } from '../../../src/extension/tree/issueFilter.ts';
import type { IssueNode } from '../../../src/extension/tree/issueNodes.ts';
import { IssueTreeProvider } from '../../../src/extension/tree/issueTreeProvider.ts';
import { workspaceFolder } from './api.ts';
import { type Files, writeFiles } from './files.ts';

const rethrow = (error: unknown) => {
  throw error;
};
const LOGGER = { debug: () => {}, info: () => {}, warn: () => {}, error: rethrow };
const SETTINGS = { ttl: 300_000, maxSize: 100, coalescingWindow: 50 };

/** A store of any format on the disk, and the tree that shows it, both beside those of the window. */
export class OtherStore {
  readonly #format: StoreFormat;
  readonly #place: StorePlace;
  readonly #files: Files;
  #root: string | undefined;
  #source: WorkspaceStore | undefined;
  #filter: IssueFilter | undefined;
  #provider: IssueTreeProvider | undefined;

  constructor(format: StoreFormat, place: StorePlace, files: Files) {
    this.#format = format;
    this.#place = place;
    this.#files = files;
  }

  get source(): WorkspaceStore {
    assert.ok(this.#source, 'the store is not open');
    return this.#source;
  }

  get provider(): IssueTreeProvider {
    assert.ok(this.#provider, 'the store is not open');
    return this.#provider;
  }

  async open(): Promise<void> {
    this.#root = realpathSync(mkdtempSync(join(tmpdir(), 'other-store-')));
    writeFiles(this.#root, this.#files);
    const { id } = this.#format;
    const options = { root: this.#root, format: this.#format, place: this.#place, settings: SETTINGS, logger: LOGGER };
    const store = new IssueStore({ ...options, disk: new NodeDisk() });
    await store.open();
    const sampled = new Emitter<never>(rethrow);
    const source = { id, folder: workspaceFolder('alpha'), store, onDidSample: sampled.event } as unknown as WorkspaceStore;
    const [changed, changedState, changedStores] = [
      new Emitter<StoreChange>(rethrow),
      new Emitter<WorkspaceStore>(rethrow),
      new Emitter<void>(rethrow),
    ];
    const events = { onDidChange: changed.event, onDidChangeState: changedState.event, onDidChangeStores: changedStores.event };
    const stores = { all: [source], ...events, whenShown: async () => undefined, isLooking: false };
    store.onDidChange((change) => changed.fire({ source, change }));
    this.#source = source;
    this.#filter = new IssueFilter(stores, rethrow);
    this.#provider = new IssueTreeProvider({ stores, filter: this.#filter, logger: LOGGER });
  }

  close(): void {
    this.provider.dispose();
    this.source.store.dispose();
    rmSync(this.#root ?? '', { recursive: true, force: true, maxRetries: 5 });
  }

  /** As another program does. */
  write(files: Files): void {
    writeFiles(this.#root ?? assert.fail('the store is not open'), files);
  }

  get filter(): IssueFilter {
    assert.ok(this.#filter, 'the store is not open');
    return this.#filter;
  }

  /** The row of the issue with this key. */
  node(key: string): IssueNode {
    const entry = this.source.store.catalogue.get(key as IssueKey);
    assert.ok(entry, `there is no issue ${key}`);
    return this.provider.nodeOf(this.source, entry.summary);
  }

  item(key: string): TreeItem {
    return this.provider.getTreeItem(this.node(key));
  }
}

/** A store for the tests of this `describe`, which leave its files alone. */
export function useOtherStore(format: StoreFormat, place: StorePlace, files: Files): OtherStore {
  const store = new OtherStore(format, place, files);
  before(() => store.open());
  after(() => store.close());
  return store;
}
