import type { Clock, Schedule } from '../clock.ts';
import { isTemporaryName } from '../disk/temporaryNames.ts';
import type { Disposable } from '../events.ts';
import type { IssueKey } from '../issue/issue.ts';
import { ISSUE_EXTENSION } from '../issue/issueFileName.ts';
import { splitIssueKey } from '../issue/storeLayout.ts';
import type { WatchHint } from './folderWatcher.ts';

/** More names than this at once that nobody expected are a burst: events may have been lost, and one look at everything finds them all. */
const BURST_FROM = 200;
/** So many are one in any case: each name is several events, and the system keeps some thousands before it loses any. */
const MOST_NAMES = 2_500;
/** So many names in a window are somebody who writes one file after another: the windows become longer while that goes on. */
const CROWD_FROM = 20;
const LONGEST_STRETCH = 16;
/** How long a burst that does not end is waited for, in milliseconds. */
const LONGEST_WAIT_MS = 2_000;

/** What hints come down to: some entries of the store's folders, or all of it. */
export type LookAt = readonly NamedHint[] | 'everything';

type NamedHint = Exclude<WatchHint, 'everything'>;

export interface HintQueueOptions {
  /** Milliseconds from the first hint to the look at the disk; asked anew for each window. */
  readonly windowMs: () => number;
  /**
   * Looks at what was hinted at. One at a time; must not reject.
   *
   * @param take hands over all hints so far, which the queue then forgets. To be called when all own writes that were under way are known to
   * the queue, since it tells their echo from a burst.
   */
  readonly process: (take: () => LookAt) => Promise<void>;
  readonly clock: Clock;
  readonly schedule: Schedule;
}

/**
 * Gathers hints for one window, so that changes that belong together become one event, and has them looked at, one look at
 * a time with one more after it for what came meanwhile. A burst is waited out first, and one that is slow, because the machine is, is
 * looked at ever more seldom.
 */
export class HintQueue implements Disposable {
  readonly #options: HintQueueOptions;
  readonly #named = new Map<string, NamedHint>();
  /** Names whose hints tell of nothing unknown, and those of them that have been looked at once. An echo can be several events. */
  readonly #expected = new Set<string>();
  #echoed = new Set<string>();
  #everything = false;
  #timer: Disposable | undefined;
  #firstAt = 0;
  #lastAt = 0;
  /** How many times as long as asked for a window is. */
  #stretch = 1;
  #lookedAt = 0;
  #processing = false;
  #disposed = false;

  constructor(options: HintQueueOptions) {
    this.#options = options;
  }

  /** Takes note of a hint. What has the name of a temporary file of ours is no issue, and never will be. */
  add(hint: WatchHint): void {
    if (this.#disposed || (hint !== 'everything' && isTemporaryName(hint.name))) {
      return;
    }
    const now = this.#options.clock.now();
    if (!this.#isWaiting()) {
      this.#firstAt = now;
      if (!this.#processing && now - this.#lookedAt > this.#options.windowMs()) {
        this.#stretch = 1;
      }
    }
    this.#lastAt = now;
    if (hint === 'everything') {
      this.#everything = true;
    } else if (this.#named.size <= MOST_NAMES) {
      this.#named.set(nameOf(hint), hint);
    }
    this.#arm();
  }

  /**
   * Says that hints at these files are on their way, or have come already, because of a write of our own. They are looked at, but make no
   * burst.
   */
  expect(keys: readonly IssueKey[]): void {
    for (const key of keys) {
      this.#expected.add(nameOf(hintAt(key)));
    }
  }

  /** Has a file looked at that is known. */
  lookAgain(key: IssueKey): void {
    this.expect([key]);
    this.add(hintAt(key));
  }

  /** Drops what is waiting, because it is about another store than from now on. A look that is under way goes on. */
  forget(): void {
    this.#timer?.dispose();
    this.#timer = undefined;
    this.#everything = false;
    this.#named.clear();
    this.#expected.clear();
    this.#echoed.clear();
  }

  dispose(): void {
    this.#disposed = true;
    this.forget();
  }

  #isWaiting(): boolean {
    return this.#everything || this.#named.size > 0;
  }

  #arm(): void {
    if (this.#timer === undefined && !this.#processing && !this.#disposed) {
      this.#timer = this.#options.schedule(this.#options.windowMs() * this.#stretch, () => {
        this.#timer = undefined;
        if (this.#isBurstUnderWay()) {
          this.#arm();
        } else {
          void this.#process();
        }
      });
    }
  }

  #isBurstUnderWay(): boolean {
    const now = this.#options.clock.now();
    return this.#named.size > BURST_FROM && now - this.#lastAt < this.#options.windowMs() && now - this.#firstAt < LONGEST_WAIT_MS;
  }

  #isBurst(): boolean {
    const strangers = () => [...this.#named.keys()].filter((name) => !this.#expected.has(name) && !this.#echoed.has(name));
    return this.#named.size > MOST_NAMES || (this.#named.size > BURST_FROM && strangers().length > BURST_FROM);
  }

  /** Of what was expected, what has come may come once more; what never does is forgotten with the next look at everything. */
  #settleExpected(hints: LookAt): void {
    this.#echoed = new Set([...this.#named.keys()].filter((name) => this.#expected.delete(name)));
    if (hints === 'everything') {
      this.#expected.clear();
    }
  }

  async #process(): Promise<void> {
    this.#processing = true;
    try {
      await this.#options.process(() => this.#take());
    } finally {
      this.#processing = false;
      this.#lookedAt = this.#options.clock.now();
      if (this.#isWaiting()) {
        this.#arm();
      }
    }
  }

  #take(): LookAt {
    const hints = this.#everything || this.#isBurst() ? 'everything' : [...this.#named.values()];
    this.#settleExpected(hints);
    this.#stretch = this.#named.size < CROWD_FROM ? 1 : Math.min(2 * this.#stretch, LONGEST_STRETCH);
    this.#everything = false;
    this.#named.clear();
    return hints;
  }
}

function hintAt(key: IssueKey): NamedHint {
  const { id, completed } = splitIssueKey(key);
  return { completed, name: id + ISSUE_EXTENSION };
}

function nameOf({ completed, name }: NamedHint): string {
  return `${completed}/${name}`;
}
