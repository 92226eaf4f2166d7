import assert from 'node:assert/strict';
import { CompactSummaries } from '../../../src/core/catalogue/compactSummary.ts';
import { SummaryTable } from '../../../src/core/catalogue/summaryTable.ts';
import type { FileStat } from '../../../src/core/disk/disk.ts';
import { type IssueKey, issueKey } from '../../../src/core/issue/issue.ts';
import { summaryOrProblem } from '../../../src/core/storage/issueFile.ts';
import { plainSummary } from '../support/plainSummary.ts';
import { numbered } from '../support/summaries.ts';

/** Figures as they come from file systems: fractions of milliseconds, inodes above 32 bits, no time of birth. */
const stat = {
  kind: 'file',
  size: 17,
  mtimeMs: 1_700_000_000_000.125,
  ctimeMs: 1_700_000_000_001.5,
  birthtimeMs: 0,
  ino: 2 ** 52 + 1,
} as FileStat;
const bytes = Buffer.from('# Fix the login\n\n- [x] a\n- [ ] b\n');

describe('compact summaries', () => {
  for (const [what, content] of [
    ['a text', bytes],
    ['an empty file', Buffer.alloc(0)],
    ['what is not text', Buffer.from([0xff, 0xfe])],
  ] as const) {
    for (const completed of [false, true]) {
      it(`are those of a reader, of ${what}${completed ? ' that is completed' : ''}`, () => {
        const key = issueKey('000012_fix-login', completed);
        const expected = summaryOrProblem('/store', key, { bytes: content, stat });
        const compact = new CompactSummaries('/store').read(key, { bytes: content, stat }, 5);
        assert.deepEqual(plainSummary(compact), plainSummary(expected.summary));
        assert.deepEqual(compact.stat, expected.stat);
        assert.equal(compact.racyUntil, 5);
      });
    }
  }

  it('have no stat where the file could not be looked at', () => {
    const error = Object.assign(new Error('EACCES'), { code: 'EACCES' });
    const compact = new CompactSummaries('/store').read('a' as IssueKey, { error }, undefined);
    assert.equal(compact.stat, undefined);
    assert.equal(compact.problem?.code, 'unreadable');
    assert.equal(compact.version, '');
  });

  it('keep apart what stands in one table and in the next', () => {
    const summaries = new CompactSummaries('/store');
    const issues = numbered(1, 1000).map((summary, index) => ({ ...summary, size: index, progress: { done: index, total: 2 * index } }));
    const compact = issues.map((summary, index) => summaries.of({ summary, stat: { ...stat, ino: index } }));
    assert.deepEqual(
      compact.map(({ size, progress, stat: found }) => [size, progress, found?.ino]),
      issues.map(({ size, progress }, index) => [size, progress, index]),
    );
  });
});

describe('SummaryTable', () => {
  it('is the same when it is made from the bytes of another one', () => {
    const table = new SummaryTable('/store', 2);
    table.write(0, { progress: { done: 1, total: 2 }, hasConflict: true, size: 3, stat });
    table.writeVersionOf(0, bytes);
    table.write(1, { progress: { done: 4, total: 5 }, size: 6, stat: { ...stat, birthtimeMs: 7 } });
    table.writeVersion(1, table.version(0));
    const other = SummaryTable.from('/store', 2, Uint8Array.from(table.bytes));
    const rows = (of: SummaryTable) =>
      [0, 1].map((row) => [
        of.progress(row),
        of.hasConflict(row),
        of.size(row),
        of.stat(row, 'file'),
        of.createdAt(row),
        of.modifiedAt(row),
        of.version(row),
      ]);
    assert.deepEqual(rows(other), rows(table));
    assert.deepEqual([other.hasConflict(0), other.hasConflict(1)], [true, false]);
    assert.deepEqual([other.stat(0, 'file'), other.createdAt(0), other.createdAt(1)], [{ ...stat, size: stat.size }, stat.ctimeMs, 7]);
  });
});
