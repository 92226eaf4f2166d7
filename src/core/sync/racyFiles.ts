import type { Clock, Schedule } from '../clock.ts';
import type { Disposable } from '../events.ts';
import type { IssueKey } from '../issue/issue.ts';
import type { StoredSummary } from '../storage/issueFile.ts';

export interface RacyFilesPorts {
  readonly clock: Clock;
  readonly schedule: Schedule;
  readonly readAgain: (key: IssueKey) => void;
}

/** Has files that were read too soon after their last change read again, when a further change shows in their stat. */
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

  /** Has nothing read again of what it was told before. */
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
