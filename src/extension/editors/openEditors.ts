import { realpath } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { type Position, Range, type Tab, TabInputText, Uri, ViewColumn, window } from 'vscode';
import { pathKey } from '../../core/paths.ts';

/** A file that has another place now. */
export interface MovedFile {
  readonly from: string;
  readonly to: string;
}

/**
 * Lets the tabs of moved files show them where they are now, each in its group and without taking the focus. A tab behind
 * another one is closed: it could only follow by coming to the front.
 */
export async function followMovedFiles(moves: readonly MovedFile[]): Promise<void> {
  const moved = moves.filter(({ from, to }) => from !== to);
  for (const { tab, path, file } of await tabsOf(moved, ({ from }) => from)) {
    const { viewColumn } = tab.group;
    if (tab.isActive) {
      await window.showTextDocument(Uri.file(file.to), { viewColumn, preserveFocus: true, preview: tab.isPreview });
    }
    // Looked for anew: a preview has made room for the new one by itself, and VS Code may close the tabs of files that are gone.
    const left = window.tabGroups.all.filter((group) => group.viewColumn === viewColumn).flatMap((group) => group.tabs);
    await window.tabGroups.close(
      left.filter((other) => pathOf(other) === path),
      true,
    );
  }
}

/** Closes the tabs of files that have been deleted. What was typed in them is saved by now, see `UnsavedIssues`. */
export async function closeTabsOf(filePaths: readonly string[]): Promise<void> {
  const shown = await tabsOf(filePaths, (filePath) => filePath);
  await window.tabGroups.close(
    shown.map(({ tab }) => tab),
    true,
  );
}

/** The tabs that show one of these files as text, by whichever path. */
async function tabsOf<T>(files: readonly T[], pathOfFile: (file: T) => string) {
  const tabs = window.tabGroups.all
    .flatMap((group) => group.tabs)
    .flatMap((tab) => {
      const path = pathOf(tab);
      return path === undefined ? [] : [{ tab, path }];
    });
  // Thousands of files may have moved, and few are open.
  const names = new Set(tabs.map(({ path }) => nameKey(path)));
  const open = files.filter((file) => names.has(nameKey(pathOfFile(file))));
  const fileByKey = new Map(await Promise.all(open.map(async (file) => [await fileKey(pathOfFile(file)), file] as const)));
  const keyed = await Promise.all(tabs.map(async (shown) => ({ ...shown, file: fileByKey.get(await fileKey(shown.path)) })));
  return keyed.flatMap(({ file, ...shown }) => (file === undefined ? [] : [{ ...shown, file }]));
}

function nameKey(path: string): string {
  return basename(pathKey(path));
}

/** The same for all paths of a file. Its folder is asked where links lead, because the file itself may be gone. */
async function fileKey(path: string): Promise<string> {
  const folder = await realpath(dirname(path)).catch(() => dirname(path));
  return pathKey(join(folder, basename(path)));
}

/** The file that a tab shows as text. */
function pathOf({ input }: Tab): string | undefined {
  return input instanceof TabInputText && input.uri.scheme === 'file' ? input.uri.fsPath : undefined;
}

export interface OpenIssueOptions {
  /** Beside the active editor. */
  readonly beside?: boolean;
  /** In a tab that makes room for the next preview. */
  readonly preview?: boolean;
  /** Where the cursor goes; undefined leaves it where it was. */
  readonly place?: Position | undefined;
}

/** Opens an issue as the explorer opens a file: in a preview tab, or beside the active editor. */
export async function openIssueFile(filePath: string, { beside = false, preview = true, place }: OpenIssueOptions = {}): Promise<void> {
  await window.showTextDocument(Uri.file(filePath), {
    preview,
    ...(beside ? { viewColumn: ViewColumn.Beside } : {}),
    ...(place ? { selection: new Range(place, place) } : {}),
  });
}
