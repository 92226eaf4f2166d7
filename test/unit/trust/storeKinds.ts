/** What files of each kind of store mean, written down a second time for the simple files of these tests, and how they are named there. */
import { existsSync, lstatSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { IssueState } from '../../../src/core/issue/issueState.ts';
import type { IssueStoreOptions } from '../../../src/core/store/storeOptions.ts';
import { BACKLOG, SCRATCH } from '../support/otherFormats.ts';
import type { OutsideStep } from './steps.ts';

export interface StoreKind {
  readonly title: string;
  readonly options: Pick<IssueStoreOptions, 'format' | 'place'>;
  /** Where the store may be in the workspace folder, best first. */
  readonly places: readonly string[];
  /** Paths in the store at the start. */
  readonly start: readonly string[];
  /** The path of the configuration in the store, and what it can say; undefined for none at all. */
  readonly config?: { readonly path: string; readonly texts: readonly (string | undefined)[] };
  /** The text of an issue. All are of one length, and their titles are as {@link titleOf} says. */
  text(count: number): string;
  /** The folders that hold issues, as far as they are there and no links, relative to the store. */
  folders(store: string): readonly string[];
  /** What a file means; undefined if it is no issue. @param path in the store @param text undefined if the file is too large to be read */
  meaning(path: string, text: string | undefined, store: string): Meaning | undefined;
  newPath(step: OutsideStep): string;
  /** The name of a file that nobody else has. */
  newName(number: number, word: string): string;
  renamed(name: string, word: string): string;
  /** The folder into which a file is moved. */
  otherFolder(folder: string): string;
  /** The folder that a step changes as a whole. */
  changedFolder(step: OutsideStep): string;
}

export interface Meaning {
  readonly id: string;
  readonly number: number | undefined;
  readonly title: string;
  readonly state: IssueState;
}

const padded = (count: number) => String(count).padStart(5, '0');
const titleOf = (count: number) => `text ${padded(count)}`;

/** The title of a text of these tests: a file made longer than that has zeros after it. */
export function firstLine(text: string): string {
  return text.split(/[\n\0]/, 1)[0] ?? '';
}

const stemOf = (path: string) => path.slice(path.lastIndexOf('/') + 1, -'.md'.length);

/** Follows a link to the store, but no other. */
function isThere(store: string, folder: string): boolean {
  const parts = folder === '' ? [] : folder.split('/');
  const isFolder = (path: string) => lstatSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
  const isStore = statSync(store, { throwIfNoEntry: false })?.isDirectory() === true;
  return isStore && parts.every((_, index) => isFolder(join(store, ...parts.slice(0, index + 1))));
}

export const NUMBERED_KIND: StoreKind = {
  title: 'of our own format',
  options: {},
  places: ['issues', '.swissarmyhammer/issues'],
  start: ['000001_a.md', '000002_b.md', '000002_c.md', 'plain.md', 'complete/000003_a.md', 'complete/000001_a.md'],
  text: titleOf,
  folders: (store) => ['', 'complete'].filter((folder) => isThere(store, folder)),
  meaning(path, text) {
    const id = stemOf(path);
    const digits = /^(\d{6})(?:_|$)/.exec(id)?.[1];
    const title = text === undefined ? id.replace(/^\d{6}_/, '') : firstLine(text);
    return { id, number: digits === undefined ? undefined : Number(digits), title, state: path.startsWith('complete/') ? 'done' : 'open' };
  },
  newPath: ({ completed, nth, name }) => `${completed ? 'complete/' : ''}00000${nth % 4}_${name}.md`,
  newName: (number, word) => `00000${number}_${word}.md`,
  renamed: (name, word) => `${name.slice(0, 6)}_${word}.md`,
  otherFolder: (folder) => (folder === '' ? 'complete' : ''),
  changedFolder: ({ completed }) => (completed ? 'complete' : ''),
};

/** Of one length, because all texts are; the second one is known to mean that somebody is at work. */
const WORDS = ['Queue', 'Doing', 'Ready'];
const ARCHIVE = 'archive/tasks';

const BACKLOG_KIND: StoreKind = {
  title: 'of Backlog.md',
  options: BACKLOG,
  places: ['backlog'],
  start: ['tasks/task-1 - a.md', 'tasks/task-2 - b.md', 'tasks/task-3 - c.md', 'completed/task-4 - a.md', `${ARCHIVE}/task-1 - b.md`],
  config: {
    path: 'config.yml',
    texts: [
      `statuses: [${WORDS.join(', ')}]\n`,
      `statuses: [${WORDS.toReversed().join(', ')}]\n`,
      'statuses: [Queue, Ready, Doing]\n',
      undefined,
    ],
  },
  text: (count) => `---\nid: TASK-${(count % 4) + 1}\ntitle: ${titleOf(count)}\nstatus: ${WORDS[count % 3]}\n---\n`,
  folders: (store) => ['tasks', 'completed', ARCHIVE].filter((folder) => isThere(store, folder)),
  meaning(path, text, store) {
    if (!stemOf(path).startsWith('task-')) {
      return undefined;
    }
    const [name = '', word = ''] = stemOf(path).split(' - ');
    const id = /^id: (.*)$/m.exec(text ?? '')?.[1] ?? name.toUpperCase();
    const state = stateInFolder(path, stateOfStatus(/^status: (.*)$/m.exec(text ?? '')?.[1], store));
    return { id, number: Number(id.slice('TASK-'.length)), title: /^title: (.*)$/m.exec(text ?? '')?.[1] ?? word, state };
  },
  newPath: ({ completed, nth, name }) => `${completed ? 'completed' : 'tasks'}/task-${(nth % 4) + 1} - ${name}.md`,
  newName: (number, word) => `task-${number} - ${word}.md`,
  renamed: (name, word) => `${name.split(' - ')[0]} - ${word}.md`,
  otherFolder: (folder) => (folder === 'tasks' ? 'completed' : 'tasks'),
  changedFolder: ({ completed, nth }) => (completed ? ['completed', ARCHIVE, 'archive'] : ['tasks', '', 'tasks'])[nth % 3] ?? '',
};

function stateOfStatus(status: string | undefined, store: string): IssueState {
  const config = join(store, 'config.yml');
  const text = existsSync(config) ? readFileSync(config, 'utf8') : 'statuses: [To Do, In Progress, Done]';
  const statuses = /^statuses: \[(.*)\]/m.exec(text)?.[1]?.split(', ') ?? [];
  const place = statuses.indexOf(status ?? '');
  if (place === statuses.length - 1) {
    return 'done';
  }
  return status === 'Doing' && place !== 0 ? 'active' : place === 1 ? 'active' : 'open';
}

function stateInFolder(path: string, state: IssueState): IssueState {
  if (path.startsWith('completed/')) {
    return 'done';
  }
  return path.startsWith('archive/') && state !== 'done' ? 'dropped' : state;
}

const SCRATCH_STATES: Readonly<Record<string, IssueState>> = { ready: 'open', doing: 'active', fixed: 'done' };

const SCRATCH_KIND: StoreKind = {
  title: 'of local markdown',
  options: SCRATCH,
  places: ['.scratch'],
  start: ['01-a.md', 'timer/issues/01-a.md', 'timer/issues/02-b.md', 'alarm/issues/01-c.md', 'alarm/03-d.md'],
  // Some have no status, and are issues only in folders of that name.
  text(count) {
    const word = Object.keys(SCRATCH_STATES)[count % 3];
    return `# ${titleOf(count)}\n\n${count % 5 === 0 ? 'Remark' : 'Status'}: ${word}\n`;
  },
  folders: (store) => (isThere(store, '') ? foldersBelow(store, '') : []),
  meaning(path, text) {
    const [parts, status] = [path.split('/').slice(0, -1), /^Status: (.*)$/m.exec(text ?? '')?.[1]];
    if (text !== undefined && status === undefined && !parts.includes('issues')) {
      return undefined;
    }
    const stem = stemOf(path);
    const feature = parts.filter((part) => part !== 'issues').at(-1);
    const title = text === undefined ? stem.slice(stem.indexOf('-') + 1) : firstLine(text).slice(2);
    return {
      id: [...(feature ? [feature] : []), stem].join('/'),
      number: Number.parseInt(stem, 10),
      title,
      state: SCRATCH_STATES[status ?? ''] ?? 'open',
    };
  },
  newPath: ({ completed, nth, name }) =>
    `${completed ? ['alarm/issues/', 'clock/issues/'][nth % 2] : ['', 'timer/issues/'][nth % 2]}0${nth % 4}-${name}.md`,
  newName: (number, word) => `0${number}-${word}.md`,
  renamed: (name, word) => `${name.slice(0, 2)}-${word}.md`,
  otherFolder: (folder) => (folder === 'timer/issues' ? 'deep/down/issues' : 'timer/issues'),
  changedFolder: ({ completed, nth }) => (completed ? ['timer', 'alarm/issues', 'alarm'] : ['timer/issues', '', 'timer'])[nth % 3] ?? '',
};

function foldersBelow(store: string, folder: string): string[] {
  const below = readdirSync(join(store, folder), { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return [folder, ...below.flatMap(({ name }) => foldersBelow(store, folder === '' ? name : `${folder}/${name}`))];
}

export const STORE_KINDS: readonly StoreKind[] = [NUMBERED_KIND, BACKLOG_KIND, SCRATCH_KIND];
