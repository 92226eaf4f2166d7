import type { TaskProgress } from './issue.ts';
import { MarkdownLines } from './markdownLines.ts';

/** What a list shows of an issue's text. */
export interface IssueOutline {
  /** Plain text of one line, at most 200 characters; undefined if the text has nothing to show. */
  readonly title: string | undefined;
  readonly progress: TaskProgress;
}

/** The beginning of an issue's text. */
export interface IssueExcerpt {
  readonly text: string;
  /** Whether anything but blank lines was left out. */
  readonly truncated: boolean;
}

const MAX_TITLE_LENGTH = 200;
/** How much of a heading is looked at: markup, such as the address of a link, takes room that the title does not. */
const MAX_TITLE_SOURCE = 1000;
const ELLIPSIS = '…';
const BYTE_ORDER_MARK = 0xfeff;
const FRONT_MATTER_MARK = '---';

/**
 * The title and the task progress of an issue, in one pass.
 *
 * The title is the first heading of the document itself (ATX or setext; not in code, front matter, a comment, a quote or a list) that has
 * any text, else the first line that shows any, without its quote signs, list marker and task box. So a code fence gives its first line
 * of code. Markup of the title is dropped where that is safe; see {@link plainText}.
 *
 * Task boxes are counted wherever GitHub draws one: in lists of all kinds, nested and quoted, but not in code or comments. A box with nothing
 * behind it counts.
 *
 * @param content the file's text as it is: byte order mark, front matter and all line endings are coped with
 */
export function outlineOf(content: string): IssueOutline {
  return walk(content, true);
}

/** The title of {@link outlineOf} alone, for which most texts need not be read to their end. */
export function titleOf(content: string): string | undefined {
  return walk(content, false).title;
}

function walk(content: string, countsTasks: boolean): IssueOutline {
  const text = withLineFeeds(content);
  const lines = new MarkdownLines(text, bodyStart(text));
  const paragraph: string[] = [];
  let title: string | undefined;
  let firstLine: string | undefined;
  let done = 0;
  let total = 0;
  while (lines.next()) {
    if (lines.taskDone !== undefined) {
      total++;
      done += lines.taskDone ? 1 : 0;
    }
    if (title !== undefined) {
      continue;
    }
    title = headingAt(lines, text, paragraph);
    if (title !== undefined && !(countsTasks && mayHaveTasks(text, lines.start))) {
      break;
    }
    firstLine ??= visibleText(lines, text);
  }
  return { title: title ?? firstLine, progress: { done, total } };
}

/**
 * The beginning of an issue as markdown, for a tooltip: without byte order mark, front matter and leading blank lines, all line endings line
 * feeds. Cut between lines; only a first line that is too long by itself is cut inside, never in a surrogate pair. A code fence or a comment
 * that the cut would leave open is closed; the line that does it comes on top of the limits.
 *
 * @param limits how much of the issue is taken; characters are UTF-16 code units, line feeds among them
 */
export function excerptOf(content: string, limits: { readonly maxLines: number; readonly maxCharacters: number }): IssueExcerpt {
  const text = withLineFeeds(content);
  const body = bodyStart(text);
  const visible = text.slice(body).search(/\S/);
  if (visible === -1) {
    return { text: '', truncated: false };
  }
  const start = Math.max(body, text.lastIndexOf('\n', body + visible) + 1);
  const end = excerptEnd(text, start, limits.maxLines, start + limits.maxCharacters);
  const excerpt = text.slice(start, end).trimEnd();
  const lines = new MarkdownLines(excerpt);
  while (lines.next()) {
    // Only what is open after the last line matters.
  }
  const closing = lines.closingLine();
  return { text: closing === undefined ? excerpt : `${excerpt}\n${closing}`, truncated: /\S/.test(text.slice(end)) };
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

/** The text of the heading that this line completes, if it has any. Keeps the lines of the paragraph, which an underline makes a heading. */
function headingAt(lines: MarkdownLines, text: string, paragraph: string[]): string | undefined {
  if (lines.depth > 0) {
    return undefined;
  }
  switch (lines.kind) {
    case 'heading':
      return plainText(withoutClosingSigns(text.slice(lines.textStart, lines.end)));
    case 'underline':
      return plainText(paragraph.join(' '));
    case 'text':
      if (lines.startsParagraph) {
        paragraph.length = 0;
      }
      if (paragraph.length < MAX_TITLE_SOURCE) {
        paragraph.push(text.slice(lines.textStart, lines.end));
      }
      return undefined;
    default:
      return undefined;
  }
}

function visibleText(lines: MarkdownLines, text: string): string | undefined {
  const own = text.slice(lines.textStart, lines.end);
  switch (lines.kind) {
    case 'text':
      return plainText(own);
    case 'heading':
      return plainText(withoutClosingSigns(own));
    case 'code':
      return asTitle(own);
    default:
      return undefined;
  }
}

/** A heading without the closing `#`s that it may have (CommonMark 4.2). */
function withoutClosingSigns(heading: string): string {
  const trimmed = heading.trimEnd();
  let end = trimmed.length;
  while (trimmed.charAt(end - 1) === '#') {
    end--;
  }
  return end === 0 || /\s/.test(trimmed.charAt(end - 1)) ? trimmed.slice(0, end) : trimmed;
}

/**
 * The text as a title, without backslash escapes, backticks, asterisks around words and the addresses of links, images and autolinks.
 * What could mean itself stays: underscores (`snake_case`, `__init__`), asterisks in globs and products, brackets without an address or
 * right behind a word (`map[key](value)`), and strike-through, without which the text would claim the opposite.
 */
function plainText(source: string): string | undefined {
  return /[*`[\\<]/.test(source) ? asTitle(source, withoutMarkup) : asTitle(source);
}

function withoutMarkup(source: string): string {
  // What must stay as it is waits outside, and NULs, of which a title has none, hold the places in order.
  const literals: string[] = [];
  return source
    .replaceAll('\0', ' ')
    .replace(/\\([!-/:-@[-`{-~])|(?<!`)(`+)(?!`)(.+?)(?<!`)\2(?!`)/g, (_, escaped: string | undefined, _ticks: string, code: string) => {
      literals.push(escaped ?? code);
      return '\0';
    })
    .replace(/!\[([^[\]]*)\]\([^()\0]*\)/g, '$1')
    .replace(/(?<![\w)\]])\[([^[\]]+)\]\((?:[^()\0]|\([^()\0]*\))*\)/g, '$1')
    .replace(/<([a-z][a-z0-9+.-]+:[^\s<>\0]*)>/gi, '$1')
    .replace(/(?<![^\s(["'“‘:,–—-])(\*{1,3})(?=[\p{L}\p{N}\0("'“‘])(.*?[^\s*])\1(?![^\s)\]"'”’.,:;!?–—-])/gu, '$2')
    .replace(/\0/g, () => literals.shift() ?? '');
}

/** One line of at most 200 characters, its control characters blanks; undefined if there is nothing to see. */
function asTitle(source: string, clean: (text: string) => string = (text) => text): string | undefined {
  const end = wholeCharacterEnd(source, MAX_TITLE_SOURCE);
  const line = clean(source.slice(0, end))
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim();
  if (line === '') {
    return undefined;
  }
  const complete = end === source.length && (line.length <= MAX_TITLE_LENGTH || Array.from(line).length <= MAX_TITLE_LENGTH);
  const title = complete
    ? line
    : Array.from(line)
        .slice(0, MAX_TITLE_LENGTH - 1)
        .join('')
        .trimEnd() + ELLIPSIS;
  // A slice would keep the whole text of the issue alive as long as the title is.
  return ` ${title}`.slice(1);
}

/** The position itself, or the one before it if it is inside a surrogate pair; never behind the end. */
function wholeCharacterEnd(text: string, position: number): number {
  if (position >= text.length) {
    return text.length;
  }
  const insidePair = (text.codePointAt(position - 1) ?? 0) > 0xffff;
  return insidePair ? position - 1 : position;
}

function mayHaveTasks(text: string, from: number): boolean {
  return text.includes('[ ]', from) || text.includes('[x]', from) || text.includes('[X]', from);
}

function withLineFeeds(content: string): string {
  return content.includes('\r') ? content.replaceAll('\r\n', '\n').replaceAll('\r', '\n') : content;
}

/**
 * Where the byte order mark and the front matter end: a first line `---` and all up to the next such line. A block without an end is none; its
 * first line is a thematic break.
 */
function bodyStart(text: string): number {
  const start = text.charCodeAt(0) === BYTE_ORDER_MARK ? 1 : 0;
  if (frontMatterMarkEnd(text, start) === undefined) {
    return start;
  }
  for (let lineFeed = text.indexOf('\n', start); lineFeed !== -1; lineFeed = text.indexOf(`\n${FRONT_MATTER_MARK}`, lineFeed + 1)) {
    const end = frontMatterMarkEnd(text, lineFeed + 1);
    if (end !== undefined) {
      return end;
    }
  }
  return start;
}

/** Where the line ends that begins here, if it is `---`; white space behind it is let pass. */
function frontMatterMarkEnd(text: string, lineStart: number): number | undefined {
  if (!text.startsWith(FRONT_MATTER_MARK, lineStart)) {
    return undefined;
  }
  const lineFeed = text.indexOf('\n', lineStart);
  const lineEnd = lineFeed === -1 ? text.length : lineFeed;
  return text.slice(lineStart, lineEnd).trimEnd() === FRONT_MATTER_MARK ? lineEnd : undefined;
}
