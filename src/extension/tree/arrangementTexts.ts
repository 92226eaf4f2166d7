import { l10n } from 'vscode';
import type { Arrangement, GroupBy, IssueSort } from '../../core/index.ts';

/** What the view says of an arrangement beside its name: `by priority, newest first`; empty for the default. */
export function arrangementText({ groupBy, sort }: Arrangement): string {
  return [groupText(groupBy), sort === undefined ? '' : sortText(sort)].filter((text) => text !== '').join(', ');
}

function groupText(groupBy: GroupBy): string {
  switch (groupBy) {
    case 'openAndCompleted':
      return '';
    case 'state':
      return l10n.t('by state');
    case 'status':
      return l10n.t('by status');
    case 'priority':
      return l10n.t('by priority');
    case 'label':
      return l10n.t('by label');
    case 'assignee':
      return l10n.t('by assignee');
    case 'type':
      return l10n.t('by type');
    case 'milestone':
      return l10n.t('by milestone');
    case 'parent':
      return l10n.t('by parent');
    case 'series':
      return l10n.t('by series');
    case 'nothing':
      return l10n.t('not grouped');
  }
}

function sortText({ by, direction }: IssueSort): string {
  const isAscending = direction === 'ascending';
  switch (by) {
    case 'id':
      return isAscending ? l10n.t('lowest ID first') : l10n.t('highest ID first');
    case 'title':
      return isAscending ? l10n.t('titles A to Z') : l10n.t('titles Z to A');
    case 'modified':
      return isAscending ? l10n.t('first changed first') : l10n.t('last changed first');
    case 'created':
      return isAscending ? l10n.t('oldest first') : l10n.t('newest first');
    case 'priority':
      return isAscending ? l10n.t('most urgent first') : l10n.t('least urgent first');
    case 'progress':
      return isAscending ? l10n.t('least progress first') : l10n.t('most progress first');
    case 'toolOrder':
      return isAscending ? l10n.t('in the tool’s order') : l10n.t('against the tool’s order');
  }
}
