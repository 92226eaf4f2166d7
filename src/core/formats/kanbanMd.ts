import { issueIdOfFile } from '../issue/issueFileName.ts';
import { folderInside, joined, nameOf, stemOf } from '../issue/relativePath.ts';
import { readFrontMatter, readYamlFile } from '../markdown/frontMatter.ts';
import { columnNames, stateOfColumn } from './boardColumns.ts';
import { lineOfKey, textOf, wholeNumberOf } from './fieldValues.ts';
import { type FieldKeys, readFrontMatterIssue } from './frontMatterIssue.ts';
import { frontMatterIssueTitle, wordsOf } from './issueText.ts';
import { type Description, ONLY_TICKS, type StoreFormat } from './storeFormat.ts';

export interface KanbanMdConfig {
  /** Relative to the store; undefined if it is outside. */
  readonly tasksFolder: string | undefined;
  /** The columns of the board from left to right. */
  readonly statuses: readonly string[];
}

const STORE = 'kanban';
const CONFIG = 'config.yml';
const DEFAULT_TASKS_FOLDER = 'tasks';
const DEFAULT_STATUSES = ['backlog', 'todo', 'in-progress', 'review', 'done', 'archived'];
/** What the tool deletes and what it archives both get this status, which is no column of the board. It is dropped by the word. */
const ARCHIVED = 'archived';

const KEYS: FieldKeys = {
  status: ['status'],
  priority: ['priority'],
  labels: ['tags'],
  assignees: ['assignee'],
  parent: ['parent'],
  dependencies: ['depends_on'],
  created: ['created'],
  updated: ['updated'],
  due: ['due'],
};

/** The files of the command line tool `kanban-md`: a board in `kanban/config.yml`, and one file for each task beside it. */
export const KANBAN_MD_FORMAT: StoreFormat<KanbanMdConfig> = {
  id: 'kanban-md',
  label: 'kanban-md',
  version: 1,
  detect: async (folder) => {
    const config = `${STORE}/${CONFIG}`;
    const text = await folder.read(config);
    return text !== undefined && /^next_id\s*:/m.test(text) && /^tasks_dir\s*:/m.test(text) ? [{ folder: STORE, config }] : [];
  },
  configOf: (folder) => joined(folder, CONFIG),
  readConfig: (text = '') => {
    const { values, problem: yamlProblem } = readYamlFile(text);
    const statuses = columnNames(values.get('statuses'));
    const tasksFolder = folderInside(textOf(values.get('tasks_dir')) ?? DEFAULT_TASKS_FOLDER);
    const config = { tasksFolder, statuses: statuses.length === 0 ? DEFAULT_STATUSES : statuses };
    const problem =
      yamlProblem ??
      (tasksFolder === undefined
        ? { line: lineOfKey(text, 'tasks_dir'), message: 'Tasks outside the folder of the board are not shown.' }
        : undefined);
    return problem === undefined ? { config } : { config, problem };
  },
  folders: ({ tasksFolder }) => (tasksFolder === undefined ? [] : [{ path: tasksFolder, depth: 0 }]),
  isIssueFile: (path) => issueIdOfFile(nameOf(path)) !== undefined,
  describe: (path, text) => {
    const issue = readFrontMatterIssue(text, KEYS);
    const name = partsOf(path);
    const given = textOf(issue.frontMatter.values.get('id'));
    // The tool goes by the id in the text, so that a note of another name is a task only with one.
    if (given === undefined && name.number === undefined) {
      return undefined;
    }
    const number = given === undefined ? name.number : wholeNumberOf(given);
    const title = frontMatterIssueTitle(issue.frontMatter, issue.outline, () => name.words) ?? name.id;
    const noFields = issue.frontMatter.kind !== 'yaml' && { problem: { line: 0, message: 'The task has no YAML front matter.' } };
    return { ...idOf(number, given ?? name.id), title, ...noFields, ...issue.read };
  },
  claimantOf: (text) => textOf(readFrontMatter(text).values.get('claimed_by')),
  describeName: (path) => {
    const { words, id, ...rest } = partsOf(path);
    return { id, ...rest, title: words ?? id };
  },
  stateOf: ({ fields: { status } }, { statuses }) => {
    const columns = statuses.filter((column) => column !== ARCHIVED);
    return status !== undefined && status === columns.at(-1) ? 'done' : stateOfColumn(status, columns);
  },
  labelOf: ({ id, number }) => (number === undefined ? id : `#${id}`),
  foldId: (ref) => ref.trim().replace(/^#?0*(?=\d)/, ''),
  knownStatuses: ({ statuses }) => statuses,
  writes: ONLY_TICKS,
};

function partsOf(path: string): Pick<Description, 'id' | 'number'> & { readonly words: string | undefined } {
  const stem = stemOf(path);
  const [, digits, slug = stem] = /^(\d+)-(.*)$/s.exec(stem) ?? [];
  return { ...idOf(wholeNumberOf(digits), stem), words: wordsOf(slug) };
}

/** Ids are numbers. The zeros in front of them stand only in the names of files. */
function idOf(number: number | undefined, other: string): Pick<Description, 'id' | 'number'> {
  return number === undefined ? { id: other } : { id: String(number), number };
}
