import { assertDefined } from '../../assertDefined.ts';
import { mapConcurrently } from '../../disk/mapConcurrently.ts';
import type { Issue, IssueKey } from '../../issue/issue.ts';
import { IssueError, messageOf } from '../../issue/issueErrors.ts';
import { issuePath } from '../../issue/issueKey.ts';
import type { FileChange, RestoreEdit, WriteResult } from '../issueStoragePort.ts';
import { type LeftFile, PartlyDoneError } from '../partlyDoneError.ts';

const CONCURRENCY = 16;

export interface Done {
  readonly change: FileChange;
  readonly undo: RestoreEdit;
}

/** A checked change of one file. */
export interface Step {
  /**
   * Applies the change; called once. A step of two parts reports after each part all that it has done so far, so that the first part can be
   * reverted if the second fails.
   */
  run(report: (done: Done) => void): Promise<Issue>;
}

export function unchanged(issue: Issue): Step {
  return { run: async () => issue };
}

/** Never reaches a caller: a step is skipped only after an earlier failure, which is thrown instead. */
class NotStarted extends Error {}

/**
 * Runs independent steps concurrently. After a failure it starts no further steps, reverts all that were done, and throws the failure.
 * @param restore plans the step of one undo edit.
 * @throws PartlyDoneError instead, if a change could not be reverted.
 */
export async function runAllOrNothing(steps: readonly Step[], restore: (edit: RestoreEdit) => Promise<Step>): Promise<WriteResult> {
  const done = new Map<Step, Done>();
  let failed = false;
  try {
    const issues = await mapConcurrently(CONCURRENCY, steps, async (step) => {
      if (failed) {
        throw new NotStarted();
      }
      try {
        return await step.run((part) => done.set(step, part));
      } catch (error) {
        failed = true;
        throw error;
      }
    });
    return resultOf(issues, inOrder(steps, done));
  } catch (error) {
    const undone = await attemptAll(resultOf([], inOrder(steps, done)).undo, restore);
    if (undone.left.length === 0) {
      throw error;
    }
    const files = undone.left.length === 1 ? 'One file' : `${undone.left.length} files`;
    const what = `${files} that had been changed could not be restored:`;
    const changes = [...done.values(), ...undone.done.values()].map(({ change }) => change);
    throw new PartlyDoneError(`${messageOf(error)} ${what}`, error, undone.left, lastChangePerKey(changes));
  }
}

/**
 * Runs checked restore edits; a failure does not stop the others.
 * @throws the reason if there was a single edit and it changed nothing, otherwise PartlyDoneError.
 */
export async function runRestores(edits: readonly RestoreEdit[], steps: readonly Step[]): Promise<WriteResult> {
  const planned = new Map(edits.map((edit, index) => [edit, assertDefined(steps[index])]));
  const { issues, done, left } = await attemptAll(edits, async (edit) => assertDefined(planned.get(edit)));
  if (left.length === 0) {
    return resultOf(issues, inOrder(edits, done));
  }
  const reasons = left.map(({ reason }) => reason);
  if (edits.length === 1 && done.size === 0) {
    throw reasons[0];
  }
  const cause = reasons.find((reason) => reason instanceof IssueError) ?? reasons[0];
  const howFar = `${edits.length - left.length} of ${edits.length} files were restored, the others were not:`;
  throw new PartlyDoneError(howFar, cause, left, resultOf([], inOrder(edits, done)).changes);
}

/** What was done, in the order in which it was planned: it ends in any order. */
function inOrder<T>(planned: readonly T[], done: ReadonlyMap<T, Done>): Done[] {
  return planned.flatMap((each) => done.get(each) ?? []);
}

function resultOf(issues: readonly Issue[], parts: readonly Done[]): WriteResult {
  return { issues, changes: parts.map(({ change }) => change), undo: parts.map(({ undo }) => undo).reverse() };
}

/** The last change of each key, of changes in the order in which they were made. */
function lastChangePerKey(changes: readonly FileChange[]): FileChange[] {
  const last = new Map<IssueKey, FileChange>();
  for (const { removed, stored } of changes) {
    if (removed !== undefined) {
      last.set(removed, { removed });
    }
    if (stored !== undefined) {
      last.set(stored.issue.key, { stored });
    }
  }
  return [...last.values()];
}

interface Attempts {
  /** Of the edits that succeeded, in their order. */
  readonly issues: readonly Issue[];
  readonly done: ReadonlyMap<RestoreEdit, Done>;
  readonly left: readonly LeftFile[];
}

async function attemptAll(edits: readonly RestoreEdit[], plan: (edit: RestoreEdit) => Promise<Step>): Promise<Attempts> {
  const done = new Map<RestoreEdit, Done>();
  const left: LeftFile[] = [];
  const issues = await mapConcurrently(CONCURRENCY, edits, async (edit) => {
    try {
      return await (await plan(edit)).run((part) => done.set(edit, part));
    } catch (reason) {
      left.push(leftOf(edit, done.get(edit), reason));
      return undefined;
    }
  });
  return { issues: issues.filter((issue) => issue !== undefined), done, left };
}

/** The remaining work of an edit of which one part may be done. */
function leftOf(edit: RestoreEdit, part: Done | undefined, reason: unknown): LeftFile {
  const undo = part?.undo.now === undefined ? edit : { ...edit, now: part.undo.now };
  const { key } = assertDefined(undo.now ?? undo.was);
  return { filePath: issuePath(edit.store, key), reason, undo };
}
