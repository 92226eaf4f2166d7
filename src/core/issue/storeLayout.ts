import { join, sep } from 'node:path';
import { compareIssues, type IssueKey, type IssueState, type OrderedIssue } from './issue.ts';
import { ISSUE_EXTENSION, isIssueId, numberOfId } from './issueFileName.ts';

/**
 * Where our format keeps issues: open ones in the store's folder, completed ones in its folder `complete`. Only this module knows it. What reads and writes files asks it where they belong; everything else asks an issue for its state.
 */

/** Name of the folder inside a store whose files are the completed issues. */
export const COMPLETE_FOLDER = 'complete';

const COMPLETE_PREFIX = `${COMPLETE_FOLDER}/`;
/** On most systems a backslash is a character like any other. */
const SEPARATOR = sep === '\\' ? /[/\\\0]/ : /[/\0]/;

/** One of the two folders of a store. */
export function storeFolder(store: string, completed: boolean): string {
  return completed ? join(store, COMPLETE_FOLDER) : store;
}

/** Both folders of a store. */
export function storeFolders(store: string): readonly string[] {
  return [storeFolder(store, false), storeFolder(store, true)];
}

/** Absolute path of the file with this key. */
export function issuePath(store: string, key: IssueKey): string {
  // Not by `join`, which looks at every character: this is asked several times for each issue of a batch.
  return store + sep + (sep === '/' ? key : key.replaceAll('/', sep)) + ISSUE_EXTENSION;
}

/** The key of the issue with this id in the active or the completed folder. */
export function issueKey(id: string, completed: boolean): IssueKey {
  return (completed ? COMPLETE_PREFIX + id : id) as IssueKey;
}

export function isCompletedKey(key: IssueKey): boolean {
  return key.startsWith(COMPLETE_PREFIX);
}

/** The inverse of {@link issueKey}. */
export function splitIssueKey(key: IssueKey): { readonly id: string; readonly completed: boolean } {
  return { id: idOfKey(key), completed: isCompletedKey(key) };
}

/** The state of an issue that lies in this folder. */
export function stateOfKey(key: IssueKey): IssueState {
  return isCompletedKey(key) ? 'done' : 'open';
}

/** The key without its folder. */
export function idOfKey(key: IssueKey): string {
  return isCompletedKey(key) ? key.slice(COMPLETE_PREFIX.length) : key;
}

/** The key that the same id has in the other folder. */
export function twinKey(key: IssueKey): IssueKey {
  return issueKey(idOfKey(key), !isCompletedKey(key));
}

/** The key of another id in the same folder. */
export function keyWithId(key: IssueKey, id: string): IssueKey {
  return issueKey(id, isCompletedKey(key));
}

/** The keys of the two files that can have this id, in the order in which a reader prefers them. */
export function keysOfId(id: string): readonly IssueKey[] {
  return [issueKey(id, false), issueKey(id, true)];
}

/** The order in which a reader prefers keys that a reference fits: active ones before completed ones, each in the order of every list. */
export function preferredFirst(a: IssueKey, b: IssueKey): number {
  return Number(isCompletedKey(a)) - Number(isCompletedKey(b)) || compareIssues(orderedKey(a), orderedKey(b));
}

/** A key with what every list is ordered by. */
export function orderedKey(key: IssueKey): OrderedIssue {
  const id = idOfKey(key);
  const number = numberOfId(id);
  return number === undefined ? { key, id } : { key, id, number };
}

/** True of a text that names a file of one of the two folders, and can name no other file. */
export function isIssueKey(text: string): text is IssueKey {
  const id = idOfKey(text as IssueKey);
  return isIssueId(id) && !SEPARATOR.test(id);
}

/** The key of the issue in a file, by its path in the store with `/` between the parts; undefined if it cannot be one. */
export function keyOfPath(path: string): IssueKey | undefined {
  const key = path.slice(0, -ISSUE_EXTENSION.length);
  return path.endsWith(ISSUE_EXTENSION) && isIssueKey(key) ? key : undefined;
}
