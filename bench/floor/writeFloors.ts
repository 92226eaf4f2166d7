/**
 * The cheapest sequences of system calls that write to a store with the guarantees that the store gives: what is written is on
 * the disk before it has its name, a reader sees a file whole or not at all, nothing is replaced that was not seen, and no two
 * processes take one number. Flushing is what costs, so that goes side by side; everything else is synchronous.
 */
import {
  closeSync,
  fsync,
  linkSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { nameOf, namesByNumber } from './readFloors.ts';

const FLUSHES_AT_ONCE = 16;
const flush = promisify(fsync);

/** New issues with the next numbers, which are claimed by the names of the temporary files before the names are read again. */
export async function createFiles(folder: string, texts: readonly string[]): Promise<string[]> {
  const first = 1 + highestNumber(folder);
  const files = texts.map((text, index) => {
    const number = String(first + index).padStart(6, '0');
    const temporary = join(folder, `.claim-${number}.tmp`);
    return { text, temporary, path: join(folder, `${number}_new.md`), descriptor: openSync(temporary, 'wx') };
  });
  if (highestNumber(folder) >= first) {
    throw new Error('Somebody else has taken a number meanwhile.');
  }
  await sideBySide(files, async ({ text, temporary, path, descriptor }) => {
    await writeDown(descriptor, text);
    linkSync(temporary, path);
    unlinkSync(temporary);
  });
  return [...texts];
}

/** New texts for issues by their numbers, each in the place of exactly the bytes that were read before. */
export async function updateFiles(
  folder: string,
  updates: readonly { readonly number: number; readonly text: string }[],
): Promise<string[]> {
  const names = namesByNumber(folder);
  const files = updates.map(({ number, text }) => {
    const path = join(folder, nameOf(names, number));
    return { path, text, seen: readFileSync(path) };
  });
  await sideBySide(files, async ({ path, text, seen }) => {
    const temporary = `${path}.tmp`;
    await writeDown(openSync(temporary, 'wx'), text);
    if (!readFileSync(path).equals(seen)) {
      throw new Error(`${path} has changed.`);
    }
    renameSync(temporary, path);
  });
  return updates.map(({ text }) => text);
}

/** Issues by their numbers into the folder of the completed ones, where a link refuses a name that is taken. */
export function completeFiles(folder: string, numbers: readonly number[]): string[] {
  const names = namesByNumber(folder);
  const completed = join(folder, 'complete');
  mkdirSync(completed, { recursive: true });
  return numbers.map((number) => {
    const name = nameOf(names, number);
    const [from, to, taken] = [join(folder, name), join(completed, name), join(completed, `${name}.tmp`)];
    const text = readFileSync(from, 'utf8');
    linkSync(from, to);
    // Takes along what an editor has saved under the old name at this moment.
    renameSync(from, taken);
    if (lstatSync(taken).ino === lstatSync(to).ino) {
      unlinkSync(taken);
    } else {
      renameSync(taken, to);
    }
    return text;
  });
}

function highestNumber(folder: string): number {
  let highest = 0;
  for (const name of readdirSync(folder)) {
    const number = Number(name.slice(0, 6));
    if (number > highest) {
      highest = number;
    }
  }
  return highest;
}

/** Writes a new file's text and waits until the disk has it; closes it. */
async function writeDown(descriptor: number, text: string): Promise<void> {
  try {
    writeSync(descriptor, text);
    await flush(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** As many at a time as the disk takes in together. */
async function sideBySide<T>(entries: readonly T[], act: (entry: T) => Promise<void>): Promise<void> {
  const rest = entries.values();
  const workers = Array.from({ length: FLUSHES_AT_ONCE }, async () => {
    for (const entry of rest) {
      await act(entry);
    }
  });
  await Promise.all(workers);
}
