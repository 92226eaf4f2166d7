import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { numbersFrom } from '../plan.ts';
import { sampleText } from '../sampleStore.ts';

/** Another issue tracker on the command line. */
export interface Peer {
  /** Its executable, or the script that Node runs; undefined if it is not installed. */
  find(): { readonly command: string; readonly args: readonly string[] } | undefined;
  /** Makes a store of the peer's own kind with issues 1 to `count` in a new folder. Left out if it lists the very files that we list. */
  makeStore?(folder: string, count: number): void;
  /** Arguments that list every issue. */
  readonly list: readonly string[];
  /** What it writes once for each, to see that it does. */
  readonly listed: RegExp;
  /** What it must find in its environment. */
  environment(folder: string): Readonly<Record<string, string>>;
}

const CREATED_SECONDS = 1_793_523_600;

/** A script of an npm package that was fetched into a folder of its own. */
function npmScript(folder: string, script: string): ReturnType<Peer['find']> {
  const path = join(process.cwd(), 'bench/peers', folder, 'node_modules', script);
  return existsSync(path) ? { command: process.execPath, args: [path] } : undefined;
}

/** The title of a sample issue. */
export const LISTED = /Issue number \d+/g;
const titleOf = (number: number) => `Issue number ${number}`;

export const PEERS = {
  'Backlog.md': {
    find: () => npmScript('backlog', 'backlog.md/cli.js'),
    list: ['task', 'list', '--plain'],
    listed: LISTED,
    environment: () => ({}),
  },
  'task-master': {
    find: () => npmScript('taskMaster', 'task-master-ai/dist/task-master.js'),
    list: ['list', '--format', 'json'],
    listed: /"title": ?"Issue number \d+"/g,
    environment: () => ({}),
    makeStore: (folder, count) => {
      mkdirSync(join(folder, '.taskmaster/tasks'), { recursive: true });
      const tasks = numbersFrom(1, count).map((id) => ({
        ...{ id, title: titleOf(id), description: 'An issue.', details: sampleText(id), testStrategy: '' },
        ...{ status: 'pending', priority: 'medium', dependencies: [], subtasks: [] },
      }));
      writeFileSync(join(folder, '.taskmaster/tasks/tasks.json'), JSON.stringify({ master: { tasks, metadata: {} } }));
      writeFileSync(join(folder, '.taskmaster/config.json'), '{}');
    },
  },
  taskwarrior: {
    find: () => firstExisting('/usr/bin/task', '/usr/local/bin/task'),
    list: ['rc.verbose=nothing', 'list'],
    listed: LISTED,
    environment: (folder) => ({ TASKRC: join(folder, 'taskrc'), TASKDATA: join(folder, 'data') }),
    makeStore: (folder, count) => {
      mkdirSync(join(folder, 'data'), { recursive: true });
      writeFileSync(join(folder, 'taskrc'), 'confirmation=off\n');
      const lines = numbersFrom(1, count).map((number) => {
        const uuid = `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
        return `[description:"${titleOf(number)}" entry:"${CREATED_SECONDS}" status:"pending" uuid:"${uuid}"]\n`;
      });
      writeFileSync(join(folder, 'data/pending.data'), lines.join(''));
    },
  },
} as const satisfies Readonly<Record<string, Peer>>;

function firstExisting(...paths: readonly string[]): ReturnType<Peer['find']> {
  const command = paths.find((path) => existsSync(path));
  return command === undefined ? undefined : { command, args: [] };
}
