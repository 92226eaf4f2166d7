import { bodyStart } from '../markdown/frontMatter.ts';
import { asTitle, withoutClosingSigns } from '../markdown/issueTitle.ts';
import { MarkdownLines } from '../markdown/markdownLines.ts';

/**
 * The first heading of a text that shows anything, as it is written: inline markup stays. Undefined if there is none. A line of dashes
 * makes no heading of the text above it, since people mean it as a line between two parts.
 *
 * @param text its lines end with line feeds only
 */
export function firstHeading(text: string): string | undefined {
  const lines = new MarkdownLines(text, bodyStart(text));
  let paragraph = 0;
  while (lines.next()) {
    if (lines.startsParagraph && lines.kind === 'text') {
      paragraph = lines.textStart;
    }
    const heading = lines.depth === 0 && isHeading(lines) ? asTitle(headingText(text, lines, paragraph)) : undefined;
    if (heading !== undefined) {
      return heading;
    }
  }
  return undefined;
}

/** Whether a heading is or ends on this line. */
export function isHeading({ kind, headingLevel }: MarkdownLines): boolean {
  return kind === 'heading' || (kind === 'underline' && headingLevel === 1);
}

function headingText(text: string, { kind, start, textStart, end }: MarkdownLines, paragraph: number): string {
  return kind === 'heading' ? withoutClosingSigns(text.slice(textStart, end)) : text.slice(paragraph, start);
}
