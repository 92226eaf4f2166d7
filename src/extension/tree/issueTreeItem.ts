import { l10n, MarkdownString, ThemeIcon, TreeItem, TreeItemCollapsibleState, Uri } from 'vscode';
import {
  excerptOf,
  type FindingKind,
  findingsOf,
  type Issue,
  type IssueProblem,
  type IssueSummary,
  isCompleted,
  isHarmless,
  type StoreFinding,
} from '../../core/index.ts';
import { timeText } from '../fieldTexts.ts';
import { findingLabel, findingMessage } from '../findingTexts.ts';
import { countLabel, issueAccessibleLabel, issueIcon, issueLabel, rowTexts, stateIcon, stateLabel, tasksLabel } from '../issueLabels.ts';
import { blockedText, relatedFieldTexts } from '../relationTexts.ts';
import { showsCompleted } from '../settings.ts';
import { whyReadOnly, writabilityParts } from '../whyNotWritable.ts';
import type { FolderNode, GroupNode, IssueNode, IssueTreeNode, OtherFolderNode, RangeNode } from './issueNodes.ts';

/** What makes an issue a duplicate of another one. */
const DUPLICATES: ReadonlySet<FindingKind> = new Set(['sharedNumber', 'sharedId', 'bothFolders']);
const EXCERPT = { maxLines: 16, maxCharacters: 1200 };

/** What the tree shows of a group. */
export interface GroupView {
  readonly count: number;
  /** True if only what fits a filter is shown. */
  readonly isFiltered: boolean;
}

/** How each kind of node looks. Tooltips of issues come later, from {@link issueTooltip}. */
export function issueTreeItem(node: Exclude<IssueTreeNode, GroupNode | RangeNode>): TreeItem {
  switch (node.kind) {
    case 'folder':
      return folderItem(node);
    case 'issue':
      return issueItem(node);
    case 'otherFolder':
      return otherFolderItem(node);
  }
}

function folderItem({ source }: FolderNode): TreeItem {
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

export function groupItem({ source, group }: GroupNode, { count, isFiltered }: GroupView): TreeItem {
  const [label, state] = {
    active: [l10n.t('Open'), TreeItemCollapsibleState.Expanded] as const,
    completed: [l10n.t('Completed'), isFiltered ? TreeItemCollapsibleState.Expanded : TreeItemCollapsibleState.Collapsed] as const,
    otherFolders: [l10n.t('Other Folders'), TreeItemCollapsibleState.Collapsed] as const,
  }[group];
  const item = new TreeItem(label, count === 0 ? TreeItemCollapsibleState.None : state);
  // An empty group is drawn without a twistie and must come back expanded, and a filter shows what it has found: VS Code takes that from
  // a new id only.
  item.id = `${source.id}#${group}${count === 0 ? '#empty' : ''}${isFiltered ? '#filtered' : ''}`;
  item.description = countLabel(count);
  item.contextValue = [`group.${group}`, ...writabilityParts(source.store, ['create'])].join('.');
  item.accessibilityInformation = { label: `${label}, ${count}` };
  if (group === 'otherFolders') {
    item.tooltip = l10n.t('Folders inside the issue store that it does not use. Markdown files in them are not issues.');
  }
  return item;
}

function issueItem(node: IssueNode): TreeItem {
  const { source, summary } = node;
  const uri = Uri.file(source.store.filePathOf(summary));
  const findings = findingsOf(source.store.catalogue, summary);
  const item = new TreeItem(issueLabel(node), TreeItemCollapsibleState.None);
  item.id = `${source.id}#${summary.key}`;
  item.description = [
    ...(summary.problem === undefined ? [blockedText(node), ...rowTexts(summary)] : [problemLabel(summary.problem)]),
    ...findings.map(findingLabel),
  ]
    .filter((part) => part !== '')
    .join(' · ');
  item.iconPath = issueIcon(summary);
  item.resourceUri = uri;
  item.contextValue = [...contextParts(summary, findings), ...writabilityParts(source.store)].join('.');
  item.accessibilityInformation = {
    label: [
      issueAccessibleLabel(node),
      ...[blockedText(node)].filter((part) => part !== ''),
      ...mendable(findings)
        .filter((finding) => !isHarmless(finding))
        .map(findingMessage),
    ].join(', '),
  };
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
function mendable(findings: readonly StoreFinding[]): StoreFinding[] {
  return findings.filter((finding) => !('message' in finding));
}

function otherFolderItem({ source, path }: OtherFolderNode): TreeItem {
  const item = new TreeItem(path, TreeItemCollapsibleState.None);
  item.id = `${source.id}#folder#${path}`;
  item.iconPath = ThemeIcon.Folder;
  item.contextValue = 'otherFolder';
  item.tooltip = l10n.t('{0} is not part of the issue store. Markdown files in it are not issues.', path);
  return item;
}

/** True if the group is shown: open issues always, completed issues by setting, other folders if there are any. */
export function isGroupShown({ source, group }: GroupNode): boolean {
  switch (group) {
    case 'active':
      return true;
    case 'completed':
      return showsCompleted(source.folder);
    case 'otherFolders':
      return source.store.catalogue.otherFolders.length > 0;
  }
}

/**
 * What a row has no room for: the whole title, a line of facts, the fields, and the beginning of the issue. The text is anybody's: it is rendered without command links and HTML,
 * and pictures are shown as links, so that looking at a row loads nothing from anywhere.
 */
export function issueTooltip(node: IssueNode, issue: Issue | undefined): MarkdownString {
  const { source, summary } = node;
  const tooltip = new MarkdownString(undefined, true);
  // Links in a file start at its own folder; the slash says that it is one.
  tooltip.baseUri = Uri.joinPath(Uri.file(source.store.filePathOf(summary)), '../');
  const label = issueLabel(node);
  tooltip.appendMarkdown(`${stateIcon(summary.state)} **${escaped(label)}**`);
  const id = label.includes(summary.id) ? '' : summary.id;
  const facts = [id, stateLabel(summary.state), blockedText(node), tasksLabel(summary)].filter((fact) => fact !== '');
  // Of a file that could not even be looked at nobody knows when it changed.
  if (summary.modifiedAt > 0) {
    facts.push(l10n.t('changed {0}', timeText(summary.modifiedAt)));
  }
  tooltip.appendMarkdown(`\n\n${escaped(facts.join(' · '))}`);
  const fields = relatedFieldTexts(node).map(([name, text]) => `${escaped(name)}: **${escaped(text)}**`);
  if (fields.length > 0) {
    tooltip.appendMarkdown(`\n\n${fields.join('  \n')}`);
  }
  for (const finding of mendable(findingsOf(source.store.catalogue, summary))) {
    tooltip.appendMarkdown(`\n\n${isHarmless(finding) ? '$(info)' : '$(warning)'} ${escaped(findingMessage(finding))}`);
  }
  const readOnly = whyReadOnly(source.store);
  if (readOnly !== undefined) {
    tooltip.appendMarkdown(`\n\n$(lock) ${escaped(readOnly)}`);
  }
  if (summary.problem !== undefined) {
    return tooltip.appendMarkdown(`\n\n---\n\n$(warning) ${escaped(summary.problem.message)}`);
  }
  const { text, truncated } = excerptOf(issue?.content ?? '', { ...EXCERPT, title: summary.title });
  if (text.trim() !== '') {
    // A zero-width space keeps `![` from being a picture and leaves it readable; icons are ours alone.
    const inert = text.replaceAll('![', '!\u200b[').replaceAll('$(', '$\u200b(');
    tooltip.appendMarkdown(`\n\n---\n\n${inert}${truncated ? '\n\n…' : ''}`);
  }
  return tooltip;
}

/** Text as it is, in markdown. `appendText` alone makes all blanks unbreakable, and so a long line is cut inside a word. */
function escaped(text: string): string {
  return new MarkdownString(undefined, true).appendText(text).value.replaceAll('&nbsp;', ' ');
}
