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

/** How long nobody types before the active editor is closed, in milliseconds: more than there are between two keys. */
const PAUSE_MS = 250;
/** How long VS Code's own tabs are waited for, in milliseconds. What is left of them then is closed. */
const REPLACED_MS = 2000;
/** How often a document is saved before its tab closes. It no longer has the focus, so the first time is the last but for keys under way. */
const SAVE_ATTEMPTS = 10;
/** How long VS Code may take to reload a file, in milliseconds. */
const CURRENT_MS = 3000;

export interface IssueEditorsDeps {
  readonly files: OpenFiles;
  readonly seen: LastCleanTexts;
  readonly disk: Disk;
}

/**
 * The editors that show issues, which follow their files: selection, scroll position, place among the tabs and all that is typed meanwhile
 * come along.
 *
 * A file that is open behind other tabs or beside the active editor is renamed by VS Code itself, which knows how to move such tabs. VS
 * Code's own rename of the active editor loses what is typed under way, so that one is moved here: the file first, then its editor.
 */
export class IssueEditors implements FileEditors, Disposable {
  /** Whether the active editor has the focus when it has followed its file. A command that was called on a row of the tree leaves it there. */
  focusesEditor = false;
  readonly #files: OpenFiles;
  readonly #seen: LastCleanTexts;
  readonly #disk: Disk;
  readonly #onError: (error: unknown) => void;
  readonly #lifetime: DisposableList;
  readonly #typedAt = new WeakMap<TextDocument, number>();
  /** How documents were when their files began to move, by the path that these had. */
  readonly #departures = new Map<string, Departure>();
  /** Documents whose words are all in a document of another name by now, with the name that their files had. */
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
        // A document that takes over another text of its file is never dirty.
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
    // One that is opened past a link is not what VS Code would rename.
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
      // The file is where it should be. What could not follow stays open with all its words.
      this.#onError(error);
    } finally {
      this.#departures.delete(from);
    }
  }

  async close(filePath: string): Promise<() => Promise<void>> {
    const document = this.#files.documentOf(filePath);
    if (document !== undefined && this.#isActive(filePath)) {
      // Whoever types through the command types now. A key between this look and the closing of the tab would open a dialog.
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
      // A key that came at the last moment. On the disk it is a change that whoever deletes the file has not seen.
      await document.save();
    }
    return () => this.#reopen(filePath, closed).catch(this.#onError);
  }

  /**
   * Opens a file without showing it. VS Code keeps a document for minutes after its tab was closed, and takes a moment to notice that its
   * file is another one by now, which this waits for.
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
    // A comparison in front closes, and what it compared comes to the front in its place.
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
    // Nobody knows whether a key is under way.
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
        // As it was after the last key that the old editor got.
        editor.selections = before.selections;
      }
    } finally {
      // Also when that has failed: what was typed meanwhile is nowhere else.
      await (editor === undefined ? bridge?.dispose() : bridge?.end(editor, editor.document.offsetAt(editor.selection.active)));
    }
  }

  /** Closes what shows the old name. A document that was typed in since its file moved is saved first, because its tab would ask a question. */
  async #closeOld(move: Move, from: string): Promise<void> {
    const { old } = move;
    for (
      let attempt = 0;
      old !== undefined && attempt < SAVE_ATTEMPTS && (hasUnsavedChanges(old) || old.getText() !== move.carried);
      attempt++
    ) {
      await carry(move);
      // A key that came at the last moment makes it dirty again, and then it would be saved once more when it is closed.
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

  /** Pins the active tab and moves it to its place, as long as it is the active one: the commands of VS Code know no other. */
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

  /** A tab is gone a moment after VS Code says so; one that stays was opened since by somebody who wants the file. */
  async #removeCopyOnceClosed(filePath: string, old: TextDocument): Promise<void> {
    const isClosed = () => this.#files.tabsOf(filePath).length === 0;
    await untilHolds(isClosed, window.tabGroups.onDidChangeTabs, REPLACED_MS);
    if (isClosed()) {
      await this.#removeCopy(filePath, old);
    }
  }

  /** Removes what VS Code has saved of an old document under its old name. All of that is in the new one. */
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
  /** What it held when it was last without unsaved changes. */
  readonly cleanText: string | undefined;
  /** True once it has been saved since then, which brings the file of the old name back. */
  isSaved: boolean;
}

/** A document whose file has moved, and the document of the file in its new place. */
interface Move {
  /** Undefined if it was never loaded. */
  readonly old: TextDocument | undefined;
  readonly target: TextDocument;
  /** What the old document held before words were typed in it that are not in the file. */
  readonly base: string;
  /** The text of the old document that has been brought into the new one. */
  carried: string;
}

/** Brings what was typed in the old document since its file had moved into the new one. */
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

/** Waits until something holds, asking at once and after every event, but not longer than this. */
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
