import { env, l10n, ThemeColor, ThemeIcon } from 'vscode';
import { type IssueState, type IssueSummary, type StoreFormat, stateOfWord } from '../core/index.ts';
import { fieldTexts, priorityText } from './fieldTexts.ts';
import { clipped } from './inertText.ts';

/** An issue and the store that knows what it is called. */
export interface LabelledIssue {
  readonly source: { readonly store: { readonly format: Pick<StoreFormat, 'labelOf'> } };
  readonly summary: Pick<IssueSummary, 'key' | 'id' | 'number' | 'title'>;
}

/** How many labels a row names. */
const MOST_LABELS = 3;
/** Most characters of a word of a row; some files have whole sentences in the place of a status. */
const WORD_LENGTH = 24;
/** Words that say no more of an issue than that it is open, unlike `draft` or `ready-for-agent`. */
const MERELY_OPEN = /^\s*(?:open|new|to[\s_-]?do)\s*$/i;

/** `#12 Fix the login`, with the id as people of that tool write it; the title alone where it says as much. */
export function issueLabel(issue: LabelledIssue): string {
  const { title } = issue.summary;
  const id = idLabel(issue);
  return id === undefined ? title : `${id} ${title}`;
}

/** `#12` or `BACK-3`; undefined where the title says as much. */
export function idLabel({ source, summary }: LabelledIssue): string | undefined {
  const label = source.store.format.labelOf(summary);
  return label === undefined || beginsWith(summary.title, label) ? undefined : label;
}

function beginsWith(title: string, label: string): boolean {
  return title.toLowerCase().startsWith(label.toLowerCase()) && !/^[\p{L}\p{N}]/u.test(title.slice(label.length));
}

/** What a row says of an issue behind its label, the most important first: `In Progress`, `high`, `bug, ui`, `3/7`. */
export function rowTexts(summary: IssueSummary): string[] {
  const { priority, labels = [] } = summary.fields;
  const more = labels.length > MOST_LABELS ? ` +${labels.length - MOST_LABELS}` : '';
  const named = labels.slice(0, MOST_LABELS).map((label) => clipped(label, WORD_LENGTH));
  const texts = [statusText(summary), priority === undefined ? '' : priorityText(priority), `${named.join(', ')}${more}`];
  return [...texts.map((text) => clipped(text, WORD_LENGTH * MOST_LABELS)), progressLabel(summary)].filter((text) => text !== '');
}

/** The file's own word for what its group and icon do not tell in words; empty for what is merely open or done. */
function statusText({ state, fields: { status } }: Pick<IssueSummary, 'state' | 'fields'>): string {
  if (state === 'open') {
    return status === undefined || MERELY_OPEN.test(status) ? '' : clipped(status, WORD_LENGTH);
  }
  if (state === 'done') {
    return '';
  }
  // What was put away in an archive may still have the word of an open issue.
  const isOwnWord = status !== undefined && (state !== 'dropped' || meansDropped(status));
  return isOwnWord ? clipped(status, WORD_LENGTH) : stateLabel(state);
}

/** A remark can stand behind the word, as in `wontfix (nobody asked)`. */
function meansDropped(status: string): boolean {
  return [status, status.split(/[\s(]/, 1).join()].some((word) => stateOfWord(word) === 'dropped');
}

export function stateLabel(state: IssueState): string {
  switch (state) {
    case 'open':
      return l10n.t('Open');
    case 'active':
      return l10n.t('In Progress');
    case 'review':
      return l10n.t('In Review');
    case 'done':
      return l10n.t('Completed');
    case 'dropped':
      return l10n.t('Dropped');
  }
}

/** `3/7`, or nothing where there are no task boxes or nobody has counted them. */
function progressLabel({ progress }: Pick<IssueSummary, 'progress'>): string {
  return progress === undefined || progress.total === 0 ? '' : `${progress.done}/${progress.total}`;
}

/** The same in words. */
export function tasksLabel({ progress }: Pick<IssueSummary, 'progress'>): string {
  return progress === undefined || progress.total === 0 ? '' : l10n.t('{0} of {1} tasks done', progress.done, progress.total);
}

/** `100,000`, as it is written in the language of the window. */
export function countLabel(count: number): string {
  return count.toLocaleString(env.language);
}

const ICONS: Readonly<Record<IssueState, readonly [icon: string, color: string]>> = {
  open: ['issues', 'charts.green'],
  active: ['play-circle', 'charts.yellow'],
  review: ['eye', 'charts.blue'],
  done: ['issue-closed', 'charts.purple'],
  dropped: ['circle-slash', 'descriptionForeground'],
};

export function issueIcon({ problem, state }: Pick<IssueSummary, 'problem' | 'state'>): ThemeIcon {
  if (problem !== undefined) {
    return new ThemeIcon('warning', new ThemeColor('list.warningForeground'));
  }
  const [icon, color] = ICONS[state];
  return new ThemeIcon(icon, new ThemeColor(color));
}

/** The icon of a state, for markdown. */
export function stateIcon(state: IssueState): string {
  return `$(${ICONS[state][0]})`;
}

/** The row in words, for those who hear it: everything that is known of the issue. */
export function issueAccessibleLabel(issue: LabelledIssue & { readonly summary: IssueSummary }): string {
  const { summary } = issue;
  const id = idLabel(issue)?.replace(/^#/, '');
  const name = id === undefined ? summary.title : l10n.t('Issue {0}, {1}', id, summary.title);
  const fields = fieldTexts(summary.fields).map(([field, text]) => `${field}: ${text}`);
  const { problem } = summary;
  const rest = problem === undefined ? [tasksLabel(summary), ...fields] : [problem.message];
  return [name, stateLabel(summary.state).toLocaleLowerCase(env.language), ...rest].filter((part) => part !== '').join(', ');
}
