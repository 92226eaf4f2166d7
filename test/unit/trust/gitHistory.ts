import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { promisify } from 'node:util';

const run = promisify(execFile);
const QUICK = ['-c', 'core.fsync=none', '-c', 'gc.auto=0', '-c', 'core.autocrlf=false', '-c', 'advice.detachedHead=false'];
/** Nothing of the machine's own settings, hooks among them. */
const ENVIRONMENT = { ...process.env, GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: process.platform === 'win32' ? 'NUL' : '/dev/null' };

/** How many commits the history has. */
export const COMMITS = 300;

/** Numbers that look random and are the same in every run. */
export function numbersFrom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** What the files of a store are called, and say, in a history. Paths begin in the repository. */
export interface HistoryStyle {
  created(number: number): string;
  /** Where a file goes when its issue is completed or reopened. */
  moved(path: string): string;
  renamed(path: string, commit: number): string;
  /** Of one length, so that the size tells nothing. @param random from 0 to 999 999 */
  text(path: string, commit: number, random: number): string;
  /** The configuration of a store, by path. */
  config(commit: number): readonly (readonly [path: string, text: string])[];
}

const digits = (number: number, count: number) => String(number).padStart(count, '0');

export const NUMBERED_HISTORY: HistoryStyle = {
  created: (number) => `issues/${digits(number, 6)}_issue.md`,
  moved: (path) => (path.startsWith('issues/complete/') ? path.replace('complete/', '') : path.replace('issues/', 'issues/complete/')),
  renamed: (path, commit) => path.replace(/_.*/, `_renamed-${commit}.md`),
  text: (path, commit, random) => `${path.slice(-12)} ${digits(commit, 4)} ${digits(random, 6)}\n\n- [ ] do it\n`,
  config: () => [],
};

/** The order of the statuses changes in the middle. */
export const BACKLOG_HISTORY: HistoryStyle = {
  created: (number) => `backlog/tasks/task-${number} - issue.md`,
  moved: (path) => (path.includes('/completed/') ? path.replace('/completed/', '/tasks/') : path.replace('/tasks/', '/completed/')),
  renamed: (path, commit) => path.replace(/ - .*/, ` - renamed-${commit}.md`),
  text: (path, commit, random) => {
    const [id] = /task-\d+/.exec(path) ?? [];
    return `---\nid: ${id?.toUpperCase()}\ntitle: ${digits(commit, 4)} ${digits(random, 6)}\nstatus: ${['Queue', 'Doing', 'Ready'][random % 3]}\n---\n`;
  },
  config: (commit) => [['backlog/config.yml', `statuses: [${commit < 150 ? 'Queue, Doing, Ready' : 'Ready, Doing, Queue'}]\n`]],
};

/** One feature after another has its folder. */
export const SCRATCH_HISTORY: HistoryStyle = {
  created: (number) => `.scratch/feature-${Math.floor(number / 20)}/issues/${digits(number, 4)}-issue.md`,
  moved: (path) => path.replace(/feature-(\d+)/, (_, feature: string) => `feature-${(Number(feature) + 1) % 50}`),
  renamed: (path, commit) => path.replace(/(\d{4})-.*/, `$1-renamed-${commit}.md`),
  text: (_, commit, random) => `# ${digits(commit, 4)} ${digits(random, 6)}\n\nStatus: ${['ready', 'doing', 'fixed'][random % 3]}\n`,
  config: () => [],
};

/** The files of a store as they go through {@link COMMITS} commits. */
class Story {
  readonly #style: HistoryStyle;
  readonly #random = numbersFrom(7);
  readonly files = new Map<string, string>();
  #next = 1;

  constructor(style: HistoryStyle) {
    this.#style = style;
  }

  /** Commits in which there is no store: the first ones, and two stretches later. */
  isWithoutStore(commit: number): boolean {
    return commit < 8 || (commit >= 120 && commit < 124) || commit === 222;
  }

  advance(commit: number): void {
    if (this.isWithoutStore(commit)) {
      if (this.#random(2) === 0) {
        this.files.clear();
      }
      return;
    }
    const changes = commit % 40 === 0 ? 300 : 1 + this.#random(6);
    for (let change = 0; change < changes; change++) {
      this.#change(commit);
    }
    // One text for all, as after a change of format.
    for (const path of commit % 50 === 25 ? this.files.keys() : []) {
      this.files.set(path, this.#text(path, commit));
    }
  }

  #change(commit: number): void {
    const kind = this.#random(10);
    const paths = [...this.files.keys()];
    const path = paths[this.#random(paths.length)];
    if (path === undefined || kind < 3) {
      const created = this.#style.created(this.#next++);
      this.files.set(created, this.#text(created, commit));
      return;
    }
    const text = this.files.get(path) ?? '';
    if (kind < 6) {
      this.files.set(path, this.#text(path, commit));
      return;
    }
    this.files.delete(path);
    if (kind < 8) {
      this.files.set(this.#style.moved(path), text);
    } else if (kind === 8) {
      this.files.set(this.#style.renamed(path, commit), text);
    }
  }

  #text(path: string, commit: number): string {
    return this.#style.text(path, commit, this.#random(1e6));
  }
}

function* importStream(style: HistoryStyle): Generator<string> {
  const story = new Story(style);
  const data = (text: string) => `data ${Buffer.byteLength(text)}\n${text}\n`;
  for (let commit = 0; commit < COMMITS; commit++) {
    const who = `A Person <person@example.org> ${1_700_000_000 + commit * 60} +0000`;
    story.advance(commit);
    const store = story.isWithoutStore(commit) ? [] : [...style.config(commit), ...story.files];
    const files = new Map([['code.txt', `${commit}\n`], ...store]);
    yield `commit refs/heads/main\nauthor ${who}\ncommitter ${who}\n${data(`commit ${commit}`)}deleteall\n`;
    for (const [path, text] of files) {
      yield `M 100644 inline ${JSON.stringify(path)}\n${data(text)}`;
    }
  }
  yield 'done\n';
}

/** A repository whose history is that of a store. */
export class GitHistory {
  readonly #root: string;
  #commits: readonly string[] = [];

  constructor(root: string) {
    this.#root = root;
  }

  async make(style: HistoryStyle): Promise<void> {
    await this.#git('init', '--quiet', '--initial-branch=main');
    const importing = spawn('git', [...QUICK, 'fast-import', '--quiet', '--done'], {
      cwd: this.#root,
      env: ENVIRONMENT,
      stdio: ['pipe', 'inherit', 'inherit'],
    });
    const ended = once(importing, 'close');
    importing.stdin.end([...importStream(style)].join(''));
    const [code] = await ended;
    if (code !== 0) {
      throw new Error(`git fast-import ended with ${code}`);
    }
    this.#commits = (await this.#git('rev-list', '--reverse', 'main')).trim().split('\n');
  }

  get size(): number {
    return this.#commits.length;
  }

  async checkOut(commit: number): Promise<void> {
    await this.#git('checkout', '--quiet', '--force', '--detach', this.#commits[commit] ?? 'main');
  }

  async #git(...args: readonly string[]): Promise<string> {
    return (await run('git', [...QUICK, ...args], { cwd: this.#root, env: ENVIRONMENT })).stdout;
  }
}
