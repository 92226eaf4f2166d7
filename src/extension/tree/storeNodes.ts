import type { IssueChange } from '../../core/catalogue/issueCatalogue.ts';
import { concernedBy } from '../../core/health/storeFindings.ts';
import { type IssueKey, type IssueSummary, isCompleted } from '../../core/issue/issue.ts';
import type { WorkspaceStore } from '../stores/workspaceStores.ts';
import { GroupRows } from './groupRows.ts';
import type { FolderNode, GroupName, GroupNode, IssueGroupName, IssueNode, IssueTreeNode } from './issueNodes.ts';

export const ISSUE_GROUPS: readonly IssueGroupName[] = ['active', 'completed'];

/** The nodes of one store. A row keeps its node for as long as it exists, which is how VS Code knows it again. */
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

  /** Takes over what is new about the issues. Their rows are drawn anew by what {@link redraws} says. */
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
   * What to draw anew after a change.
   *
   * @param shown the change as the tree shows it.
   * @returns undefined for everything.
   */
  redraws(change: IssueChange, shown: IssueChange): IssueTreeNode[] | undefined {
    const redraws = ISSUE_GROUPS.map((group) => ({ group, ...this.rows[group].follow(shown) }));
    // A group that was empty has no row that could open; its row is made anew with its parent.
    if (change.otherFolders || ISSUE_GROUPS.some((group) => becameEmptyOrNot(group, this.rows[group].count, shown))) {
      return undefined;
    }
    const nodes = redraws.flatMap(({ group, isWhole, ranges, issues }) => [
      ...(isWhole ? [this.groups[group]] : ranges),
      ...issues.map((summary) => this.issue(summary)),
    ]);
    // An issue that came or went can have had the number or the name of others.
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
