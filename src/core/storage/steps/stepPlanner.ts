import { dirname } from 'node:path';
import { assertDefined } from '../../assertDefined.ts';
import type { Clock } from '../../clock.ts';
import { type FileRead, isForbidden, READ_LIMIT } from '../../disk/disk.ts';
import { type ReadOutcome, type StatOutcome, sweepReads, sweepStats } from '../../disk/sweep.ts';
import { idOfKey, issueKey, keyWithId } from '../../formats/numberedLayout.ts';
import type { IssueKey } from '../../issue/issue.ts';
import { ConflictError, IssueError, IssueExistsError } from '../../issue/issueErrors.ts';
import { formatIssueId, ISSUE_EXTENSION, numberOfId, renumberedId, sanitizeIssueName } from '../../issue/issueFileName.ts';
import { parseIssueRef } from '../../issue/issueRef.ts';
import { nameOf } from '../../issue/relativePath.ts';
import { changeMentions } from '../../markdown/issueMentions.ts';
import { megabytes, notFoundError, readError } from '../fileErrors.ts';
import { assertText } from '../issueFile.ts';
import type { CreateEdit, DeleteEdit, IssueEdit, RestoreEdit, UpdateEdit } from '../issueStoragePort.ts';
import { versionOf } from '../issueVersion.ts';
import type { NumberClaims } from '../numberClaims.ts';
import { createStep, deleteStep, moveStep, replaceStep, type StepContext, storedIssue } from './fileSteps.ts';
import { type Step, unchanged } from './runSteps.ts';
import { tickedText } from './tickedText.ts';
import { twoPartStep } from './twoPartStep.ts';

/** All edits of one file in a write. */
export interface FileTask {
  /** One edit, a `renumber` with a `rewriteMentions`, or any number of ticks. */
  readonly edits: readonly IssueEdit[];
  /** The file's current key; undefined if the file does not exist yet. */
  readonly from: IssueKey | undefined;
}

/** The numbers that a write has claimed. */
export interface NewNumbers {
  /** The number of each create and renumber edit, in the order of the edits. Empty for a dry run. */
  readonly byEdit: ReadonlyMap<IssueEdit, number>;
  readonly claims: NumberClaims;
}

/** A task with the current state of its source and target files. */
interface TaskOnDisk {
  readonly task: FileTask;
  readonly to: IssueKey | undefined;
  readonly read: ReadOutcome | undefined;
  readonly target: StatOutcome | undefined;
}

/** In the mode of a file. */
const OWNER_WRITES = 0o200;
/** The advice of a conflict in an undo. */
const LEFT_UNCHANGED = 'It was left as it is.';

/**
 * Plans the steps of a write. Reads all files concerned and runs all possible checks before the first step runs. If several tasks fail, it
 * throws the failure of the first.
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

  #step(onDisk: TaskOnDisk, numbers: NewNumbers): Step {
    const edit = assertDefined(onDisk.task.edits[0]);
    switch (edit.kind) {
      case 'create':
        return this.#create(edit, numbers);
      case 'update':
        return this.#update(edit, onDisk);
      case 'tick':
        return this.#tick(onDisk);
      case 'delete':
        return this.#delete(edit, onDisk);
      case 'restore':
        return this.#restore(edit, onDisk);
      case 'adopt':
        return this.#move(onDisk, this.#readOrThrow(onDisk));
      default:
        return this.#moveAndRewrite(onDisk, numbers);
    }
  }

  #create(edit: CreateEdit, { byEdit, claims }: NewNumbers): Step {
    const { name, content } = edit;
    const bytes = encodeText(name, content);
    const number = byEdit.get(edit);
    const key = issueKey(formatIssueId(number, sanitizeIssueName(name)), false);
    return createStep(this.#context, key, bytes, () => claims.spend(assertDefined(number), this.#path(key), bytes));
  }

  #update({ ref, content, expectedVersion }: UpdateEdit, onDisk: TaskOnDisk): Step {
    const seen = this.#readOrThrow(onDisk);
    const bytes = encodeText(parseIssueRef(ref).label, content);
    this.#assertVersion(onDisk, versionOf(seen.bytes), expectedVersion);
    return this.#replace(fromOf(onDisk), bytes, seen);
  }

  #tick(onDisk: TaskOnDisk): Step {
    const seen = this.#readOrThrow(onDisk);
    const [from, { format }] = [fromOf(onDisk), this.#context.files.schema];
    const path = this.#path(from);
    assertText(path, seen.bytes);
    const content = seen.bytes.toString('utf8');
    assertUnclaimed(path, seen, format.claimantOf?.(content));
    const ticks = onDisk.task.edits.filter((edit) => edit.kind === 'tick');
    const bytes = Buffer.from(tickedText(path, content, ticks, format));
    if (this.#context.files.issue(from, { bytes, stat: seen.stat }) === undefined) {
      throw new ConflictError(path, 'is no issue any more');
    }
    return this.#replace(from, bytes, seen);
  }

  #replace(key: IssueKey, bytes: Buffer, seen: FileRead): Step {
    return bytes.equals(seen.bytes) ? unchanged(storedIssue(this.#context, key, seen).issue) : replaceStep(this.#context, key, bytes, seen);
  }

  #delete({ expectedVersion }: DeleteEdit, onDisk: TaskOnDisk): Step {
    const [from, read] = [fromOf(onDisk), assertDefined(onDisk.read)];
    // A file that is only temporarily unreadable is not deleted, because an undo could not restore its text.
    if ('error' in read && !isForbidden(read.error)) {
      throw notFoundError(this.#path(from), read.error);
    }
    const { issue } = storedIssue(this.#context, from, read);
    this.#assertVersion(onDisk, issue.version, expectedVersion);
    return deleteStep(this.#context, from, issue, 'error' in read ? undefined : read);
  }

  /** Plans `complete`, `reopen`, `rename` and `renumber`, and the `rewriteMentions` that may accompany it. */
  #moveAndRewrite(onDisk: TaskOnDisk, { byEdit }: NewNumbers): Step {
    const seen = this.#readOrThrow(onDisk);
    const from = fromOf(onDisk);
    assertText(this.#path(from), seen.bytes);
    // If the text also changes, this runs only the checks: the step that moves the rewritten file is planned later.
    const move = this.#move(onDisk, seen);
    const rewrite = onDisk.task.edits.find((edit) => edit.kind === 'rewriteMentions');
    if (rewrite === undefined) {
      return move;
    }
    const newNumbers = [...byEdit].flatMap(([{ kind }, number]) => (kind === 'renumber' ? [number] : []));
    this.#assertVersion(onDisk, versionOf(seen.bytes), rewrite.expectedVersion);
    const mentions = rewrite.mentions.flatMap(({ start, digits, move: index }) => {
      const to = newNumbers[index];
      return to === undefined ? [] : [{ start, digits, to }];
    });
    const bytes = encodeText(from, changeMentions(seen.bytes.toString('utf8'), mentions));
    const replace = this.#replace(from, bytes, seen);
    const { to } = onDisk;
    return to === undefined || to === from ? replace : twoPartStep(replace, () => this.#planMove(from, to));
  }

  /** A move to the same key changes nothing and needs no undo. */
  #move({ task, to, target }: TaskOnDisk, seen: FileRead): Step {
    const from = assertDefined(task.from);
    if (to === undefined || from === to) {
      return unchanged(storedIssue(this.#context, from, seen).issue);
    }
    if (target !== undefined && 'error' in target) {
      throw readError(this.#path(to), target.error);
    }
    // On a file system that ignores case, both names can belong to one file.
    if (target?.stat !== undefined && target.stat.ino !== seen.stat.ino) {
      throw new IssueExistsError(this.#path(to));
    }
    return moveStep(this.#context, { from, to, seen });
  }

  #restore({ now, was }: RestoreEdit, onDisk: TaskOnDisk): Step {
    if (now === undefined) {
      return this.#restoreDeleted(assertDefined(was), onDisk);
    }
    const [path, { read }] = [this.#path(now.key), onDisk];
    if (now.version === '') {
      throw new ConflictError(path, 'could not be read when it was moved', LEFT_UNCHANGED);
    }
    if (read === undefined || 'error' in read) {
      throw new ConflictError(path, 'no longer exists or cannot be read', LEFT_UNCHANGED);
    }
    if (versionOf(read.bytes) !== now.version) {
      throw new ConflictError(path, 'has been changed since', LEFT_UNCHANGED);
    }
    if (was === undefined) {
      return deleteStep(this.#context, now.key, storedIssue(this.#context, now.key, read).issue, read, LEFT_UNCHANGED);
    }
    if (was.key === now.key) {
      return replaceStep(this.#context, was.key, Buffer.from(assertDefined(was.bytes)), read);
    }
    const move = withFolder(this.#context, this.#path(was.key), this.#move(onDisk, read));
    const { bytes } = was;
    return bytes === undefined ? move : twoPartStep(move, () => this.#planReplace(was.key, Buffer.from(bytes)));
  }

  #restoreDeleted({ key, bytes, mode }: NonNullable<RestoreEdit['was']>, { target }: TaskOnDisk): Step {
    const path = this.#path(key);
    if (bytes === undefined) {
      throw new ConflictError(path, 'could not be read before it was deleted, so it cannot be written anew', LEFT_UNCHANGED);
    }
    if (target !== undefined && ('error' in target || target.stat !== undefined)) {
      throw 'error' in target ? readError(path, target.error) : new IssueExistsError(path);
    }
    const { disk } = this.#context;
    return withFolder(
      this.#context,
      path,
      createStep(this.#context, key, Buffer.from(bytes), () => disk.create(path, bytes, { mode })),
    );
  }

  async #planMove(from: IssueKey, to: IssueKey): Promise<Step> {
    const [[read], [target]] = [await this.#read([from]), await this.#stat([to])];
    const onDisk: TaskOnDisk = { task: { edits: [], from }, to, read, target };
    return this.#move(onDisk, this.#readOrThrow(onDisk));
  }

  async #planReplace(key: IssueKey, bytes: Buffer): Promise<Step> {
    const [read] = await this.#read([key]);
    const seen = this.#readOrThrow({ task: { edits: [], from: key }, to: undefined, read, target: undefined });
    return replaceStep(this.#context, key, bytes, seen);
  }

  #assertVersion(onDisk: TaskOnDisk, version: string, expectedVersion: string | undefined): void {
    if (expectedVersion !== undefined && version !== expectedVersion) {
      throw new ConflictError(this.#path(fromOf(onDisk)), 'is not the version that was read');
    }
  }

  #path(key: IssueKey): string {
    return this.#context.files.pathOf(key);
  }

  #readOrThrow(onDisk: TaskOnDisk): FileRead {
    const read = assertDefined(onDisk.read);
    if ('error' in read) {
      throw notFoundError(this.#path(fromOf(onDisk)), read.error);
    }
    return read;
  }

  /** Undefined where there is no key. */
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

/** The key that the task moves or restores the file to; undefined if it does neither. */
function targetOf({ edits: [edit], from }: FileTask, { byEdit }: NewNumbers): IssueKey | undefined {
  switch (edit?.kind) {
    case 'complete':
    case 'reopen':
      return issueKey(idOfKey(assertDefined(from)), edit.kind === 'complete');
    case 'rename':
      return renamed(assertDefined(from), edit.name);
    case 'renumber':
      return renumbered(assertDefined(from), byEdit.get(edit));
    case 'adopt':
      return nameOf(assertDefined(from)) as IssueKey;
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

function fromOf({ task }: TaskOnDisk): IssueKey {
  return assertDefined(task.from);
}

/** @throws IssueError `notWritable` if the file is read-only: a rename would replace it all the same. */
function assertUnclaimed(path: string, { stat }: FileRead, claimant: string | undefined): void {
  if ((stat.mode & OWNER_WRITES) === 0) {
    const reason = claimant === undefined ? 'is read-only' : `is claimed by ${claimant} and read-only`;
    throw new IssueError('notWritable', `${path} ${reason}. Nothing was written.`);
  }
}

/** Creates the file's folder before the step, because the folder may have been deleted since. */
function withFolder({ disk }: StepContext, path: string, step: Step): Step {
  return {
    run: async (report) => {
      await disk.makeFolder(dirname(path));
      return step.run(report);
    },
  };
}

/** @throws IssueError `notText` if the text is not valid Unicode, `tooLarge` if it exceeds {@link READ_LIMIT}. */
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
