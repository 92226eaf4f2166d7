import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CachedIssueStorage } from '../src/core/cache/cachedIssueStorage.ts';
import { type IssueRef, issueKey } from '../src/core/issue/issue.ts';
import { InstrumentedIssueStorage } from '../src/core/metrics/instrumentedIssueStorage.ts';
import { present } from '../src/core/present.ts';
import { FileSystemIssueStorage } from '../src/core/storage/fileSystemIssueStorage.ts';
import type { BatchIssueStorage, IssueStorage } from '../src/core/storage/issueStorage.ts';
import { sampleText } from './sampleStore.ts';
import { promiseReader, SeedIssueStorage, type SeedReader, synchronousReader } from './seed/seedIssueStorage.ts';

/** Where a case works, and how much it does there. */
export interface CaseContext {
  readonly folder: string;
  /** Issues in the folder when the case starts. */
  readonly size: number;
  /** The first number that the case may change; those below it belong to other cases. */
  readonly first: number;
  /** How many issues a batch is about, and so its loop. */
  readonly batchSize: number;
  /** Operations of the seed to time: each reads the whole store. */
  readonly seedOperations: number;
}

/** What is timed. */
export interface Plan {
  /** Operations in one sample; its time is divided by them. */
  readonly operations: number;
  /** Samples to take at least; more are taken until they have lasted for `millis`. */
  readonly samples: number;
  readonly millis: number;
  /** Done once before the first sample. */
  prepare?(): Promise<unknown>;
  /** Takes one sample. What it answers with is checked, which is not timed. */
  sample(): Promise<unknown>;
  /** Throws if the answer of a sample is not what it must be. */
  check(answer: unknown): void;
}

export type Case = (context: CaseContext) => Plan;

/** Cases that leave the store as it is. */
export const READERS: Readonly<Record<string, Case>> = {
  'seed get': (context) => seedLoop(context, (storage, number) => storage.getIssue(number)),
  'seed get, synchronous': (context) => repeated(seedLoop(context, (storage, number) => storage.getIssue(number), synchronousReader)),
  'seed list': (context) => ({
    ...list(context.size, () => new SeedIssueStorage(context.folder).listIssues()),
    samples: context.seedOperations,
    millis: 0,
  }),
  'seed list, synchronous': (context) => list(context.size, () => new SeedIssueStorage(context.folder, synchronousReader).listIssues()),
  'bare list': ({ folder, size }) =>
    list(size, async () => readdirSync(folder).map((fileName) => readFileSync(join(folder, fileName), 'utf8'))),
  list: (context) => {
    const storage = fileStorage(context);
    return list(context.size, () => storage.listIssues());
  },

  'get by number': (context) => gets(context, fileStorage(context), byNumber, UNCACHED_GETS),
  'get by key': (context) => gets(context, fileStorage(context), byKey, UNCACHED_GETS),
  'cached get by number': (context) => gets(context, cached(fileStorage(context)), byNumber, CACHED_GETS),
  'cached get by key': (context) => gets(context, cached(fileStorage(context)), byKey, CACHED_GETS),
  'metered cached get by key': (context) => gets(context, metered(cached(metered(fileStorage(context)))), byKey, CACHED_GETS),

  'loop get by number': (context) => repeated(loop(context, context.batchSize, get, byNumber)),
  'loop get by key': (context) => repeated(loop(context, context.batchSize, get, byKey)),
  'batch get': (context) => repeated(batch(context, (storage, numbers) => storage.getIssuesBatch(numbers))),
};

/** Cases that change the issues from the context's first number on, or add some. */
export const WRITERS: Readonly<Record<string, Case>> = {
  'seed create': (context) => seedLoop(context, (storage, number) => storage.createIssue(`new-${number}`, sampleText(number))),
  'seed update': (context) => seedLoop(context, (storage, number) => storage.updateIssue(number, newText(number))),
  'seed complete': (context) => seedLoop(context, (storage, number) => storage.markComplete(number)),

  create: (context) => loop(context, CREATES, create),
  'loop create': (context) => loop(context, context.batchSize, create),
  'loop update by number': (context) => loop(context, context.batchSize, update, byNumber),
  'loop update by key': (context) => loop(context, context.batchSize, update, byKey),
  'loop complete by number': (context) => loop(context, context.batchSize, (storage, ref) => storage.markComplete(ref), byNumber),
  'loop complete by key': (context) => loop(context, context.batchSize, (storage, ref) => storage.markComplete(ref), byKey),

  'batch create': (context) =>
    batch(context, async (storage, numbers) => {
      const drafts = numbers.map((number) => ({ name: `new ${number}`, content: sampleText(number) }));
      return (await storage.createIssuesBatch(drafts)).issues;
    }),
  'batch update': (context) =>
    batch(context, async (storage, numbers) => {
      const updates = numbers.map((ref) => ({ ref, content: newText(ref) }));
      return (await storage.updateIssuesBatch(updates)).issues;
    }),
  'batch complete': (context) => batch(context, async (storage, numbers) => (await storage.markCompleteBatch(numbers)).issues),
};

const READ_SAMPLES = 5;
const READ_MILLIS = 300;
const CREATES = 20;
/** Gets in a sample: enough for the clock to see them. They go round an equal number of issues, which all fit the cache. */
const UNCACHED_GETS = 200;
const CACHED_GETS = 20_000;
/** The cache's default size: the issues that a user goes back to are the same few, however many the store holds. */
const HOT_ISSUES = 1000;

type RefOf = (number: number) => IssueRef;

const byNumber: RefOf = (number) => number;
const byKey: RefOf = (number) => ({ key: issueKey(`${String(number).padStart(6, '0')}_issue-${number}`, false) });

function fileStorage({ folder }: CaseContext): FileSystemIssueStorage {
  return new FileSystemIssueStorage({ folder });
}

function cached(storage: BatchIssueStorage): CachedIssueStorage {
  return new CachedIssueStorage(storage);
}

function metered(storage: BatchIssueStorage): InstrumentedIssueStorage {
  return new InstrumentedIssueStorage(storage);
}

function newText(number: number): string {
  return `${sampleText(number)}\nUpdated.\n`;
}

function create(storage: IssueStorage, _ref: IssueRef, number: number): Promise<unknown> {
  return storage.createIssue(`new ${number}`, sampleText(number));
}

function get(storage: IssueStorage, ref: IssueRef): Promise<unknown> {
  return storage.getIssue(ref);
}

function update(storage: IssueStorage, ref: IssueRef, number: number): Promise<unknown> {
  return storage.updateIssue(ref, newText(number));
}

function numbersFrom(first: number, count: number): number[] {
  return Array.from({ length: count }, (_, index) => first + index);
}

/** The seed's operations one after another, as in its batches: as many as the size allows. */
function seedLoop(
  { folder, first, seedOperations }: CaseContext,
  operation: (storage: SeedIssueStorage, number: number) => Promise<unknown>,
  reader: SeedReader = promiseReader,
): Plan {
  const storage = new SeedIssueStorage(folder, reader);
  return {
    operations: seedOperations,
    samples: 1,
    millis: 0,
    async sample() {
      const answers: unknown[] = [];
      for (const number of numbersFrom(first, seedOperations)) {
        answers.push(await operation(storage, number));
      }
      return answers;
    },
    check: (answers) => expectIssues(answers, seedOperations),
  };
}

/** Our own single operations one after another. */
function loop(
  context: CaseContext,
  count: number,
  operation: (storage: IssueStorage, ref: IssueRef, number: number) => Promise<unknown>,
  refOf: RefOf = byNumber,
): Plan {
  const storage = fileStorage(context);
  return {
    operations: count,
    samples: 1,
    millis: 0,
    async sample() {
      const answers: unknown[] = [];
      for (const number of numbersFrom(context.first, count)) {
        answers.push(await operation(storage, refOf(number), number));
      }
      return answers;
    },
    check: (answers) => expectIssues(answers, count),
  };
}

function batch(context: CaseContext, operation: (storage: BatchIssueStorage, numbers: readonly number[]) => Promise<unknown>): Plan {
  const storage = fileStorage(context);
  const numbers = numbersFrom(context.first, context.batchSize);
  return {
    operations: context.batchSize,
    samples: 1,
    millis: 0,
    sample: () => operation(storage, numbers),
    check: (answers) => expectIssues(answers, context.batchSize),
  };
}

function list(size: number, operation: () => Promise<unknown>): Plan {
  return repeated({ operations: 1, samples: 1, millis: 0, sample: operation, check: (answers) => expectIssues(answers, size) });
}

/** A plan that changes nothing can be sampled again, and must be: the first samples still see code being compiled. */
function repeated(plan: Plan): Plan {
  return { ...plan, samples: READ_SAMPLES, millis: READ_MILLIS };
}

/** Gets of the hot issues, round and round. The first round fills the cache, if there is one. */
function gets({ size }: CaseContext, storage: IssueStorage, refOf: RefOf, operations: number): Plan {
  const refs = numbersFrom(1, Math.min(size, HOT_ISSUES)).map(refOf);
  let next = 0;
  const take = async (count: number) => {
    let issue: unknown;
    for (let i = 0; i < count; i++) {
      issue = await storage.getIssue(present(refs[next]));
      next = (next + 1) % refs.length;
    }
    return [issue];
  };
  return {
    operations,
    samples: READ_SAMPLES,
    millis: READ_MILLIS,
    prepare: () => take(refs.length),
    sample: () => take(operations),
    check: (answer) => expectIssues(answer, 1),
  };
}

/** A benchmark of something that does not do its work shows wonderful figures. */
function expectIssues(answer: unknown, count: number): void {
  const texts = (Array.isArray(answer) ? answer : []).map((issue: unknown) =>
    typeof issue === 'object' && issue !== null && 'content' in issue ? issue.content : issue,
  );
  if (texts.length !== count || !texts.every((text) => typeof text === 'string' && text.startsWith('# Issue number '))) {
    throw new Error(
      `Expected ${count} issues with their text, and got ${texts.length} answers that begin with ${String(texts[0]).slice(0, 40)}.`,
    );
  }
}
