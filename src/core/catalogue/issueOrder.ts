import { folded } from '../issue/foldedText.ts';
import { compareIssues, type IssueSummary, leadingNumber } from '../issue/issue.ts';
import { isCompleted } from '../issue/issueState.ts';
import { priorityRank } from '../issue/priorityRank.ts';
import { forEachInSlices, sortedInSlices, type TimeSlices } from '../timeSlices.ts';
import type { IssueSort, SortBy } from './arrangement.ts';
import { bothReversed, type IssueList } from './issueList.ts';
import { firstPlace } from './sortedIssues.ts';

/** An order of issues in which only equal keys are equal. */
export interface IssueOrder {
  compare(a: IssueSummary, b: IssueSummary): number;
  /** A list in this order. @param issues in the order of {@link DEFAULT_ORDER} */
  sorted(issues: readonly IssueSummary[], slices: TimeSlices): Promise<readonly IssueSummary[]>;
}

/** The highest number first, and behind them the ids that begin with none. */
function compareNewestFirst(a: IssueSummary, b: IssueSummary): number {
  return Number(isUnnumbered(a)) - Number(isUnnumbered(b)) || compareIssues(b, a);
}

function isUnnumbered(issue: IssueSummary): boolean {
  return leadingNumber(issue) === Number.POSITIVE_INFINITY;
}

/** A list that is in the order of every list, from the newest on. A live view: copy what you keep. */
export function newestFirst(list: readonly IssueSummary[]): IssueList {
  return bothReversed(list, firstPlace(list, isUnnumbered));
}

/** Open issues by their ids, and the completed ones behind them, the newest first. */
export const DEFAULT_ORDER: IssueOrder = {
  compare(a, b) {
    const isCompletedA = isCompleted(a);
    return Number(isCompletedA) - Number(isCompleted(b)) || (isCompletedA ? compareNewestFirst(a, b) : compareIssues(a, b));
  },
  sorted: async (issues) => issues,
};

/** Digits that are brought to one length, so that comparing characters puts `Step 2` before `Step 10`. */
const DIGITS = /\d+/g;
const MOST_DIGITS = 12;
const NUMBER = /^-?\d+(\.\d+)?$/;

/** What each choice looks at. Issues without it come last, in whichever direction. */
const ORDERS: Readonly<Record<SortBy, (sign: number) => IssueOrder>> = {
  id: (sign) => orderBy((issue) => issue, compareIssues, sign),
  title: (sign) =>
    orderBy(({ title }) => folded(title).replace(DIGITS, (digits) => digits.padStart(MOST_DIGITS, '0')), compareValues, sign),
  // The tool's own date where it keeps one: a clone of a repository has made all files anew.
  modified: (sign) => orderBy(({ fields, modifiedAt }) => fields.updated ?? (modifiedAt || undefined), compareValues, sign),
  created: (sign) => orderBy(({ fields, createdAt }) => fields.created ?? (createdAt || undefined), compareValues, sign),
  priority: (sign) =>
    orderBy(({ fields: { priority } }) => (priority === undefined ? undefined : priorityRank(priority)), compareValues, sign),
  progress: (sign) => orderBy(({ progress }) => (progress?.total ? progress.done / progress.total : undefined), compareValues, sign),
  toolOrder: (sign) =>
    orderBy(({ fields: { order } }) => (order !== undefined && NUMBER.test(order) ? Number(order) : order), comparePlaces, sign),
};

export function orderOf(sort: IssueSort | undefined): IssueOrder {
  return sort === undefined ? DEFAULT_ORDER : ORDERS[sort.by](sort.direction === 'ascending' ? 1 : -1);
}

function orderBy<Value>(
  valueIn: (issue: IssueSummary) => Value | undefined,
  compareDefined: (a: Value, b: Value) => number,
  sign: number,
): IssueOrder {
  const compare = (a: Value | undefined, b: Value | undefined) =>
    a === undefined || b === undefined ? Number(a === undefined) - Number(b === undefined) : sign * compareDefined(a, b);
  return {
    compare: (a, b) => compare(valueIn(a), valueIn(b)) || DEFAULT_ORDER.compare(a, b),
    async sorted(issues, slices) {
      // Each value is made once, and not for every comparison.
      const entries: { readonly issue: IssueSummary; readonly value: Value | undefined }[] = [];
      await forEachInSlices(issues, slices, (issue) => entries.push({ issue, value: valueIn(issue) }));
      // The sort is stable: what is equal stays in the default order.
      const sorted = await sortedInSlices(entries, (a, b) => compare(a.value, b.value), slices);
      return sorted.map(({ issue }) => issue);
    },
  };
}

function compareValues<Value extends number | string>(a: Value, b: Value): number {
  return a < b ? -1 : Number(a > b);
}

/** Places in a tool's list, as numbers or as texts that sort as they are; a store has one kind of them. */
function comparePlaces(a: number | string, b: number | string): number {
  return typeof a === typeof b ? compareValues(a, b) : Number(typeof a === 'string') - Number(typeof b === 'string');
}
