import assert from 'node:assert/strict';
import { toHistory } from '../../../src/protocol/metricsHistory.ts';
import { parseViewState } from '../../../src/webview/viewState.ts';
import { sample, storeSnapshot } from '../protocol/samples.ts';

const DEFAULTS = { rangeMinutes: 5, hiddenSeries: [] };
const paused = { id: 'a', history: toHistory([sample(1000), sample(2000)]), figures: storeSnapshot() };

describe('view state', () => {
  it('starts with five minutes, running, everything shown', () => {
    assert.deepEqual({ ...parseViewState(undefined) }, DEFAULTS);
  });

  it('brings back what was chosen, and what was shown when it was paused', () => {
    const state = { rangeMinutes: 15, paused, storeId: 'a', hiddenSeries: ['list'] };
    assert.deepEqual(parseViewState(JSON.parse(JSON.stringify(state))), state);
  });

  it('replaces single choices that make no sense', () => {
    const state = parseViewState({ rangeMinutes: 7, paused: { ...paused, history: {} }, storeId: 3, hiddenSeries: 'list' });
    assert.equal(state.rangeMinutes, 5);
    assert.equal(state.paused, undefined);
    assert.equal(state.storeId, undefined);
    assert.deepEqual(state.hiddenSeries, []);
  });
});
