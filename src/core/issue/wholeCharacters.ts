/** The position itself, or the one before it if it is inside a surrogate pair; never behind the end. */
export function wholeCharacterEnd(text: string, position: number): number {
  if (position >= text.length) {
    return text.length;
  }
  const insidePair = (text.codePointAt(position - 1) ?? 0) > 0xffff;
  return insidePair ? position - 1 : position;
}
