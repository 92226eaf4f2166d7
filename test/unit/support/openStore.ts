import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { IssueChange } from '../../../src/core/catalogue/issueCatalogue.ts';
import { NodeDisk } from '../../../src/core/disk/nodeDisk.ts';
import type { IssueSummary } from '../../../src/core/issue/issue.ts';
import { IssueStore } from '../../../src/core/store/issueStore.ts';
import type { IssueStoreOptions, StoreSettings } from '../../../src/core/store/storeOptions.ts';
import { inTime, Recording } from './recording.ts';
import { type TemporaryFolder, useTemporaryFolder } from './temporaryFolder.ts';

export const SETTINGS: StoreSettings = { ttl: 300_000, maxSize: 1000, coalescingWindow: 20 };

/** How long an open store waits until it looks at its folders by itself. */
export const AUDIT_ROUND_MS = 10_000;

/** A change as the keys in it, in order, so that it can be compared at a glance. */
export interface ChangedKeys {
  readonly added: readonly string[];
  readonly changed: readonly string[];
  readonly removed: readonly string[];
}

export const NO_CHANGE: ChangedKeys = { added: [], changed: [], removed: [] };

const keysOf = (issues: readonly IssueSummary[]) => issues.map(({ key }) => key as string).sort();

export function changedKeys({ added, changed, removed }: IssueChange): ChangedKeys {
  return { added: keysOf(added), changed: keysOf(changed), removed: keysOf(removed) };
}

/** A store over real files, with everything that it has said. */
export class OpenStore {
  readonly store: IssueStore;
  readonly changes: Recording<IssueChange>;
  readonly states: Recording<void>;
  /** Everything it has logged as an error. */
  readonly errors: unknown[] = [];
  readonly #options: Partial<IssueStoreOptions>;

  constructor(root: string, options: Partial<IssueStoreOptions> = {}) {
    const logger = { debug: () => {}, info: () => {}, warn: () => {}, error: (error: unknown) => void this.errors.push(error) };
    this.#options = options;
    this.store = new IssueStore({ root, settings: SETTINGS, logger, disk: new NodeDisk(), ...options });
    this.changes = new Recording(this.store.onDidChange);
    this.states = new Recording(this.store.onDidChangeState);
  }

  async open(): Promise<this> {
    await inTime(this.store.open(), 'the store to open');
    const { watch, schedule } = this.#options;
    if (watch === undefined && schedule === undefined && this.store.failure === undefined) {
      await this.#watched();
    }
    this.changes.events.length = 0;
    return this;
  }

  /** Waits for the watcher and for the look at everything that follows it, so that nothing else is under way when a test begins. */
  async #watched(): Promise<void> {
    await this.states.until(() => this.store.snapshot().watcher !== 'starting', 'the watcher to start');
    const looks = async () => {
      while (this.store.snapshot().coherence.reconciles < 2) {
        await new Promise((resolve) => setImmediate(resolve));
      }
      // Comes after the look that has begun.
      await this.store.refresh();
    };
    await inTime(looks(), 'the look when the watcher is ready');
  }

  /**
   * What the store says of a change, as one entry for each event. It is over when the store has told of a file that was
   * written after it: whatever came before, an echo of the change among it, has been told by then.
   */
  async eventsOf(folder: TemporaryFolder, change: () => unknown, what = 'the change'): Promise<ChangedKeys[]> {
    const first = this.changes.events.length;
    const says = (key: string) => (event: IssueChange) => [...event.added, ...event.changed].some((issue) => issue.key === key);
    await change();
    // The change has to be told of before the sentinel is written, or both would be one event.
    const isTold = (events: readonly IssueChange[]) => events.length > first;
    await this.changes.until(isTold, what);
    const sentinel = `zz-sentinel-${first}`;
    folder.write(`issues/${sentinel}.md`, sentinel);
    await this.changes.until((events) => events.some(says(sentinel)), 'the sentinel');
    const events = this.changes.events.slice(first).map(changedKeys);
    assert.deepEqual(events.pop(), { ...NO_CHANGE, added: [sentinel] }, 'the sentinel came with something else');
    return events;
  }
}

/** Stores that are disposed after each test, over a folder of their own. */
export function useStores() {
  const folder = useTemporaryFolder();
  let stores: OpenStore[] = [];
  afterEach(() => {
    for (const { store } of stores) {
      store.dispose();
    }
    stores = [];
  });
  const make = (options: Partial<IssueStoreOptions> = {}, root = folder().path) => {
    const made = new OpenStore(root, options);
    stores.push(made);
    return made;
  };
  return { folder, make, open: (options: Partial<IssueStoreOptions> = {}, root = folder().path) => make(options, root).open() };
}

/** Key and text of every issue file, by means that share nothing with the store. */
export function readIndependently(store: string): Map<string, Buffer> {
  const found = new Map<string, Buffer>();
  for (const [below, prefix] of [
    ['', ''],
    ['complete', 'complete/'],
  ] as const) {
    let names: string[] = [];
    try {
      names = readdirSync(join(store, below));
    } catch {
      // A folder that is missing holds nothing.
    }
    for (const name of names.filter((each) => each.endsWith('.md'))) {
      found.set(prefix + name.slice(0, -'.md'.length), readFileSync(join(store, below, name)));
    }
  }
  return found;
}

/** Fails unless the store knows exactly what is on the disk, in its lists as in its texts. */
export async function assertEqualToDisk(store: IssueStore): Promise<void> {
  const folder = store.folder;
  assert.ok(folder !== undefined);
  const disk = readIndependently(folder);
  const summaries = await store.listSummaries();
  assert.deepEqual(keysOf(summaries), [...disk.keys()].sort());
  for (const { key, size } of summaries) {
    assert.equal(size, disk.get(key)?.length, `the size of ${key}`);
  }
  const issues = await store.getIssues(summaries);
  for (const { key, content, version } of issues) {
    assert.equal(content, disk.get(key)?.toString(), `the text of ${key}`);
    assert.equal(version, summaries.find((summary) => summary.key === key)?.version, `the version of ${key}`);
  }
}
