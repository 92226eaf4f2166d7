import assert from 'node:assert/strict';
import { symlinkSync } from 'node:fs';
import { CancellationTokenSource, MarkdownString, ThemeColor, ThemeIcon, type TreeItem, TreeItemCollapsibleState } from 'vscode';
import type { IssueTreeNode } from '../../src/extension/tree/issueNodes.ts';
import { untilHolds } from './support/events.ts';
import { type TestStore, useStore } from './support/testStore.ts';
import { treeText } from './support/treeText.ts';

const folderNode = (store: TestStore): IssueTreeNode => ({ kind: 'folder', source: store.source });
const lines = (store: TestStore) => treeText(store.api.tree.provider, folderNode(store));

function item(store: TestStore, key: string): TreeItem {
  return store.api.tree.provider.getTreeItem(store.node(key));
}

async function tooltip(store: TestStore, key: string): Promise<MarkdownString> {
  const node = store.node(key);
  const { provider } = store.api.tree;
  const resolved = await provider.resolveTreeItem(provider.getTreeItem(node), node, new CancellationTokenSource().token);
  assert.ok(resolved.tooltip instanceof MarkdownString);
  return resolved.tooltip;
}

describe('the rows of the tree', () => {
  const store = useStore({
    'issues/000001_first.md': '# First\n\n- [x] one\n- [ ] two\n- [ ] three\n',
    'issues/000002_second.md': 'No heading, but a line.\n',
    'issues/complete/000003_done.md': '# Done\n\n- [x] one\n',
    'issues/complete/000001_first.md': '# First, again\n',
  });

  it('are groups with counts, and issues in order with number, title and progress', async () => {
    assert.deepEqual(await lines(store), [
      'Open | 2',
      '  #1 First | 1/3 · also completed',
      '  #2 No heading, but a line.',
      'Completed | 2',
      '  #3 Done | 1/1',
      '  #1 First, again | also open',
    ]);
  });

  it('open Open and leave Completed closed', async () => {
    const groups = await store.api.tree.provider.getChildren(folderNode(store));
    assert.deepEqual(
      groups.map((node) => store.api.tree.provider.getTreeItem(node).collapsibleState),
      [TreeItemCollapsibleState.Expanded, TreeItemCollapsibleState.Collapsed],
    );
  });

  it('tell active from completed issues by icon, kind and words', () => {
    const [active, completed] = [item(store, '000001_first'), item(store, 'complete/000003_done')];
    assert.deepEqual(item(store, '000002_second').iconPath, new ThemeIcon('issues', new ThemeColor('charts.green')));
    assert.deepEqual(completed.iconPath, new ThemeIcon('issue-closed', new ThemeColor('charts.purple')));
    assert.deepEqual([active.contextValue, completed.contextValue], ['issue.active.duplicate', 'issue.completed']);
    assert.equal(
      active.accessibilityInformation?.label,
      'Issue 1, First, open, 1 of 3 tasks done, complete/000001_first.md has the same name. Compare the two, then rename or delete one of them.',
    );
    assert.equal(completed.accessibilityInformation?.label, 'Issue 3, Done, completed, 1 of 1 tasks done');
    assert.equal(item(store, '000002_second').accessibilityInformation?.label, 'Issue 2, No heading, but a line., open');
  });

  it('stand for their files', () => {
    assert.equal(item(store, '000001_first').resourceUri?.fsPath, store.path('issues/000001_first.md'));
  });

  it('say in words which folder a row is, and how many issues a group has', async () => {
    const { provider } = store.api.tree;
    const words = (node: IssueTreeNode) => provider.getTreeItem(node).accessibilityInformation?.label;
    assert.equal(words(folderNode(store)), store.name);
    assert.deepEqual((await provider.getChildren(folderNode(store))).map(words), ['Open, 2', 'Completed, 2']);
  });

  it('have ids of their own, and the parents that they are children of', async () => {
    const { provider } = store.api.tree;
    const ids: (string | undefined)[] = [];
    const visit = async (parent?: IssueTreeNode): Promise<void> => {
      for (const child of await provider.getChildren(parent)) {
        ids.push(provider.getTreeItem(child).id);
        assert.equal(provider.getParent(child), parent);
        await visit(child);
      }
    };
    await visit();
    assert.ok(ids.length > 10);
    assert.equal(new Set(ids).size, ids.length);
    assert.ok(!ids.includes(undefined));
  });
});

describe('the tooltip of an issue', () => {
  const store = useStore({
    'issues/000001_facts.md': '---\nsource_branch: "main"\n---\n# Facts\n\nSome **bold** text.\n\n- [x] one\n- [ ] two\n',
    'issues/000002_hostile.md':
      '# Hostile\n\n![spy](https://example.invalid/a.png) ![spy][1]\n\n<img src="https://example.invalid/b.png">\n\n[run](command:workbench.action.quit) $(bug)\n\n[1]: https://example.invalid/c.png\n',
    'issues/000003_long.md': `# Long\n\n${'A line of text that goes on.\n'.repeat(500)}`,
    'issues/000004_$(bug)[run](command_x).md': 'Text\n',
    'issues/complete/000005_done.md': '# Done\n',
  });

  it('comes only when it is asked for', () => {
    assert.equal(item(store, '000001_facts').tooltip, undefined);
  });

  it('has the facts and renders the beginning, without front matter', async () => {
    const { value, baseUri } = await tooltip(store, '000001_facts');
    assert.match(value, /^\$\(issues\) \*\*\\#1 Facts\*\*\n\n000001\\_facts · Open · 1 of 2 tasks done · changed /);
    assert.match(value, /\n\n---\n\nSome \*\*bold\*\* text\./);
    assert.doesNotMatch(value, /source_branch/);
    assert.equal(baseUri?.path, `${store.folder.uri.path}/issues/`);
    const completed = await tooltip(store, 'complete/000005_done');
    assert.match(completed.value, /^\$\(issue-closed\) .*\n\n000005\\_done · Completed · changed/);
    assert.equal(completed.baseUri?.path, `${store.folder.uri.path}/issues/complete/`);
  });

  it('is inert: no commands, no HTML, no pictures, no icons of the text', async () => {
    const { isTrusted, supportHtml, value } = await tooltip(store, '000002_hostile');
    assert.ok(!isTrusted);
    assert.ok(!supportHtml);
    assert.doesNotMatch(value, /!\[/);
    assert.doesNotMatch(value, /\$\(bug\)/);
    assert.match(value, /spy/);
  });

  it('takes the file name for what it is', async () => {
    const { value } = await tooltip(store, '000004_$(bug)[run](command_x)');
    assert.doesNotMatch(value, /(?<!\\)\$\(bug\)/);
    assert.doesNotMatch(value, /(?<!\\)\[run(?<!\\)\]/);
  });

  it('is cut where the issue is long', async () => {
    const { value } = await tooltip(store, '000003_long');
    assert.ok(value.length < 2000, `${value.length} characters`);
    assert.match(value, /…$/);
    assert.doesNotMatch((await tooltip(store, '000001_facts')).value, /…/);
  });

  it('is read once and then comes from the cache', async () => {
    store.store.resetMetrics();
    store.store.clearCache();
    await tooltip(store, '000001_facts');
    await tooltip(store, '000001_facts');
    const { outer, inner, cache } = store.store.snapshot();
    assert.deepEqual([outer.operations.read.count, inner.operations.read.count, cache.hits], [2, 1, 1]);
  });

  it('is not made for a row that is no longer looked at', async () => {
    const node = store.node('000001_facts');
    const { provider } = store.api.tree;
    const cancelled = new CancellationTokenSource();
    cancelled.cancel();
    assert.equal((await provider.resolveTreeItem(provider.getTreeItem(node), node, cancelled.token)).tooltip, undefined);
  });
});

describe('files of every kind', () => {
  const store = useStore({
    'issues/000001_good.md': '# Good\n',
    'issues/000002_latin.md': Buffer.from('# Caf\xe9\n', 'latin1'),
    'issues/000003_empty.md': '',
    'issues/000004.md': '',
    'issues/000005_big.md': `# Big\n\n${'- [x] a task that is done and has some text behind it\n'.repeat(95_000)}`,
    'issues/000006_a.md': '# A\n',
    'issues/000006_b.md': '# B\n',
    'issues/000007_folder.md/readme.md': '# Inside\n',
    'issues/pending/000008_pending.md': '# Pending\n',
    'issues/000008_log.md': new Uint8Array(17 * 1024 * 1024),
    'issues/01K2T7Q4M8X1Z9V5C3B6N0R2WE.md': '',
    'issues/cli_000009_series.md': '# In a series\n',
    'issues/notes.txt': 'Not an issue.\n',
    'issues/complete/old/000010_old.md': '# Old\n',
    'issues/complete/unnumbered.md': '# Unnumbered\n',
  });

  it('are all listed as what they are, and none hides another', async () => {
    assert.deepEqual(await lines(store), [
      'Open | 10',
      '  #1 Good',
      '  #2 latin | cannot be read',
      '  #3 empty',
      '  #4 000004',
      '  #5 Big',
      '  #6 A | number also in 000006_b',
      '  #6 B | number also in 000006_a',
      '  #8 log | too large',
      '  01K2T7Q4M8X1Z9V5C3B6N0R2WE',
      '  cli 9 In a series',
      'Completed | 1',
      '  Unnumbered',
      'Other Folders | 3',
      '  000007_folder.md',
      '  complete/old',
      '  pending',
    ]);
  });

  it('show what is wrong with bytes that are not UTF-8', async () => {
    const { iconPath, contextValue, accessibilityInformation } = item(store, '000002_latin');
    assert.deepEqual(iconPath, new ThemeIcon('warning', new ThemeColor('list.warningForeground')));
    assert.equal(contextValue, 'issue.active.problem.notText');
    assert.match(accessibilityInformation?.label ?? '', /^Issue 2, latin, open, .*is not UTF-8 text/);
    assert.match((await tooltip(store, '000002_latin')).value, /is not UTF\\?-8 text/);
  });

  it('show what is wrong with a file that is too large', async () => {
    const { contextValue, accessibilityInformation } = item(store, '000008_log');
    assert.equal(contextValue, 'issue.active.problem.tooLarge');
    assert.match(accessibilityInformation?.label ?? '', /^Issue 8, log, open, .*has 17 MB and is not read/);
    assert.match((await tooltip(store, '000008_log')).value, /has 17 MB and is not read/);
  });

  it('say nothing of tasks where nobody has counted them', async () => {
    assert.equal(item(store, '000005_big').accessibilityInformation?.label, 'Issue 5, Big, open');
    assert.doesNotMatch((await tooltip(store, '000005_big')).value, /tasks done/);
  });

  if (process.platform !== 'win32') {
    it('show what is wrong with a link', async () => {
      await store.changeOf(() => symlinkSync('000001_good.md', store.path('issues/000011_link.md')));
      assert.equal(item(store, '000011_link').description, 'cannot be read');
      const { value } = await tooltip(store, '000011_link');
      assert.match(value, /is a link or a special file/);
      assert.doesNotMatch(value, /changed/, 'nobody knows when');
    });
  }

  it('show a tooltip of the empty and of the huge file', async () => {
    assert.match((await tooltip(store, '000003_empty')).value, /Open · changed [^\n]*$/);
    const { value } = await tooltip(store, '000005_big');
    assert.ok(value.length < 2000, `${value.length} characters`);
    assert.match(value, /#5 Big\*\*[\s\S]*a task that is done/);
  });

  it('are mended in the tree when they are mended on the disk', async () => {
    const change = await store.changeOf(() => store.write({ 'issues/000002_latin.md': '# Café\n' }));
    assert.deepEqual(
      change.change.changed.map(({ title }) => title),
      ['Café'],
    );
    assert.equal(item(store, '000002_latin').description, '');
  });

  it('appear and go as other folders, too', async () => {
    const { provider } = store.api.tree;
    const has = (name: string) => store.store.catalogue.otherFolders.includes(name);
    const come = untilHolds(() => has('later.md'), provider.onDidChangeTreeData, 'the new folder');
    store.write({ 'issues/later.md/': '' });
    await come;
    assert.ok((await lines(store)).includes('  later.md'));
    const node = (await provider.getChildren({ kind: 'group', source: store.source, group: 'otherFolders' }))[0];
    assert.ok(node);
    const { contextValue, tooltip: words } = provider.getTreeItem(node);
    assert.deepEqual(
      [contextValue, words],
      ['otherFolder', '000007_folder.md is not part of the issue store. Markdown files in it are not issues.'],
    );
  });
});
