import { bodyStart } from '../markdown/frontMatter.ts';
import { asTitle } from '../markdown/issueTitle.ts';
import { MarkdownLines } from '../markdown/markdownLines.ts';
import { isHeading } from './firstHeading.ts';

export type LineLabel = 'status' | 'priority' | 'type' | 'label' | 'assignee' | 'blocked by';

/** What lines such as `**Status:** done` near the top of a text say. */
export interface LabelledLines {
  /** The values of each label that has any; of a label that is there twice, those of the first line. */
  readonly labels: ReadonlyMap<LineLabel, readonly string[]>;
  /** References to the issues behind `Blocked by`, a line or a section, as they are written; undefined if there are none. */
  readonly blockers: readonly string[] | undefined;
  /** The first line of text that has no label. */
  readonly firstLine: string | undefined;
}

/** Groups: the label, its value. Quote signs, list markers and bold marks are taken off already. */
const LABELLED = /^(status|priority|type|label|assignee|blocked[ _-]by)s?\s*[:：]\s*(.*)$/i;
/** `**Label:** value` and `**Label**: value`. */
const BOLD_LABEL = /^(\*\*|__)([a-z _-]+)(?:\1\s*[:：]|[:：]\s*\1)/i;
const BLOCKED_BY = /blocked[ _-]by/i;
const BLOCKED_BY_HEADING = /^\s*blocked[ -]by\b/i;
/** What people write for none. */
const NOTHING = /^(?:none|n\/a|[-–—]*)$/i;
const LISTS = new Set<LineLabel>(['label', 'assignee', 'blocked by']);

/**
 * A reference alone: a number as in the name of a file, the name itself, or a path to it, with a word such as `Issue` in front. A folder whose
 * name is a number is a list of numbers instead.
 */
const REFERENCE =
  /^(?:(?:issue|ticket|task)s?\s+)?#?((?:(?!\d+\/)[^\s/]+\/)*(?:[a-z]{0,3}\d{1,4}(?:[-_][^\s/]*)?|[^\s/]+(?=\.md$))(?:\.md)?)$/i;
/** How much of a line is looked at. Nobody writes longer ones for a program to read. */
const MAX_LINE = 1000;
const LINK = /\[([^\]]*)\]\(([^)\s]*)[^)]*\)/g;

/**
 * Reads the lines up to the second heading, those of front matter among them, and the section *Blocked by* wherever it is. Code and HTML say
 * nothing.
 *
 * @param content its lines end with line feeds only
 */
export function readLabelledLines(content: string): LabelledLines {
  const text = content.replace(/^\ufeff/, '');
  const labels = new Map<LineLabel, string[]>();
  const body = bodyStart(text);
  const hasBlockers = BLOCKED_BY.test(text);
  const lines = new MarkdownLines(text);
  let headings = 0;
  let firstLine: string | undefined;
  /** The label whose values are the lines that follow, and whether that is so up to the next heading. */
  let open: LineLabel | undefined;
  let isSection = false;
  while ((headings < 2 || hasBlockers) && lines.next()) {
    const own = text.slice(lines.textStart, Math.min(lines.end, lines.textStart + MAX_LINE));
    const [, name, value = ''] = (lines.kind === 'text' && headings < 2 && LABELLED.exec(withoutBold(own))) || [];
    if (isHeading(lines) && lines.start >= body) {
      headings++;
      isSection = BLOCKED_BY_HEADING.test(own);
      open = isSection ? 'blocked by' : undefined;
    } else if (name !== undefined) {
      const label = name.toLowerCase().replace(/[_-]/, ' ') as LineLabel;
      open = labels.has(label) || bare(value) !== '' || !LISTS.has(label) ? undefined : label;
      if (!labels.has(label)) {
        addValues(labels, label, value);
      }
    } else if (lines.kind === 'text' && lines.startsParagraph) {
      firstLine ??= lines.start >= body ? asTitle(own) : undefined;
      open = isSection || lines.depth > 0 ? open : undefined;
      if (open !== undefined) {
        addValues(labels, open, own);
      }
    } else if (lines.kind === 'break' || lines.kind === 'underline') {
      open = undefined;
    }
  }
  const blockers = (labels.get('blocked by') ?? []).flatMap(referencesIn);
  return { labels, blockers: blockers.length === 0 ? undefined : [...new Set(blockers)], firstLine };
}

/** Adds what stands behind a label, or an item below it, if that is no word such as `None`. */
function addValues(labels: Map<LineLabel, string[]>, label: LineLabel, written: string): void {
  const isList = label === 'label' || label === 'assignee';
  const parts = isList ? written.replace(/^\[(.*)\]$/, '$1').split(/[,，、]/) : [written];
  const values = parts.map(bare).filter((value) => !NOTHING.test(value));
  if (values.length > 0) {
    labels.set(label, [...(labels.get(label) ?? []), ...values]);
  }
}

function withoutBold(line: string): string {
  return line.replace(BOLD_LABEL, '$2:').replace(/^(\*\*|__)(.*)\1\s*$/, '$2');
}

/** Without white space, the mark of a line break, and quotation or other marks that stand around all of it. */
function bare(value: string): string {
  return value
    .replace(/\\$/, '')
    .trim()
    .replace(/^([`*_"']{1,2})([^`*"']*)\1$/, '$2');
}

/** The references that are listed here; none if it is prose. Remarks behind them are passed over. */
function referencesIn(written: string): string[] {
  return written
    .replace(/^\[(.*)\]$/, '$1')
    .replace(LINK, (_, text: string, address: string) => (REFERENCE.test(bare(text)) ? text : address))
    .replace(/\([^()]*\)|（[^（）]*）/g, ' ')
    .replace(/(?:\s[-—–]+\s|[(（]|—).*$/, '')
    .split(/[,，、;]|\s(?:and|&)\s/)
    .flatMap((part) => REFERENCE.exec(bare(part.trim().replace(/\.$/, '')))?.[1] ?? []);
}
