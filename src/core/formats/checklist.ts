import { NO_FIELDS } from '../issue/issueFields.ts';
import type { TaskProgress } from '../issue/issueState.ts';
import { folderOf } from '../issue/relativePath.ts';
import { outlineOf } from '../markdown/issueMarkdown.ts';
import { withLineFeeds } from '../markdown/lineFeeds.ts';
import { type BoxFinder, boxesOnLines, countBoxes, githubBox } from '../markdown/taskBoxes.ts';
import { type FolderProbe, ONLY_TICKS, type StoreFormat } from './storeFormat.ts';

/** What is special about a tool that keeps a list of tasks in a folder for each of its plans. */
export interface ChecklistTool extends Pick<StoreFormat<undefined>, 'id' | 'label' | 'version' | 'detect'> {
  /** @param name of the plan's folder @param text its lines end with line feeds only */
  titleOf(name: string, text: string): string;
  /** Instead of {@link checklistBoxes}. */
  readonly boxes?: BoxFinder;
  /** The number that the name of a plan's folder begins with, as it is written there. */
  numberIn?(name: string): string | undefined;
}

const ARCHIVE = 'archive';
/** The first group is the name of the plan's folder. */
const TASKS_FILE = new RegExp(`^(?:${ARCHIVE}/)?((?!${ARCHIVE}/)[^/]+)/tasks\\.md$`);

/** A format in which each `tasks.md` is one issue, which this extension only shows. */
export function checklistFormat({ titleOf, boxes = checklistBoxes, numberIn, ...tool }: ChecklistTool): StoreFormat<undefined> {
  const nameOf = (path: string) => TASKS_FILE.exec(path)?.[1] ?? path.replace(/\.md$/, '');
  const idOf = (path: string) => {
    const id = nameOf(path);
    const number = numberIn?.(id);
    return number === undefined ? { id } : { id, number: Number(number) };
  };
  return {
    ...tool,
    boxes,
    readConfig: () => ({ config: undefined }),
    folders: () => ['', ARCHIVE].map((path) => ({ path, depth: 1 })),
    isIssueFile: (path) => TASKS_FILE.test(path),
    describe: (path, content) => {
      const text = withLineFeeds(content);
      const { hasConflict } = outlineOf(text);
      const { progress, optional } = countBoxes(boxes(text));
      const fields = optional.total === 0 ? NO_FIELDS : { optional };
      return { ...idOf(path), title: titleOf(nameOf(path), text), fields, progress, hasConflict };
    },
    describeName: (path) => ({ ...idOf(path), title: titleOf(nameOf(path), '') }),
    stateOf: ({ key, progress }) => (folderOf(folderOf(key)) === ARCHIVE ? 'done' : stateOfProgress(progress)),
    labelOf: ({ id }) => numberIn?.(id),
    foldId: (ref) => ref.trim().toLowerCase(),
    writes: ONLY_TICKS,
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

/** Task boxes that GitHub draws and those that spec-kit and Kiro have beside them, none of them in code or HTML. */
const checklistBoxes = boxesOnLines((lines, text) => {
  const own = text.slice(lines.textStart, lines.end);
  const box = githubBox(lines, text);
  if (box !== undefined) {
    return { ...box, isOptional: STARRED_NUMBER.test(own) };
  }
  const isItem = lines.kind === 'text' && lines.startsParagraph && lines.depth > 0;
  const [signs, mark, star] = (isItem && OWN_BOX.exec(own)) || [];
  if (signs === undefined) {
    return undefined;
  }
  const isOptional = star !== undefined || STARRED_NUMBER.test(own.slice(signs.length));
  return { mark: lines.textStart + 1, done: mark === 'x' || mark === 'X', isOptional, textStart: lines.textStart + signs.length };
});

/** Whether there is a folder with this name in a folder. */
export async function hasFolder(probe: FolderProbe, parent: string, name: string): Promise<boolean> {
  return (await probe.list(parent)).some((entry) => entry.kind === 'folder' && entry.name === name);
}
