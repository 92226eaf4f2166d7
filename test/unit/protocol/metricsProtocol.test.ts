import assert from 'node:assert/strict';
import { OPERATIONS as CORE_OPERATIONS } from '../../../src/core/metrics/metricsSnapshot.ts';
import { emptyHistory, toHistory } from '../../../src/protocol/metricsHistory.ts';
import { type HostMessage, parseHostMessage, parseWebviewMessage, type WebviewMessage } from '../../../src/protocol/metricsProtocol.ts';
import { OPERATIONS } from '../../../src/protocol/operations.ts';
import { sample, storeSnapshot } from './samples.ts';

/** What the other side gets: messages travel as JSON. */
function overTheWire(message: unknown): unknown {
  return JSON.parse(JSON.stringify(message));
}

const history = toHistory([sample(1000, { read: { count: 2, averageMicros: 3.5, p95Micros: 4 } }, { hitRate: 1 }), sample(2000)]);
const snapshot: HostMessage = {
  type: 'snapshot',
  stores: [{ id: 'a', name: 'A' }],
  selected: { id: 'a', history, figures: storeSnapshot() },
};
const delta: HostMessage = { type: 'delta', storeId: 'a', sample: sample(3000), figures: storeSnapshot({ watcher: 'failed' }) };

/** The message with the value at `path` replaced. */
function corrupted(message: unknown, path: string, value: unknown): unknown {
  const copy = overTheWire(message) as Record<string, unknown>;
  const keys = path.split('.');
  const last = keys.pop() ?? '';
  const parent = keys.reduce((node, key) => node[key] as Record<string, unknown>, copy);
  parent[last] = value;
  return copy;
}

describe('metrics protocol', () => {
  it('knows the kinds of operation that core knows, in the same order', () => {
    assert.deepEqual([...OPERATIONS], [...CORE_OPERATIONS]);
  });

  describe('what the webview takes', () => {
    for (const message of [snapshot, delta, { type: 'snapshot', stores: [], selected: null } satisfies HostMessage]) {
      it(`takes a ${message.type} as it was sent`, () => {
        assert.deepEqual(parseHostMessage(overTheWire(message)), message);
      });
    }

    it('leaves out fields that the protocol does not name', () => {
      assert.deepEqual(parseHostMessage({ ...delta, more: 1 }), delta);
    });

    const malformed: [string, unknown][] = [
      ['nothing', undefined],
      ['text', 'snapshot'],
      ['an unknown type', { type: 'hello' }],
      ['no type', { storeId: 'a' }],
      ['a snapshot without stores', corrupted(snapshot, 'stores', undefined)],
      ['a store without a name', corrupted(snapshot, 'stores', [{ id: 'a' }])],
      ['columns of different lengths', corrupted(snapshot, 'selected.history.hitRate', [1])],
      ['a kind of operation missing in the history', corrupted(snapshot, 'selected.history.operations.list', undefined)],
      ['a count that is no number', corrupted(delta, 'sample.operations.read.count', '2')],
      ['a negative count', corrupted(delta, 'sample.operations.read.count', -1)],
      ['half an operation', corrupted(delta, 'figures.outer.operations.read.count', 0.5)],
      ['a hit rate above 1', corrupted(delta, 'figures.cache.hitRate', 1.5)],
      ['an average of null in a meter', corrupted(delta, 'figures.inner.operations.list.averageMicros', null)],
      ['an unknown watcher state', corrupted(delta, 'figures.watcher', 'asleep')],
      ['figures missing', corrupted(delta, 'figures', undefined)],
    ];
    for (const [what, message] of malformed) {
      it(`refuses ${what}`, () => {
        assert.equal(parseHostMessage(message), undefined);
      });
    }
  });

  describe('what the host takes', () => {
    const messages: WebviewMessage[] = [
      { type: 'ready' },
      { type: 'ready', storeId: 'a' },
      { type: 'selectStore', storeId: 'b' },
      { type: 'reset', storeId: 'a' },
    ];
    for (const message of messages) {
      it(`takes ${JSON.stringify(message)}`, () => {
        assert.deepEqual(parseWebviewMessage(overTheWire(message)), message);
      });
    }

    for (const message of [
      null,
      1,
      'ready',
      {},
      { type: 'reset' },
      { type: 'selectStore', storeId: 3 },
      { type: 'ready', storeId: null },
    ]) {
      it(`refuses ${JSON.stringify(message)}`, () => {
        assert.equal(parseWebviewMessage(message), undefined);
      });
    }
  });

  it('takes an empty history', () => {
    const message: HostMessage = {
      type: 'snapshot',
      stores: [{ id: 'a', name: 'A' }],
      selected: { id: 'a', history: emptyHistory(), figures: storeSnapshot() },
    };
    assert.deepEqual(parseHostMessage(overTheWire(message)), message);
  });
});
