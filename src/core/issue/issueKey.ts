import { sep } from 'node:path';
import type { IssueKey } from './issue.ts';
import { ISSUE_EXTENSION, issueIdOfFile } from './issueFileName.ts';
import { joined, nameOf } from './relativePath.ts';

/** On most systems a backslash is a character like any other. */
const UNSAFE = sep === '\\' ? /[\\\0]/ : /\0/;

/** Absolute path of the file with this key. */
export function issuePath(store: string, key: IssueKey): string {
  // Not by `join`, which looks at every character: this is asked several times for each issue of a batch.
  return store + sep + (sep === '/' ? key : key.replaceAll('/', sep)) + ISSUE_EXTENSION;
}

/** The key of a file; undefined if no issue can have this name. @param folder relative to the store, with `/` between the parts; may be empty */
export function keyOfFile(folder: string, name: string): IssueKey | undefined {
  const stem = issueIdOfFile(name);
  return stem === undefined ? undefined : (joined(folder, stem) as IssueKey);
}

/** The key of a file by its path in the store, with `/` between the parts; undefined if the path could lead elsewhere or names no issue. */
export function keyOfPath(path: string): IssueKey | undefined {
  const key = path.slice(0, -ISSUE_EXTENSION.length);
  return path.endsWith(ISSUE_EXTENSION) && isIssueKey(key) ? key : undefined;
}

/** The name of the file with this key. */
export function fileNameOfKey(key: IssueKey): string {
  return nameOf(key) + ISSUE_EXTENSION;
}

/** True of a text that can be a key and cannot name a file outside of the store. */
export function isIssueKey(text: string): text is IssueKey {
  const parts = text.split('/');
  return (
    !UNSAFE.test(text) &&
    parts.every((part) => part !== '' && part !== '.' && part !== '..') &&
    issueIdOfFile(`${parts.at(-1)}${ISSUE_EXTENSION}`) !== undefined
  );
}
