import type { IssueKey } from '../issue/issue.ts';
import { NO_FIELDS } from '../issue/issueFields.ts';
import { parseIssueId } from '../issue/issueFileName.ts';
import { outlineOf } from '../markdown/issueMarkdown.ts';
import { issueTitle } from '../markdown/issueTitle.ts';
import { COMPLETE_FOLDER, idOfKey, keysOfId, stateOfKey } from './numberedLayout.ts';
import type { StoreFormat } from './storeFormat.ts';

/** Where a workspace may have its store, in order of search. A new store is created in the first. */
export const STORE_FOLDERS = ['issues', '.swissarmyhammer/issues', '.sah/issues'] as const;

/** Our own format, which SwissArmyHammer made: `issues/000012_fix-login.md`, completed issues in `issues/complete/`. */
export const NUMBERED_FORMAT: StoreFormat<undefined> = {
  id: 'numbered',
  label: 'Issues',
  version: 1,
  async detect(folder) {
    const listed = await Promise.all(
      STORE_FOLDERS.map(async (path) => {
        const entries = [...(await folder.list(path)), ...(await folder.list(`${path}/${COMPLETE_FOLDER}`))];
        return entries.some(({ name, kind }) => kind === 'file' && name.endsWith('.md')) ? [{ folder: path }] : [];
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
    const { title, progress, hasConflict } = outlineOf(text);
    return { ...name, title: issueTitle(name.id, title), fields: NO_FIELDS, progress, hasConflict };
  },
  describeName(path) {
    const name = numberAndId(path);
    return { ...name, title: issueTitle(name.id, undefined) };
  },
  stateOf: ({ key }) => stateOfKey(key),
  labelOf: ({ number }) => (number === undefined ? undefined : `#${number}`),
  keysOfId,
  foldId: (ref) => ref,
  writes: { create: true, complete: true, reopen: true, rename: true, delete: true, fields: [] },
};

function numberAndId(path: string): { readonly id: string; readonly number?: number } {
  const { id, number } = parseIssueId(idOfKey(path.slice(0, -'.md'.length) as IssueKey));
  return number === undefined ? { id } : { id, number };
}
