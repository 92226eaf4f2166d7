import { basename } from 'node:path';
import { CancellationError, commands, l10n, type Tab, TabInputText, TabInputTextDiff, type TextDocument, window, workspace } from 'vscode';
import { ConflictError, IssueError } from '../../core/issue/issueErrors.ts';
import { type Disk, isNoFile } from '../../core/storage/disk.ts';
import { readError } from '../../core/storage/issueFile.ts';
import { versionOf } from '../../core/storage/issueVersion.ts';
import type { WorkspaceStores } from '../stores/workspaceStores.ts';
import type { SeenTexts } from './seenTexts.ts';

/** Of the side of VS Code's comparison that shows what is saved. */
const SAVED_SCHEME = 'showModifications';

/** Unsaved changes of a text that is not the one on the disk any more. */
interface Conflict {
  readonly document: TextDocument;
  /** Of what is on the disk now, which is what the user is asked about. */
  readonly version: string;
}

export interface SavingDeps {
  readonly stores: WorkspaceStores;
  readonly disk: Disk;
  readonly seen: SeenTexts;
}

/** Documents with unsaved changes that are about to be saved together. */
export class UnsavedDocuments {
  readonly #stores: WorkspaceStores;
  readonly #disk: Disk;
  readonly #seen: SeenTexts;
  readonly #documents: readonly TextDocument[];

  constructor({ stores, disk, seen }: SavingDeps, documents: readonly TextDocument[]) {
    this.#stores = stores;
    this.#disk = disk;
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
      const conflict = await this.#conflictOf(document, (text) => this.#seen.couldBeBaseOf(document, text));
      if (conflict !== undefined) {
        await askToOverwrite(document);
        conflicts.set(document, conflict);
      }
    }
    for (const document of this.#documents) {
      const conflict = conflicts.get(document);
      await (conflict === undefined ? this.#save(document) : this.#overwrite(conflict));
    }
  }

  /** Undefined if the file holds what the editor does, byte by byte, or a text that `isBase` knows. */
  async #conflictOf(document: TextDocument, isBase: (text: string) => boolean): Promise<Conflict | undefined> {
    const { fsPath } = document.uri;
    const { bytes } = await this.#disk.read(fsPath).catch((error: unknown) => {
      throw isNoFile(error) ? goneError(fsPath) : readError(fsPath, error);
    });
    const { encoding } = document;
    if (isUtf8(document) && bytes.equals(Buffer.from(contentOf(document)))) {
      return undefined;
    }
    return isBase(await workspace.decode(bytes, { encoding })) ? undefined : { document, version: versionOf(bytes) };
  }

  /** VS Code looks at the file once more. What it refuses to overwrite is a conflict as any other. */
  async #save(document: TextDocument): Promise<void> {
    if (await document.save()) {
      return;
    }
    await this.#askAgain(document);
  }

  async #askAgain(document: TextDocument): Promise<void> {
    const conflict = await this.#conflictOf(document, () => false);
    if (conflict === undefined) {
      await revert(document);
      return;
    }
    await askToOverwrite(document);
    await this.#overwrite(conflict);
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
      await issue.source.store.updateIssue(issue.summary, contentOf(document), { expectedVersion: version });
    } catch (error) {
      if (!(error instanceof ConflictError)) {
        throw error;
      }
      await this.#askAgain(document);
      return;
    }
    await revert(document);
    await closeComparisons(document);
  }
}

async function askToOverwrite(document: TextDocument): Promise<void> {
  const compare = l10n.t('Compare');
  const overwrite = l10n.t('Overwrite');
  const chosen = await window.showWarningMessage(
    l10n.t('“{0}” has changed on disk while you were editing it.', basename(document.uri.fsPath)),
    { modal: true, detail: l10n.t('Nothing was written. Overwrite it with the text in your editor, or compare the two first.') },
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

/** Makes a document clean whose text is on the disk already: VS Code would take that for a change by somebody else. */
async function revert(document: TextDocument): Promise<void> {
  const { viewColumn } = window.tabGroups.all.find(({ tabs }) => tabs.some((tab) => isTabOf(document, tab.input))) ?? {};
  // The command knows the active editor alone.
  await window.showTextDocument(document, { preview: false, ...(viewColumn === undefined ? {} : { viewColumn }) });
  await commands.executeCommand('workbench.action.files.revert');
}

/** Closes what {@link askToOverwrite} has opened: the two are the same now, and the file is about to move. */
async function closeComparisons({ uri }: TextDocument): Promise<void> {
  const isComparison = ({ input }: Tab) =>
    input instanceof TabInputTextDiff && input.original.scheme === SAVED_SCHEME && input.modified.toString() === uri.toString();
  await window.tabGroups.close(window.tabGroups.all.flatMap(({ tabs }) => tabs).filter(isComparison), true);
}

function isTabOf({ uri }: TextDocument, input: unknown): boolean {
  return input instanceof TabInputText && input.uri.toString() === uri.toString();
}

/** The text as VS Code would save it. */
function contentOf(document: TextDocument): string {
  return `${document.encoding === 'utf8bom' ? '\uFEFF' : ''}${document.getText()}`;
}

function isUtf8({ encoding }: TextDocument): boolean {
  return encoding === 'utf8' || encoding === 'utf8bom';
}

function goneError(filePath: string): IssueError {
  return new IssueError(
    'conflict',
    l10n.t('{0} is not there any more, but has unsaved changes. Save it in its editor to bring it back, or close the editor.', filePath),
  );
}
