import { type Tab, type TabGroup, TabInputText, TabInputTextDiff, type TextDocument, Uri, window, workspace } from 'vscode';

/** A tab that shows a file as text, and where it stands. */
export interface FileTab {
  readonly tab: Tab;
  readonly group: TabGroup;
  /** From 0, in its group. */
  readonly index: number;
}

/** The tabs that show this file as text, group by group. */
export function tabsOf(filePath: string): FileTab[] {
  return window.tabGroups.all.flatMap((group) =>
    group.tabs.flatMap((tab, index) =>
      isFile(tab.input instanceof TabInputText ? tab.input.uri : undefined, filePath) ? [{ tab, group, index }] : [],
    ),
  );
}

/**
 * The tabs that compare this file with something.
 * @param scheme of the other side, if it matters.
 */
export function comparisonsOf(filePath: string, scheme?: string): Tab[] {
  return window.tabGroups.all.flatMap(({ tabs }) =>
    tabs.filter(
      ({ input }) =>
        input instanceof TabInputTextDiff &&
        (isFile(input.modified, filePath) || isFile(input.original, filePath)) &&
        (scheme === undefined || input.original.scheme === scheme),
    ),
  );
}

/** The document of this file, if it is open in any way. */
export function documentOf(filePath: string): TextDocument | undefined {
  return workspace.textDocuments.find(({ uri }) => isFile(uri, filePath));
}

function isFile(uri: Uri | undefined, filePath: string): boolean {
  return uri !== undefined && uri.scheme === 'file' && uri.fsPath === Uri.file(filePath).fsPath;
}
