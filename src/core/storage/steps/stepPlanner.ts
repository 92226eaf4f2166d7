import { dirname } from 'node:path';
import { assertDefined } from '../../assertDefined.ts';
import type { Clock } from '../../clock.ts';
import { type FileRead, isForbidden, READ_LIMIT } from '../../disk/disk.ts';
import { type ReadOutcome, type StatOutcome, sweepReads, sweepStats } from '../../disk/sweep.ts';
import type { IssueKey } from '../../issue/issue.ts';
import { ConflictError, IssueError, IssueExistsError } from '../../issue/issueErrors.ts';
import { formatIssueId, ISSUE_EXTENSION, numberOfId, renumberedId, sanitizeIssueName } from '../../issue/issueFileName.ts';
import { parseIssueRef } from '../../issue/issueRef.ts';
import { idOfKey, issueKey, issuePath, keyWithId } from '../../issue/storeLayout.ts';
import { changeMentions } from '../../markdown/issueMentions.ts';
import { megabytes, notFoundError, readError } from '../fileErrors.ts';
import { assertText, storedIssue } from '../issueFile.ts';
import type { CreateEdit, DeleteEdit, IssueEdit, RestoreEdit, UpdateEdit } from '../issueStoragePort.ts';
import { versionOf } from '../issueVersion.ts';
import type { NumberClaims } from '../numberClaims.ts';
import { createStep, deleteStep, moveStep, replaceStep, type StepContext } from './fileSteps.ts';
import { type Step, unchanged } from './runSteps.ts';
import { twoPartStep } from './twoPartStep.ts';

/** All that a write has to do to one file. */
export interface FileTask {
  /** One edit, or a renumbering together with the rewriting of its text. */
  readonly edits: readonly IssueEdit[];
  /** What the file's key is; undefined for one that is not there yet. */
  readonly from: IssueKey | undefined;
}

/** The numbers that a write has for its creates and renumberings, in the order of the edits. None if it is only checked. */
export interface NewNumbers {
  readonly of: ReadonlyMap<IssueEdit, number>;
  readonly claims: NumberClaims;
}

/** A task with what the disk has of it. */
interface Sighted {
  readonly task: FileTask;
  readonly to: IssueKey | undefined;
  readonly read: ReadOutcome | undefined;
  readonly target: StatOutcome | undefined;
}

/** What becomes of a file that is not as an undo has left it. */
const LEFT = 'It was left as it is.';

/**
 * Plans the steps of a write: looks at every file that it is about, and checks everything that can be checked, before the first of the steps
 * runs. What is wrong with the first task, in their order, is what is thrown.
 */
export class StepPlanner {
  readonly #context: StepContext;
  readonly #clock: Clock;

  constructor(context: StepContext, clock: Clock) {
    this.#context = context;
    this.#clock = clock;
  }

  async plan(tasks: readonly FileTask[], numbers: NewNumbers): Promise<Step[]> {
    const targets = tasks.map((task) => targetOf(task, numbers));
    refuseSameTarget(tasks, targets);
    const reads = await this.#read(tasks.map(({ from }) => from));
    const stats = await this.#stat(targets);
    return tasks.map((task, index) => this.#step({ task, to: targets[index], read: reads[index], target: stats[index] }, numbers));
  }

  #step(sighted: Sighted, numbers: NewNumbers): Step {
    const edit = assertDefined(sighted.task.edits[0]);
    switch (edit.kind) {
      case 'create':
        return this.#create(edit, numbers);
      case 'update':
        return this.#update(edit, sighted);
      case 'delete':
        return this.#delete(edit, sighted);
      case 'restore':
        return this.#restore(edit, sighted);
      case 'adopt':
        return this.#move(sighted, this.#found(sighted));
      default:
        return this.#moveAndRewrite(sighted, numbers);
    }
  }

  #create(edit: CreateEdit, { of, claims }: NewNumbers): Step {
    const { name, content } = edit;
    const bytes = encodeText(name, content);
    const number = of.get(edit);
    const key = issueKey(formatIssueId(number, sanitizeIssueName(name)), false);
    return createStep(this.#context, key, bytes, () => claims.spend(assertDefined(number), this.#path(key), bytes));
  }

  #update({ ref, content, expectedVersion }: UpdateEdit, sighted: Sighted): Step {
    const seen = this.#found(sighted);
    const bytes = encodeText(parseIssueRef(ref).label, content);
    this.#mustBeVersion(sighted, versionOf(seen.bytes), expectedVersion);
    return this.#replace(fromOf(sighted), bytes, seen);
  }

  #replace(key: IssueKey, bytes: Buffer, seen: FileRead): Step {
    return bytes.equals(seen.bytes)
      ? unchanged(storedIssue(this.#context.folder, key, seen).issue)
      : replaceStep(this.#context, key, bytes, seen);
  }

  #delete({ expectedVersion }: DeleteEdit, sighted: Sighted): Step {
    const [from, read] = [fromOf(sighted), assertDefined(sighted.read)];
    // What cannot be read only for now could be brought back later, so it is not deleted without its text.
    if ('error' in read && !isForbidden(read.error)) {
      throw notFoundError(this.#path(from), read.error);
    }
    const { issue } = storedIssue(this.#context.folder, from, read);
    this.#mustBeVersion(sighted, issue.version, expectedVersion);
    return deleteStep(this.#context, from, issue, 'error' in read ? undefined : read);
  }

  /** Completing, reopening, renaming, renumbering, and the rewriting of mentions that may go with it. */
  #moveAndRewrite(sighted: Sighted, { of }: NewNumbers): Step {
    const seen = this.#found(sighted);
    const from = fromOf(sighted);
    assertText(this.#path(from), seen.bytes);
    // Where the text changes, too, this is for the checks alone: what moves is what the rewriting leaves.
    const move = this.#move(sighted, seen);
    const rewrite = sighted.task.edits.find((edit) => edit.kind === 'rewriteMentions');
    if (rewrite === undefined) {
      return move;
    }
    const newNumbers = [...of].flatMap(([{ kind }, number]) => (kind === 'renumber' ? [number] : []));
    this.#mustBeVersion(sighted, versionOf(seen.bytes), rewrite.expectedVersion);
    const mentions = rewrite.mentions.flatMap(({ start, digits, move: index }) => {
      const to = newNumbers[index];
      return to === undefined ? [] : [{ start, digits, to }];
    });
    const bytes = encodeText(from, changeMentions(seen.bytes.toString('utf8'), mentions));
    const replace = this.#replace(from, bytes, seen);
    const { to } = sighted;
    return to === undefined || to === from ? replace : twoPartStep(replace, () => this.#planMove(from, to));
  }

  /** A move onto itself is no change, and nothing to take back. */
  #move({ task, to, target }: Sighted, seen: FileRead): Step {
    const from = assertDefined(task.from);
    if (to === undefined || from === to) {
      return unchanged(storedIssue(this.#context.folder, from, seen).issue);
    }
    if (target !== undefined && 'error' in target) {
      throw readError(this.#path(to), target.error);
    }
    // Names that differ in case alone can be two names of one file.
    if (target?.stat !== undefined && target.stat.ino !== seen.stat.ino) {
      throw new IssueExistsError(this.#path(to));
    }
    return moveStep(this.#context, { from, to, seen });
  }

  #restore({ now, was }: RestoreEdit, sighted: Sighted): Step {
    if (now === undefined) {
      return this.#restoreDeleted(assertDefined(was), sighted);
    }
    const [path, { read }] = [this.#path(now.key), sighted];
    if (now.version === '') {
      throw new ConflictError(path, 'could not be read when it was moved', LEFT);
    }
    if (read === undefined || 'error' in read) {
      throw new ConflictError(path, 'no longer exists or cannot be read', LEFT);
    }
    if (versionOf(read.bytes) !== now.version) {
      throw new ConflictError(path, 'has been changed since', LEFT);
    }
    if (was === undefined) {
      return deleteStep(this.#context, now.key, storedIssue(this.#context.folder, now.key, read).issue, read, LEFT);
    }
    if (was.key === now.key) {
      return replaceStep(this.#context, was.key, Buffer.from(assertDefined(was.bytes)), read);
    }
    const move = inFolder(this.#context, this.#path(was.key), this.#move(sighted, read));
    const { bytes } = was;
    return bytes === undefined ? move : twoPartStep(move, () => this.#planReplace(was.key, Buffer.from(bytes)));
  }

  #restoreDeleted({ key, bytes, mode }: NonNullable<RestoreEdit['was']>, { target }: Sighted): Step {
    const path = this.#path(key);
    if (bytes === undefined) {
      throw new ConflictError(path, 'could not be read before it was deleted, so it cannot be written anew', LEFT);
    }
    if (target !== undefined && ('error' in target || target.stat !== undefined)) {
      throw 'error' in target ? readError(path, target.error) : new IssueExistsError(path);
    }
    const { disk } = this.#context;
    return inFolder(
      this.#context,
      path,
      createStep(this.#context, key, Buffer.from(bytes), () => disk.create(path, bytes, { mode })),
    );
  }

  async #planMove(from: IssueKey, to: IssueKey): Promise<Step> {
    const [[read], [target]] = [await this.#read([from]), await this.#stat([to])];
    const sighted: Sighted = { task: { edits: [], from }, to, read, target };
    return this.#move(sighted, this.#found(sighted));
  }

  async #planReplace(key: IssueKey, bytes: Buffer): Promise<Step> {
    const [read] = await this.#read([key]);
    return replaceStep(this.#context, key, bytes, this.#found({ task: { edits: [], from: key }, to: undefined, read, target: undefined }));
  }

  #mustBeVersion(sighted: Sighted, version: string, expectedVersion: string | undefined): void {
    if (expectedVersion !== undefined && version !== expectedVersion) {
      throw new ConflictError(this.#path(fromOf(sighted)), 'is not the version that was read');
    }
  }

  #path(key: IssueKey): string {
    return issuePath(this.#context.folder, key);
  }

  #found(sighted: Sighted): FileRead {
    const read = assertDefined(sighted.read);
    if ('error' in read) {
      throw notFoundError(this.#path(fromOf(sighted)), read.error);
    }
    return read;
  }

  /** What each key has; undefined where there is no key. */
  async #read(keys: readonly (IssueKey | undefined)[]): Promise<(ReadOutcome | undefined)[]> {
    const reads = new Array<ReadOutcome | undefined>(keys.length);
    const known = [...keys.entries()].flatMap(([index, key]) => (key === undefined ? [] : [{ index, path: this.#path(key) }]));
    const keep = (index: number, read: ReadOutcome) => {
      reads[assertDefined(known[index]).index] = 'error' in read ? read : { bytes: Buffer.from(read.bytes), stat: read.stat };
    };
    await sweepReads(
      this.#context.disk,
      known.map(({ path }) => path),
      keep,
      { clock: this.#clock },
    );
    return reads;
  }

  async #stat(keys: readonly (IssueKey | undefined)[]): Promise<(StatOutcome | undefined)[]> {
    const known = keys.flatMap((key) => (key === undefined ? [] : [this.#path(key)]));
    const stats = await sweepStats(this.#context.disk, known, { clock: this.#clock });
    let next = 0;
    return keys.map((key) => (key === undefined ? undefined : stats[next++]));
  }
}

/** The key that a file is to have, if that is another one or must not be taken. */
function targetOf({ edits: [edit], from }: FileTask, { of }: NewNumbers): IssueKey | undefined {
  switch (edit?.kind) {
    case 'complete':
    case 'reopen':
      return issueKey(idOfKey(assertDefined(from)), edit.kind === 'complete');
    case 'rename':
      return renamed(assertDefined(from), edit.name);
    case 'renumber':
      return renumbered(assertDefined(from), of.get(edit));
    case 'adopt':
      return assertDefined(from?.split('/').at(-1)) as IssueKey;
    case 'restore':
      return edit.was?.key;
    default:
      return undefined;
  }
}

function renamed(key: IssueKey, name: string): IssueKey {
  return keyWithId(key, formatIssueId(numberOfId(idOfKey(key)), sanitizeIssueName(name)));
}

function renumbered(key: IssueKey, number: number | undefined): IssueKey | undefined {
  const id = idOfKey(key);
  if (numberOfId(id) === undefined) {
    throw new IssueError('invalidName', `${key}${ISSUE_EXTENSION} has no number that could be another one. Rename it instead.`);
  }
  return number === undefined ? undefined : keyWithId(key, renumberedId(id, number));
}

function refuseSameTarget(tasks: readonly FileTask[], targets: readonly (IssueKey | undefined)[]): void {
  const taken = new Set<IssueKey>();
  for (const [index, to] of targets.entries()) {
    if (to === undefined || tasks[index]?.edits[0]?.kind === 'restore') {
      continue;
    }
    if (taken.has(to)) {
      throw new IssueError('exists', `Two issues of one batch would be ${to}${ISSUE_EXTENSION}. Give one of them another name.`);
    }
    taken.add(to);
  }
}

function fromOf({ task }: Sighted): IssueKey {
  return assertDefined(task.from);
}

/** The same step, which makes the folder of its file first: it may have gone since the file was in it. */
function inFolder({ disk }: StepContext, path: string, step: Step): Step {
  return {
    run: async (report) => {
      await disk.makeFolder(dirname(path));
      return step.run(report);
    },
  };
}

/** The bytes of an issue's text. @throws IssueError `notText` if it cannot be UTF-8, `tooLarge` if nobody could read it afterwards. */
export function encodeText(label: string, content: string): Buffer {
  if (!content.isWellFormed()) {
    throw new IssueError(
      'notText',
      `The text for “${label}” has half a character in it (a lone surrogate) and cannot be stored as UTF-8. Remove it.`,
    );
  }
  const size = Buffer.byteLength(content, 'utf8');
  if (size > READ_LIMIT) {
    throw new IssueError(
      'tooLarge',
      `The text for “${label}” has ${megabytes(size)} MB, and an issue has ${megabytes(READ_LIMIT)} MB at most. Split it.`,
    );
  }
  return Buffer.from(content, 'utf8');
}
