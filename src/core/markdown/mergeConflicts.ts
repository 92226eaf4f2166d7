const LESS = 60;

/** What every conflict begins with. */
export const CONFLICT_START = '<<<<<<<';

const START = /<{7}(?: .*)?$/my;
/** Where the first side ends: at the common ancestor, if the merge shows it, else at the other side. */
const SIDE_END = /^(?:={7}$|\|{7}(?: |$))/gm;
const END = /^>{7}(?: .*)?$/gm;

/** Leads through a text in which a merge has left conflicts: past their markers and whatever is not of the first side. */
export class MergeConflicts {
  readonly #text: string;
  /** Of the conflict whose first side is open. */
  #sideEnd = -1;
  #end = -1;
  #hasAny = false;
  /** No conflict ends behind this place, so that each part of a text is searched once. */
  #noneFrom = Number.POSITIVE_INFINITY;

  /** @param text its lines end with line feeds only */
  constructor(text: string) {
    this.#text = text;
  }

  /** Whether one has been met. */
  get hasAny(): boolean {
    return this.#hasAny;
  }

  /**
   * The line itself, or the first one behind it that belongs to the text.
   *
   * @param line where a line begins; each is asked for, in order
   * @param isLiteral whether the line stands in code, where a conflict can be an example
   */
  firstSideFrom(line: number, isLiteral: boolean): number {
    let next = line;
    while (next === this.#sideEnd || (this.#text.charCodeAt(next) === LESS && !isLiteral && this.#begins(next))) {
      next = next === this.#sideEnd ? this.#end : this.#lineBehind(next);
    }
    return next;
  }

  /** Whether a conflict begins with this line that has all its markers. */
  #begins(line: number): boolean {
    START.lastIndex = line;
    if (line < this.#end || line >= this.#noneFrom || !START.test(this.#text)) {
      return false;
    }
    const sideEnd = indexFrom(SIDE_END, this.#text, line);
    const end = sideEnd === -1 ? -1 : indexFrom(END, this.#text, sideEnd);
    if (end === -1) {
      this.#noneFrom = line;
      return false;
    }
    this.#sideEnd = sideEnd;
    this.#end = this.#lineBehind(end);
    this.#hasAny = true;
    return true;
  }

  #lineBehind(line: number): number {
    const lineFeed = this.#text.indexOf('\n', line);
    return lineFeed === -1 ? this.#text.length : lineFeed + 1;
  }
}

/** The text without the markers of conflicts and without their other sides, whose lines are left blank. @param text its lines end with line feeds only */
export function firstSideOf(text: string): string {
  const conflicts = new MergeConflicts(text);
  let result = '';
  for (let line = 0; line < text.length; ) {
    const next = conflicts.firstSideFrom(line, false);
    result += text.slice(line, next).replace(/.+/g, '');
    const lineFeed = text.indexOf('\n', next);
    line = lineFeed === -1 ? text.length : lineFeed + 1;
    result += text.slice(next, line);
  }
  return result;
}

function indexFrom(pattern: RegExp, text: string, from: number): number {
  pattern.lastIndex = from;
  return pattern.exec(text)?.index ?? -1;
}
