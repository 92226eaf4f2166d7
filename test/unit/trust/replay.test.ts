import assert from 'node:assert/strict';
import { isDeepStrictEqual } from 'node:util';
import { eventually } from '../../support/polling.ts';
import { SETTINGS, useStores } from '../support/openStore.ts';
import { COMMITS, GitHistory, numbersFrom } from './gitHistory.ts';
import { assertTrue, Follower, readRows, rowOf } from './independent.ts';
import { scaled, TRUST_TIMEOUT_MS } from './scale.ts';

const WINDOW_MS = 50;
const STEP = scaled(10, 1);
const ONE_JUMP_IN = scaled(3, 10);

/** What git needs longer for than one window cannot be told of in one event, so a slow machine is granted one for each. */
const mostEvents = (milliseconds: number) => 3 + Math.ceil(milliseconds / WINDOW_MS);

/** One commit after the other, in steps of one or of ten, with a jump to anywhere now and then; those without a store among them. */
function route(): number[] {
  const random = numbersFrom(11);
  const stops: number[] = [];
  for (let commit = 0; commit < COMMITS; commit += STEP) {
    stops.push(commit);
    if (random(ONE_JUMP_IN) === 0) {
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
    const opened = make({ settings: { ...SETTINGS, coalescingWindow: WINDOW_MS } });
    const { store, changes, errors } = opened;
    const follower = new Follower(store);
    await opened.open();
    assert.equal(store.watchFailure, undefined);
    for (const commit of route()) {
      changes.events.length = 0;
      const startedAt = performance.now();
      await history.checkOut(commit);
      const most = mostEvents(performance.now() - startedAt);
      const { rows } = readRows(folder().join('issues'));
      // Without the difference, which costs seconds to work out and would be asked for again and again.
      // The catalogue is ahead of the event that tells of it, as long as a look goes on.
      const isEqual = () => isDeepStrictEqual(store.catalogue.summaries().map(rowOf), rows) && isDeepStrictEqual(follower.rows, rows);
      await eventually(() => assert.ok(isEqual(), `commit ${commit}`), 8_000);
      await assertTrue(store, follower);
      assert.ok(changes.events.length <= most, `${changes.events.length} events for commit ${commit}`);
    }
    assert.deepEqual(errors, []);
  }).timeout(TRUST_TIMEOUT_MS);
});
