import type { TextDocument } from 'vscode';
import type { Disk } from '../../core/disk/disk.ts';
import type { WorkspaceStores } from '../stores/workspaceStores.ts';
import type { LastCleanTexts } from './lastCleanTexts.ts';
import { hasUnsavedChanges, type OpenFiles } from './openFiles.ts';
import type { SavingDeps } from './unsavedDocuments.ts';

/** Saves what is typed in issues before something happens to their files, and asks where somebody else has written meanwhile. */
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
   * Saves what is typed but not saved in these files, so that nothing which happens to them bypasses it. Every conflict is
   * decided by the user before the first file is written.
   *
   * @returns the documents that somebody goes on typing in: what they held was saved, and they have unsaved changes again.
   * @throws {CancellationError} if the user would rather compare, or not go on.
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
