import assert from 'node:assert/strict';
import { parseViewState } from '../../../src/webview/viewState.ts';

const DEFAULTS = { rangeMinutes: 5, paused: false, hiddenSeries: [] };

describe('view state', () => {
  it('starts with five minutes, running, everything shown', () => {
    assert.deepEqual(parseViewState(undefined), DEFAULTS);
  });

  it('brings back what was chosen', () => {
    const state = { rangeMinutes: 15, paused: true, storeId: 'a', hiddenSeries: ['list'] };
    assert.deepEqual(parseViewState(JSON.parse(JSON.stringify(state))), state);
  });

  it('replaces single choices that make no sense', () => {
    const state = parseViewState({ rangeMinutes: 7, paused: true, storeId: 3, hiddenSeries: 'list' });
    assert.equal(state.rangeMinutes, 5);
    assert.equal(state.paused, true);
    assert.equal(state.storeId, undefined);
    assert.deepEqual(state.hiddenSeries, []);
  });
});
