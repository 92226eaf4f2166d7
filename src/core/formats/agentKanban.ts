import { issueIdOfFile } from '../issue/issueFileName.ts';
import { folderOf, joined, nameOf, stemOf } from '../issue/relativePath.ts';
import { readYamlFile } from '../markdown/frontMatter.ts';
import { columnNames, stateOfColumn } from './boardColumns.ts';
import { textOf } from './fieldValues.ts';
import { type FieldKeys, readFrontMatterIssue } from './frontMatterIssue.ts';
import { frontMatterIssueTitle, wordsOf } from './issueText.ts';
import { type Description, ONLY_TICKS, type StoreFormat } from './storeFormat.ts';

export interface AgentKanbanConfig {
  /** The columns of the board from left to right. */
  readonly lanes: readonly string[];
}

const STORE = '.agentkanban';
const CONFIG = 'board.yaml';
const TASKS = 'tasks';
const ARCHIVE = `${TASKS}/archive`;
const PREFIX = 'task_';
/** In front of the slug: a date, in older files with a time, and random letters; a variant of the tool counts instead. */
const STAMP = /^task_(?:\d{8,17}_(?:\d{9}_)?[\da-z]{6}_|\d+_)?(?=.)/;

const KEYS: FieldKeys = {
  status: ['lane'],
  priority: ['priority'],
  labels: ['labels'],
  assignees: ['assignee'],
  // Only a variant of the tool writes it.
  dependencies: ['dependsOn'],
  created: ['created'],
  updated: ['updated'],
  due: ['dueDate'],
  order: ['sortOrder'],
};

/** The files of the extension Agent Kanban. Notes beside the tasks (`todo_*.md`) are no issues. */
export const AGENT_KANBAN_FORMAT: StoreFormat<AgentKanbanConfig> = {
  id: 'agent-kanban',
  label: 'agent-kanban',
  version: 1,
  detect: async (folder) => {
    const entries = await folder.list(STORE);
    const isBoard = entries.some(({ name, kind }) => name === CONFIG && kind === 'file');
    return isBoard ? [{ folder: STORE, config: `${STORE}/${CONFIG}` }] : [];
  },
  configOf: (folder) => joined(folder, CONFIG),
  readConfig: (text = '') => {
    const { values, problem } = readYamlFile(text);
    const config = { lanes: columnNames(values.get('lanes')) };
    return problem === undefined ? { config } : { config, problem };
  },
  folders: () => [TASKS, ARCHIVE].map((path) => ({ path, depth: 0 })),
  isIssueFile: (path) => issueIdOfFile(nameOf(path))?.startsWith(PREFIX) === true,
  describe: (path, text) => {
    const issue = readFrontMatterIssue(text, KEYS);
    const { values, typedKeys, problem } = issue.frontMatter;
    const isTitled = textOf(values.get('title')) !== undefined && !typedKeys.has('title');
    // The tool passes over what has no text for a title. A file with a mistake is shown all the same, so that somebody mends it.
    if (!isTitled && problem === undefined) {
      return undefined;
    }
    const name = describedName(path);
    return { ...name, title: frontMatterIssueTitle(issue.frontMatter, issue.outline, () => name.title) ?? name.id, ...issue.read };
  },
  describeName: describedName,
  stateOf: ({ key, fields }, { lanes }) => {
    const state = stateOfColumn(fields.status, lanes);
    return folderOf(key) === ARCHIVE && state !== 'done' ? 'dropped' : state;
  },
  labelOf: () => undefined,
  // Tasks refer to each other by their slugs, in which hyphens stand for underscores.
  foldId: (ref) => slugOf(ref.trim().toLowerCase()).replaceAll('_', '-'),
  knownStatuses: ({ lanes }) => (lanes.length === 0 ? undefined : lanes),
  writes: ONLY_TICKS,
};

function describedName(path: string): Pick<Description, 'id' | 'title'> {
  const id = stemOf(path);
  return { id, title: wordsOf(slugOf(id).replaceAll('_', '-')) ?? id };
}

function slugOf(id: string): string {
  return id.replace(STAMP, '');
}
