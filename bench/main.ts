import { writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { countAll } from './counts.ts';
import { Report } from './report.ts';
import { measure } from './rounds.ts';
import { BATCH_SIZE, casesOf, type Row, rowsFor } from './rows.ts';

const USAGE = `npm run bench [-- OPTIONS]
  --quick        a store of 1000 issues only, one round, no peers, no cold disk; it fails if a count is not what it must be
  --only NAME    only rows with NAME in them, as in --only cached
  --rounds N     how often everything is measured; 3 unless given
  --size N       only stores of this size`;

const SIZES = [BATCH_SIZE, 10_000, 100_000];
const ROUNDS = 3;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      quick: { type: 'boolean', default: false },
      only: { type: 'string' },
      rounds: { type: 'string' },
      size: { type: 'string' },
      help: { type: 'boolean' },
    },
  });
  const rounds = Number(values.rounds ?? (values.quick ? 1 : ROUNDS));
  const sizes = values.size === undefined ? SIZES : [Number(values.size)];
  const all = rowsFor({ sizes: values.quick ? [BATCH_SIZE] : sizes, isQuick: values.quick });
  const rows = all.filter((row) => nameOf(row).includes(values.only?.toLowerCase() ?? ''));
  if (rows.length === 0) {
    process.stdout.write(`No row has “${values.only}” in it.\n`);
  }
  if (values.help || rows.length === 0 || !Number.isInteger(rounds) || rounds < 1) {
    process.stdout.write(`${USAGE}\n`);
    process.exitCode = values.help ? 0 : 2;
    return;
  }
  const counts = await countAll();
  const facts = { node: process.versions.node, platform: process.platform, cores: availableParallelism(), rounds, counts: counts.section };
  const report = new Report(rows, await measure(rows, rounds, values.quick), facts);
  process.stdout.write(`\n${report.render()}\n`);
  if (values.quick || values.only !== undefined || values.size !== undefined) {
    process.stdout.write('Only a run of everything writes bench/results.md.\n');
  } else {
    writeFileSync('bench/results.md', report.render());
  }
  for (const line of report.shortfalls()) {
    process.stdout.write(`Demanded and missed: ${line}\n`);
  }
  for (const line of counts.wrong) {
    process.stdout.write(`Counted wrong: ${line}\n`);
    process.exitCode = 1;
  }
}

/** What `--only` looks in. */
function nameOf(row: Row): string {
  return [row.section, row.title, ...casesOf(row).map(({ name }) => name), row.subject.size].join(' ').toLowerCase();
}

await main();
