/** What the groups of a list can be made by. */
export const GROUP_BY = [
  'openAndCompleted',
  'state',
  'status',
  'priority',
  'label',
  'assignee',
  'type',
  'milestone',
  'parent',
  'series',
  'nothing',
] as const;
export type GroupBy = (typeof GROUP_BY)[number];

/** What the issues of a group can be sorted by. */
export const SORT_BY = ['id', 'title', 'modified', 'created', 'priority', 'progress', 'toolOrder'] as const;
export type SortBy = (typeof SORT_BY)[number];

export const DIRECTIONS = ['ascending', 'descending'] as const;

export interface IssueSort {
  readonly by: SortBy;
  readonly direction: (typeof DIRECTIONS)[number];
}

/** How a list of issues is laid out. */
export interface Arrangement {
  readonly groupBy: GroupBy;
  /** Undefined if nobody has chosen one: open issues by their ids, and the completed ones behind them, the newest first. */
  readonly sort?: IssueSort | undefined;
}

export const DEFAULT_ARRANGEMENT: Arrangement = { groupBy: 'openAndCompleted' };

export function isSameArrangement(a: Arrangement, b: Arrangement): boolean {
  return a.groupBy === b.groupBy && isSameSort(a.sort, b.sort);
}

export function isSameSort(a: IssueSort | undefined, b: IssueSort | undefined): boolean {
  return a?.by === b?.by && a?.direction === b?.direction;
}

/** An arrangement that was kept as JSON; the default in the place of what is not known. */
export function readArrangement(kept: unknown): Arrangement {
  const { groupBy, sort } = propertiesOf(kept);
  const { by, direction } = propertiesOf(sort);
  const [knownBy, knownDirection] = [SORT_BY.find((each) => each === by), DIRECTIONS.find((each) => each === direction)];
  return {
    groupBy: GROUP_BY.find((each) => each === groupBy) ?? DEFAULT_ARRANGEMENT.groupBy,
    sort: knownBy && knownDirection && { by: knownBy, direction: knownDirection },
  };
}

function propertiesOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
