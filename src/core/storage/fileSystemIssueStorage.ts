import { dirname, join } from 'node:path';
import pLimit from 'p-limit';
import { assertDefined } from '../assertDefined.ts';
import { type Clock, systemClock } from '../clock.ts';
import { type Disk, isNoFile } from '../disk/disk.ts';
import { mapConcurrently } from '../disk/mapConcurrently.ts';
import { type ReadOutcome, sweepReads } from '../disk/sweep.ts';
import { issueKey, storeFolder } from '../formats/numberedLayout.ts';
import type { StoreSchema } from '../formats/storeSchema.ts';
import { compareIssues, type Issue, type IssueKey, type IssueRef, type IssueSummary } from '../issue/issue.ts';
import { IssueError, IssueExistsError, IssueNotFoundError } from '../issue/issueErrors.ts';
import { ISSUE_EXTENSION, issueIdOfFile, sanitizeIssueName } from '../issue/issueFileName.ts';
import { parseIssueRef } from '../issue/issueRef.ts';
import { type FileEditors, NO_EDITORS } from './fileEditors.ts';
import { readError, writeError } from './fileErrors.ts';
import { fillMissing } from './fillMissing.ts';
import { assertText, IssueFileReader, withText } from './issueFile.ts';
import { IssueLocator } from './issueLocator.ts';
import {
  type IssueEdit,
  type IssueStoragePort,
  NOTHING_WRITTEN,
  type RestoreEdit,
  type WriteOptions,
  type WriteResult,
} from './issueStoragePort.ts';
import { versionOf } from './issueVersion.ts';
import { NumberClaims } from './numberClaims.ts';
import type { StepContext } from './steps/fileSteps.ts';
import { runAllOrNothing, runRestores, type Step } from './steps/runSteps.ts';
import { encodeText, type FileTask, StepPlanner } from './steps/stepPlanner.ts';
import { listStore, refuseLinkedFolders } from './storeFolders.ts';

const READ_CONCURRENCY = 32;
/** Attempts of a create whose number and name another process takes first. */
const CREATE_ATTEMPTS = 10;

export interface FileSystemIssueStorageOptions {
  /** Absolute path of the store. If it does not exist, reads return nothing and the first create makes it. */
  readonly folder: string;
  readonly schema: StoreSchema;
  readonly disk: Disk;
  readonly clock?: Clock;
  /** Moves a file to the trash; by default it is deleted permanently. Must fail with `ENOENT` if the file does not exist. */
  readonly discard?: ((filePath: string) => Promise<void>) | undefined;
  readonly editors?: FileEditors | undefined;
}

/**
 * Stores issues as files in one folder. Caches nothing. It reads every format, ticks tasks in
 * every one that says so, and writes our own.
 *
 * A get or an update touches only its own file, and lists names only for a reference by number. A create lists names before and after it
 * claims its numbers, and reads no file.
 */
export class FileSystemIssueStorage implements IssueStoragePort {
  readonly folder: string;
  readonly #schema: StoreSchema;
  readonly #files: IssueFileReader;
  readonly #disk: Disk;
  readonly #clock: Clock;
  readonly #locator: IssueLocator;
  readonly #planner: StepPlanner;
  /** Serializes writes that need numbers; concurrent ones would compete for the same numbers. */
  readonly #numberingQueue = pLimit(1);

  constructor({ folder, schema, disk, clock = systemClock, discard, editors = NO_EDITORS }: FileSystemIssueStorageOptions) {
    this.folder = folder;
    this.#schema = schema;
    this.#files = new IssueFileReader(folder, schema);
    this.#disk = disk;
    this.#clock = clock;
    this.#locator = new IssueLocator(disk, this.#files, clock);
    const context: StepContext = { disk, files: this.#files, discard: discard ?? ((filePath) => disk.remove(filePath)), editors };
    this.#planner = new StepPlanner(context, clock);
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

  /** The issue that a summary is about; undefined if its file has another version by now. Parses nothing. Rejects if it cannot be read. */
  async getKnown(summary: IssueSummary): Promise<Issue | undefined> {
    await this.#refuseLinked([summary.key]);
    const { bytes } = await this.#disk.read(this.#files.pathOf(summary.key));
    return versionOf(bytes) === summary.version ? withText(summary, bytes.toString('utf8')) : undefined;
  }

  async getIssues(refs: readonly IssueRef[]): Promise<Issue[]> {
    const keys = await this.#locator.forReading(refs);
    const read = new Map<IssueKey, Issue>();
    await this.#readAll([...new Set(keys.filter((key) => key !== undefined))], (key, outcome) => {
      const issue = this.#files.issue(key, outcome)?.issue;
      if (issue !== undefined && issue.problem === undefined) {
        read.set(key, issue);
      }
    });
    const found = keys.map((key) => key && read.get(key));
    // Missing or unreadable: a separate get throws the error that says which.
    return fillMissing(refs, found, (missing) => mapConcurrently(READ_CONCURRENCY, missing, (ref) => this.getIssue(ref)));
  }

  async listIssues(): Promise<Issue[]> {
    const issues: Issue[] = [];
    const { keys } = await listStore(this.#disk, this.folder, this.#schema);
    await this.#readAll(keys, (key, read) => {
      const stored = this.#files.issue(key, read);
      issues.push(...(stored ? [stored.issue] : []));
    });
    return issues.sort(compareIssues);
  }

  async listSummaries(): Promise<IssueSummary[]> {
    const summaries: IssueSummary[] = [];
    const { keys } = await listStore(this.#disk, this.folder, this.#schema);
    await this.#readAll(keys, (key, read) => {
      const stored = this.#files.summary(key, read);
      summaries.push(...(stored ? [stored.summary] : []));
    });
    return summaries.sort(compareIssues);
  }

  async write(edits: readonly IssueEdit[], { dryRun = false }: WriteOptions = {}): Promise<WriteResult> {
    if (edits.length === 0) {
      return NOTHING_WRITTEN;
    }
    this.#assertWritable(edits);
    const isCreating = edits.some(({ kind }) => kind === 'create');
    edits.forEach(assertPossible);
    const isNumbering = isCreating || edits.some(({ kind }) => kind === 'renumber');
    const write = () => this.#write(edits, dryRun);
    if (!isNumbering || dryRun) {
      return write();
    }
    return this.#numberingQueue(async () => {
      for (let attempt = 1; ; attempt++) {
        try {
          return await write();
        } catch (error) {
          // Another process took the number and the name between listing and writing: list again.
          if (!isCreating || !(error instanceof IssueExistsError) || attempt === CREATE_ATTEMPTS) {
            throw error;
          }
        }
      }
    });
  }

  #assertWritable(edits: readonly IssueEdit[]): void {
    const { label, writes } = this.#schema.format;
    if (!writes.create && !(writes.tick && edits.every(staysInPlace))) {
      throw new IssueError('readOnly', `Issues of ${label} cannot be changed yet. Edit the file instead.`);
    }
  }

  async #write(edits: readonly IssueEdit[], dryRun: boolean): Promise<WriteResult> {
    const tasks = groupByFile(edits, await this.#keysOf(edits));
    const claims = new NumberClaims(this.#disk, this.#files);
    try {
      const numbering = edits.filter(({ kind }) => kind === 'create' || kind === 'renumber');
      const makeStore = () => (edits.some(({ kind }) => kind === 'create') ? this.#makeFolder(false) : Promise.resolve());
      const numbers = dryRun ? [] : await claims.take(numbering.length, makeStore);
      const byEdit = new Map(numbers.map((number, index) => [assertDefined(numbering[index]), number]));
      const steps = await this.#planner.plan(tasks, { byEdit, claims });
      return dryRun ? NOTHING_WRITTEN : await this.#run(edits, tasks, steps);
    } finally {
      await claims.release();
    }
  }

  async #run(edits: readonly IssueEdit[], tasks: readonly FileTask[], steps: readonly Step[]): Promise<WriteResult> {
    const restores = edits.filter((edit) => edit.kind === 'restore');
    if (restores.length === edits.length) {
      return runRestores(restores, steps);
    }
    for (const kind of ['complete', 'reopen']) {
      if (edits.some((edit) => edit.kind === kind)) {
        await this.#makeFolder(kind === 'complete');
      }
    }
    const result = await runAllOrNothing(steps, (edit) => this.#planRestore(edit));
    const issueOfEdit = new Map(tasks.flatMap((task, index) => task.edits.map((edit) => [edit, result.issues[index]])));
    return { ...result, issues: edits.map((edit) => assertDefined(issueOfEdit.get(edit))) };
  }

  async #planRestore(edit: RestoreEdit): Promise<Step> {
    const tasks = groupByFile([edit], await this.#keysOf([edit]));
    const [step] = await this.#planner.plan(tasks, { byEdit: new Map(), claims: new NumberClaims(this.#disk, this.#files) });
    return assertDefined(step);
  }

  /** The key of each edit's file; undefined if the edit creates it. */
  async #keysOf(edits: readonly IssueEdit[]): Promise<(IssueKey | undefined)[]> {
    const referring = edits.filter((edit) => 'ref' in edit);
    const meant = referring.length === 0 ? [] : await this.#locator.forWriting(referring.map(({ ref }) => ref));
    const keyOf = new Map<IssueEdit, IssueKey | undefined>(referring.map((edit, index) => [edit, meant[index]]));
    const restored = edits.flatMap((edit) => (edit.kind === 'restore' ? [edit.now?.key, edit.was?.key] : []));
    await this.#refuseLinked(restored.filter((key) => key !== undefined));
    for (const { path } of edits.filter((edit) => edit.kind === 'adopt')) {
      await this.#refuseLinks(path);
    }
    return edits.map((edit) => {
      switch (edit.kind) {
        case 'restore':
          return edit.now?.key;
        case 'adopt':
          return strayKey(edit.path);
        default:
          return keyOf.get(edit);
      }
    });
  }

  /** The target of a link is not part of the store. */
  async #refuseLinks(path: string): Promise<void> {
    for (let folder = dirname(strayKey(path)); folder !== '.'; folder = dirname(folder)) {
      if ((await this.#disk.stat(join(this.folder, folder)))?.kind !== 'folder') {
        throw new IssueNotFoundError(path);
      }
    }
  }

  async #readIfThere(key: IssueKey): Promise<Issue | undefined> {
    const path = this.#files.pathOf(key);
    await this.#refuseLinked([key]);
    try {
      const read = await this.#disk.read(path);
      assertText(path, read.bytes);
      return this.#files.issue(key, read)?.issue;
    } catch (error) {
      if (isNoFile(error)) {
        return undefined;
      }
      throw readError(path, error);
    }
  }

  async #readAll(keys: readonly IssueKey[], take: (key: IssueKey, read: ReadOutcome) => void): Promise<void> {
    const takeIfThere = (index: number, read: ReadOutcome) => {
      // Skip files deleted since the listing.
      if (!('error' in read) || !isNoFile(read.error)) {
        take(assertDefined(keys[index]), read);
      }
    };
    const paths = keys.map((key) => this.#files.pathOf(key));
    await sweepReads(this.#disk, paths, takeIfThere, { clock: this.#clock });
  }

  async #refuseLinked(keys: Iterable<IssueKey>): Promise<void> {
    await refuseLinkedFolders(this.#disk, this.folder, keys);
  }

  async #makeFolder(completed: boolean): Promise<void> {
    const path = storeFolder(this.folder, completed);
    await this.#refuseLinked([issueKey('', completed)]);
    try {
      await this.#disk.makeFolder(path);
    } catch (error) {
      throw writeError(path, error);
    }
  }
}

/** True of a tick, and of what reverts one. */
function staysInPlace(edit: IssueEdit): boolean {
  return edit.kind === 'tick' || (edit.kind === 'restore' && edit.now !== undefined && edit.now.key === edit.was?.key);
}

/** @throws IssueError if an edit is invalid regardless of the store's content. */
function assertPossible(edit: IssueEdit): void {
  if (edit.kind === 'create') {
    sanitizeIssueName(edit.name);
    encodeText(edit.name, edit.content);
  }
}

/**
 * The key of a file in another folder of the store. @throws IssueNotFoundError if the path is outside the store or does not name an issue.
 */
function strayKey(path: string): IssueKey {
  const parts = path.split('/');
  const id = issueIdOfFile(parts.pop() ?? '');
  if (id === undefined || parts.length === 0 || parts.some((part) => part === '' || part === '.' || part === '..' || part.includes('\\'))) {
    throw new IssueNotFoundError(path);
  }
  return [...parts, id].join('/') as IssueKey;
}

/**
 * Groups edits by file.
 * @throws IssueError `ambiguous` if two edits concern one file, except `renumber` followed by `rewriteMentions`, and ticks.
 */
function groupByFile(edits: readonly IssueEdit[], keys: readonly (IssueKey | undefined)[]): FileTask[] {
  const tasks = new Map<IssueKey | IssueEdit, FileTask>();
  for (const [index, edit] of edits.entries()) {
    const from = keys[index];
    const same = tasks.get(from ?? edit)?.edits ?? [];
    if (same.length > 0 && !canFollow(same, edit)) {
      throw new IssueError('ambiguous', `${from}${ISSUE_EXTENSION} is named twice in one batch. Name it once.`);
    }
    tasks.set(from ?? edit, { edits: [...same, edit], from });
  }
  return [...tasks.values()];
}

/** Whether an edit may concern the same file as these. */
function canFollow(edits: readonly IssueEdit[], { kind }: IssueEdit): boolean {
  const [first, ...others] = edits;
  return kind === 'tick' ? first?.kind === 'tick' : kind === 'rewriteMentions' && first?.kind === 'renumber' && others.length === 0;
}
