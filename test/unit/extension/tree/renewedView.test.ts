import assert from 'node:assert/strict';
import { Emitter } from '../../../../src/core/events.ts';
import { type PlainView, RenewedView } from '../../../../src/extension/tree/renewedView.ts';
import { TreeDataFeed } from '../../../../src/extension/tree/treeDataFeed.ts';
import { ManualTime } from '../../support/manualTime.ts';
import { settled } from '../../support/settled.ts';

const onError = (error: unknown) => assert.fail(String(error));

/** A view of VS Code, as far as an extension sees it. */
class FakeView implements PlainView<string> {
  readonly feed: TreeDataFeed<string>;
  readonly #log: string[];
  readonly #didCollapse = new Emitter<{ element: string }>(onError);
  readonly #didExpand = new Emitter<{ element: string }>(onError);
  readonly #didToggle = new Emitter<{ items: readonly [string, number][] }>(onError);
  readonly #didSelect = new Emitter<{ selection: readonly string[] }>(onError);
  readonly #didShow = new Emitter<{ visible: boolean }>(onError);
  readonly onDidCollapseElement = this.#didCollapse.event;
  readonly onDidExpandElement = this.#didExpand.event;
  readonly onDidChangeCheckboxState = this.#didToggle.event;
  readonly onDidChangeSelection = this.#didSelect.event;
  readonly onDidChangeVisibility = this.#didShow.event;
  visible = false;
  selection: readonly string[] = [];
  message = '';
  description = '';

  constructor(feed: TreeDataFeed<string>, log: string[]) {
    this.feed = feed;
    this.#log = log;
    log.push('made');
  }

  show(visible: boolean): void {
    this.visible = visible;
    this.#didShow.fire({ visible });
  }

  select(...rows: string[]): void {
    this.selection = rows;
    this.#didSelect.fire({ selection: rows });
  }

  fold(element: string): void {
    this.#didCollapse.fire({ element });
  }

  async reveal(row: string): Promise<void> {
    this.select(row);
  }

  /** Ends a moment later, as VS Code does. */
  async dispose(): Promise<void> {
    this.visible = false;
    await settled();
    this.#log.push('disposed');
  }
}

describe('RenewedView', () => {
  function made() {
    const views: FakeView[] = [];
    const log: string[] = [];
    const time = new ManualTime();
    const rows = { getChildren: () => [], getTreeItem: (label: string) => ({ label }) };
    const view = new RenewedView<string>({
      feed: () => new TreeDataFeed({ rows, whenReady: () => Promise.resolve(), schedule: time.schedule, onError }),
      view: (feed) => {
        const fake = new FakeView(feed, log);
        views.push(fake);
        return fake;
      },
      onError,
    });
    const last = () => views.at(-1) as FakeView;
    const makeRows = (count: number) => {
      for (let row = 0; row < count; row++) last().feed.getTreeItem('row');
    };
    return { view, log, last, makeRows };
  }

  it('is made anew when it is hidden after many rows, never while it is shown', async () => {
    const { log, last, makeRows } = made();
    last().show(true);
    makeRows(20_000);
    last().show(false);
    await settled();
    assert.deepEqual(log, ['made']);
    last().show(true);
    makeRows(1);
    await settled();
    assert.deepEqual(log, ['made']);
    last().show(false);
    await settled();
    await settled();
    assert.deepEqual(log, ['made', 'disposed', 'made']);
  });

  it('goes on with its message, its selection and its events', async () => {
    const { view, last, makeRows } = made();
    const folded: unknown[] = [];
    const shown: boolean[] = [];
    view.onDidFold((event) => folded.push(event));
    view.onDidChangeVisibility((isVisible) => shown.push(isVisible));
    view.message = 'Filter: login';
    last().show(true);
    last().select('a', 'b');
    makeRows(20_001);
    const old = last();
    old.show(false);
    await settled();
    await settled();
    assert.notEqual(last(), old);
    assert.deepEqual([last().message, view.selection], ['Filter: login', ['a', 'b']]);
    last().show(true);
    last().fold('group');
    assert.deepEqual([shown, folded], [[true, false, true], [{ row: 'group', isFolded: true }]]);
    assert.deepEqual([view.takeLostSelection(), view.selection], [['a', 'b'], []]);
    await view.reveal('a', { select: true, focus: false });
    assert.deepEqual(view.selection, ['a']);
  });

  it('is not made again once it has ended', async () => {
    const { view, log, last, makeRows } = made();
    last().show(true);
    makeRows(20_001);
    last().show(false);
    view.dispose();
    await settled();
    await settled();
    assert.deepEqual(
      log.filter((line) => line === 'made'),
      ['made'],
    );
  });
});
