import type { Row } from './rows.ts';

/** What was measured for a row: milliseconds of one operation, one entry for each round. */
export interface MeasuredRow extends Row {
  readonly subjectMillis: readonly number[];
  readonly referenceMillis: readonly number[];
}

export interface RunFacts {
  readonly node: string;
  readonly platform: string;
  readonly cores: number;
  readonly rounds: number;
  /** Operations of the seed that one round timed, for each size of store. */
  readonly seedOperations: ReadonlyMap<number, number>;
}

interface Ratio {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/** How many times faster the subject was, from the rounds' own ratios: what slows a whole round down falls out of them. */
export function ratioOf({ subjectMillis, referenceMillis }: MeasuredRow): Ratio {
  const ratios = subjectMillis.map((millis, round) => (referenceMillis[round] ?? Number.NaN) / millis);
  return { median: median(ratios), min: Math.min(...ratios), max: Math.max(...ratios) };
}

/** Demanded ratios that were not reached, as lines for people. */
export function shortfalls(rows: readonly MeasuredRow[]): string[] {
  return rows
    .filter((row) => row.demanded !== undefined && ratioOf(row).median < row.demanded)
    .map((row) => `${row.title}, ${count(row.size)} issues, against ${row.against}: ${factor(ratioOf(row).median)}, not ${row.demanded}`);
}

export function renderReport(rows: readonly MeasuredRow[], facts: RunFacts): string {
  const sections = [...new Set(rows.map(({ section }) => section))];
  const tables = sections.map((section) => {
    const lines = rows.filter((row) => row.section === section).map(renderRow);
    return `## ${section}\n\n${HEAD}\n${lines.join('\n')}\n`;
  });
  return `# Benchmarks\n\n${introduction(facts)}\n\n${tables.join('\n')}`;
}

const HEAD = [
  '| operation | issues in the store | time of one | against | its time | times as fast | spread |',
  '| --- | ---: | ---: | --- | ---: | ---: | ---: |',
].join('\n');

function renderRow(row: MeasuredRow): string {
  const { median: middle, min, max } = ratioOf(row);
  const cells = [
    row.title,
    count(row.size),
    duration(median(row.subjectMillis)),
    row.against,
    duration(median(row.referenceMillis)),
    `**${factor(middle)}**`,
    `${factor(min)}–${factor(max)}`,
  ];
  return `| ${cells.join(' | ')} |`;
}

function introduction({ node, platform, cores, rounds, seedOperations }: RunFacts): string {
  const scaled = [...seedOperations].map(([size, operations]) => `${operations} of ${count(size)}`).join(', ');
  return `Written by \`npm run bench\`: Node ${node}, ${platform}, ${cores} cores, rounds: ${rounds}.

- *Times as fast* is the reference's time divided by ours, measured one after the other within a round: the median of the
  rounds, with the smallest and the largest. Compare ratios between machines, not times.
- Each time is of one operation, an operation of a batch or a loop being one issue of it. Each case runs in a process of its own, warmed up.
- Real files of 0.5 to 4 KB, none complete, in the operating system's page cache. What we write is flushed to the disk before it gets its name, what the seed
  writes is not.
- *Seed* is the algorithm this project started from (\`bench/seed/\`): a get lists the folder and reads every file, one awaited read after
  another; a create lists everything; an update or a completion gets first; a batch is a loop. It is too slow to be timed a thousand times over: a
  round times a few of its operations (stores: ${scaled}) and scales them up. *Reading synchronously* is the kindest version of it.
- *By number* is a reference such as \`#12\`, which has to be looked up in the folder; *by key* names the file, as the tree and the editor do.
- Cached gets go round ${count(1000)} issues, the cache's default size.`;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

function factor(value: number): string {
  return `${significant(value)} ×`;
}

function duration(millis: number): string {
  if (millis >= 1) {
    return `${significant(millis)} ms`;
  }
  return millis >= 0.001 ? `${significant(millis * 1000)} µs` : `${significant(millis * 1_000_000)} ns`;
}

/** Two digits, or all of those before the point. */
function significant(value: number): string {
  return count(value >= 10 ? Math.round(value) : Number(value.toPrecision(2)));
}

function count(value: number): string {
  return value.toLocaleString('en-US').replaceAll(',', ' ');
}
