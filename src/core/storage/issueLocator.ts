import { assertDefined } from '../assertDefined.ts';
import type { Clock } from '../clock.ts';
import type { Disk } from '../disk/disk.ts';
import { sweepStats } from '../disk/sweep.ts';
import type { StoreSchema } from '../formats/storeSchema.ts';
import { compareIssues, type IssueKey, type IssueRef, type OrderedIssue } from '../issue/issue.ts';
import { AmbiguousIssueError, IssueNotFoundError } from '../issue/issueErrors.ts';
import { NO_FIELDS } from '../issue/issueFields.ts';
import { ISSUE_EXTENSION } from '../issue/issueFileName.ts';
import { issuePath } from '../issue/issueKey.ts';
import { type IssueQuery, type KnownNames, meaningsOf, parseIssueRef } from '../issue/issueRef.ts';
import { isCompleted } from '../issue/issueState.ts';
import { readError } from './fileErrors.ts';
import { refuseLinkedFolders, visitStore } from './storeFolders.ts';

/** Resolves references to keys with as few file system calls as their form allows. */
export class IssueLocator {
  readonly #disk: Disk;
  readonly #folder: string;
  readonly #schema: StoreSchema;
  readonly #clock: Clock;

  constructor(disk: Disk, { folder, schema }: { readonly folder: string; readonly schema: StoreSchema }, clock: Clock) {
    this.#disk = disk;
    this.#folder = folder;
    this.#schema = schema;
    this.#clock = clock;
  }

  /** All keys that a reference can mean for a read, best first. The first ones may not exist. Names are listed only if they are needed. */
  async *candidates(query: IssueQuery): AsyncGenerator<IssueKey> {
    yield* this.#keysByName(query);
    if (this.#needsListing(query)) {
      yield* meaningsOf(query, await this.#listed([query]));
    }
  }

  /**
   * The best key of each reference, undefined if there is none. If all references are exact, it does not access the disk and the keys may
   * not exist.
   */
  async forReading(refs: readonly IssueRef[]): Promise<(IssueKey | undefined)[]> {
    const queries = refs.map(parseIssueRef);
    if (queries.every(({ exact, id }) => exact !== undefined && id === undefined)) {
      const keys = queries.map((query) => this.#keysByName(query)[0]);
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
    const isListed = queries.some((query) => this.#needsListing(query));
    const names = await (isListed ? this.#listed(queries) : this.#existing(new Set(queries.flatMap((query) => this.#keysByName(query)))));
    const keys = queries.map((query) => onlyOne(query, meaningsOf(query, names)));
    if (!isListed) {
      await this.#refuseLinked(keys);
    }
    return keys;
  }

  /** Keys that were not listed can be behind a link. */
  async #refuseLinked(keys: readonly (IssueKey | undefined)[]): Promise<void> {
    await refuseLinkedFolders(
      this.#disk,
      this.#folder,
      keys.filter((key) => key !== undefined),
    );
  }

  /** The keys that a query can mean other than by what a listing tells. Keys of files that the store does not read are left out. */
  #keysByName({ exact, id }: IssueQuery): readonly IssueKey[] {
    const keys = [...(exact === undefined ? [] : [exact]), ...(id === undefined ? [] : (this.#schema.format.keysOfId?.(id) ?? []))];
    return keys.filter((key) => this.#schema.isIssue(key));
  }

  #needsListing({ id, number }: IssueQuery): boolean {
    return number !== undefined || (id !== undefined && this.#schema.format.keysOfId === undefined);
  }

  async #existing(named: ReadonlySet<IssueKey>): Promise<KnownNames> {
    const keys = [...named];
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
    const withId = (id: string) => this.#keysByName({ id, label: id }).filter((key) => existing.has(key));
    return { has: (key) => existing.has(key), withId, withNumber: () => [] };
  }

  /** Lists the store once and keeps only the names that the queries can mean, as far as names tell. */
  async #listed(queries: readonly IssueQuery[]): Promise<KnownNames> {
    const { format } = this.#schema;
    const exact = new Set(queries.flatMap((query) => query.exact ?? []));
    const byId = new Map<string, OrderedIssue[]>(queries.flatMap(({ id }) => (id === undefined ? [] : [[format.foldId(id), []]])));
    const byNumber = new Map<number, OrderedIssue[]>(queries.flatMap(({ number }) => (number === undefined ? [] : [[number, []]])));
    const existing = new Set<IssueKey>();
    await visitStore(this.#disk, this.#folder, this.#schema, (key) => {
      const { id, number } = this.#schema.idOfName(key);
      const issue = { key, id, ...(number === undefined ? {} : { number }) };
      if (number !== undefined) {
        byNumber.get(number)?.push(issue);
      }
      byId.get(format.foldId(id))?.push(issue);
      if (exact.has(key)) {
        existing.add(key);
      }
    });
    return {
      has: (key) => existing.has(key),
      withId: (id) => this.#preferred(byId.get(format.foldId(id))),
      withNumber: (number) => this.#preferred(byNumber.get(number)),
    };
  }

  /** Open issues, as far as their folder tells, before completed ones. */
  #preferred(issues: readonly OrderedIssue[] = []): IssueKey[] {
    const rank = ({ key }: OrderedIssue) =>
      Number(isCompleted({ state: this.#schema.stateOf({ key, fields: NO_FIELDS, progress: undefined }) }));
    return issues.toSorted((a, b) => rank(a) - rank(b) || compareIssues(a, b)).map(({ key }) => key);
  }
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
