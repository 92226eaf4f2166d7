import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { CaseContext } from './plan.ts';
import { BATCH_SIZE, type CaseAt } from './rows.ts';
import { makeSampleStore, type SampleFormat } from './sampleStore.ts';

/** A folder changed so lately may be changed again within the resolution of its time stamp: it is no store at rest. */
const REST_MILLIS = 3000;
const SEED_OPERATIONS: ReadonlyMap<number, number> = new Map([
  [100, 20],
  [1000, 5],
  [10_000, 2],
]);
/** From this size on, writers that change disjoint issues share a store: a folder of thousands for each would take gigabytes. */
const SIZE_TO_SHARE = 10_000;

interface Shared {
  readonly root: string;
  /** The first number that no writer has been given. */
  free: number;
}

/** The stores of one run, below one temporary folder that goes when the run ends and not before: deleting slows creates down. */
export class Stores {
  readonly #root = mkdtempSync(join(tmpdir(), 'markdown-issues-bench-'));
  readonly #readers = new Map<string, string>();
  readonly #shared = new Map<string, Shared>();
  #made = 0;

  /** A place for a case to work in, which is made if it is not there. */
  take({ name, size, format = 'numbered' }: CaseAt, isWriter: boolean, isQuick: boolean): CaseContext {
    const scratch = join(this.#root, `scratch-${this.#made++}`);
    const place = isWriter ? this.#forWriting(name, size) : { root: this.#forReading(size, format), first: 1 };
    return {
      ...{ ...place, format, size },
      batchSize: Math.min(BATCH_SIZE, size),
      seedOperations: isQuick ? 1 : (SEED_OPERATIONS.get(size) ?? 1),
      scratch,
    };
  }

  get warmUpRoot(): string {
    return join(this.#root, 'warm-up');
  }

  /** Lets the disk take in what was made, and the folders grow old enough to be at rest. */
  async rest(): Promise<void> {
    spawnSync('sync');
    await setTimeout(REST_MILLIS);
  }

  /** Tries again where a case that was interrupted is still writing. */
  remove(): void {
    rmSync(this.#root, { recursive: true, force: true, maxRetries: 10 });
  }

  #forReading(size: number, format: SampleFormat): string {
    const id = `${format} ${size}`;
    const root = this.#readers.get(id) ?? this.#make(size, format);
    this.#readers.set(id, root);
    return root;
  }

  /** Bursts are about the first issues of a store, whatever their text, so they share one of their own. */
  #forWriting(name: string, size: number): { readonly root: string; readonly first: number } {
    const kind = ['burst', 'reconcile'].some((word) => name.includes(word))
      ? 'burst'
      : ['complete', 'create'].find((word) => name.endsWith(word));
    const id = `${kind ?? 'update'} ${size}`;
    let shared = size < SIZE_TO_SHARE ? undefined : this.#shared.get(id);
    if (shared === undefined || (kind !== 'burst' && shared.free + BATCH_SIZE - 1 > size)) {
      shared = { root: this.#make(size), free: 1 };
      this.#shared.set(id, shared);
    }
    const first = shared.free;
    shared.free += kind === 'burst' ? 0 : BATCH_SIZE;
    return { root: shared.root, first };
  }

  #make(size: number, format: SampleFormat = 'numbered'): string {
    const root = join(this.#root, `workspace-${this.#made++}`);
    makeSampleStore({ root, format }, size);
    return root;
  }
}
