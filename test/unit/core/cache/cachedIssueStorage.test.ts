import assert from 'node:assert/strict';
import { CachedIssueStorage, type CachedIssueStorageOptions } from '../../../../src/core/cache/cachedIssueStorage.ts';
import { issueKey } from '../../../../src/core/formats/numberedLayout.ts';
import type { Issue, IssueRef } from '../../../../src/core/issue/issue.ts';
import { FileSystemIssueStorage } from '../../../../src/core/storage/fileSystemIssueStorage.ts';
import type { BatchIssueStorage } from '../../../../src/core/storage/issueStorage.ts';
import { CountingDisk } from '../../support/countingDisk.ts';
import { ManualTime } from '../../support/manualTime.ts';
import { partlyDone } from '../../support/partlyDone.ts';
import { NUMBERED_SCHEMA, withNames } from '../../support/storages.ts';
import { useTemporaryFolder } from '../../support/temporaryFolder.ts';

describe('CachedIssueStorage', () => {
  const folder = useTemporaryFolder();
  let disk: CountingDisk;
  let time: ManualTime;
  let cached: CachedIssueStorage;
  /** The same, with names for its issues. */
  let issues: BatchIssueStorage;

  function compose(options: CachedIssueStorageOptions = {}): void {
    cached = new CachedIssueStorage(new FileSystemIssueStorage({ schema: NUMBERED_SCHEMA, folder: folder().path, disk, clock: time }), {
      clock: time,
      ...options,
    });
    issues = withNames(cached, folder().path);
  }

  beforeEach(() => {
    disk = new CountingDisk();
    time = new ManualTime(Date.now() + 60_000);
    compose();
    folder().writeAll({ '000001_a.md': 'a', '000002_b.md': 'b', 'complete/000003_c.md': 'c' });
  });

  /** How many files a get of these reads. */
  async function readsOf(...refs: readonly IssueRef[]): Promise<number> {
    const before = disk.count('read');
    for (const ref of refs) {
      await issues.getIssue(ref);
    }
    return disk.count('read') - before;
  }

  describe('hits and misses', () => {
    it('reads an issue once, and touches the disk no more', async () => {
      const first = await issues.getIssue(1);
      disk.reset();
      for (let round = 0; round < 9; round++) {
        assert.equal(await issues.getIssue(1), first);
      }
      assert.deepEqual(disk.calls, []);
      const { hits, misses, hitRate } = cached.cacheStats();
      assert.deepEqual([hits, misses, hitRate], [9, 1, 0.9]);
    });

    it('has one entry for all references that mean one issue', async () => {
      assert.equal(await readsOf(1), 1);
      await issues.getIssue('000001_a');
      await issues.getIssue('#1');
      assert.equal(cached.cacheStats().size, 1);
      disk.reset();
      await issues.getIssue({ key: issueKey('000001_a', false) });
      await issues.getIssue('000001_a');
      await issues.getIssue('#1');
      assert.deepEqual(disk.calls, []);
    });

    it('counts what fails as a miss and does not keep the failure', async () => {
      await assert.rejects(issues.getIssue(9), { code: 'notFound' });
      await assert.rejects(issues.getIssue(9), { code: 'notFound' });
      assert.deepEqual([cached.cacheStats().hits, cached.cacheStats().misses, cached.cacheStats().size], [0, 2, 0]);
      folder().write('000009_new.md', 'new');
      assert.equal((await issues.getIssue(9)).content, 'new');

      const recover = disk.fail({ method: 'read', path: '000002_b.md' }, 'EACCES');
      await assert.rejects(issues.getIssue(2), { code: 'unreadable' });
      recover();
      assert.equal((await issues.getIssue(2)).content, 'b');
    });

    it('begins the counters anew and keeps the entries', async () => {
      await issues.getIssue(1);
      cached.resetCacheStats();
      assert.equal(await readsOf(1), 0);
      const { hits, misses, size } = cached.cacheStats();
      assert.deepEqual([hits, misses, size], [1, 0, 1]);
    });

    it('ends an entry when its time is over, however often it was asked for', async () => {
      compose({ ttl: 1_000 });
      await issues.getIssue(1);
      for (let elapsed = 0; elapsed < 1_000; elapsed += 100) {
        assert.equal(await readsOf(1), 0);
        time.advance(100);
      }
      time.advance(1);
      assert.equal(await readsOf(1), 1);
      assert.equal(cached.cacheStats().expirations, 1);
    });

    it('lets the least recently used issue go when it is full', async () => {
      compose({ maxSize: 2 });
      await readsOf(1, 2, 1, 3);
      assert.equal(cached.cacheStats().evictions, 1);
      assert.equal(await readsOf(1, 3), 0);
      assert.equal(await readsOf(2), 1);
    });
  });

  describe('writes', () => {
    it('keep what they wrote, so that the next get is a hit', async () => {
      const writes: readonly (() => Promise<Issue>)[] = [
        () => issues.createIssue('new', 'created'),
        () => issues.updateIssue(4, 'updated'),
        () => issues.markComplete(4),
        () => issues.reopen(4),
        () => issues.rename(4, 'renamed'),
      ];
      for (const write of writes) {
        const issue = await write();
        disk.reset();
        assert.equal(await issues.getIssue({ key: issue.key }), issue);
        assert.deepEqual(disk.calls, []);
      }
    });

    it('of a new issue make its number known, too', async () => {
      const issue = await issues.createIssue('new', 'created');
      disk.reset();
      assert.equal(await issues.getIssue(4), issue);
      assert.equal(await issues.getIssue('000004_new'), issue);
      assert.deepEqual(disk.calls, []);
    });

    it('leave nothing under the old key of what has moved or gone', async () => {
      for (const [ref, write] of [
        ['000001_a', () => issues.markComplete('000001_a')],
        ['complete/000003_c', () => issues.reopen(3)],
        ['000002_b', () => issues.rename('000002_b', 'x')],
        ['000002_x', () => issues.deleteIssue(2)],
      ] as const) {
        const key = ref.startsWith('complete/') ? issueKey(ref.slice(9), true) : issueKey(ref, false);
        await issues.getIssue({ key });
        await write();
        await assert.rejects(issues.getIssue({ key }), { code: 'notFound' }, ref);
      }
      await assert.rejects(issues.getIssue(2), { code: 'notFound' });
    });

    it('that fail drop what the cache has, because the disk may have something else', async () => {
      const seen = await issues.getIssue(1);
      folder().write('000001_a.md', 'somebody else');
      await assert.rejects(issues.updateIssue(1, 'mine', { expectedVersion: 'another' }), { name: 'ConflictError' });
      assert.equal((await issues.getIssue(1)).content, 'somebody else');
      assert.equal(seen.content, 'a');
    });

    it('in batches keep what they wrote, until they are undone', async () => {
      const updated = await issues.updateIssuesBatch([
        { ref: 1, content: 'A' },
        { ref: 2, content: 'B' },
      ]);
      disk.reset();
      assert.deepEqual(await issues.getIssuesBatch(updated.issues.map(({ key }) => ({ key }))), updated.issues);
      assert.deepEqual(disk.calls, []);
      await issues.write(updated.undo);
      assert.equal((await issues.getIssue(1)).content, 'a');

      const created = await issues.createIssuesBatch([{ name: 'x', content: 'X' }]);
      disk.reset();
      assert.equal(await issues.getIssue(4), created.issues[0]);
      assert.deepEqual(disk.calls, []);
      await issues.write(created.undo);
      await assert.rejects(issues.getIssue(4), { code: 'notFound' });

      const completed = await issues.markCompleteBatch([1, 2]);
      disk.reset();
      assert.equal(await issues.getIssue({ key: issueKey('000001_a', true) }), completed.issues[0]);
      assert.deepEqual(disk.calls, []);
      await assert.rejects(issues.getIssue({ key: issueKey('000001_a', false) }), { code: 'notFound' });

      await issues.reopenBatch([1, 2]);
      const deleted = await issues.deleteIssuesBatch([1]);
      await assert.rejects(issues.getIssue(1), { code: 'notFound' });
      await issues.write(deleted.undo);
      assert.equal((await issues.getIssue(1)).content, 'a');
    });

    it('in a batch that is done in part and taken back later leave nothing behind in the cache', async () => {
      const stops = [
        disk.fail({ method: 'move', path: '000001_a.md', nth: 2 }, 'EACCES'),
        disk.fail({ method: 'move', path: 'b.md' }, 'ENOSPC'),
      ];
      const error = await partlyDone(issues.markCompleteBatch([1, 2]));
      assert.equal((await issues.getIssue(1)).state, 'done');
      await assert.rejects(issues.getIssue('000001_a.md'), { code: 'notFound' });
      for (const stop of stops) {
        stop();
      }
      await issues.write(error.undo);
      assert.equal((await issues.getIssue(1)).state, 'open');
      await assert.rejects(issues.getIssue('complete/000001_a'), { code: 'notFound' });
    });

    it('in a batch that fails leave nothing behind in the cache', async () => {
      await readsOf(1, 2);
      disk.fail({ method: 'replace', nth: 2 }, 'ENOSPC');
      const updates = [1, 2].map((ref) => ({ ref, content: 'new' }));
      await assert.rejects(issues.updateIssuesBatch(updates), { code: 'notWritable' });
      assert.deepEqual(
        (await issues.getIssuesBatch([1, 2])).map(({ content }) => content),
        ['a', 'b'],
      );
    });
  });

  describe('lists', () => {
    it('keep what they read, under every number and id', async () => {
      await issues.listIssues();
      disk.reset();
      for (const ref of [1, 2, 3, '000001_a', '000002_b', '000003_c']) {
        await issues.getIssue(ref);
      }
      assert.deepEqual(disk.calls, []);
    });

    it('make a name mean what a reader means by it', async () => {
      folder().writeAll({ '000001_0.md': 'first in order', 'complete/000002_b.md': 'completed', '000003_z.md': 'active' });
      await issues.listIssues();
      assert.equal((await issues.getIssue(1)).content, 'first in order');
      assert.equal((await issues.getIssue('000002_b')).content, 'b');
      assert.equal((await issues.getIssue(3)).content, 'active');
    });

    it('give no name to a second choice because the cache has no room for the first', async () => {
      compose({ maxSize: 1 });
      folder().writeAll({ '000001_z.md': 'second choice', 'complete/000001_a.md': 'third choice' });
      await issues.listIssues();
      assert.equal((await issues.getIssue(1)).content, 'a');
      assert.equal((await issues.getIssue('000001_a')).content, 'a');
    });

    it('learn the names of those issues only that the cache has room for', async () => {
      compose({ maxSize: 2 });
      await issues.listIssues();
      assert.equal(await readsOf(2, 3, '000002_b', '000003_c'), 0);
    });

    it('give no name to a second choice because the first cannot be read', async () => {
      folder().write('000001_0.md', Buffer.from([0xff]));
      await issues.listIssues();
      await assert.rejects(issues.getIssue(1), { code: 'notText' });
    });

    it('pass on the questions that no entry answers', async () => {
      assert.equal((await cached.listSummaries()).length, 3);
      assert.equal(cached.cacheStats().size, 0);
    });
  });

  describe('meanings', () => {
    it('of numbers and ids are forgotten when issues come and go', async () => {
      await readsOf(1, '000003_c');
      folder().writeAll({ '000001_0.md': 'first in order now', '000003_c.md': 'active now' });
      cached.invalidate([issueKey('000001_0', false), issueKey('000003_c', false)]);
      assert.equal((await issues.getIssue(1)).content, 'first in order now');
      assert.equal((await issues.getIssue('000003_c')).content, 'active now');
    });

    it('are kept when only a text changed', async () => {
      await issues.getIssue(1);
      folder().write('000001_a.md', 'new');
      cached.invalidate([issueKey('000001_a', false)]);
      assert.equal((await issues.getIssue(1)).content, 'new');
      assert.equal(await readsOf(1), 0);
    });

    it('change when an own write moves, renames or deletes an issue', async () => {
      folder().write('000001_b.md', 'second');
      assert.equal((await issues.getIssue(1)).content, 'a');
      await issues.markComplete('000001_a');
      assert.equal((await issues.getIssue(1)).content, 'second');
      await issues.reopen('000001_a');
      assert.equal((await issues.getIssue(1)).content, 'a');
      await issues.rename('000001_a', 'z');
      assert.equal((await issues.getIssue(1)).content, 'second');
      await issues.deleteIssue('000001_b');
      assert.equal((await issues.getIssue(1)).content, 'a');
    });
  });

  describe('without a watcher', () => {
    it('asks for each cached issue whether it is current, and reads only what is not', async () => {
      let watched = true;
      let current = true;
      const asked: string[] = [];
      const isCurrent = async (issue: Issue) => asked.push(issue.id) > 0 && current;
      compose({ isWatched: () => watched, isCurrent });
      await readsOf(1, 1);
      assert.deepEqual(asked, []);
      watched = false;
      assert.equal(await readsOf(1), 0);
      assert.deepEqual(asked, ['000001_a']);
      current = false;
      folder().write('000001_a.md', 'new');
      assert.equal((await issues.getIssue(1)).content, 'new');
      watched = true;
      assert.equal((await issues.getIssue(1)).content, 'new');
    });

    it('asks for each of a batch as well', async () => {
      let current = true;
      compose({ isWatched: () => false, isCurrent: async ({ id }) => current || id !== '000001_a' });
      await readsOf(1, 2);
      assert.equal(await readsOf(1, 2), 0);
      current = false;
      folder().write('000001_a.md', 'new');
      disk.reset();
      assert.equal((await issues.getIssuesBatch([1, 2]))[0]?.content, 'new');
      assert.equal(disk.count('read', 'readSync'), 1);
      const { hits, misses, revalidated } = cached.cacheStats();
      assert.deepEqual([hits, misses, revalidated], [3, 3, 3]);
    });
  });

  describe('a batch of gets', () => {
    it('reads what is not cached as one batch, and answers in order', async () => {
      await issues.getIssue('000002_b');
      disk.reset();
      const found = await issues.getIssuesBatch([3, '000002_b', 1]);
      assert.deepEqual(
        found.map(({ content }) => content),
        ['c', 'b', 'a'],
      );
      assert.equal(disk.count('read', 'readSync'), 2);
      disk.reset();
      assert.deepEqual(await issues.getIssuesBatch([3, '000002_b', 1]), found);
      assert.deepEqual(disk.calls, []);
    });

    it('counts each issue as a hit or a miss', async () => {
      await issues.getIssue(1);
      await issues.getIssuesBatch([1, 2, 3]);
      const { hits, misses } = cached.cacheStats();
      assert.deepEqual([hits, misses], [1, 3]);
    });

    it('fails as a whole if one is not there', async () => {
      await assert.rejects(issues.getIssuesBatch([1, 9]), { code: 'notFound' });
    });
  });
});
