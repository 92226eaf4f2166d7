import type { MetricsTexts } from '../protocol/metricsTexts.ts';
import { OPERATIONS, type Operation } from '../protocol/operations.ts';
import type { Buckets, Column, OperationBuckets } from './buckets.ts';
import type { Formats } from './format.ts';
import type { SeriesStyle } from './legend.ts';
import type { MarkerShape } from './markers.ts';
import { type AxisRange, forLogScale, linearRange, logRange, RATIO_RANGE, withoutRest } from './scales.ts';
import type { SeriesColour } from './theme.ts';
import type { ChartSpec } from './timeChart.ts';

const SOLID: readonly number[] = [];
const DASHED: readonly number[] = [5, 4];

const KINDS: Readonly<
  Record<Operation, { readonly colour: SeriesColour; readonly dash: readonly number[]; readonly marker: MarkerShape }>
> = {
  create: { colour: 'green', dash: [9, 4], marker: 'triangle' },
  read: { colour: 'blue', dash: SOLID, marker: 'circle' },
  update: { colour: 'yellow', dash: [2, 3], marker: 'square' },
  delete: { colour: 'red', dash: [9, 3, 2, 3], marker: 'cross' },
  list: { colour: 'purple', dash: [5, 3], marker: 'diamond' },
};

/** The axis before the first measurement, in microseconds: from about a cached read to ten milliseconds. */
const USUAL_LATENCIES: AxisRange = [1, 10_000];

/** The charts of the panel in the order of reading. */
export function createChartSpecs(texts: MetricsTexts, formats: Formats): readonly ChartSpec[] {
  return [
    hitRateChart(texts, formats),
    cacheChart(texts, formats),
    rateChart(texts, formats),
    latencyChart('average', texts.averageLatency, texts, formats),
    latencyChart('p95', texts.p95Latency, texts, formats),
  ];
}

function hitRateChart(texts: MetricsTexts, formats: Formats): ChartSpec {
  return {
    id: 'hitRate',
    title: texts.hitRate,
    series: [
      { key: 'overall', label: texts.overall, colour: 'green', dash: SOLID, width: 2, filled: true },
      { key: 'recent', label: texts.recent, colour: 'blue', dash: DASHED, width: 1.5, marker: 'circle' },
    ],
    format: formats.percent,
    columns: ({ hitRate, recentHitRate }) => [hitRate, recentHitRate],
    range: () => RATIO_RANGE,
  };
}

function cacheChart(texts: MetricsTexts, formats: Formats): ChartSpec {
  return {
    id: 'cacheSize',
    title: texts.cacheSize,
    series: [
      { key: 'entries', label: texts.entries, colour: 'blue', dash: SOLID, width: 2, filled: true, stepped: true },
      { key: 'limit', label: texts.limit, colour: 'neutral', dash: DASHED, width: 1.5, stepped: true },
    ],
    format: formats.short,
    columns: ({ cacheSize, cacheMaxSize }) => [cacheSize, cacheMaxSize],
    range: ({ cacheSize, cacheMaxSize }, hidden) => linearRange(hidden.has('limit') ? [cacheSize] : [cacheSize, cacheMaxSize], 20),
  };
}

function rateChart(texts: MetricsTexts, formats: Formats): ChartSpec {
  return {
    id: 'rate',
    title: texts.operationsPerSecond,
    series: kindSeries(texts).map(withoutMarker),
    format: formats.rate,
    formatTick: formats.short,
    toDrawn: withoutRest,
    columns: (buckets) => kindColumns(buckets, 'rate', OPERATIONS),
    range: (buckets, hidden) => linearRange(kindColumns(buckets, 'rate', shownKinds(hidden)), 1),
  };
}

/** Both latency charts have one range, so that they can be compared by eye. */
function latencyChart(figure: 'average' | 'p95', title: string, texts: MetricsTexts, formats: Formats): ChartSpec {
  return {
    id: figure,
    title,
    note: texts.logarithmic,
    series: kindSeries(texts),
    isLogarithmic: true,
    toDrawn: forLogScale,
    format: formats.duration,
    formatTick: formats.durationTick,
    columns: (buckets) => kindColumns(buckets, figure, OPERATIONS),
    range: (buckets, hidden) => {
      const kinds = shownKinds(hidden);
      return logRange([...kindColumns(buckets, 'average', kinds), ...kindColumns(buckets, 'p95', kinds)], USUAL_LATENCIES);
    },
  };
}

function kindSeries(texts: MetricsTexts): SeriesStyle[] {
  return OPERATIONS.map((kind) => ({ key: kind, label: texts[kind], ...KINDS[kind], width: 1.75 }));
}

/** Rates rise from 0 and fall to it again, so no value stands alone. */
function withoutMarker({ marker, ...style }: SeriesStyle): SeriesStyle {
  return style;
}

function kindColumns(buckets: Buckets, figure: keyof OperationBuckets, kinds: readonly Operation[]): Column[] {
  return kinds.map((kind) => buckets.operations[kind][figure]);
}

function shownKinds(hidden: ReadonlySet<string>): Operation[] {
  return OPERATIONS.filter((kind) => !hidden.has(kind));
}
