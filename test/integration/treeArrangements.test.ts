import assert from 'node:assert/strict';
import { commands, type TreeItem, TreeItemCollapsibleState } from 'vscode';
import { type Arrangement, DEFAULT_ARRANGEMENT, GROUP_BY, type GroupBy } from '../../src/core/catalogue/arrangement.ts';
import { commandIds } from '../../src/extension/commandIds.ts';
import type { IssueTreeNode } from '../../src/extension/tree/issueNodes.ts';
import { until } from '../support/polling.ts';
import { useAnswers } from './support/answers.ts';
import { eventOf, recorded } from './support/events.ts';
import { useStore } from './support/testStore.ts';
import { redrawn, treeText } from './support/treeText.ts';

const text = (title: string, fields = '') => `${fields === '' ? '' : `---\n${fields}\n---\n`}# ${title}\n`;

const FILES = {
  'issues/000001_login.md': text('Login', 'status: In Progress\npriority: high\nlabels: [ui, auth]\nassignee: bo'),
  'issues/000002_button.md': text('Button', 'priority: low\nlabels: [ui]\nassignee: al\nparent: 1'),
  'issues/000003_icon.md': text('Icon', 'parent: 2'),
  'issues/000005_plain.md': text('Plain'),
  'issues/SHELL_MCP_000280_scripts.md': text('Scripts'),
  'issues/complete/000004_old.md': text('Old', 'priority: high\nparent: 1'),
};

const EXPECTED: Readonly<Record<GroupBy, readonly string[]>> = {
  openAndCompleted: ['Open', '  #1 Login', '  #2 Button', '  #3 Icon', '  #5 Plain', '  SHELL_MCP 280 Scripts', 'Completed', '  #4 Old'],
  state: [
    'Open',
    '  #2 Button',
    '  #3 Icon',
    '  #5 Plain',
    '  SHELL_MCP 280 Scripts',
    'In Progress',
    '  #1 Login',
    'Completed',
    '  #4 Old',
  ],
  status: ['In Progress', '  #1 Login', 'No Status', '  #2 Button', '  #3 Icon', '  #5 Plain', '  SHELL_MCP 280 Scripts', '  #4 Old'],
  priority: ['high', '  #1 Login', '  #4 Old', 'low', '  #2 Button', 'No Priority', '  #3 Icon', '  #5 Plain', '  SHELL_MCP 280 Scripts'],
  label: [
    'auth',
    '  #1 Login',
    'ui',
    '  #1 Login',
    '  #2 Button',
    'No Label',
    '  #3 Icon',
    '  #5 Plain',
    '  SHELL_MCP 280 Scripts',
    '  #4 Old',
  ],
  assignee: ['al', '  #2 Button', 'bo', '  #1 Login', 'No Assignee', '  #3 Icon', '  #5 Plain', '  SHELL_MCP 280 Scripts', '  #4 Old'],
  type: ['No Type', '  #1 Login', '  #2 Button', '  #3 Icon', '  #5 Plain', '  SHELL_MCP 280 Scripts', '  #4 Old'],
  milestone: ['No Milestone', '  #1 Login', '  #2 Button', '  #3 Icon', '  #5 Plain', '  SHELL_MCP 280 Scripts', '  #4 Old'],
  parent: ['#1 Login', '  #2 Button', '    #3 Icon', '  #4 Old', '#5 Plain', 'SHELL_MCP 280 Scripts'],
  series: ['SHELL_MCP', '  SHELL_MCP 280 Scripts', 'No Series', '  #1 Login', '  #2 Button', '  #3 Icon', '  #5 Plain', '  #4 Old'],
  nothing: ['#1 Login', '#2 Button', '#3 Icon', '#5 Plain', 'SHELL_MCP 280 Scripts', '#4 Old'],
};

describe('the tree in another arrangement', () => {
  const store = useStore(FILES);
  const answers = useAnswers();
  const provider = () => store.api.tree.provider;
  const filter = () => store.api.tree.filter;
  const arranged = (arrangement: Arrangement) => eventOf(filter().onDidChange, 'the arrangement', () => filter().arrange(arrangement));
  const folder = (): IssueTreeNode => ({ kind: 'folder', source: store.source });
  const lines = () => treeText(provider(), folder());
  const labels = async () => (await lines()).map((line) => line.replace(/ \| .*/, ''));
  afterEach(async () => {
    filter().set('');
    filter().arrange(DEFAULT_ARRANGEMENT);
    await until(() => filter().arrangement.groupBy === DEFAULT_ARRANGEMENT.groupBy, 'the default arrangement');
  });

  for (const groupBy of GROUP_BY.filter((each) => each !== 'openAndCompleted')) {
    it(`shows every issue by ${groupBy}, each row with an id of its own, below its parent`, async () => {
      await arranged({ groupBy });
      assert.deepEqual(await labels(), EXPECTED[groupBy]);
      const ids = new Set<string | undefined>();
      let rows = 0;
      const visit = async (parent: IssueTreeNode): Promise<void> => {
        for (const child of await provider().getChildren(parent)) {
          rows++;
          ids.add(provider().getTreeItem(child).id);
          assert.deepEqual(provider().getParent(child), parent);
          await visit(child);
        }
      };
      await visit(folder());
      assert.equal(ids.size, rows);
    });
  }

  it('has counts, icons and words for its groups', async () => {
    await arranged({ groupBy: 'label' });
    const items: TreeItem[] = (await provider().getChildren(folder())).map((node) => provider().getTreeItem(node));
    assert.deepEqual(
      items.map(({ label, description, accessibilityInformation }) => [label, description, accessibilityInformation?.label]),
      [
        ['auth', '1', 'auth, 1'],
        ['ui', '2', 'ui, 2'],
        ['No Label', '4', 'No Label, 4'],
      ],
    );
    assert.ok(
      items.every(({ iconPath, collapsibleState }) => iconPath !== undefined && collapsibleState === TreeItemCollapsibleState.Expanded),
    );
  });

  it('is sorted, each way', async () => {
    await arranged({ groupBy: 'nothing', sort: { by: 'title', direction: 'descending' } });
    assert.deepEqual(await labels(), ['SHELL_MCP 280 Scripts', '#5 Plain', '#4 Old', '#1 Login', '#3 Icon', '#2 Button']);
    await arranged({ groupBy: 'openAndCompleted', sort: { by: 'id', direction: 'descending' } });
    assert.deepEqual((await labels()).slice(1, 3), ['  SHELL_MCP 280 Scripts', '  #5 Plain']);
  });

  it('leaves out completed issues where they are hidden, and what a filter leaves out', async () => {
    await arranged({ groupBy: 'parent' });
    await eventOf(filter().onDidChange, 'the setting', () => store.set('tree.showCompleted', false));
    assert.deepEqual(await labels(), ['#1 Login', '  #2 Button', '    #3 Icon', '#5 Plain', 'SHELL_MCP 280 Scripts']);
    await eventOf(filter().onDidChange, 'the filter', () => filter().set('icon'));
    assert.deepEqual(await labels(), ['#3 Icon'], 'in the place of its parent');
  });

  it('says on the row of a parent how many issues below it are completed', async () => {
    await arranged({ groupBy: 'parent' });
    assert.equal((await lines())[0], '#1 Login | 1/2 issues · In Progress · high · ui, auth');
    const item = provider().getTreeItem(store.node('000001_login'));
    assert.match(item.accessibilityInformation?.label ?? '', /^Issue 1, Login, in progress, .*1 of 2 issues below it completed/);
    await store.store.for('test').markComplete('000002_button');
    await until(async () => (await lines())[0]?.startsWith('#1 Login | 2/2 issues') === true, 'the parent to count');
  });

  it('draws one row anew for what changes it alone, and the groups that an issue leaves and goes to', async () => {
    await arranged({ groupBy: 'priority' });
    await lines();
    provider().refresh();
    const events = recorded(provider().onDidChangeTreeData);
    try {
      const write = (title: string, priority: string) => () =>
        store.write({ 'issues/000002_button.md': text(title, `priority: ${priority}\nlabels: [ui]\nassignee: al\nparent: 1`) });
      await eventOf(provider().onDidChangeTreeData, 'a row', write('Knob', 'low'));
      assert.deepEqual(events.events.map(redrawn), [['issue 000002_button']]);
      await eventOf(provider().onDidChangeTreeData, 'everything', write('Knob', 'high'));
      assert.deepEqual(events.events.slice(1).map(redrawn), [['everything']], 'a group is gone');
      assert.deepEqual((await labels()).slice(0, 4), ['high', '  #1 Login', '  #2 Knob', '  #4 Old']);
      await eventOf(provider().onDidChangeTreeData, 'the groups', () =>
        store.write({ 'issues/000005_plain.md': text('Plain', 'priority: high') }),
      );
      assert.deepEqual(events.events.slice(2).map(redrawn), [['group ', 'group high']]);
    } finally {
      events.stop();
    }
  });

  it('knows every row of an issue, and reveals the first', async () => {
    await arranged({ groupBy: 'label' });
    const [auth, ui] = await provider().getChildren(folder());
    assert.ok(auth && ui);
    const [inAuth] = await provider().getChildren(auth);
    const [inUi, button] = await provider().getChildren(ui);
    assert.equal(store.node('000001_login'), inAuth);
    assert.notEqual(inAuth, inUi);
    assert.ok(inUi?.kind === 'issue' && button?.kind === 'issue' && inAuth?.kind === 'issue');
    assert.deepEqual(provider().inTreeOrder([button, inUi, inAuth]), [inAuth, inUi, button]);
    await store.store.for('test').deleteIssue('000001_login');
    await until(() => !provider().hasRow(inUi), 'the rows to go');
    assert.deepEqual(provider().rowsInPlaceOf(inUi).slice(0, 2), [button, ui], 'the next row of the same group');
  });

  it('is chosen from quick picks that mark what is chosen now', async () => {
    const offered: string[][] = [];
    const choose = (name: string) => {
      answers.picked = (items) => {
        offered.push(items.filter(({ description }) => description === 'current').map(({ label }) => label));
        return items.find(({ label }) => label === name);
      };
    };
    choose('Priority');
    await eventOf(filter().onDidChange, 'the groups', () => commands.executeCommand(commandIds.groupBy));
    choose('Created, Newest First');
    await eventOf(filter().onDidChange, 'the order', () => commands.executeCommand(commandIds.sortBy));
    assert.deepEqual(filter().arrangement, { groupBy: 'priority', sort: { by: 'created', direction: 'descending' } });
    choose('nothing of these');
    await commands.executeCommand(commandIds.groupBy);
    await commands.executeCommand(commandIds.sortBy);
    assert.deepEqual(offered, [
      ['Open and Completed'],
      ['Default: By ID, Completed Ones Newest First'],
      ['Priority'],
      ['Created, Newest First'],
    ]);
  });
});
