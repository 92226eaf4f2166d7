import { type CancellationToken, EventEmitter, type TreeDataProvider, type TreeItem } from 'vscode';
import { type Schedule, systemSchedule } from '../../core/clock.ts';
import type { Disposable } from '../../core/events.ts';
import { compareIssues, type IssueSummary } from '../../core/issue/issue.ts';
import { IssueError } from '../../core/issue/issueErrors.ts';
import type { Logger } from '../../core/logger.ts';
import { fitOf, searchWords } from '../../core/search/issueWords.ts';
import { placeIn } from '../../core/store/sortedIssues.ts';
import { concernedBy } from '../../core/store/storeFindings.ts';
import type { TreeState } from '../contextKeys.ts';
import { DisposableList } from '../disposableList.ts';
import type { StoreChange, WorkspaceStore, WorkspaceStores } from '../stores/workspaceStores.ts';
import { GroupRows } from './groupRows.ts';
import type { IssueFilter } from './issueFilter.ts';
import type { FolderNode, GroupName, GroupNode, IssueGroupName, IssueNode, IssueTreeNode } from './issueNodes.ts';
import { groupItem, isGroupShown, issueTooltip, issueTreeItem } from './issueTreeItem.ts';
import { rangeItem } from './rangeItem.ts';
import { RedrawQueue } from './redrawQueue.ts';

const GROUPS: readonly GroupName[] = ['active', 'completed', 'otherFolders'];
const ISSUE_GROUPS: readonly IssueGroupName[] = ['active', 'completed'];
/** More than the 200 ms within which VS Code puts a redraw off when there is another, again and again. */
const ROW_SPACING_MS = 250;
/** The count of a group costs the rows of all ranges that are unfolded in it. */
const COUNT_SPACING_MS = 1000;

/** Nodes of one store. A row keeps its node for as long as it exists, which is how VS Code knows it again. */
interface StoreNodes {
  readonly folder: FolderNode;
  readonly groups: Readonly<Record<GroupName, GroupNode>>;
  readonly rows: Readonly<Record<IssueGroupName, GroupRows>>;
  readonly issues: Map<string, IssueNode>;
}

export interface IssueTreeProviderDeps {
  readonly stores: WorkspaceStores;
  readonly filter: IssueFilter;
  readonly logger: Logger;
  readonly schedule?: Schedule;
}

/** The issues of all stores as a tree. It reads the catalogue, never the disk, and refreshes only the rows that changed. */
export class IssueTreeProvider implements TreeDataProvider<IssueTreeNode>, Disposable {
  readonly #stores: WorkspaceStores;
  readonly #filter: IssueFilter;
  readonly #logger: Logger;
  readonly #lifetime: DisposableList;
  readonly #didChange = new EventEmitter<IssueTreeNode | IssueTreeNode[] | undefined>();
  readonly #nodes = new Map<WorkspaceStore, StoreNodes>();
  readonly #rowQueue: RedrawQueue<IssueTreeNode>;
  readonly #countQueue: RedrawQueue<IssueTreeNode>;
  /** The outline of what was drawn last. */
  #drawn: string;
  readonly onDidChangeTreeData = this.#didChange.event;

  constructor({ stores, filter, logger, schedule = systemSchedule }: IssueTreeProviderDeps) {
    this.#stores = stores;
    this.#filter = filter;
    this.#logger = logger;
    this.#drawn = this.#outline();
    this.#lifetime = new DisposableList((error) => logger.error(String(error)));
    this.#lifetime.add(this.#didChange);
    const queue = (spacingMs: number) =>
      this.#lifetime.add(new RedrawQueue<IssueTreeNode>({ spacingMs, schedule, redraw: (nodes) => this.#didChange.fire([...nodes]) }));
    this.#rowQueue = queue(ROW_SPACING_MS);
    this.#countQueue = queue(COUNT_SPACING_MS);
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
    if (states.includes('loading')) {
      return 'loading';
    }
    const failure = stores.find(({ store }) => store.state === 'unreadable')?.store.failure;
    if (failure === undefined) {
      return 'missing';
    }
    return failure.kind === 'other' ? 'unreadable' : failure.kind;
  }

  /** Draws everything anew. */
  refresh(): void {
    this.#drawn = this.#outline();
    this.#rowQueue.clear();
    this.#countQueue.clear();
    this.#didChange.fire(undefined);
  }

  async getChildren(parent?: IssueTreeNode): Promise<IssueTreeNode[]> {
    if (parent === undefined) {
      // While this waits the view shows its progress bar.
      await this.#stores.whenShown();
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
          .map((summary) => this.#issueNode(source, summary));
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
        return this.#isMultiRoot() ? folder : undefined;
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

  /** Reads the issue's beginning when its row is hovered: from the cache, where it is there. */
  async resolveTreeItem(item: TreeItem, node: IssueTreeNode, token: CancellationToken): Promise<TreeItem> {
    if (node.kind !== 'issue') {
      return item;
    }
    const { source, summary } = node;
    const issue = summary.problem === undefined ? await source.store.getIssue(summary).catch((error) => this.#unread(error)) : undefined;
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
    return this.#filter.text === '' || fitOf(current, searchWords(this.#filter.text)) !== undefined;
  }

  /** Rows of issues from top to bottom. */
  inTreeOrder(nodes: readonly IssueNode[]): IssueNode[] {
    const place = ({ source, summary }: IssueNode) => 2 * this.#stores.all.indexOf(source) + Number(summary.completed);
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
    return [...neighbours.map((issue) => this.#issueNode(source, issue)), ...(range ? [range] : []), groups[group], ...shownGroups];
  }

  /** The row of an issue, to reveal it. */
  nodeOf(source: WorkspaceStore, summary: IssueSummary): IssueNode {
    return this.#issueNode(source, summary);
  }

  dispose(): void {
    this.#lifetime.dispose();
  }

  #unread(error: unknown): undefined {
    // Gone or damaged since the row was drawn: the tooltip shows the facts, and the next change event mends the row.
    if (!(error instanceof IssueError)) {
      this.#logger.error(error instanceof Error ? error : String(error));
    }
  }

  #roots(): IssueTreeNode[] {
    if (this.#isMultiRoot()) {
      const ready = this.#stores.all.filter(({ store }) => store.state === 'ready');
      return ready
        .filter((source) => this.#filter.text === '' || this.#groupsOf(source).length > 0)
        .map((source) => this.#nodesOf(source).folder);
    }
    return this.#stores.all.flatMap((source) => this.#groupsOf(source));
  }

  #isMultiRoot(): boolean {
    return this.#stores.all.length > 1;
  }

  /** The groups that are to be seen; while a filter is on, those in which it has found something. */
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
    return ranges.length > 0 ? [...ranges] : issues.map((summary) => this.#issueNode(source, summary));
  }

  #follow({ source, change }: StoreChange): void {
    const { issues } = this.#nodesOf(source);
    for (const { key } of change.removed) {
      issues.delete(key);
    }
    // A node takes its new summary in any case; its row is drawn anew unless what it is in is.
    for (const summary of change.changed) {
      const node = issues.get(summary.key);
      if (node !== undefined) {
        node.summary = summary;
      }
    }
    const shown = this.#filter.follow(source, change);
    const redraws = shown && ISSUE_GROUPS.map((group) => this.#redrawOf(source, group, shown));
    if (this.#refreshOnNewOutline() || redraws === undefined) {
      return;
    }
    // A group that was empty has no row that could open; its row is made anew with its parent.
    if (change.otherFolders || redraws.some(({ isFirst }) => isFirst)) {
      this.refresh();
      return;
    }
    // An issue that came or went can have had the number or the name of others.
    const others = concernedBy(source.store.catalogue, change);
    for (const { key } of [...change.added, ...change.changed]) {
      others.delete(key);
    }
    const nodes = redraws.flatMap((redraw) => redraw.nodes);
    const concerned = [...others.keys()].flatMap((key) => issues.get(key) ?? []);
    this.#rowQueue.add([...nodes, ...concerned.filter((node) => !nodes.some((drawn) => drawn === this.getParent(node)))]);
    this.#countQueue.add(redraws.flatMap(({ counted }) => counted));
  }

  #redrawOf(source: WorkspaceStore, group: IssueGroupName, change: StoreChange['change']) {
    const { groups, rows } = this.#nodesOf(source);
    const redraw = rows[group].follow(change);
    const around: readonly IssueTreeNode[] = redraw.group ? [groups[group]] : redraw.ranges;
    const nodes = [...around, ...redraw.issues.map((summary) => this.#issueNode(source, summary))];
    return { nodes, counted: redraw.count ? [groups[group]] : [], isFirst: becameEmptyOrNot(group, rows[group].count, change) };
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
    return [this.state, this.#isMultiRoot(), ...ready].join('\n');
  }

  #issueNode(source: WorkspaceStore, summary: IssueSummary): IssueNode {
    const { issues } = this.#nodesOf(source);
    const known = issues.get(summary.key);
    if (known !== undefined) {
      known.summary = summary;
      return known;
    }
    const node: IssueNode = { kind: 'issue', source, summary };
    issues.set(summary.key, node);
    return node;
  }

  #nodesOf(source: WorkspaceStore): StoreNodes {
    let nodes = this.#nodes.get(source);
    if (nodes === undefined) {
      const group = (name: GroupName): GroupNode => ({ kind: 'group', source, group: name });
      const rows = (name: IssueGroupName) =>
        new GroupRows({ source, group: name }, () => this.#filter.issues(source, name === 'completed'));
      nodes = {
        folder: { kind: 'folder', source },
        groups: { active: group('active'), completed: group('completed'), otherFolders: group('otherFolders') },
        rows: { active: rows('active'), completed: rows('completed') },
        issues: new Map(),
      };
      this.#nodes.set(source, nodes);
    }
    return nodes;
  }
}

function groupOf({ completed }: IssueSummary): IssueGroupName {
  return completed ? 'completed' : 'active';
}

/** @param size of the group after the change. */
function becameEmptyOrNot(group: IssueGroupName, size: number, { added, removed }: StoreChange['change']): boolean {
  const came = added.filter((summary) => groupOf(summary) === group).length;
  const went = removed.filter((summary) => groupOf(summary) === group).length;
  return (size === 0) !== (size - came + went === 0);
}
