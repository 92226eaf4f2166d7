import type { StoreFormat } from '../formats/storeFormat.ts';
import { folded } from '../issue/foldedText.ts';
import type { IssueSummary } from '../issue/issue.ts';
import { type IssueState, isCompleted, stateOfWord } from '../issue/issueState.ts';
import { compareNaturally } from '../issue/naturalOrder.ts';
import { priorityRank } from '../issue/priorityRank.ts';
import type { GroupBy } from './arrangement.ts';

/** The group of issues that have no value, which comes last; also the only one where issues are not grouped. */
export const NO_VALUE = '';
/** The two groups that are shown without issues, too. */
export const OPEN_AND_COMPLETED = ['active', 'completed'] as const;

/** What decides about groups beside the issues. */
export interface GroupingSource {
  readonly format: Pick<StoreFormat, 'seriesOf'>;
  /** In the order of the tool's configuration; undefined if it has none. */
  readonly statuses: readonly string[] | undefined;
}

/** How issues are put into groups. A group is named by a value, in the form of {@link groupOfValue}. */
export interface IssueGrouping {
  /** The values that an issue has, as they are written. */
  valuesOf(issue: IssueSummary, source: GroupingSource): readonly string[];
  compareGroups(a: string, b: string, source: GroupingSource): number;
}

const STATES: readonly IssueState[] = ['open', 'active', 'review', 'done', 'dropped'];
const NOTHING: readonly string[] = [];

const byName = { compareGroups: compareNaturally };

/** Issues are nested by their parents, and not put into groups by a value; they have the grouping of those that are not grouped. */
const UNGROUPED: IssueGrouping = { valuesOf: () => NOTHING, ...byName };

export const GROUPINGS: Readonly<Record<GroupBy, IssueGrouping>> = {
  openAndCompleted: { valuesOf: (issue) => [OPEN_AND_COMPLETED[isCompleted(issue) ? 1 : 0]], ...byName },
  state: { valuesOf: ({ state }) => [state], compareGroups: (a, b) => placeIn(STATES, a) - placeIn(STATES, b) },
  status: {
    valuesOf: ({ fields: { status } }) => valuesIn(status),
    compareGroups: (a, b, { statuses = [] }) => {
      const known = statuses.map(groupOfValue);
      return placeIn(known, a) - placeIn(known, b) || placeOfWord(a) - placeOfWord(b) || compareNaturally(a, b);
    },
  },
  priority: {
    valuesOf: ({ fields: { priority } }) => valuesIn(priority),
    compareGroups: (a, b) => priorityRank(a) - priorityRank(b) || compareNaturally(a, b),
  },
  label: { valuesOf: ({ fields: { labels = NOTHING } }) => labels, ...byName },
  assignee: { valuesOf: ({ fields: { assignees = NOTHING } }) => assignees, ...byName },
  type: { valuesOf: ({ fields: { type } }) => valuesIn(type), ...byName },
  // Versions, sprints and days are counted up, so the most recent one is the last by name.
  milestone: { valuesOf: ({ fields: { milestone } }) => valuesIn(milestone), compareGroups: (a, b) => compareNaturally(b, a) },
  parent: UNGROUPED,
  series: { valuesOf: (issue, { format }) => valuesIn(format.seriesOf?.(issue)), ...byName },
  nothing: UNGROUPED,
};

/** One text for all spellings of a value that people take for the same. */
export function groupOfValue(value: string): string {
  return folded(value.trim().replace(/\s+/g, ' '));
}

function valuesIn(value: string | undefined): readonly string[] {
  return value === undefined ? NOTHING : [value];
}

/** Behind all others if it is not there. */
function placeIn(list: readonly string[], text: string): number {
  const place = list.indexOf(text);
  return place === -1 ? list.length : place;
}

/** A word that says nothing of the state is that of an open issue. */
function placeOfWord(status: string): number {
  return placeIn(STATES, stateOfWord(status) ?? 'open');
}
