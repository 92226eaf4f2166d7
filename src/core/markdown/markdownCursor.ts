/** Character codes of the signs that markdown blocks are made of. */
export const Sign = {
  tab: 9,
  space: 32,
  hash: 35,
  closingParenthesis: 41,
  asterisk: 42,
  plus: 43,
  minus: 45,
  dot: 46,
  zero: 48,
  nine: 57,
  less: 60,
  equals: 61,
  greater: 62,
  bracket: 91,
  closingBracket: 93,
  underscore: 95,
  backtick: 96,
  tilde: 126,
} as const;

const UPPER_A = 65;
const UPPER_X = 88;
const LOWER_X = 120;

/**
 * Reads one line of a markdown text from left to right, counting columns so that tabs are as wide as CommonMark 2.2 says, and recognises
 * the signs of blocks where it stands. Works on the whole text, by character codes, and copies nothing.
 */
export class MarkdownCursor {
  /** Where the line ends in the text, its line feed not counted. */
  end = 0;
  /** The first character at or behind the cursor that is not white space; `end` if there is none. */
  content = 0;
  /** How many columns of white space are between the cursor and `content`. */
  indent = 0;

  readonly #text: string;
  #position = 0;
  /** Can be inside the tab at the position, which then is passed in part. */
  #column = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** Moves to the beginning of a line. */
  startLine(start: number, end: number): void {
    this.end = end;
    this.#position = start;
    this.#column = 0;
    this.#measure();
  }

  /** Whether nothing but white space is left. */
  get atEnd(): boolean {
    return this.content === this.end;
  }

  /** The character code at `content`; on another line if `atEnd`. */
  get sign(): number {
    return this.#text.charCodeAt(this.content);
  }

  /** Passes columns of white space, at most up to the end of the line. */
  passBlanks(columns: number): void {
    const target = this.#column + columns;
    while (this.#column < target && this.#position < this.end) {
      const stop = this.#text.charCodeAt(this.#position) === Sign.tab ? tabStop(this.#column) : this.#column + 1;
      if (stop <= target) {
        this.#position++;
      }
      this.#column = Math.min(stop, target);
    }
    this.#measure();
  }

  /** Passes the white space before `content` and all up to this position, where no tabs may be. */
  passSigns(position: number): void {
    this.#column += this.indent + position - this.content;
    this.#position = position;
    this.#measure();
  }

  /** The position behind the run of this sign that begins here. */
  skip(from: number, sign: number): number {
    let position = from;
    while (position < this.end && this.#text.charCodeAt(position) === sign) {
      position++;
    }
    return position;
  }

  /** The position behind the white space that begins here. */
  skipBlanks(from: number): number {
    let position = from;
    while (position < this.end && isBlank(this.#text.charCodeAt(position))) {
      position++;
    }
    return position;
  }

  /** Whether white space or the end of the line is here. */
  isBlankAt(position: number): boolean {
    return position >= this.end || isBlank(this.#text.charCodeAt(position));
  }

  /** The position behind the list marker at `content`, a bullet or up to nine digits with a delimiter (5.2); undefined if there is none. */
  listMarkerEnd(): number | undefined {
    const sign = this.sign;
    if (sign === Sign.minus || sign === Sign.asterisk || sign === Sign.plus) {
      return this.isBlankAt(this.content + 1) ? this.content + 1 : undefined;
    }
    let position = this.content;
    while (position < this.content + 9 && isDigit(this.#text.charCodeAt(position))) {
      position++;
    }
    const delimiter = this.#text.charCodeAt(position);
    const isMarker = position > this.content && (delimiter === Sign.dot || delimiter === Sign.closingParenthesis);
    return isMarker && this.isBlankAt(position + 1) ? position + 1 : undefined;
  }

  /** Whether a list may interrupt a paragraph with this marker: only with a bullet or the number 1 (5.2). */
  interruptsParagraph(markerEnd: number): boolean {
    return markerEnd === this.content + 1 || Number(this.#text.slice(this.content, markerEnd - 1)) === 1;
  }

  /** The state of the task box at `content`, undefined if there is none (GitHub Flavored Markdown 5.3). */
  taskState(): boolean | undefined {
    const from = this.content;
    if (this.sign !== Sign.bracket || this.#text.charCodeAt(from + 2) !== Sign.closingBracket || !this.isBlankAt(from + 3)) {
      return undefined;
    }
    const mark = this.#text.charCodeAt(from + 1);
    if (mark === LOWER_X || mark === UPPER_X) {
      return true;
    }
    return mark === Sign.space ? false : undefined;
  }

  /** Whether the rest of the line is a thematic break: three or more of the sign at `content`, white space between them (4.1). */
  isThematicBreak(): boolean {
    const sign = this.sign;
    if (sign !== Sign.minus && sign !== Sign.asterisk && sign !== Sign.underscore) {
      return false;
    }
    let count = 0;
    let position = this.content;
    while (position < this.end && this.#text.charCodeAt(position) === sign) {
      count++;
      position = this.skipBlanks(position + 1);
    }
    return count >= 3 && position === this.end;
  }

  #measure(): void {
    let position = this.#position;
    let column = this.#column;
    for (; position < this.end; position++) {
      const sign = this.#text.charCodeAt(position);
      if (!isBlank(sign)) {
        break;
      }
      column = sign === Sign.tab ? tabStop(column) : column + 1;
    }
    this.content = position;
    this.indent = column - this.#column;
  }
}

/** Whether a block that begins with this character can be nothing but text. False for `NaN`. */
export function startsOnlyText(sign: number): boolean {
  return sign >= UPPER_A && sign !== Sign.underscore && sign !== Sign.backtick && sign !== Sign.tilde;
}

function isBlank(sign: number): boolean {
  return sign === Sign.space || sign === Sign.tab;
}

function isDigit(sign: number): boolean {
  return sign >= Sign.zero && sign <= Sign.nine;
}

function tabStop(column: number): number {
  return column + 4 - (column % 4);
}
