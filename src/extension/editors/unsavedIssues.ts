import { type Memento, type TextDocument, workspace } from 'vscode';
import type { Disposable } from '../../core/events.ts';
import type { Disk } from '../../core/storage/disk.ts';
import type { WorkspaceStores } from '../stores/workspaceStores.ts';
import { documentOf } from './fileTabs.ts';
import { SeenTexts } from './seenTexts.ts';

/** Saves what is typed in issues before something happens to their files, and asks where somebody else has written meanwhile. */
export class UnsavedIssues implements Disposable {
  readonly #stores: WorkspaceStores;
  readonly #disk: Disk;
  readonly seen: SeenTexts;

  /** @param memory where the workspace keeps what is known of documents with unsaved changes until its window is opened again. */
  constructor(
    stores: WorkspaceStores,
    { disk, memory }: { readonly disk: Disk; readonly memory: Memento },
    onError: (error: unknown) => void,
  ) {
    this.#stores = stores;
    this.#disk = disk;
    this.seen = new SeenTexts(memory, onError);
  }

  /** The open documents of these files that have unsaved changes. */
  of(filePaths: readonly string[]): TextDocument[] {
    const dirty = workspace.textDocuments.filter(({ isDirty }) => isDirty);
    return dirty.length === 0
      ? []
      : [...new Set(filePaths.flatMap((filePath) => documentOf(filePath) ?? []))].filter(({ isDirty }) => isDirty);
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
      await new UnsavedDocuments({ stores: this.#stores, disk: this.#disk, seen: this.seen }, dirty).save();
    }
    return dirty.filter(({ isDirty }) => isDirty);
  }

  dispose(): void {
    this.seen.dispose();
  }
}
