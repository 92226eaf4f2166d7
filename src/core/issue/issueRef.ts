import type { IssueKey, IssueRef } from './issue.ts';
import { ISSUE_EXTENSION } from './issueFileName.ts';
import { isIssueKey, keysOfId, preferredFirst } from './storeLayout.ts';

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

/** The names that are known of a store. */
export interface KnownNames {
  has(key: IssueKey): boolean;
  /** The keys with this number, in any order. */
  withNumber(number: number): readonly IssueKey[];
}

/**
 * What a reference means, best first: an exact id before a number, an active issue before a completed one, then the order of every list. A
 * reader takes the first; a writer refuses if there are several.
 */
export function meaningsOf({ exact, id, number }: IssueQuery, names: KnownNames): readonly IssueKey[] {
  if (exact !== undefined) {
    return names.has(exact) ? [exact] : [];
  }
  const named = id === undefined ? [] : keysOfId(id).filter((key) => names.has(key));
  const numbered = number === undefined ? [] : names.withNumber(number);
  if (named.length + numbered.length <= 1) {
    return named.length === 1 ? named : numbered;
  }
  return [...new Set([...named, ...numbered.toSorted(preferredFirst)])];
}
