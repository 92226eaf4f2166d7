import { commands, l10n } from 'vscode';
import {
  ConflictError,
  IssueError,
  type IssueTask,
  isCompleted,
  loadTaskReading,
  type RestoreEdit,
  type TaskReading,
} from '../../core/index.ts';
import { commandIds } from '../commandIds.ts';
import { changeText } from '../editors/changeText.ts';
import { clipped } from '../inertText.ts';
import { issueLabel } from '../issueLabels.ts';
import { checkboxes } from '../settings.ts';
import { type IssueTreeNode, isTaskNode, type TaskNode } from '../tree/issueNodes.ts';
import { whyNotWritable } from '../whyNotWritable.ts';
import type { CommandActions } from './commandRunner.ts';
import { currentTarget, filePathOf, type IssueTarget, SELECTION_ARGUMENT, type TargetContext } from './issueTargets.ts';
import { rememberChange, type UndoDeps } from './undoCommand.ts';

export interface TaskCommandDeps extends TargetContext, UndoDeps {
  /** The row that the keyboard is at: see `IssueTree`. */
  readonly focusedRow: () => Promise<IssueTreeNode | undefined>;
}

/** How often the text may change under a tick before it is given up. */
const ATTEMPTS = 3;
/** Of a task's text in the name of what can be undone. */
const LABEL_LENGTH = 40;

/** Commands on the boxes of rows. */
export function taskCommands(deps: TaskCommandDeps) {
  return { [commandIds.toggleTask]: (row, done) => toggle(deps, row, done) } satisfies Partial<CommandActions>;
}

/** @param row or the argument of the key, which is for the row that has the focus. @param done whether the task is to be done; the opposite unless given. */
async function toggle(deps: TaskCommandDeps, row: unknown, done: unknown): Promise<void> {
  if (row === SELECTION_ARGUMENT) {
    await toggleFocused(deps);
  } else if (isTaskNode(row)) {
    await tick(deps, row, typeof done === 'boolean' ? done : !row.task.done);
  }
}

/** What has no box does what it does in any tree when the space bar is pressed. */
async function toggleFocused(deps: TaskCommandDeps): Promise<void> {
  const row = await deps.focusedRow();
  if (isTaskNode(row)) {
    await tick(deps, row, !row.task.done);
  } else if (row?.kind === 'issue' && checkboxes(row.source.folder) === 'all') {
    await commands.executeCommand(isCompleted(row.summary) ? commandIds.reopenIssue : commandIds.completeIssue, row);
  } else {
    await commands.executeCommand('list.toggleExpand');
  }
}

async function tick(deps: TaskCommandDeps, node: TaskNode, done: boolean): Promise<void> {
  const { source, issue } = node;
  const refusal = whyNotWritable(source.store, 'tick');
  if (refusal !== undefined) {
    throw new IssueError('readOnly', refusal);
  }
  const target = currentTarget(issue);
  if (target === undefined) {
    throw new IssueError('notFound', l10n.t('The issue no longer exists. It may have been completed, renamed or deleted.'));
  }
  const { isUnique, task } = node;
  const known: KnownTask = { task, isUnique, reading: await loadTaskReading() };
  const filePath = filePathOf(target);
  const stillTyping = await deps.unsaved.save([filePath]);
  const undo = await write(target, known, done);
  for (const document of stillTyping) {
    // What is typed is saved later, over the file that has the tick.
    await changeText(document, () => {
      const content = document.getText();
      const box = boxIn(content, target, known);
      return box && box.done !== done
        ? { start: box.mark, end: box.mark + 1, text: known.reading.withTick(content, box, done).charAt(box.mark) }
        : undefined;
    });
  }
  if (undo.length > 0) {
    const [text, of] = [clipped(task.text, LABEL_LENGTH), issueLabel(target)];
    const label = done ? l10n.t('Ticked “{0}” in {1}', text, of) : l10n.t('Unticked “{0}” in {1}', text, of);
    rememberChange(deps, label, [{ store: source.store, undo, editedPaths: [filePath] }]);
  }
}

/** A task as it was when its row was drawn, and what finds it again. */
interface KnownTask extends Pick<TaskNode, 'task' | 'isUnique'> {
  readonly reading: TaskReading;
}

/** Ticks the box where it stood when its row was drawn, or where it stands now, if that is beyond doubt. */
async function write(target: IssueTarget, known: KnownTask, done: boolean): Promise<readonly RestoreEdit[]> {
  const store = target.source.store.for('tasks');
  let { line, text, ordinal } = known.task;
  for (let attempt = 1; ; attempt++) {
    try {
      return (await store.write([{ kind: 'tick', ref: target.summary, line, text, ordinal, done }])).undo;
    } catch (error) {
      const box = error instanceof ConflictError ? boxIn((await store.getIssue(target.summary)).content, target, known) : undefined;
      if (box === undefined || attempt === ATTEMPTS) {
        throw error;
      }
      ({ line, text, ordinal } = box);
    }
  }
}

/** The box of a task in a text that may have changed: on the same line, or anywhere if neither text has another task like it. */
function boxIn(content: string, { source }: IssueTarget, { task, isUnique, reading }: KnownTask): IssueTask | undefined {
  const same = [...reading.allTasks(reading.tasksOf(content, source.store.format.boxes))].filter(({ text }) => text === task.text);
  const unmoved = same.find(({ line, ordinal }) => line === task.line && ordinal === task.ordinal);
  return unmoved ?? (isUnique && same.length === 1 ? same[0] : undefined);
}
