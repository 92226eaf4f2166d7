import { assertDefined } from '../assertDefined.ts';
import type { Clock } from '../clock.ts';
import type { Disk, FileStat } from '../disk/disk.ts';
import { compareIssues, type IssueKey, type IssueRef } from '../issue/issue.ts';
import { AmbiguousIssueError, IssueError, IssueNotFoundError } from '../issue/issueErrors.ts';
import { ISSUE_EXTENSION, numberOfId } from '../issue/issueFileName.ts';
import { type IssueQuery, parseIssueRef } from '../issue/issueRef.ts';
import { idOfKey, isCompletedKey, issueKey, issuePath, keysOfId } from '../issue/storeLayout.ts';
import { readError } from './fileErrors.ts';
import { sweepStats } from './readSweep.ts';
import { refuseLinkedFolder, storeStamp, visitStore } from './storeFolders.ts';

/**
 * A listing is taken for current while both folders have the modification time they had when it was made, provided that
 * time was older than this by then, in milliseconds: a change within the resolution of the file system's clock (2 s on FAT)
 * would not show.
 */
const RACY_MS = 2500;

/** The keys of issues with the same number, in no order. */
type KeysByNumber = Map<number, IssueKey[]>;

interface KnownNumbers {
  readonly byNumber: KeysByNumber;
  readonly stamp: string;
}

/** Finds out which file of a store a reference means, with as few looks at the disk as its form allows. */
export class IssueLocator {
  readonly #disk: Disk;
  readonly #folder: string;
  readonly #clock: Clock;
  #known: KnownNumbers | undefined;

  constructor(disk: Disk, folder: string, clock: Clock) {
    this.#disk = disk;
    this.#folder = folder;
    this.#clock = clock;
  }

  /** Every key the reference can mean, best first; whether the exact ones exist is for the reader to find out. */
  async *candidates(query: IssueQuery, { isForWriting = false } = {}): AsyncGenerator<IssueKey> {
    if (query.exact !== undefined) {
      yield query.exact;
      return;
    }
    if (query.id !== undefined) {
      yield* keysOfId(query.id);
    }
    if (query.number !== undefined) {
      yield* await this.#withNumber(query.number, isForWriting);
    }
  }

  /**
   * The one file that the reference means, for writing.
   * @throws IssueNotFoundError if there is none, AmbiguousIssueError if there are several.
   */
  async forWriting(ref: IssueRef): Promise<IssueKey> {
    const query = parseIssueRef(ref);
    const found = new Set<IssueKey>();
    for await (const key of this.candidates(query, { isForWriting: true })) {
      const stat = found.has(key) ? undefined : await this.#stat(issuePath(this.#folder, key));
      if (stat !== undefined && stat.kind !== 'folder') {
        found.add(key);
      }
    }
    const key = onlyOne(query, [...found]);
    await this.#refuseLinked([key]);
    return key;
  }

  /**
   * As {@link forWriting} for many references, from one listing, or from stats alone where all of them are exact. Each must mean one file, and
   * no two the same.
   * @throws the first failure, before anything else is done.
   */
  async allForWriting(refs: readonly IssueRef[]): Promise<IssueKey[]> {
    const queries = refs.map(parseIssueRef);
    const exact = exactKeys(queries);
    const matching = exact === undefined ? await this.#find(queries) : await this.#existing(exact);
    const named = new Set<IssueKey>();
    return queries.map((query) => {
      const key = onlyOne(query, matching(query));
      if (named.has(key)) {
        throw new IssueError('ambiguous', `${key}${ISSUE_EXTENSION} is named twice in one batch. Name it once.`);
      }
      named.add(key);
      return key;
    });
  }

  /**
   * As {@link candidates} for many references, from one listing: the best existing key of each, undefined where none exists.
   * Where all of them are exact nothing is listed, and whether the keys exist is for the reader to find out.
   */
  async allForReading(refs: readonly IssueRef[]): Promise<(IssueKey | undefined)[]> {
    const queries = refs.map(parseIssueRef);
    const exact = exactKeys(queries);
    if (exact !== undefined) {
      await this.#refuseLinked(exact);
      return exact;
    }
    const matching = await this.#find(queries);
    return queries.map((query) => matching(query)[0]);
  }

  /** Which of these keys exist, as {@link #find} tells it, without listing anything. */
  async #existing(keys: readonly IssueKey[]): Promise<(query: IssueQuery) => IssueKey[]> {
    const paths = keys.map((key) => issuePath(this.#folder, key));
    const existing = new Set<IssueKey>();
    (await sweepStats(this.#disk, paths, { clock: this.#clock })).forEach((outcome, index) => {
      if ('error' in outcome) {
        throw readError(assertDefined(paths[index]), outcome.error);
      }
      if (outcome.stat !== undefined && outcome.stat.kind !== 'folder') {
        existing.add(assertDefined(keys[index]));
      }
    });
    await this.#refuseLinked([...existing]);
    return ({ exact }) => (exact !== undefined && existing.has(exact) ? [exact] : []);
  }

  /** What has not been listed can lie behind a link in the place of the folder of completed issues. */
  async #refuseLinked(keys: readonly IssueKey[]): Promise<void> {
    if (keys.some(isCompletedKey)) {
      await refuseLinkedFolder(this.#disk, this.#folder);
    }
  }

  /** Lists the store once, and keeps only what the queries can mean. @returns what fits one of them, best first. */
  async #find(queries: readonly IssueQuery[]): Promise<(query: IssueQuery) => IssueKey[]> {
    const byNumber: KeysByNumber = new Map();
    const ids = new Set<string>();
    for (const { exact, id = exact && idOfKey(exact), number } of queries) {
      if (id !== undefined) {
        ids.add(id);
      }
      if (number !== undefined) {
        byNumber.set(number, []);
      }
    }
    const existing = new Set<IssueKey>();
    await visitStore(this.#disk, this.#folder, (id, completed) => {
      const number = numberOfId(id);
      if (number !== undefined) {
        byNumber.get(number)?.push(issueKey(id, completed));
      }
      if (ids.has(id)) {
        existing.add(issueKey(id, completed));
      }
    });
    return ({ exact, id, number }) => {
      const named = exact === undefined ? (id === undefined ? [] : keysOfId(id)) : [exact];
      const numbered = number === undefined ? [] : bestFirst(byNumber.get(number));
      return [...new Set([...named.filter((key) => existing.has(key)), ...numbered])];
    };
  }

  /** Two stats if nothing has changed since names were last kept, else a listing; what is to be written is soon another store, so none are kept. */
  async #withNumber(number: number, isForWriting: boolean): Promise<readonly IssueKey[]> {
    const { stamp, newestMs } = await storeStamp(this.#disk, this.#folder);
    if (this.#known?.stamp === stamp) {
      return bestFirst(this.#known.byNumber.get(number));
    }
    if (isForWriting) {
      const query: IssueQuery = { number, label: String(number) };
      return (await this.#find([query]))(query);
    }
    const byNumber: KeysByNumber = new Map();
    const listedAt = this.#clock.epoch();
    await visitStore(this.#disk, this.#folder, (id, completed) => {
      const its = numberOfId(id);
      if (its === undefined) {
        return;
      }
      const same = byNumber.get(its);
      if (same === undefined) {
        byNumber.set(its, [issueKey(id, completed)]);
      } else {
        same.push(issueKey(id, completed));
      }
    });
    this.#known = listedAt - newestMs > RACY_MS ? { byNumber, stamp } : undefined;
    return bestFirst(byNumber.get(number));
  }

  async #stat(path: string): Promise<FileStat | undefined> {
    try {
      return await this.#disk.stat(path);
    } catch (error) {
      throw readError(path, error);
    }
  }
}

/** The keys of the queries if each of them names one file and nothing else. */
function exactKeys(queries: readonly IssueQuery[]): IssueKey[] | undefined {
  const exact = queries.flatMap((query) => query.exact ?? []);
  return exact.length === queries.length ? exact : undefined;
}

function onlyOne(query: IssueQuery, found: readonly IssueKey[]): IssueKey {
  const [key, ...others] = found;
  if (key === undefined) {
    throw new IssueNotFoundError(query.label);
  }
  if (others.length > 0) {
    throw new AmbiguousIssueError(
      query.label,
      found.map((each) => each + ISSUE_EXTENSION),
    );
  }
  return key;
}

/** Active issues before completed ones, each in the order of every list. */
function bestFirst(sameNumber: readonly IssueKey[] = []): readonly IssueKey[] {
  return sameNumber.toSorted(
    (a, b) =>
      Number(isCompletedKey(a)) - Number(isCompletedKey(b)) || compareIssues({ key: a, id: idOfKey(a) }, { key: b, id: idOfKey(b) }),
  );
}
