import { isIssueId } from '../issue/issueFileName.ts';
import { stemOf } from '../issue/relativePath.ts';
import { type FrontMatter, readFrontMatter } from '../markdown/frontMatter.ts';
import { asTitle } from '../markdown/issueTitle.ts';
import { loadYaml } from '../markdown/yamlReader.ts';
import { textOf } from './fieldValues.ts';
import { type FieldKeys, readFrontMatterIssue } from './frontMatterIssue.ts';
import { stateOfStatus } from './issueText.ts';
import { type Description, type FolderProbe, ONLY_TICKS, type StoreFormat, type StorePlace } from './storeFormat.ts';

/*
 * tk, or ticket (https://github.com/wedow/ticket): a script that keeps one file per issue in one folder, without any configuration.
 */

const FOLDER = '.tickets';
const STATUSES = ['open', 'in_progress', 'closed'];
/** The tool reads `a, b` here as it reads `[a, b]`. */
const LIST_KEYS = new Set(['deps', 'links']);

const KEYS: FieldKeys = {
  status: ['status'],
  priority: ['priority'],
  type: ['type'],
  labels: ['tags'],
  assignees: ['assignee'],
  parent: ['parent'],
  dependencies: ['deps'],
  links: ['links'],
  // Forks write `created_iso`.
  created: ['created', 'created_iso'],
};

export const TICKET_FORMAT: StoreFormat<undefined> = {
  id: 'ticket',
  label: 'tk',
  version: 1,
  detect,
  readConfig: () => ({ config: undefined }),
  folders: () => [{ path: '', depth: 0 }],
  isIssueFile: (path) => !path.includes('/') && path.endsWith('.md') && isIssueId(stemOf(path)),
  describe: describeTicket,
  describeName: (path) => ({ id: stemOf(path), title: stemOf(path) }),
  stateOf: ({ fields }) => stateOfStatus(fields),
  labelOf: ({ id }) => id,
  foldId: (ref) => ref.trim(),
  knownStatuses: () => STATUSES,
  writes: ONLY_TICKS,
};

/** Other tools have a folder of this name, too, so one of its files must be a ticket. */
async function detect(folder: FolderProbe): Promise<readonly StorePlace[]> {
  for (const { name, kind } of await folder.list(FOLDER)) {
    const text = kind === 'file' && name.endsWith('.md') ? await folder.read(`${FOLDER}/${name}`) : undefined;
    if (text !== undefined && (await isTicket(text))) {
      return [{ folder: FOLDER }];
    }
  }
  return [];
}

async function isTicket(text: string): Promise<boolean> {
  await loadYaml();
  const { values } = readFrontMatter(text);
  return values.has('id') && values.has('deps');
}

function describeTicket(path: string, text: string): Description | undefined {
  const { frontMatter, outline, read } = readFrontMatterIssue(text, KEYS, withLists);
  // The tool does not list a text without front matter. What a merge or an interrupted write has spoilt stays in sight.
  if (frontMatter.kind === 'none' && !outline.hasConflict && !/^\ufeff?---/.test(text)) {
    return undefined;
  }
  const { values } = frontMatter;
  const id = textOf(values.get('id')) ?? stemOf(path);
  return {
    id,
    // In some forks, the title is in the front matter.
    title: asTitle(textOf(values.get('title')) ?? '') ?? outline.title ?? id,
    ...read,
  };
}

function withLists(values: FrontMatter['values']): FrontMatter['values'] {
  return new Map(Array.from(values, ([key, value]) => [key, LIST_KEYS.has(key) && typeof value === 'string' ? value.split(',') : value]));
}
