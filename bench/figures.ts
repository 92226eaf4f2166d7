export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

export function duration(millis: number): string {
  if (millis >= 1) {
    return `${significant(millis)} ms`;
  }
  return millis >= 0.001 ? `${significant(millis * 1000)} µs` : `${significant(millis * 1_000_000)} ns`;
}

/** Two digits, or all of those before the point. */
export function significant(value: number): string {
  return grouped(value >= 10 ? Math.round(value) : Number(value.toPrecision(2)));
}

/** Thousands apart, as in 100 000. */
export function grouped(value: number): string {
  return value.toLocaleString('en-US').replaceAll(',', ' ');
}
