import type { IssueKey, IssueRef } from './issue.ts';
import { ISSUE_EXTENSION, numberOfId } from './issueFileName.ts';
import { idOfKey, isIssueKey } from './storeLayout.ts';

/**
 * What a reference can mean, before anyone has looked at the disk.
 *
 * `exact` names one file and nothing else. Without it, the reference fits the files with the stem `id` in both folders and,
 * where it can be read as a number, every file with this `number`.
 */
export interface IssueQuery {
  readonly exact?: IssueKey;
  readonly id?: string;
  readonly number?: number;
  /** The reference as a person would write it, for messages. */
  readonly label: string;
}

/**
 * Reads a reference. A text that ends in `.md` or holds a `/` is an exact path in the store; `#12` is a number
 * and nothing else; other digits are an id first and a number second. A text that could name a file outside the store's two
 * folders fits nothing.
 */
export function parseIssueRef(ref: IssueRef): IssueQuery {
  if (typeof ref === 'number') {
    return { number: ref, label: String(ref) };
  }
  if (typeof ref === 'object') {
    return isIssueKey(ref.key) ? { exact: ref.key, label: ref.key } : { label: ref.key };
  }
  const text = ref.trim();
  const path = text.endsWith(ISSUE_EXTENSION) ? text.slice(0, -ISSUE_EXTENSION.length) : text;
  if ((path !== text || path.includes('/')) && isIssueKey(path)) {
    return { exact: path, label: text };
  }
  if (/^#\d{1,6}$/.test(text)) {
    return { number: Number(text.slice(1)), label: text };
  }
  if (!isIssueKey(text)) {
    return { label: text };
  }
  return /^\d{1,6}$/.test(text) ? { id: text, number: Number(text), label: text } : { id: text, label: text };
}

/** True if the reference could mean the issue with this key, so that a change of one may concern the other. */
export function refMatches(query: IssueQuery, key: IssueKey): boolean {
  if (query.exact !== undefined) {
    return query.exact === key;
  }
  const id = idOfKey(key);
  return query.id === id || (query.number !== undefined && numberOfId(id) === query.number);
}
