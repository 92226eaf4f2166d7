import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { assertDefined } from '../../../src/core/assertDefined.ts';
import type { IssueChange } from '../../../src/core/catalogue/issueCatalogue.ts';
import { eventually } from '../../support/polling.ts';
import { SETTINGS, useStores } from '../support/openStore.ts';
import { BACKLOG_HISTORY, COMMITS, GitHistory, NUMBERED_HISTORY, numbersFrom, SCRATCH_HISTORY } from './gitHistory.ts';
import { assertTrue, Follower, type Row, readRows, rowOf } from './independent.ts';
import { scaled, TRUST_TIMEOUT_MS } from './scale.ts';
import { STORE_KINDS } from './storeKinds.ts';

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

const STYLES = [NUMBERED_HISTORY, BACKLOG_HISTORY, SCRATCH_HISTORY];

for (const [index, kind] of STORE_KINDS.entries()) {
  describe(`IssueStore ${kind.title}, while git checks out one commit after another`, () => {
    const { folder, make } = useStores();
    const style = assertDefined(STYLES[index]);
    const place = () => folder().join(kind.places[0] ?? '');
    const config = () => {
      const path = kind.config && join(place(), kind.config.path);
      return path !== undefined && existsSync(path) ? readFileSync(path, 'utf8') : undefined;
    };

    it('is what the disk says after each, and says so in few events without a wrong row', async () => {
      const history = new GitHistory(folder().path);
      await history.make(style);
      assert.equal(history.size, COMMITS);
      await history.checkOut(0);
      const opened = make({ ...kind.options, settings: { ...SETTINGS, coalescingWindow: WINDOW_MS } });
      const { store, changes, errors } = opened;
      const follower = new Follower(store);
      await opened.open();
      assert.equal(store.watchFailure, undefined);
      for (const commit of route()) {
        changes.events.length = 0;
        const before = { rows: readRows(kind, place()).rows, config: config() };
        const startedAt = performance.now();
        await history.checkOut(commit);
        const most = mostEvents(performance.now() - startedAt);
        const { rows } = readRows(kind, place());
        // Without the difference, which costs seconds to work out and would be asked for again and again.
        // The catalogue is ahead of the event that tells of it, as long as a look goes on.
        const isEqual = () => isDeepStrictEqual(store.catalogue.summaries().map(rowOf), rows) && isDeepStrictEqual(follower.rows, rows);
        await eventually(() => assert.ok(isEqual(), `commit ${commit}`), 8_000);
        await assertTrue(kind, store, follower);
        assert.ok(changes.events.length <= most, `${changes.events.length} events for commit ${commit}`);
        const isOtherConfig = before.config !== config() && before.config !== undefined && config() !== undefined;
        if (!isOtherConfig) {
          assertNoneElse(changes.events, [...before.rows, ...rows], commit);
        }
      }
      assert.deepEqual(errors, []);
    }).timeout(TRUST_TIMEOUT_MS);
  });
}

/** Fails if an event told of a row that is in neither commit. Git was about to write a file that is empty. */
function assertNoneElse(events: readonly IssueChange[], rows: readonly Row[], commit: number): void {
  const lineOf = ({ key, id, number, state, title, size }: Row) => [key, id, number, state, title, size].join(' | ');
  const known = new Set(rows.map(lineOf));
  const told = events.flatMap(({ added, changed }) => [...added, ...changed]).map(rowOf);
  assert.deepEqual(
    told
      .filter(({ size }) => size > 0)
      .map(lineOf)
      .filter((line) => !known.has(line)),
    [],
    `rows that are in neither commit, on the way to ${commit}`,
  );
}
