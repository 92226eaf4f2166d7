import { assertDefined } from '../assertDefined.ts';
import type { Clock } from '../clock.ts';
import type { Disk } from '../disk/disk.ts';
import { sweepStats } from '../disk/sweep.ts';
import type { IssueKey, IssueRef } from '../issue/issue.ts';
import { AmbiguousIssueError, IssueNotFoundError } from '../issue/issueErrors.ts';
import { ISSUE_EXTENSION, numberOfId } from '../issue/issueFileName.ts';
import { type IssueQuery, type KnownNames, meaningsOf, parseIssueRef } from '../issue/issueRef.ts';
import { isCompletedKey, issueKey, issuePath, keysOfId } from '../issue/storeLayout.ts';
import { readError } from './fileErrors.ts';
import { refuseLinkedFolder, visitStore } from './storeFolders.ts';

/** Resolves references to keys with as few file system calls as their form allows. */
export class IssueLocator {
  readonly #disk: Disk;
  readonly #folder: string;
  readonly #clock: Clock;

  constructor(disk: Disk, folder: string, clock: Clock) {
    this.#disk = disk;
    this.#folder = folder;
    this.#clock = clock;
  }

  /**
   * All keys that a reference can mean for a read, best first. Exact keys may not exist. Names are listed only for a reference by number.
   */
  async *candidates(query: IssueQuery): AsyncGenerator<IssueKey> {
    yield* exactKeys(query);
    if (query.number !== undefined) {
      yield* meaningsOf({ number: query.number, label: query.label }, await this.#listed([query]));
    }
  }

  /**
   * The best key of each reference, undefined if there is none. If all references are exact, it does not access the disk and the keys may
   * not exist.
   */
  async forReading(refs: readonly IssueRef[]): Promise<(IssueKey | undefined)[]> {
    const queries = refs.map(parseIssueRef);
    if (queries.every(({ exact }) => exact !== undefined)) {
      const keys = queries.map(({ exact }) => exact);
      await this.#refuseLinked(keys);
      return keys;
    }
    const names = await this.#listed(queries);
    return queries.map((query) => meaningsOf(query, names)[0]);
  }

  /**
   * The only file that each reference can mean.
   * @throws IssueNotFoundError if there is none, AmbiguousIssueError if there are several.
   */
  async forWriting(refs: readonly IssueRef[]): Promise<IssueKey[]> {
    const queries = refs.map(parseIssueRef);
    const isListed = queries.some(({ number }) => number !== undefined);
    const names = await (isListed ? this.#listed(queries) : this.#existing(queries.flatMap(exactKeys)));
    const keys = queries.map((query) => onlyOne(query, meaningsOf(query, names)));
    if (!isListed) {
      await this.#refuseLinked(keys);
    }
    return keys;
  }

  /** Keys that were not listed can be behind a link named `complete`. */
  async #refuseLinked(keys: readonly (IssueKey | undefined)[]): Promise<void> {
    if (keys.some((key) => key !== undefined && isCompletedKey(key))) {
      await refuseLinkedFolder(this.#disk, this.#folder);
    }
  }

  async #existing(keys: readonly IssueKey[]): Promise<KnownNames> {
    const paths = keys.map((key) => issuePath(this.#folder, key));
    const existing = new Set<IssueKey>();
    for (const [index, outcome] of (await sweepStats(this.#disk, paths, { clock: this.#clock })).entries()) {
      if ('error' in outcome) {
        throw readError(assertDefined(paths[index]), outcome.error);
      }
      if (outcome.stat !== undefined && outcome.stat.kind !== 'folder') {
        existing.add(assertDefined(keys[index]));
      }
    }
    return { has: (key) => existing.has(key), withNumber: () => [] };
  }

  /** Lists the store once and keeps only the names that the queries can mean. */
  async #listed(queries: readonly IssueQuery[]): Promise<KnownNames> {
    const wanted = new Set(queries.flatMap(exactKeys));
    const byNumber = new Map<number, IssueKey[]>(queries.flatMap(({ number }) => (number === undefined ? [] : [[number, []]])));
    const existing = new Set<IssueKey>();
    await visitStore(this.#disk, this.#folder, (id, completed) => {
      const key = issueKey(id, completed);
      const number = numberOfId(id);
      if (number !== undefined) {
        byNumber.get(number)?.push(key);
      }
      if (wanted.has(key)) {
        existing.add(key);
      }
    });
    return { has: (key) => existing.has(key), withNumber: (number) => byNumber.get(number) ?? [] };
  }
}

/** The keys that a query can mean other than by number. */
function exactKeys({ exact, id }: IssueQuery): readonly IssueKey[] {
  return exact === undefined ? (id === undefined ? [] : keysOfId(id)) : [exact];
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
