import type { Clock, Schedule } from '../clock.ts';
import { isTemporaryName } from '../disk/temporaryNames.ts';
import type { Disposable } from '../events.ts';
import type { IssueKey } from '../issue/issue.ts';
import { fileNameOfKey } from '../issue/issueKey.ts';
import { folderOf, joined } from '../issue/relativePath.ts';
import type { WatchHint } from './folderWatcher.ts';

/** More names than this that no own write explains are a burst: comparing everything once costs less than looking at each file. */
const BURST_FROM = 200;
/** With more names than this, the system may have lost events: each name is several, and Linux keeps 16 384. */
const MOST_NAMES = 2_500;
/** The longest time that a burst is waited for, in milliseconds. */
const LONGEST_WAIT_MS = 2_000;

/** What is to be looked at: some entries of the store's folders, or everything. */
export type LookAt = readonly NamedHint[] | 'everything';

type NamedHint = Exclude<WatchHint, 'everything'>;

export interface HintQueueOptions {
  /** Milliseconds from the first hint to the look at the disk. Read for each window, because the setting can change. */
  readonly windowMs: () => number;
  /**
   * Looks at what was hinted at. One at a time; must not reject.
   *
   * @param take hands over all hints so far, which the queue then forgets. To be called when no own write is under way, because only then does
   * the queue know all names that are echoes of own writes.
   */
  readonly process: (take: () => LookAt) => Promise<void>;
  readonly clock: Clock;
  readonly schedule: Schedule;
}

/**
 * Gathers hints for one window, so that changes that belong together become one event, and then has them looked at. Only one look is under way
 * at a time; hints that come meanwhile wait for the next. A burst is waited out first.
 */
export class HintQueue implements Disposable {
  readonly #options: HintQueueOptions;
  readonly #named = new Map<string, NamedHint>();
  /** Names of files that we wrote ourselves, or that are to be read again. Hints at them make no burst. */
  readonly #expected = new Set<string>();
  #everything = false;
  #timer: Disposable | undefined;
  #firstAt = 0;
  #lastAt = 0;
  #isLooking = false;
  #disposed = false;

  constructor(options: HintQueueOptions) {
    this.#options = options;
  }

  /** Takes a hint. Temporary files of ours are no issues and never become any under that name. */
  add(hint: WatchHint): void {
    if (this.#disposed || (hint !== 'everything' && isTemporaryName(hint.name))) {
      return;
    }
    this.#lastAt = this.#options.clock.now();
    if (!this.#isWaiting()) {
      this.#firstAt = this.#lastAt;
    }
    if (hint === 'everything') {
      this.#everything = true;
    } else if (this.#named.size <= MOST_NAMES) {
      this.#named.set(joined(hint.folder, hint.name), hint);
    }
    this.#arm();
  }

  /** Says that we have written these files. Hints at them are looked at, but make no burst, until everything is looked at. */
  expect(keys: readonly IssueKey[]): void {
    for (const key of keys) {
      const { folder, name } = hintAt(key);
      this.#expected.add(joined(folder, name));
    }
  }

  /** Schedules another look at a known file. */
  lookAgain(key: IssueKey): void {
    this.expect([key]);
    this.add(hintAt(key));
  }

  /** Drops waiting hints because the store has moved. A look in flight continues. */
  forget(): void {
    this.#timer?.dispose();
    this.#timer = undefined;
    this.#everything = false;
    this.#named.clear();
    this.#expected.clear();
  }

  dispose(): void {
    this.#disposed = true;
    this.forget();
  }

  #isWaiting(): boolean {
    return this.#everything || this.#named.size > 0;
  }

  #arm(): void {
    if (this.#timer !== undefined || this.#isLooking || !this.#isWaiting()) {
      return;
    }
    this.#timer = this.#options.schedule(this.#options.windowMs(), () => {
      this.#timer = undefined;
      if (this.#isBurstUnderWay()) {
        this.#arm();
      } else {
        void this.#process();
      }
    });
  }

  #isBurstUnderWay(): boolean {
    const now = this.#options.clock.now();
    return this.#named.size > BURST_FROM && now - this.#lastAt < this.#options.windowMs() && now - this.#firstAt < LONGEST_WAIT_MS;
  }

  async #process(): Promise<void> {
    this.#isLooking = true;
    try {
      await this.#options.process(() => this.#take());
    } finally {
      this.#isLooking = false;
      this.#arm();
    }
  }

  #take(): LookAt {
    const strangers = [...this.#named.keys()].filter((name) => !this.#expected.has(name)).length;
    const isAll = this.#everything || strangers > BURST_FROM || this.#named.size > MOST_NAMES;
    const hints = isAll ? 'everything' : [...this.#named.values()];
    if (isAll) {
      this.#expected.clear();
    }
    this.#everything = false;
    this.#named.clear();
    return hints;
  }
}

function hintAt(key: IssueKey): NamedHint {
  return { folder: folderOf(key), name: fileNameOfKey(key) };
}
