import { env, l10n, ThemeColor, ThemeIcon } from 'vscode';
import { type IssueSummary, isCompleted } from '../core/index.ts';

/** `#12 Fix the login`, or the title alone where there is no number. */
export function issueLabel({ number, title }: Pick<IssueSummary, 'number' | 'title'>): string {
  return number === undefined ? title : `#${number} ${title}`;
}

/** `3/7`, or nothing where there are no task boxes or nobody has counted them. */
export function progressLabel({ progress }: Pick<IssueSummary, 'progress'>): string {
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

export function issueIcon({ problem, state }: Pick<IssueSummary, 'problem' | 'state'>): ThemeIcon {
  if (problem !== undefined) {
    return new ThemeIcon('warning', new ThemeColor('list.warningForeground'));
  }
  return isCompleted({ state })
    ? new ThemeIcon('issue-closed', new ThemeColor('charts.purple'))
    : new ThemeIcon('issues', new ThemeColor('charts.green'));
}

/** The row in words, for those who hear it. */
export function issueAccessibleLabel(summary: IssueSummary): string {
  const { number, title, problem } = summary;
  const name = number === undefined ? title : l10n.t('Issue {0}, {1}', number, title);
  const state = isCompleted(summary) ? l10n.t('completed') : l10n.t('active');
  return [name, state, problem === undefined ? tasksLabel(summary) : problem.message].filter((part) => part !== '').join(', ');
}
