import type { Issue, IssueKey, IssueRef, IssueSummary } from '../issue/issue.ts';
import { IssueNotFoundError } from '../issue/issueErrors.ts';
import { type IssueQuery, parseIssueRef } from '../issue/issueRef.ts';
import type { IssueEdit, IssueStoragePort, WriteOptions, WriteResult } from '../storage/issueStoragePort.ts';

/** What the catalogue answers without the disk. */
export interface StoreKnowledge {
  /** The issue that a reference means for a read; undefined if unknown. */
  resolve(query: IssueQuery): { readonly key: IssueKey } | undefined;
  /** A copy of all summaries, in the order of `compareIssues`. */
  summaries(): IssueSummary[];
}

/**
 * Serves lists of summaries from the catalogue, and resolves numbers and ids to keys for reads. Texts and writes go to the storage below;
 * writes resolve references on the disk.
 */
export class CataloguedIssueStorage implements IssueStoragePort {
  readonly #storage: IssueStoragePort;
  readonly #known: StoreKnowledge;
  readonly #isLoaded: () => boolean;

  /** @param isLoaded true once the catalogue is complete. Before that, it cannot tell which of several issues a number means. */
  constructor(storage: IssueStoragePort, known: StoreKnowledge, isLoaded: () => boolean = () => true) {
    this.#storage = storage;
    this.#known = known;
    this.#isLoaded = isLoaded;
  }

  async getIssue(ref: IssueRef): Promise<Issue> {
    const exact = this.#exact(ref);
    try {
      return await this.#storage.getIssue(exact);
    } catch (error) {
      // Deleted or moved since the catalogue was updated: resolve the reference on the disk.
      if (error instanceof IssueNotFoundError && exact !== ref) {
        return this.#storage.getIssue(ref);
      }
      throw error;
    }
  }

  async getIssues(refs: readonly IssueRef[]): Promise<Issue[]> {
    try {
      return await this.#storage.getIssues(refs.map((ref) => this.#exact(ref)));
    } catch (error) {
      if (error instanceof IssueNotFoundError) {
        return this.#storage.getIssues(refs);
      }
      throw error;
    }
  }

  listIssues(): Promise<Issue[]> {
    return this.#storage.listIssues();
  }

  async listSummaries(): Promise<IssueSummary[]> {
    return this.#known.summaries();
  }

  write(edits: readonly IssueEdit[], options?: WriteOptions): Promise<WriteResult> {
    return this.#storage.write(edits, options);
  }

  #exact(ref: IssueRef): IssueRef {
    return typeof ref === 'object' || !this.#isLoaded() ? ref : (this.#known.resolve(parseIssueRef(ref)) ?? ref);
  }
}
