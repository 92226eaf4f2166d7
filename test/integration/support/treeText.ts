import { type TreeItem, TreeItemCollapsibleState } from 'vscode';
import type { IssueTreeNode } from '../../../src/extension/tree/issueNodes.ts';
import type { IssueTreeProvider } from '../../../src/extension/tree/issueTreeProvider.ts';

/** The tree below a node, or all of it, as a person reads it: label and description of each row, indented. Issues that come folded stay so. */
export async function treeText(provider: IssueTreeProvider, parent?: IssueTreeNode): Promise<string[]> {
  const rows: string[] = [];
  for (const node of await provider.getChildren(parent)) {
    const item = provider.getTreeItem(node);
    rows.push(rowText(item));
    const isFolded = node.kind === 'issue' && item.collapsibleState !== TreeItemCollapsibleState.Expanded;
    const below = isFolded ? [] : await treeText(provider, node);
    rows.push(...below.map((row) => `  ${row}`));
  }
  return rows;
}

function rowText({ label, description }: TreeItem): string {
  const text = typeof label === 'string' ? label : (label?.label ?? '');
  return typeof description === 'string' && description !== '' ? `${text} | ${description}` : text;
}

/** What is drawn anew, in words. */
export function redrawn(nodes: IssueTreeNode | readonly IssueTreeNode[] | undefined): string[] {
  if (nodes === undefined) {
    return ['everything'];
  }
  return (Array.isArray(nodes) ? nodes : [nodes]).map(nodeText);
}

function nodeText(node: IssueTreeNode): string {
  switch (node.kind) {
    case 'folder':
      return `folder ${node.source.folder.name}`;
    case 'group':
      return `group ${node.group}`;
    case 'range':
      return `range ${node.range.id}`;
    case 'issue':
      return `issue ${node.summary.key}`;
    case 'task':
      return `task ${node.id}`;
    case 'moreTasks':
      return `more tasks of ${node.issue.summary.key}`;
    case 'otherFolder':
      return `other folder ${node.path}`;
  }
}
