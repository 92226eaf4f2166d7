import type { Clock, Schedule } from '../clock.ts';
import type { IssueKey } from '../issue/issue.ts';
import type { Logger } from '../logger.ts';
import type { Disk } from '../storage/disk.ts';
import type { FileEditors } from '../storage/fileEditors.ts';
import type { FolderWatcherOptions, StoreWatcher } from '../watch/folderWatcher.ts';
import type { StoreIndexOptions } from './storeIndex.ts';

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
  readonly disk?: Disk;
  /** What the folder setting can name; those of this process unless given. */
  readonly surroundings?: Surroundings;
  /** Where deleted files go; without it they are removed for good. */
  readonly discard?: (filePath: string) => Promise<void>;
  /** Where files may be open while they are moved or deleted. */
  readonly editors?: FileEditors;
  /** Absolute path of a folder for what is kept from one session to the next; without it nothing is. */
  readonly indexFolder?: string | undefined;
  /** See {@link StoreIndexOptions.writer}. */
  readonly indexWriter?: string | undefined;
  readonly watch?: (options: FolderWatcherOptions) => StoreWatcher;
}

/** What {@link IssueStore.verify} found. */
export interface Verification {
  readonly issues: number;
  /** Issues that were not as the store had them; they are now. */
  readonly differences: readonly IssueKey[];
  /** Issues that are listed and cannot be read, and files that are not listed because their names are not UTF-8. */
  readonly problems: number;
}

/** How a store stands, for those who show it. */
export type StoreState = 'loading' | 'missing' | 'unreadable' | 'ready';

/** Why a store cannot be read. */
export interface StoreFailure {
  /**
   * Permissions forbid it, something else than a folder has its name, it is not to leave the root, the folder setting cannot be made out, or
   * whatever the message says.
   */
  readonly kind: 'denied' | 'notFolder' | 'outside' | 'badSetting' | 'other';
  /** For people, with the way out. */
  readonly message: string;
}

/** Why a store looks at the disk: an event said so, nobody did, or somebody wants to know for sure. */
export type LookReason = 'hint' | 'audit' | 'verify';
