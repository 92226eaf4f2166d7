import { basename } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CancellationError, commands, l10n, Range, type TextDocument, WorkspaceEdit, window, workspace } from 'vscode';
import { type Disk, isNoFile } from '../../core/disk/disk.ts';
import { ConflictError, IssueError } from '../../core/issue/issueErrors.ts';
import { readError } from '../../core/storage/fileErrors.ts';
import { versionOf } from '../../core/storage/issueVersion.ts';
import type { WorkspaceStores } from '../stores/workspaceStores.ts';
import { bytesOf } from './documentBytes.ts';
import { hasUnsavedChanges, type OpenFiles } from './openFiles.ts';
import type { SeenTexts } from './seenTexts.ts';
import { mergedChange, withoutReturns } from './textChange.ts';

/** Of the side of VS Code's comparison that shows what is saved. */
const SAVED_SCHEME = 'showModifications';
/** How often a document is saved that somebody goes on typing in. */
const ATTEMPTS = 5;
/** Between two looks at a file that seems to be in conflict, in milliseconds: longer than a save takes. */
const LOOK_AGAIN_MS = 100;
/** How often a file is looked at that is another one each time. */
const MOST_LOOKS = 10;

/** Unsaved changes of a text that is not the one on the disk any more. */
interface Conflict {
  readonly document: TextDocument;
  /** Of what is on the disk now, which is what the user is asked about. */
  readonly version: string;
}

export interface SavingDeps {
  readonly stores: WorkspaceStores;
  readonly disk: Disk;
  readonly files: OpenFiles;
  readonly seen: SeenTexts;
}

/** Documents with unsaved changes that are about to be saved together. */
export class UnsavedDocuments {
  readonly #stores: WorkspaceStores;
  readonly #disk: Disk;
  readonly #files: OpenFiles;
  readonly #seen: SeenTexts;
  readonly #documents: readonly TextDocument[];

  constructor({ stores, disk, files, seen }: SavingDeps, documents: readonly TextDocument[]) {
    this.#stores = stores;
    this.#disk = disk;
    this.#files = files;
    this.#seen = seen;
    this.#documents = documents;
  }

  /**
   * Saves them. Every conflict is decided by the user before the first file is written.
   *
   * @throws {CancellationError} if the user would rather compare, or not go on.
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
   * Undefined if the file holds what the editor does, byte by byte, or a text that `isBase` knows. Only what two looks find is a conflict: a
   * save of the user's own may be writing the file at the moment, and VS Code empties it first.
   */
  async #conflictOf(document: TextDocument, isBase: (text: string) => boolean): Promise<Conflict | undefined> {
    let before: string | undefined;
    for (let look = 1; ; look++) {
      const bytes = await this.#bytesOnDisk(document);
      if (bytes.equals(await bytesOf(document)) || isBase(await workspace.decode(bytes, { encoding: document.encoding }))) {
        return undefined;
      }
      const version = versionOf(bytes);
      if (version === before || look === MOST_LOOKS) {
        return { document, version };
      }
      before = version;
      await sleep(LOOK_AGAIN_MS);
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
   * VS Code says the same of a save that it refuses, because the file is another one, and of one that somebody typed after. The file tells
   * the two apart: it holds a text of this editor after the latter.
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
          // VS Code refuses to save what the file holds already.
          await makeClean(document);
          return;
        }
        this.#seen.add(document, saved);
      }
    } finally {
      listener.dispose();
    }
  }

  /** Writes the editor's text over the very version that the user was asked about. */
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
    // The two are the same now, and the file is about to move.
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
 * Makes a document clean whose text is on the disk already: VS Code would take that for a change by somebody else. Its revert command
 * knows the active editor alone, but a file that VS Code creates over an open one is shown as it is on the disk. What is typed meanwhile
 * is typed again.
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
