import type { CatalogueIndexOptions } from '../catalogue/catalogueIndex.ts';
import type { Clock, Schedule } from '../clock.ts';
import type { Disk } from '../disk/disk.ts';
import type { StoreFormat, StorePlace } from '../formats/storeFormat.ts';
import type { Logger } from '../logger.ts';
import type { FileEditors } from '../storage/fileEditors.ts';
import type { FolderWatcherOptions, StoreWatcher } from '../sync/folderWatcher.ts';

/** Settings that can change while the store is open. */
export interface StoreSettings {
  /**
   * The store's folder, absolute or relative to the root; may contain the variables of `expandedFolder`. If undefined, the usual folders
   * are searched.
   */
  readonly folder?: string | undefined;
  /** True if nothing outside the root may be read, regardless of `folder` and of links. */
  readonly confined?: boolean;
  /** Message for users that tells why the store is read-only; undefined if it is writable. */
  readonly readOnlyReason?: string | undefined;
  /** Time to live of cached issues, in milliseconds. */
  readonly ttl: number;
  /** Largest number of cached issues. */
  readonly maxSize: number;
  /** Window in which changes on the disk are coalesced into one event, in milliseconds. */
  readonly coalescingWindow: number;
}

/** The values of the variables in the folder setting. */
export interface Surroundings {
  readonly home: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

export interface IssueStoreOptions {
  /** Absolute path of the workspace folder. */
  readonly root: string;
  /** Default: our own. */
  readonly format?: StoreFormat;
  /** Where the store is; required for formats other than our own, whose usual places and setting are searched without it. */
  readonly place?: StorePlace;
  /**
   * True if whoever opens the store calls {@link IssueStore.lookIfMissing} when something has changed at the usual places. While it is missing
   * there, it does not watch them itself.
   */
  readonly isAwaited?: boolean;
  readonly settings: StoreSettings;
  readonly logger: Logger;
  readonly clock?: Clock;
  readonly schedule?: Schedule;
  readonly disk: Disk;
  /** Default: those of this process. */
  readonly surroundings?: Surroundings;
  /** Moves a deleted file to the trash; by default it is deleted permanently. */
  readonly discard?: (filePath: string) => Promise<void>;
  readonly editors?: FileEditors;
  /** Absolute path of the folder for the index of the next session; without it, no index is saved. */
  readonly indexFolder?: string | undefined;
  /** See {@link CatalogueIndexOptions.writer}. */
  readonly indexWriter?: string | undefined;
  readonly watch?: (options: FolderWatcherOptions) => StoreWatcher;
}
