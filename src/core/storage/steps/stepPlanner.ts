import { assertDefined } from '../../assertDefined.ts';
import type { Clock } from '../../clock.ts';
import { type FileRead, isForbidden, READ_LIMIT } from '../../disk/disk.ts';
import type { IssueKey, IssueSummary } from '../../issue/issue.ts';
import { ConflictError, IssueError, IssueExistsError } from '../../issue/issueErrors.ts';
import { parseIssueRef } from '../../issue/issueRef.ts';
import { issuePath } from '../../issue/storeLayout.ts';
import { changeMentions } from '../../markdown/issueMentions.ts';
import { megabytes, notFoundError, readError } from '../fileErrors.ts';
import { mustBeText, type ReadOutcome, type StoredIssue, storedIssue, storedSummary } from '../issueFile.ts';
import type { DeleteOptions, IssueUpdate } from '../issueStorage.ts';
import { versionOf } from '../issueVersion.ts';
import { type StatOutcome, sweepReads, sweepStats } from '../readSweep.ts';
import { deleteStep, moveStep, replaceStep, type StepContext } from './issueSteps.ts';
import { type RenumberChange, rewriteAndMoveStep } from './renumberSteps.ts';
import { type ReversibleStep, unchanged } from './reversibleSteps.ts';

/** One file to another key. */
export interface IssueMove {
  readonly from: IssueKey;
  readonly to: IssueKey;
}

/**
 * Plans the steps of a batch: looks at every file that it is about, a sweep at a time, and checks everything that can be checked, before the
 * first of the steps runs. What is wrong with the first entry, in their order, is what is thrown.
 */
export class StepPlanner {
  readonly #context: StepContext;
  readonly #clock: Clock;

  constructor(context: StepContext, clock: Clock) {
    this.#context = context;
    this.#clock = clock;
  }

  /** @param keys what the references of the updates mean. */
  async updates(keys: readonly IssueKey[], updates: readonly IssueUpdate[]): Promise<ReversibleStep<StoredIssue>[]> {
    const reads = await this.#read(keys);
    return keys.map((key, index) => this.#update(key, assertDefined(updates[index]), this.#found(key, assertDefined(reads[index]))));
  }

  async moves(moves: readonly IssueMove[]): Promise<ReversibleStep<StoredIssue>[]> {
    const reads = await this.#read(moves.map(({ from }) => from));
    const targets = await this.#stat(moves.map(({ to }) => this.#path(to)));
    return moves.map((move, index) => this.#move(move, this.#found(move.from, assertDefined(reads[index])), assertDefined(targets[index])));
  }

  /** @param options one for each of the keys. */
  async deletions(keys: readonly IssueKey[], options: readonly DeleteOptions[]): Promise<ReversibleStep<IssueSummary>[]> {
    const reads = await this.#read(keys);
    return keys.map((key, index) => this.#deletion(key, assertDefined(options[index]), assertDefined(reads[index])));
  }

  async renumberings(changes: readonly RenumberChange[]): Promise<ReversibleStep<StoredIssue>[]> {
    const reads = await this.#read(changes.map(({ from }) => from));
    const targets = await this.#stat(changes.map(({ to }) => this.#path(to)));
    return changes.map((change, index) =>
      this.#renumbering(change, this.#found(change.from, assertDefined(reads[index])), assertDefined(targets[index])),
    );
  }

  #update(key: IssueKey, { ref, content, expectedVersion }: IssueUpdate, seen: FileRead): ReversibleStep<StoredIssue> {
    const bytes = encodeText(parseIssueRef(ref).label, content);
    this.#mustBeVersion(key, versionOf(seen.bytes), expectedVersion);
    if (bytes.equals(seen.bytes)) {
      return unchanged(this.#path(key), storedIssue(this.#context.folder, key, seen));
    }
    return replaceStep(this.#context, key, bytes, seen);
  }

  /** A move onto itself is no change, and nothing to take back. */
  #move({ from, to }: IssueMove, seen: FileRead, target: StatOutcome): ReversibleStep<StoredIssue> {
    const stored = storedIssue(this.#context.folder, from, seen);
    mustBeText(stored.issue);
    if (from === to) {
      return unchanged(this.#path(from), stored);
    }
    if ('error' in target) {
      throw readError(this.#path(to), target.error);
    }
    if (target.stat !== undefined && target.stat.ino !== seen.stat.ino) {
      throw new IssueExistsError(this.#path(to));
    }
    return moveStep(this.#context, { from, to, seen });
  }

  #deletion(key: IssueKey, { expectedVersion }: DeleteOptions, read: ReadOutcome): ReversibleStep<IssueSummary> {
    // What cannot be read only for now could be brought back later, so it is not deleted without its text.
    if ('error' in read && !isForbidden(read.error)) {
      throw notFoundError(this.#path(key), read.error);
    }
    const { summary } = storedSummary(this.#context.folder, key, read);
    this.#mustBeVersion(key, summary.version, expectedVersion);
    return deleteStep(this.#context, key, summary, 'error' in read ? undefined : read);
  }

  #renumbering({ from, to, rewrite, changes }: RenumberChange, seen: FileRead, target: StatOutcome): ReversibleStep<StoredIssue> {
    // Where there is a text to be rewritten as well, this is for the checks alone, that it is text among them: what moves is what has been
    // rewritten by then.
    const move = this.#move({ from, to }, seen, target);
    if (rewrite === undefined) {
      return move;
    }
    const { ref, expectedVersion } = rewrite;
    const content = changeMentions(seen.bytes.toString('utf8'), changes);
    const update = this.#update(from, { ref, content, expectedVersion }, seen);
    return from === to ? update : rewriteAndMoveStep(update, async () => assertDefined((await this.moves([{ from, to }]))[0]));
  }

  #mustBeVersion(key: IssueKey, version: string, expected: string | undefined): void {
    if (expected !== undefined && version !== expected) {
      throw new ConflictError(this.#path(key), 'is not the version that was read');
    }
  }

  #path(key: IssueKey): string {
    return issuePath(this.#context.folder, key);
  }

  #found(key: IssueKey, read: ReadOutcome): FileRead {
    if ('error' in read) {
      throw notFoundError(this.#path(key), read.error);
    }
    return read;
  }

  async #read(keys: readonly IssueKey[]): Promise<ReadOutcome[]> {
    const reads = new Array<ReadOutcome>(keys.length);
    const keep = (index: number, read: ReadOutcome) => {
      reads[index] = 'error' in read ? read : { bytes: Buffer.from(read.bytes), stat: read.stat };
    };
    const paths = keys.map((key) => this.#path(key));
    await sweepReads(this.#context.disk, paths, keep, { clock: this.#clock });
    return reads;
  }

  #stat(paths: readonly string[]): Promise<StatOutcome[]> {
    return sweepStats(this.#context.disk, paths, { clock: this.#clock });
  }
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
