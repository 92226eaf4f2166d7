import {
  type GroupChange,
  growsAtStart,
  type IssueGroups,
  type IssueKey,
  type IssueList,
  type IssueRange,
  IssueRanges,
  type IssueSummary,
  isCompleted,
  placeIn,
} from '../../core/index.ts';
import type { WorkspaceStore } from '../stores/workspaceStores.ts';
import type { GroupNode, IssueNode, RangeNode } from './issueNodes.ts';

/** Up to this many changed rows are redrawn one by one. Above it, the group or range around them is redrawn. */
const MOST_SINGLE_ROWS = 50;

/** What to redraw in one group after a change. */
export interface Redraw {
  /** True if the whole group is redrawn, because its count changed or rows were added or removed. */
  readonly isWhole: boolean;
  /** True if another number of its issues is completed. */
  readonly isProgress: boolean;
  /** Ranges and issues of which only the rows themselves are redrawn, the ranges with what is in them. */
  readonly rows: readonly (RangeNode | IssueNode)[];
}

/** The rows of one group: its issues, or ranges of them where there are more than a person or VS Code can take at once. */
export class GroupRows {
  readonly #source: WorkspaceStore;
  readonly #group: string;
  readonly #groups: () => IssueGroups;
  readonly #rangeNodes = new WeakMap<IssueRange, RangeNode>();
  /** A row keeps its node for as long as it exists, because VS Code identifies rows by their nodes. */
  readonly #issueNodes = new Map<IssueKey, IssueNode>();
  #ranges: IssueRanges;

  /** @param groups what the store shows, as it is now; {@link follow} must hear of changes of this group. */
  constructor({ source, group }: Pick<GroupNode, 'source' | 'group'>, groups: () => IssueGroups) {
    this.#source = source;
    this.#group = group;
    this.#groups = groups;
    this.#ranges = this.#newRanges();
  }

  get count(): number {
    return this.#issues.length;
  }

  /** The rows right below that of the group. */
  get rows(): readonly (RangeNode | IssueNode)[] {
    return this.#isDivided ? this.ranges : this.#issues.slice(0, this.count).map((summary) => this.issue(summary));
  }

  /** Empty if the issues are direct children of the group. */
  get ranges(): readonly RangeNode[] {
    return this.#isDivided ? this.#ranges.all.map((range) => this.#nodeOf(range)) : [];
  }

  rowsOf({ range }: RangeNode): IssueNode[] {
    return this.#ranges.issues(range).map((summary) => this.issue(summary));
  }

  endsOf({ range }: RangeNode) {
    return this.#ranges.ends(range);
  }

  isFirst({ range }: RangeNode): boolean {
    return this.#ranges.all[0] === range;
  }

  isLast({ range }: RangeNode): boolean {
    return this.#ranges.all.at(-1) === range;
  }

  /** The range that an issue's row is in; undefined if it is a direct child of the group. */
  rangeOf(issue: IssueSummary): RangeNode | undefined {
    return this.#isDivided ? this.#nodeOf(this.#ranges.of(issue)) : undefined;
  }

  /** The rows after and before the place of an issue that is gone, and in front of them its own where it has another name now. */
  besides(issue: IssueSummary): IssueNode[] {
    const range = this.#isDivided ? this.#ranges.of(issue) : undefined;
    const issues = range === undefined ? this.#issues : this.#ranges.issues(range);
    const place = placeIn(issues, issue, (a, b) => this.#groups().compare(a, b));
    const renamed = issues
      .slice(0, issues.length)
      .filter(({ number, version }) => number !== undefined && number === issue.number && version === issue.version);
    return [...renamed, issues.at(place), ...(place > 0 ? [issues.at(place - 1)] : [])].flatMap((each) => (each ? this.issue(each) : []));
  }

  issue(summary: IssueSummary): IssueNode {
    const known = this.#issueNodes.get(summary.key);
    if (known !== undefined) {
      known.summary = summary;
      return known;
    }
    const node: IssueNode = { kind: 'issue', source: this.#source, group: this.#group, summary };
    this.#issueNodes.set(summary.key, node);
    return node;
  }

  /** The row of an issue, if VS Code has asked for it. */
  drawn(key: IssueKey): IssueNode | undefined {
    return this.#issueNodes.get(key);
  }

  /** To be called when an issue is not there any more. */
  forget(key: IssueKey): void {
    this.#issueNodes.delete(key);
  }

  /** Divides the list again after it was replaced. */
  reset(): void {
    this.#ranges = this.#newRanges();
  }

  follow({ added, changed, removed }: GroupChange): Redraw {
    const moved = [...added, ...removed];
    this.#ranges.update(moved);
    const stays = new Set(added.map(({ key }) => key));
    for (const { key } of removed) {
      if (!stays.has(key)) {
        this.forget(key);
      }
    }
    const isProgress = changed.some((issue) => this.#isOtherProgress(issue));
    for (const summary of [...added, ...changed]) {
      const node = this.drawn(summary.key);
      if (node !== undefined) {
        node.summary = summary;
      }
    }
    const isMany = changed.length > MOST_SINGLE_ROWS;
    if (moved.length > 0 || (!this.#isDivided && isMany)) {
      return { isWhole: true, isProgress: true, rows: [] };
    }
    const ranges = new Set(isMany ? changed.map((issue) => this.#ranges.of(issue)) : []);
    const rows = isMany ? [...ranges].map((range) => this.#nodeOf(range)) : changed.map((summary) => this.issue(summary));
    return { isWhole: false, isProgress, rows };
  }

  /** What was never drawn may have been completed before. */
  #isOtherProgress(issue: IssueSummary): boolean {
    const before = this.drawn(issue.key)?.summary;
    return before === undefined || isCompleted(before) !== isCompleted(issue);
  }

  get #issues(): IssueList {
    return this.#groups().issuesOf(this.#group);
  }

  get #isDivided(): boolean {
    return this.#ranges.all.length > 1;
  }

  #newRanges(): IssueRanges {
    return new IssueRanges(() => this.#issues, {
      compare: (a, b) => this.#groups().compare(a, b),
      growsAtStart: growsAtStart(this.#groups().arrangement, this.#group),
    });
  }

  #nodeOf(range: IssueRange): RangeNode {
    const known = this.#rangeNodes.get(range);
    const node: RangeNode = known ?? { kind: 'range', source: this.#source, group: this.#group, range };
    this.#rangeNodes.set(range, node);
    return node;
  }
}
