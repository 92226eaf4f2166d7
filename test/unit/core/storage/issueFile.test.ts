import assert from 'node:assert/strict';
import { columnsOf, entriesOf } from '../../../../src/core/catalogue/indexColumns.ts';
import type { FileStat } from '../../../../src/core/disk/disk.ts';
import type { IssueSummary } from '../../../../src/core/issue/issue.ts';
import { issueKey } from '../../../../src/core/issue/storeLayout.ts';
import { type StoredSummary, storedIssue, storedSummary, summaryOf } from '../../../../src/core/storage/issueFile.ts';

/** Figures as they come from file systems: fractions of milliseconds, inodes above 32 bits, no time of birth. */
const stat: FileStat = {
  kind: 'file',
  size: 17,
  mtimeMs: 1_700_000_000_000.125,
  ctimeMs: 1_700_000_000_001.5,
  birthtimeMs: 0,
  ino: 2 ** 52 + 1,
  dev: 1,
  nlink: 1,
  mode: 0o644,
};
const bytes = Buffer.from('# Fix the login\n\n- [x] a\n- [ ] b\n<<<<<<< a\n=======\n>>>>>>> b\n');
const key = issueKey('000012_fix-login', true);
const unreadable = Object.assign(new Error('EACCES'), { code: 'EACCES' });

describe('a summary', () => {
  it('is plain: JSON has all of it, and nothing of it can be changed', () => {
    const { summary } = storedSummary('/store', key, { bytes, stat });
    const { version, ...rest } = summary;
    assert.match(version, /^[\w-]{24}$/);
    assert.deepEqual(rest, {
      key,
      id: '000012_fix-login',
      number: 12,
      name: 'fix-login',
      title: 'Fix the login',
      state: 'done',
      createdAt: stat.ctimeMs,
      modifiedAt: stat.mtimeMs,
      progress: { done: 1, total: 2 },
      size: bytes.length,
      hasConflict: true,
    } satisfies Omit<IssueSummary, 'version'>);
    assert.deepEqual(JSON.parse(JSON.stringify(summary)), summary);
    assert.ok(Object.isFrozen(summary) && Object.isFrozen(summary.progress));
  });

  it('says of a file that could not be taken why, and when it changed where that is known', () => {
    const bad = storedSummary('/store', key, { bytes: Buffer.from([0xff]), stat });
    assert.deepEqual([bad.summary.problem?.code, bad.summary.modifiedAt, bad.summary.version], ['notText', stat.mtimeMs, '']);
    const gone = storedSummary('/store', key, { error: unreadable });
    assert.deepEqual([gone.summary.problem?.code, gone.summary.modifiedAt, gone.stat], ['unreadable', 0, undefined]);
    assert.ok(Object.isFrozen(gone.summary.problem));
  });

  it('comes with the text where that is asked for', () => {
    const { issue, ...stored } = storedIssue('/store', key, { bytes, stat });
    assert.deepEqual(stored, storedSummary('/store', key, { bytes, stat }));
    assert.equal(issue.content, bytes.toString());
    assert.equal(storedIssue('/store', key, { bytes: Buffer.from([0xff]), stat }).issue.content, '');
  });
});

describe('the columns of an index', () => {
  it('have all that is known of issues, whatever their state', () => {
    const { summary, stat: known } = storedSummary('/store', key, { bytes, stat });
    const states = (['open', 'active', 'review', 'done', 'dropped'] as const).map((state, ino): StoredSummary => {
      return {
        summary: summaryOf({ ...summary, key: issueKey(`a${ino}`, false), state, progress: undefined }),
        stat: known && { ...known, ino },
      };
    });
    const entries = [storedSummary('/store', issueKey('b', false), { bytes: Buffer.alloc(0), stat: { ...stat, size: 0 } }), ...states];
    const sized = entries.map((entry) => ({ ...entry, stat: entry.stat && { ...entry.stat, size: entry.summary.size } }));
    const back = entriesOf(JSON.parse(JSON.stringify(columnsOf(sized))));
    assert.deepEqual(back, sized);
    assert.ok(back.every((entry) => Object.isFrozen(entry.summary)));
  });
});
