import { type CancellationToken, EventEmitter, type TreeDataProvider, type TreeItem, TreeItemCollapsibleState } from 'vscode';
import {
  type Clock,
  compareIssues,
  type Disposable,
  IssueError,
  type IssueSummary,
  isCompleted,
  type Logger,
  placeIn,
  type Schedule,
  systemClock,
  systemSchedule,
} from '../../core/index.ts';
import type { TreeState } from '../contextKeys.ts';
import { DisposableList } from '../disposableList.ts';
import { RedrawQueue } from '../redrawQueue.ts';
import type { StoreChange, WorkspaceStore, WorkspaceStores } from '../stores/workspaceStores.ts';
import type { IssueFilter } from './issueFilter.ts';
import type { GroupName, GroupNode, IssueNode, IssueTreeNode } from './issueNodes.ts';
import { groupItem, isGroupShown, issueTooltip, issueTreeItem } from './issueTreeItem.ts';
import { rangeItem } from './rangeItem.ts';
import { groupOf, ISSUE_GROUPS, StoreNodes } from './storeNodes.ts';

const GROUPS: readonly GroupName[] = ['active', 'completed', 'otherFolders'];
/** More than the 200 ms within which VS Code puts a redraw off when there is another, again and again. */
const SPACING_MS = 250;

/** The stores, as far as the tree shows them. */
export type ShownStores = Pick<
  WorkspaceStores,
  'all' | 'isLooking' | 'onDidChange' | 'onDidChangeState' | 'onDidChangeStores' | 'whenShown'
>;

export interface IssueTreeProviderDeps {
  readonly stores: ShownStores;
  readonly filter: IssueFilter;
  readonly logger: Logger;
  readonly schedule?: Schedule;
  readonly clock?: Pick<Clock, 'now'>;
}

/** The issues of all stores as a tree. It reads the catalogue, never the disk, and refreshes only the rows that changed. */
export class IssueTreeProvider implements TreeDataProvider<IssueTreeNode>, Disposable {
  readonly #stores: ShownStores;
  readonly #filter: IssueFilter;
  readonly #logger: Logger;
  readonly #lifetime: DisposableList;
  readonly #didChange = new EventEmitter<IssueTreeNode | IssueTreeNode[] | undefined>();
  readonly #nodes = new Map<WorkspaceStore, StoreNodes>();
  /** How rows that can be unfolded were drawn first, or have been folded since, with the id that VS Code knows them by. */
  #folds = new WeakMap<IssueTreeNode, { readonly id: string | undefined; readonly state: TreeItemCollapsibleState }>();
  /** What to redraw; undefined means everything. */
  readonly #queue: RedrawQueue<IssueTreeNode | undefined>;
  /** The outline of what was drawn last. */
  #drawn: string;
  readonly onDidChangeTreeData = this.#didChange.event;

  constructor({ stores, filter, logger, schedule = systemSchedule, clock = systemClock }: IssueTreeProviderDeps) {
    this.#stores = stores;
    this.#filter = filter;
    this.#logger = logger;
    this.#drawn = this.#outline();
    this.#lifetime = new DisposableList((error) => logger.error(String(error)));
    this.#lifetime.add(this.#didChange);
    const redraw = (nodes: readonly (IssueTreeNode | undefined)[]) => this.#redraw(nodes);
    this.#queue = this.#lifetime.add(new RedrawQueue({ spacingMs: SPACING_MS, schedule, clock, redraw }));
    this.#lifetime.add(stores.onDidChange((change) => this.#follow(change)));
    this.#lifetime.add(stores.onDidChangeState(() => this.#refreshOnNewOutline()));
    this.#lifetime.add(stores.onDidChangeStores(() => this.#followStores()));
    this.#lifetime.add(filter.onDidChange(() => this.#showOtherIssues()));
  }

  /** What there is to show. */
  get state(): TreeState {
    const stores = this.#stores.all;
    if (stores.length === 0) {
      return 'noFolder';
    }
    const states = stores.map(({ store }) => store.state);
    if (states.includes('ready')) {
      return stores.some(({ store }) => store.catalogue.size + store.catalogue.otherFolders.length > 0) ? 'ready' : 'empty';
    }
    if (states.includes('loading') || this.#stores.isLooking) {
      return 'loading';
    }
    const failure = stores.find(({ store }) => store.state === 'unreadable')?.store.failure;
    if (failure === undefined) {
      return 'missing';
    }
    return failure.kind === 'other' ? 'unreadable' : failure.kind;
  }

  /** Redraws everything at once. */
  refresh(): void {
    this.#queue.add([undefined]);
    this.#queue.flush();
  }

  /** Redraws pending rows at once, because a person is waiting for them. */
  flush(): void {
    this.#queue.flush();
  }

  /** To be told of each row that is folded or unfolded. */
  noteFold(node: IssueTreeNode, state: TreeItemCollapsibleState.Collapsed | TreeItemCollapsibleState.Expanded): void {
    this.#folds.set(node, { id: this.#itemOf(node).id, state });
  }

  async getChildren(parent?: IssueTreeNode): Promise<IssueTreeNode[]> {
    if (parent === undefined) {
      // While this waits the view shows its progress bar.
      await this.#stores.whenShown();
      await this.#filter.whenShown;
      return this.state === 'ready' ? this.#roots() : [];
    }
    const { source } = parent;
    switch (parent.kind) {
      case 'folder':
        return this.#groupsOf(source);
      case 'group':
        return this.#childrenOf(parent);
      case 'range':
        return this.#nodesOf(source)
          .rows[parent.group].issuesOf(parent)
          .map((summary) => this.nodeOf(source, summary));
      default:
        return [];
    }
  }

  getParent(node: IssueTreeNode): IssueTreeNode | undefined {
    const { folder, groups, rows } = this.#nodesOf(node.source);
    switch (node.kind) {
      case 'folder':
        return undefined;
      case 'group':
        return this.#hasSeveral() ? folder : undefined;
      case 'range':
        return groups[node.group];
      case 'issue': {
        const group = groupOf(node.summary);
        return rows[group].rangeOf(node.summary) ?? groups[group];
      }
      case 'otherFolder':
        return groups.otherFolders;
    }
  }

  getTreeItem(node: IssueTreeNode): TreeItem {
    const item = this.#itemOf(node);
    const { id, collapsibleState: state } = item;
    if (state) {
      this.#folds.set(node, { id, state });
    } else {
      this.#folds.delete(node);
    }
    return item;
  }

  /** Reads the issue's beginning when its row is hovered: from the cache, where it is there. */
  async resolveTreeItem(item: TreeItem, node: IssueTreeNode, token: CancellationToken): Promise<TreeItem> {
    if (node.kind !== 'issue') {
      return item;
    }
    const { source, summary } = node;
    const issues = source.store.for('tooltip');
    const issue = summary.problem === undefined ? await issues.getIssue(summary).catch((error) => this.#unread(error)) : undefined;
    if (!token.isCancellationRequested) {
      item.tooltip = issueTooltip(node, issue);
    }
    return item;
  }

  /** True if the issue has a row, in sight or not. */
  isShown(source: WorkspaceStore, { key }: IssueSummary): boolean {
    const current = source.store.catalogue.get(key)?.summary;
    if (current === undefined || !isGroupShown(this.#nodesOf(source).groups[groupOf(current)])) {
      return false;
    }
    const shown = this.#filter.issues(source, isCompleted(current));
    return shown[placeIn(shown, current)]?.key === key;
  }

  /** Rows of issues from top to bottom. */
  inTreeOrder(nodes: readonly IssueNode[]): IssueNode[] {
    const place = ({ source, summary }: IssueNode) => 2 * this.#stores.all.indexOf(source) + Number(isCompleted(summary));
    return nodes.toSorted((a, b) => place(a) - place(b) || compareIssues(a.summary, b.summary));
  }

  /**
   * What is there where a row was that is gone, what is closest to it first: the same issue under another name, the next row of its group or
   * range, the one before, what they are in, and other rows of the store.
   */
  rowsInPlaceOf({ source, summary }: IssueNode): IssueTreeNode[] {
    if (!this.#stores.all.includes(source)) {
      return [];
    }
    const { groups, rows } = this.#nodesOf(source);
    const group = groupOf(summary);
    const shownGroups = this.#groupsOf(source);
    if (!shownGroups.includes(groups[group])) {
      return shownGroups;
    }
    const range = rows[group].rangeOf(summary);
    const issues = range === undefined ? rows[group].issues : rows[group].issuesOf(range);
    const place = placeIn(issues, summary);
    const renamed = issues.filter(
      ({ number, version }) => number !== undefined && number === summary.number && version === summary.version,
    );
    const neighbours = [...renamed, issues[place], issues[place - 1]].filter((issue) => issue !== undefined);
    return [...neighbours.map((issue) => this.nodeOf(source, issue)), ...(range ? [range] : []), groups[group], ...shownGroups];
  }

  /** The row of an issue, to reveal it. */
  nodeOf(source: WorkspaceStore, summary: IssueSummary): IssueNode {
    return this.#nodesOf(source).issue(summary);
  }

  dispose(): void {
    this.#lifetime.dispose();
  }

  #itemOf(node: IssueTreeNode): TreeItem {
    const item = this.#newItem(node);
    const fold = this.#folds.get(node);
    if (fold !== undefined && fold.id === item.id) {
      // A recreated view expands what was expanded; a view that knows the row leaves it as it is.
      item.collapsibleState = fold.state;
    }
    return item;
  }

  #newItem(node: IssueTreeNode): TreeItem {
    const isFiltered = this.#filter.text !== '';
    switch (node.kind) {
      case 'group':
        return groupItem(node, { count: this.#countOf(node), isFiltered });
      case 'range': {
        const rows = this.#nodesOf(node.source).rows[node.group];
        // Of many active issues the newest are what people look for.
        const isExpanded = node.group === 'active' && rows.isLast(node);
        return rangeItem(node, { ...rows.endsOf(node), isExpanded, isFiltered });
      }
      default:
        return issueTreeItem(node);
    }
  }

  #unread(error: unknown): undefined {
    // Gone or damaged since the row was drawn: the tooltip shows the facts, and the next change event mends the row.
    if (!(error instanceof IssueError)) {
      this.#logger.error(error instanceof Error ? error : String(error));
    }
  }

  #roots(): IssueTreeNode[] {
    if (this.#hasSeveral()) {
      const ready = this.#stores.all.filter(({ store }) => store.state === 'ready');
      return ready
        .filter((source) => this.#filter.text === '' || this.#groupsOf(source).length > 0)
        .map((source) => this.#nodesOf(source).folder);
    }
    return this.#stores.all.flatMap((source) => this.#groupsOf(source));
  }

  #hasSeveral(): boolean {
    return this.#stores.all.length > 1;
  }

  /** The visible groups; while a filter is on, those with matches. */
  #groupsOf(source: WorkspaceStore): GroupNode[] {
    const { groups } = this.#nodesOf(source);
    const isFiltered = this.#filter.text !== '';
    const isFound = (node: GroupNode) => node.group !== 'otherFolders' && this.#countOf(node) > 0;
    return GROUPS.map((name) => groups[name]).filter((node) => isGroupShown(node) && (!isFiltered || isFound(node)));
  }

  #countOf({ source, group }: GroupNode): number {
    return group === 'otherFolders' ? source.store.catalogue.otherFolders.length : this.#nodesOf(source).rows[group].count;
  }

  #childrenOf({ source, group }: GroupNode): IssueTreeNode[] {
    if (group === 'otherFolders') {
      return source.store.catalogue.otherFolders.map((path) => ({ kind: 'otherFolder', source, path }));
    }
    const { ranges, issues } = this.#nodesOf(source).rows[group];
    return ranges.length > 0 ? [...ranges] : issues.map((summary) => this.nodeOf(source, summary));
  }

  #follow({ source, change }: StoreChange): void {
    const nodes = this.#nodesOf(source);
    nodes.follow(change);
    const shown = this.#filter.follow(source, change);
    const redraws = shown && (nodes.redraws(change, shown) ?? [undefined]);
    if (!this.#refreshOnNewOutline() && redraws !== undefined) {
      this.#queue.add(redraws);
    }
  }

  /** @returns how many rows VS Code makes of that. */
  #redraw(nodes: readonly (IssueTreeNode | undefined)[]): number {
    const drawn = new Set(nodes);
    if (drawn.has(undefined)) {
      this.#drawn = this.#outline();
      for (const source of this.#stores.all) {
        const shown = this.#groupsOf(source);
        for (const group of Object.values(this.#nodesOf(source).groups).filter((each) => !shown.includes(each))) {
          // VS Code forgets it, too.
          this.#folds.delete(group);
        }
      }
      const rows = this.state === 'ready' ? sumOf(this.#roots(), (node) => this.#rowsOf(node)) : 0;
      this.#didChange.fire(undefined);
      return rows;
    }
    const isDrawn = (node: IssueTreeNode | undefined): boolean => node !== undefined && (drawn.has(node) || isDrawn(this.getParent(node)));
    // What is in another one is drawn with it.
    const outermost = nodes.filter((node) => node !== undefined).filter((node) => !isDrawn(this.getParent(node)));
    const rows = sumOf(outermost, (node) => this.#rowsOf(node));
    this.#didChange.fire(outermost);
    return rows;
  }

  /** How many rows are in sight of a node, or would be if one scrolled: its own, and those in what is unfolded. */
  #rowsOf(node: IssueTreeNode): number {
    if (node.kind === 'issue' || node.kind === 'otherFolder' || this.#itemOf(node).collapsibleState !== TreeItemCollapsibleState.Expanded) {
      return 1;
    }
    switch (node.kind) {
      case 'folder':
        return 1 + sumOf(this.#groupsOf(node.source), (group) => this.#rowsOf(group));
      case 'range':
        return 1 + this.#nodesOf(node.source).rows[node.group].endsOf(node).count;
      case 'group': {
        const ranges = node.group === 'otherFolders' ? [] : this.#nodesOf(node.source).rows[node.group].ranges;
        return 1 + (ranges.length > 0 ? sumOf(ranges, (range) => this.#rowsOf(range)) : this.#countOf(node));
      }
    }
  }

  #followStores(): void {
    for (const source of this.#nodes.keys()) {
      if (!this.#stores.all.includes(source)) {
        this.#nodes.delete(source);
      }
    }
    this.#refreshOnNewOutline();
  }

  #showOtherIssues(): void {
    for (const { rows } of this.#nodes.values()) {
      for (const group of ISSUE_GROUPS) {
        rows[group].reset();
      }
    }
    // VS Code recreates all groups, because they are drawn first.
    this.#folds = new WeakMap();
    this.refresh();
  }

  /**
   * Draws everything anew if it is to be laid out in another way than before. Only then: VS Code gives up the rows that it is
   * still fetching when it is told to.
   *
   * @returns true if it did.
   */
  #refreshOnNewOutline(): boolean {
    const isNew = this.#outline() !== this.#drawn;
    if (isNew) {
      this.refresh();
    }
    return isNew;
  }

  /** The state and the folders with a row, as a value to compare. */
  #outline(): string {
    const ready = this.#stores.all.filter(({ store }) => store.state === 'ready').map(({ id }) => id);
    return [this.state, this.#hasSeveral(), ...ready].join('\n');
  }

  #nodesOf(source: WorkspaceStore): StoreNodes {
    let nodes = this.#nodes.get(source);
    if (nodes === undefined) {
      nodes = new StoreNodes(source, (group) => this.#filter.issues(source, group === 'completed'));
      this.#nodes.set(source, nodes);
    }
    return nodes;
  }
}

function sumOf<T>(values: readonly T[], count: (value: T) => number): number {
  return values.reduce((sum, value) => sum + count(value), 0);
}
