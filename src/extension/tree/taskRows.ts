import { loadTaskReading } from '../../core/index.ts';
import type { IssueNode, TaskNode, TaskRowNode } from './issueNodes.ts';
import type { Tasks } from './tasksInIssue.ts';

const NONE: Tasks = { nodes: new Map(), rows: new Map() };

/** The rows of tasks below issues. A task keeps its node, because VS Code identifies rows by their nodes. */
export class TaskRows {
  readonly #tasks = new WeakMap<IssueNode, Tasks>();
  /** Which read of an issue has been shown last: reads can end in another order than they began. */
  readonly #shown = new WeakMap<IssueNode, number>();
  readonly #onError: (error: unknown) => undefined;
  #reads = 0;

  /** @param onError told why an issue could not be read. */
  constructor(onError: (error: unknown) => undefined) {
    this.#onError = onError;
  }

  /** The rows right below an issue or a task. An issue is read when it is unfolded: from the cache, where it is there. */
  async below(parent: IssueNode | TaskNode): Promise<TaskRowNode[]> {
    const issue = parent.kind === 'issue' ? parent : parent.issue;
    if (parent === issue) {
      const read = ++this.#reads;
      const text = await issue.source.store.for('tasks').getIssue(issue.summary).catch(this.#onError);
      const [reading, { tasksIn }] = await Promise.all([loadTaskReading(), import('./tasksInIssue.ts')]);
      if (read > (this.#shown.get(issue) ?? 0)) {
        this.#shown.set(issue, read);
        this.#tasks.set(issue, text === undefined ? NONE : tasksIn(reading, issue, text, this.#known(issue)));
      }
    }
    return [...(this.#known(issue).rows.get(parent) ?? [])];
  }

  /** The rows right below an issue or a task, as far as they have been shown. */
  shownBelow(parent: IssueNode | TaskNode): readonly TaskRowNode[] {
    return this.#known(parent.kind === 'issue' ? parent : parent.issue).rows.get(parent) ?? [];
  }

  #known(issue: IssueNode): Tasks {
    return this.#tasks.get(issue) ?? NONE;
  }
}

/** Whether an issue unfolds into tasks. */
export function hasTasks({ summary: { progress, fields } }: Pick<IssueNode, 'summary'>): boolean {
  return (progress?.total ?? 0) + (fields.optional?.total ?? 0) > 0;
}
