import assert from 'node:assert/strict';
import { Report } from '../../../bench/report.ts';
import { Measurements } from '../../../bench/rounds.ts';
import type { FigureRow, RatioRow, Row } from '../../../bench/rows.ts';

const FACTS = { node: '24', platform: 'linux', cores: 2, rounds: 3, counts: '' };
const at = (name: string) => ({ name, size: 1000 });
const ratio: RatioRow = {
  ...{ section: 'Opening', title: 'open', subject: at('ours'), references: [at('one'), at('other')], against: 'the better', as: 'cost' },
};
const figure: FigureRow = { section: 'Memory', title: 'memory', subject: at('ours'), figure: 'megabytes' };

/** A report on one row, from milliseconds of each round. */
function reportOn(row: Row, millis: Readonly<Record<string, readonly number[]>>, megabytes = 0): Report {
  const measurements = new Measurements();
  for (const [name, rounds] of Object.entries(millis)) {
    for (const each of rounds) {
      measurements.add(at(name), { millis: each, figures: { megabytes } });
    }
  }
  return new Report([row], measurements, FACTS);
}

function lineOf(report: Report, title: string): string | undefined {
  return report
    .render()
    .split('\n')
    .find((line) => line.startsWith(`| ${title} |`));
}

describe('the report of the benchmarks', () => {
  const millis = { ours: [2, 30, 8], one: [1, 10, 4], other: [4, 20, 2] };

  it('takes the median of the ratios of the rounds, each against the better reference, with their spread', () => {
    assert.equal(lineOf(reportOn(ratio, millis), 'open'), '| open | 1 000 | 8 ms | the better | 2 ms | **3 : 1** | 2 : 1–4 : 1 |  |  |');
  });

  it('holds a cost to the most that is allowed', () => {
    assert.deepEqual(reportOn({ ...ratio, target: 3 }, millis).shortfalls(), []);
    assert.deepEqual(reportOn({ ...ratio, target: 1.5 }, millis).shortfalls(), [
      'open, 1 000 issues against the better: 3 : 1, missed by a factor of 2',
    ]);
  });

  it('holds a speed to the least that is demanded', () => {
    const speed: RatioRow = { ...ratio, as: 'speed' };
    const fast = { ours: [1, 1], one: [100, 300], other: [1000, 1000] };
    assert.deepEqual(reportOn({ ...speed, target: 200 }, fast).shortfalls(), []);
    assert.deepEqual(reportOn({ ...speed, target: 400 }, fast).shortfalls(), [
      'open, 1 000 issues against the better: 200 × as fast, missed by a factor of 2',
    ]);
  });

  it('holds a figure to the most that is allowed', () => {
    assert.deepEqual(reportOn({ ...figure, atMost: 60 }, { ours: [1] }, 60).shortfalls(), []);
    assert.deepEqual(reportOn({ ...figure, atMost: 60 }, { ours: [1] }, 90).shortfalls(), [
      'memory, 1 000 issues: 90 MB, missed by a factor of 1.5',
    ]);
  });

  it('says why a row is missing, which is no shortfall, and does not quote it', () => {
    const measurements = new Measurements();
    measurements.add(at('ours'), { millis: 1 });
    measurements.add(at('one'), { skipped: 'it is not installed' });
    const report = new Report([{ ...ratio, references: [at('one')], target: 1, readme: 'quoted' }], measurements, FACTS);
    assert.match(lineOf(report, 'open') ?? '', /skipped: it is not installed/);
    assert.deepEqual(report.shortfalls(), []);
    assert.equal(lineOf(report, 'quoted'), undefined);
  });

  it('compares every round with what was measured once', () => {
    assert.match(
      lineOf(reportOn({ ...ratio, references: [at('one')] }, { ours: [2, 4], one: [2] }), 'open') ?? '',
      /\*\*1\.5 : 1\*\* \| 1 : 1–2 : 1/,
    );
  });

  it('gathers the rows that the README quotes', () => {
    assert.equal(lineOf(reportOn({ ...ratio, readme: 'opening' }, millis), 'opening'), '| opening | 1 000 | 3 : 1 |');
  });
});
