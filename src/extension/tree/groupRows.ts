import type { IssueSummary } from '../../core/issue/issue.ts';
import type { IssueChange } from '../../core/store/issueCatalogue.ts';
import { type IssueRange, IssueRanges } from '../../core/store/issueRanges.ts';
import type { WorkspaceStore } from '../stores/workspaceStores.ts';
import type { GroupNode, IssueGroupName, RangeNode } from './issueNodes.ts';

/** So many rows are drawn one by one; of more, what they are in is drawn instead. */
const MOST_SINGLE_ROWS = 50;

/** What to draw anew after a change, in one group. */
export interface Redraw {
  /** The whole group: rows have come or gone right below it. */
  readonly group: boolean;
  /** Ranges with what is in them. */
  readonly ranges: readonly RangeNode[];
  /** The issues whose rows alone look different. */
  readonly issues: readonly IssueSummary[];
  /** The group has another count, and nothing but that: it can wait, because VS Code draws all that is below it as well. */
  readonly count: boolean;
}

/** The rows below one group: its issues, or ranges of them where there are more than a person or VS Code can take at once. */
export class GroupRows {
  readonly #source: WorkspaceStore;
  readonly #group: IssueGroupName;
  readonly #issues: () => readonly IssueSummary[];
  readonly #nodes = new WeakMap<IssueRange, RangeNode>();
  #ranges: IssueRanges;

  /** @param issues what the group shows, as it is now; {@link follow} must hear of its changes. */
  constructor({ source, group }: Pick<GroupNode, 'source'> & { readonly group: IssueGroupName }, issues: () => readonly IssueSummary[]) {
    this.#source = source;
    this.#group = group;
    this.#issues = issues;
    this.#ranges = new IssueRanges(issues);
  }

  get count(): number {
    return this.#issues().length;
  }

  /** Empty where the issues stand right below the group. */
  get ranges(): readonly RangeNode[] {
    return this.#isDivided ? this.#ranges.all.map((range) => this.#nodeOf(range)) : [];
  }

  /** What stands right below the group where it has no ranges. */
  get issues(): readonly IssueSummary[] {
    return this.#issues();
  }

  issuesOf({ range }: RangeNode): readonly IssueSummary[] {
    return this.#ranges.issues(range);
  }

  endsOf({ range }: RangeNode) {
    return this.#ranges.ends(range);
  }

  /** True for the range with the newest issues. */
  isLast({ range }: RangeNode): boolean {
    return this.#ranges.all.at(-1) === range;
  }

  /** The range that an issue's row is in; undefined if it stands right below the group. */
  rangeOf(issue: IssueSummary): RangeNode | undefined {
    return this.#isDivided ? this.#nodeOf(this.#ranges.of(issue)) : undefined;
  }

  /** Divides the list anew, because it is another one. */
  reset(): void {
    this.#ranges = new IssueRanges(this.#issues);
  }

  follow(change: IssueChange): Redraw {
    const isOurs = ({ completed }: IssueSummary) => completed === (this.#group === 'completed');
    const moved = [...change.added, ...change.removed].filter(isOurs);
    const changed = change.changed.filter(isOurs);
    const { changed: ranges, isNewDivision } = this.#ranges.update(moved);
    if (isNewDivision || (!this.#isDivided && (moved.length > 0 || changed.length > MOST_SINGLE_ROWS))) {
      return { group: true, ranges: [], issues: [], count: false };
    }
    const redrawn = new Set(ranges);
    if (changed.length > MOST_SINGLE_ROWS) {
      for (const issue of changed) {
        redrawn.add(this.#ranges.of(issue));
      }
    }
    return {
      group: false,
      ranges: [...redrawn].map((range) => this.#nodeOf(range)),
      issues: changed.filter((issue) => !redrawn.has(this.#ranges.of(issue))),
      count: moved.length > 0,
    };
  }

  get #isDivided(): boolean {
    return this.#ranges.all.length > 1;
  }

  #nodeOf(range: IssueRange): RangeNode {
    const known = this.#nodes.get(range);
    const node: RangeNode = known ?? { kind: 'range', source: this.#source, group: this.#group, range };
    this.#nodes.set(range, node);
    return node;
  }
}
