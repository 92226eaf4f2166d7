import { type HtmlEnd, htmlBlockEnd, UNTIL_BLANK_LINE } from './htmlBlocks.ts';
import { MarkdownCursor, Sign, startsOnlyText } from './markdownCursor.ts';
import { MergeConflicts } from './mergeConflicts.ts';

/** What a line is, as far as an issue's title and its task boxes need to know. */
export type LineKind =
  | 'blank'
  /** Text of a paragraph. */
  | 'text'
  /** An ATX heading. */
  | 'heading'
  /** The line under a paragraph that makes a heading of it. */
  | 'underline'
  /** A line of a fenced or indented code block. */
  | 'code'
  /** The line that opens or closes a code fence. */
  | 'fence'
  /** A thematic break. */
  | 'break'
  /** Part of an HTML block, such as a comment. */
  | 'html';

/** In the list of open containers: a block quote. Any other entry is a list item, by the columns that its lines are indented. */
const QUOTE = 0;
/** Signs of deeper containers are taken for text. Nobody writes them, and without a limit a hostile file could take minutes. */
const MAX_DEPTH = 32;
const NO_FENCE = 0;

/**
 * Walks over the lines of a markdown text and says what each is.
 *
 * Follows CommonMark 0.31 in what decides on headings, code and list items: containers with their indentation and lazy continuation (5.1,
 * 5.2), fences (4.5), indented code (4.4), ATX and setext headings (4.2, 4.3), thematic breaks (4.1), tabs (2.2) and HTML blocks (4.6).
 * Link reference definitions count as text of a paragraph. Task boxes are those of GitHub Flavored Markdown (5.3). Of what two sides of a merge have
 * left between conflict markers, only the first side is gone through.
 */
export class MarkdownLines {
  kind: LineKind = 'blank';
  /** Where the line begins in the text. */
  start = 0;
  /** Where the line ends in the text, its line feed not counted. */
  end = 0;
  /** Where the line's own text begins, behind quote signs, list markers, a task box and the opening `#`s of a heading. */
  textStart = 0;
  /** How many quotes and list items the line stands in. */
  depth = 0;
  /** How many of those in which the line before stood go on with this line. */
  kept = 0;
  /** On a line of the kind `heading` or `underline`: the level of the heading. */
  headingLevel = 0;
  /** On a line of the kind `text`: whether it is the first of its paragraph. */
  startsParagraph = false;
  /** Whether the task box at the beginning of the line is checked; undefined where there is none. */
  taskDone: boolean | undefined;
  /** Where the character between the brackets of that box stands in the text. */
  taskMark = 0;

  readonly #text: string;
  readonly #cursor: MarkdownCursor;
  readonly #containers: number[] = [];
  #next: number;
  /** The last container is a list item that has only its marker so far. A blank line closes such an item (5.2). */
  #emptyItem = false;
  #inParagraph = false;
  /** The sign of the open fence. */
  #fence: number = NO_FENCE;
  #fenceLength = 0;
  /** What ends the open HTML block. */
  #htmlEnd: HtmlEnd | undefined;
  readonly #conflicts: MergeConflicts;

  /**
   * @param text its lines end with line feeds only
   * @param from where the first line begins
   */
  constructor(text: string, from = 0) {
    this.#text = text;
    this.#cursor = new MarkdownCursor(text);
    this.#conflicts = new MergeConflicts(text);
    this.#next = from;
  }

  /** Whether conflict markers of a merge have been passed. Examples of them in code do not count. */
  get hasConflict(): boolean {
    return this.#conflicts.hasAny;
  }

  /** Goes to the next line; false, and nothing changed, after the last one. */
  next(): boolean {
    const start = this.#conflicts.firstSideFrom(this.#next, this.#inLiteralBlock());
    if (start >= this.#text.length) {
      return false;
    }
    const lineFeed = this.#text.indexOf('\n', start);
    const end = lineFeed === -1 ? this.#text.length : lineFeed;
    this.start = start;
    this.textStart = start;
    this.end = end;
    this.#next = end + 1;
    this.taskDone = undefined;
    this.kept = this.#containers.length;
    if (this.#containers.length === 0 && !this.#inLiteralBlock() && startsOnlyText(this.#text.charCodeAt(start))) {
      this.depth = 0;
      this.#setText();
    } else {
      this.#cursor.startLine(start, end);
      this.#readLine();
      this.depth = this.#containers.length;
    }
    return true;
  }

  /** The line that would end the code fence or the HTML block which is open after this line; undefined if none is, or a blank line does. */
  closingLine(): string | undefined {
    const end = this.#fence === NO_FENCE ? this.#htmlEnd?.closing : String.fromCharCode(this.#fence).repeat(this.#fenceLength);
    return end && this.#containers.map((width) => (width === QUOTE ? '> ' : ' '.repeat(width))).join('') + end;
  }

  #inLiteralBlock(): boolean {
    return this.#fence !== NO_FENCE || this.#htmlEnd !== undefined;
  }

  #readLine(): void {
    const matched = this.#matchContainers();
    this.#emptyItem = false;
    if (this.#inLiteralBlock()) {
      if (matched === this.#containers.length) {
        this.#continueLiteralBlock();
        return;
      }
      this.#fence = NO_FENCE;
      this.#htmlEnd = undefined;
    }
    this.#openBlocks(matched);
  }

  /** Passes the quote signs and the indentation of the open containers, as far as the line has them; returns how many it has. */
  #matchContainers(): number {
    const cursor = this.#cursor;
    const count = this.#containers.length;
    for (let index = 0; index < count; index++) {
      const width = this.#containers[index] ?? QUOTE;
      if (width === QUOTE) {
        if (cursor.indent > 3 || cursor.atEnd || cursor.sign !== Sign.greater) {
          return index;
        }
        this.#passQuoteSign();
      } else if (cursor.atEnd) {
        if (this.#emptyItem && index === count - 1) {
          return index;
        }
      } else if (cursor.indent < width) {
        return index;
      } else {
        cursor.passBlanks(width);
      }
    }
    return count;
  }

  /** A line inside the open fence or HTML block. */
  #continueLiteralBlock(): void {
    const cursor = this.#cursor;
    this.textStart = cursor.content;
    if (this.#htmlEnd !== undefined) {
      this.kind = cursor.atEnd ? 'blank' : 'html';
      this.#endHtml();
      return;
    }
    this.kind = 'code';
    if (cursor.indent < 4 && cursor.sign === this.#fence) {
      const behind = cursor.skip(cursor.content, this.#fence);
      if (behind - cursor.content >= this.#fenceLength && cursor.skipBlanks(behind) === this.end) {
        this.kind = 'fence';
        this.#fence = NO_FENCE;
      }
    }
  }

  /** Opens the containers that begin on this line and takes what is behind them as a leaf block. */
  #openBlocks(matched: number): void {
    const cursor = this.#cursor;
    let depth = matched;
    while (!cursor.atEnd && cursor.indent < 4 && !startsOnlyText(cursor.sign) && depth < MAX_DEPTH) {
      if (cursor.sign === Sign.greater) {
        this.#openContainer(depth, QUOTE);
        this.#passQuoteSign();
      } else if (this.#readLeaf(depth)) {
        return;
      } else if (!this.#openItem(depth)) {
        break;
      }
      depth++;
    }
    this.textStart = this.taskDone === undefined ? cursor.content : cursor.skipBlanks(cursor.content + 3);
    if (cursor.atEnd) {
      this.#endParagraph(depth);
      this.kind = 'blank';
    } else if (this.#inParagraph) {
      // Text goes on with its paragraph even without the signs of its containers (lazy continuation, 5.1), and they stay open with it.
      this.#setText();
    } else if (cursor.indent < 4) {
      this.#closeContainers(depth);
      this.#setText();
    } else {
      this.#closeContainers(depth);
      this.kind = 'code';
    }
  }

  /** Takes the line as anything but a container or text; false if it is neither. */
  #readLeaf(depth: number): boolean {
    switch (this.#cursor.sign) {
      case Sign.hash:
        return this.#readHeading(depth);
      case Sign.backtick:
      case Sign.tilde:
        return this.#readFence(depth);
      case Sign.less:
        return this.#readHtml(depth);
      default:
        return this.#readUnderline(depth) || this.#readBreak(depth);
    }
  }

  #readHeading(depth: number): boolean {
    const { content } = this.#cursor;
    const behind = this.#cursor.skip(content, Sign.hash);
    if (behind - content > 6 || !this.#cursor.isBlankAt(behind)) {
      return false;
    }
    this.#endParagraph(depth);
    this.textStart = behind;
    this.headingLevel = behind - content;
    this.kind = 'heading';
    return true;
  }

  #readFence(depth: number): boolean {
    const { content, sign } = this.#cursor;
    const behind = this.#cursor.skip(content, sign);
    if (behind - content < 3 || (sign === Sign.backtick && this.#isOnLine(this.#text.indexOf('`', behind)))) {
      return false;
    }
    this.#endParagraph(depth);
    this.#fence = sign;
    this.#fenceLength = behind - content;
    this.kind = 'fence';
    return true;
  }

  #readHtml(depth: number): boolean {
    const end = htmlBlockEnd(this.#text.slice(this.#cursor.content, this.end), this.#inParagraph);
    if (end === undefined) {
      return false;
    }
    this.#endParagraph(depth);
    this.#htmlEnd = end;
    this.kind = 'html';
    this.#endHtml();
    return true;
  }

  /** Closes the open HTML block if it ends with this line. */
  #endHtml(): void {
    const { content, atEnd } = this.#cursor;
    if (this.#htmlEnd === UNTIL_BLANK_LINE ? atEnd : this.#htmlEnd?.pattern.test(this.#text.slice(content, this.end))) {
      this.#htmlEnd = undefined;
    }
  }

  #readUnderline(depth: number): boolean {
    const { content, sign } = this.#cursor;
    const isSign = sign === Sign.equals || sign === Sign.minus;
    if (!isSign || !this.#continuesParagraph(depth) || this.#cursor.skipBlanks(this.#cursor.skip(content, sign)) < this.end) {
      return false;
    }
    this.#inParagraph = false;
    this.headingLevel = sign === Sign.equals ? 1 : 2;
    this.kind = 'underline';
    return true;
  }

  #readBreak(depth: number): boolean {
    if (!this.#cursor.isThematicBreak()) {
      return false;
    }
    this.#endParagraph(depth);
    this.kind = 'break';
    return true;
  }

  /** Opens the list item whose marker stands here; false if there is none, or none that may interrupt the open paragraph (5.2). */
  #openItem(depth: number): boolean {
    const cursor = this.#cursor;
    const markerEnd = cursor.listMarkerEnd();
    if (markerEnd === undefined) {
      return false;
    }
    const empty = cursor.skipBlanks(markerEnd) === this.end;
    if (this.#continuesParagraph(depth) && (empty || !cursor.interruptsParagraph(markerEnd))) {
      return false;
    }
    const width = cursor.indent + markerEnd - cursor.content;
    cursor.passSigns(markerEnd);
    // Behind more than four columns of white space the item begins with indented code, one column behind the marker.
    const padding = empty || cursor.indent > 4 ? 1 : cursor.indent;
    cursor.passBlanks(padding);
    this.#openContainer(depth, width + padding);
    this.#emptyItem = empty;
    if (cursor.indent === 0) {
      this.taskDone = cursor.taskState();
      this.taskMark = cursor.content + 1;
    }
    return true;
  }

  /** Whether the line has all containers of the open paragraph, so that it is not a lazy continuation. */
  #continuesParagraph(depth: number): boolean {
    return this.#inParagraph && depth === this.#containers.length;
  }

  /** Passes `>` and the one column of white space that belongs to it (5.1). */
  #passQuoteSign(): void {
    this.#cursor.passSigns(this.#cursor.content + 1);
    this.#cursor.passBlanks(Math.min(this.#cursor.indent, 1));
  }

  #isOnLine(position: number): boolean {
    return position !== -1 && position < this.end;
  }

  #setText(): void {
    this.kind = 'text';
    this.startsParagraph = !this.#inParagraph;
    this.#inParagraph = true;
  }

  #openContainer(depth: number, width: number): void {
    this.#endParagraph(depth);
    this.#containers.push(width);
  }

  #endParagraph(depth: number): void {
    this.#closeContainers(depth);
    this.#inParagraph = false;
  }

  #closeContainers(depth: number): void {
    // To set the length of an array is slow, even to what it is, and most lines close nothing.
    if (this.#containers.length > depth) {
      this.#containers.length = depth;
      this.kept = Math.min(this.kept, depth);
    }
  }
}
