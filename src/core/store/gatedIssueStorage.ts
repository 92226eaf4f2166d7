import type { Issue, IssueRef, IssueSummary } from '../issue/issue.ts';
import type { IssueRenumbering } from '../storage/issueRenumbering.ts';
import type {
  BatchIssueStorage,
  BatchResult,
  DeleteOptions,
  IssueDeletion,
  IssueDraft,
  IssueRename,
  IssueUpdate,
  UpdateOptions,
} from '../storage/issueStorage.ts';
import { withUndo } from '../storage/reversal.ts';
import type { RefreshGate } from '../sync/refreshGate.ts';

/** What an operation does with the files of a store. */
export type Access = 'read' | 'write';

/** Where operations go. */
export interface PlacedStorage {
  /** Absolute path of the store. */
  readonly folder: string;
  readonly storage: BatchIssueStorage;
}

/**
 * The operations of a store, over a storage that can be put in another's place. Each of them asks first whether it is allowed. Writes are
 * kept apart from looks at the disk by a gate, and what they changed is published when the last of those under way is done.
 */
export abstract class GatedIssueStorage implements BatchIssueStorage {
  /** Keeps writes apart from looks at the disk. */
  protected abstract get gate(): RefreshGate;
  /** The storage of the moment. @throws Error if there is none: that the store has no place and why, or that it is not open yet. */
  protected abstract placed(): PlacedStorage;
  /** @throws IssueError that says why nothing in this folder is to be read or written now. */
  protected abstract mustAllow(folder: string, access: Access): Promise<void>;
  /** Resolves when lists are whole. */
  protected abstract whenLoaded(): Promise<void>;
  /** Tells of what changed since it was last called. */
  protected abstract publish(): void;

  async getIssue(ref: IssueRef): Promise<Issue> {
    return this.#read((storage) => storage.getIssue(ref));
  }

  async getIssuesBatch(refs: readonly IssueRef[]): Promise<Issue[]> {
    return this.#read((storage) => storage.getIssuesBatch(refs));
  }

  async listIssues(): Promise<Issue[]> {
    return this.#read((storage) => storage.listIssues());
  }

  /** Waits until the store has been read whole. */
  async listSummaries(): Promise<IssueSummary[]> {
    await this.whenLoaded();
    return this.#read((storage) => storage.listSummaries());
  }

  /** Waits until the store has been read whole. */
  async allComplete(): Promise<boolean> {
    await this.whenLoaded();
    return this.#read((storage) => storage.allComplete());
  }

  createIssue(name: string, content: string): Promise<Issue> {
    return this.#write((storage) => storage.createIssue(name, content));
  }

  updateIssue(ref: IssueRef, content: string, options?: UpdateOptions): Promise<Issue> {
    return this.#write((storage) => storage.updateIssue(ref, content, options));
  }

  markComplete(ref: IssueRef): Promise<Issue> {
    return this.#write((storage) => storage.markComplete(ref));
  }

  reopen(ref: IssueRef): Promise<Issue> {
    return this.#write((storage) => storage.reopen(ref));
  }

  rename(ref: IssueRef, name: string): Promise<Issue> {
    return this.#write((storage) => storage.rename(ref, name));
  }

  deleteIssue(ref: IssueRef, options?: DeleteOptions): Promise<IssueSummary> {
    return this.#write((storage) => storage.deleteIssue(ref, options));
  }

  createIssuesBatch(drafts: readonly IssueDraft[]): Promise<BatchResult> {
    return this.#writeBatch((storage) => storage.createIssuesBatch(drafts));
  }

  updateIssuesBatch(updates: readonly IssueUpdate[]): Promise<BatchResult> {
    return this.#writeBatch((storage) => storage.updateIssuesBatch(updates));
  }

  markCompleteBatch(refs: readonly IssueRef[]): Promise<BatchResult> {
    return this.#writeBatch((storage) => storage.markCompleteBatch(refs));
  }

  reopenBatch(refs: readonly IssueRef[]): Promise<BatchResult> {
    return this.#writeBatch((storage) => storage.reopenBatch(refs));
  }

  renameIssuesBatch(renames: readonly IssueRename[]): Promise<BatchResult> {
    return this.#writeBatch((storage) => storage.renameIssuesBatch(renames));
  }

  renumberIssuesBatch(renumbering: IssueRenumbering): Promise<BatchResult> {
    return this.#writeBatch((storage) => storage.renumberIssuesBatch(renumbering));
  }

  deleteIssuesBatch(deletions: readonly (IssueRef | IssueDeletion)[]): Promise<BatchResult<IssueSummary>> {
    return this.#writeBatch((storage) => storage.deleteIssuesBatch(deletions));
  }

  /** Reads in a place if that is allowed. @param nothing the answer where there is no place. */
  protected async readIn<P extends { readonly folder: string }, T>(
    place: P | undefined,
    run: (place: P) => Promise<T>,
    nothing: T,
  ): Promise<T> {
    if (place === undefined) {
      return nothing;
    }
    await this.mustAllow(place.folder, 'read');
    return run(place);
  }

  async #read<T>(run: (storage: BatchIssueStorage) => Promise<T>): Promise<T> {
    const { folder, storage } = this.placed();
    await this.mustAllow(folder, 'read');
    return run(storage);
  }

  async #write<T>(run: (storage: BatchIssueStorage) => Promise<T>, place = () => this.placed()): Promise<T> {
    try {
      return await this.gate.write(async () => {
        const { folder, storage } = place();
        await this.mustAllow(folder, 'write');
        return run(storage);
      });
    } finally {
      if (!this.gate.isWriting) {
        this.publish();
      }
    }
  }

  #writeBatch<T>(run: (storage: BatchIssueStorage) => Promise<BatchResult<T>>): Promise<BatchResult<T>> {
    // A batch is taken back where it was done, though the store may be elsewhere by then.
    let written: PlacedStorage | undefined;
    const place = () => {
      written ??= this.placed();
      return written;
    };
    return withUndo(
      this.#write(run, place),
      (undo) => this.#write(undo, place),
      async (check) => {
        await this.mustAllow(place().folder, 'write');
        await check();
      },
    );
  }
}
