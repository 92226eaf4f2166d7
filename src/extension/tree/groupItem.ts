import { l10n, ThemeIcon, TreeItem, TreeItemCollapsibleState } from 'vscode';
import { DEFAULT_ARRANGEMENT, type GroupBy, type IssueGroups, isCompleted, NO_VALUE, OPEN_AND_COMPLETED } from '../../core/index.ts';
import { priorityText } from '../fieldTexts.ts';
import { clipped } from '../inertText.ts';
import { countLabel, issueIcon, stateLabel } from '../issueLabels.ts';
import { writabilityParts } from '../whyNotWritable.ts';
import { type GroupNode, OTHER_FOLDERS } from './issueNodes.ts';

/** Most characters of a value of a field; some files have whole sentences there. */
const VALUE_LENGTH = 80;
/** Groups are unfolded from the first on until so many rows are in sight: VS Code makes every row of an unfolded group. */
export const MOST_ROWS_UNFOLDED = 1000;

/** What the tree shows of a group. */
export interface GroupView {
  readonly count: number;
  /** True if only what fits a filter is shown. */
  readonly isFiltered: boolean;
  /** All groups of the store. */
  readonly groups: IssueGroups;
}

/** `High`, with the number of its issues behind it. */
export function groupItem(node: GroupNode, view: GroupView): TreeItem {
  const { source, group } = node;
  const { count, isFiltered, groups } = view;
  const label = group === OTHER_FOLDERS ? l10n.t('Other Folders') : groupLabel(groups, group);
  const isUnfolded = group !== OTHER_FOLDERS && (isFiltered || isUnfoldedFirst(groups, group));
  const { None, Collapsed, Expanded } = TreeItemCollapsibleState;
  const item = new TreeItem(label, count === 0 ? None : isUnfolded ? Expanded : Collapsed);
  // An empty group is drawn without a twistie and must come back expanded, and a filter shows what it has found: VS Code takes that from
  // a new id only.
  item.id = `${source.id}#${groupId(groups, group)}${count === 0 ? '#empty' : ''}${isFiltered ? '#filtered' : ''}`;
  item.description = countLabel(count);
  item.contextValue = [contextOf(groups, group), ...writabilityParts(source.store, ['create'])].join('.');
  item.accessibilityInformation = { label: `${label}, ${count}` };
  const icon = groupIcon(groups, group);
  if (icon !== undefined) {
    item.iconPath = icon;
  }
  if (group === OTHER_FOLDERS) {
    item.tooltip = l10n.t('Folders inside the issue store that it does not use. Markdown files in them are not issues.');
  }
  return item;
}

/** What tells the rows of a group from those of groups that are made by something else. */
export function groupId({ arrangement: { groupBy } }: IssueGroups, group: string): string {
  return groupBy === DEFAULT_ARRANGEMENT.groupBy || group === OTHER_FOLDERS ? group : `${groupBy}=${group}`;
}

function contextOf({ arrangement: { groupBy } }: IssueGroups, group: string): string {
  return groupBy === DEFAULT_ARRANGEMENT.groupBy || group === OTHER_FOLDERS ? `group.${group}` : 'group';
}

function groupLabel(groups: IssueGroups, group: string): string {
  const { groupBy } = groups.arrangement;
  const first = groups.issuesOf(group).at(0);
  switch (groupBy) {
    case 'openAndCompleted':
      return group === OPEN_AND_COMPLETED[0] ? l10n.t('Open') : l10n.t('Completed');
    case 'state':
      return first === undefined ? '' : stateLabel(first.state);
    default: {
      const value = groups.valueOf(group);
      if (group === NO_VALUE || value === undefined) {
        return labelWithoutValue(groupBy);
      }
      return groupBy === 'priority' ? priorityText(value) : clipped(value, VALUE_LENGTH);
    }
  }
}

function labelWithoutValue(groupBy: GroupBy): string {
  switch (groupBy) {
    case 'status':
      return l10n.t('No Status');
    case 'priority':
      return l10n.t('No Priority');
    case 'label':
      return l10n.t('No Label');
    case 'assignee':
      return l10n.t('No Assignee');
    case 'type':
      return l10n.t('No Type');
    case 'milestone':
      return l10n.t('No Milestone');
    case 'series':
      return l10n.t('No Series');
    default:
      return '';
  }
}

const ICONS: Readonly<Partial<Record<GroupBy, string>>> = { label: 'tag', assignee: 'account', milestone: 'milestone', series: 'folder' };

/** Where issues have one state, its icon. */
function groupIcon(groups: IssueGroups, group: string): ThemeIcon | undefined {
  const { groupBy } = groups.arrangement;
  const first = groups.issuesOf(group).at(0);
  if (groupBy === 'state' && first !== undefined) {
    return issueIcon({ state: first.state });
  }
  const icon = group === OTHER_FOLDERS ? undefined : ICONS[groupBy];
  return icon === undefined ? undefined : new ThemeIcon(icon);
}

function isUnfoldedFirst(groups: IssueGroups, group: string): boolean {
  const { groupBy } = groups.arrangement;
  const first = groups.issuesOf(group).at(0);
  if (groupBy === 'openAndCompleted') {
    return group === OPEN_AND_COMPLETED[0];
  }
  if ((groupBy === 'state' || groupBy === 'status') && first !== undefined && isCompleted(first)) {
    return false;
  }
  const before = groups.names.slice(0, groups.names.indexOf(group));
  const rows = [...before, group].reduce((sum, name) => sum + groups.issuesOf(name).length, 0);
  return before.length === 0 || rows <= MOST_ROWS_UNFOLDED;
}
