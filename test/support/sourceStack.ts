import { findSourceMap } from 'node:module';
import { fileURLToPath } from 'node:url';

/**
 * A stack with the places in the sources instead of those in the bundles. Node does this by itself, but not in an extension host,
 * which writes stacks in its own way. Source maps must have been switched on before the bundles were loaded.
 */
export function sourceStack(stack: string): string {
  return stack.replaceAll(
    /\(?(\/|[A-Za-z]:\\)([^\n():]+):(\d+):(\d+)\)?$/gm,
    (place, start: string, path: string, line: string, column: string) => {
      const entry = findSourceMap(start + path)?.findEntry(Number(line) - 1, Number(column) - 1);
      if (!entry || !('originalSource' in entry)) return place;
      const source = entry.originalSource.startsWith('file:') ? fileURLToPath(entry.originalSource) : entry.originalSource;
      return `(${source}:${entry.originalLine + 1}:${entry.originalColumn + 1})`;
    },
  );
}
