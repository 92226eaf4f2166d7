import { homedir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { isSamePath, pathInFolder } from '../paths.ts';
import type { Disk } from '../storage/disk.ts';
import { isOutside } from './storeCondition.ts';
import { locateStore, type StorePlace, storeCandidates } from './storeLocation.ts';
import type { StoreSettings, Surroundings } from './storeOptions.ts';

export interface StoreLocatorOptions {
  /** Absolute path of the workspace folder. */
  readonly root: string;
  readonly disk: Disk;
  readonly settings: () => StoreSettings;
  readonly surroundings?: Surroundings | undefined;
}

/** Finds a store's folder, and files in it by whichever path they are named. */
export class StoreLocator {
  readonly #options: StoreLocatorOptions;
  #realRoot: Promise<string> | undefined;
  /** The store's folder by the path that it was located by, by its real one, and by that in a workspace folder which itself is behind a link. */
  #spellings: readonly string[] = [];

  constructor(options: StoreLocatorOptions) {
    this.#options = options;
  }

  /** @throws StoreFolderError `badSetting` if it cannot be made out which folder is set. */
  async locate(): Promise<StorePlace> {
    const { root, disk, settings, surroundings = { home: homedir(), environment: process.env } } = this.#options;
    return locateStore(disk, storeCandidates(root, settings().folder, surroundings));
  }

  /** True if a store that is in this folder, or nowhere, is to be elsewhere, or can be watched and is not. */
  async hasBetter(folder: string | undefined, isWatched: boolean): Promise<boolean> {
    // A setting that cannot be made out is no better, and has been told of.
    const place = await this.locate().catch(() => undefined);
    return place !== undefined && (place.folder !== folder || (!isWatched && !(await this.isForbidden(folder))));
  }

  /** Looked at each time: what was a folder can be a link by now. */
  async isForbidden(folder: string): Promise<boolean> {
    const { root, disk, settings } = this.#options;
    return settings().confined === true && isOutside(disk, root, folder);
  }

  /** Takes this folder for the store's, undefined for none. */
  take(folder: string | undefined): void {
    this.#spellings = folder === undefined ? [] : [folder];
  }

  /** Finds out where links lead, so that nobody who asks for a file has to. To be called again when they may lead elsewhere. */
  async resolveLinks(folder: string): Promise<void> {
    const { root, disk } = this.#options;
    this.#realRoot ??= realPathOf(disk, root);
    const [realRoot, realFolder] = await Promise.all([this.#realRoot, realPathOf(disk, folder)]);
    const inRoot = pathInFolder(realRoot, realFolder);
    const spellings = [folder, realFolder, ...(inRoot === undefined ? [] : [join(root, inRoot)])];
    this.#spellings = spellings.filter((path, index) => spellings.findIndex((other) => isSamePath(other, path)) === index);
  }

  /** As {@link pathInFolder} of the store's folder. */
  pathOf(filePath: string): string | undefined {
    return this.#spellings.map((folder) => pathInFolder(folder, filePath)).find((path) => path !== undefined);
  }
}

/** What is missing, or cannot be looked at, is taken to be no link. */
async function realPathOf(disk: Disk, path: string): Promise<string> {
  const real = await disk.realPath(path).catch(() => undefined);
  const above = dirname(path);
  return real ?? (above === path ? path : join(await realPathOf(disk, above), basename(path)));
}
