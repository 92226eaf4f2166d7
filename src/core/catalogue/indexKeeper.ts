import type { Schedule } from '../clock.ts';
import type { Disposable } from '../events.ts';
import type { Logger } from '../logger.ts';
import type { IssueFileReader } from '../storage/issueFile.ts';
import { CatalogueIndex } from './catalogueIndex.ts';
import type { IssueCatalogue } from './issueCatalogue.ts';

/** Debounce of saving the index after a change, in milliseconds. */
const SAVE_AFTER_MS = 5_000;

export interface IndexKeeperPorts {
  readonly schedule: Schedule;
  readonly logger: Logger;
  /** Where indexes are kept; undefined to keep none. See {@link CatalogueIndexOptions}. */
  readonly folder: string | undefined;
  readonly writer: string | undefined;
  /** The store as it is located now; undefined while it is not. */
  readonly files: () => IssueFileReader | undefined;
  /** What is kept, in its order. */
  readonly catalogue: IssueCatalogue;
}

/**
 * Loads a store's index and saves it, debounced, after each change. Both remove indexes of other versions. Failures are only logged, because the
 * index is a cache.
 */
export class IndexKeeper implements Disposable {
  readonly #ports: IndexKeeperPorts;
  #timer: Disposable | undefined;
  #saving: Promise<void> | undefined;
  #disposed = false;

  constructor(ports: IndexKeeperPorts) {
    this.#ports = ports;
  }

  /** Adds what the last session has saved of the store to the catalogue, part by part, and tells of each. Never rejects. */
  async load(tell: () => void, signal: AbortSignal): Promise<void> {
    const { catalogue } = this.#ports;
    const index = this.#index();
    try {
      await index?.load((part) => {
        const current = part.filter(({ summary }) => catalogue.get(summary.key) === undefined);
        catalogue.apply({
          current,
          removed: [],
          listing: {
            exists: true,
            otherFolders: catalogue.otherFolders,
            issueFolders: catalogue.issueFolders,
            garbled: catalogue.garbled,
          },
        });
        tell();
      }, signal);
    } catch (error) {
      this.#ports.logger.warn(`The index of the store could not be read: ${String(error)}`);
    }
    await this.#removeOutdated(index);
  }

  /** To be told of every change. */
  changed(): void {
    if (this.#ports.folder !== undefined && this.#timer === undefined && !this.#disposed) {
      this.#timer = this.#ports.schedule(SAVE_AFTER_MS, () => {
        this.#timer = undefined;
        void this.save();
      });
    }
  }

  /** Saves now. Never rejects. */
  async save(): Promise<void> {
    // A change during a save schedules another save.
    await this.#saving;
    this.#saving ??= this.#save().finally(() => {
      this.#saving = undefined;
    });
    await this.#saving;
  }

  dispose(): void {
    this.#disposed = true;
    this.#timer?.dispose();
  }

  async #save(): Promise<void> {
    const index = this.#index();
    try {
      await index?.save(this.#ports.catalogue.entries());
    } catch (error) {
      this.#ports.logger.warn(`The index of the store could not be saved: ${String(error)}`);
      return;
    }
    await this.#removeOutdated(index);
  }

  async #removeOutdated(index: CatalogueIndex | undefined): Promise<void> {
    try {
      await index?.removeOutdated();
    } catch (error) {
      this.#ports.logger.warn(`Indexes of other versions could not be removed: ${String(error)}`);
    }
  }

  #index(): CatalogueIndex | undefined {
    const { folder, writer } = this.#ports;
    const files = this.#ports.files();
    return folder === undefined || files === undefined ? undefined : new CatalogueIndex({ folder, files, writer });
  }
}
