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
import { RefreshGate } from './refreshGate.ts';

/**
 * The operations of a store, over a storage that can be put in another's place. Writes are kept apart from looks at the disk
 * by a gate, and what they changed is published when the last of those under way is done.
 */
export abstract class GatedIssueStorage implements BatchIssueStorage {
  protected readonly gate = new RefreshGate();

  /** The storage of the moment. @throws Error if there is none: that the store has no place and why, or that it is not open yet. */
  protected abstract storage(): BatchIssueStorage;
  /** Resolves when lists are whole. */
  protected abstract whenLoaded(): Promise<void>;
  /** Tells of what changed since it was last called. */
  protected abstract publish(): void;

  async getIssue(ref: IssueRef): Promise<Issue> {
    return this.storage().getIssue(ref);
  }

  async getIssuesBatch(refs: readonly IssueRef[]): Promise<Issue[]> {
    return this.storage().getIssuesBatch(refs);
  }

  async listIssues(): Promise<Issue[]> {
    return this.storage().listIssues();
  }

  /** Waits until the store has been read whole. */
  async listSummaries(): Promise<IssueSummary[]> {
    await this.whenLoaded();
    return this.storage().listSummaries();
  }

  /** Waits until the store has been read whole. */
  async allComplete(): Promise<boolean> {
    await this.whenLoaded();
    return this.storage().allComplete();
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

  async #write<T>(run: (storage: BatchIssueStorage) => Promise<T>): Promise<T> {
    try {
      return await this.gate.write(() => run(this.storage()));
    } finally {
      if (!this.gate.isWriting) {
        this.publish();
      }
    }
  }

  #writeBatch<T>(run: (storage: BatchIssueStorage) => Promise<BatchResult<T>>): Promise<BatchResult<T>> {
    return withUndo(this.#write(run), (undo) => this.#write(undo));
  }
}
