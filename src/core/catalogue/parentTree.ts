import { compareIssues, type IssueKey, type IssueSummary } from '../issue/issue.ts';
import type { IssueRelations } from './issueRelations.ts';

export interface ParentTreeSource {
  readonly relations: Pick<IssueRelations, 'parentsOf'>;
  get(key: IssueKey): IssueSummary | undefined;
  isShown(key: IssueKey): boolean;
}

/** Issues that are, by way of the others, their own parents. */
interface Circle {
  readonly members: readonly IssueKey[];
  /** The one that is shown without a parent; undefined if none is shown. */
  readonly first: IssueKey | undefined;
}

/**
 * Below which issue each issue is shown: its parent, or the nearest issue above it that is shown. A circle of parents is opened above the
 * first of its issues that are shown, so that each has one place.
 */
export class ParentTree {
  readonly #source: ParentTreeSource;
  /** By each of their members. */
  readonly #circles = new Map<IssueKey, Circle>();
  /** Issues that are in no circle, so that no walk has to go on from them. */
  readonly #clear = new Set<IssueKey>();

  constructor(source: ParentTreeSource) {
    this.#source = source;
  }

  /** Undefined for an issue without a parent, or with none that is shown. */
  parentOf(issue: IssueSummary): IssueKey | undefined {
    if (this.#circleOf(issue.key)?.first === issue.key) {
      return undefined;
    }
    const passed = new Set([issue.key]);
    for (let above = this.#above(issue.key); above !== undefined && !passed.has(above); above = this.#above(above)) {
      if (this.#source.isShown(above)) {
        return above;
      }
      passed.add(above);
    }
    return undefined;
  }

  /** To be called when relations may have changed. Circles are kept until {@link forgetCircle}. */
  forgetWalks(): void {
    this.#clear.clear();
  }

  /** The circle that an issue was found in last; none if it was in none. */
  forgetCircle(key: IssueKey): readonly IssueKey[] {
    const members = this.#circles.get(key)?.members ?? [];
    for (const member of members) {
      this.#circles.delete(member);
    }
    return members;
  }

  /** The circle that an issue is in; none if it is in none. */
  circleOf(key: IssueKey): readonly IssueKey[] {
    return this.#circleOf(key)?.members ?? [];
  }

  #circleOf(key: IssueKey): Circle | undefined {
    const path = new Set<IssueKey>();
    let above: IssueKey | undefined = key;
    while (above !== undefined && !path.has(above) && !this.#clear.has(above) && !this.#circles.has(above)) {
      path.add(above);
      above = this.#above(above);
    }
    // What leads to a circle and is not in it is clear, as is what leads to nothing.
    const steps = [...path];
    const members = above !== undefined && path.has(above) ? steps.slice(steps.indexOf(above)) : [];
    const circle = { members, first: this.#first(members.filter((member) => this.#source.isShown(member))) };
    for (const member of members) {
      this.#circles.set(member, circle);
    }
    for (const step of steps.slice(0, steps.length - members.length)) {
      this.#clear.add(step);
    }
    return this.#circles.get(key);
  }

  /** Of several issues with the id that is named, the first is the parent. */
  #above(key: IssueKey): IssueKey | undefined {
    const [parent, ...others] = this.#source.relations.parentsOf(key);
    return others.length === 0 || parent === undefined ? parent : this.#first([parent, ...others]);
  }

  #first(keys: readonly IssueKey[]): IssueKey | undefined {
    return keys.flatMap((key) => this.#source.get(key) ?? []).sort(compareIssues)[0]?.key;
  }
}
