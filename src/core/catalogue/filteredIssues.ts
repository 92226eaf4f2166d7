import { assertDefined } from '../assertDefined.ts';
import type { IssueSummary } from '../issue/issue.ts';
import { isCompleted } from '../issue/issueState.ts';
import { IssueWords } from '../issue/issueWords.ts';
import { inSlices, type SliceOptions } from '../timeSlices.ts';
import type { IssueCatalogue, IssueChange } from './issueCatalogue.ts';
import { placeIn } from './sortedIssues.ts';

/** With more changes than this at once, filtering the catalogue again in slices is quicker. */
const REFILTER_FROM = 500;

/** The issues of a catalogue that match a query, in order, kept up to date by change events. */
export class FilteredIssues {
  readonly #catalogue: IssueCatalogue;
  readonly #words: IssueWords;
  readonly #active: IssueSummary[] = [];
  readonly #completed: IssueSummary[] = [];
  /** Changes that arrive while the list is being filled. */
  #waiting: IssueChange[] | undefined;

  /** An empty list, until {@link fill} is done. @param query see {@link IssueWords}. */
  constructor(catalogue: IssueCatalogue, query: string) {
    this.#catalogue = catalogue;
    this.#words = new IssueWords(query);
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
    if (change.added.length + change.changed.length + change.removed.length > REFILTER_FROM) {
      return undefined;
    }
    const shown = { added: [] as IssueSummary[], changed: [] as IssueSummary[], removed: [] as IssueSummary[], otherFolders: false };
    if (this.#waiting !== undefined) {
      this.#waiting.push(change);
      return shown;
    }
    for (const issue of change.removed) {
      this.#remove(issue, shown.removed);
    }
    for (const issue of [...change.added, ...change.changed]) {
      if (this.#fits(issue)) {
        this.#put(issue, shown);
      } else {
        this.#remove(issue, shown.removed);
      }
    }
    return shown;
  }

  #fits(issue: IssueSummary): boolean {
    return this.#words.fitOf(issue) !== undefined;
  }

  #listOf(issue: IssueSummary): IssueSummary[] {
    return isCompleted(issue) ? this.#completed : this.#active;
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
