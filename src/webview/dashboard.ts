import { appendSample } from '../protocol/metricsHistory.ts';
import type { HostMessage, SelectedStore, StoreChoice, StoreFigures, WebviewMessage } from '../protocol/metricsProtocol.ts';
import type { MetricsTexts } from '../protocol/metricsTexts.ts';
import { OPERATIONS } from '../protocol/operations.ts';
import { type Buckets, toBuckets } from './buckets.ts';
import { createChartSpecs } from './chartSpecs.ts';
import { element, setText } from './dom.ts';
import { FigureTables } from './figureTables.ts';
import type { Formats } from './format.ts';
import { Headlines } from './headlines.ts';
import { type ChartTheme, readChartTheme } from './theme.ts';
import { TimeChart } from './timeChart.ts';
import { Toolbar } from './toolbar.ts';
import type { RangeMinutes, ViewState } from './viewState.ts';

/** What the panel needs from its surroundings. */
export interface DashboardPorts {
  readonly texts: MetricsTexts;
  readonly formats: Formats;
  readonly post: (message: WebviewMessage) => void;
  readonly saveState: (state: ViewState) => void;
}

type Delta = Pick<Extract<HostMessage, { type: 'delta' }>, 'sample' | 'figures'>;

/** Throttles the summaries for screen readers, so that they can be read to the end. */
const SUMMARY_INTERVAL_MILLIS = 10_000;

/** Everything in the panel. It shows what the host sends, and remembers what the user chose. */
export class Dashboard {
  readonly element: HTMLElement;
  readonly #ports: DashboardPorts;
  readonly #toolbar: Toolbar;
  readonly #headlines: Headlines;
  readonly #charts: readonly TimeChart[];
  readonly #tables: FigureTables;
  readonly #content: HTMLElement;
  readonly #placeholder: HTMLElement;
  readonly #announcer = element('div', { class: 'visually-hidden', attributes: { role: 'status' } });
  #state: ViewState;
  /** The latest data from the host. It is kept up to date while the panel is paused, so that pausing leaves no gap. */
  #live: SelectedStore | undefined;
  #isResetAwaited = false;
  #summariesAt = Number.NEGATIVE_INFINITY;

  constructor(ports: DashboardPorts, state: ViewState) {
    this.#ports = ports;
    this.#state = state;
    const { texts, formats } = ports;
    this.#toolbar = new Toolbar(texts, {
      setRange: (minutes) => this.#setRange(minutes),
      togglePause: () => this.#togglePause(),
      reset: () => this.#reset(),
      selectStore: (storeId) => ports.post({ type: 'selectStore', storeId }),
    });
    this.#headlines = new Headlines(texts, formats);
    this.#tables = new FigureTables(texts, formats);
    const surroundings = { texts, formats, theme: readChartTheme(), onToggleSeries: (key: string) => this.#toggleSeries(key) };
    this.#charts = createChartSpecs(texts, formats).map((spec) => new TimeChart(spec, surroundings));
    this.#content = element('main', { class: 'content' }, [
      this.#headlines.element,
      section(texts.charts, 'charts', 'visually-hidden', [
        element(
          'div',
          { class: 'charts' },
          this.#charts.map((chart) => chart.element),
        ),
      ]),
      section(texts.allFigures, 'figures', 'section-title', [this.#tables.element]),
    ]);
    this.#content.hidden = true;
    this.#placeholder = element('p', { class: 'placeholder', text: texts.waiting });
    this.element = element('div', { class: 'dashboard' }, [this.#toolbar.element, this.#placeholder, this.#content, this.#announcer]);
    this.#toolbar.setRange(state.rangeMinutes);
    this.#toolbar.setPaused(undefined);
  }

  receive(message: HostMessage): void {
    if (message.type === 'snapshot') {
      this.#showSnapshot(message.stores, message.selected);
    } else if (message.storeId === this.#live?.id) {
      this.#takeDelta(message);
    }
  }

  setTheme(theme: ChartTheme): void {
    for (const chart of this.#charts) {
      chart.setTheme(theme);
    }
  }

  #showSnapshot(stores: readonly StoreChoice[], selected: SelectedStore | null): void {
    this.#toolbar.setStores(stores, selected?.id);
    this.#live = selected ?? undefined;
    this.#content.hidden = selected === null;
    this.#placeholder.hidden = selected !== null;
    if (!selected) {
      const { noStore, noStoreHint } = this.#ports.texts;
      this.#placeholder.replaceChildren(element('strong', { text: noStore }), element('span', { text: noStoreHint }));
      return;
    }
    const { paused } = this.#state;
    // Choosing another store or resetting this one shows it at once, even while paused.
    const isOutdated = paused !== undefined && (paused.id !== selected.id || this.#isResetAwaited);
    this.#save({ storeId: selected.id, ...(isOutdated ? { paused: structuredClone(selected) } : {}) });
    if (this.#isResetAwaited) {
      this.#isResetAwaited = false;
      this.#announce(this.#ports.texts.announceReset);
    }
    this.#summariesAt = Number.NEGATIVE_INFINITY;
    this.#render();
  }

  #takeDelta({ sample, figures }: Delta): void {
    if (this.#live === undefined) {
      return;
    }
    appendSample(this.#live.history, sample);
    this.#live = { ...this.#live, figures };
    if (this.#state.paused === undefined) {
      this.#render();
    }
  }

  #render(): void {
    const { paused, rangeMinutes, hiddenSeries } = this.#state;
    const shown = paused ?? this.#live;
    if (shown === undefined) {
      return;
    }
    const { history, figures } = shown;
    const buckets = toBuckets(history, rangeMinutes, Date.now());
    const hidden = new Set(hiddenSeries);
    const [hitRate, cacheSize, ...byKind] = this.#charts;
    hitRate?.update({ buckets, hidden, emptyText: buckets.hitRate.some(isKnown) ? undefined : this.#ports.texts.noReadsYet });
    cacheSize?.update({ buckets, hidden, emptyText: undefined });
    const emptyText = this.#emptyText(buckets, figures);
    for (const chart of byKind) {
      chart.update({ buckets, hidden, emptyText });
    }
    this.#headlines.update(figures);
    this.#tables.update(figures);
    this.#toolbar.setPaused(paused && this.#ports.formats.time(buckets.to));
    this.#renewSummaries();
  }

  #emptyText(buckets: Buckets, figures: StoreFigures): string | undefined {
    if (OPERATIONS.some((kind) => buckets.operations[kind].average.some(isKnown))) {
      return undefined;
    }
    return figures.outer.totalOperations === 0 ? this.#ports.texts.noOperationsYet : this.#ports.texts.nothingInRange;
  }

  #renewSummaries(): void {
    const now = performance.now();
    if (now - this.#summariesAt >= SUMMARY_INTERVAL_MILLIS) {
      this.#summariesAt = now;
      for (const chart of this.#charts) {
        chart.describe(String(this.#state.rangeMinutes));
      }
    }
  }

  #setRange(rangeMinutes: RangeMinutes): void {
    this.#save({ rangeMinutes });
    this.#summariesAt = Number.NEGATIVE_INFINITY;
    this.#render();
  }

  #togglePause(): void {
    const isPausing = this.#state.paused === undefined;
    this.#save({ paused: isPausing ? structuredClone(this.#live) : undefined });
    // Update the summaries now, because nothing is rendered while paused.
    this.#summariesAt = Number.NEGATIVE_INFINITY;
    this.#render();
    this.#announce(isPausing ? this.#ports.texts.announcePaused : this.#ports.texts.announceResumed);
  }

  #toggleSeries(key: string): void {
    const hidden = new Set(this.#state.hiddenSeries);
    if (!hidden.delete(key)) {
      hidden.add(key);
    }
    this.#save({ hiddenSeries: [...hidden] });
    this.#render();
  }

  #reset(): void {
    if (this.#live !== undefined) {
      this.#isResetAwaited = true;
      this.#ports.post({ type: 'reset', storeId: this.#live.id });
    }
  }

  #save(change: Partial<ViewState>): void {
    this.#state = { ...this.#state, ...change };
    this.#ports.saveState(this.#state);
  }

  #announce(text: string): void {
    setText(this.#announcer, text);
  }
}

function section(title: string, id: string, headingClass: string, children: readonly Node[]): HTMLElement {
  const heading = element('h2', { class: headingClass, text: title, attributes: { id: `${id}-heading` } });
  return element('section', { attributes: { 'aria-labelledby': `${id}-heading` } }, [heading, ...children]);
}

function isKnown(value: number | null): boolean {
  return value !== null;
}
