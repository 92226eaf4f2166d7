import { type CancellationToken, EventEmitter, type TreeDataProvider, type TreeItem } from 'vscode';
import type { Disposable } from '../../core/events.ts';
import type { IssueSummary } from '../../core/issue/issue.ts';
import { IssueError } from '../../core/issue/issueErrors.ts';
import type { Logger } from '../../core/logger.ts';
import { concernedBy } from '../../core/store/storeFindings.ts';
import type { TreeState } from '../contextKeys.ts';
import { DisposableList } from '../disposableList.ts';
import type { StoreChange, WorkspaceStore, WorkspaceStores } from '../stores/workspaceStores.ts';
import type { FolderNode, GroupName, GroupNode, IssueNode, IssueTreeNode } from './issueNodes.ts';
import { isGroupShown, issueTooltip, issueTreeItem } from './issueTreeItem.ts';

const GROUPS: readonly GroupName[] = ['active', 'completed', 'otherFolders'];

/** Nodes of one store. A row keeps its node for as long as it exists, which is how VS Code knows it again. */
interface StoreNodes {
  readonly folder: FolderNode;
  readonly groups: Readonly<Record<GroupName, GroupNode>>;
  readonly issues: Map<string, IssueNode>;
}

/** The issues of all stores as a tree. It reads the catalogue, never the disk, and refreshes only the rows that changed. */
export class IssueTreeProvider implements TreeDataProvider<IssueTreeNode>, Disposable {
  readonly #stores: WorkspaceStores;
  readonly #logger: Logger;
  readonly #lifetime: DisposableList;
  readonly #didChange = new EventEmitter<IssueTreeNode | IssueTreeNode[] | undefined>();
  readonly #nodes = new WeakMap<WorkspaceStore, StoreNodes>();
  /** The outline of what was drawn last. */
  #drawn: string;
  readonly onDidChangeTreeData = this.#didChange.event;

  constructor(stores: WorkspaceStores, logger: Logger) {
    this.#stores = stores;
    this.#logger = logger;
    this.#drawn = this.#outline();
    this.#lifetime = new DisposableList((error) => logger.error(String(error)));
    this.#lifetime.add(this.#didChange);
    this.#lifetime.add(stores.onDidChange((change) => this.#follow(change)));
    this.#lifetime.add(stores.onDidChangeState(() => this.#refreshOnNewOutline()));
    this.#lifetime.add(stores.onDidChangeStores(() => this.#refreshOnNewOutline()));
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
    return states.includes('loading') ? 'loading' : 'missing';
  }

  /** Draws everything anew. */
  refresh(): void {
    this.#drawn = this.#outline();
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
      default:
        return [];
    }
  }

  getParent(node: IssueTreeNode): IssueTreeNode | undefined {
    const { folder, groups } = this.#nodesOf(node.source);
    switch (node.kind) {
      case 'folder':
        return undefined;
      case 'group':
        return this.#isMultiRoot() ? folder : undefined;
      case 'issue':
        return node.summary.completed ? groups.completed : groups.active;
      case 'otherFolder':
        return groups.otherFolders;
    }
  }

  getTreeItem(node: IssueTreeNode): TreeItem {
    return issueTreeItem(node);
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
      return this.#stores.all.filter(({ store }) => store.state === 'ready').map((source) => this.#nodesOf(source).folder);
    }
    return this.#stores.all.flatMap((source) => this.#groupsOf(source));
  }

  #isMultiRoot(): boolean {
    return this.#stores.all.length > 1;
  }

  #groupsOf(source: WorkspaceStore): GroupNode[] {
    const { groups } = this.#nodesOf(source);
    return GROUPS.map((name) => groups[name]).filter(isGroupShown);
  }

  #childrenOf({ source, group }: GroupNode): IssueTreeNode[] {
    const { catalogue } = source.store;
    if (group === 'otherFolders') {
      return catalogue.otherFolders.map((path) => ({ kind: 'otherFolder', source, path }));
    }
    return catalogue[group].map((summary) => this.#issueNode(source, summary));
  }

  #follow({ source, change }: StoreChange): void {
    const { groups, issues } = this.#nodesOf(source);
    for (const { key } of change.removed) {
      issues.delete(key);
    }
    if (this.#refreshOnNewOutline()) {
      return;
    }
    if (change.otherFolders) {
      this.refresh();
      return;
    }
    const nodes: IssueTreeNode[] = [];
    const moved = [...change.added, ...change.removed];
    for (const [group, completed] of [
      ['active', false],
      ['completed', true],
    ] as const) {
      if (moved.some((summary) => summary.completed === completed)) {
        nodes.push(groups[group]);
      }
    }
    // A node takes its new summary in any case; its row is drawn anew unless its whole group is.
    for (const summary of concernedBy(source.store.catalogue, change).values()) {
      const node = this.#issueNode(source, summary);
      if (!nodes.includes(groups[summary.completed ? 'completed' : 'active'])) {
        nodes.push(node);
      }
    }
    // A group that was empty has no row that could open; its row is made anew with its parent.
    const isFirst = nodes.some((node) => node.kind === 'group' && this.#becameEmptyOrNot(node, change));
    this.#didChange.fire(isFirst ? undefined : nodes);
  }

  #becameEmptyOrNot({ source, group }: GroupNode, { added, removed }: StoreChange['change']): boolean {
    const completed = group === 'completed';
    const size = source.store.catalogue[completed ? 'completed' : 'active'].length;
    const came = added.filter((summary) => summary.completed === completed).length;
    const went = removed.filter((summary) => summary.completed === completed).length;
    return (size === 0) !== (size - came + went === 0);
  }

  /**
   * Draws everything anew if it is to be laid out in another way than before. Only then: VS Code gives up the rows that it is
   * still fetching when it is told to, and at times shows none in their place.
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
      nodes = {
        folder: { kind: 'folder', source },
        groups: { active: group('active'), completed: group('completed'), otherFolders: group('otherFolders') },
        issues: new Map(),
      };
      this.#nodes.set(source, nodes);
    }
    return nodes;
  }
}
