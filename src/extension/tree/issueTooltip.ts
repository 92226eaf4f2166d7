import { l10n, MarkdownString, Uri } from 'vscode';
import { excerptOf, findingsOf, type Issue, isHarmless } from '../../core/index.ts';
import { timeText } from '../fieldTexts.ts';
import { findingMessage } from '../findingTexts.ts';
import { issueLabel, stateIcon, stateLabel, tasksLabel } from '../issueLabels.ts';
import { blockedText, relatedFieldTexts } from '../relationTexts.ts';
import { whyReadOnly } from '../whyNotWritable.ts';
import type { IssueNode } from './issueNodes.ts';
import { mendable } from './issueTreeItem.ts';

const EXCERPT = { maxLines: 16, maxCharacters: 1200 };

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
