import type { IssueKey } from '../issue/issue.ts';
import { isCompleted } from '../issue/issueState.ts';
import { DEFAULT_ARRANGEMENT } from './arrangement.ts';
import type { IssueCatalogue, IssueChange } from './issueCatalogue.ts';
import { OPEN_AND_COMPLETED } from './issueGrouping.ts';
import type { GroupsChange, IssueGroups } from './issueGroups.ts';
import { type IssueList, NO_ISSUES } from './issueList.ts';
import { DEFAULT_ORDER, newestFirst } from './issueOrder.ts';

/** The default arrangement of all issues, which are the two lists of the catalogue itself. */
export class CatalogueGroups implements IssueGroups {
  readonly arrangement = DEFAULT_ARRANGEMENT;
  readonly names: readonly string[] = OPEN_AND_COMPLETED;
  readonly compare = DEFAULT_ORDER.compare;
  readonly #catalogue: IssueCatalogue;

  constructor(catalogue: IssueCatalogue) {
    this.#catalogue = catalogue;
  }

  get count(): number {
    return this.#catalogue.size;
  }

  issuesOf(group: string): IssueList {
    const { active, completed } = this.#catalogue;
    switch (group) {
      case OPEN_AND_COMPLETED[0]:
        return active;
      case OPEN_AND_COMPLETED[1]:
        return newestFirst(completed);
      default:
        return NO_ISSUES;
    }
  }

  groupsOf(key: IssueKey): readonly string[] {
    const entry = this.#catalogue.get(key);
    return entry === undefined ? [] : [OPEN_AND_COMPLETED[isCompleted(entry.summary) ? 1 : 0]];
  }

  valueOf(group: string): string {
    return group;
  }

  apply({ added, changed, removed }: IssueChange): GroupsChange {
    const groups = new Map(
      OPEN_AND_COMPLETED.map((group, place) => {
        const isIn = (issue: Parameters<typeof isCompleted>[0]) => isCompleted(issue) === (place === 1);
        return [group, { added: added.filter(isIn), changed: changed.filter(isIn), removed: removed.filter(isIn) }];
      }),
    );
    const isRegrouped = [...groups].some(([group, change]) => {
      const { length } = this.issuesOf(group);
      return (length === 0) !== (length - change.added.length + change.removed.length === 0);
    });
    return { groups, isRegrouped };
  }
}
