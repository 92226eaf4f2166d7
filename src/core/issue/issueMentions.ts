import { ISSUE_EXTENSION, parseIssueId } from './issueFileName.ts';

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
/** Digits with nothing in front of them that would make them part of a longer word. */
const DIGITS = /(?<![\p{L}\p{N}\p{M}_-])\d+/gu;
/** What can follow a mention: anything that does not go on with the word, be it by a dash or a dot. */
const END = /(?![\p{L}\p{N}\p{M}_]|[-.]+[\p{L}\p{N}\p{M}_])/uy;
/** In front of `#12` it makes another repository's issue, an entity or the address of a heading of it. */
const NO_MENTION_BEFORE = /(?:[\p{L}\p{N}\p{M}_&#/-]|\]\()$/u;

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
  const withExtension = text.startsWith(ISSUE_EXTENSION, end) && endsAt(text, end + ISSUE_EXTENSION.length);
  return withExtension || (endsAt(text, end) && (id.length > NUMBER_DIGITS || text[start - 1] === '/'));
}

function isNumberAlone(text: string, start: number, digits: string, ids: readonly string[]): boolean {
  if (!endsAt(text, start + digits.length)) {
    return false;
  }
  if (text[start - 1] === '#') {
    return !NO_MENTION_BEFORE.test(text.slice(Math.max(0, start - 3), start - 1));
  }
  return ids.includes(digits);
}

function endsAt(text: string, index: number): boolean {
  END.lastIndex = index;
  return END.test(text);
}
