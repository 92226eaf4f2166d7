import assert from 'node:assert/strict';
import fc from 'fast-check';
import { CachedIssueStorage, type CachedIssueStorageOptions } from '../../../../src/core/cache/cachedIssueStorage.ts';
import { NodeDisk } from '../../../../src/core/disk/nodeDisk.ts';
import { issueKey } from '../../../../src/core/formats/numberedLayout.ts';
import type { IssueRef } from '../../../../src/core/issue/issue.ts';
import { IssueError } from '../../../../src/core/issue/issueErrors.ts';
import { FileSystemIssueStorage } from '../../../../src/core/storage/fileSystemIssueStorage.ts';
import type { BatchIssueStorage } from '../../../../src/core/storage/issueStorage.ts';
import type { RestoreEdit, WriteResult } from '../../../../src/core/storage/issueStoragePort.ts';
import { ManualTime } from '../../support/manualTime.ts';
import { NUMBERED_SCHEMA, withNames } from '../../support/storages.ts';
import { TemporaryFolder } from '../../support/temporaryFolder.ts';

/** Few ids with repeated numbers, so that references are often ambiguous and meanings often change. */
const IDS = ['000001_a', '000001_b', '000002_a', '000002', '2', 'plain'] as const;
const REFS: readonly IssueRef[] = [1, 2, '1', '2', '#1', '#2', '000001', '000002', ...IDS, ...IDS.map((id) => `complete/${id}`)];

/** One step: on the storage, or behind its back, of which it is then told as a watcher would tell it. */
type Step =
  | { readonly kind: 'get'; readonly ref: IssueRef }
  | { readonly kind: 'getBatch'; readonly refs: readonly IssueRef[] }
  | { readonly kind: 'list' }
  | { readonly kind: 'create'; readonly content: string }
  | { readonly kind: 'update'; readonly ref: IssueRef; readonly content: string }
  | { readonly kind: 'complete' | 'reopen' | 'delete'; readonly ref: IssueRef }
  | { readonly kind: 'rename'; readonly ref: IssueRef; readonly name: string }
  | { readonly kind: 'updateBatch' | 'completeBatch' | 'renameBatch' | 'renumberBatch' | 'undo'; readonly refs: readonly IssueRef[] }
  | { readonly kind: 'writeOutside' | 'removeOutside'; readonly id: string; readonly completed: boolean; readonly content: string }
  | { readonly kind: 'clear' }
  | { readonly kind: 'wait'; readonly millis: number };

const ref = fc.constantFrom(...REFS);
const refs = fc.array(ref, { maxLength: 3 });
const content = fc.constantFrom('one', 'two', 'three');
const outside = { id: fc.constantFrom(...IDS), completed: fc.boolean(), content };

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('get' as const), ref }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('getBatch' as const), refs }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('list' as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('create' as const), content }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('update' as const), ref, content }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constantFrom('complete' as const, 'reopen' as const, 'delete' as const), ref }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('rename' as const), ref, name: fc.constantFrom('a', 'b', 'c') }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constantFrom(
        'updateBatch' as const,
        'completeBatch' as const,
        'renameBatch' as const,
        'renumberBatch' as const,
        'undo' as const,
      ),
      refs,
    }),
  },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('writeOutside' as const), ...outside }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('removeOutside' as const), ...outside }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('clear' as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('wait' as const), millis: fc.integer({ min: 1, max: 600 }) }) },
);

/** What came out, in a form that is equal if and only if it means the same. Times differ between two folders. */
async function outcomeOf(root: string, run: () => Promise<unknown>): Promise<string> {
  try {
    return JSON.stringify((await run()) ?? null, (key, value) =>
      key === 'createdAt' || key === 'modifiedAt' ? undefined : value,
    ).replaceAll(root, '');
  } catch (error) {
    if (!(error instanceof IssueError)) {
      throw error;
    }
    return `${error.code}: ${error.message.replaceAll(root, '')}`;
  }
}

/** A storage over its own folder, to which the same happens as to another. */
class Side {
  readonly folder = new TemporaryFolder();
  #lastUndo: readonly RestoreEdit[] | undefined;
  readonly cached: CachedIssueStorage | undefined;
  readonly storage: BatchIssueStorage;

  constructor(cache?: CachedIssueStorageOptions) {
    const files = new FileSystemIssueStorage({ schema: NUMBERED_SCHEMA, folder: this.folder.path, disk: new NodeDisk() });
    this.cached = cache && new CachedIssueStorage(files, cache);
    this.storage = withNames(this.cached ?? files, this.folder.path);
  }

  apply(step: Step): Promise<string> {
    return outcomeOf(this.folder.path, () => this.#run(step));
  }

  async #run(step: Step): Promise<unknown> {
    const { storage } = this;
    switch (step.kind) {
      case 'get':
        return storage.getIssue(step.ref);
      case 'getBatch':
        return storage.getIssuesBatch(step.refs);
      case 'list':
        return storage.listIssues();
      case 'create':
        return storage.createIssue('new', step.content);
      case 'update':
        return storage.updateIssue(step.ref, step.content);
      case 'complete':
        return storage.markComplete(step.ref);
      case 'reopen':
        return storage.reopen(step.ref);
      case 'delete':
        return storage.deleteIssue(step.ref);
      case 'rename':
        return storage.rename(step.ref, step.name);
      case 'updateBatch':
        return this.#batch(storage.updateIssuesBatch(step.refs.map((each) => ({ ref: each, content: 'batch' }))));
      case 'completeBatch':
        return this.#batch(storage.markCompleteBatch(step.refs));
      case 'renameBatch':
        return this.#batch(storage.renameIssuesBatch(step.refs.map((each, index) => ({ ref: each, name: `batch ${index}` }))));
      case 'renumberBatch':
        return this.#batch(storage.renumberIssuesBatch({ moves: step.refs.map((each) => ({ ref: each })), rewrites: [] }));
      case 'undo':
        return this.#undo();
      case 'writeOutside':
      case 'removeOutside':
        return this.#outside(step.kind === 'writeOutside', issueKey(step.id, step.completed), step.content);
      case 'clear':
        this.cached?.clearCache();
        return 'cleared';
      case 'wait':
        return 'waited';
    }
  }

  async #undo(): Promise<unknown> {
    return this.#lastUndo === undefined ? 'nothing to undo' : (await this.storage.write(this.#lastUndo)).issues;
  }

  async #batch(running: Promise<WriteResult>): Promise<unknown> {
    const { issues, undo } = await running;
    this.#lastUndo = undo;
    return issues;
  }

  #outside(write: boolean, key: string, content: string): string {
    const path = `${key}.md`;
    const exists = this.folder.contents()[path] !== undefined;
    if (write) {
      this.folder.write(path, content);
    } else if (exists) {
      this.folder.remove(path);
    }
    this.cached?.invalidate([key as ReturnType<typeof issueKey>]);
    return 'done outside';
  }
}

describe('CachedIssueStorage against plain storage', () => {
  for (const maxSize of [1, 3, 1000]) {
    it(`gives the same answers to everything, with room for ${maxSize}`, async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (steps) => {
          const time = new ManualTime(Date.now() + 60_000);
          const plain = new Side();
          const cached = new Side({ maxSize, ttl: 500, clock: time });
          try {
            for (const each of steps) {
              time.advance(each.kind === 'wait' ? each.millis : 0);
              assert.equal(await cached.apply(each), await plain.apply(each), JSON.stringify(each));
            }
            assert.deepEqual(cached.folder.contents(), plain.folder.contents());
          } finally {
            plain.folder.dispose();
            cached.folder.dispose();
          }
        }),
        { numRuns: Number(process.env.MODEL_RUNS ?? 60) },
      );
    }).timeout(60_000);
  }
});
