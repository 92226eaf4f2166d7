import type { StoreFormat } from '../../formats/storeFormat.ts';
import { ConflictError } from '../../issue/issueErrors.ts';
import { allTasks, type IssueTask, tasksOf, withTick } from '../../markdown/taskBoxes.ts';
import type { TickEdit } from '../issueStoragePort.ts';

/**
 * An issue's text with these boxes changed.
 * @throws ConflictError if one of them is not on its line any more, with the same text behind it.
 */
export function tickedText(path: string, content: string, ticks: readonly TickEdit[], { boxes }: Pick<StoreFormat, 'boxes'>): string {
  const tasks = [...allTasks(tasksOf(content, boxes))];
  let result = content;
  for (const { line, text, ordinal, done } of ticks) {
    const isIt = (each: IssueTask) => each.line === line && each.text === text && each.ordinal === (ordinal ?? each.ordinal);
    const task = tasks.find(isIt);
    if (task === undefined) {
      throw new ConflictError(path, `no longer has the task “${text}” on line ${line + 1}`);
    }
    // A box that is ticked already keeps its `X`.
    result = task.done === done ? result : withTick(result, task, done);
  }
  return result;
}
