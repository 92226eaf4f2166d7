import type { Clock, Schedule } from '../clock.ts';
import type { KnownStat } from '../disk/disk.ts';
import type { Disposable } from '../events.ts';
import type { IssueKey } from '../issue/issue.ts';
import type { StoredSummary } from '../storage/issueFile.ts';

/** Kernels stamp files with a clock that ticks every 1 to 10 ms, although the numbers look finer. */
const FINE_TICK_MS = 20;
/** Some file systems keep whole seconds only, FAT every second one. */
const COARSE_TICK_MS = 2_100;

/**
 * Until when, in milliseconds since the epoch, a file with this stat can be written again without a change of its stat; undefined if that time
 * is over. What was read before has to be read again then. Git calls such entries of its index racy (https://git-scm.com/docs/racy-git).
 *
 * @param epoch when the file was read
 */
export function racyUntil({ mtimeMs, ctimeMs }: KnownStat, epoch: number): number | undefined {
  const changedAt = Math.max(mtimeMs, ctimeMs);
  const end = changedAt + (changedAt % 1000 === 0 ? COARSE_TICK_MS : FINE_TICK_MS);
  // A time in the future was set by another clock and proves nothing.
  return epoch < end && epoch >= changedAt - COARSE_TICK_MS ? end : undefined;
}

export interface RacyFilesPorts {
  readonly clock: Clock;
  readonly schedule: Schedule;
  readonly readAgain: (key: IssueKey) => void;
}

/** Schedules another read of racy files for the moment from which a further change shows in their stat. */
export class RacyFiles implements Disposable {
  readonly #ports: RacyFilesPorts;
  readonly #timers = new Set<Disposable>();
  #disposed = false;

  constructor(ports: RacyFilesPorts) {
    this.#ports = ports;
  }

  add(entries: readonly StoredSummary[]): void {
    const racy = entries.filter(({ racyUntil }) => racyUntil !== undefined);
    if (racy.length === 0 || this.#disposed) {
      return;
    }
    const now = this.#ports.clock.epoch();
    const end = racy.reduce((latest, { racyUntil = now }) => Math.max(latest, racyUntil), now);
    const keys = racy.map(({ summary: { key } }) => key);
    const timer = this.#ports.schedule(end - now, () => {
      this.#timers.delete(timer);
      for (const key of keys) {
        this.#ports.readAgain(key);
      }
    });
    this.#timers.add(timer);
  }

  /** Forgets all files so far. */
  forget(): void {
    for (const timer of this.#timers) {
      timer.dispose();
    }
    this.#timers.clear();
  }

  dispose(): void {
    this.#disposed = true;
    this.forget();
  }
}
