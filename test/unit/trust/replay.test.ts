import assert from 'node:assert/strict';
import { eventually } from '../../support/polling.ts';
import { SETTINGS, useStores } from '../support/openStore.ts';
import { COMMITS, GitHistory, numbersFrom } from './gitHistory.ts';
import { assertTrue, Follower, readRows, rowOf } from './independent.ts';

const isLarge = process.env.TRUST_SCALE === 'large';
const MOST_EVENTS = 5;

/** One commit after the other, in steps of one or of ten, with a jump to anywhere now and then; those without a store among them. */
function route(): number[] {
  const random = numbersFrom(11);
  const stops: number[] = [];
  for (let commit = 0; commit < COMMITS; commit += isLarge ? 1 : 10) {
    stops.push(commit);
    if (random(isLarge ? 10 : 3) === 0) {
      stops.push(random(COMMITS));
    }
  }
  return [...stops, COMMITS - 1, 121, 123, 124, 222, 223, 7, 8, 299];
}

describe('IssueStore, while git checks out one commit after another', () => {
  const { folder, make } = useStores();

  it('is what the disk says after each, and says so in few events', async () => {
    const history = new GitHistory(folder().path);
    await history.make();
    assert.equal(history.size, COMMITS);
    await history.checkOut(0);
    const opened = make({ settings: { ...SETTINGS, coalescingWindow: 50 } });
    const { store, changes, errors } = opened;
    const follower = new Follower(store);
    await opened.open();
    assert.equal(store.watchFailure, undefined);
    for (const commit of route()) {
      changes.events.length = 0;
      await history.checkOut(commit);
      const { rows } = readRows(folder().join('issues'));
      await eventually(() => assert.deepEqual(store.catalogue.summaries().map(rowOf), rows, `commit ${commit}`), 8_000);
      await assertTrue(store, follower);
      assert.ok(changes.events.length <= MOST_EVENTS, `${changes.events.length} events for commit ${commit}`);
    }
    assert.deepEqual(errors, []);
  }).timeout(isLarge ? 200_000 : 40_000);
});
