import { concernedBy, type IssueChange, type IssueKey, type IssueSummary, isCompleted, isLarge } from '../../core/index.ts';
import type { WorkspaceStore } from '../stores/workspaceStores.ts';
import { GroupRows } from './groupRows.ts';
import type { FolderNode, GroupName, GroupNode, IssueGroupName, IssueNode, IssueTreeNode } from './issueNodes.ts';

export const ISSUE_GROUPS: readonly IssueGroupName[] = ['active', 'completed'];

/** The nodes of one store. A row keeps its node for as long as it exists, because VS Code identifies rows by their nodes. */
export class StoreNodes {
  readonly folder: FolderNode;
  readonly groups: Readonly<Record<GroupName, GroupNode>>;
  readonly rows: Readonly<Record<IssueGroupName, GroupRows>>;
  readonly #source: WorkspaceStore;
  readonly #issues = new Map<IssueKey, IssueNode>();

  /** @param issuesOf what each group shows, as it is now. */
  constructor(source: WorkspaceStore, issuesOf: (group: IssueGroupName) => readonly IssueSummary[]) {
    const group = (name: GroupName): GroupNode => ({ kind: 'group', source, group: name });
    const rows = (name: IssueGroupName) => new GroupRows({ source, group: name }, () => issuesOf(name));
    this.#source = source;
    this.folder = { kind: 'folder', source };
    this.groups = { active: group('active'), completed: group('completed'), otherFolders: group('otherFolders') };
    this.rows = { active: rows('active'), completed: rows('completed') };
  }

  issue(summary: IssueSummary): IssueNode {
    const known = this.#issues.get(summary.key);
    if (known !== undefined) {
      known.summary = summary;
      return known;
    }
    const node: IssueNode = { kind: 'issue', source: this.#source, summary };
    this.#issues.set(summary.key, node);
    return node;
  }

  /** Updates the nodes after a change. {@link redraws} says which rows to redraw. */
  follow({ changed, removed }: IssueChange): void {
    for (const { key } of removed) {
      this.#issues.delete(key);
    }
    for (const summary of changed) {
      const node = this.#issues.get(summary.key);
      if (node !== undefined) {
        node.summary = summary;
      }
    }
  }

  /**
   * What to redraw after a change.
   *
   * @param shown the change as the tree shows it.
   * @returns undefined for everything.
   */
  redraws(change: IssueChange, shown: IssueChange): IssueTreeNode[] | undefined {
    const redraws = ISSUE_GROUPS.map((group) => ({ group, ...this.rows[group].follow(shown) }));
    // An empty group has no arrow to open it, so its row is recreated together with its parent.
    if (change.otherFolders || ISSUE_GROUPS.some((group) => becameEmptyOrNot(group, this.rows[group].count, shown))) {
      return undefined;
    }
    if (isLarge(change)) {
      return ISSUE_GROUPS.map((group) => this.groups[group]);
    }
    const nodes = redraws.flatMap(({ group, isWhole, ranges, issues }) => [
      ...(isWhole ? [this.groups[group]] : ranges),
      ...issues.map((summary) => this.issue(summary)),
    ]);
    // Other issues may have to do with an issue that was added, changed or removed.
    const others = concernedBy(this.#source.store.catalogue, change);
    for (const { key } of [...change.added, ...change.changed]) {
      others.delete(key);
    }
    return [...nodes, ...[...others.keys()].flatMap((key) => this.#issues.get(key) ?? [])];
  }
}

export function groupOf(issue: IssueSummary): IssueGroupName {
  return isCompleted(issue) ? 'completed' : 'active';
}

/** @param size of the group after the change. */
function becameEmptyOrNot(group: IssueGroupName, size: number, { added, removed }: IssueChange): boolean {
  const came = added.filter((summary) => groupOf(summary) === group).length;
  const went = removed.filter((summary) => groupOf(summary) === group).length;
  return (size === 0) !== (size - came + went === 0);
}
