import * as v from 'valibot';
import type { MetricsSample, MetricsSnapshot, OperationSample, OperationStats, StoreSnapshot } from '../core/index.ts';
import { type HistoryColumns, isRectangular } from './metricsHistory.ts';
import { OPERATIONS } from './operations.ts';

/**
 * The messages between the extension host and the metrics panel's webview.
 *
 * The webview sends `ready` once it listens. The host answers with a `snapshot`, then sends one `delta` a second while the panel is visible.
 * A new `snapshot` replaces all earlier data: when the panel becomes visible, after a reset, and when the stores change.
 */

/** A store that the user can choose. `id` stays the same as long as the store exists. */
export interface StoreChoice {
  readonly id: string;
  readonly name: string;
}

export type StoreFigures = StoreSnapshot;
export type MeterFigures = MetricsSnapshot;
export type Sample = MetricsSample;

/** A store with its whole history. */
export interface SelectedStore {
  readonly id: string;
  readonly history: HistoryColumns;
  readonly figures: StoreFigures;
}

export type HostMessage =
  | {
      readonly type: 'snapshot';
      readonly stores: readonly StoreChoice[];
      /** One of `stores`; null where there are none. */
      readonly selected: SelectedStore | null;
    }
  | {
      readonly type: 'delta';
      readonly storeId: string;
      readonly sample: Sample;
      readonly figures: StoreFigures;
    };

export type WebviewMessage =
  | {
      readonly type: 'ready';
      /** The store that the view showed before it was recreated. */
      readonly storeId?: string | undefined;
    }
  | { readonly type: 'selectStore'; readonly storeId: string }
  | { readonly type: 'reset'; readonly storeId: string };

const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const measure = v.pipe(v.number(), v.finite(), v.minValue(0));
const ratio = v.pipe(v.number(), v.minValue(0), v.maxValue(1));

// The type annotations make the compiler check each schema against its type.
const operationStats: v.GenericSchema<unknown, OperationStats> = v.object({
  count,
  failures: count,
  totalMicros: measure,
  averageMicros: measure,
  p50Micros: measure,
  p95Micros: measure,
  p99Micros: measure,
  maxMicros: measure,
});

const meter: v.GenericSchema<unknown, MetricsSnapshot> = v.object({
  operations: v.object(v.entriesFromList(OPERATIONS, operationStats)),
  totalOperations: count,
  totalFailures: count,
  overallAverageMicros: measure,
});

const storeSnapshot: v.GenericSchema<unknown, StoreSnapshot> = v.object({
  outer: meter,
  inner: meter,
  cache: v.object({
    ...{ hits: count, misses: count, hitRate: ratio, revalidated: count, readAhead: count, readAheadUsed: count },
    ...{ size: count, maxSize: count, bytes: count, maxBytes: count, evictions: count, expirations: count },
  }),
  saved: v.object({ reads: count, micros: measure }),
  readsBy: v.record(v.string(), operationStats),
  activeIssues: count,
  completedIssues: count,
  watcher: v.picklist(['starting', 'watching', 'failed']),
  coherence: v.object({ reconciles: count, missed: count, healed: count }),
});

const operationSample: v.GenericSchema<unknown, OperationSample> = v.object({
  count,
  averageMicros: v.nullable(measure),
  p95Micros: v.nullable(measure),
});

const sample: v.GenericSchema<unknown, MetricsSample> = v.object({
  at: measure,
  seconds: measure,
  hitRate: v.nullable(ratio),
  intervalHitRate: v.nullable(ratio),
  cacheSize: count,
  cacheMaxSize: count,
  operations: v.object(v.entriesFromList(OPERATIONS, operationSample)),
});

const operationColumns = v.object({
  count: v.array(count),
  averageMicros: v.array(v.nullable(measure)),
  p95Micros: v.array(v.nullable(measure)),
});

const history: v.GenericSchema<unknown, HistoryColumns> = v.pipe(
  v.object({
    at: v.array(measure),
    seconds: v.array(measure),
    hitRate: v.array(v.nullable(ratio)),
    intervalHitRate: v.array(v.nullable(ratio)),
    cacheSize: v.array(count),
    cacheMaxSize: v.array(count),
    operations: v.object(v.entriesFromList(OPERATIONS, operationColumns)),
  }),
  v.check(isRectangular, 'columns differ in length'),
);

/** Also validates the figures in the saved state of the webview. */
export const selectedStore: v.GenericSchema<unknown, SelectedStore> = v.object({ id: v.string(), history, figures: storeSnapshot });

const hostMessage: v.GenericSchema<unknown, HostMessage> = v.variant('type', [
  v.object({
    type: v.literal('snapshot'),
    stores: v.array(v.object({ id: v.string(), name: v.string() })),
    selected: v.nullable(selectedStore),
  }),
  v.object({ type: v.literal('delta'), storeId: v.string(), sample, figures: storeSnapshot }),
]);

const webviewMessage: v.GenericSchema<unknown, WebviewMessage> = v.variant('type', [
  v.object({ type: v.literal('ready'), storeId: v.optional(v.string()) }),
  v.object({ type: v.literal('selectStore'), storeId: v.string() }),
  v.object({ type: v.literal('reset'), storeId: v.string() }),
]);

/** Undefined for an unknown or malformed message. Drops unknown fields. */
export function parseHostMessage(data: unknown): HostMessage | undefined {
  const result = v.safeParse(hostMessage, data, { abortEarly: true });
  return result.success ? result.output : undefined;
}

/** Undefined for an unknown or malformed message. Drops unknown fields. */
export function parseWebviewMessage(data: unknown): WebviewMessage | undefined {
  const result = v.safeParse(webviewMessage, data, { abortEarly: true });
  return result.success ? result.output : undefined;
}
