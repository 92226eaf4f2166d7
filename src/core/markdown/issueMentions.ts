import { ISSUE_EXTENSION, parseIssueId } from '../issue/issueFileName.ts';

/**
 * Where a text speaks of an issue, as the digits of its number: whatever else the mention consists of stays as it is when the issue gets
 * another number.
 */
export interface IssueMention {
  /** Offset of the first digit, in UTF-16 code units. */
  readonly start: number;
  /** How many digits there are: six in an id, one to six behind a `#`. */
  readonly digits: number;
  readonly number: number;
  /** The id that is spelled out, and which can still be that of two files, one in each folder; undefined where the number stands alone. */
  readonly id?: string;
}

/** A mention and the number that is to stand in its place. */
export interface MentionChange extends Pick<IssueMention, 'start' | 'digits'> {
  readonly to: number;
}

const NUMBER_DIGITS = 6;
/** Scripts that are written without blanks between words, so that a mention can stand right beside their letters. */
const UNSPACED = ['Han', 'Hira', 'Kana', 'Hang', 'Bopo', 'Thai', 'Laoo', 'Khmr', 'Mymr'].map((script) => `\\p{scx=${script}}`).join('');
/** A letter or digit of any other script. Underscores are left out: around a mention they are emphasis. */
const WORD = `(?![${UNSPACED}])[\\p{L}\\p{N}\\p{M}]`;
const ANY_WORD = '[\\p{L}\\p{N}\\p{M}_]';

/** Digits with nothing in front of them that would make them part of a longer word. */
const DIGITS = new RegExp(`(?<!(?:${WORD}|-)_*)\\d+`, 'gu');
/** What can follow a mention: anything that does not go on with the word, be it by a dash or a dot. */
const END = new RegExp(`(?!${WORD}|_|[-.]+${ANY_WORD})`, 'uy');
/** The same behind a letter of a script without blanks, where any letter goes on with the word. */
const END_BEHIND_UNSPACED = new RegExp(`(?!${ANY_WORD}|[-.]+${ANY_WORD})`, 'uy');
const IS_UNSPACED = new RegExp(`[${UNSPACED}]$`, 'u');
const UNDERSCORES = /_+/y;
/** In front of `#12` it makes another repository's issue, an entity or the address of a heading of it; `#12/#13` are two mentions. */
const NO_MENTION_BEFORE = new RegExp(`(?:(?:${WORD}|[-&#])_*|(?<!#\\d{1,6})/|\\]\\()$`, 'u');
/** In front of `#000012` it makes a colour. */
const COLOR_BEFORE =
  /(?:colou?r|background|fill|stroke|border|shadow|outline)[\w-]*["']?\s*[:=]\s*(?:(?:\d[\w.%]*|solid|dashed|dotted|double|inset|#[\da-f]+)[\s,]+)*["']?$/i;
/** How far before a mention is looked for what gives it another meaning, so that a line without an end costs no more than others. */
const LOOK_BEHIND = 200;

/**
 * Finds what a text says of issues: ids as whole words (`000161_b`, also in `000161_b.md`, links and branch names such as
 * `issue/000161_b`) and numbers (`#161`, `#000161`). Code is text as any other: a branch name in a fence is a reference, too.
 *
 * Where a nameless issue has a number, its six digits alone are the number; its id is meant behind a `/` and before `.md`.
 *
 * Made once for many texts, each of which it reads once, however many issues are asked for.
 */
export class MentionFinder {
  /** Ids by number, the longest first, so that no id is taken for the beginning of another. */
  readonly #ids = new Map<number, string[]>();

  /** @param ids of the issues whose mentions are looked for; unnumbered ones have none. */
  constructor(ids: Iterable<string>) {
    for (const id of new Set(ids)) {
      const { number } = parseIssueId(id);
      if (number !== undefined) {
        const same = this.#ids.get(number) ?? [];
        this.#ids.set(number, same);
        same.push(id);
      }
    }
    for (const same of this.#ids.values()) {
      same.sort((a, b) => b.length - a.length);
    }
  }

  /** In the order of the text; no two overlap. */
  find(text: string): IssueMention[] {
    const mentions: IssueMention[] = [];
    for (const { 0: digits, index: start } of text.matchAll(DIGITS)) {
      const number = Number(digits);
      const ids = digits.length > NUMBER_DIGITS ? undefined : this.#ids.get(number);
      const id = ids?.find((each) => speaksOfId(text, start, each));
      if (id !== undefined) {
        mentions.push({ start, digits: digits.length, number, id });
      } else if (ids !== undefined && isNumberAlone(text, start, digits, ids)) {
        mentions.push({ start, digits: digits.length, number });
      }
    }
    return mentions;
  }
}

/** The text with other numbers. Shorter numbers are filled up with zeros to what stood there; everything else keeps its bytes. */
export function changeMentions(text: string, changes: readonly MentionChange[]): string {
  const parts: string[] = [];
  let end = 0;
  for (const { start, digits, to } of [...changes].sort((a, b) => a.start - b.start)) {
    parts.push(text.slice(end, start), String(to).padStart(digits, '0'));
    end = start + digits;
  }
  return parts.join('') + text.slice(end);
}

function speaksOfId(text: string, start: number, id: string): boolean {
  if (!text.startsWith(id, start)) {
    return false;
  }
  const end = start + id.length;
  const withExtension = text.startsWith(ISSUE_EXTENSION, end) && endsAt(text, start, end + ISSUE_EXTENSION.length);
  return withExtension || (endsAt(text, start, end) && (id.length > NUMBER_DIGITS || text[start - 1] === '/'));
}

function isNumberAlone(text: string, start: number, digits: string, ids: readonly string[]): boolean {
  if (!endsAt(text, start, start + digits.length)) {
    return false;
  }
  if (text[start - 1] === '#') {
    const before = text.slice(Math.max(0, start - 1 - LOOK_BEHIND), start - 1);
    return !NO_MENTION_BEFORE.test(before) && !(digits.length === NUMBER_DIGITS && COLOR_BEFORE.test(before));
  }
  return ids.includes(digits);
}

/** Whether the mention is over here. Underscores behind it are the end of emphasis if as many begin it, on the same line. */
function endsAt(text: string, start: number, end: number): boolean {
  const pattern = IS_UNSPACED.test(text.slice(end - 1, end)) ? END_BEHIND_UNSPACED : END;
  UNDERSCORES.lastIndex = end;
  const [underscores] = UNDERSCORES.exec(text) ?? [''];
  pattern.lastIndex = end + underscores.length;
  const isOver = pattern.test(text);
  if (!isOver || underscores === '') {
    return isOver;
  }
  const before = text.slice(Math.max(0, start - LOOK_BEHIND), start);
  return new RegExp(`(?<!${WORD}|_)${underscores}(?![\\s_])`, 'u').test(before.slice(before.lastIndexOf('\n') + 1) + text.charAt(start));
}
