import pLimit from 'p-limit';
import { type Clock, systemClock } from '../clock.ts';
import { compareIssues, type Issue, type IssueKey, type IssueRef, type IssueSummary, issueKey, splitIssueKey } from '../issue/issue.ts';
import { ConflictError, IssueError, IssueExistsError, IssueNotFoundError } from '../issue/issueErrors.ts';
import { formatIssueId, ISSUE_EXTENSION, parseIssueId, sanitizeIssueName } from '../issue/issueFileName.ts';
import { changeMentions } from '../issue/issueMentions.ts';
import { parseIssueRef } from '../issue/issueRef.ts';
import { present } from '../present.ts';
import { type Disk, type FileRead, isForbidden, isNoFile } from './disk.ts';
import { eachOf } from './eachOf.ts';
import {
  issuePath,
  type ReadOutcome,
  readError,
  readOutcome,
  readOutcomeSync,
  type StoredIssue,
  storedIssue,
  storedOrProblem,
  summaryOrProblem,
  versionOf,
  writeError,
} from './issueFile.ts';
import { IssueLocator } from './issueLocator.ts';
import type { IssueRenumbering } from './issueRenumbering.ts';
import { createStep, deleteStep, moveStep, replaceStep, type StepContext, type StorageWrite } from './issueSteps.ts';
import type { BatchIssueStorage, BatchResult, IssueDraft, IssueRename, IssueUpdate, UpdateOptions } from './issueStorage.ts';
import { NodeDisk } from './nodeDisk.ts';
import { NumberClaims } from './numberClaims.ts';
import { type RenumberChange, renumberChanges, rewriteAndMoveStep } from './renumberSteps.ts';
import { type ReversibleStep, runSteps, type StepsResult, unchanged } from './reversibleSteps.ts';
import { listStore, refuseLinkedFolder, storeFolder } from './storeFolders.ts';
import { sweep } from './sweep.ts';

const READ_CONCURRENCY = 32;
/** How often a create looks for another number when somebody else took the one it had found. */
const CREATE_ATTEMPTS = 10;

export interface FileSystemIssueStorageOptions {
  /** Absolute path of the store. It need not exist: reading it then gives nothing, and the first create makes it. */
  readonly folder: string;
  readonly disk?: Disk;
  readonly clock?: Clock;
  /** Told of each file that this storage changes, as it changes. */
  readonly onDidWrite?: (write: StorageWrite) => void;
  /** Where deleted files go; without it they are removed for good. Must fail with `ENOENT` if the file is not there. */
  readonly discard?: (filePath: string) => Promise<void>;
}

/**
 * Issues as files of one folder, in the format of SwissArmyHammer. Keeps nothing in memory but the names it last listed.
 *
 * A get or an update touches the one file that it is about, and lists names only where all it has is a number; a create
 * lists names, once before and once after it has claimed its numbers, and reads no file.
 */
export class FileSystemIssueStorage implements BatchIssueStorage {
  readonly folder: string;
  readonly #disk: Disk;
  readonly #clock: Clock;
  readonly #locator: IssueLocator;
  readonly #context: StepContext;
  /** Two creates that look for a free number at the same time would stand in each other's way. */
  readonly #oneCreate = pLimit(1);

  constructor({ folder, disk = new NodeDisk(), clock = systemClock, onDidWrite, discard }: FileSystemIssueStorageOptions) {
    this.folder = folder;
    this.#disk = disk;
    this.#clock = clock;
    this.#locator = new IssueLocator(disk, folder, () => clock.epoch());
    this.#context = {
      disk,
      folder,
      onDidWrite: (write) => onDidWrite?.(write),
      discard: discard ?? ((filePath) => disk.remove(filePath)),
    };
  }

  async createIssue(name: string, content: string): Promise<Issue> {
    const [issue] = (await this.createIssuesBatch([{ name, content }])).issues;
    return present(issue);
  }

  async getIssue(ref: IssueRef): Promise<Issue> {
    const query = parseIssueRef(ref);
    for await (const key of this.#locator.candidates(query)) {
      const stored = await this.#readIfThere(key);
      if (stored !== undefined) {
        return stored.issue;
      }
    }
    throw new IssueNotFoundError(query.label);
  }

  async updateIssue(ref: IssueRef, content: string, options: UpdateOptions = {}): Promise<Issue> {
    const key = await this.#locator.forWriting(ref);
    const step = await this.#updateStep(key, { ref, content, ...options });
    return only(await runSteps([step])).issue;
  }

  markComplete(ref: IssueRef): Promise<Issue> {
    return this.#relocate(ref, true);
  }

  reopen(ref: IssueRef): Promise<Issue> {
    return this.#relocate(ref, false);
  }

  async rename(ref: IssueRef, name: string): Promise<Issue> {
    const key = await this.#locator.forWriting(ref);
    return only(await runSteps([await this.#moveStep(key, renamed(key, name))])).issue;
  }

  async deleteIssue(ref: IssueRef): Promise<IssueSummary> {
    const key = await this.#locator.forWriting(ref);
    return only(await runSteps([await this.#deleteStep(key)]));
  }

  async listIssues(): Promise<Issue[]> {
    const issues: Issue[] = [];
    const { keys } = await listStore(this.#disk, this.folder);
    await this.#readAll(keys, (key, read) => issues.push(storedOrProblem(this.folder, key, read).issue));
    return issues.sort(compareIssues);
  }

  async listSummaries(): Promise<IssueSummary[]> {
    const summaries: IssueSummary[] = [];
    const { keys } = await listStore(this.#disk, this.folder);
    await this.#readAll(keys, (key, read) => summaries.push(summaryOrProblem(this.folder, key, read).summary));
    return summaries.sort(compareIssues);
  }

  async allComplete(): Promise<boolean> {
    const { keys } = await listStore(this.#disk, this.folder);
    return keys.length > 0 && keys.every((key) => splitIssueKey(key).completed);
  }

  createIssuesBatch(drafts: readonly IssueDraft[]): Promise<BatchResult> {
    return this.#oneCreate(async () => {
      const names = drafts.map(({ name }) => sanitizeIssueName(name));
      const contents = drafts.map(({ name, content }) => encode(name, content));
      for (let attempt = 1; ; attempt++) {
        try {
          return await this.#createAll(names, contents);
        } catch (error) {
          // Somebody else took the number and the very name between the listing and the write: list again.
          if (!(error instanceof IssueExistsError) || attempt === CREATE_ATTEMPTS) {
            throw error;
          }
        }
      }
    });
  }

  async getIssuesBatch(refs: readonly IssueRef[]): Promise<Issue[]> {
    const keys = await this.#locator.allForReading(refs);
    const found = new Map<IssueKey, Issue>();
    await this.#readAll([...new Set(keys.filter((key) => key !== undefined))], (key, read) => {
      const { issue } = storedOrProblem(this.folder, key, read);
      if (issue.problem === undefined) {
        found.set(key, issue);
      }
    });
    // Gone since the listing, never there, or not readable: a get of its own decides, and says which.
    return eachOf(READ_CONCURRENCY, refs, async (ref, index) => {
      const key = keys[index];
      return (key && found.get(key)) ?? this.getIssue(ref);
    });
  }

  async updateIssuesBatch(updates: readonly IssueUpdate[]): Promise<BatchResult> {
    const keys = await this.#locator.allForWriting(updates.map(({ ref }) => ref));
    const steps = await this.#plan(updates, (update, index) => this.#updateStep(present(keys[index]), update));
    return issuesOf(await runSteps(steps));
  }

  markCompleteBatch(refs: readonly IssueRef[]): Promise<BatchResult> {
    return this.#relocateBatch(refs, true);
  }

  reopenBatch(refs: readonly IssueRef[]): Promise<BatchResult> {
    return this.#relocateBatch(refs, false);
  }

  async renameIssuesBatch(renames: readonly IssueRename[]): Promise<BatchResult> {
    const keys = await this.#locator.allForWriting(renames.map(({ ref }) => ref));
    const targets = renames.map(({ name }, index) => renamed(present(keys[index]), name));
    const twice = targets.find((target, index) => targets.indexOf(target) !== index);
    if (twice !== undefined) {
      throw new IssueError('exists', `Two issues of one batch would be ${twice}${ISSUE_EXTENSION}. Give one of them another name.`);
    }
    return issuesOf(await runSteps(await this.#plan(keys, (key, index) => this.#moveStep(key, present(targets[index])))));
  }

  renumberIssuesBatch(renumbering: IssueRenumbering): Promise<BatchResult> {
    return this.#oneCreate(() => this.#renumberAll(renumbering));
  }

  async deleteIssuesBatch(refs: readonly IssueRef[]): Promise<BatchResult<IssueSummary>> {
    const keys = await this.#locator.allForWriting(refs);
    const { results, ...takingBack } = await runSteps(await this.#plan(keys, (key) => this.#deleteStep(key)));
    return { issues: results, ...takingBack };
  }

  async #renumberAll({ moves, rewrites }: IssueRenumbering): Promise<BatchResult> {
    const moved = await this.#locator.allForWriting(moves.map(({ ref }) => ref));
    const rewritten = await this.#locator.allForWriting(rewrites.map(({ ref }) => ref));
    const claims = new NumberClaims(this.#disk, this.folder);
    try {
      // The store is there: what is to be renumbered is in it.
      const numbers = await claims.take(moves.length, async () => undefined);
      const changes = renumberChanges({ moved, rewritten, rewrites, numbers });
      const steps = await this.#plan(changes, (change) => this.#renumberStep(change));
      const { results, ...takingBack } = await runSteps(steps);
      const issues = new Map(changes.map(({ from }, index) => [from, present(results[index]).issue]));
      return { issues: [...moved, ...rewritten].map((key) => present(issues.get(key))), ...takingBack };
    } finally {
      await claims.release();
    }
  }

  async #createAll(names: readonly string[], contents: readonly Buffer[]): Promise<BatchResult> {
    const claims = new NumberClaims(this.#disk, this.folder);
    try {
      const numbers = await claims.take(names.length, () => this.#makeFolder(false));
      const steps = numbers.map((number, index) => {
        const key = issueKey(formatIssueId(number, present(names[index])), false);
        return createStep(this.#context, key, present(contents[index]), { claims, number });
      });
      return issuesOf(await runSteps(steps));
    } finally {
      await claims.release();
    }
  }

  async #relocate(ref: IssueRef, completed: boolean): Promise<Issue> {
    const step = await this.#relocateStep(await this.#locator.forWriting(ref), completed);
    await this.#makeFolder(completed);
    return only(await runSteps([step])).issue;
  }

  async #relocateBatch(refs: readonly IssueRef[], completed: boolean): Promise<BatchResult> {
    const keys = await this.#locator.allForWriting(refs);
    const steps = await this.#plan(keys, (key) => this.#relocateStep(key, completed));
    if (steps.length > 0) {
      await this.#makeFolder(completed);
    }
    return issuesOf(await runSteps(steps));
  }

  #relocateStep(key: IssueKey, completed: boolean): Promise<ReversibleStep<StoredIssue>> {
    return this.#moveStep(key, issueKey(splitIssueKey(key).id, completed));
  }

  /** A move onto itself is no change, and nothing to take back. */
  async #moveStep(from: IssueKey, to: IssueKey): Promise<ReversibleStep<StoredIssue>> {
    const seen = await this.#readForWriting(from);
    const stored = storedIssue(this.folder, from, seen);
    if (from === to) {
      return unchanged(stored);
    }
    const target = issuePath(this.folder, to);
    const taken = await this.#disk.stat(target).catch((error: unknown) => {
      throw readError(target, error);
    });
    if (taken !== undefined && taken.ino !== seen.stat.ino) {
      throw new IssueExistsError(target);
    }
    return moveStep(this.#context, from, to, seen);
  }

  async #updateStep(key: IssueKey, { ref, content, expectedVersion }: IssueUpdate): Promise<ReversibleStep<StoredIssue>> {
    const bytes = encode(parseIssueRef(ref).label, content);
    const seen = await this.#readForWriting(key);
    if (expectedVersion !== undefined && versionOf(seen.bytes) !== expectedVersion) {
      throw new ConflictError(issuePath(this.folder, key), 'is not the version that was read');
    }
    return bytes.equals(seen.bytes) ? unchanged(storedIssue(this.folder, key, seen)) : replaceStep(this.#context, key, bytes, seen);
  }

  async #renumberStep({ from, to, rewrite, changes }: RenumberChange): Promise<ReversibleStep<StoredIssue>> {
    if (rewrite === undefined) {
      return this.#moveStep(from, to);
    }
    const seen = await this.#readForWriting(from);
    const { issue } = storedIssue(this.folder, from, seen);
    const { ref, expectedVersion } = rewrite;
    const update = { ref, content: changeMentions(issue.content, changes), expectedVersion };
    const written = await this.#updateStep(from, update);
    if (from === to) {
      return written;
    }
    // Planned here for its checks alone, which come before the first write: what moves is what has been rewritten by then.
    await this.#moveStep(from, to);
    return rewriteAndMoveStep(written, () => this.#moveStep(from, to));
  }

  async #deleteStep(key: IssueKey): Promise<ReversibleStep<IssueSummary>> {
    const path = issuePath(this.folder, key);
    const read = await readOutcome(this.#disk, path);
    if ('error' in read && isNoFile(read.error)) {
      throw new ConflictError(path, 'is not there any more');
    }
    // What cannot be read only for now could be brought back later, so it is not deleted without its text.
    if ('error' in read && !isForbidden(read.error)) {
      throw readError(path, read.error);
    }
    const { summary } = summaryOrProblem(this.folder, key, read);
    return deleteStep(this.#context, key, summary, 'error' in read ? undefined : read);
  }

  /** Plans every step of a batch before the first of them runs. */
  #plan<T, S>(entries: readonly T[], step: (entry: T, index: number) => Promise<ReversibleStep<S>>): Promise<ReversibleStep<S>[]> {
    return eachOf(READ_CONCURRENCY, entries, step);
  }

  async #readIfThere(key: IssueKey): Promise<StoredIssue | undefined> {
    const path = issuePath(this.folder, key);
    if (splitIssueKey(key).completed) {
      await refuseLinkedFolder(this.#disk, this.folder);
    }
    try {
      return storedIssue(this.folder, key, await this.#disk.read(path));
    } catch (error) {
      if (isNoFile(error)) {
        return undefined;
      }
      throw readError(path, error);
    }
  }

  async #readForWriting(key: IssueKey): Promise<FileRead> {
    const path = issuePath(this.folder, key);
    try {
      return await this.#disk.read(path);
    } catch (error) {
      throw isNoFile(error) ? new ConflictError(path, 'is not there any more') : readError(path, error);
    }
  }

  async #readAll(keys: readonly IssueKey[], take: (key: IssueKey, read: ReadOutcome) => void): Promise<void> {
    const paths = keys.map((key) => issuePath(this.folder, key));
    await sweep(
      keys.length,
      {
        readSync: (index) => readOutcomeSync(this.#disk, present(paths[index])),
        read: (index) => readOutcome(this.#disk, present(paths[index])),
      },
      (index, read) => {
        // A file that went away since the listing is simply not there.
        if (!('error' in read) || !isNoFile(read.error)) {
          take(present(keys[index]), read);
        }
      },
      { clock: this.#clock },
    );
  }

  async #makeFolder(completed: boolean): Promise<void> {
    const path = storeFolder(this.folder, completed);
    if (completed) {
      await refuseLinkedFolder(this.#disk, this.folder);
    }
    try {
      await this.#disk.makeFolder(path);
    } catch (error) {
      throw writeError(path, error);
    }
  }
}

function encode(label: string, content: string): Buffer {
  if (!content.isWellFormed()) {
    throw new IssueError(
      'notText',
      `The text for “${label}” has half a character in it (a lone surrogate) and cannot be stored as UTF-8. Remove it.`,
    );
  }
  return Buffer.from(content, 'utf8');
}

/** The key of the issue under another name; number and folder stay. */
function renamed(key: IssueKey, name: string): IssueKey {
  const { id, completed } = splitIssueKey(key);
  return issueKey(formatIssueId(parseIssueId(id).number, sanitizeIssueName(name)), completed);
}

function issuesOf({ results, ...takingBack }: StepsResult<StoredIssue>): BatchResult {
  return { issues: results.map(({ issue }) => issue), ...takingBack };
}

function only<T>({ results }: StepsResult<T>): T {
  return present(results[0]);
}
