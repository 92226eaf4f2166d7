import {
  concernedBy,
  type GroupsChange,
  type IssueChange,
  type IssueGroups,
  type IssueKey,
  type IssueSummary,
  isCompleted,
  isFlat,
  isLarge,
  isNested,
  NO_VALUE,
} from '../../core/index.ts';
import type { WorkspaceStore } from '../stores/workspaceStores.ts';
import { GroupRows } from './groupRows.ts';
import type { FolderNode, GroupNode, IssueNode, IssueTreeNode, RangeNode } from './issueNodes.ts';

/** How many issues of a group are completed. */
export interface GroupProgress {
  readonly done: number;
  readonly total: number;
}

/** The nodes of one store. A row keeps its node for as long as it exists, because VS Code identifies rows by their nodes. */
export class StoreNodes {
  readonly folder: FolderNode;
  readonly #source: WorkspaceStore;
  readonly #groups: () => IssueGroups;
  readonly #groupNodes = new Map<string, GroupNode>();
  readonly #rows = new Map<string, GroupRows>();
  #laidOut: IssueGroups['arrangement'];

  /** @param groups what the store shows, as it is now. */
  constructor(source: WorkspaceStore, groups: () => IssueGroups) {
    this.#source = source;
    this.#groups = groups;
    this.#laidOut = groups().arrangement;
    this.folder = { kind: 'folder', source };
  }

  get groups(): IssueGroups {
    return this.#groups();
  }

  /** True if issues are shown right below the store. */
  get isFlat(): boolean {
    return isFlat(this.groups.arrangement);
  }

  group(name: string): GroupNode {
    const node = this.#groupNodes.get(name) ?? { kind: 'group', source: this.#source, group: name };
    this.#groupNodes.set(name, node);
    return node;
  }

  /** Forgets the groups that are not shown any more. @returns their nodes */
  takeHiddenGroups(shown: readonly GroupNode[]): GroupNode[] {
    const hidden = [...this.#groupNodes.values()].filter((node) => !shown.includes(node));
    for (const { group } of hidden) {
      this.#groupNodes.delete(group);
      this.#rows.delete(group);
    }
    return hidden;
  }

  rows(group: string): GroupRows {
    const rows = this.#rows.get(group) ?? new GroupRows({ source: this.#source, group }, this.#groups);
    this.#rows.set(group, rows);
    return rows;
  }

  /** The first row of an issue. One that is not shown has a node, too, but no row. */
  issue(summary: IssueSummary): IssueNode {
    const { groups } = this;
    const isIn = groups.groupsOf(summary.key);
    const group = isIn.length > 1 ? groups.names.find((name) => isIn.includes(name)) : isIn[0];
    return this.rows(group ?? groups.names[0] ?? NO_VALUE).issue(summary);
  }

  /** The rows below an issue; undefined if there are none. */
  below({ summary }: IssueNode): GroupRows | undefined {
    return isNested(this.groups.arrangement) && this.groups.issuesOf(summary.key).length > 0 ? this.rows(summary.key) : undefined;
  }

  /** How many of the issues below this one are completed, shown or not; undefined if there are none or they are elsewhere. */
  progressBelow({ summary }: IssueNode): GroupProgress | undefined {
    if (!isNested(this.groups.arrangement)) {
      return undefined;
    }
    const { catalogue } = this.#source.store;
    const children = catalogue.relations.childrenOf(summary.key).flatMap((key) => catalogue.get(key)?.summary ?? []);
    return children.length === 0 ? undefined : { done: children.filter(isCompleted).length, total: children.length };
  }

  /** What the rows of a group are below; the store if they are below nothing else. */
  parentOf(node: RangeNode | IssueNode): IssueTreeNode {
    const range = node.kind === 'issue' ? this.rows(node.group).rangeOf(node.summary) : undefined;
    return range ?? this.#rowOf(node.group);
  }

  /** To be called after another arrangement or other issues are shown. */
  reset(): void {
    const { arrangement } = this.groups;
    if (arrangement === this.#laidOut) {
      for (const rows of this.#rows.values()) {
        rows.reset();
      }
    } else {
      this.#laidOut = arrangement;
      this.#rows.clear();
      this.#groupNodes.clear();
    }
  }

  /** Updates the nodes after a change that the rows do not show yet. */
  follow({ changed, removed }: IssueChange): void {
    for (const rows of this.#rows.values()) {
      for (const { key } of removed) {
        rows.forget(key);
      }
      for (const summary of changed) {
        const node = rows.drawn(summary.key);
        if (node !== undefined) {
          node.summary = summary;
        }
      }
    }
  }

  /**
   * What to redraw after a change.
   *
   * @param shown the change as the tree shows it.
   * @returns undefined for everything.
   */
  redraws(change: IssueChange, shown: GroupsChange): IssueTreeNode[] | undefined {
    const redraws = [...shown.groups].map(([group, each]) => ({ group, ...this.rows(group).follow(each) }));
    // An empty group has no arrow to open it, so its row is recreated together with its parent.
    if (change.otherFolders || this.#isRegrouped(shown)) {
      return undefined;
    }
    if (isLarge(change)) {
      return this.isFlat ? [this.folder] : this.groups.names.map((name) => this.group(name));
    }
    const nodes = redraws.flatMap(({ group, isWhole, isProgress, rows }): readonly IssueTreeNode[] =>
      isWhole || (isProgress && isNested(this.groups.arrangement) && group !== NO_VALUE) ? [this.#rowOf(group)] : rows,
    );
    return [...nodes, ...this.#concernedBy(change), ...this.#parentsOfHidden(change)];
  }

  /** Where issues are nested, groups come and go with the rows that they are below. */
  #isRegrouped({ groups, isRegrouped }: GroupsChange): boolean {
    if (!this.isFlat) {
      return isRegrouped;
    }
    const { added = [], removed = [] } = groups.get(NO_VALUE) ?? {};
    const { count } = this.rows(NO_VALUE);
    return (count === 0) !== (count - added.length + removed.length === 0);
  }

  /** Other issues that may have to do with one that was added, changed or removed. */
  #concernedBy(change: IssueChange): IssueNode[] {
    const { catalogue } = this.#source.store;
    const { added, changed, before, removed } = change;
    // Those that an issue names, or did, may be blocked by it now, or no longer.
    const named = [...added, ...changed, ...before, ...removed].flatMap((issue) => catalogue.relations.namedBy(issue));
    const others = new Set([...concernedBy(catalogue, change).keys(), ...named]);
    for (const { key } of [...added, ...changed]) {
      others.delete(key);
    }
    return [...others].flatMap((key) => this.#drawn(key));
  }

  /** An issue that is not shown counts on the row of its parent, too. */
  #parentsOfHidden({ added, changed, removed }: IssueChange): IssueNode[] {
    if (!isNested(this.groups.arrangement)) {
      return [];
    }
    const { relations } = this.#source.store.catalogue;
    const hidden = [...added, ...changed, ...removed].filter(({ key }) => this.groups.groupsOf(key).length === 0);
    return hidden.flatMap((issue) => relations.parentsNamedBy(issue)).flatMap((key) => this.#drawn(key));
  }

  /** The rows of an issue that VS Code has asked for. */
  #drawn(key: IssueKey): IssueNode[] {
    return this.groups.groupsOf(key).flatMap((group) => this.rows(group).drawn(key) ?? []);
  }

  /** The row that the rows of a group are below. */
  #rowOf(group: string): IssueTreeNode {
    if (!this.isFlat) {
      return this.group(group);
    }
    const parent = group === NO_VALUE ? undefined : this.#source.store.catalogue.get(group as IssueKey);
    return parent === undefined ? this.folder : this.issue(parent.summary);
  }
}
