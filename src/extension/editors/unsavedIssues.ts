import type { TextDocument } from 'vscode';
import type { Disk } from '../../core/index.ts';
import type { WorkspaceStores } from '../stores/workspaceStores.ts';
import type { LastCleanTexts } from './lastCleanTexts.ts';
import { hasUnsavedChanges, type OpenFiles } from './openFiles.ts';
import type { SavingDeps } from './unsavedDocuments.ts';

/** Saves unsaved changes before a command touches the files, and asks the user where a file has changed on disk. */
export class UnsavedIssues {
  readonly #stores: WorkspaceStores;
  readonly #disk: Disk;
  readonly #files: OpenFiles;
  readonly #seen: LastCleanTexts;

  constructor({ stores, disk, files, seen }: SavingDeps) {
    this.#stores = stores;
    this.#disk = disk;
    this.#files = files;
    this.#seen = seen;
  }

  /** The open documents of these files that have unsaved changes. */
  of(filePaths: readonly string[]): TextDocument[] {
    return this.#files.unsaved(filePaths);
  }

  /**
   * Saves the unsaved changes of these files. The user decides every conflict before the first file is written.
   *
   * @returns the documents that were saved but have unsaved changes again, because the user kept typing.
   * @throws {CancellationError} if the user chooses to compare or cancels.
   */
  async save(filePaths: readonly string[]): Promise<TextDocument[]> {
    const dirty = this.of(filePaths);
    if (dirty.length > 0) {
      const { UnsavedDocuments } = await import('./unsavedDocuments.ts');
      await new UnsavedDocuments({ stores: this.#stores, disk: this.#disk, files: this.#files, seen: this.#seen }, dirty).save();
    }
    return dirty.filter(hasUnsavedChanges);
  }
}
