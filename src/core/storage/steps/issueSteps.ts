import { dirname } from 'node:path';
import { assertDefined } from '../../assertDefined.ts';
import {
  ClaimLostError,
  type Disk,
  errorCode,
  FileChangedError,
  type FileRead,
  type FileStat,
  isForbidden,
  sameBytes,
} from '../../disk/disk.ts';
import type { IssueKey, IssueSummary } from '../../issue/issue.ts';
import { ConflictError, IssueExistsError } from '../../issue/issueErrors.ts';
import { isCompletedKey, issuePath } from '../../issue/storeLayout.ts';
import type { FileEditors } from '../fileEditors.ts';
import { notFoundError, writeError } from '../fileErrors.ts';
import { type ReadOutcome, readOutcome, type StoredIssue, storedIssue } from '../issueFile.ts';
import type { NumberClaims } from '../numberClaims.ts';
import { refuseLinkedFolder } from '../storeFolders.ts';
import type { ReversibleStep } from './reversibleSteps.ts';

/** One file of the store that was written, moved or removed by the storage itself. */
export interface StorageWrite {
  /** The key that holds no issue any more. */
  readonly removed?: IssueKey;
  /** What a key holds now. */
  readonly stored?: StoredIssue;
}

/** Where files are, and what shows them meanwhile. */
export interface FileContext {
  readonly disk: Disk;
  readonly editors: FileEditors;
}

/** What the steps of one storage share. */
export interface StepContext extends FileContext {
  readonly folder: string;
  /** Told of each file as it changes, on the way there and on the way back. */
  readonly onDidWrite: (write: StorageWrite) => void;
  /** Takes a file away for good or to a place from which people can fetch it back. */
  readonly discard: (filePath: string) => Promise<void>;
}

/** Puts a new file into the store and spends its claim; taking it back removes it, unless somebody has written to it since. */
export function createStep(
  context: StepContext,
  key: IssueKey,
  bytes: Buffer,
  { claims, number }: { readonly claims: NumberClaims; readonly number: number },
): ReversibleStep<StoredIssue> {
  const path = issuePath(context.folder, key);
  return {
    filePath: path,
    run: async () => {
      const stat = await create(path, () => claims.spend(number, path, bytes));
      const stored = storedIssue(context.folder, key, { bytes, stat });
      context.onDidWrite({ stored });
      return stored;
    },
    checkUndo: () => mustStillHold(context, path, bytes),
    undo: async () => {
      // Checked again, since others may have written to it while the rest was checked.
      await discardChecked(context, key, () => mustStillHold(context, path, bytes), LEFT);
    },
  };
}

/** Replaces a file that was read as `seen`; taking it back restores those bytes, unless somebody has written to it since. */
export function replaceStep(context: StepContext, key: IssueKey, bytes: Buffer, seen: FileRead): ReversibleStep<StoredIssue> {
  const path = issuePath(context.folder, key);
  const replace = async (current: FileRead, next: Buffer): Promise<{ read: FileRead; stored: StoredIssue }> => {
    const read = { bytes: next, stat: await replaceFile(context, path, next, current) };
    // What is put back need not be text.
    const stored = storedIssue(context.folder, key, read);
    context.onDidWrite({ stored });
    return { read, stored };
  };
  let written: FileRead | undefined;
  return takenBackInStore(context, [key], {
    filePath: path,
    run: async () => {
      const { read, stored } = await replace(seen, bytes);
      written = read;
      return stored;
    },
    checkUndo: () => mustStillHold(context, path, bytes),
    undo: async () => {
      await replace(assertDefined(written), seen.bytes);
    },
  });
}

/** Moves a file to another key; taking it back moves it home, unless somebody has written to it since. */
export function moveStep(
  context: StepContext,
  { from, to, seen }: { readonly from: IssueKey; readonly to: IssueKey; readonly seen: FileRead },
): ReversibleStep<StoredIssue> {
  const [fromPath, toPath] = [issuePath(context.folder, from), issuePath(context.folder, to)];
  const move = async (source: IssueKey, target: IssueKey) => {
    const path = issuePath(context.folder, target);
    const stat = await moveFile(context, issuePath(context.folder, source), path);
    // The bytes were read before the move; a writer may have come between, and what it left need not be text.
    const isKnown = target === to && sameBytes(stat, seen.stat);
    const read = isKnown ? { bytes: seen.bytes, stat } : await readOutcome(context.disk, path);
    const stored = storedIssue(context.folder, target, read);
    context.onDidWrite({ removed: source, stored });
    return { read, stored };
  };
  let moved: ReadOutcome = seen;
  return takenBackInStore(context, [from, to], {
    filePath: toPath,
    run: async () => {
      const { read, stored } = await move(from, to);
      moved = read;
      return stored;
    },
    checkUndo: async () => {
      if ('error' in moved) {
        throw new ConflictError(toPath, 'could not be read when it was moved', LEFT);
      }
      await mustBeMovable(context, toPath, moved.bytes, fromPath);
    },
    undo: async () => {
      await context.disk.makeFolder(dirname(fromPath));
      await move(to, from);
    },
  });
}

/** Removes a file that is still what was seen of it; taking it back writes it anew, unless something has the name by then. */
export function deleteStep(
  context: StepContext,
  key: IssueKey,
  summary: IssueSummary,
  seen: FileRead | undefined,
): ReversibleStep<IssueSummary> {
  const path = issuePath(context.folder, key);
  return takenBackInStore(context, [key], {
    filePath: path,
    run: async () => {
      await discardChecked(context, key, async () => {
        await (seen === undefined ? mustBeUnreadable(context, path) : mustHold(context, path, seen.bytes));
      });
      return summary;
    },
    checkUndo: async () => {
      if (seen === undefined) {
        throw new ConflictError(path, 'could not be read before it was deleted, so it cannot be written anew', LEFT);
      }
      if ((await context.disk.stat(path)) !== undefined) {
        throw new IssueExistsError(path);
      }
    },
    undo: async () => {
      if (seen === undefined) {
        return;
      }
      await context.disk.makeFolder(dirname(path));
      const stat = await create(path, () => context.disk.create(path, seen.bytes, { mode: seen.stat.mode }));
      context.onDidWrite({ stored: storedIssue(context.folder, key, { bytes: seen.bytes, stat }) });
    },
  });
}

/** The same step, which is not taken back in what a link in the place of `complete/` leads to: it may have become one since the step ran. */
function takenBackInStore<T>(
  { disk, folder }: StepContext,
  keys: readonly IssueKey[],
  { filePath, run, checkUndo, undo }: Pick<ReversibleStep<T>, 'filePath' | 'run' | 'checkUndo' | 'undo'>,
): ReversibleStep<T> {
  if (!keys.some(isCompletedKey)) {
    return { filePath, run, checkUndo, undo };
  }
  const mustBeInStore = () => refuseLinkedFolder(disk, folder);
  return { filePath, run, checkUndo: () => mustBeInStore().then(checkUndo), undo: () => mustBeInStore().then(undo) };
}

/** Discards a file if it is what was seen of it. Its editors are closed before that is checked, so that nobody types in it afterwards. */
async function discardChecked(context: StepContext, key: IssueKey, check: () => Promise<void>, advice?: string): Promise<void> {
  const reopen = await context.editors.close(issuePath(context.folder, key));
  try {
    await check();
    await discard(context, key, advice);
  } catch (error) {
    await reopen();
    throw error;
  }
}

async function discard(context: StepContext, key: IssueKey, advice?: string): Promise<void> {
  const path = issuePath(context.folder, key);
  try {
    await context.discard(path);
  } catch (error) {
    throw errorCode(error) === 'ENOENT' ? new ConflictError(path, 'is not there any more', advice) : writeError(path, error);
  }
  context.onDidWrite({ removed: key });
}

async function create(path: string, act: () => Promise<FileStat>): Promise<FileStat> {
  try {
    return await act();
  } catch (error) {
    throw errorCode(error) === 'EEXIST' || error instanceof ClaimLostError ? new IssueExistsError(path) : writeError(path, error);
  }
}

async function replaceFile({ disk }: StepContext, path: string, bytes: Buffer, seen: FileRead): Promise<FileStat> {
  try {
    return await disk.replace(path, bytes, seen);
  } catch (error) {
    throw error instanceof FileChangedError ? changedMeanwhile(path) : writeError(path, error);
  }
}

function changedMeanwhile(path: string): ConflictError {
  return new ConflictError(path, 'was changed by somebody else at the same moment');
}

/** Gives a file another name, never replacing one that is there. The editors that show it follow. */
export async function moveFile({ disk, editors }: FileContext, from: string, to: string): Promise<FileStat> {
  try {
    const stat = await disk.move(from, to, editors.renaming(from, to));
    await editors.follow(from, to);
    return stat;
  } catch (error) {
    switch (errorCode(error)) {
      case 'EEXIST':
        throw new IssueExistsError(to);
      case 'ENOENT':
        throw new ConflictError(from, 'is not there any more');
      default:
        throw error instanceof FileChangedError ? changedMeanwhile(from) : writeError(to, error);
    }
  }
}

/** What became of a file whose step cannot be taken back. */
const LEFT = 'It was left as it is.';

/** Checks that a file can be moved home: it holds these bytes and its old name is free. */
export async function mustBeMovable(context: FileContext, path: string, bytes: Buffer, home: string): Promise<void> {
  const { stat } = await mustHold(context, path, bytes, LEFT);
  const taken = await context.disk.stat(home);
  // Names that differ in case alone can be two names of one file.
  if (taken !== undefined && taken.ino !== stat.ino) {
    throw new IssueExistsError(home);
  }
}

/** @throws ConflictError if the file can be read by now: then it is deleted only by who has seen its text. */
async function mustBeUnreadable({ disk }: FileContext, path: string): Promise<void> {
  const read = await readOutcome(disk, path);
  if (!('error' in read)) {
    throw new ConflictError(path, 'can be read again');
  }
  if (!isForbidden(read.error)) {
    throw notFoundError(path, read.error);
  }
}

/** As {@link mustHold}, for what is about to be taken back. */
async function mustStillHold(context: FileContext, path: string, bytes: Buffer): Promise<void> {
  await mustHold(context, path, bytes, LEFT);
}

/** @throws ConflictError unless the file holds exactly these bytes. */
async function mustHold({ disk }: FileContext, path: string, bytes: Buffer, advice?: string): Promise<FileRead> {
  const current = await disk.read(path).catch(() => undefined);
  if (current === undefined) {
    throw new ConflictError(path, 'is not there any more, or cannot be read', advice);
  }
  if (!current.bytes.equals(bytes)) {
    throw new ConflictError(path, 'has been changed since', advice);
  }
  return current;
}
