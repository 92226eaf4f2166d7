import { isUtf8 } from 'node:buffer';
import type { EntryKind, KnownStat } from '../disk/disk.ts';
import type { ReadOutcome } from '../disk/sweep.ts';
import { type IssueKey, type IssueProblem, type IssueSummary, isCompletedKey, splitIssueKey, type TaskProgress } from '../issue/issue.ts';
import { numberOfId, parseIssueId } from '../issue/issueFileName.ts';
import { issueTitle } from '../markdown/issueTitle.ts';
import { issuePath, outlineOfBytes, type StoredSummary, summaryOrProblem } from '../storage/issueFile.ts';
import { SummaryTable } from './summaryTable.ts';

/** Issues in a table: enough that a table costs nothing, few enough that one of which a single issue is left does not, either. */
const TABLE_ROWS = 128;

/** What a summary has beside its row in a table. */
export interface SummaryHead {
  readonly key: IssueKey;
  readonly title: string;
  readonly problem?: IssueProblem | undefined;
  readonly racyUntil?: number | undefined;
  /** Undefined where the file could not be looked at. */
  readonly kind: EntryKind | undefined;
}

/**
 * A summary that can be kept for as long as a store is open, for each of its issues: a few hundred bytes. What follows from the key and from
 * its row in a table is made when it is asked for, and nothing keeps a text alive.
 */
export class CompactSummary implements IssueSummary, StoredSummary {
  readonly key: IssueKey;
  readonly title: string;
  readonly number?: number;
  readonly problem?: IssueProblem;
  readonly racyUntil: number | undefined;
  readonly #kind: EntryKind | undefined;
  readonly #table: SummaryTable;
  readonly #row: number;

  constructor(table: SummaryTable, row: number, { key, title, problem, racyUntil, kind }: SummaryHead) {
    this.key = key;
    this.title = title;
    const number = numberOfId(splitIssueKey(key).id);
    if (number !== undefined) {
      this.number = number;
    }
    if (problem !== undefined) {
      this.problem = problem;
    }
    this.racyUntil = racyUntil;
    this.#kind = kind;
    this.#table = table;
    this.#row = row;
  }

  get summary(): IssueSummary {
    return this;
  }

  get stat(): KnownStat | undefined {
    return this.#kind === undefined ? undefined : this.#table.stat(this.#row, this.#kind);
  }

  get id(): string {
    return splitIssueKey(this.key).id;
  }

  get name(): string {
    return parseIssueId(this.id).name;
  }

  get completed(): boolean {
    return isCompletedKey(this.key);
  }

  get filePath(): string {
    return issuePath(this.#table.folder, this.key);
  }

  get version(): string {
    return this.problem === undefined ? this.#table.version(this.#row) : '';
  }

  get hasConflict(): boolean {
    return this.#table.hasConflict(this.#row);
  }

  get size(): number {
    return this.#table.size(this.#row);
  }

  get createdAt(): Date {
    return new Date(this.#table.createdAt(this.#row));
  }

  get modifiedAt(): Date {
    return new Date(this.#table.modifiedAt(this.#row));
  }

  get progress(): TaskProgress | undefined {
    return this.#table.progress(this.#row);
  }
}

/** Makes compact summaries, and tables for them as they are needed. */
export class CompactSummaries {
  readonly #folder: string;
  #table: SummaryTable | undefined;
  #used = 0;

  /** @param folder absolute path of the store. */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /** The same as a compact one. */
  of({ summary, stat, racyUntil }: StoredSummary): CompactSummary {
    const { key, title, version, size, progress, hasConflict = false, problem } = summary;
    const table = this.#nextRow();
    table.write(this.#used, { progress, hasConflict, size, stat });
    table.writeVersion(this.#used, version);
    return this.#take(table, { key, title, problem, racyUntil, kind: stat?.kind });
  }

  /** What a list has of a file, its problem where it could not be taken. */
  read(key: IssueKey, read: ReadOutcome, racyUntil: number | undefined): CompactSummary {
    if ('error' in read || !isUtf8(read.bytes)) {
      return this.of({ ...summaryOrProblem(this.#folder, key, read), racyUntil });
    }
    const { bytes, stat } = read;
    const { title: said, progress, hasConflict } = outlineOfBytes(bytes);
    const title = issueTitle(splitIssueKey(key).id, said);
    const table = this.#nextRow();
    table.write(this.#used, { progress, hasConflict, size: bytes.length, stat });
    table.writeVersionOf(this.#used, bytes);
    return this.#take(table, { key, title, racyUntil, kind: stat.kind });
  }

  #nextRow(): SummaryTable {
    if (this.#table === undefined || this.#used === TABLE_ROWS) {
      this.#table = new SummaryTable(this.#folder, TABLE_ROWS);
      this.#used = 0;
    }
    return this.#table;
  }

  #take(table: SummaryTable, head: SummaryHead): CompactSummary {
    const summary = new CompactSummary(table, this.#used, head);
    this.#used++;
    return summary;
  }
}
