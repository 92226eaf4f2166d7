/** Replaces a part of a text. Offsets count UTF-16 units, as in VS Code. */
export interface TextChange {
  readonly start: number;
  /** Exclusive. */
  readonly end: number;
  readonly text: string;
}

/** The smallest single change from one text to the other; undefined if they are equal. */
export function changeBetween(before: string, after: string): TextChange | undefined {
  if (before === after) {
    return undefined;
  }
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before.charCodeAt(start) === after.charCodeAt(start)) {
    start++;
  }
  let kept = 0;
  while (kept < shorter - start && before.charCodeAt(before.length - 1 - kept) === after.charCodeAt(after.length - 1 - kept)) {
    kept++;
  }
  return { start, end: before.length - kept, text: after.slice(start, after.length - kept) };
}

/**
 * Merges the edits of one copy of a text into another copy, which may have been edited as well.
 *
 * @param base the text that both copies started from.
 * @param typed the first copy. Where both copies insert at one offset, its text comes first.
 * @param current the second copy, which the change applies to.
 * @returns undefined if there is nothing to merge. Where both changed the same part, the text of the first is inserted and nothing is removed.
 */
export function mergedChange(base: string, typed: string, current: string): TextChange | undefined {
  const ours = changeBetween(base, typed);
  const theirs = changeBetween(base, current);
  if (ours === undefined || theirs === undefined || ours.end <= theirs.start) {
    return ours;
  }
  const shift = theirs.text.length - (theirs.end - theirs.start);
  if (ours.start >= theirs.end && ours.start !== theirs.start) {
    return { start: ours.start + shift, end: ours.end + shift, text: ours.text };
  }
  return ours.text === '' ? undefined : { start: theirs.start, end: theirs.start, text: ours.text };
}

/** The text with `\n` as its only line ending. VS Code unifies the line endings of a document, so its text can differ from its file. */
export function withoutReturns(text: string): string {
  return text.replace(/\r\n?/g, '\n');
}
