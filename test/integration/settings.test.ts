import assert from 'node:assert/strict';
import { recorded, untilHolds } from './support/events.ts';
import { useStore } from './support/testStore.ts';

describe('settings take effect without a reload', () => {
  const store = useStore({
    'issues/000001_one.md': '# One\n',
    'issues/000002_two.md': '# Two\n',
    'tickets/000005_five.md': '# Five\n',
    'tickets/complete/000006_six.md': '# Six\n',
  });
  const reads = () => store.store.snapshot().inner.operations.read.count;
  const cache = () => store.store.snapshot().cache;
  const keys = () => [...store.store.catalogue.keys()].sort();
  const whenKeys = (expected: readonly string[]) =>
    untilHolds(() => keys().join() === expected.join(), store.api.stores.onDidChange, expected.join(' and '));

  it('cache.size', async () => {
    await store.set('cache.size', 1);
    assert.deepEqual([cache().maxSize, cache().size], [1, 0]);
    await store.store.getIssue('000001_one');
    await store.store.getIssue('000002_two');
    assert.equal(cache().size, 1);
    await store.set('cache.size', 50);
    assert.deepEqual([cache().maxSize, cache().size], [50, 0]);
  });

  it('cache.timeToLive, which begins with an empty cache', async () => {
    await store.store.getIssue('000001_one');
    const before = reads();
    await store.store.getIssue('000001_one');
    assert.equal(reads(), before);
    await store.set('cache.timeToLive', 20);
    assert.equal(cache().size, 0);
    await store.store.getIssue('000001_one');
    assert.equal(reads(), before + 1);
  });

  it('but a setting of somebody else leaves the cache alone', async () => {
    await store.store.getIssue('000001_one');
    const [{ size }, before] = [cache(), reads()];
    assert.ok(size > 0);
    await store.set('tree.showCompleted', false);
    // What was dropped before can be read ahead meanwhile, but nothing goes.
    assert.ok(cache().size >= size);
    await store.store.getIssue('000001_one');
    assert.equal(reads(), before);
  });

  it('folder, there and back', async () => {
    await store.set('folder', 'tickets');
    await whenKeys(['000005_five', 'complete/000006_six']);
    assert.equal(store.store.folder, store.path('tickets'));
    const { change } = await store.changeOf(() => store.write({ 'tickets/000007_seven.md': '# Seven\n' }));
    assert.deepEqual(
      change.added.map(({ key }) => key),
      ['000007_seven'],
    );
    assert.equal((await store.store.getIssue(5)).content, '# Five\n');
    await store.set('folder', undefined);
    await whenKeys(['000001_one', '000002_two']);
    assert.equal((await store.store.getIssue(1)).content, '# One\n');
  });

  it('folder, to a place where nothing is, and it is watched for', async () => {
    const { provider } = store.api.tree;
    await store.set('folder', 'not/there');
    await untilHolds(() => store.store.state === 'missing', provider.onDidChangeTreeData, 'the store to be missing');
    assert.deepEqual(keys(), []);
    store.write({ 'not/there/000009_nine.md': '# Nine\n' });
    await whenKeys(['000009_nine']);
  });

  it('watcher.coalescingWindow', async () => {
    const windowMs = 400;
    await store.set('watcher.coalescingWindow', windowMs);
    const changes = recorded(store.api.stores.onDidChange);
    const startedAt = performance.now();
    await store.changeOf(
      () => store.write({ 'issues/000003_three.md': '# Three\n' }),
      ({ added }) => added.length > 0,
    );
    // A timer may be early by less than a millisecond, but the event is never long before the window ends.
    assert.ok(performance.now() - startedAt > windowMs - 20, 'the change was told of before the window ended');
    changes.stop();
    assert.equal(changes.events.length, 1);
  });
});
