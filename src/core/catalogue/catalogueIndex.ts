import type { Dirent } from 'node:fs';
import { type FileHandle, mkdir, open, readdir, readFile, rename, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { systemClock } from '../clock.ts';
import { isMissing } from '../disk/disk.ts';
import type { IssueFileReader, StoredSummary } from '../storage/issueFile.ts';
import { versionOf } from '../storage/issueVersion.ts';
import { TimeSlices } from '../timeSlices.ts';
import { columnsOf, entriesOf } from './indexColumns.ts';

/** Increase it whenever the stored data or the way it is derived changes. */
const FORMAT = 7;
/** Issues per part: few enough to parse and take over within one time slice. */
const PART_ISSUES = 500;
const LINE_FEED = 10;
/** An upper bound for the first line of an index, in bytes. It holds little but the path of a store. */
const HEADER_BYTES = 32 * 1024;
/** Suffix of an index file while it is being saved. */
const SAVING = /\.index-\d+\.tmp$/;
/** A save that takes longer than this, in milliseconds, belongs to a process that ended during it. */
const SAVING_MS = 10 * 60_000;

export interface CatalogueIndexOptions {
  /** Absolute path of the folder for index files, which is made when it is needed. Nothing else may write there. */
  readonly folder: string;
  /** Of the store that the index is of. */
  readonly files: IssueFileReader;
  /** What derives titles and tasks, such as a version of the extension. An index by another writer is ignored. */
  readonly writer?: string | undefined;
}

/**
 * What is known of a store, kept from one session to the next in a file of its own. It is a cache of summaries and stats:
 * what it says holds for as long as the stat of a file is the one in it, which is for the reader to check.
 *
 * The first line says of what the index is and who can read it. Each further line is a part: a checksum, a blank, and JSON. The index ends
 * where a line is damaged, and the issues from there on are read as if they were new.
 */
export class CatalogueIndex {
  readonly #folder: string;
  readonly #file: string;
  readonly #header: string;
  readonly #writer: string;
  readonly #files: IssueFileReader;

  constructor({ folder, files, writer = '' }: CatalogueIndexOptions) {
    this.#folder = folder;
    this.#file = join(folder, fileNameOf(files.folder));
    this.#header = headerOf({ writer, store: files.folder, reader: files.schema.reader });
    this.#writer = writer;
    this.#files = files;
  }

  /**
   * Hands over the saved entries part by part, in time slices and in their saved order.
   * @throws the file system's error if there is an index that cannot be read.
   */
  async load(take: (part: readonly StoredSummary[]) => void, signal?: AbortSignal): Promise<void> {
    const bytes = await readFile(this.#file).catch((error: unknown) => Buffer.from(noneIfMissing(error)));
    const slices = new TimeSlices(systemClock);
    let isHeader = true;
    for (const line of linesOf(bytes)) {
      const part = isHeader ? undefined : this.#partIn(line);
      if (signal?.aborted || (isHeader ? line !== this.#header : part === undefined)) {
        return;
      }
      isHeader = false;
      if (part !== undefined) {
        take(part);
      }
      if (slices.isOver) {
        await slices.next();
      }
    }
  }

  /** Replaces the saved index atomically. Racy entries, whose stat proves nothing, are left out. */
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

  /**
   * Removes what nobody will read again: indexes that another version or format has written, of whatever store, and what a save that was cut
   * short has left. Those of other stores stay that can be loaded.
   */
  async removeOutdated(): Promise<void> {
    const entries = await readdir(this.#folder, { withFileTypes: true }).catch(noneIfMissing<Dirent>);
    for (const { name } of entries.filter((entry) => entry.isFile())) {
      // Another window may have removed it first.
      await this.#removeIfOutdated(name).catch(noneIfMissing);
    }
  }

  async #removeIfOutdated(name: string): Promise<void> {
    if (!(await this.#isInUse(name))) {
      await unlink(join(this.#folder, name));
    }
  }

  async #isInUse(name: string): Promise<boolean> {
    const path = join(this.#folder, name);
    if (SAVING.test(name)) {
      const { mtimeMs } = await stat(path);
      return systemClock.epoch() - mtimeMs < SAVING_MS;
    }
    const header = await firstLineOf(path);
    const found = headerIn(header);
    return found !== undefined && name === fileNameOf(found.store) && header === headerOf({ ...found, writer: this.#writer });
  }

  #lineOf(part: readonly StoredSummary[]): string {
    const json = JSON.stringify(columnsOf(part, this.#files));
    return `${crc32(json)} ${json}\n`;
  }

  /** Undefined if the line is damaged. */
  #partIn(line: string): StoredSummary[] | undefined {
    const blank = line.indexOf(' ');
    const json = line.slice(blank + 1);
    return line.slice(0, blank) === String(crc32(json)) ? entriesOf(JSON.parse(json), this.#files) : undefined;
  }

  async #write(handle: FileHandle, entries: Iterable<StoredSummary>): Promise<void> {
    await handle.appendFile(`${this.#header}\n`);
    let part: StoredSummary[] = [];
    for (const entry of entries) {
      const { summary, stat, racyUntil } = entry;
      if (stat?.kind !== 'file' || racyUntil !== undefined || summary.problem !== undefined) {
        continue;
      }
      part.push(entry);
      if (part.length === PART_ISSUES) {
        await handle.appendFile(this.#lineOf(part));
        part = [];
      }
    }
    await handle.appendFile(this.#lineOf(part));
  }
}

function fileNameOf(store: string): string {
  return `${versionOf(Buffer.from(store))}.index`;
}

interface IndexHeader {
  readonly writer: string;
  readonly store: string;
  /** See {@link StoreSchema.reader}. */
  readonly reader: string;
}

/** The first line of an index, which says of what it is and who can read it. */
function headerOf({ writer, store, reader }: IndexHeader): string {
  return JSON.stringify({ format: FORMAT, writer, store, reader });
}

/** What the first line of an index says. Undefined if the line is none of ours. */
function headerIn(line: string): IndexHeader | undefined {
  try {
    const { writer, store, reader }: Partial<Record<keyof IndexHeader, unknown>> = Object(JSON.parse(line));
    return typeof store === 'string' && typeof reader === 'string' ? { writer: String(writer), store, reader } : undefined;
  } catch {
    return undefined;
  }
}

/** Empty if there is no line feed. */
async function firstLineOf(path: string): Promise<string> {
  const handle = await open(path);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(HEADER_BYTES), 0, HEADER_BYTES, 0);
    return buffer.toString('utf8', 0, Math.max(0, buffer.subarray(0, bytesRead).indexOf(LINE_FEED)));
  } finally {
    await handle.close();
  }
}

/** Treats a missing file as an empty list. */
function noneIfMissing<T = never>(error: unknown): T[] {
  if (!isMissing(error)) {
    throw error;
  }
  return [];
}

/** The complete lines, decoded one at a time: all of them could exceed the maximum length of a string. */
function* linesOf(bytes: Buffer): Generator<string> {
  let start = 0;
  for (let end = bytes.indexOf(LINE_FEED); end !== -1; end = bytes.indexOf(LINE_FEED, start)) {
    yield bytes.toString('utf8', start, end);
    start = end + 1;
  }
}
