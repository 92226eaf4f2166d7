import { hash, randomBytes } from 'node:crypto';
import { sep } from 'node:path';

/**
 * All our temporary files have this prefix and suffix. SwissArmyHammer's tools ignore the suffix, the prefix distinguishes our files from
 * theirs, and the length does not depend on the name.
 */
export const TEMPORARY_PREFIX = '.markdown-issues-';
export const TEMPORARY_SUFFIX = '.tmp';

/** A file during a move. Unlike other temporary files, it can be the only copy of a text. */
export const MOVED_PREFIX = `${TEMPORARY_PREFIX}moved-`;

/** Hexadecimal digits between prefix and suffix: eight random bytes. A claim has its number there instead. */
const DIGITS = 16;

export function temporaryBeside(path: string, prefix = TEMPORARY_PREFIX): string {
  return path.slice(0, startOfName(path)) + prefix + randomBytes(DIGITS / 2).toString('hex') + TEMPORARY_SUFFIX;
}

/** Every writer of this file computes the same name. */
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
