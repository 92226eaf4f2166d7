import { l10n } from 'vscode';
import {
  type FindingKind,
  type FindingSource,
  findingsOf,
  ISSUE_EXTENSION,
  type IssueSummary,
  isCompleted,
  type StoreFinding,
} from '../core/index.ts';

/** How many of those that share a number are named; a row and a list of problems have little room. */
const NAMED = 3;

/** What a finding is called in the Problems view. */
export const FINDING_CODES: Readonly<Record<FindingKind | 'strayFile' | 'garbledName', string>> = {
  sharedNumber: 'duplicate-number',
  bothFolders: 'in-both-folders',
  mergeConflict: 'merge-conflict',
  conflictedCopy: 'conflicted-copy',
  notText: 'not-text',
  tooLarge: 'too-large',
  unreadable: 'unreadable',
  symbolicLink: 'not-a-file',
  strayFile: 'not-in-the-store',
  garbledName: 'name-not-utf-8',
};

/** The issues that have an issue's number or name, in order. */
export function duplicatesOf(source: FindingSource, summary: IssueSummary): IssueSummary[] {
  return findingsOf(source, summary).flatMap((finding) => {
    if (finding.kind === 'sharedNumber') {
      return finding.others;
    }
    return finding.kind === 'bothFolders' ? [finding.other] : [];
  });
}

/** The path of an issue's file in its store. */
export function storePath({ key }: Pick<IssueSummary, 'key'>): string {
  return key + ISSUE_EXTENSION;
}

/** What is wrong and what to do about it, as sentences. */
export function findingMessage(finding: StoreFinding): string {
  switch (finding.kind) {
    case 'sharedNumber':
      return l10n.t('Number {0} is also used by {1}. Renumber one of them.', finding.number, listed(finding.others));
    case 'bothFolders':
      return l10n.t('{0} has the same name. Compare the two, then rename or delete one of them.', storePath(finding.other));
    case 'mergeConflict':
      return l10n.t('This file contains merge conflict markers. Resolve the conflicts and remove the markers.');
    case 'conflictedCopy':
      return l10n.t(
        'Sync conflict: this is a copy of {0}. Compare both, keep what you need, and delete the copy.',
        finding.originalId + ISSUE_EXTENSION,
      );
    default:
      return finding.message;
  }
}

/** The same in few words, for a row. Empty for what the row says by other means. */
export function findingLabel(finding: StoreFinding): string {
  switch (finding.kind) {
    case 'sharedNumber':
      return l10n.t('number also in {0}', listed(finding.others, 1));
    case 'bothFolders':
      return isCompleted(finding.other) ? l10n.t('also completed') : l10n.t('also open');
    case 'mergeConflict':
      return l10n.t('merge conflict');
    case 'conflictedCopy':
      return l10n.t('conflicted copy');
    default:
      return '';
  }
}

function listed(others: readonly IssueSummary[], count = NAMED): string {
  return shortened(others.map(count === 1 ? ({ id }) => id : storePath), count);
}

/** The first of these names, and how many there are beside them. */
export function shortened(names: readonly string[], count = NAMED): string {
  const first = names.slice(0, count).join(', ');
  return names.length > count ? l10n.t('{0} and {1} more', first, names.length - count) : first;
}
