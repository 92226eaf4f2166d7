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

/** The files of a store as they go through {@link COMMITS} commits. */
class Story {
  readonly #random = numbersFrom(7);
  readonly files = new Map<string, string>();
  #next = 1;

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
      const created = `issues/${String(this.#next++).padStart(6, '0')}_issue.md`;
      this.files.set(created, this.#text(created, commit));
      return;
    }
    const text = this.files.get(path) ?? '';
    if (kind < 6) {
      this.files.set(path, this.#text(path, commit));
      return;
    }
    this.files.delete(path);
    const isCompleted = path.startsWith('issues/complete/');
    if (kind < 8) {
      this.files.set(isCompleted ? path.replace('complete/', '') : path.replace('issues/', 'issues/complete/'), text);
    } else if (kind === 8) {
      this.files.set(path.replace(/_.*/, `_renamed-${commit}.md`), text);
    }
  }

  /** Of one length, so that the size tells nothing. */
  #text(path: string, commit: number): string {
    return `${path.slice(-12)} ${String(commit).padStart(4, '0')} ${String(this.#random(1e6)).padStart(6, '0')}\n\n- [ ] do it\n`;
  }
}

function* importStream(): Generator<string> {
  const story = new Story();
  const data = (text: string) => `data ${Buffer.byteLength(text)}\n${text}\n`;
  for (let commit = 0; commit < COMMITS; commit++) {
    const who = `A Person <person@example.org> ${1_700_000_000 + commit * 60} +0000`;
    story.advance(commit);
    const files = new Map([['code.txt', `${commit}\n`], ...(story.isWithoutStore(commit) ? [] : story.files)]);
    yield `commit refs/heads/main\nauthor ${who}\ncommitter ${who}\n${data(`commit ${commit}`)}deleteall\n`;
    for (const [path, text] of files) {
      yield `M 100644 inline ${path}\n${data(text)}`;
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

  async make(): Promise<void> {
    await this.#git('init', '--quiet', '--initial-branch=main');
    const importing = spawn('git', [...QUICK, 'fast-import', '--quiet', '--done'], {
      cwd: this.#root,
      env: ENVIRONMENT,
      stdio: ['pipe', 'inherit', 'inherit'],
    });
    const ended = once(importing, 'close');
    importing.stdin.end([...importStream()].join(''));
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
