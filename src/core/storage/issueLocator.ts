import { compareIssues, type IssueKey, type IssueRef, splitIssueKey } from '../issue/issue.ts';
import { AmbiguousIssueError, IssueError, IssueNotFoundError } from '../issue/issueErrors.ts';
import { ISSUE_EXTENSION, parseIssueId } from '../issue/issueFileName.ts';
import { type IssueQuery, keysOfId, parseIssueRef } from '../issue/issueRef.ts';
import type { Disk, FileStat } from './disk.ts';
import { issuePath, readError } from './issueFile.ts';
import { listStore, refuseLinkedFolder, type StoreListing, storeFolder } from './storeFolders.ts';

/**
 * A listing is taken for current while both folders have the modification time they had when it was made, provided that
 * time was older than this by then, in milliseconds: a change within the resolution of the file system's clock (2 s on FAT)
 * would not show.
 */
const RACY_MS = 2500;

interface KnownListing {
  readonly listing: StoreListing;
  readonly byNumber: ReadonlyMap<number, readonly IssueKey[]>;
  readonly stamp: string;
}

/** Finds out which file of a store a reference means, with as few looks at the disk as its form allows. */
export class IssueLocator {
  readonly #disk: Disk;
  readonly #folder: string;
  readonly #epoch: () => number;
  #known: KnownListing | undefined;

  constructor(disk: Disk, folder: string, epoch: () => number) {
    this.#disk = disk;
    this.#folder = folder;
    this.#epoch = epoch;
  }

  /** Every key the reference can mean, best first; whether the exact ones exist is for the reader to find out. */
  async *candidates(query: IssueQuery): AsyncGenerator<IssueKey> {
    if (query.exact !== undefined) {
      yield query.exact;
      return;
    }
    if (query.id !== undefined) {
      yield* keysOfId(query.id);
    }
    if (query.number !== undefined) {
      yield* await this.#withNumber(query.number);
    }
  }

  /**
   * The one file that the reference means, for writing.
   * @throws IssueNotFoundError if there is none, AmbiguousIssueError if there are several.
   */
  async forWriting(ref: IssueRef): Promise<IssueKey> {
    const query = parseIssueRef(ref);
    const found = new Set<IssueKey>();
    for await (const key of this.candidates(query)) {
      const stat = found.has(key) ? undefined : await this.#stat(issuePath(this.#folder, key));
      if (stat !== undefined && stat.kind !== 'folder') {
        found.add(key);
      }
    }
    const key = onlyOne(query, [...found]);
    if (splitIssueKey(key).completed) {
      await refuseLinkedFolder(this.#disk, this.#folder);
    }
    return key;
  }

  /**
   * As {@link forWriting} for many references, from one listing. Each must mean one file, and no two the same.
   * @throws the first failure, before anything else is done.
   */
  async allForWriting(refs: readonly IssueRef[]): Promise<IssueKey[]> {
    const { listing, byNumber } = await this.#current();
    const existing = new Set(listing.keys);
    const named = new Set<IssueKey>();
    return refs.map((ref) => {
      const query = parseIssueRef(ref);
      const key = onlyOne(query, matching(query, existing, byNumber));
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
    const exact = refs.flatMap((ref) => parseIssueRef(ref).exact ?? []);
    if (exact.length === refs.length) {
      return exact;
    }
    const { listing, byNumber } = await this.#current();
    const existing = new Set(listing.keys);
    return refs.map((ref) => matching(parseIssueRef(ref), existing, byNumber)[0]);
  }

  async #withNumber(number: number): Promise<readonly IssueKey[]> {
    return (await this.#current()).byNumber.get(number) ?? [];
  }

  /** The names in the store: two stats if nothing has changed since they were last listed, else a listing. */
  async #current(): Promise<KnownListing> {
    const [active, completed] = await Promise.all([
      this.#stat(storeFolder(this.#folder, false)),
      this.#stat(storeFolder(this.#folder, true)),
    ]);
    const stamp = [active, completed].map((stat) => (stat ? `${stat.ino}:${stat.mtimeMs}:${stat.ctimeMs}` : '-')).join(' ');
    if (this.#known?.stamp === stamp) {
      return this.#known;
    }
    const listedAt = this.#epoch();
    const listing = await listStore(this.#disk, this.#folder);
    const known = { listing, byNumber: keysByNumber(listing.keys), stamp };
    const newest = Math.max(active?.mtimeMs ?? 0, completed?.mtimeMs ?? 0);
    this.#known = listedAt - newest > RACY_MS ? known : undefined;
    return known;
  }

  async #stat(path: string): Promise<FileStat | undefined> {
    try {
      return await this.#disk.stat(path);
    } catch (error) {
      throw readError(path, error);
    }
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

function matching(query: IssueQuery, existing: ReadonlySet<IssueKey>, byNumber: ReadonlyMap<number, readonly IssueKey[]>): IssueKey[] {
  if (query.exact !== undefined) {
    return existing.has(query.exact) ? [query.exact] : [];
  }
  const found = new Set<IssueKey>();
  if (query.id !== undefined) {
    for (const key of keysOfId(query.id)) {
      if (existing.has(key)) {
        found.add(key);
      }
    }
  }
  for (const key of query.number === undefined ? [] : (byNumber.get(query.number) ?? [])) {
    found.add(key);
  }
  return [...found];
}

/** Keys of each number, active before completed and then in list order. */
function keysByNumber(keys: readonly IssueKey[]): Map<number, IssueKey[]> {
  const numbered = new Map<number, { key: IssueKey; id: string; completed: boolean }[]>();
  for (const key of keys) {
    const { id, completed } = splitIssueKey(key);
    const { number } = parseIssueId(id);
    if (number !== undefined) {
      const same = numbered.get(number) ?? [];
      numbered.set(number, same);
      same.push({ key, id, completed });
    }
  }
  const result = new Map<number, IssueKey[]>();
  for (const [number, same] of numbered) {
    same.sort((a, b) => Number(a.completed) - Number(b.completed) || compareIssues(a, b));
    result.set(
      number,
      same.map(({ key }) => key),
    );
  }
  return result;
}
