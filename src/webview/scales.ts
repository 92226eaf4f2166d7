import type { Column } from './buckets.ts';

/** Lowest and highest value of an axis. */
export type AxisRange = readonly [min: number, max: number];

/** In microseconds. Shorter durations are noise, and a logarithmic axis cannot show 0. */
const SHORTEST_MICROS = 0.1;

const LONGEST_MARKED_RUN = 3;

/** Room above the highest value, so that a line along the top is not cut in half. */
const HEADROOM = 1.04;

/** The axis of a ratio. */
export const RATIO_RANGE: AxisRange = [0, HEADROOM];

/** From 0 to a little over a round number at or above every value, and at least to `floor`. Round, so that the axis does not twitch with each update. */
export function linearRange(columns: readonly Readonly<Column>[], floor: number): AxisRange {
  return [0, roundUp(Math.max(floor, highestOf(columns))) * HEADROOM];
}

/** Whole powers of ten around every value, two of them apart at least; `fallback` where there is no value. */
export function logRange(columns: readonly Readonly<Column>[], fallback: AxisRange): AxisRange {
  let min = Number.POSITIVE_INFINITY;
  let max = 0;
  for (const value of columns.flat()) {
    if (value !== null) {
      min = Math.min(min, Math.max(value, SHORTEST_MICROS));
      max = Math.max(max, value, SHORTEST_MICROS);
    }
  }
  if (max === 0) {
    return fallback;
  }
  const low = Math.floor(Math.log10(min));
  const high = Math.max(low + 2, Math.ceil(Math.log10(max)));
  return [10 ** low, 10 ** high];
}

/** Powers of ten within the range, thinned out so that no more than `limit` remain. */
export function logTicks([min, max]: AxisRange, limit: number): number[] {
  const low = Math.round(Math.log10(min));
  const high = Math.round(Math.log10(max));
  const step = Math.max(1, Math.ceil((high - low) / Math.max(1, limit - 1)));
  const ticks: number[] = [];
  for (let exponent = low; exponent <= high; exponent += step) {
    ticks.push(10 ** exponent);
  }
  return ticks;
}

/** The column with values that a logarithmic axis can place. */
export function forLogScale(column: Readonly<Column>): Column {
  return column.map((value) => (value === null ? null : Math.max(value, SHORTEST_MICROS)));
}

/** The column without zeros among zeros, so that series at rest do not pile up on the axis. A rise still begins and ends at 0. */
export function withoutRest(column: Readonly<Column>): Column {
  const isRest = (row: number) => (column[row] ?? 0) === 0;
  return column.map((value, row) => (isRest(row) && isRest(row - 1) && isRest(row + 1) ? null : value));
}

/** Rows in runs of at most `LONGEST_MARKED_RUN` values: a line shows little or nothing of them, so they need markers. */
export function sparseRows(column: ArrayLike<number | null | undefined>, first: number, last: number): number[] {
  const rows: number[] = [];
  let run: number[] = [];
  for (let row = first; row <= last + 1; row += 1) {
    if (row <= last && isValue(column[row])) {
      run.push(row);
    } else {
      rows.push(...(run.length <= LONGEST_MARKED_RUN ? run : []));
      run = [];
    }
  }
  return rows;
}

/** The newest value that is not null. */
export function latestValue(column: Readonly<Column>): number | null {
  return column.findLast((value) => value !== null) ?? null;
}

/** The highest value, null where there is none. */
export function highestValue(column: Readonly<Column>): number | null {
  return column.some(isValue) ? highestOf([column]) : null;
}

function highestOf(columns: readonly Readonly<Column>[]): number {
  let max = 0;
  for (const column of columns) {
    for (const value of column) {
      max = value !== null && value > max ? value : max;
    }
  }
  return max;
}

function isValue(value: number | null | undefined): value is number {
  return value !== null && value !== undefined;
}

/** To one of a few steps times a power of ten. */
function roundUp(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  const factor = [1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10].find((candidate) => candidate * power >= value * (1 - 1e-9)) ?? 10;
  return factor * power;
}
