import assert from 'node:assert/strict';
import { chmodSync, linkSync, rmdirSync, symlinkSync, unlinkSync, utimesSync } from 'node:fs';
import { inspect } from 'node:util';
import type { Differences } from '../../../../src/core/catalogue/differences.ts';
import { IssueCatalogue } from '../../../../src/core/catalogue/issueCatalogue.ts';
import { issueKey } from '../../../../src/core/formats/numberedLayout.ts';
import { IssueFileReader } from '../../../../src/core/storage/issueFile.ts';
import { type ReconcileOptions, Reconciler } from '../../../../src/core/sync/reconciler.ts';
import { CountingDisk } from '../../support/countingDisk.ts';
import { ManualTime } from '../../support/manualTime.ts';
import { NUMBERED_SCHEMA } from '../../support/storages.ts';
import { useTemporaryFolder } from '../../support/temporaryFolder.ts';

describe('Reconciler', () => {
  const folder = useTemporaryFolder();
  let disk: CountingDisk;
  let known: IssueCatalogue;
  let reconciler: Reconciler;

  beforeEach(() => {
    disk = new CountingDisk();
    known = new IssueCatalogue();
    // By this clock the files were not changed just now, so that their stats can be trusted.
    reconciler = new Reconciler({
      disk,
      files: new IssueFileReader(folder().join('issues'), NUMBERED_SCHEMA),
      known,
      clock: new ManualTime(),
    });
  });

  /** Finds the differences, takes them over, and says what they were. */
  async function reconcile() {
    return summaryOf(await differencesOf());
  }

  /** The same as one whole. */
  async function differencesOf(options?: ReconcileOptions): Promise<Differences> {
    const parts: Differences[] = [];
    await reconciler.reconcile((part) => {
      known.apply(part);
      parts.push(part);
    }, options);
    return { ...parts.at(-1), current: parts.flatMap(({ current }) => current), removed: parts.flatMap(({ removed }) => removed) };
  }

  async function look(...names: readonly string[]) {
    const hints = names.map((name) => ({ folder: name.startsWith('complete/') ? 'complete' : '', name: name.replace('complete/', '') }));
    const differences = await reconciler.look(hints);
    known.apply(differences);
    return { ...summaryOf(differences), listed: differences.listing !== undefined };
  }

  function summaryOf({ current, removed }: Differences) {
    return { current: current.map(({ summary }) => summary.key).sort(), removed: [...removed].sort() };
  }

  const NOTHING = { current: [], removed: [] };

  describe('looking at everything', () => {
    it('finds what is new, changed and gone, and then nothing', async () => {
      folder().writeAll({ 'issues/a.md': 'a', 'issues/b.md': 'b', 'issues/complete/c.md': 'c' });
      assert.deepEqual(await reconcile(), { current: ['a', 'b', 'complete/c'], removed: [] });
      assert.deepEqual(await reconcile(), NOTHING);
      folder().writeAll({ 'issues/a.md': 'changed', 'issues/d.md': 'd' });
      folder().remove('issues/complete/c.md');
      assert.deepEqual(await reconcile(), { current: ['a', 'd'], removed: ['complete/c'] });
      assert.deepEqual(await reconcile(), NOTHING);
      assert.deepEqual(
        known.summaries().map(({ key, title }) => [key, title]),
        [
          ['a', 'changed'],
          ['b', 'b'],
          ['d', 'd'],
        ],
      );
    });

    it('reads each new file once, and asks only for the stat of a known one', async () => {
      for (let index = 0; index < 50; index++) {
        folder().write(`issues/${index}.md`, 'text');
      }
      await reconcile();
      assert.equal(disk.count('read', 'readSync'), 50);
      assert.equal(disk.count('stat', 'statSync'), 0);
      disk.reset();
      folder().write('issues/7.md', 'changed');
      await reconcile();
      assert.equal(disk.count('read', 'readSync'), 1);
      assert.equal(disk.count('stat', 'statSync'), 50);
      assert.equal(disk.count('list'), 1, 'no folder of completed issues is there to be listed');
    });

    it('gives the same where the disk is slow and it reads side by side', async () => {
      // Each reading of this clock is a millisecond later, so that every read seems to have waited for a disk.
      const time = new ManualTime();
      const now = () => {
        time.advance(1);
        return time.epoch();
      };
      reconciler = new Reconciler({
        disk,
        files: new IssueFileReader(folder().join('issues'), NUMBERED_SCHEMA),
        known,
        clock: { now, epoch: now },
      });
      for (let index = 0; index < 100; index++) {
        folder().write(`issues/${index}.md`, `text ${index}`);
      }
      assert.equal((await reconcile()).current.length, 100);
      assert.ok(disk.count('read') > 50);
      folder().write('issues/99.md', 'changed');
      folder().remove('issues/98.md');
      folder().makeFolder('issues/98.md');
      folder().remove('issues/97.md');
      assert.deepEqual(await reconcile(), { current: ['99'], removed: ['97', '98'] });
    });

    it('notices a change that keeps size and modification time', async () => {
      const path = folder().write('issues/a.md', 'one');
      utimesSync(path, 1000, 1000);
      await reconcile();
      const before = known.get(issueKey('a', false))?.stat?.ctimeMs;
      // The change time has the resolution of a clock tick.
      while (known.get(issueKey('a', false))?.stat?.ctimeMs === before) {
        folder().write('issues/a.md', 'two');
        utimesSync(path, 1000, 1000);
        await reconcile();
      }
      assert.equal(known.get(issueKey('a', false))?.summary.title, 'two');
    });

    it('notices a file in the place of another with the same times', async () => {
      utimesSync(folder().write('issues/a.md', 'one'), 1000, 1000);
      utimesSync(folder().write('issues/b.tmp', 'two'), 1000, 1000);
      await reconcile();
      unlinkSync(folder().join('issues/a.md'));
      linkSync(folder().join('issues/b.tmp'), folder().join('issues/a.md'));
      assert.deepEqual((await reconcile()).current, ['a']);
    });

    it('takes a missing store for an empty one, and says so', async () => {
      assert.deepEqual(await reconcile(), NOTHING);
      assert.equal(known.exists, false);
      folder().write('issues/a.md', '');
      await reconcile();
      assert.equal(known.exists, true);
      folder().remove('issues');
      assert.deepEqual(await reconcile(), { current: [], removed: ['a'] });
      assert.equal(known.exists, false);
    });

    it('says which other folders there are', async () => {
      folder().writeAll({ 'issues/pending/x.md': '', 'issues/complete/old/y.md': '', 'issues/d.md/z.md': '' });
      assert.deepEqual(await reconcile(), NOTHING);
      assert.deepEqual(known.otherFolders, ['complete/old', 'd.md', 'pending']);
    });

    it('shows a file with its problem instead of hiding it or the others', async () => {
      folder().writeAll({ 'issues/a.md': 'a', 'issues/bad.md': Buffer.from([0xff]), 'issues/c.md': 'c' });
      symlinkSync('a.md', folder().join('issues/link.md'));
      disk.fail({ method: ['read', 'readSync'], path: 'c.md' }, 'EACCES');
      await reconcile();
      assert.deepEqual(
        known.summaries().map(({ id, problem }) => [id, problem?.code]),
        [
          ['a', undefined],
          ['bad', 'notText'],
          ['c', 'unreadable'],
          ['link', 'symbolicLink'],
        ],
      );
    });

    it('shows the problem of a known file that may not even be looked at', async () => {
      folder().writeAll({ 'issues/a.md': 'a', 'issues/b.md': 'b' });
      await reconcile();
      const recover = disk.fail({ method: ['statSync', 'stat', 'readSync', 'read'], path: 'a.md' }, 'EACCES');
      folder().write('issues/b.md', 'changed');
      assert.deepEqual((await reconcile()).current, ['a', 'b']);
      assert.equal(known.get(issueKey('a', false))?.summary.problem?.code, 'unreadable');
      recover();
      await reconcile();
      assert.equal(known.get(issueKey('a', false))?.summary.problem, undefined);
    });

    it('rejects when a folder cannot be read, for it knows nothing then', async () => {
      folder().write('issues/complete/a.md', '');
      disk.fail({ method: 'list', path: 'complete' }, 'EACCES');
      await assert.rejects(differencesOf(), { code: 'unreadable' });
    });

    it('ends when it is aborted', async () => {
      folder().write('issues/a.md', '');
      await assert.rejects(differencesOf({ signal: AbortSignal.abort(new Error('enough')) }), /enough/);
    });

    it('holds on to no text', async () => {
      folder().write('issues/a.md', 'title\n\nthe rest of it');
      const { current } = await differencesOf();
      const shown = inspect(current[0], { getters: true, depth: null });
      assert.ok(shown.includes('title') && !shown.includes('the rest'), shown);
    });
  });

  describe('looking at names', () => {
    beforeEach(async () => {
      folder().writeAll({ 'issues/a.md': 'a', 'issues/b.md': 'b', 'issues/complete/a.md': 'completed' });
      await reconcile();
      disk.reset();
    });

    it('looks at these files and at nothing else', async () => {
      folder().writeAll({ 'issues/a.md': 'changed', 'issues/b.md': 'changed', 'issues/new.md': 'new' });
      assert.deepEqual(await look('a.md', 'new.md', 'complete/a.md'), { current: ['a', 'new'], removed: [], listed: false });
      assert.deepEqual([disk.count('list'), disk.count('readSync'), disk.count('statSync')], [0, 2, 3]);
    });

    it('finds a file gone from one folder and new in the other', async () => {
      folder().write('issues/complete/b.md', 'b');
      folder().remove('issues/b.md');
      assert.deepEqual(await look('b.md', 'complete/b.md'), { current: ['complete/b'], removed: ['b'], listed: false });
    });

    it('finds nothing where nothing is different or known', async () => {
      assert.deepEqual(await look('a.md', 'never-there.md', 'notes.txt', '.x.swp'), { current: [], removed: [], listed: false });
      assert.equal(disk.count('readSync'), 1, 'only the one that is not known is tried');
    });

    it('does not even look at temporary files', async () => {
      await look('.markdown-issues-0123.tmp', 'a.tmp', 'complete/x.md.tmp');
      assert.deepEqual(disk.calls, []);
    });

    it('notices other folders that come and go', async () => {
      folder().makeFolder('issues/pending');
      assert.equal((await look('pending')).listed, true);
      assert.deepEqual(known.otherFolders, ['pending']);
      assert.equal((await look('pending')).listed, false);
      rmdirSync(folder().join('issues/pending'));
      assert.equal((await look('pending')).listed, true);
      assert.deepEqual(known.otherFolders, []);
      folder().makeFolder('issues/new.md');
      assert.deepEqual(await look('new.md'), { current: [], removed: [], listed: true });
      assert.deepEqual(known.otherFolders, ['new.md']);
    });

    it('notices a folder with the name of an issue, coming and going', async () => {
      folder().remove('issues/a.md');
      folder().makeFolder('issues/a.md');
      assert.deepEqual(await look('a.md'), { current: [], removed: ['a'], listed: true });
      assert.deepEqual(known.otherFolders, ['a.md']);
      rmdirSync(folder().join('issues/a.md'));
      folder().write('issues/a.md', 'a file again');
      assert.deepEqual(await look('a.md'), { current: ['a'], removed: [], listed: true });
      assert.deepEqual(known.otherFolders, []);
    });

    it('takes a change of the mode for none of the text, but has the new stat', async () => {
      chmodSync(folder().join('issues/a.md'), 0o600);
      known.takeChange();
      await look('a.md');
      assert.equal(known.takeChange(), undefined);
      disk.reset();
      await look('a.md');
      assert.equal(disk.count('readSync'), 0);
    });
  });
});
