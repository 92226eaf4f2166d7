import assert from 'node:assert/strict';
import { commands, type TreeItem, TreeItemCheckboxState, TreeItemCollapsibleState, Uri } from 'vscode';
import { commandIds } from '../../src/extension/commandIds.ts';
import type { IssueTreeNode, TaskNode } from '../../src/extension/tree/issueNodes.ts';
import { useAnswers } from './support/answers.ts';
import { closeEditors, openFile, typeInto } from './support/editors.ts';
import { useStore } from './support/testStore.ts';
import { treeText } from './support/treeText.ts';

const FIRST = '# First\r\n\r\n- [x] **Read**\r\n  - [ ] the `first` page\r\n- [ ] Write\r\n- [ ]\r\n';
const MORE = 1200;

describe('the tasks of an issue', () => {
  const store = useStore({
    'issues/000001_first.md': FIRST,
    'issues/000002_second.md': '# Second\n',
    'issues/000003_many.md': `${'- [ ] task\n'.repeat(MORE)}`,
    'issues/000004_twice.md': '- [ ] same\n- [x] same\n',
    'issues/complete/000005_done.md': '- [x] Done\n',
  });
  const answers = useAnswers();
  beforeEach(() => store.api.undoHistory.clear());
  afterEach(closeEditors);

  const provider = () => store.api.tree.provider;
  const below = (key: string) => treeText(provider(), store.node(key));
  const labels = () => store.api.undoHistory.entries.map(({ label }) => label);
  const toggle = (node: IssueTreeNode, done?: boolean) => commands.executeCommand(commandIds.toggleTask, node, done);

  async function tasks(key = '000001_first', parent: IssueTreeNode = store.node(key)): Promise<TaskNode[]> {
    const nodes = (await provider().getChildren(parent)).filter((node) => node.kind === 'task');
    return (await Promise.all(nodes.map(async (node) => [node, ...(await tasks(key, node))]))).flat();
  }

  async function task(text: string): Promise<TaskNode> {
    const node = (await tasks()).find((each) => each.task.text === text);
    assert.ok(node, text);
    return node;
  }

  const stateOf = ({ checkboxState }: TreeItem) =>
    typeof checkboxState === 'object' ? checkboxState.state === TreeItemCheckboxState.Checked : checkboxState;

  it('are rows below it, nested as they are', async () => {
    assert.deepEqual(await below('000001_first'), ['Read', '  the first page', 'Write', '(no text)']);
    assert.deepEqual(await below('000002_second'), []);
    const { Collapsed, None } = TreeItemCollapsibleState;
    const states = ['000001_first', '000002_second'].map((key) => provider().getTreeItem(store.node(key)).collapsibleState);
    assert.deepEqual(states, [Collapsed, None]);
  });

  it('have a box, words for those who hear them, and the line that a click opens', async () => {
    const items = (await tasks()).map((node) => provider().getTreeItem(node));
    assert.deepEqual(items.map(stateOf), [true, false, false, false]);
    assert.deepEqual(
      items.map(({ accessibilityInformation }) => accessibilityInformation?.label),
      ['Read, done', 'the first page, not done', 'Write, not done', '(no text), not done'],
    );
    const [uri, { selection }] = items[2]?.command?.arguments ?? [];
    assert.deepEqual([uri.fsPath, selection.start.line], [store.path('issues/000001_first.md'), 4]);
    const parents = (await tasks()).map((node) => provider().getParent(node));
    assert.deepEqual(parents, [store.node('000001_first'), await task('Read'), store.node('000001_first'), store.node('000001_first')]);
  });

  it('are a thousand at most, and a row that leads to the others', async () => {
    const rows = await provider().getChildren(store.node('000003_many'));
    assert.equal(rows.length, 1001);
    const item = provider().getTreeItem(rows.at(-1) as IssueTreeNode);
    assert.equal(item.label, '200 more tasks');
    assert.equal(item.command?.arguments?.[1].selection.start.line, 1000);
  });

  it('are read when the issue is unfolded, and then come from the cache', async () => {
    store.store.resetMetrics();
    store.store.clearCache();
    await tasks();
    await tasks();
    assert.equal(store.store.snapshot().inner.operations.read.count, 1);
    assert.equal(store.store.callers().tasks?.operations.read.count, 2);
  });

  it('keep their rows while lines come and go', async () => {
    const before = await tasks();
    await store.changeOf(() => store.write({ 'issues/000001_first.md': `New\r\n\r\n- [x] New\r\n${FIRST}` }));
    const after = await tasks();
    assert.deepEqual(after.slice(1), before);
    assert.deepEqual(
      after.map(({ task: { line } }) => line),
      [2, 5, 6, 7, 8],
    );
  });

  it('are ticked with an update of one character, which can be undone by its name', async () => {
    store.store.resetMetrics();
    await store.changeOf(async () => toggle(await task('the first page')));
    assert.equal(store.read('issues/000001_first.md'), FIRST.replace('[ ] the', '[x] the'));
    assert.deepEqual(labels(), ['Ticked “the first page” in #1 First']);
    assert.equal(store.store.callers().tasks?.operations.update.count, 1);
    await store.changeOf(async () => toggle(await task('Read'), false));
    assert.equal(labels().at(-1), 'Unticked “Read” in #1 First');
    await commands.executeCommand(commandIds.undoLastChange);
    await commands.executeCommand(commandIds.undoLastChange);
    assert.equal(store.read('issues/000001_first.md'), FIRST);
    assert.deepEqual(answers.messages, []);
  });

  it('change nothing that is so already', async () => {
    await toggle(await task('Read'), true);
    assert.equal(store.read('issues/000001_first.md'), FIRST);
    assert.deepEqual(labels(), []);
  });

  it('are found where they stand now, if there is no doubt', async () => {
    const node = await task('Write');
    const changed = `New\r\n\r\n${FIRST}`;
    store.write({ 'issues/000001_first.md': changed });
    await toggle(node, true);
    assert.equal(store.read('issues/000001_first.md'), changed.replace('[ ] Write', '[x] Write'));
  });

  it('are refused where there is doubt', async () => {
    const [first, second] = await tasks('000004_twice');
    assert.ok(first && second);
    store.write({ 'issues/000004_twice.md': 'New\n\n- [ ] same\n' });
    await toggle(first, true);
    assert.equal(store.read('issues/000004_twice.md'), 'New\n\n- [ ] same\n');
    assert.match(answers.texts[0] ?? '', /no longer has the task “same” on line 1\. Nothing was written/);
    // What is on its line now is the other one.
    store.write({ 'issues/000004_twice.md': 'New\n- [ ] same\n- [ ] same\n' });
    await toggle(second, true);
    assert.equal(store.read('issues/000004_twice.md'), 'New\n- [ ] same\n- [ ] same\n');
    assert.equal(answers.texts.length, 2);
  });

  it('are ticked in a text with unsaved changes, which are saved first', async () => {
    const editor = await openFile(store.uri('issues/000001_first.md'));
    await typeInto(editor, 'typed\n\n');
    await toggle(await task('Write'), true);
    assert.equal(store.read('issues/000001_first.md'), `typed\r\n\r\n${FIRST.replace('[ ] Write', '[x] Write')}`);
    assert.deepEqual(answers.messages, []);
  });

  it('and issues have boxes as the setting says', async () => {
    const items = async () =>
      [store.node('000001_first'), store.node('complete/000005_done'), await task('Read')].map((node) => provider().getTreeItem(node));
    assert.deepEqual((await items()).map(stateOf), [undefined, undefined, true]);
    await store.set('tree.checkboxes', 'all');
    assert.deepEqual((await items()).map(stateOf), [false, true, true]);
    await store.set('tree.checkboxes', 'none');
    assert.deepEqual((await items()).map(stateOf), [undefined, undefined, undefined]);
    assert.ok((await items())[2]?.iconPath);
  });

  it('are seen in the icon of an open issue, which fills as they are done', async () => {
    const icon = async (done: number, total: number) => {
      const text = `# Icon\n${'- [x] a\n'.repeat(done)}${'- [ ] a\n'.repeat(total - done)}- text ${done} of ${total}\n`;
      await store.changeOf(() => store.write({ 'issues/000001_first.md': text }));
      const { iconPath } = provider().getTreeItem(store.node('000001_first'));
      return iconPath !== undefined && typeof iconPath === 'object' && 'light' in iconPath && iconPath.light instanceof Uri
        ? iconPath.light.toString()
        : undefined;
    };
    const [none, one, half, all, few, most] = [
      await icon(0, 4),
      await icon(1, 8),
      await icon(2, 4),
      await icon(3, 3),
      await icon(1, 100),
      await icon(99, 100),
    ];
    assert.equal(few, one);
    assert.equal(new Set([none, one, half, all, most]).size, 5);
    assert.equal(await icon(0, 0), undefined);
    const completed = provider().getTreeItem(store.node('complete/000005_done')).iconPath;
    assert.ok(completed !== undefined && typeof completed === 'object' && 'id' in completed && completed.id === 'issue-closed');
  });
});
