import { lstatSync, mkdirSync, readdirSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { errorCode } from '../../../src/core/storage/disk.ts';
import type { WatchHint } from '../../../src/core/watch/folderWatcher.ts';
import { readRows } from './independent.ts';
import type { OutsideStep } from './steps.ts';

/** Those who change a store behind its back, and what a watcher that misses nothing would say of it. */
export class Outsider {
  readonly #root: string;
  readonly #store: string;
  readonly #newText: () => string;

  constructor(root: string, newText: () => string) {
    this.#root = root;
    this.#store = join(root, 'issues');
    this.#newText = newText;
  }

  /** @returns hints at names that were there for a moment only. */
  do(step: OutsideStep): WatchHint[] {
    this.#waitForTheClock();
    const keys = [...readRows(this.#store).texts.keys()];
    const key = keys[step.nth % keys.length];
    if (step.what === 'writeNew') {
      this.#write(join(this.#store, `${step.completed ? 'complete/' : ''}00000${step.nth % 4}_${step.name}.md`));
      return [];
    }
    if (step.what === 'swapFolder' || step.what === 'removeFolder' || step.what === 'remakeFolder') {
      this.#changeFolder(step.what, step.completed ? join(this.#store, 'complete') : this.#store);
      return ['everything'];
    }
    return key === undefined ? [] : this.#changeFile(step, join(this.#store, `${key}.md`), key);
  }

  /** As {@link do}, while the store is writing: what it takes away or puts there at that moment makes the change fail. */
  tryTo(step: OutsideStep): WatchHint[] {
    try {
      return this.do(step);
    } catch (error) {
      const code = errorCode(error);
      if (code === 'ENOENT' || code === 'ENOTEMPTY') {
        return [];
      }
      throw error;
    }
  }

  #write(path: string): void {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, this.#newText());
  }

  #changeFile({ what, name }: OutsideStep, path: string, key: string): WatchHint[] {
    const stat = lstatSync(path);
    switch (what) {
      case 'write':
        this.#write(path);
        break;
      case 'writeUnseen':
        // All texts are of one length: with the old time, neither size nor modification time tells.
        this.#write(path);
        utimesSync(path, stat.atimeMs / 1000, stat.mtimeMs / 1000);
        break;
      case 'atomicSave': {
        const temporary = `${path}.swp`;
        writeFileSync(temporary, this.#newText());
        renameSync(temporary, path);
        return [{ completed: key.startsWith('complete/'), name: basename(temporary) }];
      }
      case 'touch':
        utimesSync(path, 1000, 1000);
        break;
      case 'rename':
        renameSync(path, join(dirname(path), `${basename(path).slice(0, 6)}_${name}.md`));
        break;
      case 'otherFolder': {
        const target = join(this.#store, key.startsWith('complete/') ? '' : 'complete', basename(path));
        mkdirSync(dirname(target), { recursive: true });
        renameSync(path, target);
        break;
      }
      default:
        rmSync(path);
    }
    return [];
  }

  #changeFolder(what: 'swapFolder' | 'removeFolder' | 'remakeFolder', folder: string): void {
    const aside = join(this.#root, 'aside');
    const prepared = join(this.#root, 'prepared');
    for (const left of [aside, prepared]) {
      rmSync(left, { recursive: true, force: true });
    }
    mkdirSync(dirname(folder), { recursive: true });
    if (what === 'swapFolder') {
      // Some names of before, with other texts.
      const names = readdirSync(folderIfThere(folder) ?? this.#root).filter((name) => name.endsWith('.md'));
      for (const name of ['000007_new.md', ...names.slice(1)]) {
        this.#write(join(prepared, name));
      }
      if (folderIfThere(folder) !== undefined) {
        renameSync(folder, aside);
      }
      renameSync(prepared, folder);
    } else {
      rmSync(folder, { recursive: true, force: true, maxRetries: 3, retryDelay: 1 });
      if (what === 'remakeFolder') {
        this.#write(join(folder, '000008_remade.md'));
      }
    }
    rmSync(aside, { recursive: true, force: true });
  }

  /** What comes within one tick of the file system's clock cannot be told apart by anyone, so edits keep a tick between them. */
  #waitForTheClock(): void {
    const probe = join(this.#root, 'probe');
    const tick = () => {
      writeFileSync(probe, '');
      return statSync(probe).ctimeMs;
    };
    const first = tick();
    while (tick() === first) {
      // Four milliseconds at most on the systems there are.
    }
  }
}

function folderIfThere(folder: string): string | undefined {
  return statSync(folder, { throwIfNoEntry: false }) && folder;
}

/** Every name of both folders with all that tells one state from another. */
export function photograph(store: string): Map<string, string> {
  const seen = new Map<string, string>();
  for (const folder of ['', 'complete']) {
    const stat = lstatSync(join(store, folder), { throwIfNoEntry: false });
    seen.set(`${folder}/`, stat === undefined ? '' : `${stat.ino} ${stat.birthtimeMs}`);
    for (const name of stat === undefined ? [] : readdirSync(join(store, folder))) {
      const { ino, size, mtimeMs, ctimeMs } = lstatSync(join(store, folder, name));
      seen.set(`${folder}/${name}`, name === 'complete' ? '' : `${ino} ${size} ${mtimeMs} ${ctimeMs}`);
    }
  }
  return seen;
}

/** Hints at what differs between two photographs. */
export function hintsBetween(before: Map<string, string>, after: Map<string, string>): WatchHint[] {
  const names = [...new Set([...before.keys(), ...after.keys()])].filter((name) => before.get(name) !== after.get(name));
  if (names.some((name) => name.endsWith('/'))) {
    return ['everything'];
  }
  return names.map((path) => {
    const [folder, name = ''] = path.split('/');
    return { completed: folder === 'complete', name };
  });
}
