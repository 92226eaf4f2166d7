import { hash, randomBytes } from 'node:crypto';
import { sep } from 'node:path';

/**
 * Every temporary file of ours begins and ends like this. The ending is the one that the tools of this format ignore, the
 * beginning tells ours from theirs, and the length does not depend on the name.
 */
export const TEMPORARY_PREFIX = '.markdown-issues-';
export const TEMPORARY_SUFFIX = '.tmp';

/** A file on its way to another name. Unlike the others, it can be all that there is of somebody's text. */
export const MOVED_PREFIX = `${TEMPORARY_PREFIX}moved-`;

/** Hexadecimal digits between the two: eight bytes, so that no two names meet by chance. A claim of a number has the number there instead. */
const DIGITS = 16;

/** A name that nobody else has. */
export function temporaryBeside(path: string, prefix = TEMPORARY_PREFIX): string {
  return path.slice(0, startOfName(path)) + prefix + randomBytes(DIGITS / 2).toString('hex') + TEMPORARY_SUFFIX;
}

/** The one name that all who want to change this file agree on. */
export function lockBeside(path: string): string {
  const start = startOfName(path);
  return path.slice(0, start) + TEMPORARY_PREFIX + hash('sha256', path.slice(start)).slice(0, DIGITS) + TEMPORARY_SUFFIX;
}

export function isTemporaryName(name: string): boolean {
  return name.startsWith(TEMPORARY_PREFIX) && name.endsWith(TEMPORARY_SUFFIX);
}

function startOfName(path: string): number {
  return path.lastIndexOf(sep) + 1;
}
