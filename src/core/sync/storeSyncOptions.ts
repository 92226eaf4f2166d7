import type { Differences } from '../catalogue/differences.ts';
import type { IssueCatalogue } from '../catalogue/issueCatalogue.ts';
import type { Clock, Schedule } from '../clock.ts';
import type { Disk } from '../disk/disk.ts';
import type { StoreFormat } from '../formats/storeFormat.ts';
import type { IssueKey } from '../issue/issue.ts';
import type { Logger } from '../logger.ts';
import type { IssueFileReader } from '../storage/issueFile.ts';
import type { FolderWatcherOptions, StoreWatcher } from './folderWatcher.ts';
import type { WantsText } from './reconciler.ts';
import type { StoreLocation } from './storePlacing.ts';

export interface StoreSyncOptions {
  /** Absolute path of the workspace folder. */
  readonly root: string;
  readonly format: StoreFormat;
  readonly catalogue: IssueCatalogue;
  readonly location: StoreLocation;
  readonly disk: Disk;
  readonly logger: Logger;
  readonly clock: Clock;
  readonly schedule: Schedule;
  readonly watch?: ((options: FolderWatcherOptions) => StoreWatcher) | undefined;
  /** How long hints are gathered, in milliseconds. */
  readonly windowMs: () => number;
  /**
   * Called when the store is in this folder and has this schema from now on, or is nowhere; no read of the disk and no write is under way
   * meanwhile.
   */
  readonly onDidMove: (files: IssueFileReader | undefined) => void;
  /** See {@link WantsText}. */
  readonly wantsText: WantsText;
  /** Called when files of issues have changed on the disk, and with all that was read, the texts that were wanted among it. */
  readonly onDidLook: (changed: readonly IssueKey[], read: Differences['current']) => void;
  /** Loads what is needed to read issues, and neither to show the rows of an index nor for a folder without issues. */
  readonly prepareToRead: () => Promise<void>;
  /** Fills the catalogue with what the last session knew. Must not reject. */
  readonly loadIndex: (signal: AbortSignal) => Promise<void>;
  /** Called after each look, whether it found something or not. */
  readonly publish: () => void;
  /** Called after each part of a look at everything. */
  readonly publishProgress: () => void;
  readonly onDidChangeWatcher: () => void;
  /** Told how many milliseconds a look at everything took. */
  readonly onDidReconcile: (milliseconds: number) => void;
}
