import { type Tab, type TabGroup, TabInputText, TabInputTextDiff, type TextDocument, type Uri, window, workspace } from 'vscode';
import { isSamePath } from '../../core/index.ts';

/** A tab that shows a file as text, with its position. */
export interface FileTab {
  readonly tab: Tab;
  readonly uri: Uri;
  readonly group: TabGroup;
  /** Zero-based position in its group. */
  readonly index: number;
}

/** Finds open tabs and documents by the path of an issue's file. */
export class OpenFiles {
  readonly #pathOf: (uri: Uri) => string;

  /** @param pathOf the path as the store spells it. Several paths can lead to one file, for example through symbolic links. */
  constructor(pathOf: (uri: Uri) => string) {
    this.#pathOf = pathOf;
  }

  /** The tabs that show this file as text, group by group. */
  tabsOf(filePath: string): FileTab[] {
    return window.tabGroups.all.flatMap((group) =>
      group.tabs.flatMap((tab, index) => {
        const uri = tab.input instanceof TabInputText ? tab.input.uri : undefined;
        return uri !== undefined && this.#isFile(uri, filePath) ? [{ tab, uri, group, index }] : [];
      }),
    );
  }

  /**
   * The tabs that compare this file with something.
   * @param scheme only comparisons whose original has this scheme.
   */
  comparisonsOf(filePath: string, scheme?: string): Tab[] {
    return window.tabGroups.all.flatMap(({ tabs }) =>
      tabs.filter(
        ({ input }) =>
          input instanceof TabInputTextDiff &&
          (this.#isFile(input.modified, filePath) || this.#isFile(input.original, filePath)) &&
          (scheme === undefined || input.original.scheme === scheme),
      ),
    );
  }

  documentOf(filePath: string): TextDocument | undefined {
    return workspace.textDocuments.find(({ uri }) => this.#isFile(uri, filePath));
  }

  /** The open documents of these files that have unsaved changes. */
  unsaved(filePaths: readonly string[]): TextDocument[] {
    const unsaved = workspace.textDocuments.filter(hasUnsavedChanges);
    return unsaved.filter(({ uri }) => filePaths.some((filePath) => this.#isFile(uri, filePath)));
  }

  #isFile(uri: Uri, filePath: string): boolean {
    return uri.scheme === 'file' && isSamePath(this.#pathOf(uri), filePath);
  }
}

/** True if the document has changes that are not on disk. If the user typed during a save, `isDirty` stays false, but the tab is dirty. */
export function hasUnsavedChanges({ isDirty, uri }: TextDocument): boolean {
  return isDirty || window.tabGroups.all.some(({ tabs }) => tabs.some((tab) => tab.isDirty && uriOf(tab)?.toString() === uri.toString()));
}

/** The file that a tab shows as text, or the modified side of a comparison. */
export function uriOf({ input }: Tab): Uri | undefined {
  return input instanceof TabInputText ? input.uri : input instanceof TabInputTextDiff ? input.modified : undefined;
}
