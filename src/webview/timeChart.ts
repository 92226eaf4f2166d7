import uPlot from 'uplot';
import { fillText, type MetricsTexts } from '../protocol/metricsTexts.ts';
import type { Buckets, Column } from './buckets.ts';
import { element, setText } from './dom.ts';
import { type Formats, NO_VALUE } from './format.ts';
import { Legend, type SeriesStyle } from './legend.ts';
import { markerPaths } from './markers.ts';
import { type AxisRange, highestValue, latestValue, logTicks, sparseRows } from './scales.ts';
import type { ChartTheme } from './theme.ts';
import { Tooltip } from './tooltip.ts';

/** What a chart shows. */
export interface ChartSpec {
  readonly id: string;
  readonly title: string;
  /** Beside the title: what a reader must know about the axis. */
  readonly note?: string;
  readonly series: readonly SeriesStyle[];
  readonly isLogarithmic?: boolean;
  readonly format: (value: number | null) => string;
  /** For the axis, where it differs from `format`. */
  readonly formatTick?: (value: number | null) => string;
  /** Columns in the order of `series`. */
  readonly columns: (buckets: Buckets) => Column[];
  /** What to draw of a column; legend, tooltip and summary keep to the column itself. */
  readonly toDrawn?: (column: Column) => Column;
  readonly range: (buckets: Buckets, hidden: ReadonlySet<string>) => AxisRange;
}

/** What all charts have in common. */
export interface ChartSurroundings {
  readonly texts: MetricsTexts;
  readonly formats: Formats;
  readonly theme: ChartTheme;
  readonly onToggleSeries: (key: string) => void;
}

export interface ChartFrame {
  readonly buckets: Buckets;
  readonly hidden: ReadonlySet<string>;
  /** Shown instead of lines; undefined if there are lines. */
  readonly emptyText: string | undefined;
}

const AXIS_WIDTH = 54;
const AXIS_HEIGHT = 26;
const TICK_SPACE_Y = 28;
const TICK_SPACE_X = 72;
/** A time with its seconds may stand under the right end of the axis, half of it beyond. */
const HALF_TIME_WIDTH = 28;
const MINUTE_MILLIS = 60_000;
const TICK_STEPS_X = [10_000, 20_000, 30_000, MINUTE_MILLIS, 2 * MINUTE_MILLIS, 3 * MINUTE_MILLIS, 5 * MINUTE_MILLIS];

/** A chart of lines over time with title, legend and tooltip. Pointing at one chart shows the same moment in all. */
export class TimeChart {
  readonly element: HTMLElement;
  readonly #spec: ChartSpec;
  readonly #surroundings: ChartSurroundings;
  readonly #plotArea: HTMLElement;
  readonly #emptyText = element('span');
  readonly #empty = element('p', { class: 'chart-empty' }, [this.#emptyText]);
  readonly #summary: HTMLElement;
  readonly #legend: Legend;
  readonly #tooltip: Tooltip;
  #theme: ChartTheme;
  #plot: uPlot | undefined;
  #frame: ChartFrame | undefined;
  #columns: Column[] = [];
  #range: AxisRange = [0, 1];

  constructor(spec: ChartSpec, surroundings: ChartSurroundings) {
    this.#spec = spec;
    this.#surroundings = surroundings;
    this.#theme = surroundings.theme;
    this.#legend = new Legend(spec.series, surroundings.texts.showSeries, surroundings.onToggleSeries);
    this.#tooltip = new Tooltip(spec.series);
    this.#summary = element('p', { class: 'visually-hidden', attributes: { id: `${spec.id}-summary` } });
    this.#plotArea = element('div', {
      class: 'plot',
      attributes: { role: 'img', 'aria-labelledby': `${spec.id}-title`, 'aria-describedby': `${spec.id}-summary` },
    });
    const title = element('h3', { class: 'chart-title', text: spec.title, attributes: { id: `${spec.id}-title` } });
    const note = element('span', { class: 'chart-note', text: spec.note ?? '' });
    this.element = element('figure', { class: `chart chart-${spec.id}`, attributes: { 'aria-labelledby': `${spec.id}-title` } }, [
      element('figcaption', { class: 'chart-caption' }, [title, note]),
      element('div', { class: 'plot-frame' }, [this.#plotArea, this.#empty, this.#tooltip.element]),
      this.#legend.element,
      this.#summary,
    ]);
    new ResizeObserver(() => this.#fit()).observe(this.#plotArea);
  }

  update(frame: ChartFrame): void {
    this.#frame = frame;
    this.#columns = this.#spec.columns(frame.buckets);
    this.#range = this.#spec.range(frame.buckets, frame.hidden);
    setText(this.#emptyText, frame.emptyText ?? '');
    this.#empty.hidden = frame.emptyText === undefined;
    this.#legend.setHidden(frame.hidden);
    this.#draw(frame);
    this.#showLegendValues();
  }

  setTheme(theme: ChartTheme): void {
    this.#theme = theme;
    this.#plot?.destroy();
    this.#plot = undefined;
    if (this.#frame) {
      this.#draw(this.#frame);
    }
  }

  /** Updates the sentence that describes the chart. Screen readers can read it here; it is never announced. */
  describe(minutes: string): void {
    const { texts } = this.#surroundings;
    const series = this.#spec.series.map(({ label }, index) => {
      const column = this.#columns[index] ?? [];
      const highest = highestValue(column);
      return highest === null
        ? fillText(texts.noValue, label)
        : fillText(texts.summarySeries, label, this.#spec.format(latestValue(column)), this.#spec.format(highest));
    });
    const said = this.#frame?.emptyText ?? fillText(texts.summary, this.#spec.title, minutes, series.join(texts.summarySeparator));
    setText(this.#summary, said);
  }

  #draw({ buckets, hidden }: ChartFrame): void {
    const { toDrawn } = this.#spec;
    const data: uPlot.AlignedData = [buckets.at, ...(toDrawn ? this.#columns.map(toDrawn) : this.#columns)];
    if (!this.#plot) {
      // Without a size there is nothing to draw on; the observer calls again once there is one.
      const { clientWidth: width, clientHeight: height } = this.#plotArea;
      if (width > 0 && height > 0) {
        this.#plot = new uPlot(this.#options(width, height, hidden), data, this.#plotArea);
      }
      return;
    }
    const plot = this.#plot;
    plot.batch(() => {
      for (const [index, { key }] of this.#spec.series.entries()) {
        const show = !hidden.has(key);
        if (plot.series[index + 1]?.show !== show) {
          plot.setSeries(index + 1, { show });
        }
      }
      plot.setData(data);
    });
  }

  #fit(): void {
    const { clientWidth: width, clientHeight: height } = this.#plotArea;
    if (width === 0 || height === 0) {
      return;
    }
    if (this.#plot) {
      this.#plot.setSize({ width, height });
    } else if (this.#frame) {
      this.#draw(this.#frame);
    }
  }

  #options(width: number, height: number, hidden: ReadonlySet<string>): uPlot.Options {
    return {
      width,
      height,
      ms: 1,
      padding: [10, HALF_TIME_WIDTH, 0, 0],
      legend: { show: false },
      cursor: { y: false, drag: { x: false, y: false }, sync: { key: 'metrics', setSeries: false }, points: { size: 7, width: 0 } },
      scales: {
        x: { range: () => [this.#frame?.buckets.from ?? 0, this.#frame?.buckets.to ?? 1] },
        y: { distr: this.#spec.isLogarithmic ? 3 : 1, range: () => [...this.#range] },
      },
      axes: [this.#timeAxis(), this.#valueAxis()],
      series: [{}, ...this.#spec.series.map((style) => this.#line(style, !hidden.has(style.key)))],
      hooks: { setCursor: [() => this.#showPointed()] },
    };
  }

  #timeAxis(): uPlot.Axis {
    const { formats } = this.#surroundings;
    return {
      stroke: this.#theme.text,
      font: this.#theme.font,
      size: AXIS_HEIGHT,
      gap: 6,
      space: TICK_SPACE_X,
      incrs: TICK_STEPS_X,
      grid: { show: false },
      ticks: { stroke: this.#theme.grid, width: 1, size: 4 },
      values: (_plot, splits, _axis, _space, step) => splits.map((at) => (step < MINUTE_MILLIS ? formats.time(at) : formats.minute(at))),
    };
  }

  #valueAxis(): uPlot.Axis {
    const logarithmic: uPlot.Axis = {
      splits: (plot) => logTicks(this.#range, plot.height / TICK_SPACE_Y),
      filter: (_plot, splits) => splits,
    };
    return {
      stroke: this.#theme.text,
      font: this.#theme.font,
      size: AXIS_WIDTH,
      gap: 8,
      space: TICK_SPACE_Y,
      grid: { stroke: this.#theme.grid, width: 1 },
      ticks: { show: false },
      values: (_plot, splits) => splits.map(this.#spec.formatTick ?? this.#spec.format),
      ...(this.#spec.isLogarithmic ? logarithmic : {}),
    };
  }

  #line(style: SeriesStyle, show: boolean): uPlot.Series {
    const stroke = this.#theme.line(style.colour);
    const stepped = uPlot.paths.stepped?.({ align: -1 });
    return {
      show,
      stroke,
      width: style.width,
      dash: [...style.dash],
      ...(style.filled ? { fill: this.#theme.area(style.colour) } : {}),
      ...(style.stepped && stepped ? { paths: stepped } : {}),
      points: {
        show: false,
        width: 0,
        fill: stroke,
        ...(style.marker ? { paths: markerPaths(style.marker) } : {}),
        filter: (plot, index) => {
          const [first, last] = plot.series[index]?.idxs ?? [0, -1];
          return style.marker ? sparseRows(plot.data[index] ?? [], first, last) : [];
        },
      },
    };
  }

  #showPointed(): void {
    const plot = this.#plot;
    const row = plot?.cursor.idx;
    this.#showLegendValues();
    // The other charts follow the pointer without an event of their own.
    if (!plot || !this.#frame || row === null || row === undefined || !plot.cursor.event || this.#frame.emptyText !== undefined) {
      this.#tooltip.hide();
      return;
    }
    const at = this.#frame.buckets.at[row];
    const { hidden } = this.#frame;
    const values = this.#spec.series.map(({ key }, index) =>
      hidden.has(key) ? undefined : this.#spec.format(this.#columns[index]?.[row] ?? null),
    );
    this.#tooltip.show(at === undefined ? NO_VALUE : this.#surroundings.formats.time(at), values, AXIS_WIDTH + (plot.cursor.left ?? 0));
  }

  /** The values under the pointer, or else the newest. */
  #showLegendValues(): void {
    const row = this.#plot?.cursor.idx;
    const isPointed = row !== null && row !== undefined && (this.#plot?.cursor.left ?? -1) >= 0;
    this.#legend.setValues(this.#columns.map((column) => this.#spec.format(isPointed ? (column[row] ?? null) : latestValue(column))));
  }
}
