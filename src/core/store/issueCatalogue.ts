import { compareIssues, type IssueKey, type IssueSummary, splitIssueKey } from '../issue/issue.ts';
import { type IssueQuery, keysOfId } from '../issue/issueRef.ts';
import { present } from '../present.ts';
import type { StoredSummary } from '../storage/issueFile.ts';
import type { Differences, KnownIssues } from '../watch/reconciler.ts';

/** Above this many changes at once, sorting everything anew is cheaper than putting each in its place. */
const RESORT_FROM = 100;

/** What became of the issues of a store. */
export interface IssueChange {
  readonly added: readonly IssueSummary[];
  readonly changed: readonly IssueSummary[];
  /** As they were before they went. A renamed or moved issue is removed under its old key and added under the new one. */
  readonly removed: readonly IssueSummary[];
  /** True if folders that are not the store's came or went in it. */
  readonly otherFolders: boolean;
}

/** The summaries of every issue of a store, in order, and always as current as the last differences it was given. */
export class IssueCatalogue implements KnownIssues {
  readonly #entries = new Map<IssueKey, StoredSummary>();
  readonly #byNumber = new Map<number, Set<IssueKey>>();
  #active: IssueSummary[] = [];
  #completed: IssueSummary[] = [];
  #otherFolders: readonly string[] = [];
  #exists = false;
  /** What was known of every key that has changed since the last {@link takeChange}. */
  readonly #before = new Map<IssueKey, IssueSummary | undefined>();
  #otherFoldersChanged = false;

  /** Active issues in order. A live view: copy what you keep. */
  get active(): readonly IssueSummary[] {
    return this.#active;
  }

  /** Completed issues in order. A live view: copy what you keep. */
  get completed(): readonly IssueSummary[] {
    return this.#completed;
  }

  /** Folders in the store that are not its own. */
  get otherFolders(): readonly string[] {
    return this.#otherFolders;
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
    return [...this.#active, ...this.#completed].sort(compareIssues);
  }

  keys(): Iterable<IssueKey> {
    return this.#entries.keys();
  }

  get(key: IssueKey): StoredSummary | undefined {
    return this.#entries.get(key);
  }

  /** The issue that a reader means: exact id first, then active before completed, then the first in order. */
  resolve(query: IssueQuery): IssueSummary | undefined {
    if (query.exact !== undefined) {
      return this.#entries.get(query.exact)?.summary;
    }
    for (const key of query.id === undefined ? [] : keysOfId(query.id)) {
      const entry = this.#entries.get(key);
      if (entry !== undefined) {
        return entry.summary;
      }
    }
    const keys = query.number === undefined ? [] : (this.#byNumber.get(query.number) ?? []);
    const summaries = [...keys].map((key) => present(this.#entries.get(key)).summary);
    return summaries.sort((a, b) => Number(a.completed) - Number(b.completed) || compareIssues(a, b))[0];
  }

  apply({ current, removed, listing }: Differences): void {
    const resort = current.length + removed.length >= RESORT_FROM;
    for (const key of removed) {
      this.#remove(key, !resort);
    }
    for (const entry of current) {
      this.#put(entry, !resort);
    }
    if (resort) {
      this.#sort();
    }
    if (listing !== undefined) {
      this.#otherFoldersChanged ||= listing.otherFolders.join('\n') !== this.#otherFolders.join('\n') || listing.exists !== this.#exists;
      this.#otherFolders = listing.otherFolders;
      this.#exists = listing.exists;
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

  #put({ summary, stat, racyUntil }: StoredSummary, inPlace: boolean): void {
    const known = this.#entries.get(summary.key);
    this.#noteBefore(summary.key, known?.summary);
    // Taken apart, because what comes from a write carries the whole text, too.
    this.#entries.set(summary.key, racyUntil === undefined ? { summary, stat } : { summary, stat, racyUntil });
    if (known === undefined && summary.number !== undefined) {
      const same = this.#byNumber.get(summary.number) ?? new Set();
      this.#byNumber.set(summary.number, same.add(summary.key));
    }
    if (inPlace) {
      const list = this.#listOf(summary);
      list.splice(placeIn(list, summary), known === undefined ? 0 : 1, summary);
    }
  }

  #remove(key: IssueKey, inPlace: boolean): void {
    const known = this.#entries.get(key)?.summary;
    if (known === undefined) {
      return;
    }
    this.#noteBefore(key, known);
    this.#entries.delete(key);
    if (known.number !== undefined) {
      const same = this.#byNumber.get(known.number);
      same?.delete(key);
      if (same?.size === 0) {
        this.#byNumber.delete(known.number);
      }
    }
    if (inPlace) {
      const list = this.#listOf(known);
      list.splice(placeIn(list, known), 1);
    }
  }

  #noteBefore(key: IssueKey, summary: IssueSummary | undefined): void {
    if (!this.#before.has(key)) {
      this.#before.set(key, summary);
    }
  }

  #listOf(summary: IssueSummary): IssueSummary[] {
    return summary.completed ? this.#completed : this.#active;
  }

  #sort(): void {
    this.#active = [];
    this.#completed = [];
    for (const [key, { summary }] of this.#entries) {
      (splitIssueKey(key).completed ? this.#completed : this.#active).push(summary);
    }
    this.#active.sort(compareIssues);
    this.#completed.sort(compareIssues);
  }
}

/** Where the issue stands in a sorted list, or where it would stand. */
function placeIn(list: readonly IssueSummary[], issue: IssueSummary): number {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compareIssues(present(list[middle]), issue) < 0) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

/** A file that was touched and has the same bytes is the same to everyone who looks at it. */
function looksSame(a: IssueSummary, b: IssueSummary): boolean {
  return a.version === b.version && a.filePath === b.filePath && a.problem?.message === b.problem?.message;
}
