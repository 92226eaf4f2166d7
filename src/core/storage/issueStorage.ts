import { assertDefined } from '../assertDefined.ts';
import type { Issue, IssueRef, IssueSummary } from '../issue/issue.ts';
import { isCompleted } from '../issue/issueState.ts';
import type {
  CreateEdit,
  DeleteEdit,
  IssueEdit,
  IssueStoragePort,
  RenameEdit,
  RenumberEdit,
  RewriteMentionsEdit,
  Seen,
  UpdateEdit,
  WriteOptions,
  WriteResult,
} from './issueStoragePort.ts';

type Entry<E extends IssueEdit> = Omit<E, 'kind'>;

export interface IssueRenumbering {
  readonly moves: readonly Entry<RenumberEdit>[];
  readonly rewrites: readonly Entry<RewriteMentionsEdit>[];
}

/** A method for each operation on one issue, on top of a port. */
export class IssueStorage implements IssueStoragePort {
  readonly #port: IssueStoragePort;

  constructor(port: IssueStoragePort) {
    this.#port = port;
  }

  /** Creates a numbered issue in the active folder. `name` is sanitized for a file name; `content` is written unchanged. */
  createIssue(name: string, content: string): Promise<Issue> {
    return this.#writeOne({ kind: 'create', name, content });
  }

  getIssue(ref: IssueRef): Promise<Issue> {
    return this.#port.getIssue(ref);
  }

  /** Replaces the whole text. */
  updateIssue(ref: IssueRef, content: string, seen: Seen = {}): Promise<Issue> {
    return this.#writeOne({ kind: 'update', ref, content, ...seen });
  }

  /** Moves the issue to the completed folder. A completed issue is returned unchanged. */
  markComplete(ref: IssueRef): Promise<Issue> {
    return this.#writeOne({ kind: 'complete', ref });
  }

  /** Moves the issue back to the active folder. An active issue is returned unchanged. */
  reopen(ref: IssueRef): Promise<Issue> {
    return this.#writeOne({ kind: 'reopen', ref });
  }

  /** Changes the name; keeps number and folder. */
  rename(ref: IssueRef, name: string): Promise<Issue> {
    return this.#writeOne({ kind: 'rename', ref, name });
  }

  /** Deletes the issue and returns its last state. Also deletes files whose text cannot be read. */
  deleteIssue(ref: IssueRef, seen: Seen = {}): Promise<Issue> {
    return this.#writeOne({ kind: 'delete', ref, ...seen });
  }

  listIssues(): Promise<Issue[]> {
    return this.#port.listIssues();
  }

  listSummaries(): Promise<IssueSummary[]> {
    return this.#port.listSummaries();
  }

  /** True if there are issues and all are completed. False for an empty store. */
  async allComplete(): Promise<boolean> {
    const issues = await this.listSummaries();
    return issues.length > 0 && issues.every(isCompleted);
  }

  getIssues(refs: readonly IssueRef[]): Promise<Issue[]> {
    return this.#port.getIssues(refs);
  }

  write(edits: readonly IssueEdit[], options?: WriteOptions): Promise<WriteResult> {
    return this.#port.write(edits, options);
  }

  async #writeOne(edit: IssueEdit): Promise<Issue> {
    return assertDefined((await this.#port.write([edit])).issues[0]);
  }
}

/** The same operations for many issues. Each batch is one {@link IssueStoragePort.write}: all or nothing. */
export class BatchIssueStorage extends IssueStorage {
  createIssuesBatch(drafts: readonly Entry<CreateEdit>[]): Promise<WriteResult> {
    return this.write(drafts.map((draft) => ({ kind: 'create', ...draft })));
  }

  getIssuesBatch(refs: readonly IssueRef[]): Promise<Issue[]> {
    return this.getIssues(refs);
  }

  updateIssuesBatch(updates: readonly Entry<UpdateEdit>[]): Promise<WriteResult> {
    return this.write(updates.map((update) => ({ kind: 'update', ...update })));
  }

  markCompleteBatch(refs: readonly IssueRef[]): Promise<WriteResult> {
    return this.write(refs.map((ref) => ({ kind: 'complete', ref })));
  }

  reopenBatch(refs: readonly IssueRef[]): Promise<WriteResult> {
    return this.write(refs.map((ref) => ({ kind: 'reopen', ref })));
  }

  /** The new names must differ from each other and from all existing names, including those that this batch frees. */
  renameIssuesBatch(renames: readonly Entry<RenameEdit>[]): Promise<WriteResult> {
    return this.write(renames.map((rename) => ({ kind: 'rename', ...rename })));
  }

  /** Assigns new numbers and updates the texts that mention the old ones. The result lists the moves first, then the rewrites. */
  renumberIssuesBatch({ moves, rewrites }: IssueRenumbering): Promise<WriteResult> {
    return this.write([
      ...moves.map((move) => ({ kind: 'renumber' as const, ...move })),
      ...rewrites.map((rewrite) => ({ kind: 'rewriteMentions' as const, ...rewrite })),
    ]);
  }

  deleteIssuesBatch(deletions: readonly (IssueRef | Entry<DeleteEdit>)[]): Promise<WriteResult> {
    return this.write(
      deletions.map((entry) => ({ kind: 'delete', ...(typeof entry === 'object' && 'ref' in entry ? entry : { ref: entry }) })),
    );
  }
}
