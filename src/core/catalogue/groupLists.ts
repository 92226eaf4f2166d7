import type { IssueSummary } from '../issue/issue.ts';
import type { GroupsChange } from './issueGroups.ts';
import type { IssueOrder } from './issueOrder.ts';
import { placeIn } from './sortedIssues.ts';

interface Lists {
  readonly added: IssueSummary[];
  readonly changed: IssueSummary[];
  readonly removed: IssueSummary[];
}

/** Sorted lists of issues by the names of groups, and what has changed in them. Each change costs a search and a copy of references. */
export class GroupLists {
  readonly #compare: IssueOrder['compare'];
  readonly #lists = new Map<string, IssueSummary[]>();
  #changes = new Map<string, Lists>();
  #isRegrouped = false;

  constructor({ compare }: Pick<IssueOrder, 'compare'>) {
    this.#compare = compare;
  }

  get names(): Iterable<string> {
    return this.#lists.keys();
  }

  of(group: string): readonly IssueSummary[] | undefined {
    return this.#lists.get(group);
  }

  /** Takes over a list that is in order. */
  set(group: string, issues: IssueSummary[]): void {
    this.#lists.set(group, issues);
  }

  add(group: string, issue: IssueSummary): void {
    const list = this.#lists.get(group) ?? [];
    if (list.length === 0) {
      this.#lists.set(group, list);
      this.#isRegrouped = true;
    }
    list.splice(placeIn(list, issue, this.#compare), 0, issue);
    this.#changesOf(group).added.push(issue);
  }

  /** @param issue as it is in the list, where it must be */
  remove(group: string, issue: IssueSummary): void {
    const list = this.#lists.get(group) ?? [];
    list.splice(placeIn(list, issue, this.#compare), 1);
    if (list.length === 0) {
      this.#lists.delete(group);
      this.#isRegrouped = true;
    }
    this.#changesOf(group).removed.push(issue);
  }

  /** @param before as it is in the list, where it must be */
  replace(group: string, before: IssueSummary, issue: IssueSummary): void {
    const list = this.#lists.get(group) ?? [];
    const place = placeIn(list, before, this.#compare);
    if (this.#compare(before, issue) === 0) {
      list[place] = issue;
      this.#changesOf(group).changed.push(issue);
      return;
    }
    list.splice(place, 1);
    list.splice(placeIn(list, issue, this.#compare), 0, issue);
    this.#changesOf(group).removed.push(before);
    this.#changesOf(group).added.push(issue);
  }

  /** What has changed since the last call. */
  takeChange(): GroupsChange {
    const change = { groups: this.#changes, isRegrouped: this.#isRegrouped };
    this.#changes = new Map();
    this.#isRegrouped = false;
    return change;
  }

  #changesOf(group: string): Lists {
    const changes = this.#changes.get(group) ?? { added: [], changed: [], removed: [] };
    this.#changes.set(group, changes);
    return changes;
  }
}
