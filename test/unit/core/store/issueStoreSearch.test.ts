import assert from 'node:assert/strict';
import type { TextMatch } from '../../../../src/core/search/textSearch.ts';
import { byHand } from '../../support/byHand.ts';
import { useStores } from '../../support/openStore.ts';

describe('searching the texts of a store', () => {
  const { folder, open, make } = useStores();

  it('reads what is not cached once, and leaves no trace in the cache and the figures', async () => {
    folder().writeAll({
      'issues/000001_a.md': 'needle',
      'issues/000002_b.md': 'a needle',
      'issues/complete/000003_c.md': 'the needle',
    });
    const { disk, options } = byHand();
    const { store } = await open(options);
    store.clearCache();
    await store.getIssue(3);
    const { readsBy: _, ...before } = store.snapshot();
    disk.reset();
    const matches: TextMatch[] = [];
    assert.equal(await store.searchTexts('needle', { limit: 10, onMatch: (match) => void matches.push(match) }), true);
    assert.deepEqual(
      matches.map(({ summary }) => summary.key),
      ['complete/000003_c', '000001_a', '000002_b'],
    );
    assert.equal(disk.count('readSync', 'read'), 2);
    const { readsBy, ...after } = store.snapshot();
    assert.deepEqual(after, before);
    assert.equal(readsBy.search?.count, 2, 'with a meter of its own');
  });

  it('finds nothing in a store that is not open yet', async () => {
    assert.equal(await make().store.searchTexts('x', { limit: 1, onMatch: () => assert.fail() }), true);
  });
});
