import { l10n, type QuickPickItem, ThemeIcon, window } from 'vscode';
import { DIRECTIONS, GROUP_BY, type GroupBy, type IssueSort, isSameSort, SORT_BY, type SortBy } from '../../core/index.ts';
import { commandIds } from '../commandIds.ts';
import type { IssueFilter } from '../tree/issueFilter.ts';
import type { CommandActions } from './commandRunner.ts';

export interface ArrangeCommandDeps {
  readonly filter: IssueFilter;
}

/** Commands that lay out the tree in another way. */
export function arrangeCommands({ filter }: ArrangeCommandDeps) {
  return {
    [commandIds.groupBy]: async () => {
      const choices = GROUP_BY.map((value) => ({ value, label: groupLabel(value) }));
      const picked = await pickOne(l10n.t('Group By'), choices, (value) => value === filter.arrangement.groupBy);
      if (picked !== undefined) {
        filter.arrange({ ...filter.arrangement, groupBy: picked.value });
      }
    },
    [commandIds.sortBy]: async () => {
      const picked = await pickOne(l10n.t('Sort By'), sortChoices(), (value) => isSameSort(value, filter.arrangement.sort));
      if (picked !== undefined) {
        filter.arrange({ ...filter.arrangement, sort: picked.value });
      }
    },
  } satisfies Partial<CommandActions>;
}

interface Choice<T> {
  readonly value: T;
  readonly label: string;
}

/** A quick pick that marks what is chosen now and begins there. */
function pickOne<T>(title: string, choices: readonly Choice<T>[], isCurrent: (value: T) => boolean): Promise<Choice<T> | undefined> {
  interface Item extends QuickPickItem {
    readonly choice: Choice<T>;
  }
  const items = choices.map((choice): Item => {
    const isChosen = isCurrent(choice.value);
    const iconPath = new ThemeIcon(isChosen ? 'check' : 'blank');
    return { label: choice.label, iconPath, ...(isChosen && { description: l10n.t('current') }), choice };
  });
  const pick = window.createQuickPick<Item>();
  pick.title = title;
  pick.items = items;
  pick.activeItems = items.filter(({ choice }) => isCurrent(choice.value));
  return new Promise((resolve) => {
    pick.onDidAccept(() => {
      resolve(pick.selectedItems[0]?.choice);
      pick.hide();
    });
    pick.onDidHide(() => {
      resolve(undefined);
      pick.dispose();
    });
    pick.show();
  });
}

function groupLabel(groupBy: GroupBy): string {
  switch (groupBy) {
    case 'openAndCompleted':
      return l10n.t('Open and Completed');
    case 'state':
      return l10n.t('State');
    case 'status':
      return l10n.t('Status');
    case 'priority':
      return l10n.t('Priority');
    case 'label':
      return l10n.t('Label');
    case 'assignee':
      return l10n.t('Assignee');
    case 'type':
      return l10n.t('Type');
    case 'milestone':
      return l10n.t('Milestone');
    case 'parent':
      return l10n.t('Parent');
    case 'series':
      return l10n.t('Series or Feature Folder');
    case 'nothing':
      return l10n.t('Nothing');
  }
}

/** Each choice with both directions, the one that people want more often first. */
function sortChoices(): Choice<IssueSort | undefined>[] {
  const newestFirst: readonly SortBy[] = ['modified', 'created', 'progress'];
  const sorts = SORT_BY.flatMap((by) => {
    const directions = newestFirst.includes(by) ? DIRECTIONS.toReversed() : DIRECTIONS;
    return directions.map(
      (direction): Choice<IssueSort> => ({ value: { by, direction }, label: sortLabel(by, direction === 'ascending') }),
    );
  });
  return [{ value: undefined, label: l10n.t('Default: By ID, Completed Ones Newest First') }, ...sorts];
}

function sortLabel(by: SortBy, isAscending: boolean): string {
  switch (by) {
    case 'id':
      return isAscending ? l10n.t('ID, Lowest First') : l10n.t('ID, Highest First');
    case 'title':
      return isAscending ? l10n.t('Title, A to Z') : l10n.t('Title, Z to A');
    case 'modified':
      return isAscending ? l10n.t('Modified, First Changed First') : l10n.t('Modified, Last Changed First');
    case 'created':
      return isAscending ? l10n.t('Created, Oldest First') : l10n.t('Created, Newest First');
    case 'priority':
      return isAscending ? l10n.t('Priority, Most Urgent First') : l10n.t('Priority, Least Urgent First');
    case 'progress':
      return isAscending ? l10n.t('Progress, Least First') : l10n.t('Progress, Most First');
    case 'toolOrder':
      return isAscending ? l10n.t('The Tool’s Own Order') : l10n.t('The Tool’s Own Order, Reversed');
  }
}
