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
import { type Disk, isNoFile } from '../../core/disk/disk.ts';
import type { Disposable } from '../../core/events.ts';
import { IssueError } from '../../core/issue/issueErrors.ts';
import type { FileEditors } from '../../core/storage/fileEditors.ts';
import { DisposableList } from '../disposableList.ts';
import { changeText } from './changeText.ts';
import { bytesOf } from './documentBytes.ts';
import type { LastCleanTexts } from './lastCleanTexts.ts';
import { type FileTab, hasUnsavedChanges, type OpenFiles } from './openFiles.ts';
import { mergedChange, withoutReturns } from './textChange.ts';
import { TypingBridge } from './typingBridge.ts';

/** How long typing must pause before the active editor is closed, in milliseconds: longer than the time between two keys. */
const PAUSE_MS = 250;
/** How long to wait for VS Code to replace its tabs, in milliseconds. Tabs that remain are closed. */
const REPLACED_MS = 2000;
/** The most attempts to save a document before its tab closes. It has no focus by then, so only keys under way need a second one. */
const SAVE_ATTEMPTS = 10;
/** How long VS Code may take to reload a file, in milliseconds. */
const CURRENT_MS = 3000;

export interface IssueEditorsDeps {
  readonly files: OpenFiles;
  readonly seen: LastCleanTexts;
  readonly disk: Disk;
}

/**
 * Lets editors follow the files of issues, and keeps their selection, scroll position, place among the tabs and all that is typed meanwhile.
 *
 * A file that is open behind other tabs or beside the active editor is renamed by VS Code itself, which knows how to move such tabs. VS
 * Code's own rename of the active editor loses what is typed under way, so that one is moved here: the file first, then its editor.
 */
export class IssueEditors implements FileEditors, Disposable {
  /** Whether the active editor gets the focus after it followed its file. A command on a row of the tree leaves the focus in the tree. */
  focusesEditor = false;
  readonly #files: OpenFiles;
  readonly #seen: LastCleanTexts;
  readonly #disk: Disk;
  readonly #onError: (error: unknown) => void;
  readonly #lifetime: DisposableList;
  readonly #typedAt = new WeakMap<TextDocument, number>();
  /** How documents were when their files began to move, by the path that these had. */
  readonly #departures = new Map<string, Departure>();
  /** Documents whose whole text is now in a document of another name, with the path that their files had. */
  readonly #followed = new WeakMap<TextDocument, string>();
  /** VS Code's renames come one after another. */
  readonly #oneRename = pLimit(1);

  constructor({ files, seen, disk }: IssueEditorsDeps, onError: (error: unknown) => void) {
    this.#files = files;
    this.#seen = seen;
    this.#disk = disk;
    this.#onError = onError;
    this.#lifetime = new DisposableList(onError);
    this.#lifetime.add(
      workspace.onDidChangeTextDocument(({ document }) => {
        // A document that reloads its file is never dirty.
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
        // An auto-save can be under way while the file moves, and ends when its tab is closed.
        const from = this.#followed.get(document);
        if (from !== undefined) {
          this.#removeCopyOnceClosed(from, document).catch(onError);
        }
      }),
    );
  }

  /** True if somebody has typed in the file since then, in milliseconds since the epoch. */
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
    // VS Code would not rename a document that was opened through a link.
    if (tabs.length === 0 || this.#isActive(from) || !tabs.every(({ uri }) => uri.fsPath === Uri.file(from).fsPath)) {
      return undefined;
    }
    return () =>
      this.#oneRename(async () => {
        const edit = new WorkspaceEdit();
        edit.renameFile(Uri.file(from), Uri.file(to), { overwrite: false });
        const isRenamed = await workspace.applyEdit(edit);
        if (isRenamed) {
          // It replaces the tabs a moment after it says so.
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
      // The file has moved. A document that could not follow stays open with its whole text.
      this.#onError(error);
    } finally {
      this.#departures.delete(from);
    }
  }

  async close(filePath: string): Promise<() => Promise<void>> {
    const document = this.#files.documentOf(filePath);
    if (document !== undefined && this.#isActive(filePath)) {
      // A key between this check and the closing of the tab would open a dialog, so wait whether one comes.
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
      // A key was typed at the last moment. Saving it makes it a change on disk that the deletion has not seen, so the deletion refuses.
      await document.save();
    }
    return () => this.#reopen(filePath, closed).catch(this.#onError);
  }

  /**
   * Opens a file without showing it. VS Code keeps a document for minutes after its tab was closed, and needs a moment to notice
   * that its file was replaced, which this waits for.
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
   * The text from which the words in the old document are told that are not in the file. A document that nobody has typed in has none: it
   * can be older than its file for a moment, when somebody else has written that.
   */
  #baseOf(old: TextDocument | undefined, from: string, target: TextDocument): string {
    const saved = target.getText();
    if (old === undefined) {
      return saved;
    }
    // Somebody may have saved it since its file moved: how it was then counts.
    const departure = this.#departures.get(from);
    if (!(departure?.isUnsaved ?? hasUnsavedChanges(old)) && !this.isTypedInSince(from, departure?.at ?? 0)) {
      return old.getText();
    }
    return this.#seen.has(old, saved) ? saved : (departure?.cleanText ?? saved);
  }

  /** Shows the document where the old one is shown, as that is shown. */
  async #show({ tab, group }: Pick<FileTab, 'tab' | 'group'>, move: Move): Promise<void> {
    const { viewColumn } = group;
    const { old, target } = move;
    const before = window.visibleTextEditors.find((editor) => editor.document === old && editor.viewColumn === viewColumn);
    // A key may be under way.
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
        // The state after the last key that reached the old editor.
        editor.selections = before.selections;
      }
    } finally {
      // Even after a failure, because the typed text exists nowhere else.
      await (editor === undefined ? bridge?.dispose() : bridge?.end(editor, editor.document.offsetAt(editor.selection.active)));
    }
  }

  /** Closes the tabs of the old name. A document that was edited since its file moved is saved first, because its tab would open a dialog. */
  async #closeOld(move: Move, from: string): Promise<void> {
    const { old } = move;
    for (
      let attempt = 0;
      old !== undefined && attempt < SAVE_ATTEMPTS && (hasUnsavedChanges(old) || old.getText() !== move.carried);
      attempt++
    ) {
      await carry(move);
      // A key at the last moment makes it dirty again, so it may need another save.
      await old.save();
    }
    const tabs = [...this.#files.tabsOf(from).map(({ tab }) => tab), ...this.#files.comparisonsOf(from)];
    if (tabs.length > 0) {
      await window.tabGroups.close(tabs, true);
    }
    if (old === undefined || old.getText() !== move.carried) {
      return;
    }
    this.#followed.set(old, from);
    if (this.#departures.get(from)?.isSaved ?? true) {
      await this.#removeCopy(from, old);
    }
  }

  #isActive(filePath: string): boolean {
    const { document } = window.activeTextEditor ?? {};
    return document !== undefined && document === this.#files.documentOf(filePath);
  }

  /** Pins the active tab and moves it to its place, while it is active: VS Code's commands apply to the active tab only. */
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

  /** VS Code removes a tab a moment after it says so. A tab that stays was opened by the user since. */
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

/** A document when its file began to move. */
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

/** A document whose file has moved, and the document of the file in its new place. */
interface Move {
  /** Undefined if it was never loaded. */
  readonly old: TextDocument | undefined;
  readonly target: TextDocument;
  /** The text of the old document before the edits that are not in the file. */
  readonly base: string;
  /** The text of the old document that was last merged into the new one. */
  carried: string;
}

/** Merges what was typed in the old document after its file moved into the new one. */
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

/** Waits until the condition holds, checked at once and after every event, up to a time limit. */
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
