import type { TaskProgress } from '../issue/issueState.ts';
import { bodyStart } from './frontMatter.ts';
import { inlineText } from './inlineText.ts';
import { asTitle } from './issueTitle.ts';
import { withLineFeeds } from './lineFeeds.ts';
import { MarkdownLines } from './markdownLines.ts';

/** A task box in a text whose lines end with line feeds only. */
export interface TaskBox {
  /** Where the character between its brackets stands. */
  readonly mark: number;
  readonly done: boolean;
  /** True of one that its tool counts apart. */
  readonly isOptional?: boolean;
  /** The markdown of the task, which can go over several lines. */
  readonly source: string;
  /** The box of the list item that this one is nested in. */
  readonly parent: TaskBox | undefined;
}

/** A task of an issue, as the text says it. */
export interface IssueTask {
  /** The line of its box in the text, from 0. */
  readonly line: number;
  /** Where the character between the brackets of its box stands in the text, in UTF-16 code units. */
  readonly mark: number;
  readonly done: boolean;
  /** True of one that its tool counts apart. */
  readonly isOptional: boolean;
  /** Plain text of one line, at most 200 characters; empty if nothing stands behind the box. */
  readonly text: string;
  /** Which of the tasks with this text it is, from 1. */
  readonly ordinal: number;
  /** The tasks that are nested in it. */
  readonly subtasks: readonly IssueTask[];
}

/** What finds the task boxes of a text, in order. @param text its lines end with line feeds only */
export type BoxFinder = (text: string) => Iterable<TaskBox>;

/** What tells of a line of a text whether there is a box on it. */
export type BoxOnLine = (lines: MarkdownLines, text: string) => FoundBox | undefined;

export interface FoundBox extends Pick<TaskBox, 'mark' | 'done' | 'isOptional'> {
  /** Where the text behind the box begins. */
  readonly textStart: number;
}

/** The boxes that GitHub draws, the same that `outlineOf` counts: in lists of all kinds, nested and quoted, but not in code or HTML. */
export const githubBox: BoxOnLine = ({ taskDone, taskMark, textStart }) =>
  taskDone === undefined ? undefined : { mark: taskMark, done: taskDone, textStart };

/** A finder of the boxes on those lines for which there is one. They are nested as their list items are. */
export function boxesOnLines(boxOn: BoxOnLine): BoxFinder {
  return function* (text) {
    const lines = new MarkdownLines(text, bodyStart(text));
    const open: { readonly box: OpenBox; readonly depth: number }[] = [];
    /** The box whose text may go on with the next line. */
    let last: OpenBox | undefined;
    while (lines.next()) {
      if (last !== undefined && lines.kind === 'text' && !lines.startsParagraph) {
        last.source += `\n${text.slice(lines.textStart, lines.end)}`;
        continue;
      }
      if (last !== undefined) {
        yield last;
        last = undefined;
      }
      while ((open.at(-1)?.depth ?? 0) > lines.kept) {
        open.pop();
      }
      const found = boxOn(lines, text);
      if (found !== undefined) {
        const { textStart, ...box } = found;
        last = { ...box, source: text.slice(textStart, lines.end), parent: open.at(-1)?.box };
        open.push({ box: last, depth: lines.depth });
      }
    }
    if (last !== undefined) {
      yield last;
    }
  };
}

interface OpenBox extends TaskBox {
  source: string;
}

/** In UTF-16 code units. Nobody counts the tasks of a longer text. */
const MAX_LENGTH = 1024 * 1024;

/**
 * The tasks of an issue that are nested in no other one. None of a text of more than {@link MAX_LENGTH}.
 *
 * @param content the file's text as it is: byte order mark, front matter and all line endings are coped with
 * @param boxes finds the boxes; those that GitHub draws unless a format says otherwise
 */
export function tasksOf(content: string, boxes: BoxFinder = boxesOnLines(githubBox)): IssueTask[] {
  if (content.length > MAX_LENGTH) {
    return [];
  }
  const lines = withLineFeeds(content);
  const places = new Places(content, lines);
  const roots: IssueTask[] = [];
  const subtasksOf = new Map<TaskBox, IssueTask[]>();
  const ordinals = new Map<string, number>();
  for (const box of boxes(lines)) {
    const { mark, done, isOptional = false, source, parent } = box;
    const subtasks: IssueTask[] = [];
    subtasksOf.set(box, subtasks);
    const siblings = (parent && subtasksOf.get(parent)) ?? roots;
    const text = asTitle(source, inlineText) ?? '';
    const ordinal = (ordinals.get(text) ?? 0) + 1;
    ordinals.set(text, ordinal);
    siblings.push({ ...places.of(mark), done, isOptional, text, ordinal, subtasks });
  }
  return roots;
}

/** All of these tasks and those nested in them, as they stand in the text. */
export function* allTasks(tasks: readonly IssueTask[]): Generator<IssueTask> {
  for (const task of tasks) {
    yield task;
    yield* allTasks(task.subtasks);
  }
}

/** How many boxes there are, those that are counted apart by themselves. */
export function countBoxes(boxes: Iterable<TaskBox>): { readonly progress: TaskProgress; readonly optional: TaskProgress } {
  const progress = { done: 0, total: 0 };
  const optional = { done: 0, total: 0 };
  for (const box of boxes) {
    const count = box.isOptional ? optional : progress;
    count.total++;
    count.done += box.done ? 1 : 0;
  }
  return { progress, optional };
}

/** Where places of a text with line feeds alone are in the text as it was. They must be asked for in order. */
class Places {
  readonly #content: string;
  readonly #text: string;
  #line = 0;
  #lineFeed: number;
  /** How many carriage returns before line feeds have been passed, and where the next one is. */
  #returns = 0;
  #nextReturn: number;

  constructor(content: string, text: string) {
    this.#content = content;
    this.#text = text;
    this.#lineFeed = text.indexOf('\n');
    this.#nextReturn = content.indexOf('\r\n');
  }

  of(place: number): Pick<IssueTask, 'line' | 'mark'> {
    while (this.#lineFeed !== -1 && this.#lineFeed < place) {
      this.#line++;
      this.#lineFeed = this.#text.indexOf('\n', this.#lineFeed + 1);
    }
    while (this.#nextReturn !== -1 && this.#nextReturn - this.#returns < place) {
      this.#returns++;
      this.#nextReturn = this.#content.indexOf('\r\n', this.#nextReturn + 2);
    }
    return { line: this.#line, mark: place + this.#returns };
  }
}

/** The text with the box of a task ticked, or not; one character differs. */
export function withTick(content: string, { mark }: Pick<IssueTask, 'mark'>, done: boolean): string {
  return content.slice(0, mark) + (done ? 'x' : ' ') + content.slice(mark + 1);
}
