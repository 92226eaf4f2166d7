import type { IssueStore } from '../../../src/core/store/issueStore.ts';
import { until } from '../../support/polling.ts';
import { byHand } from '../support/byHand.ts';
import { OpenStore } from '../support/openStore.ts';
import { settled } from '../support/settled.ts';
import { TemporaryFolder } from '../support/temporaryFolder.ts';
import { countingSystemCalls } from './systemCalls.ts';

/** What an operation has asked of the disk, and told its listeners. */
export interface Counts {
  /** Folders that were listed. */
  readonly lists: number;
  /** Looks at what stands under one name. */
  readonly stats: number;
  /** Files that were read. */
  readonly reads: number;
  /** Calls of the disk that change something: claims, creates, replacements, moves, removals, folders. */
  readonly writes: number;
  /** Calls of Node's file system below all of that. */
  readonly systemCalls: number;
  /** Change events. */
  readonly events: number;
  /** Issues in them. */
  readonly rows: number;
}

/** Longer than the coalescing window and than any wait for a burst to end. */
const LONG_MS = 5_000;
/** Longer than it takes until a store reads ahead, and shorter than until it saves its index. */
const READ_AHEAD_MS = 2_000;
/** Longer than both, and shorter than the time until everything is looked at again. */
const TTL_MS = 8_000;

export const fileName = (number: number) => `${String(number).padStart(6, '0')}_issue.md`;

/** A store of active issues 1 to n and one completed issue, in which nothing happens by itself and everything is counted. */
export class CountedStore {
  readonly folder = new TemporaryFolder();
  readonly #hand = byHand();
  readonly #opened: OpenStore;
  readonly #indexFolder: string | undefined;

  /** @param keepsIndex whether it begins with what {@link endSession} has left. */
  constructor(issues: number, keepsIndex = false) {
    this.#indexFolder = keepsIndex ? this.folder.join('index') : undefined;
    for (let number = 1; number <= issues; number++) {
      this.folder.write(`issues/${fileName(number)}`, `# Issue ${number}\n`);
    }
    this.folder.write('issues/complete/000000_done.md', '# Done\n');
    this.#opened = this.#session(this.#hand);
  }

  #session(hand: ReturnType<typeof byHand>): OpenStore {
    const settings = { ttl: TTL_MS, maxSize: 1000, coalescingWindow: 20 };
    return new OpenStore(this.folder.path, { ...hand.options, settings, indexFolder: this.#indexFolder });
  }

  /** Leaves what a session leaves that has known the store as it is now. */
  async endSession(): Promise<void> {
    const { store } = await this.#session(byHand()).open();
    await store.saveIndex();
    store.dispose();
  }

  get store(): IssueStore {
    return this.#opened.store;
  }

  /** Changes an issue's file as other programs do. */
  change(number: number, body = ''): void {
    this.folder.write(`issues/${fileName(number)}`, `# Issue ${number}, changed\n${body}`);
  }

  /** Has the watcher name these issues, and waits until the store has looked. */
  async hint(numbers: readonly number[]): Promise<void> {
    for (const number of numbers) {
      this.#hand.watchers[0]?.hint({ folder: '', name: fileName(number) });
    }
    this.#hand.time.advance(LONG_MS);
    // Looks are asynchronous, and a refresh waits for the one under way; it would find nothing and ask for every stat.
    const first = this.#opened.changes.events.length;
    await this.#opened.changes.until((events) => events.length > first, 'the change to be told of');
    await settled();
  }

  /** Gives an open store the time to read ahead, and waits until it has. */
  async readAhead(): Promise<void> {
    const { store } = this;
    this.#hand.time.advance(READ_AHEAD_MS);
    await until(() => store.snapshot().cache.readAhead === store.catalogue.size, 'every issue to be read ahead');
  }

  passTimeToLive(): void {
    this.#hand.time.advance(TTL_MS + 1);
  }

  failWatcher(): void {
    this.#hand.watchers[0]?.fail('made to fail');
  }

  /** Counts what happens while this runs. */
  async count(run: () => Promise<unknown>): Promise<Counts> {
    const { disk } = this.#hand;
    disk.reset();
    this.#opened.changes.events.length = 0;
    const systemCalls = await countingSystemCalls(this.folder.path, run);
    const { events } = this.#opened.changes;
    return {
      lists: disk.count('list'),
      stats: disk.count('stat', 'statSync'),
      reads: disk.count('read', 'readSync'),
      writes: disk.writes.length,
      systemCalls,
      events: events.length,
      rows: events.reduce((sum, { added, changed, removed }) => sum + added.length + changed.length + removed.length, 0),
    };
  }

  dispose(): void {
    this.store.dispose();
    this.folder.dispose();
  }
}
