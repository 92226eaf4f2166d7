import { CachedIssueStorage } from '../cache/cachedIssueStorage.ts';
import type { IssueCatalogue } from '../catalogue/issueCatalogue.ts';
import type { Clock, Schedule } from '../clock.ts';
import { type Disk, sameBytes } from '../disk/disk.ts';
import { type Leftovers, removeLeftovers } from '../health/leftovers.ts';
import { strayFiles } from '../health/strayFiles.ts';
import type { Issue } from '../issue/issue.ts';
import { issuePath } from '../issue/issueKey.ts';
import { folderOf } from '../issue/relativePath.ts';
import { InstrumentedIssueStorage } from '../metrics/instrumentedIssueStorage.ts';
import type { PerformanceMetrics } from '../metrics/performanceMetrics.ts';
import { searchTexts, type TextSearchOptions, type TextSource } from '../search/textSearch.ts';
import type { FileEditors } from '../storage/fileEditors.ts';
import { FileSystemIssueStorage, type FileSystemIssueStorageOptions } from '../storage/fileSystemIssueStorage.ts';
import type { IssueFileReader } from '../storage/issueFile.ts';
import type { IssueStoragePort } from '../storage/issueStoragePort.ts';
import { linkedFolders } from '../storage/storeFolders.ts';
import { CataloguedIssueStorage } from './cataloguedIssueStorage.ts';
import { ReadAhead } from './readAhead.ts';

const MICROS_PER_MILLI = 1000;

/** The layers over one folder, with one set of settings. */
export interface StoreStack {
  readonly files: IssueFileReader;
  /** The top of the stack: meter, catalogue, cache, meter, files. */
  readonly storage: IssueStoragePort;
  readonly cached: CachedIssueStorage;
  /** Bypasses the meters, because nobody waits for it. To be disposed with the stack. */
  readonly readAhead: ReadAhead;
  /** As {@link searchTexts}, active issues first. Cached texts are searched without a trace; what is read from the disk has a meter of its own. */
  searchTexts(query: string | readonly string[], options: TextSearchOptions): Promise<boolean>;
  /** As {@link strayFiles}, in the other folders that the catalogue knows. */
  strayFiles(limit: number): Promise<string[]>;
  /** As {@link removeLeftovers}, in the folders that hold issues. */
  removeLeftovers(): Promise<Leftovers>;
}

export interface StackParts {
  readonly files: IssueFileReader;
  /** In milliseconds. */
  readonly ttl: number;
  readonly maxSize: number;
  readonly catalogue: IssueCatalogue;
  /** Meters above and below the cache, and of what searches read. They are kept when the stack is replaced. */
  readonly outer: PerformanceMetrics;
  readonly inner: PerformanceMetrics;
  readonly searched: PerformanceMetrics;
  readonly disk: Disk;
  readonly clock: Clock;
  readonly schedule: Schedule;
  /** True while the store is watched. */
  readonly isWatched: () => boolean;
  /** True once the catalogue is complete. */
  readonly isLoaded: () => boolean;
  /** True if nothing in the folder may be read now. */
  readonly isForbidden: () => Promise<boolean>;
  readonly discard: ((filePath: string) => Promise<void>) | undefined;
  readonly editors: FileEditors | undefined;
}

/** Reads and writes the issues of a folder, also of one that the store has left. */
export function uncachedStorage(options: FileSystemIssueStorageOptions): FileSystemIssueStorage {
  return new FileSystemIssueStorage(options);
}

export function composeStack(parts: StackParts): StoreStack {
  const { files, catalogue, outer, inner, searched, disk, clock, schedule, discard, editors } = parts;
  const { ttl, maxSize, isWatched, isLoaded, isForbidden } = parts;
  const { folder, schema } = files;
  const stored = uncachedStorage({ folder, schema, disk, clock, discard, editors });
  const cached = new CachedIssueStorage(new InstrumentedIssueStorage(stored, { metrics: inner, clock }), {
    ttl,
    maxSize,
    clock,
    isWatched,
    isCurrent: (issue) => isCurrent(disk, folder, catalogue, issue),
  });
  return {
    files,
    cached,
    readAhead: new ReadAhead({ cached, read: (summary) => stored.getKnown(summary), catalogue, clock, schedule, isForbidden }),
    storage: new InstrumentedIssueStorage(new CataloguedIssueStorage(cached, catalogue, isLoaded), { metrics: outer, clock }),
    searchTexts: async (query, options) => {
      // The catalogue may not yet know that a folder has become a link.
      const linked = await linkedFolders(disk, folder, catalogue.issueFolders);
      const summaries = [...catalogue.active, ...catalogue.completed].filter(({ key }) => linked.size === 0 || !linked.has(folderOf(key)));
      const source = { cached: cached.cachedIssues(), summaries, folder, disk: meteredReads(disk, searched, clock) };
      return searchTexts(source, query, { clock, ...options });
    },
    strayFiles: (limit) => strayFiles(disk, folder, catalogue.otherFolders, limit),
    removeLeftovers: () => removeLeftovers(disk, folder, catalogue.issueFolders, clock.epoch()),
  };
}

function meteredReads(disk: Disk, metrics: PerformanceMetrics, clock: Clock): TextSource['disk'] {
  const record = (startedAt: number) => metrics.recordOperation('read', (clock.now() - startedAt) * MICROS_PER_MILLI);
  return {
    readSync: (path) => {
      const startedAt = clock.now();
      try {
        return disk.readSync(path);
      } finally {
        record(startedAt);
      }
    },
    read: (path) => {
      const startedAt = clock.now();
      return disk.read(path).finally(() => record(startedAt));
    },
  };
}

/** Compares the file's stat with the catalogue's stat of the cached version; used once a cached issue has expired and while the store is not watched. */
async function isCurrent(disk: Disk, folder: string, catalogue: IssueCatalogue, issue: Issue): Promise<boolean> {
  const known = catalogue.get(issue.key);
  if (known?.stat === undefined || known.racyUntil !== undefined || known.summary.version !== issue.version) {
    return false;
  }
  // If the stat fails, return false: the read that follows reports why.
  const stat = await disk.stat(issuePath(folder, issue.key)).catch(() => undefined);
  return stat !== undefined && sameBytes(stat, known.stat);
}
