import { assertDefined } from '../assertDefined.ts';
import { type Issue, type IssueRef, type IssueSummary, isCompleted } from '../issue/issue.ts';
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

/** An edit of a batch, without its kind, which the batch says. */
type Entry<E extends IssueEdit> = Omit<E, 'kind'>;

export interface IssueRenumbering {
  readonly moves: readonly Entry<RenumberEdit>[];
  readonly rewrites: readonly Entry<RewriteMentionsEdit>[];
}

/** Operations on one issue, by their names, over a port. */
export class IssueStorage implements IssueStoragePort {
  readonly #port: IssueStoragePort;

  constructor(port: IssueStoragePort) {
    this.#port = port;
  }

  /** Creates a numbered issue in the active folder; `name` is made fit for a file name, `content` is written as it is. */
  createIssue(name: string, content: string): Promise<Issue> {
    return this.#writeOne({ kind: 'create', name, content });
  }

  getIssue(ref: IssueRef): Promise<Issue> {
    return this.#port.getIssue(ref);
  }

  /** Replaces the issue's whole text. */
  updateIssue(ref: IssueRef, content: string, seen: Seen = {}): Promise<Issue> {
    return this.#writeOne({ kind: 'update', ref, content, ...seen });
  }

  /** Moves the issue to the completed folder; an issue that is there already is returned as it is. */
  markComplete(ref: IssueRef): Promise<Issue> {
    return this.#writeOne({ kind: 'complete', ref });
  }

  /** Moves the issue back to the active folder; an active issue is returned as it is. */
  reopen(ref: IssueRef): Promise<Issue> {
    return this.#writeOne({ kind: 'reopen', ref });
  }

  /** Gives the issue another name; its number and its folder stay. */
  rename(ref: IssueRef, name: string): Promise<Issue> {
    return this.#writeOne({ kind: 'rename', ref, name });
  }

  /** Removes the issue and returns what it was. Works on files whose text cannot be read, too. */
  deleteIssue(ref: IssueRef, seen: Seen = {}): Promise<Issue> {
    return this.#writeOne({ kind: 'delete', ref, ...seen });
  }

  listIssues(): Promise<Issue[]> {
    return this.#port.listIssues();
  }

  listSummaries(): Promise<IssueSummary[]> {
    return this.#port.listSummaries();
  }

  /** True if there are issues and none of them is active. Over an empty store it is false. */
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

/** The same for many issues at once. A batch is one {@link IssueStoragePort.write}: all or nothing. */
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

  /** The new names must be free before the batch, and no two the same. */
  renameIssuesBatch(renames: readonly Entry<RenameEdit>[]): Promise<WriteResult> {
    return this.write(renames.map((rename) => ({ kind: 'rename', ...rename })));
  }

  /** Gives out new numbers, and changes the texts that mention the old ones. The result has the moves first, then the rewrites. */
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
