import { assertDefined } from '../assertDefined.ts';
import type { IssueKey, IssueSummary } from '../issue/issue.ts';
import { isCompleted } from '../issue/issueState.ts';
import { inSlices, type SliceOptions } from '../timeSlices.ts';
import type { IssueCatalogue, IssueChange } from './issueCatalogue.ts';
import { placeIn } from './sortedIssues.ts';

/** With more changes than this at once, filtering the catalogue again in slices is quicker. */
const REFILTER_FROM = 500;

/** What decides which issues a list has. */
export interface IssueTest {
  fits(issue: IssueSummary, catalogue: IssueCatalogue): boolean;
  /** True if whether an issue fits depends on those that it names, or that name it, as well. */
  readonly looksAtOthers: boolean;
}

/**
 * The issues of a catalogue that fit, in order, kept up to date by change events. What depends on the time is as the test had it when it was
 * made, until there is a new list.
 */
export class FilteredIssues {
  readonly #catalogue: IssueCatalogue;
  readonly #test: IssueTest;
  readonly #active: IssueSummary[] = [];
  readonly #completed: IssueSummary[] = [];
  /** Changes that arrive until the list is filled. */
  #waiting: IssueChange[] | undefined = [];
  /** Issues that name others, as they were when this list saw them last: a change does not say whom it named before. */
  readonly #naming = new Map<IssueKey, IssueSummary>();

  /** An empty list, until {@link fill} is done. */
  constructor(catalogue: IssueCatalogue, test: IssueTest) {
    this.#catalogue = catalogue;
    this.#test = test;
  }

  /** A live view: copy what you keep. */
  get active(): readonly IssueSummary[] {
    return this.#active;
  }

  /** A live view: copy what you keep. */
  get completed(): readonly IssueSummary[] {
    return this.#completed;
  }

  /** Goes through the catalogue, in slices. To be called once. @throws the signal's reason when aborted. */
  async fill(options: SliceOptions = {}): Promise<void> {
    const waiting: IssueChange[] = [];
    this.#waiting = waiting;
    const issues = [...this.#catalogue.active, ...this.#catalogue.completed];
    await inSlices(
      issues.length,
      (index) => {
        const issue = assertDefined(issues[index]);
        this.#noteNames(issue);
        if (this.#fits(issue)) {
          this.#listOf(issue).push(issue);
        }
        return true;
      },
      options,
    );
    this.#waiting = undefined;
    for (const change of waiting) {
      this.apply(change);
    }
  }

  /**
   * Takes over a change of the catalogue.
   *
   * @returns the change as this list shows it, which is none while the list is being filled; undefined if it is too large to be taken
   *   over, so that a new list must be filled.
   */
  apply(change: IssueChange): IssueChange | undefined {
    const { added, changed, removed } = change;
    if (added.length + changed.length + removed.length > REFILTER_FROM) {
      return undefined;
    }
    const shown = { added: [] as IssueSummary[], changed: [] as IssueSummary[], removed: [] as IssueSummary[], otherFolders: false };
    if (this.#waiting !== undefined) {
      this.#waiting.push(change);
      return shown;
    }
    const others = this.#concernedBy(change);
    if (others.size > REFILTER_FROM) {
      return undefined;
    }
    for (const issue of removed) {
      this.#remove(issue, shown.removed);
    }
    for (const issue of [...added, ...changed]) {
      if (this.#fits(issue)) {
        this.#put(issue, shown);
      } else {
        this.#remove(issue, shown.removed);
      }
    }
    for (const issue of others) {
      if (!this.#fits(issue)) {
        this.#remove(issue, shown.removed);
      } else if (!this.#has(issue)) {
        this.#put(issue, shown);
      }
    }
    return shown;
  }

  /** The other issues that may fit now and did not before, or the other way round: those that a change names or named, and that name it. */
  #concernedBy({ added, changed, removed }: IssueChange): ReadonlySet<IssueSummary> {
    const keys = new Set<IssueKey>();
    if (!this.#test.looksAtOthers) {
      return new Set();
    }
    const { relations } = this.#catalogue;
    for (const issue of [...removed, ...added, ...changed]) {
      const before = this.#naming.get(issue.key);
      this.#naming.delete(issue.key);
      const named = before === undefined ? [] : relations.namedBy(before);
      for (const key of [...named, ...relations.namedBy(issue), ...relations.referrersOf(issue)]) {
        keys.add(key);
      }
    }
    for (const issue of [...added, ...changed]) {
      this.#noteNames(issue);
      keys.delete(issue.key);
    }
    return new Set([...keys].flatMap((key) => this.#catalogue.get(key)?.summary ?? []));
  }

  #noteNames(issue: IssueSummary): void {
    const { dependencies, blocks } = issue.fields;
    if (this.#test.looksAtOthers && (dependencies !== undefined || blocks !== undefined)) {
      this.#naming.set(issue.key, issue);
    }
  }

  #fits(issue: IssueSummary): boolean {
    return this.#test.fits(issue, this.#catalogue);
  }

  #listOf(issue: IssueSummary): IssueSummary[] {
    return isCompleted(issue) ? this.#completed : this.#active;
  }

  #has(issue: IssueSummary): boolean {
    const list = this.#listOf(issue);
    return list[placeIn(list, issue)]?.key === issue.key;
  }

  #put(issue: IssueSummary, shown: { readonly added: IssueSummary[]; readonly changed: IssueSummary[] }): void {
    const list = this.#listOf(issue);
    const place = placeIn(list, issue);
    const isKnown = list[place]?.key === issue.key;
    list.splice(place, isKnown ? 1 : 0, issue);
    (isKnown ? shown.changed : shown.added).push(issue);
  }

  #remove(issue: IssueSummary, removed: IssueSummary[]): void {
    const list = this.#listOf(issue);
    const place = placeIn(list, issue);
    if (list[place]?.key === issue.key) {
      removed.push(...list.splice(place, 1));
    }
  }
}
