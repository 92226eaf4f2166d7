/** What ends an HTML block. */
export interface HtmlEnd {
  /** Found in the line that is the last of the block. */
  readonly pattern: RegExp;
  /** A line that would end it; undefined where a blank line does. */
  readonly closing: string | undefined;
}

/** The block ends before a blank line. */
export const UNTIL_BLANK_LINE: HtmlEnd = { pattern: /^\s*$/, closing: undefined };

/** The elements that begin a block wherever their tags stand at the beginning of a line (CommonMark 4.6, condition 6). */
const BLOCK_ELEMENTS =
  'address|article|aside|base|basefont|blockquote|body|caption|center|col|colgroup|dd|details|dialog|dir|div|dl|dt|fieldset|figcaption|' +
  'figure|footer|form|frame|frameset|h[1-6]|head|header|hr|html|iframe|legend|li|link|main|menu|menuitem|nav|noframes|ol|optgroup|' +
  'option|p|param|search|section|summary|table|tbody|td|tfoot|th|thead|title|tr|track|ul';

const ATTRIBUTE = String.raw`\s+[a-z_:][\w.:-]*(?:\s*=\s*(?:[^\s"'=<>${'`'}]+|'[^']*'|"[^"]*"))?`;
/** A whole opening or closing tag (6.6). */
export const HTML_TAG = String.raw`<(?:[a-z][a-z0-9-]*(?:${ATTRIBUTE})*\s*/?|/[a-z][a-z0-9-]*\s*)>`;

/** How a block begins and what ends it, in the order of CommonMark's conditions 1 to 6. */
const KINDS: readonly (readonly [start: RegExp, end: HtmlEnd])[] = [
  [/^<(?:pre|script|style|textarea)(?:[\s>]|$)/i, { pattern: /<\/(?:pre|script|style|textarea)>/i, closing: '</pre>' }],
  [/^<!--/, { pattern: /-->/, closing: '-->' }],
  [/^<\?/, { pattern: /\?>/, closing: '?>' }],
  [/^<![a-z]/i, { pattern: />/, closing: '>' }],
  [/^<!\[CDATA\[/, { pattern: /\]\]>/, closing: ']]>' }],
  [new RegExp(String.raw`^</?(?:${BLOCK_ELEMENTS})(?:\s|/?>|$)`, 'i'), UNTIL_BLANK_LINE],
];
/** Condition 7: any other tag that is alone on its line. */
const LONE_TAG = new RegExp(String.raw`^${HTML_TAG}\s*$`, 'i');

/**
 * What ends the HTML block that begins with this line (CommonMark 4.6), which can be the line itself; undefined if it begins none.
 *
 * @param line without what is in front of its `<`
 * @param isInParagraph whether text is open there, into which a lone tag belongs
 */
export function htmlBlockEnd(line: string, isInParagraph: boolean): HtmlEnd | undefined {
  const kind = KINDS.find(([start]) => start.test(line));
  return kind?.[1] ?? (!isInParagraph && LONE_TAG.test(line) ? UNTIL_BLANK_LINE : undefined);
}
