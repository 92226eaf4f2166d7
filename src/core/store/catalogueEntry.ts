import { type IssueKey, type IssueProblem, type IssueSummary, isCompletedKey, splitIssueKey, type TaskProgress } from '../issue/issue.ts';
import { parseIssueId } from '../issue/issueFileName.ts';
import type { EntryKind, KnownStat } from '../storage/disk.ts';
import { issuePath, type StoredSummary } from '../storage/issueFile.ts';

/**
 * A summary as the catalogue keeps it, for as long as the store is open: a few hundred bytes. What follows from the key and
 * the stat is made when it is asked for, and the text that a write brings along is let go.
 */
export class CatalogueEntry implements IssueSummary, StoredSummary {
  readonly key: IssueKey;
  readonly title: string;
  readonly number?: number;
  readonly size: number;
  readonly version: string;
  readonly problem?: IssueProblem;
  readonly racyUntil: number | undefined;
  readonly #folder: string;
  readonly #done: number;
  readonly #total: number;
  /** Undefined where the file could not be looked at; the figures below mean nothing then. */
  readonly #kind: EntryKind | undefined;
  readonly #statSize: number;
  readonly #mtimeMs: number;
  readonly #ctimeMs: number;
  readonly #birthtimeMs: number;
  readonly #ino: number;

  /** @param folder absolute path of the store; pass the same string for all, so that it is kept once. */
  constructor(folder: string, { summary, stat, racyUntil }: StoredSummary) {
    const { key, title, number, size, version, problem, progress } = summary;
    this.key = key;
    this.title = title;
    if (number !== undefined) {
      this.number = number;
    }
    this.size = size;
    this.version = version;
    if (problem !== undefined) {
      this.problem = problem;
    }
    this.racyUntil = racyUntil;
    this.#folder = folder;
    this.#done = progress.done;
    this.#total = progress.total;
    this.#kind = stat?.kind;
    this.#statSize = stat?.size ?? 0;
    this.#mtimeMs = stat?.mtimeMs ?? 0;
    this.#ctimeMs = stat?.ctimeMs ?? 0;
    this.#birthtimeMs = stat?.birthtimeMs ?? 0;
    this.#ino = stat?.ino ?? 0;
  }

  get summary(): IssueSummary {
    return this;
  }

  get stat(): KnownStat | undefined {
    return this.#kind === undefined
      ? undefined
      : {
          kind: this.#kind,
          size: this.#statSize,
          mtimeMs: this.#mtimeMs,
          ctimeMs: this.#ctimeMs,
          birthtimeMs: this.#birthtimeMs,
          ino: this.#ino,
        };
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
    return issuePath(this.#folder, this.key);
  }

  get createdAt(): Date {
    return new Date(this.#birthtimeMs || this.#ctimeMs);
  }

  get modifiedAt(): Date {
    return new Date(this.#mtimeMs);
  }

  get progress(): TaskProgress {
    return { done: this.#done, total: this.#total };
  }
}
