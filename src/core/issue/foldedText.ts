/** Characters below are in normal form whatever stands beside them, and most texts have no others. */
const MAY_DECOMPOSE = /[\u0300-\uffff]/;
/** A character with all that can become one with it: marks, and the vowels and final consonants of Hangul. */
const CHARACTER = /[\s\S][\p{M}\u1160-\u11ff]*/gu;

/** The text in normal form C, in which what looks the same is the same; the very text if it is so already. */
export function composed(text: string): string {
  return MAY_DECOMPOSE.test(text) ? text.normalize('NFC') : text;
}

/** The form in which texts are compared: in lower case, and composed. */
export function folded(text: string): string {
  return composed(text.toLowerCase());
}

/** Where in a text the character begins that stands here in its composed form. */
export function placeBeforeComposing(text: string, place: number): number {
  let behind = 0;
  for (const { 0: character, index } of text.matchAll(CHARACTER)) {
    behind += character.normalize('NFC').length;
    if (behind > place) {
      return index;
    }
  }
  return text.length;
}
