import { systemClock } from '../clock.ts';
import type { IssueKey, IssueSummary } from '../issue/issue.ts';
import { inSlices, type SliceOptions, TimeSlices } from '../timeSlices.ts';
import type { Arrangement } from './arrangement.ts';
import { GroupLists } from './groupLists.ts';
import type { IssueCatalogue, IssueChange } from './issueCatalogue.ts';
import { GROUPINGS, groupOfValue, type IssueGrouping, NO_VALUE, OPEN_AND_COMPLETED } from './issueGrouping.ts';
import { type GroupsChange, type IssueGroups, isFlat, isNested } from './issueGroups.ts';
import { type IssueList, NO_ISSUES } from './issueList.ts';
import { type IssueOrder, newestFirst, orderOf } from './issueOrder.ts';
import { ParentTree } from './parentTree.ts';

/** With more changes than this at once, arranging all issues again in slices is quicker. */
const REARRANGE_FROM = 500;

/** Where an issue is. */
interface Place {
  /** As it is in the lists. */
  summary: IssueSummary;
  groups: readonly string[];
  isShown: boolean;
}

const NO_GROUPS: readonly string[] = [];
const WITHOUT_VALUE: readonly string[] = [NO_VALUE];
const NO_CHANGE: GroupsChange = { groups: new Map(), isRegrouped: false };

export interface ArrangedIssuesOptions {
  readonly catalogue: IssueCatalogue;
  readonly arrangement: Arrangement;
  /** Which issues are shown; all if left out. */
  readonly test?: IssueTest;
}

/** What decides which issues are shown. */
export interface IssueTest {
  fits(issue: IssueSummary, catalogue: IssueCatalogue): boolean;
  /** True if whether an issue fits depends on those that it names, or that name it, as well. */
  readonly looksAtOthers: boolean;
}

/**
 * The issues of a catalogue that fit, in any arrangement. A change moves what has changed; nothing is made anew. What depends on the time is as
 * the test had it when it was made.
 */
export class ArrangedIssues implements IssueGroups {
  readonly arrangement: Arrangement;
  readonly #catalogue: IssueCatalogue;
  readonly #test: IssueTest | undefined;
  readonly #grouping: IssueGrouping;
  readonly #order: IssueOrder;
  readonly #lists: GroupLists;
  readonly #places = new Map<IssueKey, Place>();
  readonly #parents: ParentTree | undefined;
  /** What is known of a value's group, because the same few stand in all issues. */
  readonly #groupsOfValues = new Map<string, readonly string[]>();
  #names: readonly string[] = [];
  #count = 0;
  #statuses: readonly string[] | undefined;
  /** Changes that arrive until the lists are filled. */
  #waiting: IssueChange[] | undefined = [];

  /** No issues, until {@link fill} is done. */
  constructor({ catalogue, arrangement, test }: ArrangedIssuesOptions) {
    this.arrangement = arrangement;
    this.#catalogue = catalogue;
    this.#test = test;
    this.#grouping = GROUPINGS[arrangement.groupBy];
    this.#order = orderOf(arrangement.sort);
    this.#lists = new GroupLists(this.#order);
    if (isNested(arrangement)) {
      const { relations } = catalogue;
      this.#parents = new ParentTree({
        relations,
        get: (key) => this.#current(key),
        isShown: (key) => this.#places.get(key)?.isShown === true,
      });
    }
    this.#nameGroups();
  }

  get names(): readonly string[] {
    return this.#names;
  }

  get count(): number {
    return this.#count;
  }

  issuesOf(group: string): IssueList {
    return this.#lists.of(group) ?? NO_ISSUES;
  }

  groupsOf(key: IssueKey): readonly string[] {
    return this.#places.get(key)?.groups ?? NO_GROUPS;
  }

  valueOf(group: string): string | undefined {
    const first = this.issuesOf(group).at(0);
    return first && this.#grouping.valuesOf(first, this.#catalogue).find((value) => groupOfValue(value) === group);
  }

  compare(a: IssueSummary, b: IssueSummary): number {
    return this.#order.compare(a, b);
  }

  /** Goes through the catalogue, in slices. To be called once. @throws the signal's reason when aborted. */
  async fill(options: SliceOptions = {}): Promise<void> {
    const waiting: IssueChange[] = [];
    this.#waiting = waiting;
    // In the default order, on which sorting builds.
    const { active, completed } = this.#catalogue;
    const issues = [...active, ...newestFirst(completed).slice(0, completed.length)];
    const forEach = <T>(entries: readonly T[], act: (entry: T) => void) =>
      inSlices(
        entries.length,
        (index) => {
          act(entries[index] as T);
          return true;
        },
        options,
      );
    // Who is shown decides about the parents of all.
    const places: Place[] = [];
    await forEach(issues, (summary) => {
      const place = { summary, groups: NO_GROUPS, isShown: this.#isFit(summary) };
      places.push(place);
      this.#places.set(summary.key, place);
    });
    const lists = new Map<string, IssueSummary[]>();
    await forEach(
      places.filter(({ isShown }) => isShown),
      (place) => {
        place.groups = this.#groupsFor(place.summary);
        for (const group of place.groups) {
          const list = lists.get(group);
          if (list === undefined) {
            lists.set(group, [place.summary]);
          } else {
            list.push(place.summary);
          }
        }
      },
    );
    await this.#sort(lists, options);
    this.#count = places.filter(({ isShown }) => isShown).length;
    this.#waiting = undefined;
    this.#nameGroups();
    for (const change of waiting) {
      this.apply(change);
    }
  }

  async #sort(lists: ReadonlyMap<string, readonly IssueSummary[]>, { clock = systemClock, signal }: SliceOptions): Promise<void> {
    const slices = new TimeSlices(clock);
    for (const [group, issues] of lists) {
      this.#lists.set(group, [...(await this.#order.sorted(issues, slices))]);
      signal?.throwIfAborted();
    }
  }

  /** See {@link IssueGroups.apply}. Until they are filled nothing changes for those who see the groups. */
  apply(change: IssueChange): GroupsChange | undefined {
    const { added, changed, removed } = change;
    if (added.length + changed.length + removed.length > REARRANGE_FROM || this.#statuses !== this.#catalogue.statuses) {
      return undefined;
    }
    if (this.#waiting !== undefined) {
      this.#waiting.push(change);
      return NO_CHANGE;
    }
    const told = new Set([...added, ...changed, ...removed].map(({ key }) => key));
    const asked = new Set([...told, ...this.#concernedBy(told)]);
    if (asked.size > REARRANGE_FROM) {
      return undefined;
    }
    const above = [...asked].flatMap((key) => this.#ask(key));
    for (const key of this.#parents === undefined ? asked : this.#nestedWith(asked, above, this.#parents)) {
      this.#put(key, told.has(key));
    }
    const taken = this.#lists.takeChange();
    if (taken.isRegrouped) {
      this.#nameGroups();
    }
    return taken;
  }

  /** The issues that one of these names or named, or that name it. */
  #concernedBy(keys: Iterable<IssueKey>): readonly IssueKey[] {
    const { relations } = this.#catalogue;
    if (this.#test?.looksAtOthers !== true) {
      return [];
    }
    const versions = [...keys].flatMap((key) => [this.#places.get(key)?.summary ?? [], this.#current(key) ?? []].flat());
    return versions.flatMap((issue) => [...relations.namedBy(issue), ...relations.referrersOf(issue)]);
  }

  /**
   * Finds out whether an issue is shown now.
   *
   * @returns what the issue was and is, if others can have another issue above them because of it.
   */
  #ask(key: IssueKey): readonly IssueSummary[] {
    const known = this.#places.get(key);
    const current = this.#current(key);
    const isShown = current !== undefined && this.#isFit(current);
    if (known !== undefined) {
      const isSameAbove = known.isShown && isShown && known.summary.id === current.id;
      known.isShown = isShown;
      return isSameAbove ? [] : [known.summary, ...(current === undefined ? [] : [current])];
    }
    if (current === undefined) {
      return [];
    }
    this.#places.set(key, { summary: current, groups: NO_GROUPS, isShown });
    return [current];
  }

  /** These issues, and all that may have another issue above them now. @param above issues that came, went or are hidden */
  #nestedWith(asked: ReadonlySet<IssueKey>, above: readonly IssueSummary[], parents: ParentTree): ReadonlySet<IssueKey> {
    const { relations } = this.#catalogue;
    const affected = new Set(asked);
    const below = new Set(above.flatMap((issue) => relations.referrersOf(issue)));
    // Each set grows while it is walked.
    for (const key of below) {
      affected.add(key);
      const place = this.#places.get(key);
      for (const next of place === undefined || place.isShown ? [] : relations.referrersOf(place.summary)) {
        below.add(next);
      }
    }
    parents.forgetWalks();
    for (const key of affected) {
      for (const member of parents.forgetCircle(key)) {
        affected.add(member);
      }
    }
    for (const key of affected) {
      for (const member of parents.circleOf(key)) {
        affected.add(member);
      }
    }
    return affected;
  }

  /** Brings the lists up to date. @param isTold whether the issue itself is in the change */
  #put(key: IssueKey, isTold: boolean): void {
    const place = this.#places.get(key);
    if (place === undefined) {
      return;
    }
    const current = this.#current(key);
    const summary = current ?? place.summary;
    const groups = place.isShown ? this.#groupsFor(summary) : NO_GROUPS;
    for (const group of place.groups) {
      if (!groups.includes(group)) {
        this.#lists.remove(group, place.summary);
      } else if (isTold || place.summary !== summary) {
        this.#lists.replace(group, place.summary, summary);
      }
    }
    this.#count += Number(groups.length > 0) - Number(place.groups.length > 0);
    for (const group of groups) {
      if (!place.groups.includes(group)) {
        this.#lists.add(group, summary);
      }
    }
    if (current === undefined) {
      this.#places.delete(key);
    } else {
      place.summary = summary;
      place.groups = groups;
    }
  }

  #groupsFor(issue: IssueSummary): readonly string[] {
    if (this.#parents !== undefined) {
      const parent = this.#parents.parentOf(issue);
      return parent === undefined ? WITHOUT_VALUE : [parent];
    }
    const [first, ...others] = this.#grouping.valuesOf(issue, this.#catalogue);
    if (first === undefined) {
      return WITHOUT_VALUE;
    }
    return others.length === 0
      ? this.#groupsOfValue(first)
      : [...new Set([first, ...others].flatMap((value) => this.#groupsOfValue(value)))];
  }

  #groupsOfValue(value: string): readonly string[] {
    const known = this.#groupsOfValues.get(value) ?? [groupOfValue(value)];
    this.#groupsOfValues.set(value, known);
    return known;
  }

  #nameGroups(): void {
    this.#statuses = this.#catalogue.statuses;
    if (isFlat(this.arrangement)) {
      this.#names = WITHOUT_VALUE;
      return;
    }
    const always = this.arrangement.groupBy === 'openAndCompleted' ? OPEN_AND_COMPLETED : [];
    const compare = (a: string, b: string) =>
      Number(a === NO_VALUE) - Number(b === NO_VALUE) || this.#grouping.compareGroups(a, b, this.#catalogue);
    this.#names = [...new Set([...always, ...this.#lists.names])].sort(compare);
  }

  #isFit(issue: IssueSummary): boolean {
    return this.#test === undefined || this.#test.fits(issue, this.#catalogue);
  }

  #current(key: IssueKey): IssueSummary | undefined {
    return this.#catalogue.get(key)?.summary;
  }
}
