import { l10n } from 'vscode';
import {
  assertDefined,
  type FindingKind,
  type FindingSource,
  findingsOf,
  ISSUE_EXTENSION,
  type IssueReference,
  type IssueSummary,
  isCompleted,
  isHarmless,
  type StoreFinding,
} from '../core/index.ts';

/** How many of several issues are named; a row and a list of problems have little room. */
const NAMED = 3;
/** How many valid statuses are named. */
const KNOWN = 12;

/** What a finding is called in the Problems view. */
export const FINDING_CODES: Readonly<Record<FindingKind | 'strayFile' | 'garbledName' | 'configuration', string>> = {
  sharedNumber: 'duplicate-number',
  bothFolders: 'in-both-folders',
  sharedId: 'duplicate-id',
  mergeConflict: 'merge-conflict',
  conflictedCopy: 'conflicted-copy',
  notText: 'not-text',
  tooLarge: 'too-large',
  unreadable: 'unreadable',
  symbolicLink: 'not-a-file',
  textProblem: 'not-read-in-full',
  danglingReference: 'unknown-reference',
  parentCircle: 'circular-parents',
  dependencyCircle: 'circular-dependencies',
  unknownStatus: 'unknown-status',
  configuration: 'configuration',
  strayFile: 'not-in-the-store',
  garbledName: 'name-not-utf-8',
};

/** The issues that have an issue's number, id or name, in order. */
export function duplicatesOf(source: FindingSource, summary: IssueSummary): IssueSummary[] {
  return findingsOf(source, summary).flatMap((finding) => {
    if (finding.kind === 'sharedNumber' || finding.kind === 'sharedId') {
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
    case 'sharedId':
      return l10n.t('Id {0} is also used by {1}.', finding.id, listed(finding.others));
    case 'textProblem':
      return finding.problem.message;
    case 'danglingReference':
      return danglingMessage(finding.references);
    case 'parentCircle':
      return finding.others.length === 0
        ? l10n.t('This issue is its own parent.')
        : l10n.t('Circular parents: {0}.', l10n.t('this issue → {0} → this issue', wayThrough(finding.others)));
    case 'dependencyCircle':
      return finding.others.length === 0
        ? l10n.t('This issue depends on itself.')
        : l10n.t('Circular dependencies: {0}.', l10n.t('this issue → {0} → this issue', wayThrough(finding.others)));
    case 'unknownStatus':
      return l10n.t('Unknown status “{0}”. Valid values: {1}.', finding.status, shortened(finding.known, KNOWN));
    default:
      return finding.message;
  }
}

/** The same in few words, for a row. Empty for what is harmless, and for what the row says by other means. */
export function findingLabel(finding: StoreFinding): string {
  if (isHarmless(finding)) {
    return '';
  }
  switch (finding.kind) {
    case 'sharedNumber':
      return l10n.t('number also in {0}', listed(finding.others, 1));
    case 'bothFolders':
      return isCompleted(finding.other) ? l10n.t('also completed') : l10n.t('also open');
    case 'mergeConflict':
      return l10n.t('merge conflict');
    case 'conflictedCopy':
      return l10n.t('conflicted copy');
    case 'sharedId':
      return l10n.t('id also in {0}', storePath(assertDefined(finding.others[0])));
    case 'textProblem':
      return l10n.t('read in part');
    case 'parentCircle':
      return l10n.t('circular parents');
    case 'dependencyCircle':
      return l10n.t('circular dependencies');
    default:
      return '';
  }
}

function danglingMessage(references: readonly IssueReference[]): string {
  const [first] = references;
  if (first === undefined || references.length > 1) {
    return l10n.t('References to issues that do not exist here: {0}.', shortened(references.map(({ ref }) => ref)));
  }
  switch (first.relation) {
    case 'parent':
      return l10n.t('The parent {0} does not exist here.', first.ref);
    case 'dependency':
      return l10n.t('The dependency {0} does not exist here.', first.ref);
    case 'blocks':
      return l10n.t('{0}, which this issue blocks, does not exist here.', first.ref);
  }
}

function wayThrough(others: readonly IssueSummary[]): string {
  const ids = others.map(({ id }) => id);
  return (ids.length > NAMED ? [...ids.slice(0, NAMED), '…'] : ids).join(' → ');
}

function listed(others: readonly IssueSummary[], count = NAMED): string {
  return shortened(others.map(count === 1 ? ({ id }) => id : storePath), count);
}

/** The first of these names, and how many there are beside them. */
export function shortened(names: readonly string[], count = NAMED): string {
  const first = names.slice(0, count).join(', ');
  return names.length > count ? l10n.t('{0} and {1} more', first, names.length - count) : first;
}
