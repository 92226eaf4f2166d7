import type { TaskProgress } from '../issue/issueState.ts';
import { wholeCharacterEnd } from '../issue/wholeCharacters.ts';
import { bodyStart, type FrontMatter, readFrontMatter } from './frontMatter.ts';
import { inlineText } from './inlineText.ts';
import { asTitle, TitleFinder, withoutClosingSigns } from './issueTitle.ts';
import { withLineFeeds } from './lineFeeds.ts';
import { MarkdownLines } from './markdownLines.ts';
import { CONFLICT_START } from './mergeConflicts.ts';

/** What a list shows of an issue's text. */
export interface IssueOutline {
  /** Plain text of one line, at most 200 characters; undefined if the text has nothing to show. */
  readonly title: string | undefined;
  readonly progress: TaskProgress;
  /** Whether a merge has left conflict markers in the text, outside of code. */
  readonly hasConflict: boolean;
}

/** How much of an issue's text is its beginning. */
export interface ExcerptLimits {
  readonly maxLines: number;
  readonly maxCharacters: number;
  readonly title?: string;
}

/** The beginning of an issue's text. */
export interface IssueExcerpt {
  readonly text: string;
  /** Whether anything but blank lines was left out. */
  readonly truncated: boolean;
}

/**
 * The title and the task progress of an issue, in one pass.
 *
 * The title is `title` in front matter, if that is a text that shows anything, else what {@link TitleFinder} finds.
 *
 * Task boxes are counted wherever GitHub draws one: in lists of all kinds, nested and quoted, but not in code or HTML. A box with nothing
 * behind it counts. Of a conflict that a merge has left, the boxes of the first side are counted.
 *
 * @param content the file's text as it is: byte order mark, front matter and all line endings are coped with
 * @param frontMatter what {@link readFrontMatter} says of the same content, for those who need it, too
 */
export function outlineOf(content: string, frontMatter: FrontMatter = readFrontMatter(content)): IssueOutline {
  const text = withLineFeeds(content);
  const start = bodyStart(text);
  const given = titleIn(frontMatter);
  const lines = new MarkdownLines(text, start);
  const finder = new TitleFinder(text);
  let done = 0;
  let total = 0;
  let isTitled = given !== undefined;
  let isOver = isTitled && !mayHaveMore(text, 0);
  while (!isOver && lines.next()) {
    if (lines.taskDone !== undefined) {
      total++;
      done += lines.taskDone ? 1 : 0;
    }
    if (!isTitled) {
      finder.take(lines);
      isTitled = finder.isDecided;
      isOver = isTitled && !mayHaveMore(text, lines.start);
    }
  }
  const hasConflict = lines.hasConflict || text.slice(0, start).includes(`\n${CONFLICT_START} `);
  return { title: given ?? finder.title, progress: { done, total }, hasConflict };
}

function titleIn({ values, typedKeys }: FrontMatter): string | undefined {
  const title = values.get('title');
  return typeof title === 'string' && !typedKeys.has('title') ? asTitle(title) : undefined;
}

/** Whether there can be task boxes or conflicts behind this place, which is quicker to see than where. */
function mayHaveMore(text: string, from: number): boolean {
  return text.includes('[ ]', from) || text.includes('[x]', from) || text.includes('[X]', from) || text.includes(CONFLICT_START, from);
}

/**
 * The beginning of an issue as markdown, for a tooltip: without byte order mark, front matter and leading blank lines, all line endings line
 * feeds. Cut between lines; only a first line that is too long by itself is cut inside, never in a surrogate pair. A code fence or HTML
 * that the cut would leave open is closed; the line that does it comes on top of the limits.
 *
 * @param limits how much of the issue is taken; characters are UTF-16 code units, line feeds among them. With `title`, a heading on top
 *   that ends with it is left out, for those who show the title themselves
 */
export function excerptOf(content: string, limits: ExcerptLimits): IssueExcerpt {
  const text = withLineFeeds(content);
  const start = visibleLine(text, behindTitle(text, visibleLine(text, bodyStart(text)), limits.title));
  const end = excerptEnd(text, start, limits.maxLines, start + limits.maxCharacters);
  const excerpt = text.slice(start, end).trimEnd();
  const lines = new MarkdownLines(excerpt);
  while (lines.next()) {
    // Only what is open after the last line matters.
  }
  const closing = lines.closingLine();
  return { text: closing === undefined ? excerpt : `${excerpt}\n${closing}`, truncated: /\S/.test(text.slice(end)) };
}

/** Where the first line with anything to see begins, or else where the text ends. */
function visibleLine(text: string, from: number): number {
  const visible = text.slice(from).search(/\S/);
  return visible === -1 ? text.length : Math.max(from, text.lastIndexOf('\n', from + visible) + 1);
}

/** Where a text goes on behind a heading that ends with the title: a number often stands before it. */
function behindTitle(text: string, start: number, title: string | undefined): number {
  const lines = new MarkdownLines(text, start);
  if (title === undefined || !lines.next() || lines.kind !== 'heading' || lines.depth > 0) {
    return start;
  }
  const heading = withoutClosingSigns(text.slice(lines.textStart, lines.end));
  // Formats differ in whether a title keeps its inline markup.
  const isTitle = [asTitle(heading), asTitle(heading, inlineText)].some((said) => said?.endsWith(title));
  return isTitle ? lines.end : start;
}

function excerptEnd(text: string, start: number, maxLines: number, maxEnd: number): number {
  let end = start;
  for (let line = 0; line < maxLines && end < text.length; line++) {
    const lineFeed = text.indexOf('\n', end + 1);
    const lineEnd = lineFeed === -1 ? text.length : lineFeed;
    if (lineEnd > maxEnd) {
      return line === 0 ? wholeCharacterEnd(text, maxEnd) : end;
    }
    end = lineEnd;
  }
  return end;
}
