import { basename } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CancellationError, commands, l10n, Range, type TextDocument, WorkspaceEdit, window, workspace } from 'vscode';
import { ConflictError, type Disk, IssueError, isNoFile, readError, versionOf } from '../../core/index.ts';
import type { WorkspaceStores } from '../stores/workspaceStores.ts';
import { bytesOf } from './documentBytes.ts';
import type { LastCleanTexts } from './lastCleanTexts.ts';
import { hasUnsavedChanges, type OpenFiles } from './openFiles.ts';
import { mergedChange, withoutReturns } from './textChange.ts';

/** Scheme of the saved side in VS Code's *Compare with Saved*. */
const SAVED_SCHEME = 'showModifications';
/** The most attempts to save a document in which the user keeps typing. */
const ATTEMPTS = 5;
/** The time between two checks of a file that seems to be in conflict, in milliseconds: longer than a save takes. */
const RECHECK_MS = 100;
/** The most checks of a file that keeps changing. */
const MAX_CHECKS = 10;

/** A document with unsaved changes whose file has changed too. */
interface Conflict {
  readonly document: TextDocument;
  /** The version on disk that the user is asked about. */
  readonly version: string;
}

export interface SavingDeps {
  readonly stores: WorkspaceStores;
  readonly disk: Disk;
  readonly files: OpenFiles;
  readonly seen: LastCleanTexts;
}

/** Documents with unsaved changes that are about to be saved together. */
export class UnsavedDocuments {
  readonly #stores: WorkspaceStores;
  readonly #disk: Disk;
  readonly #files: OpenFiles;
  readonly #seen: LastCleanTexts;
  readonly #documents: readonly TextDocument[];

  constructor({ stores, disk, files, seen }: SavingDeps, documents: readonly TextDocument[]) {
    this.#stores = stores;
    this.#disk = disk;
    this.#files = files;
    this.#seen = seen;
    this.#documents = documents;
  }

  /**
   * Saves all documents. The user decides every conflict before the first file is written.
   *
   * @throws {CancellationError} if the user chooses to compare or cancels.
   */
  async save(): Promise<void> {
    const conflicts = new Map<TextDocument, Conflict>();
    for (const document of this.#documents) {
      const conflict = await this.#conflictOf(document, (text) => this.#seen.has(document, text));
      if (conflict !== undefined) {
        await this.#askToOverwrite(document);
        conflicts.set(document, conflict);
      }
    }
    for (const document of this.#documents) {
      const conflict = conflicts.get(document);
      await (conflict === undefined ? this.#save(document) : this.#overwrite(conflict));
    }
  }

  /**
   * Undefined if the file has exactly the bytes of the document, or a text that `isBase` accepts. A conflict needs two equal checks in a row,
   * because VS Code empties a file before it writes it, so one check may hit a save in flight.
   */
  async #conflictOf(document: TextDocument, isBase: (text: string) => boolean): Promise<Conflict | undefined> {
    let before: string | undefined;
    for (let check = 1; ; check++) {
      const bytes = await this.#bytesOnDisk(document);
      if (bytes.equals(await bytesOf(document)) || isBase(await workspace.decode(bytes, { encoding: document.encoding }))) {
        return undefined;
      }
      const version = versionOf(bytes);
      if (version === before || check === MAX_CHECKS) {
        return { document, version };
      }
      before = version;
      await sleep(RECHECK_MS);
    }
  }

  async #bytesOnDisk({ uri: { fsPath } }: TextDocument): Promise<Buffer> {
    try {
      return (await this.#disk.read(fsPath)).bytes;
    } catch (error) {
      throw isNoFile(error) ? goneError(fsPath) : readError(fsPath, error);
    }
  }

  /**
   * `save` returns false both when VS Code refuses because the file has changed and when the user typed during the save. Only in the second
   * case does the file hold a text of this editor.
   */
  async #save(document: TextDocument): Promise<void> {
    const texts = new Set([withoutReturns(document.getText())]);
    const listener = workspace.onDidChangeTextDocument(
      (event) => event.document === document && texts.add(withoutReturns(document.getText())),
    );
    try {
      for (let attempt = 0; attempt < ATTEMPTS && hasUnsavedChanges(document) && !(await document.save()); attempt++) {
        let saved: string | undefined;
        const conflict = await this.#conflictOf(document, (text) => {
          const isOurs = texts.has(withoutReturns(text));
          saved = isOurs ? text : saved;
          return isOurs;
        });
        if (conflict !== undefined) {
          await this.#askToOverwrite(document);
          await this.#overwrite(conflict);
          return;
        }
        if (saved === undefined) {
          // VS Code refused, although the file already has the text of the document.
          await makeClean(document);
          return;
        }
        this.#seen.add(document, saved);
      }
    } finally {
      listener.dispose();
    }
  }

  /** Writes the document's text if the file still has the version that the user was asked about. */
  async #overwrite({ document, version }: Conflict): Promise<void> {
    const issue = this.#stores.issueOf(document.uri);
    if (issue === undefined || !isUtf8(document)) {
      throw new IssueError(
        'conflict',
        l10n.t('{0} has unsaved changes that could not be saved. Save or revert it in its editor first.', document.uri.fsPath),
      );
    }
    try {
      const content = (await bytesOf(document)).toString('utf8');
      await issue.source.store.for('commands').updateIssue(issue.summary, content, { expectedVersion: version });
    } catch (error) {
      if (!(error instanceof ConflictError)) {
        throw error;
      }
      const conflict = await this.#conflictOf(document, () => false);
      if (conflict !== undefined) {
        await this.#askToOverwrite(document);
        await this.#overwrite(conflict);
        return;
      }
    }
    await makeClean(document);
    // Close the comparison that *Compare* opened: both sides are equal now, and the file is about to move.
    await window.tabGroups.close(this.#files.comparisonsOf(this.#stores.pathOf(document.uri), SAVED_SCHEME), true);
  }

  async #askToOverwrite(document: TextDocument): Promise<void> {
    const name = basename(document.uri.fsPath);
    const compare = l10n.t('Compare');
    const overwrite = l10n.t('Overwrite');
    const chosen = await window.showWarningMessage(
      this.#seen.knows(document)
        ? l10n.t('“{0}” has changed on disk while you were editing it.', name)
        : l10n.t('“{0}” has unsaved changes from before this window was opened, and may have changed on disk since.', name),
      { modal: true, detail: l10n.t('Nothing was written. Overwrite the file with your text, or compare both first.') },
      compare,
      overwrite,
    );
    if (chosen === compare) {
      await commands.executeCommand('workbench.files.action.compareWithSaved', document.uri);
    }
    if (chosen !== overwrite) {
      throw new CancellationError();
    }
  }
}

/**
 * Marks a document as saved whose text is already on disk; VS Code would report a conflict otherwise. VS Code's revert command works only on
 * the active editor, but creating the file again through a WorkspaceEdit reloads the document. Text typed meanwhile is inserted again.
 */
async function makeClean(document: TextDocument): Promise<void> {
  const text = document.getText();
  let previous = text;
  let lost = text;
  const listener = workspace.onDidChangeTextDocument((event) => {
    if (event.document === document) {
      const current = document.getText();
      lost = current === text && previous !== text ? previous : lost;
      previous = current;
    }
  });
  try {
    const edit = new WorkspaceEdit();
    edit.createFile(document.uri, { overwrite: true, contents: await bytesOf(document, text) });
    await workspace.applyEdit(edit);
  } finally {
    listener.dispose();
  }
  const change = mergedChange(text, lost, document.getText());
  if (change !== undefined) {
    const edit = new WorkspaceEdit();
    edit.replace(document.uri, new Range(document.positionAt(change.start), document.positionAt(change.end)), change.text);
    await workspace.applyEdit(edit);
  }
}

function isUtf8({ encoding }: TextDocument): boolean {
  return encoding === 'utf8' || encoding === 'utf8bom';
}

function goneError(filePath: string): IssueError {
  return new IssueError(
    'conflict',
    l10n.t('{0} no longer exists on disk, but has unsaved changes. Save it to restore the file, or close the editor.', filePath),
  );
}
