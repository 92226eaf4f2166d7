import { closeSync, openSync, unlinkSync } from 'node:fs';
import { lstat, unlink } from 'node:fs/promises';
import { errorCode, FileChangedError, isMissing } from './disk.ts';
import { turnBeside } from './temporaryNames.ts';

/** A turn is a look and a rename, so whoever has had one for this long has ended in the midst of it. */
const ABANDONED_MS = 10_000;

/**
 * Lets one of our own writers at a time look at a file and then take or replace it, whatever process they are in. Without
 * that, two could both find the old bytes there, and the slower one would take the other's edit away. Who comes while another
 * has the turn does not wait for it: by then the file is not what was seen.
 *
 * A turn is a file beside the one that it is about. Programs that know nothing of it are not kept out. Making and removing it
 * is synchronous, which costs a fifth of promises: the folder has just been written to or read.
 *
 * @throws FileChangedError if somebody else has the turn; nothing was done.
 */
export async function inTurn(path: string, act: () => Promise<void>): Promise<void> {
  const turn = turnBeside(path);
  const isOurs = isMade(turn) || ((await isCleared(turn)) && isMade(turn));
  if (!isOurs) {
    throw new FileChangedError(`${path} is being changed`);
  }
  try {
    await act();
  } finally {
    giveUp(turn);
  }
}

function isMade(turn: string): boolean {
  try {
    closeSync(openSync(turn, 'wx'));
    return true;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') {
      return false;
    }
    throw error;
  }
}

function giveUp(turn: string): void {
  try {
    unlinkSync(turn);
  } catch {
    // The file is what it is by now, and one that stays is an abandoned turn in a moment.
  }
}

/**
 * Takes away what a process has left that ended in its turn. One at a time does so, or two could take away a turn that is new
 * by then; and the file that says so tells the time by the clock that stamps the turns.
 * @returns whether there is no turn now.
 */
async function isCleared(turn: string): Promise<boolean> {
  const clearing = turnBeside(turn);
  if (!isMade(clearing)) {
    return false;
  }
  try {
    const [taken, now] = await Promise.all([lstat(turn), lstat(clearing)]);
    if (now.mtimeMs - taken.mtimeMs <= ABANDONED_MS) {
      return false;
    }
    await unlink(turn);
    return true;
  } catch (error) {
    if (isMissing(error)) {
      return true;
    }
    throw error;
  } finally {
    giveUp(clearing);
  }
}
