import pLimit from 'p-limit';
import {
  CancellationError,
  commands,
  l10n,
  type TextDocument,
  type TextEditor,
  TextEditorRevealType,
  Uri,
  type ViewColumn,
  type Event as VsCodeEvent,
  WorkspaceEdit,
  window,
  workspace,
} from 'vscode';
import { type Disk, type Disposable, type FileEditors, IssueError, isNoFile } from '../../core/index.ts';
import { DisposableList } from '../disposableList.ts';
import { changeText } from './changeText.ts';
import { bytesOf } from './documentBytes.ts';
import type { LastCleanTexts } from './lastCleanTexts.ts';
import { type FileTab, hasUnsavedChanges, type OpenFiles } from './openFiles.ts';
import { mergedChange, withoutReturns } from './textChange.ts';
import { TypingBridge } from './typingBridge.ts';

/** How long the user must not type before the active editor is closed, in milliseconds: longer than the time between two keys. */
const PAUSE_MS = 250;
/** How long to wait for VS Code to replace its tabs, in milliseconds. Tabs that remain are closed. */
const REPLACED_MS = 2000;
/** The most attempts to save a document before its tab closes. It has lost the focus by then, so only keys in flight need another attempt. */
const SAVE_ATTEMPTS = 10;
/** How long VS Code may take to reload a file, in milliseconds. */
const CURRENT_MS = 3000;

export interface IssueEditorsDeps {
  readonly files: OpenFiles;
  readonly seen: LastCleanTexts;
  readonly disk: Disk;
}

/**
 * Moves editors along with the files of issues. Keeps their selection, scroll position, tab position and everything typed during the move.
 *
 * VS Code itself renames a file that is not in the active editor. Its rename of the active editor loses keys typed during the rename, so this
 * class moves that one: the file first, then its editor.
 */
export class IssueEditors implements FileEditors, Disposable {
  /** Whether the moved editor takes the focus. A command on a row of the tree leaves the focus in the tree. */
  focusesEditor = false;
  readonly #files: OpenFiles;
  readonly #seen: LastCleanTexts;
  readonly #disk: Disk;
  readonly #onError: (error: unknown) => void;
  readonly #lifetime: DisposableList;
  readonly #typedAt = new WeakMap<TextDocument, number>();
  /** The state of each document when its file began to move, by the old path. */
  readonly #departures = new Map<string, Departure>();
  /** Old documents whose whole text is in the new document, with the old path. */
  readonly #followed = new WeakMap<TextDocument, string>();
  readonly #oneRename = pLimit(1);

  constructor({ files, seen, disk }: IssueEditorsDeps, onError: (error: unknown) => void) {
    this.#files = files;
    this.#seen = seen;
    this.#disk = disk;
    this.#onError = onError;
    this.#lifetime = new DisposableList(onError);
    this.#lifetime.add(
      workspace.onDidChangeTextDocument(({ document }) => {
        // A reload changes a document too, but never leaves it dirty.
        if (hasUnsavedChanges(document)) {
          this.#typedAt.set(document, Date.now());
        }
      }),
    );
    this.#lifetime.add(
      workspace.onDidSaveTextDocument((document) => {
        for (const departure of this.#departures.values()) {
          departure.isSaved ||= departure.document === document;
        }
        // An auto-save that began before the move recreates the old file, sometimes after its tab was closed.
        const from = this.#followed.get(document);
        if (from !== undefined) {
          this.#removeCopyOnceClosed(from, document).catch(onError);
        }
      }),
    );
  }

  /** @param since in milliseconds since the epoch. */
  isTypedInSince(filePath: string, since: number): boolean {
    const document = this.#files.documentOf(filePath);
    return document !== undefined && (this.#typedAt.get(document) ?? 0) >= since;
  }

  renaming(from: string, to: string): (() => Promise<boolean>) | undefined {
    const tabs = this.#files.tabsOf(from);
    const document = this.#files.documentOf(from);
    if (document !== undefined) {
      const isUnsaved = hasUnsavedChanges(document);
      this.#departures.set(from, { document, at: Date.now(), isUnsaved, cleanText: this.#seen.lastClean(document), isSaved: false });
    }
    // VS Code does not rename a document that was opened through a symbolic link.
    if (tabs.length === 0 || this.#isActive(from) || !tabs.every(({ uri }) => uri.fsPath === Uri.file(from).fsPath)) {
      return undefined;
    }
    return () =>
      this.#oneRename(async () => {
        const edit = new WorkspaceEdit();
        edit.renameFile(Uri.file(from), Uri.file(to), { overwrite: false });
        const isRenamed = await workspace.applyEdit(edit);
        if (isRenamed) {
          // VS Code reports the rename before it replaces the tabs.
          await untilHolds(() => this.#files.tabsOf(from).length === 0, window.tabGroups.onDidChangeTabs, REPLACED_MS);
        }
        return isRenamed;
      });
  }

  async follow(from: string, to: string): Promise<void> {
    try {
      const old = this.#files.documentOf(from);
      if (old !== undefined || this.#files.tabsOf(from).length > 0) {
        await this.#follow(old, from, to);
      }
    } catch (error) {
      // The file has moved already. The old document stays open with its whole text.
      this.#onError(error);
    } finally {
      this.#departures.delete(from);
    }
  }

  async close(filePath: string): Promise<() => Promise<void>> {
    const document = this.#files.documentOf(filePath);
    if (document !== undefined && this.#isActive(filePath)) {
      // A key between the check below and the closing of the tab would open a dialog, so first wait until the user pauses.
      await untilHolds(() => hasUnsavedChanges(document), workspace.onDidChangeTextDocument, PAUSE_MS);
    }
    if (document !== undefined && hasUnsavedChanges(document)) {
      throw new IssueError('conflict', l10n.t('{0} is being edited, so it was not deleted. Save it and try again.', filePath));
    }
    const closed = this.#files.tabsOf(filePath);
    const tabs = [...closed.map(({ tab }) => tab), ...this.#files.comparisonsOf(filePath)];
    if (tabs.length > 0 && !(await window.tabGroups.close(tabs, !this.focusesEditor))) {
      throw new CancellationError();
    }
    if (document !== undefined && hasUnsavedChanges(document) && !document.isClosed) {
      // The user typed before the tab closed. Saving changes the version on disk, so the deletion refuses.
      await document.save();
    }
    return () => this.#reopen(filePath, closed).catch(this.#onError);
  }

  /**
   * Opens a file without showing it, and waits until the document has the text on disk: VS Code keeps a document for minutes after its tab
   * was closed, and notices a replaced file only after a delay.
   */
  async openCurrent(filePath: string): Promise<TextDocument> {
    const document = await workspace.openTextDocument(Uri.file(filePath));
    const { bytes } = await this.#disk.read(filePath);
    const text = await workspace.decode(bytes, { encoding: document.encoding });
    const isCurrent = () => withoutReturns(document.getText()) === withoutReturns(text) || hasUnsavedChanges(document);
    await untilHolds(isCurrent, workspace.onDidChangeTextDocument, CURRENT_MS);
    return document;
  }

  dispose(): void {
    this.#lifetime.dispose();
  }

  async #reopen(filePath: string, closed: readonly FileTab[]): Promise<void> {
    for (const { tab, group } of closed) {
      const options = { viewColumn: group.viewColumn, preview: tab.isPreview, preserveFocus: !this.focusesEditor };
      await window.showTextDocument(Uri.file(filePath), options);
    }
  }

  async #follow(old: TextDocument | undefined, from: string, to: string): Promise<void> {
    const target = await this.openCurrent(to);
    this.#followed.delete(target);
    const base = this.#baseOf(old, from, target);
    const move: Move = { old, target, base, carried: base };
    const shown = this.#files.tabsOf(from).filter(({ tab }) => tab.isActive);
    // Close an active comparison and show the compared file in its place.
    const compared = this.#files.comparisonsOf(from).filter((tab) => tab.isActive);
    for (const place of [...shown, ...compared.map((tab) => ({ tab, group: tab.group }))]) {
      await this.#show(place, move);
    }
    await this.#closeOld(move, from);
    for (const { tab, group, index } of shown.filter((place) => place.group.isActive)) {
      await this.#restorePlace(to, { isPinned: tab.isPinned, viewColumn: group.viewColumn, index });
    }
  }

  /**
   * The text that unsaved edits in the old document are compared with. A document without unsaved edits is its own base, because it may be
   * older than its file if another process has just written it.
   */
  #baseOf(old: TextDocument | undefined, from: string, target: TextDocument): string {
    const saved = target.getText();
    if (old === undefined) {
      return saved;
    }
    // A save since the move may have cleared the unsaved state, so use the state at the move.
    const departure = this.#departures.get(from);
    if (!(departure?.isUnsaved ?? hasUnsavedChanges(old)) && !this.isTypedInSince(from, departure?.at ?? 0)) {
      return old.getText();
    }
    return this.#seen.has(old, saved) ? saved : (departure?.cleanText ?? saved);
  }

  /** Shows the new document in place of the old one, with the same selection and scroll position. */
  async #show({ tab, group }: Pick<FileTab, 'tab' | 'group'>, move: Move): Promise<void> {
    const { viewColumn } = group;
    const { old, target } = move;
    const before = window.visibleTextEditors.find((editor) => editor.document === old && editor.viewColumn === viewColumn);
    // The bridge catches keys that are in flight.
    const hasFocus = group.isActive && this.focusesEditor;
    const bridge = hasFocus ? TypingBridge.open(l10n.t('Moving the issue…'), this.#onError) : undefined;
    let editor = before;
    try {
      editor = await window.showTextDocument(target, {
        viewColumn,
        preview: tab.isPreview,
        preserveFocus: true,
        ...(before === undefined ? {} : { selection: before.selection }),
      });
      await carry(move);
      if (before !== undefined) {
        scrollAs(editor, before);
      }
      if (before !== undefined && (bridge !== undefined || before.selections.length > 1)) {
        // Copy the selections again: the last keys in the old editor may have moved them.
        editor.selections = before.selections;
      }
    } finally {
      // Also after a failure, because the typed text exists only in the bridge.
      await (editor === undefined ? bridge?.dispose() : bridge?.end(editor, editor.document.offsetAt(editor.selection.active)));
    }
  }

  /** Closes the tabs of the old file. Saves an edited document first, because closing its tab would open a dialog. */
  async #closeOld(move: Move, from: string): Promise<void> {
    const { old } = move;
    for (
      let attempt = 0;
      old !== undefined && attempt < SAVE_ATTEMPTS && (hasUnsavedChanges(old) || old.getText() !== move.carried);
      attempt++
    ) {
      await carry(move);
      // Another key can make it dirty again, hence the loop.
      await old.save();
    }
    const tabs = [...this.#files.tabsOf(from).map(({ tab }) => tab), ...this.#files.comparisonsOf(from)];
    if (tabs.length > 0) {
      await window.tabGroups.close(tabs, true);
    }
    if (old === undefined || (this.#files.tabsOf(from).length > 0 && old.getText() !== move.carried)) {
      return;
    }
    // Keys can reach the old document until its tab is gone. With auto-save on, VS Code saves them under the old name as it closes the tab.
    await carry(move);
    this.#followed.set(old, from);
    // A file with what was typed since can only be a copy that VS Code has saved, even if it has told nobody of a document that it closed.
    if ((this.#departures.get(from)?.isSaved ?? true) || old.getText() !== move.base) {
      await this.#removeCopy(from, old);
    }
  }

  #isActive(filePath: string): boolean {
    const { document } = window.activeTextEditor ?? {};
    return document !== undefined && document === this.#files.documentOf(filePath);
  }

  /** Pins the tab and moves it to its old position if it is still the active one: VS Code's commands apply only to that. */
  async #restorePlace(filePath: string, { isPinned, viewColumn, index }: TabPlace): Promise<void> {
    const isHere = ({ tab, group }: FileTab) => tab.isActive && group.isActive && group.viewColumn === viewColumn;
    const current = () => this.#files.tabsOf(filePath).find(isHere);
    if (isPinned && current()?.tab.isPinned === false) {
      await commands.executeCommand('workbench.action.pinEditor');
    }
    const moved = current();
    if (moved !== undefined && moved.index !== index) {
      await commands.executeCommand('moveActiveEditor', { to: 'position', by: 'tab', value: index + 1 });
    }
  }

  /** VS Code reports a tab as closed before it removes it. If a tab remains, the user has opened the file again. */
  async #removeCopyOnceClosed(filePath: string, old: TextDocument): Promise<void> {
    const isClosed = () => this.#files.tabsOf(filePath).length === 0;
    await untilHolds(isClosed, window.tabGroups.onDidChangeTabs, REPLACED_MS);
    if (isClosed()) {
      await this.#removeCopy(filePath, old);
    }
  }

  /** Removes the file that VS Code saved under the old name. Its whole text is in the new document. */
  async #removeCopy(filePath: string, old: TextDocument): Promise<void> {
    const bytes = await bytesOf(old);
    const found = await this.#disk.read(filePath).catch((error: unknown) => {
      if (!isNoFile(error)) {
        throw error;
      }
    });
    if (found?.bytes.equals(bytes)) {
      await this.#disk.remove(filePath);
    }
  }
}

/** The state of a document when its file began to move. */
interface Departure {
  readonly document: TextDocument;
  /** In milliseconds since the epoch. */
  readonly at: number;
  readonly isUnsaved: boolean;
  /** Its text when it last had no unsaved changes. */
  readonly cleanText: string | undefined;
  /** True if it was saved since then, which recreates the file under the old name. */
  isSaved: boolean;
}

/** A file that has moved: the document of its old path and that of its new path. */
interface Move {
  /** Undefined if it was never loaded. */
  readonly old: TextDocument | undefined;
  readonly target: TextDocument;
  /** The text of the old document before the edits that are not in the file. */
  readonly base: string;
  /** The text of the old document up to which its edits are merged into the new one. */
  carried: string;
}

/** Merges the latest edits of the old document into the new one. */
async function carry(move: Move): Promise<void> {
  const { old, target } = move;
  while (old !== undefined && old.getText() !== move.carried) {
    const typed = old.getText();
    await changeText(target, () => mergedChange(move.carried, typed, target.getText()));
    move.carried = typed;
  }
}

function scrollAs(editor: TextEditor, { visibleRanges: [visible] }: TextEditor): void {
  if (visible !== undefined && visible.start.line > 0) {
    editor.revealRange(visible, TextEditorRevealType.AtTop);
  }
}

interface TabPlace {
  readonly isPinned: boolean;
  readonly viewColumn: ViewColumn;
  readonly index: number;
}

/** Waits until the condition holds or the time is up. Checks it at once and after every event. */
async function untilHolds<T>(holds: () => boolean, event: VsCodeEvent<T>, milliseconds: number): Promise<void> {
  if (holds()) {
    return;
  }
  await new Promise<void>((resolve) => {
    const timer = setTimeout(end, milliseconds);
    const listener = event(() => holds() && end());
    function end() {
      clearTimeout(timer);
      listener.dispose();
      resolve();
    }
  });
}
