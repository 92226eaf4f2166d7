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
import { issueAccessibleLabel, issueIcon, issueLabel, rowTexts, stateIcon, stateLabel, tasksLabel } from '../issueLabels.ts';
import { blockedText, relatedFieldTexts } from '../relationTexts.ts';
import { whyReadOnly, writabilityParts } from '../whyNotWritable.ts';
import type { FolderNode, IssueNode, OtherFolderNode } from './issueNodes.ts';
import type { GroupProgress } from './storeNodes.ts';

/** What makes an issue a duplicate of another one. */
const DUPLICATES: ReadonlySet<FindingKind> = new Set(['sharedNumber', 'sharedId', 'bothFolders']);
const EXCERPT = { maxLines: 16, maxCharacters: 1200 };

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
  const isParent = collapsibleState !== TreeItemCollapsibleState.None;
  item.id = `${source.id}#${summary.key}${hasRepeats ? `#${group}` : ''}${isParent ? '#parent' : ''}`;
  item.description = [
    progress === undefined ? '' : l10n.t('{0}/{1} issues', progress.done, progress.total),
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
      ...(progress === undefined ? [] : [l10n.t('{0} of {1} issues below it completed', progress.done, progress.total)]),
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

export function otherFolderItem({ source, path }: OtherFolderNode): TreeItem {
  const item = new TreeItem(path, TreeItemCollapsibleState.None);
  item.id = `${source.id}#folder#${path}`;
  item.iconPath = ThemeIcon.Folder;
  item.contextValue = 'otherFolder';
  item.tooltip = l10n.t('{0} is not part of the issue store. Markdown files in it are not issues.', path);
  return item;
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
