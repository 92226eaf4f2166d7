import { isUtf8 } from 'node:buffer';
import { type IssueKey, type IssueProblem, type IssueSummary, isCompletedKey, splitIssueKey, type TaskProgress } from '../issue/issue.ts';
import { numberOfId, parseIssueId } from '../issue/issueFileName.ts';
import { outlineOf } from '../issue/issueMarkdown.ts';
import type { EntryKind, KnownStat } from './disk.ts';
import { issuePath, type ReadOutcome, type StoredSummary, summaryOrProblem, titleWithoutText, versionOf } from './issueFile.ts';

/** What does not follow from an issue's key and its file's stat. */
export interface SummaryFacts extends Omit<StoredSummary, 'summary'> {
  readonly title: string;
  readonly version: string;
  readonly size: number;
  readonly progress: TaskProgress;
  readonly problem?: IssueProblem | undefined;
}

/**
 * A summary that can be kept for as long as a store is open, for each of its issues: a few hundred bytes. What follows from the key and the
 * stat is made when it is asked for, and nothing keeps a text alive.
 */
export class CompactSummary implements IssueSummary, StoredSummary {
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
  constructor(folder: string, key: IssueKey, { title, version, size, progress, problem, stat, racyUntil }: SummaryFacts) {
    this.key = key;
    this.title = title;
    const number = numberOfId(splitIssueKey(key).id);
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

  /** The same as a compact one. */
  static of(folder: string, { summary, stat, racyUntil }: StoredSummary): CompactSummary {
    const { title, version, size, progress, problem } = summary;
    return new CompactSummary(folder, summary.key, { title, version, size, progress, problem, stat, racyUntil });
  }

  /** What a list has of a file, its problem where it could not be taken. */
  static read(folder: string, key: IssueKey, read: ReadOutcome, racyUntil: number | undefined): CompactSummary {
    if ('error' in read || !isUtf8(read.bytes)) {
      return CompactSummary.of(folder, { ...summaryOrProblem(folder, key, read), racyUntil });
    }
    const { bytes, stat } = read;
    const { title = titleWithoutText(key), progress } = outlineOf(bytes.toString('utf8'));
    return new CompactSummary(folder, key, { title, version: versionOf(bytes), size: bytes.length, progress, stat, racyUntil });
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
