import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { ConfigurationTarget, Uri, type WorkspaceFolder, workspace } from 'vscode';
import type { IssueKey } from '../../../src/core/issue/issue.ts';
import type { IssueStore } from '../../../src/core/store/issueStore.ts';
import type { MarkdownIssuesApi } from '../../../src/extension/extension.ts';
import type { StoreChange, WorkspaceStore } from '../../../src/extension/stores/workspaceStores.ts';
import type { IssueNode } from '../../../src/extension/tree/issueNodes.ts';
import { activated, workspaceFolder } from './api.ts';
import { eventOf } from './events.ts';
import { type Files, replaceFiles, writeFiles } from './files.ts';

/**
 * A workspace folder of a test file's own, beside those that the window has from the start.
 *
 * Going to three folders and back leaves the extension host as it is.
 */
export class TestStore {
  readonly #files: Files;
  readonly #settings = new Set<string>();
  #api: MarkdownIssuesApi | undefined;
  #folder: WorkspaceFolder | undefined;

  constructor(files: Files) {
    this.#files = files;
  }

  get api(): MarkdownIssuesApi {
    assert.ok(this.#api);
    return this.#api;
  }

  get folder(): WorkspaceFolder {
    assert.ok(this.#folder, 'the store is not open');
    return this.#folder;
  }

  /** Of the workspace folder. */
  get name(): string {
    return this.folder.name;
  }

  get source(): WorkspaceStore {
    const found = this.api.stores.of(this.folder.uri);
    assert.ok(found, `${this.name} has no store`);
    return found;
  }

  get store(): IssueStore {
    return this.source.store;
  }

  /** Takes part in the workspace from here on. */
  async open(): Promise<void> {
    this.#api = await activated();
    const path = mkdtempSync(join(dirname(workspaceFolder('alpha').uri.fsPath), 'store-'));
    writeFiles(path, this.#files);
    await addFolder(path);
    this.#folder = workspaceFolder(basename(path));
    await this.api.stores.whenOpened();
  }

  /** As it was in the beginning, settings and files. */
  async reset(): Promise<void> {
    for (const key of this.#settings) {
      await this.#set(key, undefined);
    }
    this.#settings.clear();
    replaceFiles(this.folder.uri.fsPath, this.#files);
    await this.store.refresh();
  }

  async close(): Promise<void> {
    const { fsPath } = this.folder.uri;
    await removeFolder(this.folder);
    this.#folder = undefined;
    rmSync(fsPath, { recursive: true, force: true, maxRetries: 5 });
  }

  /** Absolute path of something in the folder. */
  path(name: string): string {
    return join(this.folder.uri.fsPath, name);
  }

  uri(name: string): Uri {
    return Uri.file(this.path(name));
  }

  write(files: Files): void {
    writeFiles(this.folder.uri.fsPath, files);
  }

  has(name: string): boolean {
    return existsSync(this.path(name));
  }

  read(name: string): string {
    return readFileSync(this.path(name), 'utf8');
  }

  /** The row of the issue with this key. */
  node(key: string): IssueNode {
    const entry = this.store.catalogue.get(key as IssueKey);
    assert.ok(entry, `there is no issue ${key}`);
    return this.api.tree.provider.nodeOf(this.source, entry.summary);
  }

  /** Does something and waits until the store says that something changed. */
  changeOf(work: () => unknown, fulfils: (change: StoreChange['change']) => boolean = () => true): Promise<StoreChange> {
    const { source } = this;
    return eventOf(this.api.stores.onDidChange, 'a change of the store', work, (event) => event.source === source && fulfils(event.change));
  }

  /** Changes a setting of this folder alone; {@link reset} takes it back. Waits until the extension has been told. */
  async set(key: string, value: unknown): Promise<void> {
    this.#settings.add(key);
    await this.#set(key, value);
  }

  async #set(key: string, value: unknown): Promise<void> {
    const { uri } = this.folder;
    const configuration = workspace.getConfiguration('markdownIssues', uri);
    if (configuration.inspect(key)?.workspaceFolderValue === value) {
      return;
    }
    const update = () => configuration.update(key, value, ConfigurationTarget.WorkspaceFolder);
    await eventOf(workspace.onDidChangeConfiguration, `the setting ${key}`, update, (event) =>
      event.affectsConfiguration(`markdownIssues.${key}`, uri),
    );
  }
}

/** A store for the tests of this `describe`. Each of them begins with these files. */
export function useStore(files: Files): TestStore {
  const store = new TestStore(files);
  before(() => store.open());
  beforeEach(() => store.reset());
  after(() => store.close());
  return store;
}

/** Adds a folder to the workspace, behind the others, and waits until the extension has been told. */
export async function addFolder(path: string): Promise<void> {
  const add = () => assert.ok(workspace.updateWorkspaceFolders(workspace.workspaceFolders?.length ?? 0, 0, { uri: Uri.file(path) }));
  await eventOf(workspace.onDidChangeWorkspaceFolders, 'a new workspace folder', add);
}

export async function removeFolder({ uri }: WorkspaceFolder): Promise<void> {
  // Its index may be another by now.
  const index = workspace.getWorkspaceFolder(uri)?.index;
  const remove = () => assert.ok(index !== undefined && workspace.updateWorkspaceFolders(index, 1));
  await eventOf(workspace.onDidChangeWorkspaceFolders, 'a workspace folder to go', remove);
}
