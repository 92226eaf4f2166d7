import type { Clock, Schedule } from '../clock.ts';
import type { Disposable } from '../events.ts';
import { splitIssueKey } from '../issue/issue.ts';
import { ISSUE_EXTENSION } from '../issue/issueFileName.ts';
import type { StoredSummary } from '../storage/issueFile.ts';
import type { WatchHint } from '../watch/folderWatcher.ts';

export interface RacyFilesPorts {
  readonly clock: Clock;
  readonly schedule: Schedule;
  readonly readAgain: (hint: WatchHint) => void;
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
    const end = Math.max(...racy.map(({ racyUntil }) => racyUntil ?? now));
    const names = racy.map(({ summary: { key } }) => splitIssueKey(key));
    const timer = this.#ports.schedule(Math.max(0, end - now), () => {
      this.#timers.delete(timer);
      for (const { id, completed } of names) {
        this.#ports.readAgain({ completed, name: id + ISSUE_EXTENSION });
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
