import { dirname } from 'node:path';
import { compareIssues, type IssueKey, type IssueSummary, isCompletedKey } from '../issue/issue.ts';
import { ISSUE_EXTENSION } from '../issue/issueFileName.ts';
import { type IssueQuery, type KnownNames, meaningsOf } from '../issue/issueRef.ts';
import type { StoredSummary } from '../storage/issueFile.ts';
import { CompactSummaries, CompactSummary } from './compactSummary.ts';
import type { Differences, KnownIssues } from './differences.ts';
import { SortedIssues } from './sortedIssues.ts';

/** Room for so many numbers at first. */
const FIRST_COUNTS = 1024;

/** What became of the issues of a store. */
export interface IssueChange {
  readonly added: readonly IssueSummary[];
  readonly changed: readonly IssueSummary[];
  /** As they were before they went. A renamed or moved issue is removed under its old key and added under the new one. */
  readonly removed: readonly IssueSummary[];
  /** True if folders that are not the store's, or files with garbled names, came or went in it. */
  readonly otherFolders: boolean;
}

/** The summaries of every issue of a store, in order, and always as current as the last differences it was given. */
export class IssueCatalogue implements KnownIssues {
  readonly #entries = new Map<IssueKey, CompactSummary>();
  readonly #active = new SortedIssues();
  readonly #completed = new SortedIssues();
  /** How many files have each number, as far as any has come: room for all numbers costs a small store more than reading its index. */
  #counts = new Uint32Array(FIRST_COUNTS);
  readonly #shared = new Set<number>();
  readonly #names: KnownNames = {
    has: (key) => this.#entries.has(key),
    withNumber: (number) => [...this.#active.withNumber(number), ...this.#completed.withNumber(number)].map(({ key }) => key),
  };
  /** That of the entries that came as something else than compact ones, and what makes them compact. */
  #folder = '';
  #summaries = new CompactSummaries('');
  #otherFolders: readonly string[] = [];
  #garbled: readonly IssueKey[] = [];
  #exists = false;
  /** What was known of every key that has changed since the last {@link takeChange}. */
  readonly #before = new Map<IssueKey, IssueSummary | undefined>();
  #otherFoldersChanged = false;

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
    const [active, completed] = [this.active, this.completed];
    const summaries: IssueSummary[] = [];
    let next = 0;
    for (const issue of active) {
      for (let other = completed[next]; other !== undefined && compareIssues(other, issue) < 0; other = completed[++next]) {
        summaries.push(other);
      }
      summaries.push(issue);
    }
    return summaries.concat(completed.slice(next));
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

  /** The issues with this number, in order. Costs what there is of them, however large the store is. */
  withNumber(number: number): IssueSummary[] {
    return [...this.#active.withNumber(number), ...this.#completed.withNumber(number)].sort(compareIssues);
  }

  /** The numbers that several files have, in no order. A live view. */
  get sharedNumbers(): ReadonlySet<number> {
    return this.#shared;
  }

  apply({ current, removed, listing }: Differences): void {
    this.#remove(removed);
    this.#put(current);
    if (listing !== undefined) {
      const { exists, otherFolders, garbled = [] } = listing;
      const isSame = otherFolders.join('\n') === this.#otherFolders.join('\n') && garbled.join('\n') === this.#garbled.join('\n');
      this.#otherFoldersChanged ||= !isSame || exists !== this.#exists;
      this.#otherFolders = otherFolders;
      this.#garbled = garbled;
      this.#exists = exists;
    }
  }

  /** Everything that changed since this was last asked; undefined if nothing did that anyone could see. */
  takeChange(): IssueChange | undefined {
    const added: IssueSummary[] = [];
    const changed: IssueSummary[] = [];
    const removed: IssueSummary[] = [];
    for (const [key, before] of this.#before) {
      const after = this.#entries.get(key)?.summary;
      if (after === undefined) {
        removed.push(...(before ? [before] : []));
      } else if (before === undefined) {
        added.push(after);
      } else if (!looksSame(before, after)) {
        changed.push(after);
      }
    }
    const otherFolders = this.#otherFoldersChanged;
    this.#before.clear();
    this.#otherFoldersChanged = false;
    return added.length + changed.length + removed.length > 0 || otherFolders ? { added, changed, removed, otherFolders } : undefined;
  }

  #put(stored: readonly StoredSummary[]): void {
    const added = new Map<IssueKey, CompactSummary>();
    for (const one of stored) {
      const entry = one instanceof CompactSummary ? one : this.#summariesFor(one.summary).of(one);
      const { key } = entry;
      const known = this.#entries.get(key);
      this.#noteBefore(key, known);
      this.#entries.set(key, entry);
      if (known === undefined || added.has(key)) {
        added.set(key, entry);
        this.#count(entry, known === undefined ? 1 : 0);
      } else {
        this.#listOf(entry).replace(entry);
      }
    }
    const entries = [...added.values()];
    this.#active.add(entries.filter(({ completed }) => !completed));
    this.#completed.add(entries.filter(({ completed }) => completed));
  }

  #remove(keys: readonly IssueKey[]): void {
    const removed: CompactSummary[] = [];
    for (const key of keys) {
      const known = this.#entries.get(key);
      if (known !== undefined) {
        this.#noteBefore(key, known);
        this.#entries.delete(key);
        removed.push(known);
        this.#count(known, -1);
      }
    }
    this.#active.remove(removed.filter(({ completed }) => !completed));
    this.#completed.remove(removed.filter(({ completed }) => completed));
  }

  #count({ number }: IssueSummary, more: number): void {
    if (number === undefined) {
      return;
    }
    if (number >= this.#counts.length) {
      const longer = new Uint32Array(2 ** Math.ceil(Math.log2(number + 1)));
      longer.set(this.#counts);
      this.#counts = longer;
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
    return summary.completed ? this.#completed : this.#active;
  }

  #summariesFor({ key, filePath }: IssueSummary): CompactSummaries {
    const isSame = filePath.length === this.#folder.length + 1 + key.length + ISSUE_EXTENSION.length && filePath.startsWith(this.#folder);
    if (!isSame) {
      this.#folder = isCompletedKey(key) ? dirname(dirname(filePath)) : dirname(filePath);
      this.#summaries = new CompactSummaries(this.#folder);
    }
    return this.#summaries;
  }
}

/** A file that was touched and has the same bytes is the same to everyone who looks at it. */
function looksSame(a: IssueSummary, b: IssueSummary): boolean {
  return a.version === b.version && a.filePath === b.filePath && a.problem?.message === b.problem?.message;
}
