import { isDeepStrictEqual } from 'node:util';
import { NUMBERED_FORMAT } from '../formats/numbered.ts';
import type { StoreFormat } from '../formats/storeFormat.ts';
import { compareIssues, type IssueKey, type IssueSummary, type OrderedIssue } from '../issue/issue.ts';
import { type IssueQuery, type KnownNames, meaningsOf, parseIssueRef } from '../issue/issueRef.ts';
import { isCompleted } from '../issue/issueState.ts';
import type { StoredSummary } from '../storage/issueFile.ts';
import type { Differences, KnownIssues } from './differences.ts';
import { IssueRelations } from './issueRelations.ts';
import { SortedIssues } from './sortedIssues.ts';

/** A change of the issues of a store. */
export interface IssueChange {
  readonly added: readonly IssueSummary[];
  readonly changed: readonly IssueSummary[];
  /** The changed ones as they were, in the same order. */
  readonly before: readonly IssueSummary[];
  /**
   * As they were before they went. A renamed or moved issue is removed under its old key and added under the new one; one that was completed
   * or reopened, or has another id or number, is removed from its old place and added in the new one, even where its key stays.
   */
  readonly removed: readonly IssueSummary[];
  /** True if folders that are not the store's, or files with garbled names, came or went in it. */
  readonly otherFolders: boolean;
}

/** The summaries of every issue of a store, in order, and always as current as the last differences it was given. */
export class IssueCatalogue implements KnownIssues {
  readonly #entries = new Map<IssueKey, StoredSummary>();
  readonly #active = new SortedIssues();
  readonly #completed = new SortedIssues();
  /** How many files have each number. */
  readonly #counts: number[] = [];
  readonly #shared = new Set<number>();
  readonly #names: KnownNames = {
    has: (key) => this.#entries.has(key),
    withId: (id) => this.#withId(id).map(({ key }) => key),
    withNumber: (number) => this.#withNumber(number).map(({ key }) => key),
  };
  readonly format: StoreFormat;
  readonly relations: IssueRelations;
  /** The statuses that the store's configuration knows; undefined if any word will do. Whoever reads the configuration sets it. */
  statuses: readonly string[] | undefined;
  #otherFolders: readonly string[] = [];
  #issueFolders: readonly string[] = [];
  #garbled: readonly IssueKey[] = [];
  #exists = false;
  /** What was known of every key that has changed since the last {@link takeChange}. */
  readonly #before = new Map<IssueKey, IssueSummary | undefined>();
  #otherFoldersChanged = false;
  #isElsewhere = false;

  /** @param format of all issues. */
  constructor(format: StoreFormat = NUMBERED_FORMAT) {
    this.format = format;
    this.relations = new IssueRelations(format, {
      get: (key) => this.#entries.get(key)?.summary,
      meaningsOf: (ref) => meaningsOf(parseIssueRef(ref), this.#names),
    });
  }

  /** Active issues in order. A live view: copy what you keep. */
  get active(): readonly IssueSummary[] {
    return this.#active.all;
  }

  /** Completed issues in order. A live view: copy what you keep. */
  get completed(): readonly IssueSummary[] {
    return this.#completed.all;
  }

  /** Folders in the store that are not its own. */
  get otherFolders(): readonly string[] {
    return this.#otherFolders;
  }

  /** The store's folders that hold issues; see {@link StoreFolders.issueFolders}. */
  get issueFolders(): readonly string[] {
    return this.#issueFolders;
  }

  /** Files in the store that are no issues because their names are not UTF-8, by their keys as far as these can be told. */
  get garbled(): readonly IssueKey[] {
    return this.#garbled;
  }

  /** False while the store's folder is not there. */
  get exists(): boolean {
    return this.#exists;
  }

  get size(): number {
    return this.#entries.size;
  }

  /** A copy of all of it, in the order of every list. */
  summaries(): IssueSummary[] {
    // Two runs that are in order already, which sorting only merges.
    return [...this.active, ...this.completed].sort(compareIssues);
  }

  keys(): Iterable<IssueKey> {
    return this.#entries.keys();
  }

  /** Every entry, active issues first, each kind in order. */
  *entries(): Generator<StoredSummary> {
    for (const { key } of [...this.active, ...this.completed]) {
      const entry = this.#entries.get(key);
      if (entry !== undefined) {
        yield entry;
      }
    }
  }

  get(key: IssueKey): StoredSummary | undefined {
    return this.#entries.get(key);
  }

  /** The issue that a reader means. */
  resolve(query: IssueQuery): IssueSummary | undefined {
    const [key] = meaningsOf(query, this.#names);
    return key === undefined ? undefined : this.#entries.get(key)?.summary;
  }

  /** True if a reader can mean this issue, which costs the same however large the store is. */
  isMeant({ key, id, number }: OrderedIssue, query: IssueQuery): boolean {
    if (query.exact !== undefined && this.#entries.has(query.exact)) {
      return query.exact === key;
    }
    const { format } = this;
    const isId = (name: string) => format.keysOfId?.(name).includes(key) ?? format.foldId(name) === format.foldId(id);
    return (query.id !== undefined && isId(query.id)) || (number !== undefined && query.number === number);
  }

  /** The issues with this number, in order. Where ids begin with numbers, it costs what there is of them, however large the store is. */
  withNumber(number: number): IssueSummary[] {
    return [...this.#withNumber(number)].sort(compareIssues);
  }

  /** The numbers that several files have although the format wants each to mean one issue, in no order. A live view. */
  get sharedNumbers(): ReadonlySet<number> {
    return this.#shared;
  }

  /** @returns the keys of what is really different: a file that was read again and has the same text, or the same problem, is not. */
  apply({ current, removed, listing }: Differences): readonly IssueKey[] {
    this.#remove(removed);
    const different = this.#put(current);
    if (listing !== undefined) {
      const { exists, otherFolders, issueFolders, garbled = [] } = listing;
      const isSame = otherFolders.join('\n') === this.#otherFolders.join('\n') && garbled.join('\n') === this.#garbled.join('\n');
      this.#otherFoldersChanged ||= !isSame || exists !== this.#exists;
      this.#otherFolders = otherFolders;
      this.#issueFolders = issueFolders;
      this.#garbled = garbled;
      this.#exists = exists;
    }
    return [...removed, ...different];
  }

  /** Call this when the store has moved to another folder: an issue with the same key and text there is a changed issue nevertheless. */
  movedElsewhere(): void {
    this.#isElsewhere = true;
  }

  /** Everything that changed since the last call. Undefined if nothing visible did. */
  takeChange(): IssueChange | undefined {
    const added: IssueSummary[] = [];
    const changed: IssueSummary[] = [];
    const changedFrom: IssueSummary[] = [];
    const removed: IssueSummary[] = [];
    for (const [key, before] of this.#before) {
      const after = this.#entries.get(key)?.summary;
      if (after === undefined) {
        removed.push(...(before ? [before] : []));
      } else if (before === undefined) {
        added.push(after);
      } else if (!isInSamePlace(before, after)) {
        removed.push(before);
        added.push(after);
      } else if (this.#isElsewhere || !looksSame(before, after)) {
        changed.push(after);
        changedFrom.push(before);
      }
    }
    const otherFolders = this.#otherFoldersChanged;
    this.#before.clear();
    this.#otherFoldersChanged = false;
    this.#isElsewhere = false;
    return added.length + changed.length + removed.length > 0 || otherFolders
      ? { added, changed, before: changedFrom, removed, otherFolders }
      : undefined;
  }

  /** In order, open issues first. */
  #withNumber(number: number): readonly IssueSummary[] {
    if (!this.format.writes.renumber) {
      return [...this.active, ...this.completed].filter((issue) => issue.number === number);
    }
    return [...this.#active.withLeadingNumber(number), ...this.#completed.withLeadingNumber(number)];
  }

  /** In order, open issues first. */
  #withId(id: string): readonly OrderedIssue[] {
    const keys = this.format.keysOfId?.(id) ?? this.relations.withId(id);
    const issues = keys.flatMap((key) => this.#entries.get(key)?.summary ?? []);
    return issues.sort((a, b) => Number(isCompleted(a)) - Number(isCompleted(b)) || compareIssues(a, b));
  }

  #put(stored: readonly StoredSummary[]): readonly IssueKey[] {
    const different: IssueKey[] = [];
    const added = new Map<IssueKey, IssueSummary>();
    for (const { summary, stat, racyUntil } of stored) {
      const { key } = summary;
      const known = this.#entries.get(key)?.summary;
      this.#noteBefore(key, known);
      // The result of a write also carries the text, which is not kept here.
      this.#entries.set(key, racyUntil === undefined ? { summary, stat } : { summary, stat, racyUntil });
      this.relations.put(summary, known);
      if (known?.number !== summary.number) {
        this.#count(known, -1);
        this.#count(summary, 1);
      }
      if (known === undefined || !looksSame(known, summary)) {
        different.push(key);
      }
      if (known === undefined || added.has(key)) {
        added.set(key, summary);
      } else if (isInSamePlace(known, summary)) {
        this.#listOf(summary).replace(summary);
      } else {
        this.#listOf(known).remove([known]);
        added.set(key, summary);
      }
    }
    const issues = [...added.values()];
    this.#active.add(issues.filter((issue) => !isCompleted(issue)));
    this.#completed.add(issues.filter(isCompleted));
    return different;
  }

  #remove(keys: readonly IssueKey[]): void {
    const removed: IssueSummary[] = [];
    for (const key of keys) {
      const known = this.#entries.get(key)?.summary;
      if (known !== undefined) {
        this.#noteBefore(key, known);
        this.#entries.delete(key);
        removed.push(known);
        this.relations.remove(known);
        this.#count(known, -1);
      }
    }
    this.#active.remove(removed.filter((issue) => !isCompleted(issue)));
    this.#completed.remove(removed.filter(isCompleted));
  }

  #count(summary: IssueSummary | undefined, more: number): void {
    const number = summary?.number;
    if (number === undefined || !this.format.writes.renumber) {
      return;
    }
    const count = (this.#counts[number] ?? 0) + more;
    this.#counts[number] = count;
    if (count > 1) {
      this.#shared.add(number);
    } else {
      this.#shared.delete(number);
    }
  }

  #noteBefore(key: IssueKey, summary: IssueSummary | undefined): void {
    if (!this.#before.has(key)) {
      this.#before.set(key, summary);
    }
  }

  #listOf(summary: IssueSummary): SortedIssues {
    return isCompleted(summary) ? this.#completed : this.#active;
  }
}

/** True if both stand in the same list and at the same place of it. */
function isInSamePlace(a: IssueSummary, b: IssueSummary): boolean {
  return isCompleted(a) === isCompleted(b) && a.id === b.id && a.number === b.number;
}

/**
 * A file that was touched and has the same bytes is the same to everyone who looks at it, if the configuration makes the same of them. Of one
 * whose text could not be taken the version says nothing, but its size and its problem do.
 */
function looksSame(a: IssueSummary, b: IssueSummary): boolean {
  const isSameText = a.version === b.version && a.size === b.size && a.problem?.message === b.problem?.message;
  return isSameText && a.state === b.state && isInSamePlace(a, b) && a.title === b.title && isDeepStrictEqual(a.fields, b.fields);
}
