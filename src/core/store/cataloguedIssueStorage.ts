import type { IssueCatalogue } from '../catalogue/issueCatalogue.ts';
import type { Issue, IssueRef, IssueSummary } from '../issue/issue.ts';
import { IssueNotFoundError } from '../issue/issueErrors.ts';
import { parseIssueRef } from '../issue/issueRef.ts';
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

/**
 * Answers from the catalogue what it knows: lists of summaries, whether all is complete, and which file a reader means by a
 * number. Texts and writes are for the storage under it; for a write the disk decides what a reference means.
 */
export class CataloguedIssueStorage implements BatchIssueStorage {
  readonly #storage: BatchIssueStorage;
  readonly #catalogue: IssueCatalogue;
  readonly #isLoaded: () => boolean;

  /** @param isLoaded true if the catalogue is whole: before that, it cannot tell which of several issues a number means. */
  constructor(storage: BatchIssueStorage, catalogue: IssueCatalogue, isLoaded: () => boolean = () => true) {
    this.#storage = storage;
    this.#catalogue = catalogue;
    this.#isLoaded = isLoaded;
  }

  async getIssue(ref: IssueRef): Promise<Issue> {
    const exact = this.#exact(ref);
    try {
      return await this.#storage.getIssue(exact);
    } catch (error) {
      // Gone or moved since the catalogue saw it: what the reference means now is on the disk.
      if (error instanceof IssueNotFoundError && exact !== ref) {
        return this.#storage.getIssue(ref);
      }
      throw error;
    }
  }

  async listSummaries(): Promise<IssueSummary[]> {
    return this.#catalogue.summaries();
  }

  async allComplete(): Promise<boolean> {
    return this.#catalogue.completed.length > 0 && this.#catalogue.active.length === 0;
  }

  async getIssuesBatch(refs: readonly IssueRef[]): Promise<Issue[]> {
    try {
      return await this.#storage.getIssuesBatch(refs.map((ref) => this.#exact(ref)));
    } catch (error) {
      if (error instanceof IssueNotFoundError) {
        return this.#storage.getIssuesBatch(refs);
      }
      throw error;
    }
  }

  createIssue(name: string, content: string): Promise<Issue> {
    return this.#storage.createIssue(name, content);
  }

  updateIssue(ref: IssueRef, content: string, options?: UpdateOptions): Promise<Issue> {
    return this.#storage.updateIssue(ref, content, options);
  }

  markComplete(ref: IssueRef): Promise<Issue> {
    return this.#storage.markComplete(ref);
  }

  reopen(ref: IssueRef): Promise<Issue> {
    return this.#storage.reopen(ref);
  }

  rename(ref: IssueRef, name: string): Promise<Issue> {
    return this.#storage.rename(ref, name);
  }

  deleteIssue(ref: IssueRef, options?: DeleteOptions): Promise<IssueSummary> {
    return this.#storage.deleteIssue(ref, options);
  }

  listIssues(): Promise<Issue[]> {
    return this.#storage.listIssues();
  }

  createIssuesBatch(drafts: readonly IssueDraft[]): Promise<BatchResult> {
    return this.#storage.createIssuesBatch(drafts);
  }

  updateIssuesBatch(updates: readonly IssueUpdate[]): Promise<BatchResult> {
    return this.#storage.updateIssuesBatch(updates);
  }

  markCompleteBatch(refs: readonly IssueRef[]): Promise<BatchResult> {
    return this.#storage.markCompleteBatch(refs);
  }

  reopenBatch(refs: readonly IssueRef[]): Promise<BatchResult> {
    return this.#storage.reopenBatch(refs);
  }

  renameIssuesBatch(renames: readonly IssueRename[]): Promise<BatchResult> {
    return this.#storage.renameIssuesBatch(renames);
  }

  renumberIssuesBatch(renumbering: IssueRenumbering): Promise<BatchResult> {
    return this.#storage.renumberIssuesBatch(renumbering);
  }

  deleteIssuesBatch(deletions: readonly (IssueRef | IssueDeletion)[]): Promise<BatchResult<IssueSummary>> {
    return this.#storage.deleteIssuesBatch(deletions);
  }

  #exact(ref: IssueRef): IssueRef {
    return typeof ref === 'object' || !this.#isLoaded() ? ref : (this.#catalogue.resolve(parseIssueRef(ref)) ?? ref);
  }
}
