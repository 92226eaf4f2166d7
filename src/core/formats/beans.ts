import { isIssueId } from '../issue/issueFileName.ts';
import { folderInside, stemOf } from '../issue/relativePath.ts';
import { type FrontMatter, readYamlFile } from '../markdown/frontMatter.ts';
import { loadYaml, type YamlValue } from '../markdown/yamlReader.ts';
import type { TextProblem } from '../textProblem.ts';
import { lineOfKey, listProblem, textOf, timeOf } from './fieldValues.ts';
import { type FieldKeys, readFrontMatterIssue } from './frontMatterIssue.ts';
import { frontMatterIssueTitle, stateOfStatus, wordsOf } from './issueText.ts';
import { type Description, type FolderProbe, ONLY_TICKS, type StoreFormat, type StorePlace } from './storeFormat.ts';

/*
 * beans (https://github.com/hmans/beans): one file per issue with YAML front matter, whose id is in the file's name only.
 */

const CONFIG_FILE = '.beans.yml';
const DEFAULT_FOLDER = '.beans';
/** They are the same in every store. */
const STATUSES = ['in-progress', 'todo', 'draft', 'completed', 'scrapped'];
const LIST_KEYS = ['tags', 'blocking', 'blocked_by'];
const TIME_KEYS = ['created_at', 'updated_at'];

const KEYS: FieldKeys = {
  status: ['status'],
  priority: ['priority'],
  type: ['type'],
  labels: ['tags'],
  parent: ['parent'],
  dependencies: ['blocked_by'],
  blocks: ['blocking'],
  created: ['created_at'],
  updated: ['updated_at'],
  order: ['order'],
};

export const BEANS_FORMAT: StoreFormat<undefined> = {
  id: 'beans',
  label: 'beans',
  version: 1,
  detect,
  readConfig,
  folders: () => [{ path: '', depth: Number.POSITIVE_INFINITY }],
  isIssueFile,
  describe: describeBean,
  describeName: (path) => {
    const { id, slug } = partsOf(path);
    return { id, title: wordsOf(slug) ?? id };
  },
  stateOf: ({ fields }) => stateOfStatus(fields),
  labelOf: ({ id }) => id,
  foldId: (ref) => ref.trim(),
  knownStatuses: () => STATUSES,
  writes: ONLY_TICKS,
};

async function detect(folder: FolderProbe): Promise<readonly StorePlace[]> {
  const text = await folder.read(CONFIG_FILE);
  if (text === undefined) {
    return [];
  }
  await loadYaml();
  const beans = readYamlFile(text).values.get('beans');
  const written = beans instanceof Map ? textOf((beans as ReadonlyMap<string, YamlValue>).get('path')) : undefined;
  const place = folderInside(written ?? DEFAULT_FOLDER);
  return place === undefined ? [] : [{ folder: place, config: CONFIG_FILE }];
}

/** Nothing in it changes how issues are read. */
function readConfig(text: string | undefined): { config: undefined; problem?: TextProblem } {
  const { problem } = readYamlFile(text ?? '');
  return problem === undefined ? { config: undefined } : { config: undefined, problem };
}

function isIssueFile(path: string): boolean {
  const folders = path.split('/').slice(0, -1);
  return path.endsWith('.md') && isIssueId(stemOf(path)) && !folders.some((name) => name.startsWith('.'));
}

/** `id--slug`, else `id.slug`, else `id-slug`, else `id`. An id is never empty. */
function partsOf(path: string): { readonly id: string; readonly slug: string } {
  const stem = stemOf(path);
  const [, id = stem, slug = ''] = /^(.+?)--(.*)$/s.exec(stem) ?? /^([^.].*?)\.(.*)$/s.exec(stem) ?? /^([^-]+)-(.*)$/s.exec(stem) ?? [];
  return { id, slug };
}

function describeBean(path: string, text: string): Description {
  const { frontMatter, outline, read } = readFrontMatterIssue(text, KEYS);
  const { id, slug } = partsOf(path);
  const problem = frontMatter.problem ?? listProblem(frontMatter.values, LIST_KEYS, text) ?? timeProblem(frontMatter, text);
  return {
    id,
    title: frontMatterIssueTitle(frontMatter, outline, () => wordsOf(slug)) ?? id,
    ...read,
    ...(path.startsWith('archive/') && { fields: { ...read.fields, archived: true } }),
    ...(problem !== undefined && { problem }),
  };
}

/** The tool reads nothing of a store that has such a file. */
function timeProblem({ values }: FrontMatter, text: string): TextProblem | undefined {
  const key = TIME_KEYS.find((each) => textOf(values.get(each)) !== undefined && timeOf(values.get(each)) === undefined);
  return key === undefined ? undefined : { line: lineOfKey(text, key), message: `“${key}” must be a time.` };
}
