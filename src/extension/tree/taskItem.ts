import { l10n, Range, ThemeColor, ThemeIcon, TreeItem, TreeItemCollapsibleState, Uri } from 'vscode';
import { countLabel } from '../issueLabels.ts';
import { checkboxes } from '../settings.ts';
import { writabilityParts } from '../whyNotWritable.ts';
import { checkbox } from './checkbox.ts';
import type { TaskNode, TaskRowNode } from './issueNodes.ts';

/** How the row of a task looks, or of those that are left out. */
export function taskItem(node: TaskRowNode): TreeItem {
  const item = node.kind === 'task' ? itemOf(node) : new TreeItem(l10n.t('{0} more tasks', countLabel(node.count)));
  const { issue, source } = node;
  // An issue can have rows in several groups.
  item.id = `${source.id}#${issue.group}#${issue.summary.key}#${node.kind === 'task' ? node.id : 'more'}`;
  const line = node.kind === 'task' ? node.task.line : node.line;
  item.command = {
    command: 'vscode.open',
    title: l10n.t('Go to Task'),
    arguments: [Uri.file(source.store.filePathOf(issue.summary)), { selection: new Range(line, 0, line, 0) }],
  };
  return item;
}

function itemOf({ source, task }: TaskNode): TreeItem {
  const { text, done, isOptional, subtasks } = task;
  const label = text === '' ? l10n.t('(no text)') : text;
  const item = new TreeItem(label, subtasks.length > 0 ? TreeItemCollapsibleState.Expanded : TreeItemCollapsibleState.None);
  item.tooltip = label;
  item.contextValue = [done ? 'task.done' : 'task.open', ...writabilityParts(source.store, ['tick'])].join('.');
  const state = done ? l10n.t('done') : l10n.t('not done');
  item.accessibilityInformation = { label: [label, state, ...(isOptional ? [l10n.t('optional')] : [])].join(', ') };
  if (isOptional) {
    item.description = l10n.t('optional');
  }
  if (checkboxes(source.folder) === 'none') {
    item.iconPath = done ? new ThemeIcon('pass-filled', new ThemeColor('charts.purple')) : new ThemeIcon('circle-large-outline');
  } else {
    item.checkboxState = checkbox(done, label, done ? l10n.t('Mark as Not Done') : l10n.t('Mark as Done'));
  }
  return item;
}
