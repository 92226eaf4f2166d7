import { type IssueChange, type IssueRange, IssueRanges, type IssueSummary, isCompleted } from '../../core/index.ts';
import type { WorkspaceStore } from '../stores/workspaceStores.ts';
import type { GroupNode, IssueGroupName, RangeNode } from './issueNodes.ts';

/** Up to this many changed rows are redrawn one by one. Above it, the group or range around them is redrawn. */
const MOST_SINGLE_ROWS = 50;

/** What to redraw in one group after a change. */
export interface Redraw {
  /** True if the whole group is redrawn, because its count changed or rows were added or removed. */
  readonly isWhole: boolean;
  /** Ranges to redraw together with their rows. */
  readonly ranges: readonly RangeNode[];
  /** Issues of which only the row itself changed. */
  readonly issues: readonly IssueSummary[];
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

  /** Empty if the issues are direct children of the group. */
  get ranges(): readonly RangeNode[] {
    return this.#isDivided ? this.#ranges.all.map((range) => this.#nodeOf(range)) : [];
  }

  /** The direct children of the group if it has no ranges. */
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

  /** The range that an issue's row is in; undefined if it is a direct child of the group. */
  rangeOf(issue: IssueSummary): RangeNode | undefined {
    return this.#isDivided ? this.#nodeOf(this.#ranges.of(issue)) : undefined;
  }

  /** Divides the list again after it was replaced. */
  reset(): void {
    this.#ranges = new IssueRanges(this.#issues);
  }

  follow(change: IssueChange): Redraw {
    const isOurs = (issue: IssueSummary) => isCompleted(issue) === (this.#group === 'completed');
    const moved = [...change.added, ...change.removed].filter(isOurs);
    const changed = change.changed.filter(isOurs);
    this.#ranges.update(moved);
    if (moved.length > 0 || (!this.#isDivided && changed.length > MOST_SINGLE_ROWS)) {
      return { isWhole: true, ranges: [], issues: [] };
    }
    const ranges = changed.length > MOST_SINGLE_ROWS ? new Set(changed.map((issue) => this.#ranges.of(issue))) : undefined;
    return {
      isWhole: false,
      ranges: [...(ranges ?? [])].map((range) => this.#nodeOf(range)),
      issues: ranges === undefined ? changed : [],
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
