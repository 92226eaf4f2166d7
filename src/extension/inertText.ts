/** For text that comes from files, where VS Code reads more than text into it. */

/** For notifications: they make `[text](address)` a link, and an address can be a command. */
export function withoutLinks(text: string): string {
  // A zero-width space between the two changes nothing that one can see.
  return text.replaceAll('](', ']\u200b(');
}

/** For labels: they make `$(name)` an icon, behind a backslash excepted. */
export function withoutIcons(text: string): string {
  return text.replace(/\$\([a-z\d-]+(?:~[a-z]+)?\)/gi, '\\$&');
}

/** On one line, and not longer than this; what is cut off is an ellipsis. */
export function clipped(text: string, length: number): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length <= length
    ? line
    : `${line
        .slice(0, length - 1)
        .toWellFormed()
        .trimEnd()}…`;
}
