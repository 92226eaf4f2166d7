import { NO_FIELDS } from '../issue/issueFields.ts';
import type { TaskProgress } from '../issue/issueState.ts';
import { folderOf } from '../issue/relativePath.ts';
import { bodyStart } from '../markdown/frontMatter.ts';
import { outlineOf } from '../markdown/issueMarkdown.ts';
import { withLineFeeds } from '../markdown/lineFeeds.ts';
import { MarkdownLines } from '../markdown/markdownLines.ts';
import { type FolderProbe, type StoreFormat, WRITES_NOTHING } from './storeFormat.ts';

/** The task boxes of a text. */
export interface CountedTasks {
  readonly progress: TaskProgress;
  /** Left out if there are none. */
  readonly optional?: TaskProgress;
}

/** What is special about a tool that keeps a list of tasks in a folder for each of its plans. */
export interface ChecklistTool extends Pick<StoreFormat<undefined>, 'id' | 'label' | 'version' | 'detect'> {
  /** @param name of the plan's folder @param text its lines end with line feeds only */
  titleOf(name: string, text: string): string;
  /** Instead of {@link countTasks}. @param text its lines end with line feeds only */
  countTasks?(text: string): CountedTasks;
  /** The number that the name of a plan's folder begins with, as it is written there. */
  numberIn?(name: string): string | undefined;
}

const ARCHIVE = 'archive';
/** The first group is the name of the plan's folder. */
const TASKS_FILE = new RegExp(`^(?:${ARCHIVE}/)?((?!${ARCHIVE}/)[^/]+)/tasks\\.md$`);

/** A format in which each `tasks.md` is one issue, which this extension only shows. */
export function checklistFormat({ titleOf, countTasks: count = countTasks, numberIn, ...tool }: ChecklistTool): StoreFormat<undefined> {
  const nameOf = (path: string) => TASKS_FILE.exec(path)?.[1] ?? path.replace(/\.md$/, '');
  const idOf = (path: string) => {
    const id = nameOf(path);
    const number = numberIn?.(id);
    return number === undefined ? { id } : { id, number: Number(number) };
  };
  return {
    ...tool,
    readConfig: () => ({ config: undefined }),
    folders: () => ['', ARCHIVE].map((path) => ({ path, depth: 1 })),
    isIssueFile: (path) => TASKS_FILE.test(path),
    describe: (path, content) => {
      const text = withLineFeeds(content);
      const { hasConflict } = outlineOf(text);
      const { progress, optional } = count(text);
      const fields = optional === undefined ? NO_FIELDS : { optional };
      return { ...idOf(path), title: titleOf(nameOf(path), text), fields, progress, hasConflict };
    },
    describeName: (path) => ({ ...idOf(path), title: titleOf(nameOf(path), '') }),
    stateOf: ({ key, progress }) => (folderOf(folderOf(key)) === ARCHIVE ? 'done' : stateOfProgress(progress)),
    labelOf: ({ id }) => numberIn?.(id),
    foldId: (ref) => ref.trim().toLowerCase(),
    writes: WRITES_NOTHING,
  };
}

function stateOfProgress(progress: TaskProgress | undefined): 'open' | 'active' | 'done' {
  if (progress === undefined || progress.done === 0) {
    return 'open';
  }
  return progress.done === progress.total ? 'done' : 'active';
}

/** A box that GitHub draws none of: of a task under way or put off, or with the star of Kiro's optional tasks behind it. */
const OWN_BOX = /^\[([ xX~-])\](\\?\*)?(?:\s|$)/;
/** The star of an optional task behind its number. */
const STARRED_NUMBER = /^\d+(?:\.\d+)*\.?\\?\*/;

/** Counts the task boxes that GitHub draws and those that spec-kit and Kiro have beside them, none of them in code or HTML. */
function countTasks(text: string): CountedTasks {
  const progress = { done: 0, total: 0 };
  const optional = { done: 0, total: 0 };
  const lines = new MarkdownLines(text, bodyStart(text));
  while (lines.next()) {
    const task = taskOn(lines, text);
    if (task !== undefined) {
      const count = task.isOptional ? optional : progress;
      count.total++;
      count.done += task.isDone ? 1 : 0;
    }
  }
  return optional.total === 0 ? { progress } : { progress, optional };
}

function taskOn(lines: MarkdownLines, text: string): { readonly isDone: boolean; readonly isOptional: boolean } | undefined {
  const own = text.slice(lines.textStart, lines.end);
  if (lines.taskDone !== undefined) {
    return { isDone: lines.taskDone, isOptional: STARRED_NUMBER.test(own) };
  }
  const isItem = lines.kind === 'text' && lines.startsParagraph && lines.depth > 0;
  const [box, mark, star] = (isItem && OWN_BOX.exec(own)) || [];
  if (box === undefined) {
    return undefined;
  }
  return { isDone: mark === 'x' || mark === 'X', isOptional: star !== undefined || STARRED_NUMBER.test(own.slice(box.length)) };
}

/** Whether there is a folder with this name in a folder. */
export async function hasFolder(probe: FolderProbe, parent: string, name: string): Promise<boolean> {
  return (await probe.list(parent)).some((entry) => entry.kind === 'folder' && entry.name === name);
}
