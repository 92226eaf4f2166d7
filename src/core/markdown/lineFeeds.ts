/** The text with line feeds alone between its lines. It has as many lines as before. */
export function withLineFeeds(content: string): string {
  return content.includes('\r') ? content.replaceAll('\r\n', '\n').replaceAll('\r', '\n') : content;
}
