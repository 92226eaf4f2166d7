import { join } from 'node:path';
import { assertDefined } from '../assertDefined.ts';
import type { Differences, KnownIssues } from '../catalogue/differences.ts';
import { type Clock, systemClock } from '../clock.ts';
import { type Disk, type FileStat, isMissing, isNoFile, REPLACEMENT_CHARACTER, sameStat } from '../disk/disk.ts';
import { type ReadOutcome, readOutcome, readOutcomeSync, sweep } from '../disk/sweep.ts';
import { TEMPORARY_SUFFIX } from '../disk/temporaryNames.ts';
import { compareIssues, type IssueKey, type IssueSummary, type OrderedIssue } from '../issue/issue.ts';
import { ISSUE_EXTENSION } from '../issue/issueFileName.ts';
import { joined } from '../issue/relativePath.ts';
import { loadYaml } from '../markdown/yamlReader.ts';
import { type IssueFileReader, type StoredIssue, type StoredSummary, withText } from '../storage/issueFile.ts';
import { isFolderLinkedSync, storeStamp, visitStore } from '../storage/storeFolders.ts';
import { forEachInSlices, sortedInSlices, TimeSlices } from '../timeSlices.ts';
import { racyUntil } from './racyFiles.ts';

export interface ReconcileOptions {
  readonly signal?: AbortSignal | undefined;
  /** Reads every file, whatever its stat says. */
  readonly verify?: boolean;
}

export interface ReconcilerOptions {
  readonly disk: Disk;
  readonly files: IssueFileReader;
  readonly known: KnownIssues;
  readonly clock?: Clock;
  /** Called before files are read, whose texts may be wanted. Default: loads the parser of front matter. */
  readonly prepareToRead?: () => Promise<void>;
  readonly wantsText?: WantsText;
}

/**
 * True if the text of an issue, whose file was read for the summary, is to be handed over as well.
 *
 * @param behind how many new issues come after it in the order of all lists; infinite if that is not known.
 */
export type WantsText = (summary: IssueSummary, behind: number) => boolean;

/** How many differences are handed over together. */
const PART = 256;

/** One look at one name: no issue there, a folder instead of a file, the file as it was known, or the file as it is now. */
type Look = 'missing' | 'folder' | 'same' | StoredSummary | StoredIssue;

/**
 * Finds out how a store on the disk differs from what is known of it. It reads only files whose stat is not the known one,
 * and changes nothing: what to do with the differences is for the caller.
 */
export class Reconciler {
  readonly #disk: Disk;
  readonly #files: IssueFileReader;
  readonly #known: KnownIssues;
  readonly #clock: Clock;
  readonly #prepareToRead: () => Promise<void>;
  readonly #wantsText: WantsText;

  constructor({ disk, files, known, clock = systemClock, prepareToRead = loadYaml, wantsText = () => false }: ReconcilerOptions) {
    this.#disk = disk;
    this.#files = files;
    this.#known = known;
    this.#clock = clock;
    this.#prepareToRead = prepareToRead;
    this.#wantsText = wantsText;
  }

  /** Looks at the named entries of the store's folders, and at nothing else unless one of them turns out to be a folder. */
  async look(hints: Iterable<{ readonly folder: string; readonly name: string }>): Promise<Differences> {
    const { schema, folder: store } = this.#files;
    const keys: IssueKey[] = [];
    const linked = new Map<string, boolean>();
    let foldersInDoubt = false;
    for (const { folder, name } of hints) {
      const isTemporary = name.endsWith(TEMPORARY_SUFFIX);
      if (!isTemporary && !linked.has(folder)) {
        // What lies behind a link is not the store's, whatever a watcher that follows it may say.
        linked.set(folder, isFolderLinkedSync(this.#disk, store, folder));
      }
      if (linked.get(folder)) {
        foldersInDoubt = true;
        continue;
      }
      const path = joined(folder, name);
      const wasFolder = this.#known.otherFolders.includes(path);
      const key = schema.keyOf(folder, name);
      if (key !== undefined) {
        keys.push(key);
        // A name with this character may be garbled, which only a listing tells.
        foldersInDoubt ||= wasFolder || name.includes(REPLACEMENT_CHARACTER);
      } else if (!isTemporary && !name.endsWith(ISSUE_EXTENSION)) {
        // Temporary files, by far the most frequent of names that are no issue's, are no folders.
        foldersInDoubt ||= wasFolder !== this.#isFolder(path);
      }
    }
    const current: Differences['current'][number][] = [];
    const { removed, folders } = await this.#lookAt(keys, 0, {}, (entry) => current.push(entry));
    if (folders === 0 && !foldersInDoubt) {
      return { current, removed };
    }
    return { current, removed, listing: await visitStore(this.#disk, store, schema, () => undefined) };
  }

  /**
   * Looks at everything: lists both folders, asks for the stat of every file and reads those that differ, new ones first and
   * in order. It yields to the event loop between time slices.
   *
   * @param take is handed what differs in parts, as it is found. What is gone comes last, so that whatever moved is there
   * under its new name by then.
   * @throws the signal's reason when aborted.
   */
  async reconcile(take: (part: Differences) => void, { signal, verify = false }: ReconcileOptions = {}): Promise<void> {
    const unknown: OrderedIssue[] = [];
    const keys: IssueKey[] = [];
    const { schema, folder } = this.#files;
    const listing = await visitStore(this.#disk, folder, schema, (key) => {
      const known = this.#known.get(key);
      if (known === undefined) {
        const { id, number } = schema.idOfName(key);
        unknown.push(number === undefined ? { key, id } : { key, id, number });
      } else {
        // Reuses the known string, so that the new one can be collected.
        keys.push(known.summary.key);
      }
    });
    const slices = new TimeSlices(this.#clock);
    const gone = keys.length === this.#known.size ? [] : await this.#goneFrom(keys, slices);
    const inOrder = (await sortedInSlices(unknown, compareIssues, slices)).map(({ key }) => key);
    let part: Differences['current'][number][] = [];
    const { removed } = await this.#lookAt([...inOrder, ...keys], inOrder.length, { signal, verify }, (entry) => {
      part.push(entry);
      if (part.length === PART) {
        take({ current: part, removed: [] });
        part = [];
      }
    });
    take({ current: part, removed: [...gone, ...removed], listing });
  }

  /** What is known and not among the listed of the known keys. */
  async #goneFrom(listed: readonly IssueKey[], slices: TimeSlices): Promise<IssueKey[]> {
    const there = new Set<IssueKey>();
    await forEachInSlices(listed, slices, (key) => there.add(key));
    const gone: IssueKey[] = [];
    await forEachInSlices([...this.#known.keys()], slices, (key) => {
      if (!there.has(key)) {
        gone.push(key);
      }
    });
    return gone;
  }

  /** See {@link storeStamp}, of every folder that holds issues or could; never rejects. */
  async stamp(): Promise<string> {
    const { schema, folder } = this.#files;
    const folders = new Set([...schema.folders.rules.map(({ path }) => path), ...this.#known.issueFolders]);
    return storeStamp(this.#disk, folder, [...folders]).catch(() => 'unknown');
  }

  /** @param newCount how many of the keys, the first ones, are those of new issues in order. */
  async #lookAt(
    keys: readonly IssueKey[],
    newCount: number,
    { signal, verify = false }: ReconcileOptions,
    take: (different: StoredSummary | StoredIssue) => void,
  ) {
    const removed: IssueKey[] = [];
    let folders = 0;
    const behind = (index: number) => (index < newCount ? newCount - index - 1 : Number.POSITIVE_INFINITY);
    if (keys.length > 0) {
      await this.#prepareToRead();
    }
    await sweep<Look>(
      keys.length,
      {
        readSync: (index) => this.#lookSync(assertDefined(keys[index]), behind(index), verify),
        read: (index) => this.#lookLater(assertDefined(keys[index]), behind(index), verify),
      },
      (index, look) => {
        const key = assertDefined(keys[index]);
        if (typeof look === 'object') {
          take(look);
        } else if (look !== 'same' && this.#known.get(key) !== undefined) {
          removed.push(key);
        }
        folders += Number(look === 'folder');
      },
      { clock: this.#clock, signal },
    );
    return { removed, folders };
  }

  #lookSync(key: IssueKey, behind: number, verify: boolean): Look {
    const path = this.#files.pathOf(key);
    const known = verify ? undefined : this.#known.get(key);
    // A file that is not known is read in any case, and its stat comes with that.
    if (known !== undefined) {
      const verdict = compare(known, statOutcomeSync(this.#disk, path), this.#clock);
      if (verdict !== 'different') {
        return verdict;
      }
    }
    const readAt = this.#clock.epoch();
    return this.#take(key, readOutcomeSync(this.#disk, path), { readAt, behind });
  }

  async #lookLater(key: IssueKey, behind: number, verify: boolean): Promise<Look> {
    const path = this.#files.pathOf(key);
    const known = verify ? undefined : this.#known.get(key);
    if (known !== undefined) {
      const verdict = compare(known, await statOutcome(this.#disk, path), this.#clock);
      if (verdict !== 'different') {
        return verdict;
      }
    }
    const readAt = this.#clock.epoch();
    return this.#take(key, await readOutcome(this.#disk, path), { readAt, behind });
  }

  #take(key: IssueKey, read: ReadOutcome, { readAt, behind }: { readonly readAt: number; readonly behind: number }): Look {
    if ('error' in read && isNoFile(read.error)) {
      return isMissing(read.error) ? 'missing' : 'folder';
    }
    const stored = this.#files.summary(key, read);
    if (stored === undefined) {
      return 'missing';
    }
    if ('error' in read) {
      return stored;
    }
    const { summary, stat } = stored;
    const racy = racyUntil(read.stat, readAt);
    // A racy file is read again, and its text is handed over then.
    if (racy !== undefined || summary.problem !== undefined || !this.#wantsText(summary, behind)) {
      return { summary, stat, racyUntil: racy };
    }
    return { summary, stat, issue: withText(summary, read.bytes.toString('utf8')) };
  }

  #isFolder(path: string): boolean {
    const stat = statOutcomeSync(this.#disk, join(this.#files.folder, path));
    return stat !== 'unknown' && stat?.kind === 'folder';
  }
}

/** What the disk says of a file; `unknown` where it refuses to say, so that reading it tells why. */
type StatOutcome = FileStat | undefined | 'unknown';

function statOutcomeSync(disk: Disk, path: string): StatOutcome {
  try {
    return disk.statSync(path);
  } catch {
    return 'unknown';
  }
}

function statOutcome(disk: Disk, path: string): Promise<StatOutcome> {
  return disk.stat(path).catch(() => 'unknown' as const);
}

function compare(known: StoredSummary, stat: StatOutcome, clock: Clock): 'missing' | 'folder' | 'same' | 'different' {
  if (stat === undefined) {
    return 'missing';
  }
  if (stat === 'unknown') {
    return 'different';
  }
  if (stat.kind === 'folder') {
    return 'folder';
  }
  // Within the tick a second reading would prove no more than the first: it is left for when the tick is over.
  const provesSame = known.racyUntil === undefined || clock.epoch() < known.racyUntil;
  return provesSame && known.stat !== undefined && sameStat(known.stat, stat) ? 'same' : 'different';
}
