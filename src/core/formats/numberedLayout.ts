import { join } from 'node:path';
import type { IssueKey } from '../issue/issue.ts';
import type { IssueState } from '../issue/issueState.ts';

/*
 * Where our own format keeps issues: open ones in the store's folder, completed ones in its folder `complete`. Only this module knows it.
 * What writes files in our format asks it where they belong; everything else asks an issue for its state.
 */

/** Name of the folder inside a store whose files are the completed issues. */
export const COMPLETE_FOLDER = 'complete';

const COMPLETE_PREFIX = `${COMPLETE_FOLDER}/`;

/** One of the two folders of a store. */
export function storeFolder(store: string, completed: boolean): string {
  return completed ? join(store, COMPLETE_FOLDER) : store;
}

/** The key of the issue with this id in the active or the completed folder. */
export function issueKey(id: string, completed: boolean): IssueKey {
  return (completed ? COMPLETE_PREFIX + id : id) as IssueKey;
}

function isCompletedKey(key: IssueKey): boolean {
  return key.startsWith(COMPLETE_PREFIX);
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
