import assert from 'node:assert/strict';
import { Emitter } from '../../../src/core/events.ts';
import type { MetricsSample } from '../../../src/core/metrics/metricsSnapshot.ts';
import { MetricsFeed, type MetricsSource, type MetricsSources } from '../../../src/extension/metricsPanel/metricsFeed.ts';
import type { HostMessage } from '../../../src/protocol/metricsProtocol.ts';
import { sample, storeSnapshot } from './samples.ts';

function failOnError(error: unknown): never {
  throw error;
}

class FakeSource implements MetricsSource {
  readonly sampled = new Emitter<MetricsSample>(failOnError);
  readonly id: string;
  readonly name: string;
  samples: MetricsSample[] = [sample(1)];
  resets = 0;
  listeners = 0;

  constructor(id: string) {
    this.id = id;
    this.name = id.toUpperCase();
  }

  readonly onDidSample: MetricsSource['onDidSample'] = (listener) => {
    const subscription = this.sampled.event(listener);
    this.listeners += 1;
    return {
      dispose: () => {
        this.listeners -= 1;
        subscription.dispose();
      },
    };
  };

  snapshot() {
    return storeSnapshot();
  }

  history() {
    return this.samples;
  }

  reset() {
    this.resets += 1;
    this.samples = [];
  }

  tick(at: number) {
    const taken = sample(at);
    this.samples.push(taken);
    this.sampled.fire(taken);
  }
}

class FakeSources implements MetricsSources {
  readonly changed = new Emitter<void>(failOnError);
  readonly onDidChange = this.changed.event;
  list: FakeSource[];

  constructor(...list: FakeSource[]) {
    this.list = list;
  }

  all() {
    return this.list;
  }

  become(...list: FakeSource[]) {
    this.list = list;
    this.changed.fire();
  }
}

/** Type and store of each message since the last call. */
function listen(sources: MetricsSources, isVisible = true) {
  const messages: HostMessage[] = [];
  const feed = new MetricsFeed(sources, isVisible, (message) => messages.push(message));
  const heard = () =>
    messages.splice(0).map((message) => `${message.type} ${message.type === 'delta' ? message.storeId : (message.selected?.id ?? 'none')}`);
  return { feed, messages, heard };
}

describe('metrics feed', () => {
  it('says nothing before the webview is ready', () => {
    const source = new FakeSource('a');
    const { heard } = listen(new FakeSources(source));
    source.tick(2);
    assert.deepEqual(heard(), []);
  });

  it('answers ready with a snapshot of the whole history, then sends a delta per sample', () => {
    const source = new FakeSource('a');
    const { feed, messages, heard } = listen(new FakeSources(source));
    feed.receive({ type: 'ready' });
    const first = messages[0];
    assert.ok(first?.type === 'snapshot');
    assert.deepEqual(first.stores, [{ id: 'a', name: 'A' }]);
    assert.deepEqual(first.selected?.history.at, [1]);
    source.tick(2);
    source.tick(3);
    assert.deepEqual(heard(), ['snapshot a', 'delta a', 'delta a']);
  });

  it('says so where there is no store', () => {
    const { feed, heard } = listen(new FakeSources());
    feed.receive({ type: 'ready' });
    assert.deepEqual(heard(), ['snapshot none']);
  });

  it('is silent while hidden, and sends all that was missed on becoming visible', () => {
    const source = new FakeSource('a');
    const { feed, messages, heard } = listen(new FakeSources(source));
    feed.receive({ type: 'ready' });
    heard();
    feed.setVisible(false);
    source.tick(2);
    assert.deepEqual(heard(), []);
    feed.setVisible(true);
    const [message] = messages;
    assert.ok(message?.type === 'snapshot');
    assert.deepEqual(message.selected?.history.at, [1, 2]);
    feed.setVisible(true);
    assert.equal(messages.length, 1);
  });

  it('sends a new snapshot after a reset, which reaches the store that the user saw', () => {
    const [a, b] = [new FakeSource('a'), new FakeSource('b')];
    const { feed, messages } = listen(new FakeSources(a, b));
    feed.receive({ type: 'ready' });
    messages.length = 0;
    feed.receive({ type: 'reset', storeId: 'a' });
    assert.deepEqual([a.resets, b.resets], [1, 0]);
    const [message] = messages;
    assert.ok(message?.type === 'snapshot');
    assert.deepEqual(message.selected?.history.at, []);
  });

  it('ignores a reset of a store that is gone', () => {
    const { feed, heard } = listen(new FakeSources(new FakeSource('a')));
    feed.receive({ type: 'ready' });
    feed.receive({ type: 'reset', storeId: 'gone' });
    assert.deepEqual(heard(), ['snapshot a', 'snapshot a']);
  });

  it('changes stores, and hears only the chosen one', () => {
    const [a, b] = [new FakeSource('a'), new FakeSource('b')];
    const { feed, heard } = listen(new FakeSources(a, b));
    feed.receive({ type: 'ready' });
    feed.receive({ type: 'selectStore', storeId: 'b' });
    a.tick(2);
    b.tick(2);
    assert.deepEqual(heard(), ['snapshot a', 'snapshot b', 'delta b']);
    assert.deepEqual([a.listeners, b.listeners], [0, 1]);
  });

  it('comes back after a reload with the store that the view remembers', () => {
    const { feed, heard } = listen(new FakeSources(new FakeSource('a'), new FakeSource('b')));
    feed.receive({ type: 'ready', storeId: 'b' });
    assert.deepEqual(heard(), ['snapshot b']);
  });

  it('prefers a store that was asked for while the view was hidden to the one that the view remembers', () => {
    const { feed, heard } = listen(new FakeSources(new FakeSource('a'), new FakeSource('b')));
    feed.show('b');
    feed.receive({ type: 'ready', storeId: 'a' });
    assert.deepEqual(heard(), ['snapshot b']);
  });

  it('follows stores that come and go', () => {
    const [a, b] = [new FakeSource('a'), new FakeSource('b')];
    const sources = new FakeSources(a, b);
    const { feed, heard } = listen(sources);
    feed.receive({ type: 'ready', storeId: 'b' });
    sources.become(a);
    sources.become();
    sources.become(b);
    assert.deepEqual(heard(), ['snapshot b', 'snapshot a', 'snapshot none', 'snapshot b']);
  });

  it('hears the new object behind an id', () => {
    const [old, fresh] = [new FakeSource('a'), new FakeSource('a')];
    const sources = new FakeSources(old);
    const { feed, heard } = listen(sources);
    feed.receive({ type: 'ready' });
    sources.become(fresh);
    old.tick(2);
    fresh.tick(2);
    assert.deepEqual(heard(), ['snapshot a', 'snapshot a', 'delta a']);
  });

  it('lets go of everything when disposed', () => {
    const source = new FakeSource('a');
    const sources = new FakeSources(source);
    const { feed, heard } = listen(sources);
    feed.receive({ type: 'ready' });
    feed.dispose();
    feed.dispose();
    source.tick(2);
    sources.become(source);
    assert.deepEqual(heard(), ['snapshot a']);
    assert.equal(source.listeners, 0);
  });
});
