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
import { type ReadOutcome, readOutcome } from '../../disk/sweep.ts';
import type { Issue, IssueKey } from '../../issue/issue.ts';
import { ConflictError, IssueExistsError } from '../../issue/issueErrors.ts';
import type { FileEditors } from '../fileEditors.ts';
import { notFoundError, writeError } from '../fileErrors.ts';
import type { IssueFileReader, StoredIssue } from '../issueFile.ts';
import type { RestoreEdit } from '../issueStoragePort.ts';
import { versionOf } from '../issueVersion.ts';
import type { Step } from './runSteps.ts';

export interface StepContext {
  readonly disk: Disk;
  readonly files: IssueFileReader;
  readonly editors: FileEditors;
  /** Deletes a file or moves it to the trash. */
  readonly discard: (filePath: string) => Promise<void>;
}

/** An issue of a format whose files are issues whatever their text says. */
export function storedIssue({ files }: StepContext, key: IssueKey, read: ReadOutcome): StoredIssue {
  return assertDefined(files.issue(key, read));
}

/** Creates a file. @param write makes the file; fails with `EEXIST` if it exists. */
export function createStep(context: StepContext, key: IssueKey, bytes: Buffer, write: () => Promise<FileStat>): Step {
  const path = context.files.pathOf(key);
  return {
    run: async (report) => {
      const stored = storedIssue(context, key, { bytes, stat: await create(path, write) });
      report({ change: { stored }, undo: { ...restoreEdit(context), now: { key, version: versionOf(bytes) } } });
      return stored.issue;
    },
  };
}

/** Replaces the content of a file that was read as `seen`. */
export function replaceStep(context: StepContext, key: IssueKey, bytes: Buffer, seen: FileRead): Step {
  return {
    run: async (report) => {
      const stat = await replaceFile(context, context.files.pathOf(key), bytes, seen);
      // When an undo runs this step, the bytes may not be text.
      const stored = storedIssue(context, key, { bytes, stat });
      const now = { key, version: versionOf(bytes) };
      report({ change: { stored }, undo: { ...restoreEdit(context), now, was: { key, bytes: seen.bytes } } });
      return stored.issue;
    },
  };
}

/** Moves a file that was read as `seen` to another key. */
export function moveStep(context: StepContext, { from, to, seen }: { from: IssueKey; to: IssueKey; seen: FileRead }): Step {
  return {
    run: async (report) => {
      const path = context.files.pathOf(to);
      const stat = await moveFile(context, context.files.pathOf(from), path);
      // The bytes were read before the move, and another program may have written since.
      const read = sameBytes(stat, seen.stat) ? { bytes: seen.bytes, stat } : await readOutcome(context.disk, path);
      const stored = storedIssue(context, to, read);
      // No readable file has the empty version, so an undo never moves back a file that became unreadable.
      const now = { key: to, version: 'error' in read ? '' : versionOf(read.bytes) };
      report({ change: { removed: from, stored }, undo: { ...restoreEdit(context), now, was: { key: from } } });
      return stored.issue;
    },
  };
}

/** Deletes a file if it still has the bytes of `seen`. @param seen undefined if the file is unreadable; then it must still be. */
export function deleteStep(context: StepContext, key: IssueKey, issue: Issue, seen: FileRead | undefined, advice?: string): Step {
  const path = context.files.pathOf(key);
  const check = () => (seen === undefined ? assertUnreadable(context, path) : assertHasBytes(context, path, seen.bytes, advice));
  return {
    run: async (report) => {
      // Close the editors before the check, so that no edit arrives after it.
      const reopen = await context.editors.close(path);
      try {
        await check();
        await discard(context, path, advice);
      } catch (error) {
        await reopen();
        throw error;
      }
      const was = { key, ...(seen && { bytes: seen.bytes, mode: seen.stat.mode }) };
      report({ change: { removed: key }, undo: { ...restoreEdit(context), was } });
      return issue;
    },
  };
}

function restoreEdit({ files }: StepContext): Pick<RestoreEdit, 'kind' | 'store'> {
  return { kind: 'restore', store: files.folder };
}

async function discard(context: StepContext, path: string, advice?: string): Promise<void> {
  try {
    await context.discard(path);
  } catch (error) {
    throw errorCode(error) === 'ENOENT' ? new ConflictError(path, 'no longer exists', advice) : writeError(path, error);
  }
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
    throw error instanceof FileChangedError ? concurrentChangeError(path) : writeError(path, error);
  }
}

function concurrentChangeError(path: string): ConflictError {
  return new ConflictError(path, 'was changed by somebody else at the same moment');
}

/** Moves a file, never overwriting another, and updates the editors that show it. */
async function moveFile({ disk, editors }: StepContext, from: string, to: string): Promise<FileStat> {
  try {
    const stat = await disk.move(from, to, editors.renaming(from, to));
    await editors.follow(from, to);
    return stat;
  } catch (error) {
    switch (errorCode(error)) {
      case 'EEXIST':
        throw new IssueExistsError(to);
      case 'ENOENT':
        throw new ConflictError(from, 'no longer exists');
      default:
        throw error instanceof FileChangedError ? concurrentChangeError(from) : writeError(to, error);
    }
  }
}

/** @throws ConflictError if the file has become readable: the caller has not seen its text. */
async function assertUnreadable({ disk }: StepContext, path: string): Promise<void> {
  const read = await readOutcome(disk, path);
  if (!('error' in read)) {
    throw new ConflictError(path, 'can be read again');
  }
  if (!isForbidden(read.error)) {
    throw notFoundError(path, read.error);
  }
}

async function assertHasBytes({ disk }: StepContext, path: string, bytes: Buffer, advice?: string): Promise<void> {
  const current = await disk.read(path).catch(() => undefined);
  if (current === undefined) {
    throw new ConflictError(path, 'no longer exists or cannot be read', advice);
  }
  if (!current.bytes.equals(bytes)) {
    throw new ConflictError(path, 'has been changed since', advice);
  }
}
