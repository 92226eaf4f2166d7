import type { Counts } from '../test/unit/counts/countedStore.ts';
import { COUNTED_OPERATIONS, type CountOutcome, countOperation } from '../test/unit/counts/operationCounts.ts';
import { grouped } from './figures.ts';

const COLUMNS: Readonly<Record<keyof Counts, string>> = {
  lists: 'folders listed',
  stats: 'stats',
  reads: 'files read',
  writes: 'writes',
  systemCalls: 'system calls',
  events: 'change events',
  rows: 'rows in them',
};
const KEYS = Object.keys(COLUMNS) as (keyof Counts)[];

/** What the operations cost in calls, which is the same on every machine and in every run. */
export interface CountReport {
  /** As a section of Markdown. */
  readonly section: string;
  /** Counts that are not what they must be, as lines for people. */
  readonly wrong: readonly string[];
}

export async function countAll(): Promise<CountReport> {
  const lines: string[] = [];
  const wrong: string[] = [];
  for (const operation of COUNTED_OPERATIONS) {
    for (const outcome of await countOperation(operation)) {
      lines.push(`| ${[operation.title, grouped(outcome.n), ...KEYS.map((key) => renderCount(outcome, key))].join(' | ')} |`);
      const different = KEYS.filter((key) => outcome.actual[key] !== outcome.expected[key]);
      wrong.push(
        ...different.map(
          (key) => `${operation.title}, n = ${outcome.n}: ${outcome.actual[key]} ${COLUMNS[key]}, not ${outcome.expected[key]}`,
        ),
      );
    }
  }
  const head = `| operation | n | ${Object.values(COLUMNS).join(' | ')} |\n| --- |${' ---: |'.repeat(KEYS.length + 1)}`;
  return {
    section: `## Counts\n\nIn a store of n issues and a completed one. These are exact, and tests hold them.\n\n${head}\n${lines.join('\n')}\n`,
    wrong,
  };
}

function renderCount({ actual, expected }: CountOutcome, key: keyof Counts): string {
  return actual[key] === expected[key] ? grouped(actual[key]) : `**${actual[key]}, not ${expected[key]}**`;
}
