import assert from 'node:assert/strict';
import fc from 'fast-check';
import { type IssueRange, IssueRanges } from '../../../../src/core/catalogue/issueRanges.ts';
import { compareIssues, type IssueSummary } from '../../../../src/core/issue/issue.ts';
import { numbered, summaryOf } from '../../support/summaries.ts';

const SMALL = { most: 10, fill: 5, least: 2 };

/** First and last number and the size of each range. */
const outline = (ranges: IssueRanges) =>
  ranges.all.map((range) => {
    const { count, first, last } = ranges.ends(range);
    return `${first?.number}–${last?.number} (${count})`;
  });

const idsOf = (issues: readonly IssueSummary[]) => issues.map(({ id }) => id);

describe('IssueRanges', () => {
  it('leaves a list of a thousand undivided', () => {
    const list = numbered(1, 1000);
    const ranges = new IssueRanges(() => list, { compare: compareIssues });
    assert.deepEqual(outline(ranges), ['1–1000 (1000)']);
  });

  it('divides a longer one from its beginning, whether it comes at once or bit by bit', () => {
    const list = numbered(1, 2300);
    const expected = ['1–500 (500)', '501–1000 (500)', '1001–1500 (500)', '1501–2300 (800)'];
    assert.deepEqual(outline(new IssueRanges(() => list, { compare: compareIssues })), expected);
    const growing: IssueSummary[] = [];
    const grown = new IssueRanges(() => growing, { compare: compareIssues });
    for (let start = 0; start < list.length; start += 256) {
      const part = list.slice(start, start + 256);
      growing.push(...part);
      grown.update(part);
    }
    assert.deepEqual(outline(grown), expected);
    const large = numbered(1, 100_000);
    const ranges = new IssueRanges(() => large, { compare: compareIssues });
    assert.equal(ranges.all.length, 200);
    assert.deepEqual(outline(ranges).slice(-1), ['99501–100000 (500)']);
  });

  it('divides a list that grows at its beginning from its end', () => {
    const compare = (a: IssueSummary, b: IssueSummary) => compareIssues(b, a);
    const options = { compare, growsAtStart: true };
    const list = numbered(1, 2300).reverse();
    const expected = ['2300–1501 (800)', '1500–1001 (500)', '1000–501 (500)', '500–1 (500)'];
    assert.deepEqual(outline(new IssueRanges(() => list, options)), expected);
    const growing: IssueSummary[] = [];
    const grown = new IssueRanges(() => growing, options);
    for (let end = list.length; end > 0; end -= 256) {
      const part = list.slice(Math.max(0, end - 256), end);
      growing.unshift(...part);
      grown.update(part);
    }
    assert.deepEqual(outline(grown), expected);
  });

  it('changes one range when an issue comes or goes', () => {
    const list = numbered(1, 1500);
    const ranges = new IssueRanges(() => list, { compare: compareIssues });
    const before = [...ranges.all];
    const [gone] = list.splice(700, 1);
    ranges.update([gone as IssueSummary]);
    assert.deepEqual(outline(ranges), ['1–500 (500)', '501–1000 (499)', '1001–1500 (500)']);
    const added = summaryOf('001501_new');
    list.push(added);
    ranges.update([added]);
    assert.deepEqual(outline(ranges), ['1–500 (500)', '501–1000 (499)', '1001–1501 (501)']);
    assert.deepEqual(ranges.all, before);
  });

  it('keeps a boundary whose issue goes and comes back', () => {
    const list = numbered(1, 1500);
    const ranges = new IssueRanges(() => list, { compare: compareIssues });
    const [gone] = list.splice(500, 1) as [IssueSummary];
    ranges.update([gone]);
    assert.deepEqual(outline(ranges)[1], '502–1000 (499)');
    list.splice(500, 0, gone);
    ranges.update([gone]);
    assert.deepEqual(outline(ranges)[1], '501–1000 (500)');
  });

  it('splits a range that has grown too long and joins one that is nearly empty', () => {
    const list = numbered(1, 11);
    const ranges = new IssueRanges(() => list, { compare: compareIssues, limits: SMALL });
    assert.deepEqual(outline(ranges), ['1–5 (5)', '6–11 (6)']);
    const [first, second] = ranges.all;
    const more = numbered(12, 5);
    list.push(...more);
    ranges.update(more);
    assert.deepEqual(outline(ranges), ['1–5 (5)', '6–10 (5)', '11–16 (6)']);
    assert.deepEqual(ranges.all.slice(0, 2), [first, second]);
    ranges.update(list.splice(5, 4));
    assert.deepEqual(outline(ranges), ['1–10 (6)', '11–16 (6)']);
  });

  it('divides what came all at once', () => {
    const list: IssueSummary[] = [];
    const ranges = new IssueRanges(() => list, { compare: compareIssues });
    list.push(...numbered(1, 10_000));
    ranges.update(list);
    assert.equal(ranges.all.length, 20);
    assert.deepEqual(outline(ranges)[19], '9501–10000 (500)');
  });

  it('gives a range that is gone no issues', () => {
    const list = numbered(1, 1500);
    const ranges = new IssueRanges(() => list, { compare: compareIssues });
    const last = ranges.all[2] as IssueRange;
    ranges.update(list.splice(1000));
    assert.equal(ranges.all.length, 2);
    assert.deepEqual([ranges.issues(last), ranges.ends(last).count], [[], 0]);
  });

  it('holds every issue once, in bounded ranges, whatever comes and goes', () => {
    const ids = fc.nat({ max: 99 }).map((number) => `0000${String(number).padStart(2, '0')}_x`);
    const names = fc.oneof(ids, fc.constantFrom('000005_a', 'alpha', 'beta', 'zeta'));
    const steps = fc.array(fc.uniqueArray(names, { minLength: 1, maxLength: 25 }), { maxLength: 30 });
    fc.assert(
      fc.property(steps, (toggled) => {
        const list: IssueSummary[] = [];
        const ranges = new IssueRanges(() => list, { compare: compareIssues, limits: SMALL });
        for (const moved of toggled) {
          const before = new Map(ranges.all.map((range) => [range, idsOf(ranges.issues(range))]));
          const untouched = new Map(before);
          for (const id of moved) {
            untouched.delete(ranges.of(summaryOf(id)));
            toggle(list, id);
          }
          ranges.update(moved.map((id) => summaryOf(id)));
          const after = new Map(ranges.all.map((range) => [range, idsOf(ranges.issues(range))]));
          assert.deepEqual([...after.values()].flat(), idsOf(list));
          assert.ok(ranges.all.every((range) => ranges.ends(range).count <= SMALL.most));
          assert.equal(new Set(ranges.all.map(({ id }) => id)).size, ranges.all.length);
          for (const [range, issues] of after) {
            assert.ok(issues.every((id) => ranges.of(summaryOf(id)) === range));
          }
          const isSameDivision = after.size === before.size && [...after.keys()].every((range) => before.has(range));
          for (const [range, issues] of isSameDivision ? untouched : []) {
            assert.deepEqual(after.get(range), issues);
          }
        }
      }),
    );
  });
});

function toggle(list: IssueSummary[], id: string): void {
  const index = list.findIndex((issue) => issue.id === id);
  if (index >= 0) {
    list.splice(index, 1);
  } else {
    list.push(summaryOf(id));
    list.sort(compareIssues);
  }
}
