import { issueIdOfFile } from '../issue/issueFileName.ts';
import { nameOf, stemOf } from '../issue/relativePath.ts';
import { bodyStart } from '../markdown/frontMatter.ts';
import { asTitle } from '../markdown/issueTitle.ts';
import { withLineFeeds } from '../markdown/lineFeeds.ts';
import { textOf } from './fieldValues.ts';
import { type FieldKeys, readFrontMatterIssue } from './frontMatterIssue.ts';
import { stateOfStatus } from './issueText.ts';
import { type Description, ONLY_TICKS, type StoreFormat } from './storeFormat.ts';

const PARENT = '.devtool';
const FEATURES = 'features';
/** Done features lie in `done`. The others are the folders of older versions, which newer ones empty. What is in `archived` is not on the board. */
const FOLDERS = ['', 'done', 'backlog', 'todo', 'in-progress', 'review'];

const KEYS: FieldKeys = {
  status: ['status'],
  priority: ['priority'],
  labels: ['labels'],
  assignees: ['assignee'],
  milestone: ['epic'],
  created: ['created'],
  updated: ['modified'],
  due: ['dueDate'],
  order: ['order'],
};

/** The files of the extension Kanban Markdown. Its columns are settings of the editor, so that any status will do. */
export const KANBAN_MARKDOWN_FORMAT: StoreFormat<undefined> = {
  id: 'kanban-markdown',
  label: 'Kanban Markdown',
  version: 1,
  detect: async (folder) => {
    const entries = await folder.list(PARENT);
    const isStore = entries.some(({ name, kind }) => name === FEATURES && kind === 'folder');
    return isStore ? [{ folder: `${PARENT}/${FEATURES}` }] : [];
  },
  readConfig: () => ({ config: undefined }),
  folders: () => FOLDERS.map((path) => ({ path, depth: 0 })),
  isIssueFile: (path) => issueIdOfFile(nameOf(path)) !== undefined,
  describe: (path, text) => {
    const { frontMatter, outline, read } = readFrontMatterIssue(text, KEYS);
    if (frontMatter.kind !== 'yaml') {
      return undefined;
    }
    const name = describedName(path);
    return { id: textOf(frontMatter.values.get('id')) ?? name.id, title: headingOf(text) ?? outline.title ?? name.title, ...read };
  },
  describeName: describedName,
  // The folder does not count: the tool moves a file to where its status wants it.
  stateOf: ({ fields }) => stateOfStatus(fields),
  labelOf: () => undefined,
  foldId: (ref) => ref.trim().toLowerCase(),
  writes: ONLY_TICKS,
};

/** The first heading of level 1 as it is written, which the tool takes for the title. */
function headingOf(content: string): string | undefined {
  const text = withLineFeeds(content);
  return asTitle(/^#[ \t]+(.+)$/m.exec(text.slice(bodyStart(text)))?.[1] ?? '');
}

function describedName(path: string): Pick<Description, 'id' | 'title'> {
  const id = stemOf(path);
  return { id, title: id };
}
