import type { MeterFigures, StoreFigures } from '../protocol/metricsProtocol.ts';
import { fillText, type MetricsTexts } from '../protocol/metricsTexts.ts';
import { FEATURES, OPERATIONS } from '../protocol/operations.ts';
import { element, setText } from './dom.ts';
import { type Formats, NO_VALUE } from './format.ts';
import { watcherTexts } from './headlines.ts';

type Row = MeterFigures['operations']['read'];

const NO_ROW: Row = { count: 0, failures: 0, totalMicros: 0, averageMicros: 0, p50Micros: 0, p95Micros: 0, p99Micros: 0, maxMicros: 0 };

interface FigureColumn {
  readonly title: string;
  readonly text: (row: Row) => string;
}

interface NamedFigure {
  readonly name: string;
  readonly text: (figures: StoreFigures) => string;
}

/** Every figure of a store, in tables. */
export class FigureTables {
  readonly element: HTMLElement;
  readonly #texts: MetricsTexts;
  readonly #formats: Formats;
  /** Each puts the figures of one cell or row into the page. */
  readonly #updates: ((figures: StoreFigures) => void)[] = [];

  constructor(texts: MetricsTexts, formats: Formats) {
    this.#texts = texts;
    this.#formats = formats;
    this.element = element('div', { class: 'tables' }, [
      element('div', { class: 'meter-tables' }, [
        this.#meterTable('outer', texts.callersFeel, texts.callersFeelDetail),
        this.#meterTable('inner', texts.diskCosts, texts.diskCostsDetail),
        this.#readsTable(),
      ]),
      element('div', { class: 'small-tables' }, [
        this.#namedTable('cache', texts.cache, this.#cacheFigures()),
        element('div', { class: 'table-stack' }, [
          this.#namedTable('saved', texts.cacheSaved, this.#savedFigures()),
          this.#namedTable('store', texts.issueStore, this.#storeFigures()),
        ]),
      ]),
    ]);
  }

  update(figures: StoreFigures): void {
    for (const update of this.#updates) {
      update(figures);
    }
  }

  #meterTable(meter: 'outer' | 'inner', title: string, detail: string): HTMLElement {
    const columns = this.#meterColumns();
    const rows = OPERATIONS.map((kind) => this.#row(this.#texts[kind], columns, (figures) => figures[meter].operations[kind]));
    return scrollable(`${meter}-caption`, [
      caption(`${meter}-caption`, title, detail),
      element('thead', {}, [this.#headRow(this.#texts.operation, columns)]),
      element('tbody', {}, rows),
      element('tfoot', {}, [this.#totalRow(meter, columns.length)]),
    ]);
  }

  #readsTable(): HTMLElement {
    const texts = this.#texts;
    const columns = this.#meterColumns();
    const rows = FEATURES.map((feature) => this.#row(texts[feature], columns, ({ readsBy }) => readsBy[feature]));
    return scrollable('reads-caption', [
      caption('reads-caption', texts.readsByFeature, texts.readsByFeatureDetail),
      element('thead', {}, [this.#headRow(texts.feature, columns)]),
      element('tbody', {}, rows),
    ]);
  }

  #headRow(first: string, columns: readonly FigureColumn[]): HTMLElement {
    const heads = [first, ...columns.map(({ title }) => title)];
    return element(
      'tr',
      {},
      heads.map((text) => element('th', { text, attributes: { scope: 'col' } })),
    );
  }

  #row(name: string, columns: readonly FigureColumn[], pick: (figures: StoreFigures) => Row | undefined): HTMLElement {
    const cells = columns.map(() => element('td'));
    this.#updates.push((figures) => {
      const row = pick(figures) ?? NO_ROW;
      for (const [index, { text }] of columns.entries()) {
        fillCell(cells[index], text(row));
      }
    });
    return element('tr', {}, [element('th', { text: name, attributes: { scope: 'row' } }), ...cells]);
  }

  #meterColumns(): readonly FigureColumn[] {
    const { count, duration } = this.#formats;
    const texts = this.#texts;
    const time = (title: string, pick: (row: Row) => number): FigureColumn => ({
      title,
      text: (row) => (row.count === 0 ? NO_VALUE : duration(pick(row))),
    });
    return [
      { title: texts.count, text: (row) => count(row.count) },
      { title: texts.failed, text: (row) => count(row.failures) },
      time(texts.average, (row) => row.averageMicros),
      time(texts.median, (row) => row.p50Micros),
      time(texts.p95, (row) => row.p95Micros),
      time(texts.p99, (row) => row.p99Micros),
      time(texts.max, (row) => row.maxMicros),
      time(texts.total, (row) => row.totalMicros),
    ];
  }

  /** Percentiles of different kinds cannot be added up, so these cells stay without a value. */
  #totalRow(meter: 'outer' | 'inner', cellCount: number): HTMLElement {
    const { count, duration } = this.#formats;
    const cells = Array.from({ length: cellCount }, () => element('td', { class: 'is-none', text: NO_VALUE }));
    this.#updates.push((figures) => {
      const { operations, totalOperations, totalFailures, overallAverageMicros } = figures[meter];
      const total = OPERATIONS.reduce((sum, kind) => sum + operations[kind].totalMicros, 0);
      const max = OPERATIONS.reduce((highest, kind) => Math.max(highest, operations[kind].maxMicros), 0);
      const isEmpty = totalOperations === 0;
      fillCell(cells[0], count(totalOperations));
      fillCell(cells[1], count(totalFailures));
      fillCell(cells[2], isEmpty ? NO_VALUE : duration(overallAverageMicros));
      fillCell(cells[6], isEmpty ? NO_VALUE : duration(max));
      fillCell(cells[7], isEmpty ? NO_VALUE : duration(total));
    });
    return element('tr', {}, [element('th', { text: this.#texts.allOperations, attributes: { scope: 'row' } }), ...cells]);
  }

  #namedTable(id: string, title: string, figures: readonly NamedFigure[]): HTMLElement {
    const rows = figures.map(({ name, text }) => {
      const cell = element('td');
      this.#updates.push((snapshot) => fillCell(cell, text(snapshot)));
      return element('tr', {}, [element('th', { text: name, attributes: { scope: 'row' } }), cell]);
    });
    return scrollable(`${id}-caption`, [caption(`${id}-caption`, title), element('tbody', {}, rows)]);
  }

  #cacheFigures(): readonly NamedFigure[] {
    const { count, percent, megabytes } = this.#formats;
    const texts = this.#texts;
    return [
      { name: texts.hits, text: ({ cache }) => count(cache.hits) },
      { name: texts.misses, text: ({ cache }) => count(cache.misses) },
      { name: texts.hitRate, text: ({ cache }) => (cache.hits + cache.misses === 0 ? NO_VALUE : percent(cache.hitRate)) },
      { name: texts.revalidated, text: ({ cache }) => count(cache.revalidated) },
      { name: texts.readAhead, text: ({ cache }) => count(cache.readAhead) },
      { name: texts.readAheadUsed, text: ({ cache }) => count(cache.readAheadUsed) },
      { name: texts.entries, text: ({ cache }) => count(cache.size) },
      { name: texts.limit, text: ({ cache }) => count(cache.maxSize) },
      { name: texts.textSize, text: ({ cache }) => fillText(texts.textSizeValue, megabytes(cache.bytes), megabytes(cache.maxBytes)) },
      { name: texts.evictions, text: ({ cache }) => count(cache.evictions) },
      { name: texts.expirations, text: ({ cache }) => count(cache.expirations) },
    ];
  }

  #savedFigures(): readonly NamedFigure[] {
    const { count, duration } = this.#formats;
    return [
      { name: this.#texts.readsSaved, text: ({ saved }) => count(saved.reads) },
      { name: this.#texts.timeSaved, text: ({ saved }) => (saved.micros === 0 ? NO_VALUE : duration(saved.micros)) },
    ];
  }

  #storeFigures(): readonly NamedFigure[] {
    const { count } = this.#formats;
    const states = watcherTexts(this.#texts);
    return [
      { name: this.#texts.activeIssues, text: ({ activeIssues }) => count(activeIssues) },
      { name: this.#texts.completedIssues, text: ({ completedIssues }) => count(completedIssues) },
      { name: this.#texts.watcher, text: ({ watcher }) => states[watcher].name },
      { name: this.#texts.reconciles, text: ({ coherence }) => count(coherence.reconciles) },
      { name: this.#texts.missed, text: ({ coherence }) => count(coherence.missed) },
      { name: this.#texts.healed, text: ({ coherence }) => count(coherence.healed) },
    ];
  }
}

/** A table that scrolls sideways by itself where the panel is too narrow, with the keyboard too. */
function scrollable(captionId: string, parts: readonly Node[]): HTMLElement {
  const attributes = { role: 'region', tabindex: '0', 'aria-labelledby': captionId };
  return element('div', { class: 'table-scroll', attributes }, [element('table', {}, parts)]);
}

function caption(id: string, title: string, detail?: string): HTMLElement {
  const parts = [element('span', { class: 'caption-title', text: title })];
  if (detail !== undefined) {
    parts.push(element('span', { class: 'caption-detail', text: detail }));
  }
  return element('caption', { attributes: { id } }, parts);
}

function fillCell(cell: HTMLElement | undefined, text: string): void {
  if (cell) {
    setText(cell, text);
    cell.classList.toggle('is-none', text === NO_VALUE || text === '0');
  }
}
