import assert from 'node:assert/strict';
import { Emitter } from '../../../../src/core/events.ts';
import { TreeDataFeed } from '../../../../src/extension/tree/treeDataFeed.ts';
import { ManualTime } from '../../support/manualTime.ts';

const onError = (error: unknown) => assert.fail(String(error));

describe('TreeDataFeed', () => {
  function made({ whenReady = () => Promise.resolve() } = {}) {
    const time = new ManualTime();
    const changed = new Emitter<string | string[] | undefined>(onError);
    const rows = {
      onDidChangeTreeData: changed.event,
      getChildren: (parent?: string) => (parent === undefined ? ['a', 'b'] : [`${parent}1`]),
      getTreeItem: (label: string) => ({ label }),
      getParent: (row: string) => row.slice(0, -1),
    };
    const feed = new TreeDataFeed<string>({ rows, whenReady, schedule: time.schedule, onError });
    feed.setVisible(true);
    const drawn: string[] = [];
    feed.onDidChangeTreeData((event) => drawn.push(`${time.now()}: ${event === undefined ? 'everything' : [event].flat().join(' ')}`));
    return { time, drawn, feed, redraw: (event?: string | string[]) => changed.fire(event) };
  }

  it('gives the rows as they are, and says which have changed', async () => {
    const { drawn, feed, redraw } = made();
    assert.deepEqual([await feed.getChildren(), await feed.getChildren('b')], [['a', 'b'], ['b1']]);
    assert.deepEqual([feed.getParent('b1'), feed.getTreeItem('b1')], ['b', { label: 'b1' }]);
    redraw('b1');
    redraw(['a', 'b']);
    assert.deepEqual(drawn, ['0: b1', '0: a b']);
  });

  it('does not say that everything is new before the view has asked for anything', async () => {
    const { time, drawn, feed, redraw } = made();
    redraw();
    time.advance(60_000);
    await feed.getChildren();
    time.advance(60_000);
    assert.deepEqual(drawn, []);
  });

  it('does not say so of what an answer has in it', async () => {
    let becomeReady: (() => void) | undefined;
    const ready = new Promise<void>((resolve) => {
      becomeReady = resolve;
    });
    const { time, drawn, feed, redraw } = made({ whenReady: () => ready });
    const asked = feed.getChildren();
    redraw();
    becomeReady?.();
    await asked;
    time.advance(60_000);
    assert.deepEqual(drawn, []);
  });

  it('says so of what came later, once the view has the answer', async () => {
    const { time, drawn, feed, redraw } = made();
    await feed.getChildren();
    time.advance(249);
    redraw();
    redraw();
    assert.deepEqual(drawn, []);
    time.advance(1);
    assert.deepEqual(drawn, ['250: everything']);
  });

  it('does not say so twice before the view has asked again', async () => {
    const { time, drawn, feed, redraw } = made();
    await feed.getChildren();
    time.advance(1000);
    redraw();
    redraw();
    time.advance(1000);
    redraw();
    assert.deepEqual(drawn, ['1000: everything']);
    await feed.getChildren();
    time.advance(60_000);
    assert.deepEqual(drawn, ['1000: everything']);
    redraw();
    assert.deepEqual(drawn.at(-1), '62000: everything');
  });

  it('says so again in the end to a view that never asks', async () => {
    const { time, drawn, feed, redraw } = made();
    await feed.getChildren();
    time.advance(1000);
    redraw();
    redraw();
    time.advance(5000);
    assert.deepEqual(drawn, ['1000: everything', '6000: everything']);
  });

  it('says nothing to a view that is hidden, and once it is shown again that everything is new, if anything is', async () => {
    const { time, drawn, feed, redraw } = made();
    await feed.getChildren();
    time.advance(1000);
    feed.setVisible(false);
    feed.setVisible(true);
    assert.deepEqual(drawn, []);
    feed.setVisible(false);
    redraw('b1');
    redraw(['a']);
    redraw();
    time.advance(60_000);
    assert.deepEqual([drawn, time.waits], [[], []]);
    feed.setVisible(true);
    assert.deepEqual(drawn, ['61000: everything']);
  });

  it('counts the rows that the view gets', () => {
    const { feed } = made();
    feed.getTreeItem('a');
    feed.getTreeItem('a');
    assert.equal(feed.rowsMade, 2);
  });

  it('waits for nothing after its end', async () => {
    const { time, drawn, feed, redraw } = made();
    await feed.getChildren();
    redraw();
    feed.dispose();
    assert.deepEqual(time.waits, []);
    redraw('a');
    time.advance(60_000);
    assert.deepEqual(drawn, []);
  });
});
