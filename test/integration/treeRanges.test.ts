import assert from 'node:assert/strict';
import type { IssueTreeNode } from '../../src/extension/tree/issueNodes.ts';
import { eventOf, recorded } from './support/events.ts';
import { useStore } from './support/testStore.ts';
import { redrawn } from './support/treeText.ts';

const COUNT = 1200;
const id = (number: number) => `${String(number).padStart(6, '0')}_issue`;

describe('a group with more issues than can be shown at once', () => {
  const store = useStore(
    Object.fromEntries(Array.from({ length: COUNT }, (_, index) => [`issues/complete/${id(index + 1)}.md`, `# Issue ${index + 1}\n`])),
  );
  const completed = (): IssueTreeNode => ({ kind: 'group', source: store.source, group: 'completed' });
  const provider = () => store.api.tree.provider;
  const rows = async (parent: IssueTreeNode) =>
    (await provider().getChildren(parent)).map((node) => {
      const { label, description } = provider().getTreeItem(node);
      return `${String(label)} | ${String(description ?? '')}`;
    });

  it('shows ranges of them, which hold them all', async () => {
    assert.deepEqual(await rows(completed()), ['#1200 – #501 | 700', '#500 – #1 | 500']);
    const ranges = await provider().getChildren(completed());
    const below = (await Promise.all(ranges.map((range) => rows(range)))).flat();
    assert.deepEqual([below.length, below[0], below.at(-1)], [COUNT, '#1200 Issue 1200 | ', '#1 Issue 1 | ']);
  });

  it('knows the range that an issue is in, to reveal it', async () => {
    const [first] = await provider().getChildren(completed());
    assert.ok(first);
    assert.equal(provider().getParent(store.node(`complete/${id(900)}`)), first);
    assert.deepEqual(provider().getParent(first), completed());
  });

  it('draws one row anew for a title, and the group for an issue that comes', async () => {
    provider().refresh();
    const events = recorded(provider().onDidChangeTreeData);
    try {
      const [first] = await provider().getChildren(completed());
      await eventOf(provider().onDidChangeTreeData, 'a row', () => store.write({ [`issues/complete/${id(900)}.md`]: '# Changed\n' }));
      assert.deepEqual(events.events.map(redrawn), [[`issue complete/${id(900)}`]]);
      const add = () => store.write({ [`issues/complete/${id(1201)}.md`]: '# New\n' });
      await eventOf(provider().onDidChangeTreeData, 'the group', add);
      assert.deepEqual(events.events.slice(1).map(redrawn), [['group completed']]);
      assert.deepEqual(await rows(completed()), ['#1201 – #501 | 701', '#500 – #1 | 500']);
      assert.equal((await provider().getChildren(completed()))[0], first);
    } finally {
      events.stop();
    }
  });
});
