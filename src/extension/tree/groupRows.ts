import type { IssueChange } from '../../core/catalogue/issueCatalogue.ts';
import { type IssueRange, IssueRanges } from '../../core/catalogue/issueRanges.ts';
import { type IssueSummary, isCompleted } from '../../core/issue/issue.ts';
import type { WorkspaceStore } from '../stores/workspaceStores.ts';
import type { GroupNode, IssueGroupName, RangeNode } from './issueNodes.ts';

/** So many rows are drawn one by one; of more, what they are in is drawn instead. */
const MOST_SINGLE_ROWS = 50;

/** What to draw anew after a change, in one group. */
export interface Redraw {
  /** The whole group: it has another count, or rows have come or gone in it. */
  readonly isWhole: boolean;
  /** Ranges with what is in them. */
  readonly ranges: readonly RangeNode[];
  /** The issues whose rows alone look different. */
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
