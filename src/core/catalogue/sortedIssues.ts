import { assertDefined } from '../assertDefined.ts';
import { compareIssues, type IssueSummary, leadingNumber } from '../issue/issue.ts';
import type { IssueList } from './issueList.ts';

/** Up to this many removals, shifting the rest each time is cheaper than a new list. */
const FEW = 16;

/** Issues in the order of every list. Each change costs a search and a copy of references, however long the list is. */
export class SortedIssues {
  #issues: IssueSummary[] = [];
  /** Still in the list, until it is looked at: a batch takes out one after another, and each would move the rest of a large list. */
  readonly #gone = new Set<IssueSummary>();

  /** A live view: copy what you keep. */
  get all(): readonly IssueSummary[] {
    this.#takeOut();
    return this.#issues;
  }

  /** Puts an issue in the place of the one with the same key, which must be there. */
  replace(issue: IssueSummary): void {
    this.#issues[placeIn(this.#issues, issue)] = issue;
  }

  /** Adds issues whose keys are not there yet. Those that come after all others cost next to nothing. */
  add(issues: readonly IssueSummary[]): void {
    const sorted = issues.toSorted(compareIssues);
    const [first] = sorted;
    if (first === undefined) {
      return;
    }
    this.#takeOut();
    const last = this.#issues.at(-1);
    if (last === undefined || compareIssues(last, first) < 0) {
      for (const issue of sorted) {
        this.#issues.push(issue);
      }
    } else if (sorted.length <= FEW) {
      for (const issue of sorted) {
        this.#issues.splice(placeIn(this.#issues, issue), 0, issue);
      }
    } else {
      this.#merge(sorted);
    }
  }

  /** Takes issues out that are there. */
  remove(issues: readonly IssueSummary[]): void {
    for (const issue of issues) {
      this.#gone.add(issue);
    }
  }

  /** The issues whose ids begin with this number, in order. */
  withLeadingNumber(number: number): IssueSummary[] {
    const start = this.#placeOfNumber(number);
    let end = start;
    while (end < this.#issues.length && leadingNumber(assertDefined(this.#issues[end])) === number) {
      end++;
    }
    return this.#issues.slice(start, end);
  }

  #takeOut(): void {
    if (this.#gone.size === 0) {
      return;
    }
    if (this.#gone.size <= FEW) {
      for (const issue of this.#gone) {
        this.#issues.splice(placeIn(this.#issues, issue), 1);
      }
    } else {
      this.#issues = this.#issues.filter((issue) => !this.#gone.has(issue));
    }
    this.#gone.clear();
  }

  #placeOfNumber(number: number): number {
    this.#takeOut();
    return firstPlace(this.#issues, (issue) => leadingNumber(issue) >= number);
  }

  #merge(sorted: readonly IssueSummary[]): void {
    const merged: IssueSummary[] = [];
    let next = 0;
    for (const issue of sorted) {
      for (const place = placeIn(this.#issues, issue); next < place; next++) {
        merged.push(assertDefined(this.#issues[next]));
      }
      merged.push(issue);
    }
    for (; next < this.#issues.length; next++) {
      merged.push(assertDefined(this.#issues[next]));
    }
    this.#issues = merged;
  }
}

/** Where the issue stands in a list that is sorted by `compare`, or where it would stand. */
export function placeIn(
  list: IssueList,
  issue: IssueSummary,
  compare: (a: IssueSummary, b: IssueSummary) => number = compareIssues,
): number {
  return firstPlace(list, (other) => compare(other, issue) >= 0);
}

/** The first place whose issue fulfils a condition that holds for all after it. */
export function firstPlace(list: IssueList, isReached: (issue: IssueSummary) => boolean): number {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (isReached(assertDefined(list.at(middle)))) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  return low;
}
