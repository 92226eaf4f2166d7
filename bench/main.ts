import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import { type CaseContext, WRITERS } from './cases.ts';
import { type MeasuredRow, renderReport, shortfalls } from './report.ts';
import { BATCH_SIZE, type Row, rowsFor } from './rows.ts';
import type { CaseRequest } from './runCase.ts';
import { makeSampleStore } from './sampleStore.ts';

const USAGE = `npm run bench [-- OPTIONS]
  --quick        stores of 100 and 1000 issues only, two rounds
  --only NAME    only rows with NAME in them, as in --only cached
  --rounds N     how often everything is measured; 5 unless given`;

/** A folder changed so lately may be changed again within the resolution of its time stamp: it is no store at rest. */
const REST_MILLIS = 3000;

const SEED_OPERATIONS: ReadonlyMap<number, number> = new Map([
  [100, 20],
  [1000, 5],
  [10_000, 2],
]);

/** From this size on, writers that change disjoint issues share a store: a folder of thousands for each would take gigabytes. */
const SIZE_TO_SHARE = 10_000;
const CHANGES = ['update', 'complete'];

/** The stores of one run, below one temporary folder that goes when the run ends and not before: deleting slows creates down. */
class Stores {
  readonly #root = mkdtempSync(join(tmpdir(), 'markdown-issues-bench-'));
  /** The first number of each store that no writer has been given. */
  readonly #free = new Map<string, number>();

  /** Folder and first number for a case, in a store that is made if it is not there. */
  take(name: string, size: number, round: number): Pick<CaseContext, 'folder' | 'first'> {
    if (!(name in WRITERS)) {
      return { folder: this.#store('readers', size), first: 1 };
    }
    const change = size >= SIZE_TO_SHARE ? CHANGES.find((word) => name.includes(word)) : undefined;
    const folder = this.#store(`${(change ?? name).replaceAll(' ', '-')}-${round}`, size);
    const first = this.#free.get(folder) ?? 1;
    this.#free.set(folder, first + BATCH_SIZE);
    return { folder, first };
  }

  get warmUpFolder(): string {
    return join(this.#root, 'warm-up');
  }

  remove(): void {
    rmSync(this.#root, { recursive: true, force: true });
  }

  #store(name: string, size: number): string {
    const folder = join(this.#root, `${name}-${size}`);
    if (!this.#free.has(folder)) {
      this.#free.set(folder, 1);
      makeSampleStore(folder, size);
    }
    return folder;
  }
}

/** Milliseconds of one operation. */
async function runCase(request: CaseRequest): Promise<number> {
  const script = join(dirname(fileURLToPath(import.meta.url)), 'runCase.mjs');
  const { stdout } = await promisify(execFile)(process.execPath, [script, JSON.stringify(request)]);
  return Number(stdout);
}

/**
 * Measures every case that the rows name once. Cases of one operation and size come close to each other, for they are
 * compared, and each round turns the order round, so that none is always the first.
 */
async function runRound(rows: readonly Row[], round: number, stores: Stores): Promise<Map<string, number>> {
  const requests = new Map<string, CaseRequest>();
  const byOperation = rows.toSorted((a, b) => a.size - b.size || a.title.localeCompare(b.title));
  for (const { subject, reference, size } of round % 2 === 0 ? byOperation : byOperation.reverse()) {
    for (const name of [subject, reference].filter((each) => !requests.has(caseId(each, size)))) {
      const context = { ...stores.take(name, size, round), size, batchSize: BATCH_SIZE, seedOperations: SEED_OPERATIONS.get(size) ?? 1 };
      requests.set(caseId(name, size), { name, context, warmUpFolder: stores.warmUpFolder });
    }
  }
  await setTimeout(REST_MILLIS);
  const millis = new Map<string, number>();
  for (const [id, request] of requests) {
    const start = performance.now();
    millis.set(id, await runCase(request));
    process.stderr.write(`round ${round + 1}: ${id}: ${((performance.now() - start) / 1000).toFixed(1)} s\n`);
  }
  return millis;
}

function caseId(name: string, size: number): string {
  return `${name}, ${size} issues`;
}

async function measureRows(rows: readonly Row[], rounds: number): Promise<MeasuredRow[]> {
  const stores = new Stores();
  const interrupted = () => {
    stores.remove();
    process.exit(130);
  };
  process.once('SIGINT', interrupted);
  try {
    const measured: Map<string, number>[] = [];
    for (let round = 0; round < rounds; round++) {
      measured.push(await runRound(rows, round, stores));
    }
    const of = (name: string, size: number) => measured.map((millis) => millis.get(caseId(name, size)) ?? Number.NaN);
    return rows.map((row) => ({ ...row, subjectMillis: of(row.subject, row.size), referenceMillis: of(row.reference, row.size) }));
  } finally {
    process.off('SIGINT', interrupted);
    stores.remove();
  }
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { quick: { type: 'boolean' }, only: { type: 'string' }, rounds: { type: 'string' }, help: { type: 'boolean' } },
  });
  const rounds = Number(values.rounds ?? (values.quick ? 2 : 5));
  const rows = rowsFor(values.quick ?? false).filter((row) => nameOf(row).includes(values.only?.toLowerCase() ?? ''));
  if (rows.length === 0) {
    process.stdout.write(`No row has “${values.only}” in it.\n`);
  }
  if (values.help || rows.length === 0 || !Number.isInteger(rounds) || rounds < 1) {
    process.stdout.write(`${USAGE}\n`);
    process.exitCode = values.help ? 0 : 2;
    return;
  }
  const measured = await measureRows(rows, rounds);
  const report = renderReport(measured, {
    node: process.versions.node,
    platform: process.platform,
    cores: availableParallelism(),
    rounds,
    seedOperations: new Map([...SEED_OPERATIONS].filter(([size]) => rows.some((row) => row.size === size))),
  });
  process.stdout.write(`\n${report}\n`);
  if (values.quick || values.only !== undefined) {
    process.stdout.write('Only a run of everything writes bench/results.md.\n');
  } else {
    writeFileSync('bench/results.md', report);
  }
  for (const line of shortfalls(measured)) {
    process.stdout.write(`Slower than demanded: ${line}\n`);
    process.exitCode = 1;
  }
}

/** What `--only` looks in. */
function nameOf({ section, title, subject, reference, against, size }: Row): string {
  return [section, title, subject, reference, against, size].join(' ').toLowerCase();
}

await main();
