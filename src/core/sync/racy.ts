import type { KnownStat } from '../disk/disk.ts';

/** Kernels stamp files with a clock that ticks every 1 to 10 ms, however fine the numbers look. */
const FINE_TICK_MS = 20;
/** File systems that keep whole seconds: two on FAT. */
const COARSE_TICK_MS = 2_100;

/**
 * The time, in milliseconds since the epoch, up to which a file with this stat can be written again without its stat showing
 * it; undefined if that time is over. What was read before then has to be read again after it. Git calls such entries of its
 * index racy (https://git-scm.com/docs/racy-git).
 *
 * @param epoch when the file was read
 */
export function racyUntil({ mtimeMs, ctimeMs }: KnownStat, epoch: number): number | undefined {
  const changedAt = Math.max(mtimeMs, ctimeMs);
  const end = changedAt + (changedAt % 1000 === 0 ? COARSE_TICK_MS : FINE_TICK_MS);
  // A stamp from the future comes from another clock, and tells nothing.
  return epoch < end && epoch >= changedAt - COARSE_TICK_MS ? end : undefined;
}
