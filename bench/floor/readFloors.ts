/**
 * The cheapest sequences of system calls that read a store, written out plainly: what no program can do with less. They block
 * the event loop for as long as they take, which nothing that runs in an editor may.
 */
import { closeSync, fstatSync, lstatSync, openSync, readdirSync, readFile, readFileSync, readSync, type Stats } from 'node:fs';
import { join } from 'node:path';

/** Opening for the first time: the names, and every file whole. */
export function readStore(folder: string): string[] {
  return readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'));
}

/** The same with so many files under way at a time, which is the better of the two when the disk has to be waited for. */
export function readStoreConcurrently(folder: string, atOnce: number): Promise<string[]> {
  const names = readdirSync(folder);
  const texts: string[] = [];
  return new Promise((resolve, reject) => {
    let next = 0;
    let left = names.length;
    const readNext = () => {
      const name = names[next++];
      if (name === undefined) {
        return;
      }
      readFile(join(folder, name), 'utf8', (error, text) => {
        if (error !== null) {
          reject(error);
          return;
        }
        texts.push(text);
        left--;
        if (left === 0) {
          resolve(texts);
        }
        readNext();
      });
    };
    for (let i = 0; i < atOnce; i++) {
      readNext();
    }
  });
}

/** Opening again: the names, and every file's stat to compare with a known one. */
export function statStore(folder: string): Stats[] {
  return readdirSync(folder).map((name) => lstatSync(join(folder, name)));
}

/** Listing what is known by name alone. */
export function listNames(folder: string): string[] {
  return readdirSync(folder);
}

/** One issue whose file is known: its text, and its stat from before it was read. */
export function readIssue(path: string, shared: Buffer): { text: string; stat: Stats } {
  const descriptor = openSync(path, 'r');
  try {
    const stat = fstatSync(descriptor);
    const length = readSync(descriptor, shared, 0, shared.length, 0);
    return { text: shared.toString('utf8', 0, length), stat };
  } finally {
    closeSync(descriptor);
  }
}

/** Many issues by their numbers: the names once, and their files. */
export function readIssues(folder: string, numbers: readonly number[]): string[] {
  const names = namesByNumber(folder);
  return numbers.map((number) => readFileSync(join(folder, nameOf(names, number)), 'utf8'));
}

/** Searching the texts of everything, with nothing kept in memory. */
export function searchTexts(folder: string, words: string): string[] {
  return readdirSync(folder).filter((name) => readFileSync(join(folder, name), 'utf8').includes(words));
}

export function namesByNumber(folder: string): ReadonlyMap<number, string> {
  return new Map(readdirSync(folder).map((name) => [Number(name.slice(0, 6)), name]));
}

export function nameOf(names: ReadonlyMap<number, string>, number: number): string {
  const name = names.get(number);
  if (name === undefined) {
    throw new Error(`There is no issue ${number}.`);
  }
  return name;
}
