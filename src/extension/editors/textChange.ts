/** A piece of a text and what takes its place. Offsets count UTF-16 units, as VS Code's do. */
export interface TextChange {
  readonly start: number;
  /** Behind the last unit that is replaced. */
  readonly end: number;
  readonly text: string;
}

/** The smallest single change that makes one text of another; undefined if they are equal. */
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
 * The change that brings what was typed in one copy of a text into another copy, in which somebody may have typed as well.
 *
 * @param base what both copies began with.
 * @param typed the one copy now. It was typed in first, so its words stand before those of the other copy at the same place.
 * @param current the other copy now, which the change applies to.
 * @returns undefined if nothing was typed. Where both changed the same words, nothing is removed: those of the first copy are inserted.
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

/** A document has line ends of one kind, whatever its file has. */
export function withoutReturns(text: string): string {
  return text.replace(/\r\n?/g, '\n');
}
