import {
  DEFAULT_ARRANGEMENT,
  type IssueGroups,
  type IssueKey,
  type IssueSummary,
  isFlat,
  isNested,
  OPEN_AND_COMPLETED,
} from '../../core/index.ts';
import { showsCompleted } from '../settings.ts';
import type { WorkspaceStore, WorkspaceStores } from '../stores/workspaceStores.ts';
import type { IssueFilter } from './issueFilter.ts';
import { type GroupNode, type IssueNode, type IssueTreeNode, OTHER_FOLDERS, type RangeNode } from './issueNodes.ts';
import { StoreNodes } from './storeNodes.ts';

interface Path {
  readonly places: readonly [store: number, group: number];
  readonly issues: readonly IssueSummary[];
}

/** Which rows there are, and where. It knows nothing of how they look, and of what VS Code has drawn. */
export class TreeShape {
  readonly #stores: Pick<WorkspaceStores, 'all'>;
  readonly #filter: IssueFilter;
  readonly #nodes = new Map<WorkspaceStore, StoreNodes>();

  constructor(stores: Pick<WorkspaceStores, 'all'>, filter: IssueFilter) {
    this.#stores = stores;
    this.#filter = filter;
  }

  nodesOf(source: WorkspaceStore): StoreNodes {
    const nodes = this.#nodes.get(source) ?? new StoreNodes(source, () => this.#filter.groupsOf(source));
    this.#nodes.set(source, nodes);
    return nodes;
  }

  /** To be called after stores have come or gone. */
  followStores(): void {
    for (const source of this.#nodes.keys()) {
      if (!this.#stores.all.includes(source)) {
        this.#nodes.delete(source);
      }
    }
  }

  /** To be called after another arrangement or other issues are shown. */
  reset(): void {
    for (const nodes of this.#nodes.values()) {
      nodes.reset();
    }
  }

  get hasSeveral(): boolean {
    return this.#stores.all.length > 1;
  }

  get roots(): IssueTreeNode[] {
    if (!this.hasSeveral) {
      return this.#stores.all.flatMap((source) => this.#rowsOf(source));
    }
    const ready = this.#stores.all.filter(({ store }) => store.state === 'ready');
    return ready
      .filter((source) => this.#filter.text === '' || this.#filter.groupsOf(source).count > 0)
      .map((source) => this.nodesOf(source).folder);
  }

  childrenOf(node: IssueTreeNode): readonly IssueTreeNode[] {
    const { source } = node;
    switch (node.kind) {
      case 'folder':
        return this.#rowsOf(source);
      case 'group':
        return node.group === OTHER_FOLDERS
          ? source.store.catalogue.otherFolders.map((path) => ({ kind: 'otherFolder', source, path }))
          : this.nodesOf(source).rows(node.group).rows;
      case 'range':
        return this.nodesOf(source).rows(node.group).rowsOf(node);
      case 'issue':
        return this.nodesOf(source).below(node)?.rows ?? [];
      default:
        return [];
    }
  }

  parentOf(node: IssueTreeNode): IssueTreeNode | undefined {
    const nodes = this.nodesOf(node.source);
    switch (node.kind) {
      case 'folder':
        return undefined;
      case 'group':
        return this.#shown(nodes.folder);
      case 'range':
      case 'issue':
        return this.#shown(nodes.parentOf(node));
      case 'task':
        return node.parent ?? node.issue;
      case 'moreTasks':
        return node.issue;
      case 'otherFolder':
        return nodes.group(OTHER_FOLDERS);
    }
  }

  /** True if there are ranges between a row and the issues below it. */
  isDivided(node: IssueTreeNode): boolean {
    return node.kind === 'group' && this.nodesOf(node.source).rows(node.group).ranges.length > 0;
  }

  /** How many issues or folders are below a group, a range or an issue. */
  countOf(node: GroupNode | RangeNode | IssueNode): number {
    const { source } = node;
    switch (node.kind) {
      case 'range':
        return this.nodesOf(source).rows(node.group).endsOf(node).count;
      case 'issue':
        return this.nodesOf(source).below(node)?.count ?? 0;
      case 'group':
        return node.group === OTHER_FOLDERS ? source.store.catalogue.otherFolders.length : this.nodesOf(source).rows(node.group).count;
    }
  }

  /** The visible groups of a store; while a filter is on, those with matches. */
  groupsOf(source: WorkspaceStore): GroupNode[] {
    const nodes = this.nodesOf(source);
    const { names } = nodes.groups;
    const groups = this.isFlat ? [] : names.map((name) => nodes.group(name));
    const isFiltered = this.#filter.text !== '';
    const isShown = (node: GroupNode) => !this.#isHidden(source, node.group) && (!isFiltered || this.countOf(node) > 0);
    const others = nodes.group(OTHER_FOLDERS);
    return [...groups.filter(isShown), ...(!isFiltered && this.countOf(others) > 0 ? [others] : [])];
  }

  /** True if the issue has a row, in sight or not. */
  isShown(source: WorkspaceStore, { key }: IssueSummary): boolean {
    return source.store.catalogue.get(key) !== undefined && this.#groupsWith(source, key).length > 0;
  }

  /** True if the row is still there. */
  hasRow({ source, group, summary: { key } }: IssueNode): boolean {
    return source.store.catalogue.get(key) !== undefined && this.#groupsWith(source, key).includes(group);
  }

  /** Rows of issues from top to bottom. */
  inTreeOrder(nodes: readonly IssueNode[]): IssueNode[] {
    const rows = nodes.map((node) => ({ node, path: this.#pathOf(node), groups: this.#filter.groupsOf(node.source) }));
    return rows.sort((a, b) => comparePaths(a.path, b.path, a.groups)).map(({ node }) => node);
  }

  /**
   * What is there where a row was that is gone, what is closest to it first: the same issue under another name, the next row of its group or
   * range, the one before, what they are in, and other rows of the store.
   */
  rowsInPlaceOf(node: IssueNode): IssueTreeNode[] {
    const { source, group, summary } = node;
    if (!this.#stores.all.includes(source)) {
      return [];
    }
    const nodes = this.nodesOf(source);
    const shownGroups = this.groupsOf(source);
    if (!this.isFlat && !shownGroups.includes(nodes.group(group))) {
      return shownGroups;
    }
    const above: IssueTreeNode[] = [];
    for (let next = this.parentOf(node); next !== undefined && next.kind !== 'folder'; next = this.parentOf(next)) {
      above.push(next);
    }
    return [...nodes.rows(group).besides(summary), ...above, ...this.#rowsOf(source)];
  }

  get isFlat(): boolean {
    return isFlat(this.#filter.arrangement);
  }

  get isNested(): boolean {
    return isNested(this.#filter.arrangement);
  }

  /** What is right below a store. */
  #rowsOf(source: WorkspaceStore): IssueTreeNode[] {
    const nodes = this.nodesOf(source);
    const rows = this.isFlat ? nodes.groups.names.flatMap((name) => nodes.rows(name).rows) : [];
    return [...rows, ...this.groupsOf(source)];
  }

  #groupsWith(source: WorkspaceStore, key: IssueKey): string[] {
    const groups = this.#filter.groupsOf(source).groupsOf(key);
    return groups.filter((group) => !this.#isHidden(source, group));
  }

  /** In other arrangements completed issues are left out one by one. */
  #isHidden({ folder }: WorkspaceStore, group: string): boolean {
    const { groupBy } = this.#filter.arrangement;
    return groupBy === DEFAULT_ARRANGEMENT.groupBy && group === OPEN_AND_COMPLETED[1] && !showsCompleted(folder);
  }

  /** What tells where a row is: the places of its store and its group, and the issues that it is below, with its own. */
  #pathOf({ source, group, summary }: IssueNode): Path {
    const nodes = this.nodesOf(source);
    const parent = this.isFlat ? source.store.catalogue.get(group as IssueKey) : undefined;
    const { places, issues } =
      parent === undefined ? { places: this.#placesOf(source, group), issues: [] } : this.#pathOf(nodes.issue(parent.summary));
    return { places, issues: [...issues, summary] };
  }

  #placesOf(source: WorkspaceStore, group: string): Path['places'] {
    return [this.#stores.all.indexOf(source), this.#filter.groupsOf(source).names.indexOf(group)];
  }

  /** The only store has no row of its own. */
  #shown(node: IssueTreeNode): IssueTreeNode | undefined {
    return node.kind === 'folder' && !this.hasSeveral ? undefined : node;
  }
}

function comparePaths(a: Path, b: Path, groups: IssueGroups): number {
  const byPlace = a.places[0] - b.places[0] || a.places[1] - b.places[1];
  const place = a.issues.findIndex((issue, index) => issue !== b.issues[index]);
  const [inA, inB] = [a.issues[place], b.issues[place]];
  // A row that the other one is below comes first.
  return byPlace || (inA !== undefined && inB !== undefined ? groups.compare(inA, inB) : a.issues.length - b.issues.length);
}
