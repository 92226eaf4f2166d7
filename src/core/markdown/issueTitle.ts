import { parseIssueId } from '../issue/issueFileName.ts';
import { wholeCharacterEnd } from '../issue/wholeCharacters.ts';
import { inlineText } from './inlineText.ts';
import type { MarkdownLines } from './markdownLines.ts';

const MAX_TITLE_LENGTH = 200;
/** How much of a heading is looked at: markup, such as the address of a link, takes room that the title does not. */
const MAX_TITLE_SOURCE = 1000;
const ELLIPSIS = '…';
/** A level-1 heading on one of so many lines is the title in spite of text before it. Blank lines do not count. */
const FIRST_LINES = 3;
const VISIBLE = /[^\s\p{Cc}]/u;
/** White space that is no single blank, and control characters. */
const UNTIDY = /[^\S ]| {2}|\p{Cc}/u;
/** Link reference definitions (CommonMark 4.7). */
const LINK_DEFINITIONS =
  /^(?:\[(?:[^[\]\\]|\\.)+\]:[ \t]*\n?[ \t]*(?:<[^<>\n]*>|[^\s<]\S*)(?:\s+(?:"[^"]*"|'[^']*'|\([^()]*\)))?[ \t]*(?:\n|$))+/;
/** A number or a series at the beginning of a title, and what sets it off. */
const PREFIX = /^(\S*\d)(?::\s*|\s+[-–—]\s+)(?=\S)/u;

/**
 * What an issue is called: what its text says, without the beginning of its own file's name (`CONFIG_000236: …` in `CONFIG_000236_….md`),
 * else the name, else the id.
 *
 * @param said the title of the text, see `outlineOf`
 */
export function issueTitle(id: string, said: string | undefined): string {
  if (said === undefined) {
    return parseIssueId(id).name || id;
  }
  const [prefix, own] = PREFIX.exec(said) ?? [];
  const isOwn = own !== undefined && id.startsWith(own) && /^(?:[_-]|$)/.test(id.slice(own.length));
  return isOwn ? said.slice(prefix?.length) : said;
}

/**
 * Finds the title while the lines of a text go by: the first heading of the document itself (ATX or setext; not in code, HTML, a quote or a
 * list) or the first line of text, whichever comes first, except that a level-1 heading on one of the first three lines beats text before
 * it. Code is text that any level-1 heading beats before other text comes. What shows nothing, such as a picture without a name, counts as if
 * it were not there.
 */
export class TitleFinder {
  readonly #text: string;
  /** How many lines have gone by that are not blank. */
  #count = 0;
  #firstText: string | undefined;
  /** Whether nothing but code has shown any text. */
  #isCodeSoFar = true;
  /** The lines of the open paragraph, without the signs in front of them. */
  #paragraph: string[] = [];
  #paragraphLength = 0;
  /** Which of the lines that are not blank its first is; without a meaning where it can be no heading of the document. */
  #paragraphStart = 0;
  #heading: string | undefined;
  #isDecided = false;

  constructor(text: string) {
    this.#text = text;
  }

  /** Whether no further line can change the title. */
  get isDecided(): boolean {
    return this.#isDecided;
  }

  /** The title as far as the lines go that have been taken, of which the last is over. */
  get title(): string | undefined {
    this.#endParagraph();
    return this.#heading ?? this.#firstText;
  }

  /** Takes the line where this walk is. */
  take(lines: MarkdownLines): void {
    this.#count += VISIBLE.test(this.#text.slice(lines.start, lines.end)) ? 1 : 0;
    switch (lines.kind) {
      case 'text':
        this.#takeText(lines);
        break;
      case 'underline':
        this.#takeUnderline(lines);
        break;
      case 'heading':
        this.#endParagraph();
        this.#takeHeading(asTitle(withoutClosingSigns(ownText(lines, this.#text)), inlineText), this.#count, lines);
        break;
      default:
        this.#endParagraph();
        this.#firstText ??= lines.kind === 'code' ? asTitle(ownText(lines, this.#text)) : undefined;
    }
    this.#isDecided ||= !this.#isCodeSoFar && this.#count >= FIRST_LINES && !this.#mayBecomeHeading();
  }

  /** Whether the open paragraph can still turn out to be a heading that beats the text before it. */
  #mayBecomeHeading(): boolean {
    return this.#paragraph.length > 0 && this.#paragraphStart <= FIRST_LINES;
  }

  #takeText(lines: MarkdownLines): void {
    if (lines.startsParagraph) {
      this.#endParagraph();
      this.#paragraphStart = lines.depth > 0 ? Number.POSITIVE_INFINITY : this.#count;
    }
    if (this.#paragraphLength < MAX_TITLE_SOURCE) {
      const line = ownText(lines, this.#text);
      this.#paragraph.push(line);
      this.#paragraphLength += line.length + 1;
    }
  }

  #takeUnderline(lines: MarkdownLines): void {
    this.#takeHeading(asTitle(this.#paragraphText(), inlineText), this.#paragraphStart, lines);
  }

  #takeHeading(title: string | undefined, line: number, { headingLevel, depth }: MarkdownLines): void {
    if (title === undefined) {
      return;
    }
    if (depth > 0) {
      this.#takeFirst(title);
      return;
    }
    this.#isDecided = true;
    if (this.#firstText === undefined || (headingLevel === 1 && (line <= FIRST_LINES || this.#isCodeSoFar))) {
      this.#heading = title;
    }
  }

  #takeFirst(text: string | undefined): void {
    if (text !== undefined) {
      this.#firstText ??= text;
      this.#isCodeSoFar = false;
    }
  }

  #endParagraph(): void {
    if (this.#paragraph.length > 0) {
      this.#takeFirst(firstLine(this.#paragraphText()));
    }
  }

  /** The text of the open paragraph, which ends with that; definitions of links at its beginning show nothing. */
  #paragraphText(): string {
    const text = this.#paragraph.join('\n');
    this.#paragraph = [];
    this.#paragraphLength = 0;
    return text.startsWith('[') ? text.replace(LINK_DEFINITIONS, '') : text;
  }
}

function ownText(lines: MarkdownLines, text: string): string {
  return text.slice(lines.textStart, lines.end);
}

/** The first line of a paragraph that shows anything. Its markup can go on behind that line. */
function firstLine(paragraph: string): string | undefined {
  const source = paragraph.slice(0, wholeCharacterEnd(paragraph, MAX_TITLE_SOURCE));
  const lines = inlineText(source).split('\n');
  const index = lines.findIndex((line) => VISIBLE.test(line));
  return shortened(lines[index] ?? '', source.length < paragraph.length && index === lines.length - 1);
}

/** One line of at most 200 characters, its control characters blanks; undefined if there is nothing to see. */
export function asTitle(text: string, clean: (source: string) => string = (source) => source): string | undefined {
  const source = text.slice(0, wholeCharacterEnd(text, MAX_TITLE_SOURCE));
  return shortened(clean(source), source.length < text.length);
}

function shortened(text: string, isCut: boolean): string | undefined {
  // Most titles are one line already, which is quicker to see than to make.
  const line = (UNTIDY.test(text) ? text.replace(/[\s\p{Cc}]+/gu, ' ') : text).trim();
  if (line === '') {
    return undefined;
  }
  const isComplete = !isCut && (line.length <= MAX_TITLE_LENGTH || Array.from(line).length <= MAX_TITLE_LENGTH);
  const title = isComplete
    ? line
    : Array.from(line)
        .slice(0, MAX_TITLE_LENGTH - 1)
        .join('')
        .trimEnd() + ELLIPSIS;
  // A copy, since a slice would keep the whole text of the issue alive as long as the title is.
  return Buffer.from(title).toString();
}

/** A heading without the closing `#`s that it may have (CommonMark 4.2). */
export function withoutClosingSigns(heading: string): string {
  const trimmed = heading.trimEnd();
  let end = trimmed.length;
  while (trimmed.charAt(end - 1) === '#') {
    end--;
  }
  return end === 0 || /\s/.test(trimmed.charAt(end - 1)) ? trimmed.slice(0, end) : trimmed;
}
