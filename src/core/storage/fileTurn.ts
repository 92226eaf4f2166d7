import { errorCode, FileChangedError, isMissing } from './disk.ts';
import { isSingleName, type SystemCalls } from './systemCalls.ts';
import { turnBeside } from './temporaryNames.ts';

/** A turn is a look and a rename, so whoever has had one for this long has ended in the midst of it. */
const ABANDONED_MS = 10_000;

/**
 * Lets one of our own writers at a time look at a file and then take or replace it, whatever process they are in. Without
 * that, two could both find the old bytes there, and the slower one would take the other's edit away. Who comes while another
 * has the turn does not wait for it: by then the file is not what was seen.
 *
 * A turn is a second name of the file, for which the system needs nothing but an entry in the folder; where a file can have one name
 * alone, it is an empty file. Programs that know nothing of it are not kept out.
 *
 * @throws FileChangedError if somebody else has the turn, or with the code `ENOENT` if the file is not there; nothing was done.
 */
export async function inTurn(calls: SystemCalls, path: string, act: () => Promise<void>): Promise<void> {
  const turn = turnBeside(path);
  const isOurs = (await isTaken(calls, path, turn)) || ((await isCleared(calls, turn)) && (await isTaken(calls, path, turn)));
  if (!isOurs) {
    throw new FileChangedError(`${path} is being changed`);
  }
  try {
    await act();
  } finally {
    await giveUp(calls, turn);
  }
}

async function isTaken(calls: SystemCalls, path: string, turn: string): Promise<boolean> {
  try {
    return await isFirst(async () => calls.link(path, turn));
  } catch (error) {
    if (isMissing(error)) {
      throw Object.assign(new FileChangedError(`${path} is not there`, { cause: error }), { code: 'ENOENT' });
    }
    if (isSingleName(error)) {
      return isMade(calls, turn);
    }
    throw error;
  }
}

function isMade(calls: SystemCalls, turn: string): Promise<boolean> {
  return isFirst(async () => calls.close(await calls.create(turn)));
}

/** Whether something that only one can do was done. */
async function isFirst(act: () => Promise<void>): Promise<boolean> {
  try {
    await act();
    return true;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') {
      return false;
    }
    throw error;
  }
}

async function giveUp(calls: SystemCalls, turn: string): Promise<void> {
  try {
    await calls.unlink(turn);
  } catch {
    // The file is what it is by now, and one that stays is an abandoned turn in a moment.
  }
}

/**
 * Takes away what a process has left that ended in its turn. One at a time does so, or two could take away a turn that is new
 * by then; and the file that says so tells the time by the clock that stamps the turns.
 * @returns whether there is no turn now.
 */
async function isCleared(calls: SystemCalls, turn: string): Promise<boolean> {
  const clearing = turnBeside(turn);
  if (!(await isMade(calls, clearing))) {
    return false;
  }
  try {
    const [taken, now] = [await calls.stat(turn), await calls.stat(clearing)];
    // Getting a name is a change of the file that leaves the time of the last edit as it is.
    if (now.ctimeMs - taken.ctimeMs <= ABANDONED_MS) {
      return false;
    }
    await calls.unlink(turn);
    return true;
  } catch (error) {
    if (isMissing(error)) {
      return true;
    }
    throw error;
  } finally {
    await giveUp(calls, clearing);
  }
}
