import type { IssueFields } from '../issue/issueFields.ts';
import type { IssueState } from '../issue/issueState.ts';
import { stateOfWord } from '../issue/issueState.ts';
import { folderInside, folderOf, joined, nameOf, stemOf } from '../issue/relativePath.ts';
import { readFrontMatter, readYamlFile } from '../markdown/frontMatter.ts';
import { outlineOf } from '../markdown/issueMarkdown.ts';
import { loadYaml, type YamlValue } from '../markdown/yamlReader.ts';
import { type FieldValue, fieldsOf, isList, listOf, listProblem, textOf, timeOf, wholeNumberOf } from './fieldValues.ts';
import { frontMatterIssueTitle, wordsOf } from './issueText.ts';
import {
  type ConfigReading,
  type Description,
  type FolderProbe,
  ONLY_TICKS,
  type StateSource,
  type StoreFormat,
  type StorePlace,
} from './storeFormat.ts';

/*
 * Backlog.md (https://github.com/MrLesk/Backlog.md): a folder per stage of an issue's life, one file per issue with YAML front matter, and a
 * configuration with the statuses.
 */

export interface BacklogConfig {
  /** In order: the first one is open, the last one is done. */
  readonly statuses: readonly string[];
  /** What the ids of tasks begin with, in lower case. */
  readonly prefix: string;
}

interface BacklogFolder {
  readonly isDraft?: boolean;
  readonly isArchived?: boolean;
  readonly isCompleted?: boolean;
}

const FOLDERS = new Map<string, BacklogFolder>([
  ['tasks', {}],
  ['completed', { isCompleted: true }],
  ['drafts', { isDraft: true }],
  ['archive/tasks', { isArchived: true }],
  ['archive/drafts', { isDraft: true, isArchived: true }],
]);

const ROOT_CONFIG = 'backlog.config.yml';
const CONFIG_NAMES = ['config.yml', 'config.yaml'];
/** Where the tool looks if nothing says where the store is. */
const USUAL_FOLDERS = ['backlog', '.backlog'];
const DRAFT = 'Draft';
const DRAFT_PREFIX = 'draft';
const DEFAULT_PREFIX = 'task';
const DEFAULT_STATUSES = ['To Do', 'In Progress', 'Done'];
/** The tool does not load a store in which one of them is anything but a list. */
const CONFIG_LISTS = ['statuses', 'labels', 'types', 'priorities'];
/** The tool takes a single text for no value here, and loses it when it writes the file. */
const STRICT_LISTS = ['labels', 'dependencies'];

export const BACKLOG_FORMAT: StoreFormat<BacklogConfig> = {
  id: 'backlog',
  label: 'Backlog.md',
  version: 1,
  detect,
  configOf: (folder) => joined(folder, 'config.yml'),
  readConfig,
  folders: () => [...FOLDERS.keys()].map((path) => ({ path, depth: 0 })),
  readsBy: ({ prefix }) => prefix,
  isIssueFile,
  describe: describeTask,
  describeName: (path) => {
    const { id, title } = partsOfName(path);
    return { id, ...numberOf(id), title: wordsOf(title) ?? id };
  },
  idOfName: (path) => {
    const { id } = partsOfName(path);
    return { id, ...numberOf(id) };
  },
  stateOf,
  labelOf: ({ id }) => id,
  foldId,
  givesAwayIdOf: (key) => FOLDERS.get(folderOf(key))?.isArchived === true,
  knownStatuses: ({ statuses }) => [DRAFT, ...statuses],
  writes: ONLY_TICKS,
};

async function detect(folder: FolderProbe): Promise<readonly StorePlace[]> {
  const found = [await placeOfRootConfig(folder), ...(await Promise.all(USUAL_FOLDERS.map((name) => placeWithConfig(folder, name))))];
  const places = found.filter((place) => place !== undefined);
  return places.filter((place, index) => places.findIndex((each) => each.folder === place.folder) === index);
}

/** The tool takes a configuration in the project's folder for one only if it says something. */
async function placeOfRootConfig(folder: FolderProbe): Promise<StorePlace | undefined> {
  const text = await folder.read(ROOT_CONFIG);
  if (text === undefined) {
    return undefined;
  }
  await loadYaml();
  const { values } = readYamlFile(text);
  const written = textOf(values.get('backlog_directory') ?? values.get('backlogDirectory'));
  if (written === undefined && textOf(values.get('project_name') ?? values.get('projectName')) === undefined) {
    return undefined;
  }
  // A folder outside the project does not count, and neither does the project's folder itself.
  const place = folderInside(written ?? '.') || (await usualFolder(folder));
  return place === undefined ? undefined : { folder: place, config: ROOT_CONFIG };
}

async function usualFolder(folder: FolderProbe): Promise<string | undefined> {
  const folders = (await folder.list('')).filter(({ kind }) => kind === 'folder').map(({ name }) => name);
  return USUAL_FOLDERS.find((name) => folders.includes(name));
}

async function placeWithConfig(folder: FolderProbe, name: string): Promise<StorePlace | undefined> {
  for (const config of CONFIG_NAMES.map((each) => joined(name, each))) {
    if ((await folder.read(config)) !== undefined) {
      return { folder: name, config };
    }
  }
  return undefined;
}

function readConfig(text: string | undefined): ConfigReading<BacklogConfig> {
  const { values, problem = listProblem(values, CONFIG_LISTS, text ?? '') } = readYamlFile(text ?? '');
  const statuses = values.get('statuses');
  const config = {
    statuses: isList(statuses) ? (listOf(statuses) ?? []) : DEFAULT_STATUSES,
    prefix: (textOf(values.get('task_prefix')) ?? DEFAULT_PREFIX).toLowerCase(),
  };
  return problem === undefined ? { config } : { config, problem };
}

/** By name only, as the tool does: `readme.md` is none, and the prefix must be in lower case. */
function isIssueFile(path: string, config: BacklogConfig): boolean {
  const folder = FOLDERS.get(folderOf(path));
  const prefix = folder?.isDraft ? DRAFT_PREFIX : config.prefix;
  return folder !== undefined && path.endsWith('.md') && nameOf(path).startsWith(`${prefix}-`);
}

function describeTask(path: string, text: string, { prefix: taskPrefix }: BacklogConfig): Description {
  const frontMatter = readFrontMatter(text, withQuotedNames);
  const { values, problem = listProblem(values, STRICT_LISTS, text) } = frontMatter;
  const outline = outlineOf(text, frontMatter);
  const prefix = FOLDERS.get(folderOf(path))?.isDraft ? DRAFT_PREFIX : taskPrefix;
  const written = textOf(values.get('id'));
  const id = written === undefined ? partsOfName(path).id : fullId(written, prefix);
  return {
    id,
    ...numberOf(id),
    title: frontMatterIssueTitle(frontMatter, outline, () => wordsOf(partsOfName(path).title)) ?? id,
    fields: readFields(path, values, taskPrefix),
    progress: outline.progress,
    hasConflict: outline.hasConflict,
    ...(problem !== undefined && { problem }),
  };
}

function readFields(path: string, values: ReadonlyMap<string, YamlValue>, prefix: string): IssueFields {
  const parent = textOf(values.get('parent_task_id'));
  return fieldsOf({
    archived: path.startsWith('archive/') || undefined,
    status: textOf(values.get('status')),
    priority: textOf(values.get('priority')),
    labels: strictListOf(values.get('labels')),
    assignees: listOf(values.get('assignee')),
    type: textOf(values.get('type')),
    parent: parent === undefined ? undefined : fullId(parent, prefix),
    dependencies: strictListOf(values.get('dependencies'))?.map((ref) => fullId(ref, prefix)),
    milestone: textOf(values.get('milestone')),
    created: dateOf(values.get('created_date')),
    updated: dateOf(values.get('updated_date')),
    due: textOf(values.get('due_date')),
    order: textOf(values.get('ordinal')),
  });
}

/** The tool accepts `assignee: @name` and `assignee: [@name]`, which are no YAML. No line is added. */
function withQuotedNames(block: string): string {
  return block.replace(/^([ \t]*(?:assignee|reporter):[ \t]*)([@[].*)$/gm, (_, key: string, value: string) =>
    value.startsWith('@')
      ? key + JSON.stringify(value.trimEnd())
      : key + value.replace(/(?<=[[,]\s*)@[^,\]]*/g, (name) => JSON.stringify(name.trimEnd())),
  );
}

function strictListOf(value: FieldValue): readonly string[] | undefined {
  return isList(value) ? listOf(value) : undefined;
}

/** Old files have dates such as `31-12-25`. */
function dateOf(value: FieldValue): number | undefined {
  return timeOf(value) ?? timeOf(textOf(value)?.replace(/^(\d\d)([-/.])(\d\d)\2(\d\d)$/, '20$4-$3-$1'));
}

/** What the name of a file says, such as `back-12.1 - Some-title.md`. */
function partsOfName(path: string): { readonly id: string; readonly title: string } {
  const stem = stemOf(path);
  const [, id = stem, title = ''] = /^([a-z]+-[a-z\d]+(?:[._-][a-z\d]+)*) -(.*)$/is.exec(stem) ?? [];
  return { id: id.toUpperCase(), title };
}

/** An id as the tool shows it: in upper case, and with a prefix if it is a mere number. */
function fullId(written: string, prefix: string): string {
  return (/^\d+(?:\.\d+)*$/.test(written) ? `${prefix}-${written}` : written).toUpperCase();
}

/** Subtasks, such as `BACK-5.2`, have none. */
function numberOf(id: string): { readonly number?: number } {
  const number = wholeNumberOf(/^[A-Z]+-(\d+)$/.exec(id)?.[1]);
  return number === undefined ? {} : { number };
}

/** Zeros in front of a number do not count, prefixes do. */
function foldId(ref: string): string {
  const id = ref.trim().toUpperCase();
  return /^(?:[A-Z]+-)?\d+(?:\.\d+)*$/.test(id) ? id.replace(/(?<!\d)0+(?=\d)/g, '') : id;
}

function stateOf({ key, fields }: StateSource, config: BacklogConfig): IssueState {
  const { isCompleted, isArchived } = FOLDERS.get(folderOf(key)) ?? {};
  const state = isCompleted ? 'done' : stateOfTask(fields.status, config);
  return isArchived && state !== 'done' ? 'dropped' : state;
}

/** The place in the list says more than the word. */
function stateOfTask(status: string | undefined, { statuses }: BacklogConfig): IssueState {
  if (status === undefined) {
    return 'open';
  }
  const place = statuses.findIndex((each) => each.toLowerCase() === status.toLowerCase());
  if (place !== -1 && place === statuses.length - 1) {
    return 'done';
  }
  if (place === 0) {
    return 'open';
  }
  return stateOfWord(status) ?? (place === -1 ? 'open' : 'active');
}
