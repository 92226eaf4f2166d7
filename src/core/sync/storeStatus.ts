import type { IssueCatalogue } from '../catalogue/issueCatalogue.ts';
import type { Schedule } from '../clock.ts';
import { type Disk, isForbidden } from '../disk/disk.ts';
import type { Disposable } from '../events.ts';
import type { IssueKey } from '../issue/issue.ts';
import { IssueError, messageOf } from '../issue/issueErrors.ts';
import type { Logger } from '../logger.ts';
import { Retry } from './retry.ts';

/** What {@link IssueStore.verify} found. */
export interface Verification {
  readonly issues: number;
  /** Issues that differed from what the store knew. The store is up to date now. */
  readonly differences: readonly IssueKey[];
  /** Issues that are listed and cannot be read, and files that are not listed because their names are not UTF-8. */
  readonly problems: number;
}

/** The state of a store, as views show it. */
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

/** Why a store looks at the disk: because of an event, as an audit without one, or to verify every byte. */
export type LookReason = 'hint' | 'audit' | 'verify';

/** The store's place holds no readable folder, or the setting does not say where the place is. */
export class StoreFolderError extends IssueError {
  override readonly name = 'StoreFolderError';
  constructor(
    readonly reason: 'notFolder' | 'outside' | 'badSetting',
    message: string,
  ) {
    super('unreadable', message);
  }
}

/** To be asked about a store that is missing. @throws StoreFolderError if a file or a link to nowhere has its name. */
export async function refuseOccupied(disk: Disk, folder: string): Promise<void> {
  // If the stat fails, the listing has already reported why.
  const stat = await disk.stat(folder).catch(() => undefined);
  if (stat !== undefined && stat.kind !== 'folder') {
    throw new StoreFolderError('notFolder', `${folder} is not a folder, so it cannot hold issues. Move it away, or choose another folder.`);
  }
}

export function outsideError(folder: string): StoreFolderError {
  return new StoreFolderError(
    'outside',
    `${folder} is outside of the workspace folder, so it is not read as long as the workspace is not trusted.`,
  );
}

export interface StoreStatusPorts {
  readonly logger: Logger;
  readonly schedule: Schedule;
  /** Requests another comparison of everything. */
  readonly lookAgain: () => void;
}

/** Whether a store has been read, what keeps it from that, and when it is tried again. */
export class StoreStatus implements Disposable {
  readonly #catalogue: IssueCatalogue;
  readonly #logger: Logger;
  readonly #retry: Retry;
  #isDisposed = false;
  #isLoaded = false;
  #error: unknown;
  #failure: StoreFailure | undefined;
  #shown = 'loading';

  constructor(catalogue: IssueCatalogue, { logger, schedule, lookAgain }: StoreStatusPorts) {
    this.#catalogue = catalogue;
    this.#logger = logger;
    this.#retry = new Retry(schedule, lookAgain);
  }

  get state(): StoreState {
    const { exists, size } = this.#catalogue;
    if (exists || size > 0) {
      return 'ready';
    }
    if (this.#failure !== undefined) {
      return 'unreadable';
    }
    return this.#isLoaded ? 'missing' : 'loading';
  }

  /** Why the last look at everything failed; undefined if it did not. What an earlier one found is still shown. */
  get failure(): StoreFailure | undefined {
    return this.#failure;
  }

  /** What {@link failure} comes from. */
  get error(): unknown {
    return this.#error;
  }

  /** True once everything has been looked at. */
  get isLoaded(): boolean {
    return this.#isLoaded;
  }

  succeeded(): void {
    this.#retry.succeeded();
    this.#isLoaded = true;
    this.#error = undefined;
    this.#failure = undefined;
  }

  /** Records why the store cannot be read. Ignored after disposal. */
  failed(error: unknown): void {
    if (this.#isDisposed) {
      return;
    }
    this.#logger.error(error instanceof Error ? error : String(error));
    this.#retry.failed();
    this.#error = error;
    this.#failure = { kind: kindOf(error), message: messageOf(error) };
  }

  /** True if the state has changed since the last call. */
  takeChange(): boolean {
    const shown = `${this.state} ${this.#failure?.message ?? ''}`;
    const isNew = shown !== this.#shown;
    this.#shown = shown;
    return isNew;
  }

  dispose(): void {
    this.#isDisposed = true;
    this.#retry.dispose();
  }
}

function kindOf(error: unknown): StoreFailure['kind'] {
  if (error instanceof StoreFolderError) {
    return error.reason;
  }
  return error instanceof Error && isForbidden(error.cause) ? 'denied' : 'other';
}
