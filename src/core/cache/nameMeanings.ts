import { type Issue, type IssueKey, isCompleted } from '../issue/issue.ts';

/** What a caller names an issue by; a reference that carries its key needs no meaning. */
export type Name = number | string;

/** What every number and id of these issues means, if they are all there are with theirs: the active one before the completed, then the first. */
export function meaningsOf(issues: readonly Issue[]): Map<Name, IssueKey> {
  const meant = new Map<Name, IssueKey>();
  // From the least to the most preferred, so that the last to take a name is the one that is meant.
  for (const completed of [true, false]) {
    for (const issue of issues.filter((candidate) => isCompleted(candidate) === completed).reverse()) {
      meant.set(issue.id, issue.key);
      meant.set(issue.number ?? issue.id, issue.key);
    }
  }
  return meant;
}

/** Which key a number or a text was found to mean. To be forgotten whenever an issue comes, goes or moves. */
export class NameMeanings {
  readonly #keys = new Map<Name, IssueKey>();
  readonly #most: number;

  /** @param most how many are kept. When one more comes, all are forgotten: most of them are of issues that are gone by then. */
  constructor(most: number) {
    this.#most = most;
  }

  get(name: Name): IssueKey | undefined {
    return this.#keys.get(name);
  }

  learn(name: Name, key: IssueKey): void {
    if (this.#keys.size >= this.#most) {
      this.#keys.clear();
    }
    this.#keys.set(name, key);
  }

  forget(): void {
    // A batch asks for it with each issue, and clearing an empty map makes a new table, too.
    if (this.#keys.size > 0) {
      this.#keys.clear();
    }
  }
}
