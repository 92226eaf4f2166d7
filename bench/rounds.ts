import { execFile } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { findCase } from './cases/allCases.ts';
import type { CaseResult } from './plan.ts';
import { type CaseAt, casesOf, type Row } from './rows.ts';
import type { CaseAnswer, CaseRequest } from './runCase.ts';
import { Stores } from './stores.ts';

/** What takes many seconds each time is measured once, in the first round. */
function isSlow({ name, size }: CaseAt): boolean {
  return name.startsWith('task-master') || (name.startsWith('seed: ') && size > 10_000);
}

/** What was found out about every case of one run. */
export class Measurements {
  readonly #results = new Map<string, CaseResult[]>();
  readonly #skipped = new Map<string, string>();

  /** One result for each round; one alone for what is measured once; none where it was skipped. */
  of(at: CaseAt): readonly CaseResult[] {
    return this.#results.get(caseId(at)) ?? [];
  }

  /** Why there are none, if there are none. */
  reason(at: CaseAt): string | undefined {
    return this.#skipped.get(caseId(at));
  }

  add(at: CaseAt, answer: CaseAnswer): void {
    const id = caseId(at);
    if ('skipped' in answer) {
      this.#skipped.set(id, answer.skipped);
    } else {
      this.#results.set(id, [...this.of(at), answer]);
    }
  }

  /** Whether another round would tell more. */
  needs(at: CaseAt): boolean {
    return this.reason(at) === undefined && !(isSlow(at) && this.of(at).length > 0);
  }
}

/** Measures every case that the rows name, in rounds. */
export async function measure(rows: readonly Row[], rounds: number, isQuick: boolean): Promise<Measurements> {
  const stores = new Stores();
  const interrupted = () => {
    stores.remove();
    process.exit(130);
  };
  process.once('SIGINT', interrupted);
  process.once('SIGTERM', interrupted);
  const measurements = new Measurements();
  try {
    for (let round = 0; round < rounds; round++) {
      await measureRound(rows, round, isQuick, stores, measurements);
    }
    return measurements;
  } finally {
    process.off('SIGINT', interrupted);
    process.off('SIGTERM', interrupted);
    stores.remove();
  }
}

/**
 * Measures every case once. Cases that are compared come close to each other, and each round turns the order round, so that
 * none is always the first.
 */
async function measureRound(
  rows: readonly Row[],
  round: number,
  isQuick: boolean,
  stores: Stores,
  measurements: Measurements,
): Promise<void> {
  const bySize = rows.toSorted((a, b) => a.subject.size - b.subject.size);
  const cases = new Map<string, CaseAt>();
  for (const row of round % 2 === 0 ? bySize : bySize.reverse()) {
    for (const at of casesOf(row).filter((each) => measurements.needs(each))) {
      cases.set(caseId(at), at);
    }
  }
  const requests = [...cases.values()].map((at): readonly [CaseAt, CaseRequest] => {
    const context = stores.take(at, findCase(at.name).kind === 'writer', isQuick);
    return [at, { name: at.name, context, warmUpRoot: stores.warmUpRoot, isQuick }];
  });
  await stores.rest();
  for (const [at, request] of requests) {
    const start = performance.now();
    measurements.add(at, await runCase(request));
    process.stderr.write(`round ${round + 1}: ${caseId(at)}: ${((performance.now() - start) / 1000).toFixed(1)} s\n`);
  }
}

async function runCase(request: CaseRequest): Promise<CaseAnswer> {
  const script = join(dirname(fileURLToPath(import.meta.url)), 'runCase.mjs');
  const { stdout } = await promisify(execFile)(process.execPath, ['--expose-gc', script, JSON.stringify(request)]);
  return JSON.parse(stdout) as CaseAnswer;
}

function caseId({ name, size, format = 'numbered' }: CaseAt): string {
  return `${name}, ${size} issues, ${format}`;
}
