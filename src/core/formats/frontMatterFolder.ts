import { issueIdOfFile } from '../issue/issueFileName.ts';
import { nameOf, stemOf } from '../issue/relativePath.ts';
import type { FrontMatter } from '../markdown/frontMatter.ts';
import { asTitle } from '../markdown/issueTitle.ts';
import { textOf, wholeNumberOf } from './fieldValues.ts';
import { type FieldKeys, firstValue, readFrontMatterIssue } from './frontMatterIssue.ts';
import { stateOfStatus } from './issueText.ts';
import { type Description, ONLY_TICKS, type StoreFormat } from './storeFormat.ts';

/** What tools call their fields, folded by {@link foldedKey}. */
const KEYS: FieldKeys = {
  status: ['status', 'state', 'stage', 'lane', 'column'],
  priority: ['priority'],
  labels: ['labels', 'tags'],
  assignees: ['assignees', 'assignee', 'assignedto', 'owner'],
  type: ['type', 'kind'],
  parent: ['parent', 'parentid', 'epic'],
  dependencies: ['dependencies', 'dependson', 'deps', 'blockedby'],
  blocks: ['blocks', 'blocking'],
  milestone: ['milestone'],
  created: ['created', 'createdat', 'createddate'],
  updated: ['updated', 'updatedat', 'updateddate', 'modified'],
  due: ['due', 'duedate'],
  order: ['position', 'order'],
};
const ID_KEYS = ['id', 'uuid', 'key', 'issueid', 'ticket', 'number'];
const TITLE_KEYS = ['title', 'name', 'summary', 'subject'];

/** Texts about a folder or for agents, which lie among issues. */
const NO_ISSUE = /^(?:readme|agents|claude)$/i;
/** A number that a name begins with, alone or behind a prefix, but not the year of a date. */
const NUMBER_OF_NAME = /^(?!\d{4}-\d\d-\d\d)(?:[a-z]+[-_ ])?(\d+)(?![a-z\d])/i;
/** An id that people say, such as `TASK-7s7u2`, and not one that repeats the title or that nobody can remember. */
const SPOKEN_ID = /^[A-Z][A-Z\d]*-[A-Za-z\d.]{1,10}$/;

/**
 * Any folder of markdown files whose fields are front matter. Nothing on disk tells such a folder from documentation, so that only a setting
 * makes a store of it.
 */
export const FRONT_MATTER_FORMAT: StoreFormat<undefined> = {
  id: 'frontMatter',
  label: 'Front Matter',
  version: 1,
  detect: async () => [],
  readConfig: () => ({ config: undefined }),
  folders: () => [{ path: '', depth: Number.POSITIVE_INFINITY }],
  isIssueFile: (path) => {
    const id = issueIdOfFile(nameOf(path));
    return id !== undefined && !NO_ISSUE.test(id);
  },
  describe: (path, text) => {
    const issue = readFrontMatterIssue(text, KEYS, withFoldedKeys);
    const { kind, values } = issue.frontMatter;
    const name = describedName(path);
    const id = firstValue(values, ID_KEYS, textOf) ?? name.id;
    const number = wholeNumberOf(id) ?? name.number;
    const title = asTitle(firstValue(values, TITLE_KEYS, textOf) ?? '') ?? issue.outline.title ?? name.title;
    const unread = kind === 'toml' && { problem: { line: 0, message: 'Fields in TOML front matter are not read.' } };
    return { id, ...(number !== undefined && { number }), title, ...unread, ...issue.read };
  },
  describeName: describedName,
  stateOf: ({ fields }) => stateOfStatus(fields),
  labelOf: ({ id, number }) => {
    if (SPOKEN_ID.test(id)) {
      return id;
    }
    return number === undefined ? undefined : `#${number}`;
  },
  foldId: (ref) =>
    ref
      .trim()
      .toLowerCase()
      .replace(/^#?0*(?=\d+$)|^#/, ''),
  // Many have a folder of epics beside the one with the issues, or name a topic here.
  hasParentsElsewhere: true,
  writes: ONLY_TICKS,
};

function describedName(path: string): Pick<Description, 'id' | 'number' | 'title'> {
  const id = stemOf(path);
  const number = wholeNumberOf(NUMBER_OF_NAME.exec(id)?.[1]);
  return { id, ...(number !== undefined && { number }), title: id };
}

/** Of keys that differ only in case, `-` and `_`, the first that has a value counts. */
function withFoldedKeys(values: FrontMatter['values']): FrontMatter['values'] {
  const folded: [string, NonNullable<ReturnType<typeof values.get>>][] = [];
  for (const [key, value] of values) {
    if (value !== null) {
      folded.unshift([foldedKey(key), value]);
    }
  }
  return new Map(folded);
}

function foldedKey(key: string): string {
  return key.toLowerCase().replace(/[-_]/g, '');
}
