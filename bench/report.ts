import { duration, grouped, median, significant } from './figures.ts';
import type { CaseResult } from './plan.ts';
import type { Measurements } from './rounds.ts';
import { type CaseAt, casesOf, type FigureRow, type RatioRow, type Row } from './rows.ts';

interface RunFacts {
  readonly node: string;
  readonly platform: string;
  readonly cores: number;
  readonly rounds: number;
  /** Markdown of the section on counts. */
  readonly counts: string;
}

/** A row with what was measured for it. */
interface Outcome {
  readonly row: Row;
  /** Set where it could not be measured. */
  readonly skipped?: string;
  readonly ours: string;
  readonly theirs: string;
  /** Ratio or figure, one for each round. */
  readonly values: readonly number[];
  readonly target?: number;
  readonly isMet?: boolean;
}

export class Report {
  readonly #outcomes: readonly Outcome[];
  readonly #facts: RunFacts;

  constructor(rows: readonly Row[], measurements: Measurements, facts: RunFacts) {
    this.#outcomes = rows.map((row) => outcome(row, measurements));
    this.#facts = facts;
  }

  /** All of it as Markdown. */
  render(): string {
    const sections = [...new Set(this.#outcomes.map(({ row }) => row.section))];
    const tables = sections.map((section) => {
      const lines = this.#outcomes.filter(({ row }) => row.section === section).map(renderLine);
      return `## ${section}\n\n${HEAD}\n${lines.join('\n')}\n`;
    });
    return [`# Benchmarks\n\n${introduction(this.#facts)}\n`, ...tables, this.#facts.counts, this.#readme()].join('\n');
  }

  /** Demands that were not met, as lines for people. */
  shortfalls(): string[] {
    return this.#outcomes
      .filter(({ isMet }) => isMet === false)
      .map(
        (each) => `${each.row.title}, ${grouped(each.row.subject.size)} issues${against(each.row)}: ${renderValue(each)}, ${verdict(each)}`,
      );
  }

  #readme(): string {
    const quoted = this.#outcomes.filter(({ row, skipped }) => row.readme !== undefined && skipped === undefined);
    const lines = quoted.map((each) => `| ${each.row.readme} | ${grouped(each.row.subject.size)} | ${renderValue(each)} |`);
    return `## For the README\n\n| operation | issues in the store | |\n| --- | ---: | ---: |\n${lines.join('\n')}\n`;
  }
}

const HEAD = [
  '| operation | issues in the store | ours | against | theirs | | spread | target | |',
  '| --- | ---: | ---: | --- | ---: | ---: | ---: | ---: | --- |',
].join('\n');

function outcome(row: Row, measurements: Measurements): Outcome {
  const reason = casesOf(row)
    .map((at) => measurements.reason(at))
    .find((each) => each !== undefined);
  const none = { row, ours: '', theirs: '', values: [] };
  if (reason !== undefined) {
    return { ...none, skipped: reason };
  }
  return 'references' in row ? ratioOutcome(row, measurements) : figureOutcome(row, measurements);
}

/** Ratios are those of the rounds: what slows a whole round down falls out of them. */
function ratioOutcome(row: RatioRow, measurements: Measurements): Outcome {
  const millis = (at: CaseAt) => measurements.of(at).map((result) => result.millis);
  const ours = millis(row.subject);
  const all = row.references.map(millis);
  const theirs = ours.map((_, round) => Math.min(...all.map((each) => each[round] ?? each[0] ?? Number.NaN)));
  const values = ours.map((own, round) => {
    const cost = own / (theirs[round] ?? Number.NaN);
    return row.as === 'cost' ? cost : 1 / cost;
  });
  const measured = { row, ours: duration(median(ours)), theirs: duration(median(theirs)), values };
  return row.target === undefined ? measured : judged(measured, row.target, row.as === 'cost');
}

function figureOutcome(row: FigureRow, measurements: Measurements): Outcome {
  const values = measurements.of(row.subject).map((result) => figureOf(result, row.figure));
  const measured = { row, ours: '', theirs: '', values };
  return row.atMost === undefined ? measured : judged(measured, row.atMost, true);
}

function figureOf({ millis, blockMillis, figures }: CaseResult, figure: string): number {
  const value = { millis, block: blockMillis, ...figures }[figure];
  if (value === undefined) {
    throw new Error(`A case did not count its ${figure}.`);
  }
  return value;
}

function judged(measured: Omit<Outcome, 'target' | 'isMet'>, target: number, lessIsBetter: boolean): Outcome {
  const middle = median(measured.values);
  return { ...measured, target, isMet: lessIsBetter ? middle <= target : middle >= target };
}

function renderLine(each: Outcome): string {
  const { row, ours, theirs, values, skipped, target } = each;
  const name = [row.title, grouped(row.subject.size)];
  const reference = 'references' in row ? row.against : '';
  if (skipped !== undefined) {
    return `| ${[...name, '', reference, '', '', '', '', `skipped: ${skipped}`].join(' | ')} |`;
  }
  const spread = values.length > 1 ? `${inUnit(row, Math.min(...values))}–${inUnit(row, Math.max(...values))}` : 'once';
  const cells = [...name, ours, reference, theirs, `**${renderValue(each)}**`, spread];
  return `| ${[...cells, target === undefined ? '' : renderTarget(row, target), verdict(each)].join(' | ')} |`;
}

function renderValue({ row, values }: Outcome): string {
  return inUnit(row, median(values));
}

const UNITS: Readonly<Record<string, string>> = { block: ' ms', megabytes: ' MB', kilobytes: ' KB' };

function inUnit(row: Row, value: number): string {
  if ('references' in row) {
    return row.as === 'cost' ? `${significant(value)} : 1` : `${significant(value)} × as fast`;
  }
  return row.figure === 'millis' ? duration(value) : `${significant(value)}${UNITS[row.figure] ?? ''}`;
}

function renderTarget(row: Row, target: number): string {
  return `${'references' in row && row.as === 'speed' ? '≥' : '≤'} ${inUnit(row, target)}`;
}

function verdict({ values, target, isMet }: Outcome): string {
  if (target === undefined || isMet === undefined) {
    return '';
  }
  const middle = median(values);
  return isMet ? 'met' : `missed by a factor of ${significant(Math.max(middle / target, target / middle))}`;
}

function against(row: Row): string {
  return 'references' in row ? ` against ${row.against}` : '';
}

function introduction({ node, platform, cores, rounds }: RunFacts): string {
  return `Written by \`npm run bench\`: Node ${node}, ${platform}, ${cores} cores, rounds: ${rounds}. [docs/performance.md](../docs/performance.md) says why it is fast.

- A ratio is that of two times of one round, measured one soon after the other: the median of the rounds, with the smallest and the largest.
  *1.4 : 1* is 1.4 times the reference's time, *3 × as fast* a third of it. Compare ratios between machines, not times.
- Each time is of one operation, an operation of a batch or a loop being one issue of it. Each case runs in a process of its own, warmed up.
- Real files of 0.5 to 4 KB, none complete, in the operating system's page cache unless it says *cold*.
- The *floor* (\`bench/floor/\`) is the cheapest sequence of system calls that does the same with the same guarantees, written out plainly; it may block for as long
  as it takes. The *seed* (\`bench/seed/\`) is the algorithm this project started from: a get lists the folder and reads every file, one awaited read
  after another; a batch is a loop. It is too slow to be timed a thousand times over: a few of its operations are timed and scaled up. What the seed writes is
  not flushed to the disk.
- Operations go through the store's door, by number, with the watcher at work. Cached gets go round 1 000 issues, the cache's default size.
- Rows with *Backlog.md* or *front matter* behind the operation are of stores of that format, whose issues have a dozen fields each.
- *Peers* list the same titles from stores of their own kind, into a file; Backlog.md lists the very files that we list. Ours is a process that reads every file, or one that begins with the index which a
  session leaves behind and asks for the stat of every file.`;
}
