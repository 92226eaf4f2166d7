import assert from 'node:assert/strict';
import { FRONT_MATTER_FORMAT } from '../../src/core/formats/frontMatterFolder.ts';
import { recorded, untilHolds } from './support/events.ts';
import { useOtherStore } from './support/otherStore.ts';
import { useStore } from './support/testStore.ts';
import { redrawn, treeText } from './support/treeText.ts';

const issue = (title: string, ...lines: readonly string[]) => `---\n${lines.join('\n')}\n---\n\n# ${title}\n`;

describe('rows of issues that wait for others', () => {
  const store = useStore({
    'issues/000001_first.md': issue('First', 'priority: high'),
    'issues/000002_second.md': issue('Second', 'dependencies: [1]'),
    'issues/000003_third.md': issue('Third', 'status: Blocked', 'dependencies: [1]'),
    'issues/000004_fourth.md': issue('Fourth', 'dependencies: [99]'),
    // A group that becomes empty, or no longer is, is drawn as a whole.
    'issues/complete/000005_fifth.md': issue('Fifth', 'priority: low'),
  });
  const rowOf = async (number: number) => {
    const rows = await treeText(store.api.tree.provider, { kind: 'folder', source: store.source });
    return rows.find((row) => row.includes(`#${number} `))?.trim();
  };
  /** The rows that are drawn until the one of an issue is. */
  const drawnUntil = async (row: string, change: () => unknown) => {
    const drawn = recorded(store.api.tree.provider.onDidChangeTreeData);
    await change();
    // A group is drawn with what is in it.
    const isRow = (text: string) => text.includes(row) || text.startsWith('group') || text === 'everything';
    const isDrawn = () => drawn.events.flatMap((nodes) => redrawn(nodes ?? undefined)).some(isRow);
    await untilHolds(isDrawn, store.api.tree.provider.onDidChangeTreeData, `${row} to be drawn anew`);
    drawn.stop();
  };

  it('say that they are blocked, but not twice, and not because of an issue that is not there', async () => {
    assert.equal(await rowOf(1), '#1 First | high');
    assert.equal(await rowOf(2), '#2 Second | Blocked');
    assert.equal((await rowOf(3))?.match(/Blocked/g)?.length, 1);
    assert.equal(await rowOf(4), '#4 Fourth');
  });

  it('change when what is before them is completed or reopened', async () => {
    await drawnUntil('000002_second', () => store.store.for('test').markComplete(1));
    assert.equal(await rowOf(2), '#2 Second');
    await drawnUntil('000002_second', () => store.store.for('test').reopen(1));
    assert.equal(await rowOf(2), '#2 Second | Blocked');
  });
});

describe('rows of issues that others say they block', () => {
  const store = useOtherStore(
    FRONT_MATTER_FORMAT,
    { folder: 'items' },
    { 'items/one.md': issue('One', 'id: one'), 'items/two.md': issue('Two', 'id: two') },
  );
  const shown = (row: string) => {
    const { provider } = store;
    const rowNow = () => [provider.getTreeItem(store.node('two'))].map(({ description }) => description || 'nothing').join();
    let isDrawn = false;
    const drawn = provider.onDidChangeTreeData((nodes) => {
      isDrawn ||= redrawn(nodes ?? undefined).some((text) => text.includes('two') || text.startsWith('group'));
    });
    return untilHolds(() => isDrawn && rowNow() === row, provider.onDidChangeTreeData, `the row to say ${row}`).finally(() =>
      drawn.dispose(),
    );
  };

  it('change when they begin and when they cease to say so', async () => {
    // A row that VS Code has not asked for is not drawn anew.
    await treeText(store.provider);
    const blocked = shown('Blocked');
    store.write({ 'items/one.md': issue('One', 'id: one', 'blocks: [two]') });
    await blocked;
    const free = shown('nothing');
    store.write({ 'items/one.md': issue('One', 'id: one') });
    await free;
  });
});
