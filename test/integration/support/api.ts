import assert from 'node:assert/strict';
import { type Extension, extensions, type WorkspaceFolder, workspace } from 'vscode';
import type { MarkdownIssuesApi } from '../../../src/extension/extension.ts';
import type { WorkspaceStore } from '../../../src/extension/stores/workspaceStores.ts';

/** The extension under test. */
export function extension(): Extension<MarkdownIssuesApi> {
  const found = extensions.getExtension<MarkdownIssuesApi>('markdown-issues.markdown-issues');
  assert.ok(found, 'VS Code has not loaded the extension');
  return found;
}

/** What the extension lets others see of itself, with every store read. */
export async function activated(): Promise<MarkdownIssuesApi> {
  const api = await extension().activate();
  await api.stores.whenOpened();
  return api;
}

/** One of the window's workspace folders, by its name. */
export function workspaceFolder(name: string): WorkspaceFolder {
  const found = workspace.workspaceFolders?.find((folder) => folder.name === name);
  assert.ok(found, `there is no workspace folder ${name}`);
  return found;
}

/** The store of one of the window's workspace folders. */
export function sourceOf({ stores }: MarkdownIssuesApi, name: string): WorkspaceStore {
  const found = stores.of(workspaceFolder(name).uri);
  assert.ok(found, `there is no store for ${name}`);
  return found;
}
