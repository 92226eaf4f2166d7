import { l10n, ThemeIcon, TreeItem, TreeItemCollapsibleState, Uri } from 'vscode';
import {
  type FindingKind,
  findingsOf,
  type IssueProblem,
  type IssueSummary,
  isCompleted,
  isHarmless,
  type StoreFinding,
} from '../../core/index.ts';
import { findingLabel, findingMessage } from '../findingTexts.ts';
import { issueAccessibleLabel, issueIcon, issueLabel, rowTexts } from '../issueLabels.ts';
import { blockedText } from '../relationTexts.ts';
import { checkboxes } from '../settings.ts';
import { whyNotWritable, writabilityParts } from '../whyNotWritable.ts';
import { checkbox } from './checkbox.ts';
import type { FolderNode, IssueNode, OtherFolderNode } from './issueNodes.ts';
import { progressIcon } from './progressIcon.ts';
import type { GroupProgress } from './storeNodes.ts';

/** What makes an issue a duplicate of another one. */
const DUPLICATES: ReadonlySet<FindingKind> = new Set(['sharedNumber', 'sharedId', 'bothFolders']);

/** What the tree shows of an issue beside what it says itself. */
export interface IssueView {
  /** Whether rows below it are there, and in sight when they are shown for the first time. */
  readonly collapsibleState: TreeItemCollapsibleState;
  /** How many of the issues below it are completed; undefined if there are none. */
  readonly progress: GroupProgress | undefined;
  /** True if the issue can have rows in several groups. */
  readonly hasRepeats: boolean;
}

export function folderItem({ source }: FolderNode): TreeItem {
  const item = new TreeItem(source.name, TreeItemCollapsibleState.Expanded);
  item.id = source.id;
  item.description = source.where;
  item.iconPath = ThemeIcon.Folder;
  item.contextValue = ['folder', ...writabilityParts(source.store, ['create'])].join('.');
  item.tooltip = source.store.folder ?? source.folder.uri.fsPath;
  // Without it the tooltip would be read out.
  item.accessibilityInformation = { label: [source.name, source.where].filter((part) => part !== '').join(', ') };
  return item;
}

/** The tooltip comes later, from {@link issueTooltip}. */
export function issueItem(node: IssueNode, { collapsibleState, progress, hasRepeats }: IssueView): TreeItem {
  const { source, group, summary } = node;
  const uri = Uri.file(source.store.filePathOf(summary));
  const findings = findingsOf(source.store.catalogue, summary);
  const item = new TreeItem(issueLabel(node), collapsibleState);
  // VS Code takes whether a row is unfolded from a new id only.
  const isParent = collapsibleState === TreeItemCollapsibleState.Expanded;
  item.id = `${source.id}#${summary.key}${hasRepeats ? `#${group}` : ''}${isParent ? '#parent' : ''}`;
  item.description = [
    progress === undefined ? '' : l10n.t('{0}/{1} issues', progress.done, progress.total),
    ...(summary.problem === undefined ? [blockedText(node), ...rowTexts(summary)] : [problemLabel(summary.problem)]),
    ...findings.map(findingLabel),
  ]
    .filter((part) => part !== '')
    .join(' · ');
  item.iconPath = (summary.problem === undefined ? progressIcon(summary) : undefined) ?? issueIcon(summary);
  item.resourceUri = uri;
  item.contextValue = [...contextParts(summary, findings), ...writabilityParts(source.store)].join('.');
  item.accessibilityInformation = {
    label: [
      issueAccessibleLabel(node),
      ...[blockedText(node)].filter((part) => part !== ''),
      ...(progress === undefined ? [] : [l10n.t('{0} of {1} issues below it completed', progress.done, progress.total)]),
      ...mendable(findings)
        .filter((finding) => !isHarmless(finding))
        .map(findingMessage),
    ].join(', '),
  };
  const isDone = isCompleted(summary);
  if (checkboxes(source.folder) === 'all' && whyNotWritable(source.store, isDone ? 'reopen' : 'complete') === undefined) {
    item.checkboxState = checkbox(isDone, issueLabel(node), isDone ? l10n.t('Reopen Issue') : l10n.t('Complete Issue'));
  }
  // VS Code adds to this command, and to no other, how it was meant: a click shows a preview and leaves the focus in the tree.
  item.command = { command: 'vscode.open', title: l10n.t('Open Issue'), arguments: [uri] };
  return item;
}

function problemLabel({ code }: IssueProblem): string {
  return code === 'tooLarge' ? l10n.t('too large') : l10n.t('cannot be read');
}

/** What menus go by: `issue.active` or `issue.completed`, and behind it what is special about the issue. */
function contextParts(summary: IssueSummary, findings: readonly StoreFinding[]): string[] {
  const { number, problem } = summary;
  const parts = ['issue', isCompleted(summary) ? 'completed' : 'active'];
  parts.push(...(number === undefined ? ['unnumbered'] : []));
  parts.push(...(findings.some(({ kind }) => DUPLICATES.has(kind)) ? ['duplicate'] : []));
  parts.push(...(problem === undefined ? [] : ['problem', problem.code]));
  return parts;
}

/** Findings but for the problem that an issue says by itself. */
export function mendable(findings: readonly StoreFinding[]): StoreFinding[] {
  return findings.filter((finding) => !('message' in finding));
}

export function otherFolderItem({ source, path }: OtherFolderNode): TreeItem {
  const item = new TreeItem(path, TreeItemCollapsibleState.None);
  item.id = `${source.id}#folder#${path}`;
  item.iconPath = ThemeIcon.Folder;
  item.contextValue = 'otherFolder';
  item.tooltip = l10n.t('{0} is not part of the issue store. Markdown files in it are not issues.', path);
  return item;
}
