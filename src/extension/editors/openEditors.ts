import { type Position, Range, type Tab, TabInputText, Uri, ViewColumn, window } from 'vscode';

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
  const targets = new Map(moves.filter(({ from, to }) => from !== to).map(({ from, to }) => [from, to]));
  for (const { viewColumn, tabs } of window.tabGroups.all) {
    for (const tab of tabs) {
      const path = pathOf(tab);
      const target = path === undefined ? undefined : targets.get(path);
      if (path === undefined || target === undefined) {
        continue;
      }
      if (tab.isActive) {
        await window.showTextDocument(Uri.file(target), { viewColumn, preserveFocus: true, preview: tab.isPreview });
      }
      // Looked for anew: a preview has made room for the new one by itself, and VS Code may close the tabs of files that are gone.
      const left = window.tabGroups.all.filter((group) => group.viewColumn === viewColumn).flatMap((group) => group.tabs);
      await window.tabGroups.close(
        left.filter((other) => pathOf(other) === path),
        true,
      );
    }
  }
}

/** Closes the tabs of files that have been deleted. What was typed in them is saved by now, see `UnsavedIssues`. */
export async function closeTabsOf(filePaths: readonly string[]): Promise<void> {
  const tabs = window.tabGroups.all.flatMap((group) => group.tabs).filter((tab) => filePaths.includes(pathOf(tab) ?? ''));
  await window.tabGroups.close(tabs, true);
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
