import assert from 'node:assert/strict';
import { renameSync, utimesSync } from 'node:fs';
import { issueKey } from '../../../../src/core/formats/numberedLayout.ts';
import { CountingDisk } from '../../support/countingDisk.ts';
import {
  assertEqualToDisk,
  type ChangedKeys,
  changedKeys,
  NO_CHANGE,
  type OpenStore,
  SETTINGS,
  useStores,
} from '../../support/openStore.ts';
import { partlyDone } from '../../support/partlyDone.ts';

describe('IssueStore, what it says of changes', () => {
  const { folder, open } = useStores();
  let opened: OpenStore;

  beforeEach(() => {
    folder().writeAll({ 'issues/000001_a.md': 'a', 'issues/000002_b.md': 'b', 'issues/complete/000003_c.md': 'c' });
  });

  const move = (from: string, to: string) => renameSync(folder().join('issues', from), folder().join('issues', to));

  describe('made by others: each is one event', () => {
    const changes: readonly [string, () => unknown, Partial<ChangedKeys>][] = [
      ['a write in place', () => folder().write('issues/000001_a.md', 'new'), { changed: ['000001_a'] }],
      [
        'a save by a rename',
        () => {
          folder().write('issues/000001_a.md.tmp', 'new');
          move('000001_a.md.tmp', '000001_a.md');
        },
        { changed: ['000001_a'] },
      ],
      ['a new file', () => folder().write('issues/complete/x.md', 'new'), { added: ['complete/x'] }],
      ['a deletion', () => folder().remove('issues/000002_b.md'), { removed: ['000002_b'] }],
      ['a rename', () => move('000001_a.md', '000001_z.md'), { added: ['000001_z'], removed: ['000001_a'] }],
      [
        'a move to the completed ones',
        () => move('000001_a.md', 'complete/000001_a.md'),
        { added: ['complete/000001_a'], removed: ['000001_a'] },
      ],
      [
        'several files at once',
        () => {
          folder().writeAll({ 'issues/000001_a.md': 'new', 'issues/x.md': 'new', 'issues/complete/000003_c.md': 'new' });
          folder().remove('issues/000002_b.md');
        },
        { added: ['x'], changed: ['000001_a', 'complete/000003_c'], removed: ['000002_b'] },
      ],
    ];
    for (const [title, change, expected] of changes) {
      it(title, async () => {
        opened = await open();
        assert.deepEqual(await opened.eventsOf(folder(), change), [{ ...NO_CHANGE, ...expected }]);
        await assertEqualToDisk(opened.store);
        assert.deepEqual(opened.errors, []);
      });
    }

    it('the first completion, for which the folder is made', async () => {
      folder().remove('issues/complete');
      opened = await open();
      const change = () => {
        folder().makeFolder('issues/complete');
        move('000001_a.md', 'complete/000001_a.md');
      };
      const events = await opened.eventsOf(folder(), change);
      assert.deepEqual(events, [{ ...NO_CHANGE, added: ['complete/000001_a'], removed: ['000001_a'] }]);
    });

    it('but none for a file that was touched or written with the same text', async () => {
      opened = await open();
      utimesSync(folder().join('issues/000001_a.md'), 1000, 1000);
      folder().write('issues/000002_b.md', 'b');
      folder().writeAll({ 'issues/notes.txt': '', 'issues/x.md.tmp': '' });
      assert.deepEqual(await opened.eventsOf(folder(), () => folder().write('issues/y.md')), [{ ...NO_CHANGE, added: ['y'] }]);
      assert.deepEqual((await opened.store.getIssue(1)).modifiedAt, 1_000_000);
    });

    it('and a text from before the change is read no more', async () => {
      opened = await open();
      assert.equal((await opened.store.getIssue(1)).content, 'a');
      await opened.eventsOf(folder(), () => folder().write('issues/000001_a.md', 'new'));
      assert.equal((await opened.store.getIssue(1)).content, 'new');
      await opened.eventsOf(folder(), () => folder().write('issues/000001_0.md', 'first in order now'));
      assert.equal((await opened.store.getIssue(1)).content, 'first in order now');
    });
  });

  describe('made through the store: each is one event, at once and without an echo', () => {
    const updates = [1, 2].map((ref) => ({ ref, content: 'new' }));
    const writes: readonly [string, (opened: OpenStore) => Promise<unknown>, Partial<ChangedKeys>][] = [
      ['create', ({ store }) => store.for('test').createIssue('new', 'text'), { added: ['000004_new'] }],
      ['update', ({ store }) => store.for('test').updateIssue(1, 'new'), { changed: ['000001_a'] }],
      ['complete', ({ store }) => store.for('test').markComplete(1), { added: ['complete/000001_a'], removed: ['000001_a'] }],
      ['reopen', ({ store }) => store.for('test').reopen(3), { added: ['000003_c'], removed: ['complete/000003_c'] }],
      ['rename', ({ store }) => store.for('test').rename(1, 'z'), { added: ['000001_z'], removed: ['000001_a'] }],
      ['delete', ({ store }) => store.for('test').deleteIssue(1), { removed: ['000001_a'] }],
      [
        'a batch of creates',
        ({ store }) => store.for('test').createIssuesBatch(['x', 'y'].map((name) => ({ name, content: '' }))),
        { added: ['000004_x', '000005_y'] },
      ],
      ['a batch of updates', ({ store }) => store.for('test').updateIssuesBatch(updates), { changed: ['000001_a', '000002_b'] }],
      [
        'a batch of completions',
        ({ store }) => store.for('test').markCompleteBatch([1, 2]),
        { added: ['complete/000001_a', 'complete/000002_b'], removed: ['000001_a', '000002_b'] },
      ],
      ['a batch of reopenings', ({ store }) => store.for('test').reopenBatch([3]), { added: ['000003_c'], removed: ['complete/000003_c'] }],
      [
        'a batch of renames',
        ({ store }) => store.for('test').renameIssuesBatch([1, 2].map((ref) => ({ ref, name: 'z' }))),
        { added: ['000001_z', '000002_z'], removed: ['000001_a', '000002_b'] },
      ],
      [
        'a batch that renumbers',
        async ({ store }) => {
          const { version: expectedVersion } = await store.getIssue(2);
          const mentions = [{ start: 0, digits: 1, move: 0 }];
          await store.for('test').renumberIssuesBatch({ moves: [{ ref: 1 }], rewrites: [{ ref: 2, expectedVersion, mentions }] });
        },
        { added: ['000004_a'], changed: ['000002_b'], removed: ['000001_a'] },
      ],
      [
        'a batch of deletions of what was seen',
        async ({ store }) => {
          const summaries = await store.listSummaries();
          await store.for('test').deleteIssuesBatch(summaries.slice(0, 2).map((ref) => ({ ref, expectedVersion: ref.version })));
        },
        { removed: ['000001_a', '000002_b'] },
      ],
      ['a batch of deletions', ({ store }) => store.for('test').deleteIssuesBatch([1, 2]), { removed: ['000001_a', '000002_b'] }],
      [
        'several that are under way together',
        ({ store }) =>
          Promise.all([store.for('test').updateIssue(1, 'new'), store.for('test').deleteIssue(2), store.for('test').createIssue('x', '')]),
        { added: ['000004_x'], changed: ['000001_a'], removed: ['000002_b'] },
      ],
    ];
    for (const [title, write, expected] of writes) {
      it(title, async () => {
        opened = await open();
        const change = async () => {
          await write(opened);
          assert.deepEqual(opened.changes.events.map(changedKeys), [{ ...NO_CHANGE, ...expected }], 'told by the time it is done');
        };
        assert.deepEqual(await opened.eventsOf(folder(), change), [{ ...NO_CHANGE, ...expected }]);
        await assertEqualToDisk(opened.store);
      });
    }

    it('undoing a batch', async () => {
      opened = await open();
      const { undo } = await opened.store.for('test').markCompleteBatch([1, 2]);
      opened.changes.events.length = 0;
      const expected = [{ ...NO_CHANGE, added: ['000001_a', '000002_b'], removed: ['complete/000001_a', 'complete/000002_b'] }];
      const change = async () => {
        await opened.store.write(undo);
        assert.deepEqual(opened.changes.events.map(changedKeys), expected, 'told by the time it is done');
      };
      assert.deepEqual(await opened.eventsOf(folder(), change), expected);
      await assertEqualToDisk(opened.store);
    });

    it('undoing what a batch that failed has left', async () => {
      const disk = new CountingDisk();
      opened = await open({ disk });
      const stops = [
        disk.fail({ method: 'move', path: '000001_a.md', nth: 2 }, 'EACCES'),
        disk.fail({ method: 'move', path: 'b.md' }, 'ENOSPC'),
      ];
      const error = await partlyDone(opened.store.for('test').markCompleteBatch([1, 2]));
      const left = { ...NO_CHANGE, added: ['complete/000001_a'], removed: ['000001_a'] };
      assert.deepEqual(opened.changes.events.map(changedKeys), [left], 'told of what is left');
      opened.changes.events.length = 0;
      for (const stop of stops) {
        stop();
      }
      const expected = [{ ...NO_CHANGE, added: ['000001_a'], removed: ['complete/000001_a'] }];
      const change = async () => {
        await opened.store.write(error.undo);
        assert.deepEqual(opened.changes.events.map(changedKeys), expected, 'told by the time it is done');
      };
      assert.deepEqual(await opened.eventsOf(folder(), change), expected);
      await assertEqualToDisk(opened.store);
    });

    it('and none for what fails and is taken back, or changes nothing', async () => {
      const disk = new CountingDisk();
      opened = await open({ disk });
      disk.fail({ method: 'move', nth: 2 }, 'ENOSPC');
      await assert.rejects(opened.store.for('test').markCompleteBatch([1, 2]), { code: 'notWritable' });
      await assert.rejects(opened.store.for('test').updateIssue(99, ''), { code: 'notFound' });
      await opened.store.for('test').updateIssue(1, 'a');
      await opened.store.for('test').reopen(1);
      assert.deepEqual(opened.changes.events, []);
      assert.deepEqual(await opened.eventsOf(folder(), () => opened.store.for('test').updateIssue(2, 'new')), [
        { ...NO_CHANGE, changed: ['000002_b'] },
      ]);
    });

    it('reads at most once more for the echo, because another write may hide in the same tick of the clock', async () => {
      const disk = new CountingDisk();
      opened = await open({ disk });
      await opened.eventsOf(folder(), () => opened.store.for('test').createIssuesBatch([{ name: 'x', content: '1' }]));
      await opened.eventsOf(folder(), async () => {
        await opened.store.for('test').updateIssue(4, '2');
        disk.reset();
      });
      const reads = disk.calls.filter(({ method, path }) => method === 'readSync' && path.endsWith('000004_x.md'));
      assert.ok(reads.length <= 1, `${reads.length} reads`);
    });

    it('and the echo of a large batch is looked at file by file, instead of the whole store', async () => {
      const disk = new CountingDisk();
      const keys = Array.from({ length: 300 }, (_, index) => issueKey(`x${index}`, false));
      folder().writeAll(Object.fromEntries(keys.map((key) => [`issues/${key}.md`, ''])));
      opened = await open({ disk });
      // By then they have been read again as files that were just written, and that is over.
      for (const text of ['once', 'twice', 'three times']) {
        await opened.eventsOf(folder(), () => folder().write('issues/000001_a.md', text));
      }
      disk.reset();
      await opened.store.for('test').markCompleteBatch(keys.map((key) => ({ key })));
      // The system tells of changes in their order, so the echo has been looked at when this one is told of.
      await opened.eventsOf(folder(), () => folder().write('issues/000001_a.md', 'new'));
      assert.equal(disk.count('list'), 0);
      await assertEqualToDisk(opened.store);
    });
  });

  it('goes on telling the others when one listener throws', async () => {
    opened = await open();
    const heard: string[] = [];
    opened.store.onDidChange(() => {
      throw new Error('a bad listener');
    });
    opened.store.onDidChange(() => heard.push('after'));
    await opened.store.for('test').updateIssue(1, 'new');
    assert.deepEqual(heard, ['after']);
    assert.match(String(opened.errors[0]), /a bad listener/);
  });

  it('answers a burst of 2 000 changed files with few events, and ends equal to the disk', async () => {
    for (let index = 0; index < 2_000; index++) {
      folder().write(`issues/burst-${index}.md`, `text ${index}`);
    }
    opened = await open({ settings: { ...SETTINGS, coalescingWindow: 50 } });
    for (let index = 0; index < 2_000; index++) {
      const path = `issues/burst-${index}.md`;
      folder().write(`${path}.tmp`, `changed text ${index}`);
      renameSync(folder().join(`${path}.tmp`), folder().join(path));
      if (index % 100 === 0) {
        await new Promise((resolve) => setImmediate(resolve));
      }
    }
    folder().write('issues/last.md', 'the last');
    await opened.changes.until(
      () => opened.store.catalogue.get(issueKey('last', false)) !== undefined && isAllChanged(opened),
      'the burst to be over',
    );
    assert.ok(opened.changes.events.length <= 10, `${opened.changes.events.length} events`);
    await assertEqualToDisk(opened.store);
  }).timeout(30_000);

  function isAllChanged({ store }: OpenStore): boolean {
    return store.catalogue.active.every(({ id, title }) => !id.startsWith('burst-') || title.startsWith('changed'));
  }
});
