import type { IssueSummary } from '../issue/issue.ts';

/** A list to look things up in; an array is one. Places are those from 0 on. */
export interface IssueList {
  readonly length: number;
  at(place: number): IssueSummary | undefined;
  slice(start: number, end: number): IssueSummary[];
}

export const NO_ISSUES: IssueList = [];

/** The two parts of a list, each from its end to its beginning, without a copy. */
export function bothReversed(list: readonly IssueSummary[], lengthOfFirst: number): IssueList {
  const { length } = list;
  const placeIn = (place: number) => (place < lengthOfFirst ? lengthOfFirst - 1 - place : length - 1 - (place - lengthOfFirst));
  return {
    length,
    at: (place) => list[placeIn(place)],
    slice: (start, end) => {
      const count = Math.max(0, Math.min(end, length) - start);
      return Array.from({ length: count }, (_, index) => list[placeIn(start + index)]).filter((issue) => issue !== undefined);
    },
  };
}
