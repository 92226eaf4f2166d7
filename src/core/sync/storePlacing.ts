import type { IssueCatalogue } from '../catalogue/issueCatalogue.ts';
import type { Clock } from '../clock.ts';
import type { Disk } from '../disk/disk.ts';
import type { FolderGlob, StoreFormat } from '../formats/storeFormat.ts';
import { StoreSchema } from '../formats/storeSchema.ts';
import { IssueFileReader, type StoredSummary } from '../storage/issueFile.ts';
import { forEachInSlices, TimeSlices } from '../timeSlices.ts';
import { Reconciler, type WantsText } from './reconciler.ts';

/** Where a store is, with absolute paths. */
export interface StorePlacing {
  readonly folder: string;
  /** Where it could be instead, that folder included. */
  readonly candidates: readonly string[];
  /** The file of its configuration; left out if it has none. */
  readonly config?: string | undefined;
  /** See `StorePlace`. */
  readonly only?: FolderGlob | undefined;
  /** True if there was nothing when it was looked for. */
  readonly isMissing?: boolean;
  /** True if somebody else watches for a store that is missing, and calls `lookIfMissing`. */
  readonly isAwaited?: boolean;
}

/** Knows where a store is. */
export interface StoreLocation {
  /** @throws StoreFolderError `badSetting` if it cannot be made out. */
  locate(): Promise<StorePlacing>;
  /** True if a store that is empty, or not watched, should be looked for elsewhere or watched now. Never rejects. */
  hasBetter(folder: string | undefined, place: { readonly exists: boolean; readonly isWatched: boolean }): Promise<boolean>;
  /** True if nothing in this folder may be read now. */
  isForbidden(folder: string): Promise<boolean>;
  /** Takes this folder for the store's, undefined for none. */
  take(folder: string | undefined): void;
  /** Finds out where links on the way to the store lead. Never rejects. */
  resolveLinks(folder: string): Promise<void>;
}

/** A store that is read at its place. */
export interface OpenPlace {
  readonly at: StorePlacing;
  /** The text of the configuration, by which a change of it is seen. */
  readonly configText: string | undefined;
  readonly files: IssueFileReader;
  readonly reconciler: Reconciler;
}

export interface OpenPlaceParts {
  readonly disk: Disk;
  readonly clock: Clock;
  readonly catalogue: IssueCatalogue;
  readonly format: StoreFormat;
  readonly wantsText: WantsText;
  readonly prepareToRead: () => Promise<void>;
}

export function openPlace(
  { disk, clock, catalogue, format, wantsText, prepareToRead }: OpenPlaceParts,
  at: StorePlacing,
  configText: string | undefined,
): OpenPlace {
  const files = new IssueFileReader(at.folder, new StoreSchema(format, configText, at));
  return { at, configText, files, reconciler: new Reconciler({ disk, files, known: catalogue, clock, wantsText, prepareToRead }) };
}

/** Whether there is something, a folder or not, where the store could be. What cannot be looked at is there. Never rejects. */
export async function isAnythingThere(disk: Disk, { candidates }: StorePlacing): Promise<boolean> {
  const stats = await Promise.all(candidates.map((path) => disk.stat(path).catch(() => 'unknown')));
  return stats.some((stat) => stat !== undefined);
}

/** The text of the store's configuration; undefined if there is none or it cannot be read now. Never rejects. */
export async function readConfig(
  { disk, location }: { readonly disk: Disk; readonly location: StoreLocation },
  { config }: StorePlacing,
): Promise<string | undefined> {
  if (config === undefined) {
    return undefined;
  }
  try {
    return (await location.isForbidden(config)) ? undefined : (await disk.read(config)).bytes.toString('utf8');
  } catch {
    return undefined;
  }
}

/** Whether the store's configuration is there with another text than the one that is used. Never rejects. */
export async function isOtherConfig(
  options: { readonly disk: Disk; readonly location: StoreLocation },
  { at, configText }: OpenPlace,
): Promise<boolean> {
  const now = await readConfig(options, at);
  return now !== undefined && now !== configText;
}

/**
 * The known entries of which a changed configuration makes something else: other states, or, where the configuration says how issues are read,
 * entries without a stat, which are read again.
 */
export async function changedByConfig(
  entries: Iterable<StoredSummary>,
  before: StoreSchema,
  files: IssueFileReader,
  clock: Clock,
): Promise<StoredSummary[]> {
  const changed: StoredSummary[] = [];
  await forEachInSlices(entries, new TimeSlices(clock), (entry) => {
    const now = before.reader === files.schema.reader ? files.derivedAnew(entry) : { ...entry, stat: undefined };
    if (now !== entry) {
      changed.push(now);
    }
  });
  return changed;
}

/** As {@link Reconciler.stamp}, and changes with the configuration, too. Never rejects. */
export async function placeStamp(
  { disk, location }: { readonly disk: Disk; readonly location: StoreLocation },
  { at: { config }, reconciler }: OpenPlace,
): Promise<string> {
  const statOf = async (path: string) => ((await location.isForbidden(path)) ? undefined : disk.stat(path));
  const stat = config === undefined ? undefined : await statOf(config).catch(() => undefined);
  const folders = await reconciler.stamp();
  return stat === undefined ? folders : `${folders} ${stat.ino}:${stat.size}:${stat.mtimeMs}:${stat.ctimeMs}`;
}
