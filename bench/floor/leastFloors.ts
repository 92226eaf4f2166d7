/**
 * The floors again, with what an issue store cannot do without and no more: the best that could be had. Written out plainly, in one go and
 * without a watcher, a catalogue, events or anybody else who wants to do something meanwhile.
 */
import { isUtf8 } from 'node:buffer';
import { hash } from 'node:crypto';
import {
  constants,
  linkSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  type Stats,
  unlinkSync,
} from 'node:fs';
import { join } from 'node:path';
import { nameOf, namesByNumber, readInto, statStore } from './readFloors.ts';
import { sideBySide, writeDown } from './writeFloors.ts';

/** A link is refused, and whatever makes its opener wait. Windows knows neither flag. */
const READ_FLAGS = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

interface Versioned {
  readonly text: string;
  readonly version: string;
  readonly stat: Stats;
}

/** Every file with its stat, for whether it has changed is to be seen later, as text that is sure to be text, and with a version. */
export function readVersions(folder: string): string[] {
  const shared = Buffer.allocUnsafeSlow(256 * 1024);
  return readdirSync(folder).map((name) => readVersion(join(folder, name), shared).text);
}

function readVersion(path: string, shared: Buffer): Versioned {
  const { bytes, stat } = readInto(shared, path, READ_FLAGS);
  if (!isUtf8(bytes)) {
    throw new Error(`${path} is not text.`);
  }
  return { text: bytes.toString('utf8'), version: versionOf(bytes), stat };
}

function versionOf(bytes: Uint8Array): string {
  return hash('sha256', bytes, 'base64url');
}

/** Issues by their numbers, with what {@link readVersions} has of them. */
export function readIssueVersions(folder: string, numbers: readonly number[]): string[] {
  const shared = Buffer.allocUnsafeSlow(256 * 1024);
  const names = namesByNumber(folder);
  return numbers.map((number) => readVersion(join(folder, nameOf(names, number)), shared).text);
}

/** What a session has left in its index: as many titles as there are issues. */
export function readIndex(file: string): string[] {
  const [, ...parts] = readFileSync(file, 'utf8').trimEnd().split('\n');
  return parts.flatMap((part) => (JSON.parse(part.slice(part.indexOf(' '))) as { readonly titles: readonly string[] }).titles);
}

/** The index, and the stat of each file to compare with. */
export function statWithIndex(folder: string, file: string): string[] {
  const titles = readIndex(file);
  if (statStore(folder).length !== titles.length) {
    throw new Error('The index is of another store.');
  }
  return titles;
}

/** Updates that no other process' update can come between, and whose issues are known afterwards. */
export async function updateInTurns(
  folder: string,
  updates: readonly { readonly number: number; readonly text: string }[],
): Promise<string[]> {
  const shared = Buffer.allocUnsafeSlow(256 * 1024);
  const names = namesByNumber(folder);
  const files = updates.map(({ number, text }) => {
    const path = join(folder, nameOf(names, number));
    return { path, text, seen: readVersion(path, shared) };
  });
  await sideBySide(files, async ({ path, text, seen }) => {
    const [temporary, turn] = [`${path}.tmp`, `${path}.turn`];
    await writeDown(openSync(temporary, 'wx'), text);
    linkSync(path, turn);
    if (readVersion(path, shared).version !== seen.version) {
      throw new Error(`${path} has changed.`);
    }
    renameSync(temporary, path);
    unlinkSync(turn);
    if (lstatSync(path).size !== Buffer.byteLength(text) || versionOf(Buffer.from(text)) === seen.version) {
      throw new Error(`${path} is not what was written.`);
    }
  });
  return updates.map(({ text }) => text);
}

/** Completions that no update of another process can come between, and whose issues are known afterwards. */
export function completeInTurns(folder: string, numbers: readonly number[]): string[] {
  const shared = Buffer.allocUnsafeSlow(256 * 1024);
  const names = namesByNumber(folder);
  const completed = join(folder, 'complete');
  mkdirSync(completed, { recursive: true });
  const moves = numbers.map((number) => {
    const name = nameOf(names, number);
    const [from, to] = [join(folder, name), join(completed, name)];
    const seen = readVersion(from, shared);
    if (lstatSync(to, { throwIfNoEntry: false }) !== undefined) {
      throw new Error(`${to} is there already.`);
    }
    return { from, to, taken: join(completed, `${name}.tmp`), turn: `${from}.turn`, seen };
  });
  return moves.map(({ from, to, taken, turn, seen }) => {
    linkSync(from, turn);
    const before = lstatSync(from);
    linkSync(from, to);
    renameSync(from, taken);
    if (lstatSync(taken).ino !== before.ino) {
      throw new Error(`${from} was replaced.`);
    }
    unlinkSync(taken);
    unlinkSync(turn);
    return lstatSync(to).ino === seen.stat.ino ? seen.text : '';
  });
}
