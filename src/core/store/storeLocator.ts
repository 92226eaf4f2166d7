import { homedir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { assertDefined } from '../assertDefined.ts';
import type { Disk } from '../disk/disk.ts';
import type { IssueKey } from '../issue/issue.ts';
import { IssueError } from '../issue/issueErrors.ts';
import { issuePath } from '../issue/storeLayout.ts';
import { isInsideFolder, isSamePath, pathInFolder } from '../paths.ts';
import { readError } from '../storage/fileErrors.ts';
import { holdsIssue } from '../storage/storeFolders.ts';
import { outsideError } from '../sync/storeStatus.ts';
import { locateStore, type StorePlace, storeCandidates } from './storeLocation.ts';
import type { StoreSettings, Surroundings } from './storeOptions.ts';

/** What an operation does with the files of a store. */
export type Access = 'read' | 'write';

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
  /** The store's folder by the path that it was located by, by its real one, and by that in a workspace folder which itself is behind a link. */
  #spellings: readonly string[] = [];
  /** Where the store is, or was last: rows of what it knew there are shown until the change is told of. */
  #lastFolder = '';

  constructor(options: StoreLocatorOptions) {
    this.#options = options;
  }

  /** @throws StoreFolderError `badSetting` if it cannot be made out which folder is set. */
  async locate(): Promise<StorePlace> {
    const { root, disk, settings, surroundings = { home: homedir(), environment: process.env } } = this.#options;
    const mayRead = async (folder: string) => !(await this.isForbidden(folder));
    return locateStore(disk, storeCandidates(root, settings().folder, surroundings), mayRead);
  }

  /**
   * True if a store without an issue, or that is nowhere, is to be elsewhere, or can be watched and is not. A folder that exists is left only
   * for one that holds an issue. Never rejects.
   */
  async hasBetter(
    folder: string | undefined,
    { exists, isWatched }: { readonly exists: boolean; readonly isWatched: boolean },
  ): Promise<boolean> {
    try {
      const place = await this.locate();
      if (place.folder === folder) {
        return !isWatched && !(await this.isForbidden(folder));
      }
      return !exists || (await holdsIssue(this.#options.disk, place.folder));
    } catch {
      // A place that cannot be made out is no better, and whoever looks there or goes there tells why.
      return false;
    }
  }

  /**
   * Looked at each time: what was a folder can be a link by now.
   * @throws IssueError `unreadable` if it cannot be found out where the folder is.
   */
  async isForbidden(folder: string): Promise<boolean> {
    const { root, disk, settings } = this.#options;
    if (settings().confined !== true) {
      return false;
    }
    if (!isInsideFolder(root, folder)) {
      return true;
    }
    try {
      const [realRoot, realFolder] = await Promise.all([root, folder].map((path) => realPathOf(path, (each) => disk.realPath(each))));
      return !isInsideFolder(assertDefined(realRoot), assertDefined(realFolder));
    } catch (error) {
      throw readError(folder, error);
    }
  }

  /** @throws IssueError that says why a store in this folder is not to be read or written now. */
  async mustAllow(folder: string, access: Access): Promise<void> {
    const { readOnlyReason } = this.#options.settings();
    if (access === 'write' && readOnlyReason !== undefined) {
      throw new IssueError('readOnly', readOnlyReason);
    }
    if (await this.isForbidden(folder)) {
      throw outsideError(folder);
    }
  }

  /** Takes this folder for the store's, undefined for none. */
  take(folder: string | undefined): void {
    this.#lastFolder = folder ?? this.#lastFolder;
    this.#spellings = folder === undefined ? [] : [folder];
  }

  /** Finds out where links lead, so that nobody who asks for a file has to. To be called again when they may lead elsewhere. */
  async resolveLinks(folder: string): Promise<void> {
    const { root, disk } = this.#options;
    // What cannot be looked at is taken to be no link.
    const realPath = (path: string) => disk.realPath(path).catch(() => undefined);
    const [realRoot, realFolder] = await Promise.all([realPathOf(root, realPath), realPathOf(folder, realPath)]);
    const inRoot = pathInFolder(realRoot, realFolder);
    const spellings = [folder, realFolder, ...(inRoot === undefined ? [] : [join(root, inRoot)])];
    this.#spellings = spellings.filter((path, index) => spellings.findIndex((other) => isSamePath(other, path)) === index);
  }

  /** Absolute path of an issue's file, in the folder where the store is or was last. */
  filePathOf({ key }: { readonly key: IssueKey }): string {
    return issuePath(this.#lastFolder, key);
  }

  /** As {@link pathInFolder} of the store's folder. */
  pathOf(filePath: string): string | undefined {
    return this.#spellings.map((folder) => pathInFolder(folder, filePath)).find((path) => path !== undefined);
  }
}

/** What is missing lies where the folder above it is. */
async function realPathOf(path: string, realPath: (path: string) => Promise<string | undefined>): Promise<string> {
  const real = await realPath(path);
  const above = dirname(path);
  return real ?? (above === path ? path : join(await realPathOf(above, realPath), basename(path)));
}
