import { parseIssueId } from '../issue/issueFileName.ts';
import { stateOfWord } from '../issue/issueState.ts';
import { stemOf } from '../issue/relativePath.ts';
import { issueTitle } from '../markdown/issueTitle.ts';
import { type FieldKeys, readFrontMatterIssue } from './frontMatterIssue.ts';
import { COMPLETE_FOLDER, keysOfId, stateOfKey } from './numberedLayout.ts';
import type { FolderEntry, StoreFormat } from './storeFormat.ts';

/** Where a workspace may have its store, in order of search. A new store is created in the first. */
export const STORE_FOLDERS = ['issues', '.swissarmyhammer/issues', '.sah/issues'] as const;

/** Front matter is optional, and what it says of other things is kept and not shown. */
const KEYS: FieldKeys = {
  status: ['status'],
  priority: ['priority'],
  labels: ['labels'],
  assignees: ['assignees', 'assignee'],
  parent: ['parent'],
  dependencies: ['dependencies'],
};

/** A series with its number, as in `SHELL_MCP_000271_x` and `MEMORANDA_189_x`. */
const SERIES = /^(\p{L}[\p{L}\d]*(?:_\p{L}[\p{L}\d]*)*)_(\d{3,})(?:_|$)/u;

/** Our own format, which SwissArmyHammer made: `issues/000012_fix-login.md`, completed issues in `issues/complete/`. */
export const NUMBERED_FORMAT: StoreFormat<undefined> = {
  id: 'numbered',
  label: 'Issues',
  version: 1,
  async detect(folder) {
    const listed = await Promise.all(
      STORE_FOLDERS.map(async (path) => {
        const isIssue = ({ name, kind }: FolderEntry) => kind === 'file' && name.endsWith('.md');
        return (await folder.holds(path, isIssue)) || (await folder.holds(`${path}/${COMPLETE_FOLDER}`, isIssue)) ? [{ folder: path }] : [];
      }),
    );
    return listed.flat();
  },
  readConfig: () => ({ config: undefined }),
  folders: () => [
    { path: '', depth: 0 },
    { path: COMPLETE_FOLDER, depth: 0 },
  ],
  isIssueFile: () => true,
  describe(path, text) {
    const name = numberAndId(path);
    const { outline, read } = readFrontMatterIssue(text, KEYS);
    return { ...name, title: issueTitle(name.id, outline.title), ...read };
  },
  describeName(path) {
    const name = numberAndId(path);
    return { ...name, title: issueTitle(name.id, undefined) };
  },
  stateOf({ key, fields: { status } }) {
    const byPlace = stateOfKey(key);
    const byWord = status === undefined ? undefined : stateOfWord(status);
    // The folder decides whether an issue is completed; the word tells only more of it.
    const isMoreExact = byPlace === 'done' ? byWord === 'dropped' : byWord === 'active' || byWord === 'review';
    return isMoreExact && byWord !== undefined ? byWord : byPlace;
  },
  labelOf({ id, number }) {
    if (number !== undefined) {
      return `#${number}`;
    }
    const [, series, digits] = SERIES.exec(id) ?? [];
    return series === undefined ? undefined : `${series} ${Number(digits)}`;
  },
  seriesOf: ({ id }) => SERIES.exec(id)?.[1],
  keysOfId,
  foldId: (ref) => ref,
  writes: { create: true, complete: true, reopen: true, rename: true, renumber: true, delete: true, tick: true, fields: [] },
};

function numberAndId(path: string): { readonly id: string; readonly number?: number } {
  const { id, number } = parseIssueId(stemOf(path));
  return number === undefined ? { id } : { id, number };
}
