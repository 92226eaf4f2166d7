import { homedir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { assertDefined } from '../assertDefined.ts';
import type { Disk } from '../disk/disk.ts';
import type { StorePlace } from '../formats/storeFormat.ts';
import type { IssueKey } from '../issue/issue.ts';
import { IssueError } from '../issue/issueErrors.ts';
import { issuePath } from '../issue/issueKey.ts';
import { isInsideFolder, isSamePath, pathInFolder } from '../paths.ts';
import { readError } from '../storage/fileErrors.ts';
import { holdsIssue } from '../storage/storeFolders.ts';
import type { StorePlacing } from '../sync/storePlacing.ts';
import { outsideError } from '../sync/storeStatus.ts';
import { locateStore, NUMBERED_SCHEMA, storeCandidates } from './storeLocation.ts';
import type { IssueStoreOptions, StoreSettings, Surroundings } from './storeOptions.ts';

export type Access = 'read' | 'write';

export interface StoreLocatorOptions {
  /** Absolute path of the workspace folder. */
  readonly root: string;
  readonly disk: Disk;
  /** Where the store is, if that is settled; otherwise the usual places and the setting are searched. */
  readonly place?: StorePlace | undefined;
  /** See {@link IssueStoreOptions.isAwaited}. */
  readonly isAwaited?: boolean | undefined;
  readonly settings: () => StoreSettings;
  readonly surroundings?: Surroundings | undefined;
}

/** Locates a store's folder, and maps between issues and paths of files, including paths through links. */
export class StoreLocator {
  readonly #options: StoreLocatorOptions;
  /** All paths of the store's folder: as located, with links resolved, and below a workspace folder that is itself a link. */
  #spellings: readonly string[] = [];
  /** The current or last folder: views show the old rows until the change event fires. */
  #lastFolder = '';

  constructor(options: StoreLocatorOptions) {
    this.#options = options;
  }

  /** @throws StoreFolderError `badSetting` if the setting is invalid. */
  async locate(): Promise<StorePlacing> {
    const { root, place, isAwaited = false, disk, settings, surroundings = { home: homedir(), environment: process.env } } = this.#options;
    if (place !== undefined) {
      const [folder, config] = [place.folder, place.config].map((path) => path && resolve(root, path));
      return { folder: folder || root, candidates: [], config, only: place.only };
    }
    const mayRead = async (folder: string) => !(await this.isForbidden(folder));
    const { folder } = settings();
    const located = await locateStore(disk, storeCandidates(root, folder, surroundings), mayRead);
    return { ...located, isAwaited: isAwaited && folder === undefined };
  }

  /**
   * True if a store that is empty or missing should be relocated, or can be watched but is not. An existing folder is left only for one
   * that has an issue. Never rejects.
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
      return !exists || (await holdsIssue(this.#options.disk, place.folder, NUMBERED_SCHEMA));
    } catch {
      // An invalid location is no better. Opening or relocating reports the reason.
      return false;
    }
  }

  /**
   * True if the store is confined to the workspace folder and this folder is outside. Checked each time, because a folder can be replaced
   * by a link.
   * @throws IssueError `unreadable` if links cannot be resolved.
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

  /** @throws IssueError if the store in this folder must not be read or written. */
  async assertAllowed(folder: string, access: Access): Promise<void> {
    const { readOnlyReason } = this.#options.settings();
    if (access === 'write' && readOnlyReason !== undefined) {
      throw new IssueError('readOnly', readOnlyReason);
    }
    if (await this.isForbidden(folder)) {
      throw outsideError(folder);
    }
  }

  /** Sets the store's folder; undefined for none. */
  take(folder: string | undefined): void {
    this.#lastFolder = folder ?? this.#lastFolder;
    this.#spellings = folder === undefined ? [] : [folder];
  }

  /** Resolves links in advance, so that {@link pathOf} is synchronous. Call again when links may have changed. */
  async resolveLinks(folder: string): Promise<void> {
    const { root, disk } = this.#options;
    // Treat a path that cannot be resolved as no link.
    const realPath = (path: string) => disk.realPath(path).catch(() => undefined);
    const [realRoot, realFolder] = await Promise.all([realPathOf(root, realPath), realPathOf(folder, realPath)]);
    const inRoot = pathInFolder(realRoot, realFolder);
    const spellings = [folder, realFolder, ...(inRoot === undefined ? [] : [join(root, inRoot)])];
    this.#spellings = spellings.filter((path, index) => spellings.findIndex((other) => isSamePath(other, path)) === index);
  }

  /** Absolute path of an issue's file in the current or last folder. */
  filePathOf({ key }: { readonly key: IssueKey }): string {
    return issuePath(this.#lastFolder, key);
  }

  /** As {@link pathInFolder} for the store's folder. */
  pathOf(filePath: string): string | undefined {
    return this.#spellings.map((folder) => pathInFolder(folder, filePath)).find((path) => path !== undefined);
  }
}

/** Resolves the nearest existing parent if the path does not exist. */
async function realPathOf(path: string, realPath: (path: string) => Promise<string | undefined>): Promise<string> {
  const real = await realPath(path);
  const above = dirname(path);
  return real ?? (above === path ? path : join(await realPathOf(above, realPath), basename(path)));
}
