import { issueIdOfFile } from '../issue/issueFileName.ts';
import { stateOfWord } from '../issue/issueState.ts';
import { joined, nameOf, stemOf } from '../issue/relativePath.ts';
import { readFrontMatter } from '../markdown/frontMatter.ts';
import { outlineOf } from '../markdown/issueMarkdown.ts';
import { asTitle } from '../markdown/issueTitle.ts';
import { withLineFeeds } from '../markdown/lineFeeds.ts';
import { fieldsOf, textOf } from './fieldValues.ts';
import { firstHeading } from './firstHeading.ts';
import { type LineLabel, readLabelledLines } from './labelledLines.ts';
import { type FolderProbe, ONLY_TICKS, type StoreFormat } from './storeFormat.ts';

/*
 * Local markdown: issues that agents write below `.scratch` because a skill tells them to, in prose. No program reads them, so all of it varies.
 */

const STORE = '.scratch';
const ISSUES = 'issues';
/** How deep issues lie at most, as in `archive/2026-08/timer/issues/done`, with one to spare. */
const DEPTH = 6;
/** How much is looked at to find out whether there are any issues. */
const [MAX_FOLDERS, MAX_FILES] = [200, 20];
/** Folders whose issues are done unless they say otherwise. */
const DONE_SHELVES = new Set(['done', 'closed', 'completed', 'archive', 'archived']);
/** Folders that are no feature. */
const SHELVES = new Set([...DONE_SHELVES, ISSUES, 'open', STORE, '.', '..']);

/** A name that begins with a number. A day is none: notes have it. */
const NUMBERED = /^(?!\d{4}-\d{2}-\d{2})\d{1,4}[-_ ]/;
/** A number with what it can have around it: `E9`, `07`, `13-02`. Groups: letters, number, number below it. */
const NUMBER = /^(?!\d{4}-\d{2}-\d{2})([A-Z]{0,2})(\d{1,4})(?:-(\d{2}))?(?![^-_ ])/;
/** A number at the beginning of a heading, and what sets it off. */
const HEADING_NUMBER = /^#?(\d+(?:-\d+)*)\s*(?:[—–:：)]\s*|[.-]\s+|$)/;
/** What sets the word of a status off from the remark behind it. */
const REMARK = /\s+[-—–]+\s|[—(（,，;；:：.。]/;

export const SCRATCH_FORMAT: StoreFormat<undefined> = {
  id: 'scratch',
  label: 'Local Markdown',
  version: 1,
  detect: async (folder) => ((await holdsIssues(folder)) ? [{ folder: STORE }] : []),
  readConfig: () => ({ config: undefined }),
  folders: () => [{ path: '', depth: DEPTH }],
  isIssueFile,
  describe: (path, content) => {
    const text = withLineFeeds(content);
    const { labels, blockers, firstLine } = readLabelledLines(text);
    if (!labels.has('status') && !isInIssues(path)) {
      return undefined;
    }
    const { progress, hasConflict } = outlineOf(text);
    const valuesOf = (label: LineLabel) => labels.get(label)?.flatMap((value) => asTitle(value) ?? []);
    const fields = fieldsOf({
      status: valuesOf('status')?.[0],
      priority: valuesOf('priority')?.[0],
      labels: valuesOf('label'),
      assignees: valuesOf('assignee'),
      type: valuesOf('type')?.[0],
      dependencies: blockers,
    });
    const title = titleIn(text, stemOf(path)) ?? firstLine ?? nameWithoutNumber(path);
    return { ...idOf(path), title, fields, progress, hasConflict };
  },
  describeName: (path) => ({ ...idOf(path), title: nameWithoutNumber(path) }),
  stateOf: ({ key, fields: { status } }) => {
    if (status === undefined) {
      return foldersOf(key).some((folder) => DONE_SHELVES.has(folder)) ? 'done' : 'open';
    }
    return /^[✅☑✔]/u.test(status) ? 'done' : (stateOfWord(wordOf(status)) ?? 'open');
  },
  labelOf: ({ id }) => {
    const { feature, stem } = placeOf(id);
    const [number, letters] = NUMBER.exec(stem) ?? [];
    return number === undefined || letters !== '' ? undefined : inFeature(feature, number);
  },
  seriesOf: ({ id }) => placeOf(id).feature,
  foldId: (ref, from) => {
    const { feature = from === undefined ? undefined : placeOf(from).feature, stem } = placeOf(ref.trim().replace(/^#/, ''));
    const [, letters, number, part] = NUMBER.exec(stem) ?? [];
    const folded = number === undefined ? stem : `${letters}${Number(number)}${part === undefined ? '' : `-${Number(part)}`}`;
    return inFeature(feature, folded).toLowerCase();
  },
  writes: ONLY_TICKS,
};

/** Whether `.scratch`, where people keep all kinds of things, has issues. */
async function holdsIssues(folder: FolderProbe): Promise<boolean> {
  const folders = [STORE];
  const numbered: string[] = [];
  // Grows while it is walked, level by level.
  for (const path of folders) {
    for (const { name, kind } of await folder.list(path)) {
      if (kind === 'folder' && name === ISSUES) {
        return true;
      }
      const inner = joined(path, name);
      if (kind === 'folder' && !name.startsWith('.') && folders.length < MAX_FOLDERS && inner.split('/').length <= DEPTH + 1) {
        folders.push(inner);
      } else if (kind === 'file' && isIssueFile(inner) && numbered.length < MAX_FILES) {
        numbered.push(inner);
      }
    }
  }
  for (const path of numbered) {
    const text = await folder.read(path);
    if (text !== undefined && readLabelledLines(withLineFeeds(text)).labels.has('status')) {
      return true;
    }
  }
  return false;
}

/** Of those that only have a number, the text decides. */
function isIssueFile(path: string): boolean {
  const id = issueIdOfFile(nameOf(path));
  return id !== undefined && !/^readme$/i.test(id) && (isInIssues(path) || NUMBERED.test(id));
}

function isInIssues(path: string): boolean {
  return foldersOf(path).includes(ISSUES);
}

function foldersOf(path: string): readonly string[] {
  return path.split('/').slice(0, -1);
}

/** Where the path of an issue, its id, or a reference to it leads. */
function placeOf(path: string): { readonly feature: string | undefined; readonly stem: string } {
  return { feature: foldersOf(path).findLast((folder) => !SHELVES.has(folder)), stem: stemOf(path) };
}

/** Numbers begin anew in each feature. */
function inFeature(feature: string | undefined, stem: string): string {
  return feature === undefined ? stem : `${feature}/${stem}`;
}

function idOf(path: string): { id: string; number?: number } {
  const { feature, stem } = placeOf(path);
  const id = inFeature(feature, stem);
  const [, letters, number] = NUMBER.exec(stem) ?? [];
  return number === undefined || letters !== '' ? { id } : { id, number: Number(number) };
}

function titleIn(text: string, stem: string): string | undefined {
  const given = asTitle(textOf(readFrontMatter(text).values.get('title')) ?? '');
  const heading = given ?? firstHeading(text) ?? '';
  const [prefix = '', number = ''] = HEADING_NUMBER.exec(heading) ?? [];
  const own = stem.split(/[-_ ]/).map(Number);
  const isOwn = number.split('-').every((part, index) => Number(part) === own[index]);
  return (isOwn ? heading.slice(prefix.length) : heading) || undefined;
}

function nameWithoutNumber(path: string): string {
  const stem = stemOf(path);
  return stem.replace(NUMBER, '').replace(/^[-_ ]+/, '') || stem;
}

/** The word of a status without signs around it and without the remark that often stands behind it. */
function wordOf(status: string): string {
  const [word = ''] = status.split(REMARK, 1);
  return word.replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, '');
}
