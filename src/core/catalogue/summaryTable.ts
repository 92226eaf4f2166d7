import type { EntryKind, KnownStat } from '../disk/disk.ts';
import type { TaskProgress } from '../issue/issue.ts';
import { readVersion, VERSION_BYTES, writeVersion, writeVersionOf } from '../storage/issueVersion.ts';

/** Where in a row each figure is: what is known of the text, and the stat without its kind. */
const DONE = 0;
const TOTAL = 1;
const SIZE = 2;
const STAT_SIZE = 3;
const INO = 4;
const MTIME = 5;
const CTIME = 6;
const BIRTHTIME = 7;
const HAS_CONFLICT = 8;
const FIGURES = 9;

/** In the place of figures that nobody knows. */
const UNKNOWN = -1;

const FIGURES_BYTES = FIGURES * Float64Array.BYTES_PER_ELEMENT;
const ROW_BYTES = FIGURES_BYTES + VERSION_BYTES;

/** What a row is made of. */
export interface RowFacts {
  /** Undefined where nobody has counted. */
  readonly progress: TaskProgress | undefined;
  readonly hasConflict?: boolean;
  /** Of the text, in bytes. */
  readonly size: number;
  /** Undefined where the file could not be looked at; its figures mean nothing then. */
  readonly stat: KnownStat | undefined;
}

/**
 * The figures and versions of a run of issues, in one piece of memory: beside the objects and texts of a store of 100 000 the engine would
 * move a million numbers about whenever it collects garbage.
 */
export class SummaryTable {
  /** Absolute path of the store. */
  readonly folder: string;
  readonly #bytes: Buffer;
  readonly #figures: Float64Array;
  readonly #versions: Buffer;

  /** @param rows how many there are; each has to be written before it is read. */
  constructor(folder: string, rows: number) {
    const memory = new ArrayBuffer(rows * ROW_BYTES);
    this.folder = folder;
    this.#bytes = Buffer.from(memory);
    this.#figures = new Float64Array(memory, 0, rows * FIGURES);
    this.#versions = Buffer.from(memory, rows * FIGURES_BYTES);
  }

  /** A table with the {@link bytes} of another one. */
  static from(folder: string, rows: number, bytes: Uint8Array): SummaryTable {
    const table = new SummaryTable(folder, rows);
    table.#bytes.set(bytes);
    return table;
  }

  /** All of it, for a machine that keeps numbers in the same way. A live view. */
  get bytes(): Uint8Array {
    return this.#bytes;
  }

  write(row: number, { progress, hasConflict = false, size, stat }: RowFacts): void {
    const at = row * FIGURES;
    const figures = this.#figures;
    figures[at + DONE] = progress?.done ?? UNKNOWN;
    figures[at + TOTAL] = progress?.total ?? UNKNOWN;
    figures[at + SIZE] = size;
    figures[at + STAT_SIZE] = stat?.size ?? 0;
    figures[at + INO] = stat?.ino ?? 0;
    figures[at + MTIME] = stat?.mtimeMs ?? 0;
    figures[at + CTIME] = stat?.ctimeMs ?? 0;
    figures[at + BIRTHTIME] = stat?.birthtimeMs ?? 0;
    figures[at + HAS_CONFLICT] = Number(hasConflict);
  }

  writeVersion(row: number, version: string): void {
    writeVersion(version, this.#versions, row * VERSION_BYTES);
  }

  writeVersionOf(row: number, bytes: Uint8Array): void {
    writeVersionOf(bytes, this.#versions, row * VERSION_BYTES);
  }

  progress(row: number): TaskProgress | undefined {
    const [done, total] = [this.#figure(row, DONE), this.#figure(row, TOTAL)];
    return total === UNKNOWN ? undefined : { done, total };
  }

  hasConflict(row: number): boolean {
    return this.#figure(row, HAS_CONFLICT) === 1;
  }

  size(row: number): number {
    return this.#figure(row, SIZE);
  }

  /** The stat as it was written, with a kind, which is not kept here. */
  stat(row: number, kind: EntryKind): KnownStat {
    return {
      kind,
      size: this.#figure(row, STAT_SIZE),
      ino: this.#figure(row, INO),
      mtimeMs: this.#figure(row, MTIME),
      ctimeMs: this.#figure(row, CTIME),
      birthtimeMs: this.#figure(row, BIRTHTIME),
    };
  }

  /** In milliseconds since the epoch. */
  createdAt(row: number): number {
    return this.#figure(row, BIRTHTIME) || this.#figure(row, CTIME);
  }

  /** In milliseconds since the epoch. */
  modifiedAt(row: number): number {
    return this.#figure(row, MTIME);
  }

  version(row: number): string {
    return readVersion(this.#versions, row * VERSION_BYTES);
  }

  #figure(row: number, figure: number): number {
    return this.#figures[row * FIGURES + figure] ?? 0;
  }
}
