import type { Dirent } from 'node:fs';
import { type FileHandle, mkdir, open, readdir, rename, stat, unlink } from 'node:fs/promises';
import { endianness } from 'node:os';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { assertDefined } from '../assertDefined.ts';
import { systemClock } from '../clock.ts';
import { isMissing } from '../disk/disk.ts';
import { readBy } from '../disk/nodeDisk.ts';
import { SystemCalls } from '../disk/systemCalls.ts';
import type { IssueKey } from '../issue/issue.ts';
import type { StoredSummary } from '../storage/issueFile.ts';
import { versionOf } from '../storage/issueVersion.ts';
import { TimeSlices } from '../timeSlices.ts';
import { CompactSummary } from './compactSummary.ts';
import { SummaryTable } from './summaryTable.ts';

/** To be raised whenever what is kept, or how it is found out, changes. */
const FORMAT = 4;
/** Issues in a part: enough to be quick, few enough to be taken over in a fraction of a turn. */
const PART_ISSUES = 1000;
const CHECKSUM_DIGITS = 8;
const LINE_FEED = 10;
/** More than the first line of any index has, in bytes: little but the path of a store. */
const HEADER_BYTES = 32 * 1024;
/** What the name of a file ends with that is being saved. */
const SAVING = /\.index-\d+\.tmp$/;
/** A file that is being saved for longer than this, in milliseconds, is of a process that has ended over it. */
const SAVING_MS = 10 * 60_000;

export interface CatalogueIndexOptions {
  /** Absolute path of the folder for index files, which is made when it is needed. Nothing else may write there. */
  readonly folder: string;
  /** Absolute path of the store that the index is of. */
  readonly store: string;
  /** Who finds out titles and tasks, such as a version of the extension: the index of another one is not taken. */
  readonly writer?: string | undefined;
}

/** The texts of a part, each kind for itself: that parses several times as fast as an object for each issue. */
interface Texts {
  readonly keys: IssueKey[];
  readonly titles: string[];
}

/** Where a part of an index is, after the line that says how long its texts and its table are. */
interface Part {
  readonly texts: Texts;
  readonly table: Uint8Array;
  readonly end: number;
}

/**
 * What is known of a store, kept from one session to the next in a file of its own. It is a cache of summaries and stats:
 * what it says holds for as long as the stat of a file is the one in it, which is for the reader to check. It ends
 * where it is damaged, and the issues from there on are read as if they were new.
 */
export class CatalogueIndex {
  readonly #folder: string;
  readonly #store: string;
  readonly #file: string;
  readonly #header: string;
  readonly #writer: string;

  constructor({ folder, store, writer = '' }: CatalogueIndexOptions) {
    this.#folder = folder;
    this.#store = store;
    this.#file = join(folder, fileNameOf(store));
    this.#header = headerOf(writer, store);
    this.#writer = writer;
  }

  /**
   * Hands over what was saved, part by part, in turns and in the order in which it was saved.
   * @throws the file system's error if there is an index that cannot be read.
   */
  async load(take: (part: readonly StoredSummary[]) => void, signal?: AbortSignal): Promise<void> {
    const bytes = await readWhole(this.#file);
    const turns = new TimeSlices(systemClock);
    let start = bytes.indexOf(LINE_FEED) + 1;
    if (bytes.toString('utf8', 0, Math.max(0, start - 1)) !== this.#header) {
      return;
    }
    for (let part = partAt(bytes, start); part !== undefined && !signal?.aborted; part = partAt(bytes, start)) {
      take(this.#entriesOf(part));
      start = part.end;
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

  /**
   * Removes what nobody will read again: indexes that another version or format has written, of whatever store, and what a save that was cut
   * short has left. Those of other stores stay that can be loaded.
   */
  async removeOutdated(): Promise<void> {
    const entries = await readdir(this.#folder, { withFileTypes: true }).catch(noneIfMissing<Dirent>);
    for (const { name } of entries.filter((entry) => entry.isFile())) {
      // Another window can be faster at any time.
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
    const store = storeIn(header);
    return store !== undefined && name === fileNameOf(store) && header === headerOf(this.#writer, store);
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
        await handle.appendFile(this.#bytesOf(part));
        part = [];
      }
    }
    await handle.appendFile(this.#bytesOf(part));
  }

  #bytesOf(part: readonly StoredSummary[]): Buffer {
    const table = new SummaryTable(this.#store, part.length);
    part.forEach(({ summary, stat }, row) => {
      const { progress, hasConflict = false, size } = summary;
      table.write(row, { progress, hasConflict, size, stat });
      table.writeVersion(row, summary.version);
    });
    const texts: Texts = { keys: part.map(({ summary }) => summary.key), titles: part.map(({ summary }) => summary.title) };
    const json = Buffer.from(JSON.stringify(texts));
    const lengths = `${json.length} ${table.bytes.length}`;
    return Buffer.concat([Buffer.from(`${checksumOf(lengths, json, table.bytes)} ${lengths}\n`), json, table.bytes]);
  }

  #entriesOf({ texts: { keys, titles }, table: bytes }: Part): CompactSummary[] {
    const table = SummaryTable.from(this.#store, keys.length, bytes);
    return keys.map((key, row) => new CompactSummary(table, row, { key, title: assertDefined(titles[row]), kind: 'file' }));
  }
}

function fileNameOf(store: string): string {
  return `${versionOf(Buffer.from(store))}.index`;
}

/** The first line of an index, which says of what it is and who can read it. */
function headerOf(writer: string, store: string): string {
  return JSON.stringify({ format: FORMAT, endianness: endianness(), writer, store });
}

/** The store that an index is of, by its first line; undefined where that is none. */
function storeIn(header: string): string | undefined {
  try {
    const { store }: { readonly store?: unknown } = Object(JSON.parse(header));
    return typeof store === 'string' ? store : undefined;
  } catch {
    return undefined;
  }
}

/** Empty where there is no end of a line. */
async function firstLineOf(path: string): Promise<string> {
  const handle = await open(path);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(HEADER_BYTES), 0, HEADER_BYTES, 0);
    return buffer.toString('utf8', 0, Math.max(0, buffer.subarray(0, bytesRead).indexOf(LINE_FEED)));
  } finally {
    await handle.close();
  }
}

/** Turns the failure that something is not there into nothing. */
function noneIfMissing<T = never>(error: unknown): T[] {
  if (!isMissing(error)) {
    throw error;
  }
  return [];
}

/** Undefined at the end, and where something else is than what was written. */
function partAt(bytes: Buffer, start: number): Part | undefined {
  const lineEnd = bytes.indexOf(LINE_FEED, start);
  const line = bytes.toString('latin1', start, Math.max(start, lineEnd));
  const [checksum, lengths] = [line.slice(0, CHECKSUM_DIGITS), line.slice(CHECKSUM_DIGITS + 1)];
  const [jsonLength = 0, tableLength = 0] = lengths.split(' ').map(Number);
  const [jsonStart, tableStart] = [lineEnd + 1, lineEnd + 1 + jsonLength];
  const end = tableStart + tableLength;
  const [json, table] = [bytes.subarray(jsonStart, tableStart), bytes.subarray(tableStart, end)];
  return lineEnd !== -1 && end <= bytes.length && checksum === checksumOf(lengths, json, table)
    ? { texts: JSON.parse(json.toString('utf8')), table, end }
    : undefined;
}

function checksumOf(lengths: string, json: Uint8Array, table: Uint8Array): string {
  return crc32(table, crc32(json, crc32(lengths)))
    .toString(16)
    .padStart(CHECKSUM_DIGITS, '0');
}

/** The bytes of a file; none if it is not there. */
async function readWhole(path: string): Promise<Buffer> {
  try {
    return (await readBy(new SystemCalls(), path, Number.POSITIVE_INFINITY)).bytes;
  } catch (error) {
    if (isMissing(error)) {
      return Buffer.alloc(0);
    }
    throw error;
  }
}
