import { env, l10n, MarkdownString, StatusBarAlignment, window } from 'vscode';
import type { Disposable, Logger } from '../../core/index.ts';
import { commandIds } from '../commandIds.ts';
import { DisposableList } from '../disposableList.ts';
import { noReadsYet } from '../noReadsYet.ts';
import type { WorkspaceStore, WorkspaceStores } from '../stores/workspaceStores.ts';

const ITEM_ID = 'markdownIssues.status';
const PRIORITY = 10;
const UPDATE_MS = 1000;

/** The stores whose figures are added up. */
export type ShownStores = Pick<WorkspaceStores, 'all' | 'onDidChange' | 'onDidChangeState' | 'onDidChangeStores'>;

/** Shows the number of open issues and the cache's hit rate, with details and commands in the tooltip. */
export function registerIssueStatusBar({ stores, logger }: { readonly stores: ShownStores; readonly logger: Logger }): Disposable {
  const lifetime = new DisposableList((error) => logger.error(String(error)));
  const item = lifetime.add(window.createStatusBarItem(ITEM_ID, StatusBarAlignment.Left, PRIORITY));
  item.name = l10n.t('Markdown Issues');
  item.command = commandIds.showMetrics;
  let shown = '';
  const update = () => {
    const ready = stores.all.filter(({ store }) => store.state === 'ready');
    const figures = ready.map(figuresOf);
    // Setting the text redraws the item and closes its tooltip even if nothing changed, so do it only for new figures.
    const key = JSON.stringify(figures);
    if (key === shown) {
      return;
    }
    shown = key;
    if (figures.length === 0) {
      item.hide();
      return;
    }
    const { active, hitRate } = summed(figures);
    item.text = `$(issues) ${count(active)} $(database) ${percent(hitRate)}`;
    item.tooltip = tooltipOf(figures);
    const label = hitRate === undefined ? l10n.t('nothing read yet') : l10n.t('cache hit rate {0}', percent(hitRate));
    const open = active === 1 ? l10n.t('1 open issue') : l10n.t('{0} open issues', count(active));
    item.accessibilityInformation = { label: `${open}, ${label}`, role: 'button' };
    item.show();
  };
  lifetime.add(stores.onDidChange(update));
  lifetime.add(stores.onDidChangeState(update));
  lifetime.add(stores.onDidChangeStores(update));
  const timer = setInterval(update, UPDATE_MS);
  lifetime.add({ dispose: () => clearInterval(timer) });
  update();
  return lifetime;
}

type Figures = ReturnType<typeof figuresOf>;

function figuresOf({ name, where, store }: WorkspaceStore) {
  const { activeIssues, completedIssues, cache, saved } = store.snapshot();
  return {
    name: where === '' ? name : l10n.t('{0} ({1})', name, where),
    active: activeIssues,
    completed: completedIssues,
    cache,
    savedReads: saved.reads,
    savedMicros: Math.round(saved.micros),
  };
}

function summed(figures: readonly Figures[]): { readonly active: number; readonly hitRate: number | undefined } {
  const sum = (pick: (figure: Figures) => number) => figures.reduce((total, figure) => total + pick(figure), 0);
  const [hits, misses] = [sum(({ cache }) => cache.hits), sum(({ cache }) => cache.misses)];
  return { active: sum(({ active }) => active), hitRate: hits + misses === 0 ? undefined : hits / (hits + misses) };
}

function tooltipOf(figures: readonly Figures[]): MarkdownString {
  const tooltip = new MarkdownString(undefined, true);
  // Only these commands may run from a link. No text in the tooltip comes from a file.
  tooltip.isTrusted = { enabledCommands: [commandIds.showMetrics, commandIds.clearCache, commandIds.resetMetrics, commandIds.goToIssue] };
  tooltip.appendMarkdown(`${figures.length === 1 ? figures.map(tableOf).join() : commonTableOf(figures)}\n\n`);
  if (summed(figures).hitRate === undefined) {
    tooltip.appendText(noReadsYet()).appendMarkdown('\n\n');
  }
  const link = (title: string, command: string) => `[${title}](command:${command})`;
  tooltip.appendMarkdown(
    [
      link(`$(graph-line) ${l10n.t('Show Metrics')}`, commandIds.showMetrics),
      link(`$(search) ${l10n.t('Go to Issue')}`, commandIds.goToIssue),
      link(`$(clear-all) ${l10n.t('Clear Cache')}`, commandIds.clearCache),
      link(`$(discard) ${l10n.t('Reset Metrics')}`, commandIds.resetMetrics),
    ].join(' &nbsp; '),
  );
  return tooltip;
}

function tableOf({ active, completed, cache, savedReads, savedMicros }: Figures): string {
  const { hits, misses, revalidated, readAhead, readAheadUsed, size, maxSize, evictions, expirations } = cache;
  const saved = savedMicros === 0 ? count(savedReads) : l10n.t('{0} ({1} ms)', count(savedReads), (savedMicros / 1000).toFixed(1));
  const rows: [string, string][] = [
    [l10n.t('Open issues'), l10n.t('{0} of {1}', count(active), count(active + completed))],
    [l10n.t('Cache hit rate'), percent(hits + misses === 0 ? undefined : cache.hitRate)],
    [l10n.t('Hits · misses'), `${count(hits)} · ${count(misses)}`],
    [l10n.t('Revalidated hits'), count(revalidated)],
    [l10n.t('Read ahead · used'), `${count(readAhead)} · ${count(readAheadUsed)}`],
    [l10n.t('Cache entries'), l10n.t('{0} of {1}', count(size), count(maxSize))],
    [l10n.t('Evicted · expired'), `${count(evictions)} · ${count(expirations)}`],
    [l10n.t('Reads saved'), saved],
  ];
  return ['| | |', '|:--|--:|', ...rows.map(([name, value]) => `| ${name} &nbsp;&nbsp; | ${value} |`)].join('\n');
}

/** One row for each of several stores, with what the item itself adds up; the panel has the rest. */
function commonTableOf(figures: readonly Figures[]): string {
  const rows = figures.map(({ name, active, completed, cache: { hits, misses, hitRate } }) => [
    name,
    l10n.t('{0} of {1}', count(active), count(active + completed)),
    percent(hits + misses === 0 ? undefined : hitRate),
  ]);
  return [rowOf(['', l10n.t('Open issues'), l10n.t('Cache hit rate')]), '|:--|--:|--:|', ...rows.map(rowOf)].join('\n');
}

/** Only the first cell, a store's name, may be broken into lines. */
function rowOf(cells: readonly string[]): string {
  const texts = cells.map((cell) => new MarkdownString().appendText(cell).value.replaceAll('|', '\\|'));
  const [first = '', ...others] = texts;
  return `| ${[first.replaceAll('&nbsp;', ' '), ...others].join('&nbsp;&nbsp; | ')} |`;
}

function count(value: number): string {
  return value.toLocaleString(env.language);
}

function percent(rate: number | undefined): string {
  return rate === undefined ? '–' : `${Math.round(rate * 100)}%`;
}
