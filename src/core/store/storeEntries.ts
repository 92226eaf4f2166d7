import { basename, resolve } from 'node:path';
import picomatch from 'picomatch';
import type { Disk } from '../disk/disk.ts';
import { ALL_FORMATS } from '../formats/allFormats.ts';
import { FRONT_MATTER_FORMAT } from '../formats/frontMatterFolder.ts';
import { NUMBERED_FORMAT } from '../formats/numbered.ts';
import type { FolderGlob, FolderProbe, StoreFormat, StorePlace } from '../formats/storeFormat.ts';
import { messageOf } from '../issue/issueErrors.ts';
import { numberOfId } from '../issue/issueFileName.ts';
import { readFrontMatter } from '../markdown/frontMatter.ts';
import { loadYaml } from '../markdown/yamlReader.ts';
import { isSamePath, normalPath } from '../paths.ts';
import { expandedFolder } from './folderSetting.ts';
import type { Surroundings } from './storeOptions.ts';

/** What stands in the list of stores: `auto` for what markers find, or a folder. */
export type StoreEntry = 'auto' | NamedStore;

export interface NamedStore {
  /** Absolute or relative to the workspace folder, with the variables of {@link expandedFolder}. What follows a wildcard is a glob. */
  readonly folder: string;
  /** The id of a format; without it, the folder's content decides. */
  readonly format?: string | undefined;
  /** What people call the store, instead of the name of its format. */
  readonly label?: string | undefined;
}

/** A store to open. */
export interface FoundStore {
  readonly format: StoreFormat;
  /** Undefined for our own format in its usual places, among which the store itself looks for its folder. A finder never says that. */
  readonly place?: StorePlace | undefined;
  readonly label?: string | undefined;
  /** Set if the setting names it. */
  readonly isNamed?: boolean;
}

/** How many files are read at most to find out what a folder holds. */
const SAMPLE_FILES = 20;
const WILDCARD = /[*?[\]{}!]/;

/** All stores that markers show, of every format. */
export async function detectStores(probe: FolderProbe, ignored: ReadonlySet<string>): Promise<readonly FoundStore[]> {
  const formats = ALL_FORMATS.filter(({ id }) => !ignored.has(id));
  const found = await Promise.all(
    formats.map(async (format) => (await format.detect(probe)).map((place): FoundStore => ({ format, place }))),
  );
  return found.flat();
}

export interface NamedStoreContext {
  /** Absolute path of the workspace folder. */
  readonly root: string;
  readonly disk: Disk;
  readonly surroundings: Surroundings;
  /** The stores that markers show. */
  readonly detected: readonly FoundStore[];
}

/** @throws IssueError if the setting is invalid. */
export async function namedStore({ folder, format: id, label }: NamedStore, context: NamedStoreContext): Promise<FoundStore> {
  const { root, detected } = context;
  const { base, only } = splitGlob(folder.trim());
  const path = normalPath(resolve(root, expandedFolder(base, root, context.surroundings)));
  const atSamePlace = detected.find(({ place }) => place !== undefined && isSamePath(resolve(root, place.folder), path));
  const named = ALL_FORMATS.find((format) => format.id === id);
  if (id !== undefined && named === undefined) {
    throw new Error(`“${id}” is not a format. Choose one of ${ALL_FORMATS.map((format) => format.id).join(', ')}.`);
  }
  const shown = atSamePlace?.format === NUMBERED_FORMAT ? undefined : atSamePlace?.format;
  const format = named ?? shown ?? (await formatOfContent(context.disk, path));
  const config = atSamePlace?.format === format ? atSamePlace.place?.config : format.configOf?.(path);
  const place = { folder: path, ...(config === undefined ? {} : { config }), ...(only === undefined ? {} : { only: globOf(only) }) };
  return { format, place, label, isNamed: true };
}

/** As {@link namedStore}, with the reason if the entry is not valid. */
export async function tryNamedStore(entry: NamedStore, context: NamedStoreContext): Promise<FoundStore | string> {
  try {
    return await namedStore(entry, context);
  } catch (error) {
    return messageOf(error);
  }
}

function globOf(glob: string): FolderGlob {
  return { glob, fits: picomatch([glob, `${glob}/**`]) };
}

/** A store is rooted before the first wildcard. */
function splitGlob(folder: string): { readonly base: string; readonly only: string | undefined } {
  const parts = folder.replaceAll('${', '\0').split('/');
  const first = parts.findIndex((part) => WILDCARD.test(part.replaceAll('\0', '').replaceAll('}', '')));
  const [base, only] = first === -1 ? [parts, undefined] : [parts.slice(0, first), parts.slice(first).join('/')];
  return { base: base.join('/').replaceAll('\0', '${') || '.', only };
}

/** A folder whose marker does not tell its format: our own numbers its files, and others begin theirs with front matter. */
async function formatOfContent(disk: Disk, folder: string): Promise<StoreFormat> {
  const names: string[] = [];
  await disk
    .list(folder, (name, kind) => {
      if (kind === 'file' && name.endsWith('.md')) {
        names.push(name);
      }
      return names.length < SAMPLE_FILES;
    })
    .catch(() => false);
  if (names.some((name) => numberOfId(name.slice(0, -'.md'.length)) !== undefined)) {
    return NUMBERED_FORMAT;
  }
  await loadYaml();
  for (const name of names) {
    const read = await disk.read(resolve(folder, name)).catch(() => undefined);
    if (read !== undefined && readFrontMatter(read.bytes.toString('utf8')).values.size > 0) {
      return FRONT_MATTER_FORMAT;
    }
  }
  return basename(folder) === 'issues' || names.length > 0 ? NUMBERED_FORMAT : FRONT_MATTER_FORMAT;
}
