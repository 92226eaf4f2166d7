import type { CachedIssueStorage } from '../cache/cachedIssueStorage.ts';
import type { IssueCatalogue } from '../catalogue/issueCatalogue.ts';
import type { Clock, Schedule } from '../clock.ts';
import type { Disposable } from '../events.ts';
import type { Issue, IssueSummary } from '../issue/issue.ts';
import { TimeSlices } from '../timeSlices.ts';

/** How long a store that was opened is left alone, in milliseconds. The window is busy with the first rows meanwhile. */
const DELAY_MS = 1_000;

export interface ReadAheadPorts {
  readonly cached: CachedIssueStorage;
  /** Reads the issue that a summary is about; undefined if its file has another version by now. */
  readonly read: (summary: IssueSummary) => Promise<Issue | undefined>;
  readonly catalogue: IssueCatalogue;
  readonly clock: Clock;
  readonly schedule: Schedule;
  /** True if nothing may be read now. */
  readonly isForbidden: () => Promise<boolean>;
}

/**
 * Fills the cache of an open store with the texts that its opening did not read: open issues first, the newest first, one file after the other,
 * as far as there is room.
 */
export class ReadAhead implements Disposable {
  readonly #ports: ReadAheadPorts;
  #hasBegun = false;
  #disposed = false;
  #timer: Disposable | undefined;

  constructor(ports: ReadAheadPorts) {
    this.#ports = ports;
  }

  /** Reads ahead once, some time after the first call. Call it whenever everything has been looked at. */
  begin(): void {
    if (this.#hasBegun || this.#disposed) {
      return;
    }
    this.#hasBegun = true;
    const { cached, catalogue, schedule } = this.#ports;
    const { size, maxSize } = cached.cacheStats();
    // A first open has read every text, and the cache has what it takes of them.
    if (size < Math.min(maxSize, catalogue.size)) {
      this.#timer = schedule(DELAY_MS, () => void this.#run());
    }
  }

  dispose(): void {
    this.#disposed = true;
    this.#timer?.dispose();
  }

  async #run(): Promise<void> {
    const { cached, read, catalogue, clock, isForbidden } = this.#ports;
    const slices = new TimeSlices(clock);
    for (const summary of [...catalogue.active.toReversed(), ...catalogue.completed.toReversed()]) {
      if (slices.isOver) {
        await slices.next();
      }
      if (this.#disposed) {
        return;
      }
      if (cached.wantsAhead(summary) && !(await isForbidden())) {
        await cached.readAhead(summary, () => read(summary));
      }
    }
  }
}
