import assert from 'node:assert/strict';
import { assertDefined } from '../../../../src/core/assertDefined.ts';
import { columnsOf, entriesOf } from '../../../../src/core/catalogue/indexColumns.ts';
import type { FileStat } from '../../../../src/core/disk/disk.ts';
import { issueKey } from '../../../../src/core/formats/numberedLayout.ts';
import type { IssueSummary } from '../../../../src/core/issue/issue.ts';
import { NO_FIELDS } from '../../../../src/core/issue/issueFields.ts';
import { IssueFileReader, type StoredSummary, type SummaryFacts } from '../../../../src/core/storage/issueFile.ts';
import { NUMBERED_SCHEMA } from '../../support/storages.ts';

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
const files = new IssueFileReader('/store', NUMBERED_SCHEMA);
const summaryOf = (...[of, read]: Parameters<IssueFileReader['summary']>) => assertDefined(files.summary(of, read));
const issueOf = (...[of, read]: Parameters<IssueFileReader['issue']>) => assertDefined(files.issue(of, read));
const unreadable = Object.assign(new Error('EACCES'), { code: 'EACCES' });

describe('a summary', () => {
  it('is plain: JSON has all of it, and nothing of it can be changed', () => {
    const { summary } = summaryOf(key, { bytes, stat });
    const { version, ...rest } = summary;
    assert.match(version, /^[\w-]{24}$/);
    assert.deepEqual(rest, {
      key,
      id: '000012_fix-login',
      number: 12,
      name: 'fix-login',
      title: 'Fix the login',
      state: 'done',
      fields: NO_FIELDS,
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
    const bad = summaryOf(key, { bytes: Buffer.from([0xff]), stat });
    assert.deepEqual([bad.summary.problem?.code, bad.summary.modifiedAt, bad.summary.version], ['notText', stat.mtimeMs, '']);
    const gone = summaryOf(key, { error: unreadable });
    assert.deepEqual([gone.summary.problem?.code, gone.summary.modifiedAt, gone.stat], ['unreadable', 0, undefined]);
    assert.ok(Object.isFrozen(gone.summary.problem));
  });

  it('comes with the text where that is asked for', () => {
    const { issue, ...stored } = issueOf(key, { bytes, stat });
    assert.deepEqual(stored, summaryOf(key, { bytes, stat }));
    assert.equal(issue.content, bytes.toString());
    assert.equal(issueOf(key, { bytes: Buffer.from([0xff]), stat }).issue.content, '');
  });
});

describe('the columns of an index', () => {
  it('have all that is known of issues, but for the state, which the reader derives', () => {
    const { summary, stat: known } = summaryOf(key, { bytes, stat });
    const made: readonly Partial<SummaryFacts>[] = [
      { progress: undefined },
      { id: 'BACK-12.1', number: undefined },
      { id: 'BACK-12', number: 12 },
      { fields: { status: 'In Progress', labels: ['ui', 'api'], created: 1_700_000_000_000 } },
      { textProblem: { line: 3, message: 'Nested mappings are not allowed here.' } },
    ];
    const changed = made.map((facts, ino): StoredSummary => {
      const about = { ...summary, key: issueKey(`complete/a${ino}`, false), id: `a${ino}`, number: undefined, hasConflict: false };
      return { summary: files.summaryOf({ ...about, ...facts }), stat: known && { ...known, ino } };
    });
    const entries = [summaryOf(issueKey('b', false), { bytes: Buffer.alloc(0), stat: { ...stat, size: 0 } }), ...changed];
    const sized = entries.map((entry) => ({ ...entry, stat: entry.stat && { ...entry.stat, size: entry.summary.size } }));
    const back = entriesOf(JSON.parse(JSON.stringify(columnsOf(sized, files))), files);
    assert.deepEqual(back, sized);
    assert.deepEqual([...new Set(back.map((entry) => entry.summary.state))], ['open', 'done']);
    assert.ok(back.every((entry) => Object.isFrozen(entry.summary)));
  });
});
