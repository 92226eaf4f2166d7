/** Milliseconds of the machine's monotonic clock, which all its processes share. Only differences mean anything. */
export function monotonicNow(): number {
  return Number(process.hrtime.bigint()) / 1_000_000;
}
