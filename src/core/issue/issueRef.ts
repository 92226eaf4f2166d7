import type { IssueKey, IssueRef } from './issue.ts';
import { ISSUE_EXTENSION } from './issueFileName.ts';
import { isIssueKey } from './issueKey.ts';

/**
 * What a reference can mean, before anyone has looked at the disk.
 *
 * The best meaning is the file with the key `exact`; then come the issues with this `id` and, where the reference can be read as a number,
 * those with this `number`.
 */
export interface IssueQuery {
  readonly exact?: IssueKey;
  readonly id?: string;
  readonly number?: number;
  /** The reference as a person would write it, for messages. */
  readonly label: string;
}

/**
 * Reads a reference. A text that ends in `.md` or contains a slash is a path in the store first and an id second, because ids of some
 * formats contain slashes; `#12` is a number and nothing else; other digits are an id first and a number second. A text that could name a
 * file outside the store fits nothing.
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
  if (path !== text && isIssueKey(path)) {
    return { exact: path, label: text };
  }
  if (path.includes('/') && isIssueKey(path)) {
    return { exact: path, id: text, label: text };
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
  /** The keys of the issues with this id, open issues before completed ones. */
  withId(id: string): readonly IssueKey[];
  /** The keys of the issues with this number, open issues before completed ones, each in the order of every list. */
  withNumber(number: number): readonly IssueKey[];
}

/** What a reference means, best first. A reader takes the first; a writer refuses if there are several. */
export function meaningsOf({ exact, id, number }: IssueQuery, names: KnownNames): readonly IssueKey[] {
  if (exact !== undefined && names.has(exact)) {
    return [exact];
  }
  const named = id === undefined ? [] : names.withId(id);
  const numbered = number === undefined ? [] : names.withNumber(number);
  return [...new Set([...named, ...numbered])];
}
