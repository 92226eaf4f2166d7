import { join } from 'node:path';
import { type Clock, systemClock } from '../clock.ts';
import { type IssueKey, issueKey } from '../issue/issue.ts';
import { issueIdOfFile } from '../issue/issueFileName.ts';
import { present } from '../present.ts';
import { type Disk, errorCode, type FileStat, sameStat } from '../storage/disk.ts';
import { issuePath, type ReadOutcome, readOutcome, readOutcomeSync, type StoredSummary, summaryOrProblem } from '../storage/issueFile.ts';
import { COMPLETE_FOLDER, listStore, type StoreListing, storeFolder } from '../storage/storeFolders.ts';
import { sweep } from '../storage/sweep.ts';

/** What is taken for true until the disk says otherwise. */
export interface KnownIssues {
  keys(): Iterable<IssueKey>;
  /** Undefined if the issue is not known. */
  get(key: IssueKey): StoredSummary | undefined;
  readonly otherFolders: readonly string[];
}

/** How the disk differs from what was known. */
export interface Differences {
  /** Issues that are new or whose file is not what it was. */
  readonly current: readonly StoredSummary[];
  readonly removed: readonly IssueKey[];
  /** Set if the folders were listed: the other folders in the store, and whether the store is there at all. */
  readonly listing?: Pick<StoreListing, 'otherFolders' | 'exists'>;
}

export interface ReconcilerOptions {
  readonly disk: Disk;
  /** Absolute path of the store. */
  readonly folder: string;
  readonly known: KnownIssues;
  readonly clock?: Clock;
}

/** One look at one name: nothing there, a folder instead of a file, the file as it was known, or the file as it is now. */
type Look = 'missing' | 'folder' | 'same' | StoredSummary;

/**
 * Finds out how a store on the disk differs from what is known of it. It reads only files whose stat is not the known one,
 * and changes nothing: what to do with the differences is for the caller.
 */
export class Reconciler {
  readonly #disk: Disk;
  readonly #folder: string;
  readonly #known: KnownIssues;
  readonly #clock: Clock;

  constructor({ disk, folder, known, clock = systemClock }: ReconcilerOptions) {
    this.#disk = disk;
    this.#folder = folder;
    this.#known = known;
    this.#clock = clock;
  }

  /** Looks at the named entries of the store's folders, and at nothing else unless one of them turns out to be a folder. */
  async look(hints: Iterable<{ readonly completed: boolean; readonly name: string }>): Promise<Differences> {
    const keys: IssueKey[] = [];
    let foldersInDoubt = false;
    for (const { completed, name } of hints) {
      const wasFolder = this.#known.otherFolders.includes(completed ? `${COMPLETE_FOLDER}/${name}` : name);
      const id = issueIdOfFile(name);
      if (id !== undefined) {
        keys.push(issueKey(id, completed));
        foldersInDoubt ||= wasFolder;
      } else {
        foldersInDoubt ||= wasFolder !== this.#isFolder(completed, name);
      }
    }
    const { current, removed, folders } = await this.#lookAt(keys);
    if (folders === 0 && !foldersInDoubt) {
      return { current, removed };
    }
    return { current, removed, listing: await listStore(this.#disk, this.#folder) };
  }

  /**
   * Looks at everything: lists both folders, asks for the stat of every file and reads those that differ. It yields to the
   * event loop between slices.
   * @throws the signal's reason when aborted.
   */
  async reconcile(signal?: AbortSignal): Promise<Differences> {
    const listing = await listStore(this.#disk, this.#folder);
    const listed = new Set(listing.keys);
    const gone = [...this.#known.keys()].filter((key) => !listed.has(key));
    const { current, removed } = await this.#lookAt(listing.keys, signal);
    return { current, removed: [...gone, ...removed], listing };
  }

  async #lookAt(keys: readonly IssueKey[], signal?: AbortSignal) {
    const current: StoredSummary[] = [];
    const removed: IssueKey[] = [];
    let folders = 0;
    await sweep<Look>(
      keys.length,
      { readSync: (index) => this.#lookSync(present(keys[index])), read: (index) => this.#lookLater(present(keys[index])) },
      (index, look) => {
        const key = present(keys[index]);
        if (typeof look === 'object') {
          current.push(look);
        } else if (look !== 'same' && this.#known.get(key) !== undefined) {
          removed.push(key);
        }
        folders += Number(look === 'folder');
      },
      { clock: this.#clock, signal },
    );
    return { current, removed, folders };
  }

  #lookSync(key: IssueKey): Look {
    const path = issuePath(this.#folder, key);
    const known = this.#known.get(key);
    // A file that is not known is read in any case, and its stat comes with that.
    if (known !== undefined) {
      const verdict = compare(known, this.#disk.statSync(path));
      if (verdict !== 'different') {
        return verdict;
      }
    }
    return this.#take(key, readOutcomeSync(this.#disk, path));
  }

  async #lookLater(key: IssueKey): Promise<Look> {
    const path = issuePath(this.#folder, key);
    const known = this.#known.get(key);
    if (known !== undefined) {
      const verdict = compare(known, await this.#disk.stat(path));
      if (verdict !== 'different') {
        return verdict;
      }
    }
    return this.#take(key, await readOutcome(this.#disk, path));
  }

  #take(key: IssueKey, read: ReadOutcome): Look {
    const code = 'error' in read ? errorCode(read.error) : undefined;
    if (code === 'ENOENT' || code === 'ENOTDIR') {
      return 'missing';
    }
    if (code === 'EFTYPE' && this.#disk.statSync(issuePath(this.#folder, key))?.kind === 'folder') {
      return 'folder';
    }
    return summaryOrProblem(this.#folder, key, read);
  }

  /** Asked of names that are no issue's. Temporary files, by far the most frequent of them, are no folders. */
  #isFolder(completed: boolean, name: string): boolean {
    return !name.endsWith('.tmp') && this.#disk.statSync(join(storeFolder(this.#folder, completed), name))?.kind === 'folder';
  }
}

function compare(known: StoredSummary, stat: FileStat | undefined): 'missing' | 'folder' | 'same' | 'different' {
  if (stat === undefined || stat.kind === 'folder') {
    return stat?.kind === 'folder' ? 'folder' : 'missing';
  }
  return known.stat !== undefined && sameStat(known.stat, stat) ? 'same' : 'different';
}
