import { type CancellationToken, EventEmitter, type TreeDataProvider, type TreeItem, TreeItemCollapsibleState } from 'vscode';
import {
  assertDefined,
  type Clock,
  DEFAULT_ARRANGEMENT,
  type Disposable,
  hasRepeats,
  IssueError,
  type IssueGroups,
  type IssueSummary,
  type Logger,
  OPEN_AND_COMPLETED,
  type Schedule,
  systemClock,
  systemSchedule,
} from '../../core/index.ts';
import type { TreeState } from '../contextKeys.ts';
import { DisposableList } from '../disposableList.ts';
import { RedrawQueue } from '../redrawQueue.ts';
import type { StoreChange, WorkspaceStore, WorkspaceStores } from '../stores/workspaceStores.ts';
import { groupId, groupItem, MOST_ROWS_UNFOLDED } from './groupItem.ts';
import type { IssueFilter } from './issueFilter.ts';
import type { IssueNode, IssueTreeNode, TaskRowNode } from './issueNodes.ts';
import { folderItem, issueItem, otherFolderItem } from './issueTreeItem.ts';
import { rangeItem } from './rangeItem.ts';
import { hasTasks, TaskRows } from './taskRows.ts';
import { TreeShape } from './treeShape.ts';

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
  readonly #shape: TreeShape;
  readonly #tasks = new TaskRows((error) => this.#unread(error));
  /** Loaded before the first task has a row. */
  #taskItem: ((node: TaskRowNode) => TreeItem) | undefined;
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
    this.#shape = new TreeShape(stores, filter);
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

  /** Redraws pending rows at once, these among them, because a person is waiting for them. */
  flush(...nodes: readonly IssueTreeNode[]): void {
    this.#queue.add(nodes);
    this.#queue.flush();
  }

  /** To be told of each row that is folded or unfolded. */
  noteFold(node: IssueTreeNode, state: TreeItemCollapsibleState.Collapsed | TreeItemCollapsibleState.Expanded): void {
    this.#folds.set(node, { id: this.#itemOf(node).id, state });
  }

  async getChildren(parent?: IssueTreeNode): Promise<IssueTreeNode[]> {
    if (parent !== undefined) {
      return [...(await this.#tasksBelow(parent)), ...this.#shape.childrenOf(parent)];
    }
    // While this waits the view shows its progress bar.
    await this.#stores.whenShown();
    await this.#filter.whenShown;
    return this.state === 'ready' ? this.#shape.roots : [];
  }

  getParent(node: IssueTreeNode): IssueTreeNode | undefined {
    return this.#shape.parentOf(node);
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
    const { issueTooltip } = await import('./issueTooltip.ts');
    const issues = source.store.for('tooltip');
    const issue = summary.problem === undefined ? await issues.getIssue(summary).catch((error) => this.#unread(error)) : undefined;
    if (!token.isCancellationRequested) {
      item.tooltip = issueTooltip(node, issue);
    }
    return item;
  }

  /** See {@link TreeShape.isShown}. */
  isShown(source: WorkspaceStore, summary: IssueSummary): boolean {
    return this.#shape.isShown(source, summary);
  }

  /** See {@link TreeShape.hasRow}. */
  hasRow(node: IssueNode): boolean {
    return this.#shape.hasRow(node);
  }

  /** See {@link TreeShape.inTreeOrder}. */
  inTreeOrder(nodes: readonly IssueNode[]): IssueNode[] {
    return this.#shape.inTreeOrder(nodes);
  }

  /** See {@link TreeShape.rowsInPlaceOf}. */
  rowsInPlaceOf(node: IssueNode): IssueTreeNode[] {
    return this.#shape.rowsInPlaceOf(node);
  }

  /** The row of an issue, to reveal it. */
  nodeOf(source: WorkspaceStore, summary: IssueSummary): IssueNode {
    return this.#shape.nodesOf(source).issue(summary);
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
    const nodes = this.#shape.nodesOf(node.source);
    const { groups } = nodes;
    switch (node.kind) {
      case 'folder':
        return folderItem(node);
      case 'group':
        return groupItem(node, { count: this.#shape.countOf(node), isFiltered, groups });
      case 'range': {
        const rows = nodes.rows(node.group);
        const isExpanded = isUnfoldedRange(groups, node.group, rows.isFirst(node), rows.isLast(node));
        return rangeItem(node, { ...rows.endsOf(node), isExpanded, isFiltered, groupId: groupId(groups, node.group) });
      }
      case 'issue': {
        const { None, Collapsed } = TreeItemCollapsibleState;
        const collapsibleState = collapsibleStateOf(this.#shape.countOf(node), groups) || (hasTasks(node) ? Collapsed : None);
        return issueItem(node, { collapsibleState, progress: nodes.progressBelow(node), hasRepeats: hasRepeats(groups.arrangement) });
      }
      case 'task':
      case 'moreTasks':
        return assertDefined(this.#taskItem)(node);
      case 'otherFolder':
        return otherFolderItem(node);
    }
  }

  async #tasksBelow(parent: IssueTreeNode): Promise<TaskRowNode[]> {
    if (parent.kind !== 'task' && !(parent.kind === 'issue' && hasTasks(parent))) {
      return [];
    }
    this.#taskItem = (await import('./taskItem.ts')).taskItem;
    return this.#tasks.below(parent);
  }

  #unread(error: unknown): undefined {
    // Gone or damaged since the row was drawn: the tooltip shows the facts, and the next change event mends the row.
    if (!(error instanceof IssueError)) {
      this.#logger.error(error instanceof Error ? error : String(error));
    }
  }

  #follow({ source, change }: StoreChange): void {
    const nodes = this.#shape.nodesOf(source);
    const shown = this.#filter.follow(source, change);
    if (shown === undefined) {
      nodes.follow(change);
    }
    const redraws = shown && (nodes.redraws(change, shown) ?? [undefined]);
    if (!this.#refreshOnNewOutline() && redraws !== undefined) {
      // The only store has no row of its own.
      this.#queue.add(redraws.map((node) => (node?.kind === 'folder' && !this.#shape.hasSeveral ? undefined : node)));
    }
  }

  /** @returns how many rows VS Code makes of that. */
  #redraw(nodes: readonly (IssueTreeNode | undefined)[]): number {
    const drawn = new Set(nodes);
    if (drawn.has(undefined)) {
      this.#drawn = this.#outline();
      for (const source of this.#stores.all) {
        for (const group of this.#shape.nodesOf(source).takeHiddenGroups(this.#shape.groupsOf(source))) {
          // VS Code forgets it, too.
          this.#folds.delete(group);
        }
      }
      const rows = this.state === 'ready' ? sumOf(this.#shape.roots, (node) => this.#rowsOf(node)) : 0;
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
    if (node.kind === 'otherFolder' || this.#itemOf(node).collapsibleState !== TreeItemCollapsibleState.Expanded) {
      return 1;
    }
    const tasks = node.kind === 'issue' || node.kind === 'task' ? sumOf(this.#tasks.shownBelow(node), (each) => this.#rowsOf(each)) : 0;
    if (node.kind === 'task' || node.kind === 'moreTasks') {
      return 1 + tasks;
    }
    // An item of each row is made only where there can be rows below it.
    const isEven = node.kind !== 'folder' && !this.#shape.isNested && !this.#shape.isDivided(node);
    return 1 + tasks + (isEven ? this.#shape.countOf(node) : sumOf(this.#shape.childrenOf(node), (each) => this.#rowsOf(each)));
  }

  #followStores(): void {
    this.#shape.followStores();
    this.#refreshOnNewOutline();
  }

  #showOtherIssues(): void {
    this.#shape.reset();
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
    return [this.state, this.#shape.hasSeveral, ...ready].join('\n');
  }
}

function sumOf<T>(values: readonly T[], count: (value: T) => number): number {
  return values.reduce((sum, value) => sum + count(value), 0);
}

/** Of many open issues the newest are what people look for; in an order that somebody has chosen, the first. */
function isUnfoldedRange({ arrangement }: IssueGroups, group: string, isFirst: boolean, isLast: boolean): boolean {
  const isDefault = arrangement.groupBy === DEFAULT_ARRANGEMENT.groupBy && arrangement.sort === undefined;
  return isDefault ? group === OPEN_AND_COMPLETED[0] && isLast : isFirst;
}

/** What is below issues is in sight where it is not too much for a tree. */
function collapsibleStateOf(countBelow: number, groups: IssueGroups): TreeItemCollapsibleState {
  const { None, Collapsed, Expanded } = TreeItemCollapsibleState;
  return countBelow === 0 ? None : groups.count <= MOST_ROWS_UNFOLDED ? Expanded : Collapsed;
}
