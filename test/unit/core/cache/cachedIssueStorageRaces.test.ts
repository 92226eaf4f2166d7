import assert from 'node:assert/strict';
import { CachedIssueStorage } from '../../../../src/core/cache/cachedIssueStorage.ts';
import { issueKey } from '../../../../src/core/formats/numberedLayout.ts';
import { FileSystemIssueStorage } from '../../../../src/core/storage/fileSystemIssueStorage.ts';
import type { BatchIssueStorage } from '../../../../src/core/storage/issueStorage.ts';
import { CountingDisk } from '../../support/countingDisk.ts';
import { ManualTime } from '../../support/manualTime.ts';
import { NUMBERED_SCHEMA, withNames } from '../../support/storages.ts';
import { useTemporaryFolder } from '../../support/temporaryFolder.ts';

describe('CachedIssueStorage, while others read and write', () => {
  const folder = useTemporaryFolder();
  let disk: CountingDisk;
  let time: ManualTime;
  let cached: CachedIssueStorage;
  /** The same, with names for its issues. */
  let issues: BatchIssueStorage;

  beforeEach(() => {
    disk = new CountingDisk();
    time = new ManualTime(Date.now() + 60_000);
    cached = new CachedIssueStorage(new FileSystemIssueStorage({ schema: NUMBERED_SCHEMA, folder: folder().path, disk, clock: time }), {
      clock: time,
    });
    issues = withNames(cached, folder().path);
    folder().writeAll({ '000001_a.md': 'a', '000002_b.md': 'b', 'complete/000003_c.md': 'c' });
  });

  describe('concurrent gets', () => {
    it('of one issue read it once', async () => {
      const found = await Promise.all(Array.from({ length: 20 }, () => issues.getIssue('000001_a')));
      assert.equal(disk.count('read'), 1);
      assert.equal(new Set(found).size, 1);
      assert.equal(cached.cacheStats().misses, 20);
    });

    it('that fail fail all, and leave the next one free to try again', async () => {
      const recover = disk.fail({ method: 'read' }, 'EIO');
      const outcomes = await Promise.allSettled([issues.getIssue('000001_a'), issues.getIssue('000001_a')]);
      assert.deepEqual(
        outcomes.map(({ status }) => status),
        ['rejected', 'rejected'],
      );
      assert.equal(disk.count('read'), 1);
      recover();
      assert.equal((await issues.getIssue('000001_a')).content, 'a');
    });
  });

  describe('a read under way', () => {
    const KEY = issueKey('000001_a', false);
    const changes: readonly [string, () => unknown, string][] = [
      ['the issue is invalidated', () => folder().write('000001_a.md', 'new') && cached.invalidate([KEY]), 'new'],
      ['the cache is cleared', () => folder().write('000001_a.md', 'new') && cached.clearCache(), 'new'],
      ['the issue is updated', () => issues.updateIssue(1, 'new'), 'new'],
      ['a batch updates the issue', () => issues.updateIssuesBatch([{ ref: 1, content: 'new' }]), 'new'],
      [
        'a write to it fails',
        () => folder().write('000001_a.md', 'new') && assert.rejects(issues.updateIssue(1, '', { expectedVersion: '' })),
        'new',
      ],
    ];
    for (const [title, change, expected] of changes) {
      it(`is not kept, nor joined any more, when ${title}`, async () => {
        // The read has its bytes already, and comes back only after the change.
        const pause = pauseAfterRead();
        const early = issues.getIssue({ key: KEY });
        await pause.reached;
        await change();
        assert.equal((await issues.getIssue({ key: KEY })).content, expected);
        pause.resume();
        assert.equal((await early).content, 'a', 'who asked before gets what was there before');
        assert.equal((await issues.getIssue({ key: KEY })).content, expected);
      });
    }

    it('of a number gives that number no meaning when issues come and go meanwhile', async () => {
      const pause = pauseAfterRead();
      const early = issues.getIssue(1);
      await pause.reached;
      folder().write('000001_0.md', 'first in order now');
      cached.invalidate([issueKey('000001_0', false)]);
      assert.equal((await issues.getIssue(1)).content, 'first in order now');
      pause.resume();
      assert.equal((await early).content, 'a');
      assert.equal((await issues.getIssue(1)).content, 'first in order now');
    });

    it('that is not joined any more leaves the next one to be joined', async () => {
      const first = pauseAfterRead();
      const early = issues.getIssue({ key: KEY });
      await first.reached;
      cached.invalidate([KEY]);
      const second = pauseAfterRead();
      const late = issues.getIssue({ key: KEY });
      await second.reached;
      first.resume();
      await early;
      disk.reset();
      const joined = issues.getIssue({ key: KEY });
      second.resume();
      assert.equal(await joined, await late);
      assert.equal(disk.count('read'), 0);
    });

    it('is not kept under its old key when the issue is renamed or moved', async () => {
      for (const move of [() => issues.rename('000001_a', 'x'), () => issues.markComplete('000001_x')]) {
        const [before] = await cached.listSummaries();
        assert.ok(before);
        cached.clearCache();
        const pause = pauseAfterRead();
        const early = issues.getIssue({ key: before.key });
        await pause.reached;
        await move();
        pause.resume();
        await early;
        await assert.rejects(issues.getIssue({ key: before.key }), { code: 'notFound' });
      }
    });

    it('of the whole list keeps all but what changed', async () => {
      const original = disk.readSync.bind(disk);
      disk.readSync = (path) => {
        const read = original(path);
        if (path.endsWith('000002_b.md')) {
          cached.invalidate([KEY]);
        }
        return read;
      };
      await issues.listIssues();
      disk.reset();
      await issues.getIssue({ key: issueKey('000002_b', false) });
      assert.equal(disk.count('read'), 0);
      await issues.getIssue({ key: KEY });
      assert.equal(disk.count('read'), 1);
    });

    it('of a batch keeps all but what changed', async () => {
      // By then the first issue has been read.
      disk.before({ method: 'readSync', path: '000002_b.md' }, () => cached.invalidate([KEY]));
      await issues.getIssuesBatch([1, 2]);
      disk.reset();
      await issues.getIssue({ key: issueKey('000002_b', false) });
      assert.equal(disk.count('read'), 0);
      await issues.getIssue({ key: KEY });
      assert.equal(disk.count('read'), 1);
    });

    /** Holds the next read of issue 1 after it has its bytes. */
    function pauseAfterRead() {
      const original = disk.read.bind(disk);
      let arrive = () => {};
      let resume = () => {};
      const reached = new Promise<void>((resolve) => {
        arrive = resolve;
      });
      const resumed = new Promise<void>((resolve) => {
        resume = resolve;
      });
      disk.read = async (path) => {
        const isIt = /000001_[ax]\.md$/.test(path);
        if (isIt) {
          disk.read = original;
        }
        const read = await original(path);
        if (isIt) {
          arrive();
          await resumed;
        }
        return read;
      };
      return { reached, resume: () => resume() };
    }
  });

  describe('a write under way', () => {
    it('is not kept when somebody changed the issue after it', async () => {
      const replace = disk.replace.bind(disk);
      disk.replace = async (...args) => {
        const stat = await replace(...args);
        folder().write('000001_a.md', 'somebody else, later');
        cached.invalidate([issueKey('000001_a', false)]);
        return stat;
      };
      assert.equal((await issues.updateIssue(1, 'mine')).content, 'mine');
      assert.equal((await issues.getIssue({ key: issueKey('000001_a', false) })).content, 'somebody else, later');
    });

    it('of a batch that fails leaves nothing of what was read in between', async () => {
      const pause = disk.pause({ method: 'replace', nth: 2 });
      disk.fail({ method: 'replace', nth: 2 }, 'ENOSPC');
      const failing = assert.rejects(issues.updateIssuesBatch([1, 2].map((ref) => ({ ref, content: 'new' }))), { code: 'notWritable' });
      await pause.reached;
      while ((await issues.getIssue({ key: issueKey('000001_a', false) })).content !== 'new') {
        cached.clearCache();
      }
      pause.resume();
      await failing;
      assert.equal((await issues.getIssue({ key: issueKey('000001_a', false) })).content, 'a');
    });
  });
});
