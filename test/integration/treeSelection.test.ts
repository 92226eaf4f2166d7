import { commands } from 'vscode';
import type { IssueTreeNode } from '../../src/extension/tree/issueNodes.ts';
import { until } from '../support/polling.ts';
import { eventOf } from './support/events.ts';
import { type TestStore, useStore } from './support/testStore.ts';

const named = (node: IssueTreeNode) => (node.kind === 'issue' ? node.summary.key : node.kind === 'group' ? node.group : node.kind);

/** Longer than the counts of groups are drawn apart. */
const DRAWN_MS = 1200;

/** Selects a row, and waits until it stays selected: drawing the view anew lets go of the selection. */
async function select(store: TestStore, key: string): Promise<void> {
  await commands.executeCommand('markdownIssues.tree.focus');
  const { summary } = store.node(key);
  let since = Number.POSITIVE_INFINITY;
  const staysSelected = async () => {
    if (store.api.tree.selection.map(named).join() !== key) {
      since = Number.POSITIVE_INFINITY;
      await store.api.tree.reveal(store.source, summary);
      return false;
    }
    since = Math.min(since, Date.now());
    return Date.now() - since > DRAWN_MS;
  };
  await until(staysSelected, `${key} to be selected`);
}

const selects = (store: TestStore, name: string) =>
  until(() => store.api.tree.selection.map(named).join() === name, `${name} to be selected, in the place of a row that is gone`);

describe('the selection of the tree, when its row is gone', () => {
  const store = useStore({
    'issues/000001_one.md': '# One\n',
    'issues/000002_two.md': '# Two with the word\n',
    'issues/000003_three.md': '# Three\n',
    'issues/000004_four.md': '# Four with the word\n',
    'issues/000005_five.md': '# Five with the word\n',
  });
  const filtered = (text: string) => eventOf(store.api.tree.filter.onDidChange, 'the filter', () => store.api.tree.filter.set(text));
  afterEach(() => store.api.tree.filter.set(''));
  after(() => commands.executeCommand('workbench.action.closeSidebar'));

  it('is the next row of the group, then the one before, then the group', async () => {
    await select(store, '000004_four');
    for (const [gone, next] of [
      ['000004_four', '000005_five'],
      ['000005_five', '000003_three'],
      ['000003_three', '000002_two'],
      ['000002_two', '000001_one'],
      ['000001_one', 'active'],
    ] as const) {
      await store.store.for('test').deleteIssue(gone);
      await selects(store, next);
    }
  });

  it('is the next row that a filter shows', async () => {
    await filtered('word');
    await select(store, '000002_two');
    await store.store.for('test').deleteIssue('000002_two');
    await selects(store, '000004_four');
  });

  it('is the row of the issue itself where it has another name', async () => {
    await select(store, '000002_two');
    await store.store.for('test').renameIssuesBatch([{ ref: '000002_two', name: 'a new name' }]);
    await selects(store, '000002_a-new-name');
  });
});

describe('the selection of a tree with ranges, when its row is gone', () => {
  const numbered = (number: number) => `${String(number).padStart(6, '0')}_x`;
  const store = useStore(Object.fromEntries(Array.from({ length: 1200 }, (_, index) => [`issues/${numbered(index + 1)}.md`, '# X\n'])));
  after(() => commands.executeCommand('workbench.action.closeSidebar'));

  it('stays in the range', async () => {
    await select(store, numbered(1200));
    await store.store.for('test').deleteIssue(numbered(1200));
    await selects(store, numbered(1199));
    await select(store, numbered(501));
    await store.store.for('test').deleteIssue(numbered(501));
    await selects(store, numbered(502));
  });
});
