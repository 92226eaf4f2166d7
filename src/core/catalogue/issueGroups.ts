import type { IssueKey, IssueSummary } from '../issue/issue.ts';
import type { Arrangement } from './arrangement.ts';
import type { IssueChange } from './issueCatalogue.ts';
import { OPEN_AND_COMPLETED } from './issueGrouping.ts';
import { type IssueList, NO_ISSUES } from './issueList.ts';

/** What has changed in one group. An issue that has moved within it is removed as it was, and added as it is. */
export interface GroupChange {
  readonly added: readonly IssueSummary[];
  readonly changed: readonly IssueSummary[];
  readonly removed: readonly IssueSummary[];
}

/** What a change of a catalogue is in its groups. */
export interface GroupsChange {
  readonly groups: ReadonlyMap<string, GroupChange>;
  /** True if a group has come or gone, or one that is always there has got its first issue or lost its last. */
  readonly isRegrouped: boolean;
}

/**
 * The issues of a catalogue in groups, each in order, kept up to date by change events.
 *
 * Where issues are nested by their parents, the children of an issue are a group that is called by its key.
 */
export interface IssueGroups {
  readonly arrangement: Arrangement;
  /** How many issues are shown. */
  readonly count: number;
  /** The groups in order, without those of children. */
  readonly names: readonly string[];
  /** None if there is no such group. A live view: copy what you keep. */
  issuesOf(group: string): IssueList;
  /** The groups that an issue is in; none if it is not shown. */
  groupsOf(key: IssueKey): readonly string[];
  /** The value that a group is made by, as its first issue writes it. */
  valueOf(group: string): string | undefined;
  /** The order in each group. */
  compare(a: IssueSummary, b: IssueSummary): number;
  /**
   * Takes over a change of the catalogue.
   *
   * @returns undefined if it is too large to be taken over, so that the groups must be made anew.
   */
  apply(change: IssueChange): GroupsChange | undefined;
}

/** A store of which nothing is shown. */
export function noGroups(arrangement: Arrangement): IssueGroups {
  return {
    ...{ arrangement, count: 0, names: [] },
    issuesOf: () => NO_ISSUES,
    groupsOf: () => [],
    valueOf: () => undefined,
    compare: () => 0,
    apply: () => undefined,
  };
}

/** Whether most of what is new in a group comes first. */
export function growsAtStart({ sort }: Arrangement, group: string): boolean {
  return sort === undefined ? group === OPEN_AND_COMPLETED[1] : sort.direction === 'descending';
}

/** Whether issues are shown without rows for the groups that they are in. */
export function isFlat({ groupBy }: Arrangement): boolean {
  return groupBy === 'nothing' || groupBy === 'parent';
}

/** Whether issues are shown below their parents. */
export function isNested({ groupBy }: Arrangement): boolean {
  return groupBy === 'parent';
}

/** Whether an issue can be in several groups. */
export function hasRepeats({ groupBy }: Arrangement): boolean {
  return groupBy === 'label' || groupBy === 'assignee';
}
