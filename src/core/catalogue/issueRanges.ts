import { assertDefined } from '../assertDefined.ts';
import type { IssueSummary } from '../issue/issue.ts';
import type { IssueList } from './issueList.ts';
import type { IssueOrder } from './issueOrder.ts';
import { placeIn } from './sortedIssues.ts';

/** A run of neighbours in a sorted list. The object stays the same for as long as the range exists. */
export interface IssueRange {
  /** The same again when a range begins where another has begun before; empty for the first one. */
  readonly id: string;
}

export interface RangeLimits {
  /** A range with more issues is split. */
  readonly most: number;
  /** How many issues the parts of a split have, the one where the list grows up to twice as many; at most half of {@link most}. */
  readonly fill: number;
  /** A range with fewer issues is joined with the one before it, where that leaves room for both to grow. */
  readonly least: number;
}

export interface RangeOptions {
  /** What the list is sorted by. */
  readonly compare: IssueOrder['compare'];
  /** Whether most of what is new comes first in the list, and not last. */
  readonly growsAtStart?: boolean;
  readonly limits?: RangeLimits;
}

interface Bound extends IssueRange {
  /** Where it begins, whether that issue is still there or not; undefined for the first one, which begins before all. */
  readonly from: IssueSummary | undefined;
}

/** So many rows unfold without a pause, and a list of 100 000 has 200 ranges. */
const LIMITS: RangeLimits = { most: 1000, fill: 500, least: 125 };

/**
 * Divides a sorted list of issues without repeats into ranges of a bounded size. The boundaries stay where they are: one issue more
 * or less is a change of one range, and never shifts the others.
 *
 * Only the boundaries are kept. What is in a range is looked up in the list itself, by binary search, so that the two cannot fall
 * apart, and a change costs the same in a list of any length.
 */
export class IssueRanges {
  readonly #list: () => IssueList;
  readonly #compare: IssueOrder['compare'];
  readonly #growsAtStart: boolean;
  readonly #limits: RangeLimits;
  #bounds: Bound[] = [{ id: '', from: undefined }];

  /**
   * @param list the list as it is now; {@link update} must hear of what comes and goes in it.
   */
  constructor(list: () => IssueList, { compare, growsAtStart = false, limits = LIMITS }: RangeOptions) {
    this.#list = list;
    this.#compare = compare;
    this.#growsAtStart = growsAtStart;
    this.#limits = limits;
    this.#split(0);
  }

  /** In the order of the list; a single one for a list that needs no division. */
  get all(): readonly IssueRange[] {
    return this.#bounds;
  }

  /** The range that the issue lies in, or would lie in. */
  of(issue: IssueSummary): IssueRange {
    return assertDefined(this.#bounds[this.#indexOf(issue)]);
  }

  /** The issues of a range as they are now; none if it is gone. */
  issues(range: IssueRange): IssueSummary[] {
    const { start, end } = this.#span(this.#bounds.findIndex(({ id }) => id === range.id));
    return this.#list().slice(start, end);
  }

  /** How many issues are in a range, and the first and the last of them. */
  ends(range: IssueRange): { readonly count: number; readonly first: IssueSummary | undefined; readonly last: IssueSummary | undefined } {
    const { start, end } = this.#span(this.#bounds.findIndex(({ id }) => id === range.id));
    const list = this.#list();
    return { count: end - start, first: end > start ? list.at(start) : undefined, last: end > start ? list.at(end - 1) : undefined };
  }

  /** To be told of every issue that has come or gone, after the list has changed. */
  update(moved: readonly IssueSummary[]): void {
    const changed = new Set<IssueRange>(moved.length > this.#limits.most ? this.#bounds : moved.map((issue) => this.of(issue)));
    for (const range of changed) {
      this.#divide(range);
    }
  }

  #divide(range: IssueRange): void {
    const index = this.#bounds.findIndex(({ id }) => id === range.id);
    if (index === -1) {
      return; // Joined with another one that has changed.
    }
    if (this.#size(index) > this.#limits.most) {
      this.#split(index);
    } else if (this.#size(index) < this.#limits.least) {
      this.#join(index);
    }
  }

  #split(index: number): void {
    const { start, end } = this.#span(index);
    if (end - start <= this.#limits.most) {
      return;
    }
    const parts = Math.floor((end - start) / this.#limits.fill);
    const bounds = Array.from({ length: parts - 1 }, (_, part): Bound => {
      // Filled from where it does not grow, so that a list that is read bit by bit is divided as one that is there at once.
      const place = this.#growsAtStart ? end - (parts - 1 - part) * this.#limits.fill : start + (part + 1) * this.#limits.fill;
      const from = assertDefined(this.#list().at(place));
      return { id: from.key, from };
    });
    this.#bounds.splice(index + 1, 0, ...bounds);
  }

  /** The earlier of the two goes on, because it keeps its beginning. The first one has none before it and takes in the second. */
  #join(index: number): void {
    const second = Math.max(1, index);
    if (second >= this.#bounds.length) {
      return;
    }
    const together = this.#size(second - 1) + this.#size(second);
    if (this.#size(index) === 0 || together <= this.#limits.most - this.#limits.least) {
      this.#bounds.splice(second, 1);
    }
  }

  #size(index: number): number {
    const { start, end } = this.#span(index);
    return end - start;
  }

  #span(index: number): { readonly start: number; readonly end: number } {
    if (index === -1) {
      return { start: 0, end: 0 };
    }
    return { start: this.#startOf(index), end: this.#startOf(index + 1) };
  }

  #startOf(index: number): number {
    const list = this.#list();
    if (index >= this.#bounds.length) {
      return list.length;
    }
    const { from } = assertDefined(this.#bounds[index]);
    return from === undefined ? 0 : placeIn(list, from, this.#compare);
  }

  #indexOf(issue: IssueSummary): number {
    let low = 1;
    let high = this.#bounds.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#compare(assertDefined(assertDefined(this.#bounds[middle]).from), issue) <= 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low - 1;
  }
}
