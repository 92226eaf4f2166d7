import {
  lstatSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  symlinkSync,
  truncateSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join, sep } from 'node:path';
import { errorCode } from '../../../src/core/disk/disk.ts';
import type { WatchHint } from '../../../src/core/sync/folderWatcher.ts';
import { READ_LIMIT_BYTES, readRows } from './independent.ts';
import type { OutsideStep } from './steps.ts';
import type { StoreKind } from './storeKinds.ts';

/** More than what is gone through as a whole. */
const LONG_BYTES = 1024 * 1024 + 1;

/** What a watcher would say: where to look in the store, or that something has happened where it might be instead. */
export type Noticed = WatchHint | 'elsewhere';

/** Those who change a store behind its back, and what a watcher that misses nothing would say of it. */
export class Outsider {
  readonly #kind: StoreKind;
  readonly #root: string;
  readonly #places: readonly string[];
  readonly #current: () => string;
  readonly #newText: () => string;
  #links = 0;

  /** @param places where the store may be. @param current where it is. */
  constructor(kind: StoreKind, root: string, places: readonly string[], current: () => string, newText: () => string) {
    this.#kind = kind;
    this.#root = root;
    this.#places = places;
    this.#current = current;
    this.#newText = newText;
  }

  get #store(): string {
    return this.#current();
  }

  /** @returns hints at names that were there for a moment only. */
  do(step: OutsideStep): WatchHint[] {
    this.#waitForTheClock();
    const keys = [...readRows(this.#kind, this.#store).texts.keys()];
    const key = keys[step.nth % keys.length];
    const newName = this.#kind.newPath(step);
    const folder = join(this.#store, this.#kind.changedFolder(step));
    switch (step.what) {
      case 'writeNew':
        this.#write(join(this.#store, newName));
        return [];
      case 'writeElsewhere':
        this.#write(join(this.#places.find((place) => place !== this.#store) ?? this.#store, newName));
        return [];
      case 'emptyStore':
        for (const each of keys) {
          rmSync(join(this.#store, `${each}.md`));
        }
        return [];
      case 'config':
        return this.#changeConfig(step.nth);
      case 'swapFolder':
      case 'removeFolder':
      case 'remakeFolder':
        this.#changeFolder(step.what, folder);
        return ['everything'];
      case 'linkFolder':
      case 'unlinkFolder':
        this.#changeLink(step.what, folder);
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
      if (code === 'ENOENT' || code === 'ENOTEMPTY' || code === 'EEXIST') {
        return [];
      }
      throw error;
    }
  }

  #write(path: string, end = ''): void {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, this.#newText() + end);
  }

  #changeFile({ what, name }: OutsideStep, path: string, key: string): WatchHint[] {
    const stat = lstatSync(path);
    switch (what) {
      case 'write':
        this.#write(path);
        break;
      case 'writeLong':
        this.#write(path, '\n');
        truncateSync(path, LONG_BYTES);
        break;
      case 'writeHuge':
        this.#write(path);
        truncateSync(path, READ_LIMIT_BYTES + 1);
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
        return [{ folder: folderOf(key), name: basename(temporary) }];
      }
      case 'touch':
        utimesSync(path, 1000, 1000);
        break;
      case 'rename':
        renameSync(path, join(dirname(path), this.#kind.renamed(basename(path), name)));
        break;
      case 'otherFolder': {
        const target = join(this.#store, this.#kind.otherFolder(folderOf(key)), basename(path));
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
      this.#fill(prepared, folder);
      if (folderIfThere(folder) !== undefined) {
        renameSync(folder, aside);
      }
      renameSync(prepared, folder);
    } else {
      rmSync(folder, { recursive: true, force: true, maxRetries: 3, retryDelay: 1 });
      if (what === 'remakeFolder') {
        this.#write(join(folder, this.#kind.newName(8, 'remade')));
      }
    }
    rmSync(aside, { recursive: true, force: true });
  }

  /** Some names of another folder, with other texts. */
  #fill(folder: string, like: string): void {
    const names = readdirSync(folderIfThere(like) ?? this.#root).filter((name) => name.endsWith('.md'));
    for (const name of [this.#kind.newName(7, 'new'), ...names.slice(1)]) {
      this.#write(join(folder, name));
    }
  }

  #changeConfig(nth: number): WatchHint[] {
    const { path = '', texts = [] } = this.#kind.config ?? {};
    const text = texts[nth % texts.length];
    if (text !== undefined) {
      mkdirSync(this.#store, { recursive: true });
      writeFileSync(join(this.#store, path), text);
    } else if (path !== '') {
      rmSync(join(this.#store, path), { force: true });
    }
    return [];
  }

  /** A link can take the place of another one. What was there before the first is put aside for `unlinkFolder`. */
  #changeLink(what: 'linkFolder' | 'unlinkFolder', folder: string): void {
    const kept = join(this.#root, `kept ${folder.slice(this.#root.length).replaceAll(sep, ' ')}`);
    const isLink = lstatSync(folder, { throwIfNoEntry: false })?.isSymbolicLink() === true;
    if (what === 'linkFolder') {
      const target = join(this.#root, `behind link ${++this.#links}`);
      this.#fill(target, folder);
      if (isLink) {
        unlinkSync(folder);
      } else if (folderIfThere(folder) !== undefined) {
        rmSync(kept, { recursive: true, force: true });
        renameSync(folder, kept);
      }
      mkdirSync(dirname(folder), { recursive: true });
      symlinkSync(target, folder, 'junction');
    } else if (isLink) {
      unlinkSync(folder);
      if (folderIfThere(kept) !== undefined) {
        renameSync(kept, folder);
      }
    }
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

/** The folder of a key, in the store. */
export function folderOf(key: string): string {
  return key.slice(0, Math.max(0, key.lastIndexOf('/')));
}

/** Every name in the store, which may be behind a link, with all that tells one state from another. Paths of folders end with a slash. */
export function photograph(store: string): Map<string, string> {
  const seen = new Map<string, string>();
  const visit = (folder: string, stat: Stats | undefined) => {
    seen.set(`${folder}/`, stat === undefined ? '' : `${stat.ino} ${stat.birthtimeMs}`);
    for (const name of stat?.isDirectory() ? readdirSync(join(store, folder)) : []) {
      const path = `${folder}/${name}`;
      const inner = lstatSync(join(store, path));
      if (inner.isDirectory() || inner.isSymbolicLink()) {
        visit(path, inner);
      } else {
        seen.set(path, `${inner.ino} ${inner.size} ${inner.mtimeMs} ${inner.ctimeMs}`);
      }
    }
  };
  visit('', statSync(store, { throwIfNoEntry: false }));
  return seen;
}

/** Hints at what differs between two photographs. */
export function hintsBetween(before: Map<string, string>, after: Map<string, string>, config: string | undefined): WatchHint[] {
  const names = [...new Set([...before.keys(), ...after.keys()])].filter((name) => before.get(name) !== after.get(name));
  if (names.some((name) => name.endsWith('/') || name === `/${config}`)) {
    return ['everything'];
  }
  return names.map((path) => ({ folder: folderOf(path).slice(1), name: basename(path) }));
}
