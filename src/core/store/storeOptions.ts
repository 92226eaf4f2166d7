import type { CatalogueIndexOptions } from '../catalogue/catalogueIndex.ts';
import type { Clock, Schedule } from '../clock.ts';
import type { Disk } from '../disk/disk.ts';
import type { Logger } from '../logger.ts';
import type { FileEditors } from '../storage/fileEditors.ts';
import type { FolderWatcherOptions, StoreWatcher } from '../sync/folderWatcher.ts';

/** What can be changed while the store is open. */
export interface StoreSettings {
  /**
   * Where the store is, absolute or relative to the root, with variables as `expandedFolder` knows them; undefined to take the first of the
   * usual places that holds an issue.
   */
  readonly folder?: string | undefined;
  /** True if nothing outside of the root is to be read, whatever `folder` says and wherever links lead. */
  readonly confined?: boolean;
  /** Why nothing is to be written, for people; undefined if it may be. */
  readonly readOnlyReason?: string | undefined;
  /** How long the cache keeps an issue, in milliseconds. */
  readonly ttl: number;
  /** How many issues the cache keeps. */
  readonly maxSize: number;
  /** How long changes on the disk are gathered into one event, in milliseconds. */
  readonly coalescingWindow: number;
}

/** What the folder setting can name beside folders. */
export interface Surroundings {
  /** The user's home folder. */
  readonly home: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

export interface IssueStoreOptions {
  /** Absolute path of the workspace folder. */
  readonly root: string;
  readonly settings: StoreSettings;
  readonly logger: Logger;
  readonly clock?: Clock;
  readonly schedule?: Schedule;
  readonly disk: Disk;
  /** What the folder setting can name; those of this process unless given. */
  readonly surroundings?: Surroundings;
  /** Where deleted files go; without it they are removed for good. */
  readonly discard?: (filePath: string) => Promise<void>;
  /** Where files may be open while they are moved or deleted. */
  readonly editors?: FileEditors;
  /** Absolute path of a folder for what is kept from one session to the next; without it nothing is. */
  readonly indexFolder?: string | undefined;
  /** See {@link CatalogueIndexOptions.writer}. */
  readonly indexWriter?: string | undefined;
  readonly watch?: (options: FolderWatcherOptions) => StoreWatcher;
}
