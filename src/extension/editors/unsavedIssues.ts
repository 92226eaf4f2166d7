import { workspace } from 'vscode';
import type { Disposable } from '../../core/events.ts';
import type { Disk } from '../../core/storage/disk.ts';
import type { WorkspaceStores } from '../stores/workspaceStores.ts';
import { SeenTexts } from './seenTexts.ts';

/** Saves what is typed in issues before something happens to their files, and asks where somebody else has written meanwhile. */
export class UnsavedIssues implements Disposable {
  readonly #stores: WorkspaceStores;
  readonly #disk: Disk;
  readonly #seen: SeenTexts;

  constructor(stores: WorkspaceStores, disk: Disk, onError: (error: unknown) => void) {
    this.#stores = stores;
    this.#disk = disk;
    this.#seen = new SeenTexts(onError);
  }

  /**
   * Saves what is typed but not saved in these files, so that nothing which happens to them bypasses it. Every conflict is
   * decided by the user before the first file is written.
   *
   * @param filePaths spelled as the issues of stores have them
   * @throws {CancellationError} if the user would rather compare, or not go on.
   */
  async save(filePaths: readonly string[]): Promise<void> {
    const paths = new Set(filePaths);
    const dirty = workspace.textDocuments.filter(
      ({ isDirty, uri }) => isDirty && uri.scheme === 'file' && paths.has(this.#stores.pathOf(uri)),
    );
    if (dirty.length > 0) {
      const { UnsavedDocuments } = await import('./unsavedDocuments.ts');
      await new UnsavedDocuments({ stores: this.#stores, disk: this.#disk, seen: this.#seen }, dirty).save();
    }
  }

  dispose(): void {
    this.#seen.dispose();
  }
}
