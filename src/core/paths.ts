import nodePath, { type PlatformPath } from 'node:path';

/** How a system names files. */
export interface PathRules {
  /** `path.win32` or `path.posix`. */
  readonly path: PlatformPath;
  /** True if names that differ only in case, or in how Unicode composes a letter, mean one file. */
  readonly ignoresCase: boolean;
}

/** The rules of this system. A disk can be set up otherwise; what is usual on the system is taken for all of its disks. */
export const SYSTEM_RULES: PathRules = {
  path: nodePath,
  ignoresCase: process.platform === 'win32' || process.platform === 'darwin',
};

/**
 * An absolute path without `.`, `..`, doubled and trailing separators. A drive letter is in lower case, as in VS Code's paths. The root of a
 * disk, or of a share, keeps its separator.
 */
export function normalPath(path: string, { path: { normalize, parse, sep } }: PathRules = SYSTEM_RULES): string {
  const normal = sep === '\\' ? normalize(path).replace(/^[A-Z](?=:)/, (letter) => letter.toLowerCase()) : normalize(path);
  return normal.endsWith(sep) && normal.length > parse(normal).root.length ? normal.slice(0, -sep.length) : normal;
}

/** The same text for all spellings of one absolute path, to compare and to look up. It is not for people. */
export function pathKey(path: string, rules: PathRules = SYSTEM_RULES): string {
  return folded(normalPath(path, rules), rules);
}

/** True if both absolute paths name the same file. Links are not followed. */
export function isSamePath(a: string, b: string, rules: PathRules = SYSTEM_RULES): boolean {
  return pathKey(a, rules) === pathKey(b, rules);
}

/**
 * Where a file lies in a folder, with `/` between the parts and spelled as in its own path; empty for the folder itself and undefined if
 * it lies elsewhere. Both paths are absolute. Links are not followed.
 */
export function pathInFolder(folder: string, path: string, rules: PathRules = SYSTEM_RULES): string | undefined {
  const outer = partsOf(folder, rules);
  const inner = partsOf(path, rules);
  const isInside = outer.every((part, index) => folded(part, rules) === folded(inner[index] ?? '', rules));
  return isInside && outer.length <= inner.length ? inner.slice(outer.length).join('/') : undefined;
}

/** True if the path is the folder or lies in it, by its name alone: links on the way may still lead out. Both are absolute. */
export function isInsideFolder(folder: string, path: string, rules: PathRules = SYSTEM_RULES): boolean {
  return pathInFolder(folder, path, rules) !== undefined;
}

function partsOf(path: string, rules: PathRules): string[] {
  const parts = normalPath(path, rules).split(rules.path.sep);
  // A root ends with the separator.
  return parts.at(-1) === '' ? parts.slice(0, -1) : parts;
}

function folded(text: string, { ignoresCase }: PathRules): string {
  return ignoresCase ? text.normalize('NFC').toLowerCase() : text;
}
