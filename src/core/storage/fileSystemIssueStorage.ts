import pLimit from 'p-limit';
import { assertDefined } from '../assertDefined.ts';
import { type Clock, systemClock } from '../clock.ts';
import { type Disk, isNoFile } from '../disk/disk.ts';
import { mapConcurrently } from '../disk/mapConcurrently.ts';
import { NodeDisk } from '../disk/nodeDisk.ts';
import { compareIssues, type Issue, type IssueKey, type IssueRef, type IssueSummary } from '../issue/issue.ts';
import { IssueError, IssueExistsError, IssueNotFoundError } from '../issue/issueErrors.ts';
import { formatIssueId, ISSUE_EXTENSION, numberOfId, sanitizeIssueName } from '../issue/issueFileName.ts';
import { parseIssueRef } from '../issue/issueRef.ts';
import { idOfKey, isCompletedKey, issueKey, issuePath, keyWithId, storeFolder } from '../issue/storeLayout.ts';
import { type FileEditors, NO_EDITORS } from './fileEditors.ts';
import { readError, writeError } from './fileErrors.ts';
import { fillMissing } from './fillMissing.ts';
import { mustBeText, type ReadOutcome, type StoredIssue, storedIssue, storedSummary } from './issueFile.ts';
import { IssueLocator } from './issueLocator.ts';
import type { IssueRenumbering } from './issueRenumbering.ts';
import type {
  BatchIssueStorage,
  BatchResult,
  DeleteOptions,
  IssueDeletion,
  IssueDraft,
  IssueRename,
  IssueUpdate,
  UpdateOptions,
} from './issueStorage.ts';
import { NumberClaims } from './numberClaims.ts';
import { sweepReads } from './readSweep.ts';
import { createStep, type StepContext, type StorageWrite } from './steps/issueSteps.ts';
import { renumberChanges } from './steps/renumberSteps.ts';
import { runSteps, type StepsResult } from './steps/reversibleSteps.ts';
import { encodeText, type IssueMove, StepPlanner } from './steps/stepPlanner.ts';
import { listStore, refuseLinkedFolder } from './storeFolders.ts';

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
  /** Where files may be open while they are moved or deleted. */
  readonly editors?: FileEditors;
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
  readonly #planner: StepPlanner;
  /** Two creates that look for a free number at the same time would stand in each other's way. */
  readonly #oneCreate = pLimit(1);

  constructor(options: FileSystemIssueStorageOptions) {
    const { folder, disk = new NodeDisk(), clock = systemClock, onDidWrite, discard, editors = NO_EDITORS } = options;
    this.folder = folder;
    this.#disk = disk;
    this.#clock = clock;
    this.#locator = new IssueLocator(disk, folder, clock);
    this.#context = {
      disk,
      folder,
      onDidWrite: (write) => onDidWrite?.(write),
      discard: discard ?? ((filePath) => disk.remove(filePath)),
      editors,
    };
    this.#planner = new StepPlanner(this.#context, clock);
  }

  async createIssue(name: string, content: string): Promise<Issue> {
    const [issue] = (await this.createIssuesBatch([{ name, content }])).issues;
    return assertDefined(issue);
  }

  async getIssue(ref: IssueRef): Promise<Issue> {
    const query = parseIssueRef(ref);
    for await (const key of this.#locator.candidates(query)) {
      const issue = await this.#readIfThere(key);
      if (issue !== undefined) {
        return issue;
      }
    }
    throw new IssueNotFoundError(query.label);
  }

  async updateIssue(ref: IssueRef, content: string, options: UpdateOptions = {}): Promise<Issue> {
    const key = await this.#locator.forWriting(ref);
    return only(await runSteps(await this.#planner.updates([key], [{ ref, content, ...options }]))).issue;
  }

  markComplete(ref: IssueRef): Promise<Issue> {
    return this.#relocate(ref, true);
  }

  reopen(ref: IssueRef): Promise<Issue> {
    return this.#relocate(ref, false);
  }

  async rename(ref: IssueRef, name: string): Promise<Issue> {
    const key = await this.#locator.forWriting(ref);
    return only(await runSteps(await this.#planner.moves([{ from: key, to: renamed(key, name) }]))).issue;
  }

  async deleteIssue(ref: IssueRef, options: DeleteOptions = {}): Promise<IssueSummary> {
    const key = await this.#locator.forWriting(ref);
    return only(await runSteps(await this.#planner.deletions([key], [options])));
  }

  async listIssues(): Promise<Issue[]> {
    const issues: Issue[] = [];
    const { keys } = await listStore(this.#disk, this.folder);
    await this.#readAll(keys, (key, read) => issues.push(storedIssue(this.folder, key, read).issue));
    return issues.sort(compareIssues);
  }

  async listSummaries(): Promise<IssueSummary[]> {
    const summaries: IssueSummary[] = [];
    const { keys } = await listStore(this.#disk, this.folder);
    await this.#readAll(keys, (key, read) => summaries.push(storedSummary(this.folder, key, read).summary));
    return summaries.sort(compareIssues);
  }

  async allComplete(): Promise<boolean> {
    const { keys } = await listStore(this.#disk, this.folder);
    return keys.length > 0 && keys.every((key) => isCompletedKey(key));
  }

  createIssuesBatch(drafts: readonly IssueDraft[]): Promise<BatchResult> {
    return this.#oneCreate(async () => {
      const names = drafts.map(({ name }) => sanitizeIssueName(name));
      const contents = drafts.map(({ name, content }) => encodeText(name, content));
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
    if (keys.some((key) => key !== undefined && isCompletedKey(key))) {
      await refuseLinkedFolder(this.#disk, this.folder);
    }
    const read = new Map<IssueKey, Issue>();
    await this.#readAll([...new Set(keys.filter((key) => key !== undefined))], (key, outcome) => {
      const issue = storedIssue(this.folder, key, outcome).issue;
      if (issue.problem === undefined) {
        read.set(key, issue);
      }
    });
    const found = keys.map((key) => key && read.get(key));
    // Gone since the listing, never there, or not readable: a get of its own decides, and says which.
    return fillMissing(refs, found, (missing) => mapConcurrently(READ_CONCURRENCY, missing, (ref) => this.getIssue(ref)));
  }

  async updateIssuesBatch(updates: readonly IssueUpdate[]): Promise<BatchResult> {
    const keys = await this.#locator.allForWriting(updates.map(({ ref }) => ref));
    return issuesOf(await runSteps(await this.#planner.updates(keys, updates)));
  }

  markCompleteBatch(refs: readonly IssueRef[]): Promise<BatchResult> {
    return this.#relocateBatch(refs, true);
  }

  reopenBatch(refs: readonly IssueRef[]): Promise<BatchResult> {
    return this.#relocateBatch(refs, false);
  }

  async renameIssuesBatch(renames: readonly IssueRename[]): Promise<BatchResult> {
    const keys = await this.#locator.allForWriting(renames.map(({ ref }) => ref));
    const moves = renames.map(({ name }, index): IssueMove => {
      const from = assertDefined(keys[index]);
      return { from, to: renamed(from, name) };
    });
    const targets = new Set<IssueKey>();
    for (const { to } of moves) {
      if (targets.has(to)) {
        throw new IssueError('exists', `Two issues of one batch would be ${to}${ISSUE_EXTENSION}. Give one of them another name.`);
      }
      targets.add(to);
    }
    return issuesOf(await runSteps(await this.#planner.moves(moves)));
  }

  renumberIssuesBatch(renumbering: IssueRenumbering): Promise<BatchResult> {
    return this.#oneCreate(() => this.#renumberAll(renumbering));
  }

  async deleteIssuesBatch(deletions: readonly (IssueRef | IssueDeletion)[]): Promise<BatchResult<IssueSummary>> {
    const entries = deletions.map((entry): IssueDeletion => (typeof entry === 'object' && 'ref' in entry ? entry : { ref: entry }));
    const keys = await this.#locator.allForWriting(entries.map(({ ref }) => ref));
    const { results, ...reversal } = await runSteps(await this.#planner.deletions(keys, entries));
    return { issues: results, ...reversal };
  }

  async #renumberAll({ moves, rewrites }: IssueRenumbering): Promise<BatchResult> {
    const moved = await this.#locator.allForWriting(moves.map(({ ref }) => ref));
    const rewritten = await this.#locator.allForWriting(rewrites.map(({ ref }) => ref));
    const claims = new NumberClaims(this.#disk, this.folder);
    try {
      // The store is there: what is to be renumbered is in it.
      const numbers = await claims.take(moves.length, async () => undefined);
      const changes = renumberChanges({ moved, rewritten, rewrites, numbers });
      const { results, ...reversal } = await runSteps(await this.#planner.renumberings(changes));
      const issues = new Map(changes.map(({ from }, index) => [from, assertDefined(results[index]).issue]));
      return { issues: [...moved, ...rewritten].map((key) => assertDefined(issues.get(key))), ...reversal };
    } finally {
      await claims.release();
    }
  }

  async #createAll(names: readonly string[], contents: readonly Buffer[]): Promise<BatchResult> {
    const claims = new NumberClaims(this.#disk, this.folder);
    try {
      const numbers = await claims.take(names.length, () => this.#makeFolder(false));
      const steps = numbers.map((number, index) => {
        const key = issueKey(formatIssueId(number, assertDefined(names[index])), false);
        return createStep(this.#context, key, assertDefined(contents[index]), { claims, number });
      });
      return issuesOf(await runSteps(steps));
    } finally {
      await claims.release();
    }
  }

  async #relocate(ref: IssueRef, completed: boolean): Promise<Issue> {
    const steps = await this.#planner.moves([relocation(await this.#locator.forWriting(ref), completed)]);
    await this.#makeFolder(completed);
    return only(await runSteps(steps)).issue;
  }

  async #relocateBatch(refs: readonly IssueRef[], completed: boolean): Promise<BatchResult> {
    const keys = await this.#locator.allForWriting(refs);
    const steps = await this.#planner.moves(keys.map((key) => relocation(key, completed)));
    if (steps.length > 0) {
      await this.#makeFolder(completed);
    }
    return issuesOf(await runSteps(steps));
  }

  async #readIfThere(key: IssueKey): Promise<Issue | undefined> {
    const path = issuePath(this.folder, key);
    if (isCompletedKey(key)) {
      await refuseLinkedFolder(this.#disk, this.folder);
    }
    try {
      const { issue } = storedIssue(this.folder, key, await this.#disk.read(path));
      mustBeText(issue);
      return issue;
    } catch (error) {
      if (isNoFile(error)) {
        return undefined;
      }
      throw readError(path, error);
    }
  }

  async #readAll(keys: readonly IssueKey[], take: (key: IssueKey, read: ReadOutcome) => void): Promise<void> {
    const takeIfThere = (index: number, read: ReadOutcome) => {
      // A file that went away since the listing is simply not there.
      if (!('error' in read) || !isNoFile(read.error)) {
        take(assertDefined(keys[index]), read);
      }
    };
    const paths = keys.map((key) => issuePath(this.folder, key));
    await sweepReads(this.#disk, paths, takeIfThere, { clock: this.#clock });
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

/** The key of the issue under another name; number and folder stay. */
function renamed(key: IssueKey, name: string): IssueKey {
  return keyWithId(key, formatIssueId(numberOfId(idOfKey(key)), sanitizeIssueName(name)));
}

/** To the same name in one of the two folders. */
function relocation(from: IssueKey, completed: boolean): IssueMove {
  return { from, to: issueKey(idOfKey(from), completed) };
}

function issuesOf({ results, ...reversal }: StepsResult<StoredIssue>): BatchResult {
  return { issues: results.map(({ issue }) => issue), ...reversal };
}

function only<T>({ results }: StepsResult<T>): T {
  return assertDefined(results[0]);
}
