import nodePath, { type PlatformPath } from 'node:path';

/** How a system names files. */
export interface PathRules {
  /** `path.win32` or `path.posix`. */
  readonly path: PlatformPath;
  /** True if names that differ only in case or in Unicode normalization mean one file. */
  readonly ignoresCase: boolean;
}

/** The operating system's default. An individual disk can be formatted differently; that is not detected. */
export const SYSTEM_RULES: PathRules = {
  path: nodePath,
  ignoresCase: process.platform === 'win32' || process.platform === 'darwin',
};

/**
 * An absolute path without `.`, `..`, and repeated or trailing separators. A drive letter becomes lower case, as in VS Code's paths. The
 * root of a drive or share keeps its separator.
 */
export function normalPath(path: string, { path: { normalize, parse, sep } }: PathRules = SYSTEM_RULES): string {
  const normal = sep === '\\' ? normalize(path).replace(/^[A-Z](?=:)/, (letter) => letter.toLowerCase()) : normalize(path);
  return normal.endsWith(sep) && normal.length > parse(normal).root.length ? normal.slice(0, -sep.length) : normal;
}

/** One string for all spellings of an absolute path, for comparing and for map keys. Do not display it. */
export function pathKey(path: string, rules: PathRules = SYSTEM_RULES): string {
  return foldCase(normalPath(path, rules), rules);
}

/** True if both absolute paths name the same file. Links are not followed. */
export function isSamePath(a: string, b: string, rules: PathRules = SYSTEM_RULES): boolean {
  return pathKey(a, rules) === pathKey(b, rules);
}

/**
 * The path of a file relative to a folder, with `/` as separator and in the file's own spelling. Empty for the folder itself, undefined if
 * the file is outside. Both paths are absolute. Links are not followed.
 */
export function pathInFolder(folder: string, path: string, rules: PathRules = SYSTEM_RULES): string | undefined {
  const outer = partsOf(folder, rules);
  const inner = partsOf(path, rules);
  const isInside = outer.every((part, index) => foldCase(part, rules) === foldCase(inner[index] ?? '', rules));
  return isInside && outer.length <= inner.length ? inner.slice(outer.length).join('/') : undefined;
}

/**
 * True if the path is the folder or is inside it. Compares names only, so a link on the way may still lead outside. Both paths are
 * absolute.
 */
export function isInsideFolder(folder: string, path: string, rules: PathRules = SYSTEM_RULES): boolean {
  return pathInFolder(folder, path, rules) !== undefined;
}

function partsOf(path: string, rules: PathRules): string[] {
  const parts = normalPath(path, rules).split(rules.path.sep);
  return parts.at(-1) === '' ? parts.slice(0, -1) : parts;
}

/** One string for all spellings of a file name. */
export function foldCase(text: string, { ignoresCase }: PathRules = SYSTEM_RULES): string {
  return ignoresCase ? text.normalize('NFC').toLowerCase() : text;
}
