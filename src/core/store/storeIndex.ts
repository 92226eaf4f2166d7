import { type FileHandle, mkdir, open, rename, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { systemClock } from '../clock.ts';
import type { IssueKey } from '../issue/issue.ts';
import { present } from '../present.ts';
import { CompactSummary } from '../storage/compactSummary.ts';
import { isMissing } from '../storage/disk.ts';
import { type StoredSummary, versionOf } from '../storage/issueFile.ts';
import { Turns } from '../turns.ts';

/** To be raised whenever what is kept, or how it is found out, changes. */
const FORMAT = 1;
/** Issues in a line: enough to be quick, few enough to be parsed in a fraction of a turn. */
const LINE_ISSUES = 1000;
const CHECKSUM_DIGITS = 8;
const LINE_FEED = 10;

export interface StoreIndexOptions {
  /** Absolute path of the folder for index files, which is made when it is needed. Nothing else may write there. */
  readonly folder: string;
  /** Absolute path of the store that the index is of. */
  readonly store: string;
  /** Who finds out titles and tasks, such as a version of the extension: the index of another one is not taken. */
  readonly writer?: string | undefined;
}

/** One line, a column for each part: that parses several times as fast as an object for each issue. */
interface Columns {
  readonly keys: IssueKey[];
  readonly titles: string[];
  readonly versions: string[];
  /** Done and total tasks, size, inode, and modification, change and birth time, for each issue in turn. */
  readonly figures: number[];
}

const FIGURES = 7;

/**
 * What is known of a store, kept from one session to the next in a file of its own. It is a cache of summaries and stats:
 * what it says holds for as long as the stat of a file is the one in it, which is for the reader to check. A line that is
 * damaged is left out, and its issues are read as if they were new.
 */
export class StoreIndex {
  readonly #folder: string;
  readonly #store: string;
  readonly #file: string;
  readonly #header: string;

  constructor({ folder, store, writer = '' }: StoreIndexOptions) {
    this.#folder = folder;
    this.#store = store;
    this.#file = join(folder, `${versionOf(Buffer.from(store))}.index`);
    this.#header = JSON.stringify({ format: FORMAT, writer, store });
  }

  /**
   * Hands over what was saved, part by part, in turns and in the order in which it was saved.
   * @throws the file system's error if there is an index that cannot be read.
   */
  async load(take: (part: readonly StoredSummary[]) => void, signal?: AbortSignal): Promise<void> {
    const bytes = await readWhole(this.#file);
    const turns = new Turns(systemClock);
    let start = bytes.indexOf(LINE_FEED) + 1;
    if (bytes.toString('utf8', 0, Math.max(0, start - 1)) !== this.#header) {
      return;
    }
    while (start < bytes.length && !signal?.aborted) {
      const end = bytes.indexOf(LINE_FEED, start);
      const columns = columnsOf(bytes.subarray(start, end === -1 ? bytes.length : end));
      if (columns !== undefined) {
        take(this.#entriesOf(columns));
      }
      start = end === -1 ? bytes.length : end + 1;
      if (turns.isOver) {
        await turns.next();
      }
    }
  }

  /** Puts these in the place of what was saved, as a whole or not at all. Entries whose stat proves nothing are left out. */
  async save(entries: Iterable<StoredSummary>): Promise<void> {
    await mkdir(this.#folder, { recursive: true });
    const temporary = `${this.#file}-${process.pid}.tmp`;
    const handle = await open(temporary, 'w');
    try {
      await this.#write(handle, entries).finally(() => handle.close());
      await rename(temporary, this.#file);
    } catch (error) {
      await unlink(temporary).catch(() => undefined);
      throw error;
    }
  }

  async #write(handle: FileHandle, entries: Iterable<StoredSummary>): Promise<void> {
    await handle.appendFile(`${this.#header}\n`);
    let columns = noColumns();
    for (const { summary, stat, racyUntil } of entries) {
      if (stat?.kind !== 'file' || racyUntil !== undefined || summary.problem !== undefined) {
        continue;
      }
      columns.keys.push(summary.key);
      columns.titles.push(summary.title);
      columns.versions.push(summary.version);
      const { done, total } = summary.progress;
      columns.figures.push(done, total, stat.size, stat.ino, stat.mtimeMs, stat.ctimeMs, stat.birthtimeMs);
      if (columns.keys.length === LINE_ISSUES) {
        await handle.appendFile(lineOf(columns));
        columns = noColumns();
      }
    }
    await handle.appendFile(lineOf(columns));
  }

  #entriesOf({ keys, titles, versions, figures }: Columns): StoredSummary[] {
    return keys.map((key, index) => {
      const at = index * FIGURES;
      const size = figures[at + 2] ?? 0;
      return new CompactSummary(this.#store, key, {
        title: present(titles[index]),
        version: present(versions[index]),
        progress: { done: figures[at] ?? 0, total: figures[at + 1] ?? 0 },
        size,
        stat: {
          kind: 'file',
          size,
          ino: figures[at + 3] ?? 0,
          mtimeMs: figures[at + 4] ?? 0,
          ctimeMs: figures[at + 5] ?? 0,
          birthtimeMs: figures[at + 6] ?? 0,
        },
      });
    });
  }
}

function noColumns(): Columns {
  return { keys: [], titles: [], versions: [], figures: [] };
}

function lineOf(columns: Columns): string {
  const json = JSON.stringify(columns);
  return `${checksumOf(Buffer.from(json))}${json}\n`;
}

/** Undefined if the line is not what was written. */
function columnsOf(line: Buffer): Columns | undefined {
  const json = line.subarray(CHECKSUM_DIGITS);
  return line.toString('latin1', 0, CHECKSUM_DIGITS) === checksumOf(json) ? JSON.parse(json.toString('utf8')) : undefined;
}

function checksumOf(bytes: Buffer): string {
  return crc32(bytes).toString(16).padStart(CHECKSUM_DIGITS, '0');
}

/** The bytes of a file in one read; none if it is not there. */
async function readWhole(path: string): Promise<Buffer> {
  const handle = await open(path, 'r').catch((error: unknown) => {
    if (!isMissing(error)) {
      throw error;
    }
  });
  if (handle === undefined) {
    return Buffer.alloc(0);
  }
  try {
    const { size } = await handle.stat();
    const { buffer, bytesRead } = await handle.read(Buffer.allocUnsafeSlow(size), 0, size, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}
