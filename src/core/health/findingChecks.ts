import type { IssueCatalogue, IssueChange } from '../catalogue/issueCatalogue.ts';
import { type Clock, systemClock } from '../clock.ts';
import type { IssueKey, IssueSummary } from '../issue/issue.ts';
import { TimeSlices } from '../timeSlices.ts';
import { concernedBy, findingsOf, isLarge, type StoreFinding } from './storeFindings.ts';

export interface FindingChecksOptions {
  readonly catalogue: IssueCatalogue;
  /** Told of every issue that was checked, as it is at that moment. */
  readonly take: (summary: IssueSummary, findings: readonly StoreFinding[]) => void;
  readonly clock?: Clock;
}

/**
 * Finds out what is wrong with issues: with all of them once, and later with those that a change concerns. It does what takes no longer than a
 * slice at once, and the rest in time slices.
 */
export class FindingChecks {
  readonly #catalogue: IssueCatalogue;
  readonly #take: FindingChecksOptions['take'];
  readonly #clock: Clock;
  /** Checked before the rest of {@link #all}. */
  readonly #due = new Set<IssueKey>();
  /** What is left of all issues. */
  #all: Iterator<IssueKey> | undefined;
  /** All issues have to be checked once more. */
  #isAllDue = false;
  #isRunning = false;
  #run: Promise<void> | undefined;
  #isDisposed = false;

  constructor({ catalogue, take, clock = systemClock }: FindingChecksOptions) {
    this.#catalogue = catalogue;
    this.#take = take;
    this.#clock = clock;
  }

  /** Settles when everything that is due now has been checked. */
  checkAll(): Promise<void> {
    this.#isAllDue = true;
    return this.#start();
  }

  /** To be told of each change of the catalogue. As {@link checkAll}. */
  follow(change: IssueChange): Promise<void> {
    if (isLarge(change)) {
      return this.checkAll();
    }
    for (const key of concernedBy(this.#catalogue, change).keys()) {
      this.#due.add(key);
    }
    return this.#start();
  }

  dispose(): void {
    this.#isDisposed = true;
  }

  async #start(): Promise<void> {
    if (!this.#isRunning) {
      this.#isRunning = true;
      this.#run = this.#checkDue();
    }
    await this.#run;
  }

  async #checkDue(): Promise<void> {
    const slices = new TimeSlices(this.#clock);
    try {
      for (let key = this.#nextKey(); key !== undefined && !this.#isDisposed; key = this.#nextKey()) {
        const summary = this.#catalogue.get(key)?.summary;
        if (summary !== undefined) {
          this.#take(summary, findingsOf(this.#catalogue, summary));
        }
        if (slices.isOver) {
          await slices.next();
        }
      }
    } finally {
      // Not when the promise settles, which is later: what comes in between would wait for the next change.
      this.#isRunning = false;
    }
  }

  #nextKey(): IssueKey | undefined {
    for (const key of this.#due) {
      this.#due.delete(key);
      return key;
    }
    const next = this.#all?.next();
    if (next?.done === false) {
      return next.value;
    }
    this.#all = undefined;
    if (!this.#isAllDue) {
      return undefined;
    }
    this.#isAllDue = false;
    this.#all = this.#catalogue.keys()[Symbol.iterator]();
    return this.#nextKey();
  }
}
