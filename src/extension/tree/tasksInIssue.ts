import type { Issue, IssueTask, TaskReading } from '../../core/index.ts';
import type { IssueNode, TaskNode, TaskRowNode } from './issueNodes.ts';

/** VS Code fetches all rows of what is unfolded. Nobody goes through more tasks than this in a tree. */
const MOST_TASKS = 1000;

/** The tasks of an issue that have rows. */
export interface Tasks {
  readonly nodes: ReadonlyMap<string, TaskNode>;
  /** Below the issue and below each task. */
  readonly rows: ReadonlyMap<IssueNode | TaskNode, readonly TaskRowNode[]>;
}

/** The rows for the tasks of an issue. @param known the nodes so far; those of tasks that are still there are kept. */
export function tasksIn({ tasksOf, allTasks }: TaskReading, issue: IssueNode, { content }: Issue, known: Tasks): Tasks {
  const { source } = issue;
  const tasks = tasksOf(content, source.store.format.boxes);
  const all = [...allTasks(tasks)];
  const counts = new Map<string, number>();
  for (const { text } of all) {
    counts.set(text, (counts.get(text) ?? 0) + 1);
  }
  const nodes = new Map<string, TaskNode>();
  const rows = new Map<IssueNode | TaskNode, TaskRowNode[]>();
  const add = (siblings: readonly IssueTask[], parent: TaskNode | undefined) => {
    const shown: TaskRowNode[] = [];
    for (const task of siblings) {
      if (nodes.size === MOST_TASKS) {
        break;
      }
      const id = `${task.ordinal}#${task.text}`;
      const facts = { parent, task, isUnique: counts.get(task.text) === 1 };
      const node = Object.assign(known.nodes.get(id) ?? { kind: 'task' as const, source, issue, id }, facts);
      nodes.set(id, node);
      shown.push(node);
      add(task.subtasks, node);
    }
    rows.set(parent ?? issue, shown);
  };
  add(tasks, undefined);
  const first = all[nodes.size];
  if (first !== undefined) {
    rows.get(issue)?.push({ kind: 'moreTasks', source, issue, line: first.line, count: all.length - nodes.size });
  }
  return { nodes, rows };
}
