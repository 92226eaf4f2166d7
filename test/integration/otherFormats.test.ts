import assert from 'node:assert/strict';
import { CancellationTokenSource, commands, MarkdownString, type QuickPickItem, ThemeIcon } from 'vscode';
import { BACKLOG_FORMAT } from '../../src/core/formats/backlog.ts';
import { NUMBERED_FORMAT } from '../../src/core/formats/numbered.ts';
import type { StoreFormat } from '../../src/core/formats/storeFormat.ts';
import { commandIds } from '../../src/extension/commandIds.ts';
import type { IssueTreeNode } from '../../src/extension/tree/issueNodes.ts';
import { useAnswers } from './support/answers.ts';
import { activated } from './support/api.ts';
import { closeEditors, openFile } from './support/editors.ts';
import { useOtherStore } from './support/otherStore.ts';
import { useStore } from './support/testStore.ts';
import { treeText } from './support/treeText.ts';

const task = (id: string, ...lines: readonly string[]) => `---\nid: ${id}\n${lines.join('\n')}\n---\n\n## Description\n\nSome text.\n`;

describe('the rows of issues with fields', () => {
  const store = useOtherStore(
    BACKLOG_FORMAT,
    { folder: 'backlog', config: 'backlog/config.yml' },
    {
      'backlog/config.yml': 'project_name: Larder\nstatuses: [To Do, In Progress, Needs Review, Done]\ntask_prefix: back\n',
      'backlog/tasks/back-1 - Plain.md': task('BACK-1', 'title: Plain', 'status: To Do'),
      'backlog/tasks/back-2 - Full.md': task(
        'BACK-2',
        'title: Full',
        'status: In Progress',
        "assignee: ['@ada', '@$(bug)']",
        "created_date: '2025-03-01'",
        "updated_date: '2025-03-02 10:30'",
        'due_date: 2025-04-01',
        'labels: [bug, ui, "a label that is longer than a row has room for", fourth, fifth]',
        'milestone: v2',
        'type: bug',
        'parent_task_id: BACK-1',
        'dependencies: [BACK-1, BACK-3]',
        'priority: high',
      ).replace('Some text.', '- [x] one\n- [ ] two'),
      'backlog/tasks/back-2.1 - Part.md': task('BACK-2.1', 'title: "BACK-2.1: Part"', 'status: Needs Review'),
      'backlog/tasks/back-6 - Idea.md': task('BACK-6', 'title: Idea', 'status: Draft', 'priority: 17'),
      'backlog/completed/back-3 - Done.md': task('BACK-3', 'title: Done', 'status: Done', 'priority: low'),
      'backlog/archive/tasks/back-4 - Gone.md': task('BACK-4', 'title: Gone', 'status: To Do'),
      'backlog/archive/tasks/back-5 - Refused.md': task('BACK-5', 'title: Refused', 'status: "Won\'t Do"'),
    },
  );
  const tooltip = async (key: string) => {
    const node = store.node(key);
    const resolved = await store.provider.resolveTreeItem(store.item(key), node, new CancellationTokenSource().token);
    assert.ok(resolved.tooltip instanceof MarkdownString);
    return resolved.tooltip.value;
  };

  it('have the id as people write it, and what matters most first', async () => {
    assert.deepEqual(await treeText(store.provider), [
      'Open | 4',
      '  BACK-1 Plain',
      '  BACK-2 Full | Blocked · In Progress · high · bug, ui, a label that is longer… +2 · 1/2',
      '  BACK-2.1: Part | Needs Review',
      '  BACK-6 Idea | Draft · P17',
      'Completed | 3',
      "  BACK-5 Refused | Won't Do",
      '  BACK-4 Gone | Dropped',
      '  BACK-3 Done | low',
    ]);
  });

  it('have an icon for each state', () => {
    const keys = [
      'tasks/back-1 - Plain',
      'tasks/back-2 - Full',
      'tasks/back-2.1 - Part',
      'completed/back-3 - Done',
      'archive/tasks/back-4 - Gone',
    ];
    const icons = keys.map((key) => store.item(key).iconPath);
    assert.deepEqual(
      icons.map((icon) => (icon instanceof ThemeIcon ? icon.id : 'circle that fills')),
      ['issues', 'circle that fills', 'eye', 'issue-closed', 'circle-slash'],
    );
    assert.ok(icons.every((icon) => !(icon instanceof ThemeIcon) || icon.color !== undefined));
  });

  it('say everything in words', () => {
    assert.equal(
      store.item('tasks/back-2 - Full').accessibilityInformation?.label,
      [
        'Issue BACK-2, Full, in progress, 1 of 2 tasks done, Status: In Progress, Priority: high',
        'Labels: bug, ui, a label that is longer than a row has room for, fourth, fifth',
        'Assignees: @ada, @$(bug), Type: bug, Parent: BACK-1, Depends on: BACK-1, BACK-3, Milestone: v2',
        `Due: Apr 1, 2025, Created: Mar 1, 2025, Updated: ${new Date(Date.UTC(2025, 2, 2, 10, 30)).toLocaleString('en', { dateStyle: 'medium', timeStyle: 'short' })}`,
        'Blocked',
      ].join(', '),
    );
    assert.equal(store.item('tasks/back-2.1 - Part').accessibilityInformation?.label, 'BACK-2.1: Part, in review, Status: Needs Review');
    assert.equal(store.item('archive/tasks/back-4 - Gone').accessibilityInformation?.label, 'Issue BACK-4, Gone, dropped, Status: To Do');
  });

  it('have all fields in the tooltip, as text', async () => {
    // Not every version of VS Code escapes the same characters.
    const value = (await tooltip('tasks/back-2 - Full')).replace(/\\([-()])/g, '$1');
    assert.match(value, /^\$\(play-circle\) \*\*BACK-2 Full\*\*\n\nIn Progress · Blocked · 1 of 2 tasks done · changed /);
    assert.match(value, /\n\nStatus: \*\*In Progress\*\* {2}\nPriority: \*\*high\*\* {2}\nLabels: \*\*bug, ui, /);
    for (const line of [
      'Type: **bug**',
      'Parent: **BACK-1 Plain**',
      'Depends on: **BACK-1 Plain, BACK-3 Done (Completed)**',
      'Due: **Apr 1, 2025**',
      'Created: **Mar 1, 2025**',
    ]) {
      assert.ok(value.includes(line), `${line} in ${value}`);
    }
    assert.doesNotMatch(await tooltip('tasks/back-2 - Full'), /(?<!\\)\$\(bug\)/);
    assert.match(value, /\$\(lock\) Only the tasks of Backlog\.md issues can be changed from here yet\. Edit the file instead\./);
  });

  it('name in the tooltip who waits for them, and how many of their parts are completed', async () => {
    const value = (await tooltip('tasks/back-1 - Plain')).replace(/\\([-()])/g, '$1');
    assert.ok(value.includes('Blocks: **BACK-2 Full (In Progress)**'), value);
    assert.ok(value.includes('Sub-issues: **0 of 1 completed**'), value);
  });
});

describe('a store in which nothing can be written yet', () => {
  const store = useOtherStore(
    BACKLOG_FORMAT,
    { folder: 'backlog', config: 'backlog/config.yml' },
    {
      'backlog/config.yml': 'project_name: Larder\n',
      'backlog/tasks/task-1 - One.md': task('TASK-1', 'title: One', 'status: To Do'),
      'backlog/completed/task-2 - Two.md': task('TASK-2', 'title: Two', 'status: Done'),
    },
  );
  const ours = useStore({ 'issues/000001_ours.md': '# Ours\n' });
  const answers = useAnswers();
  const [one, two] = ['tasks/task-1 - One', 'completed/task-2 - Two'];

  it('says so to menus, in each row', async () => {
    const groups = (await store.provider.getChildren()).map((node) => store.provider.getTreeItem(node).contextValue);
    assert.deepEqual(groups, ['group.active.no-create', 'group.completed.no-create']);
    assert.equal(store.item(one).contextValue, 'issue.active.no-complete.no-reopen.no-rename.no-renumber.no-delete');
    assert.equal(store.item(two).contextValue, 'issue.completed.no-complete.no-reopen.no-rename.no-renumber.no-delete');
  });

  for (const [command, key, message] of [
    [commandIds.completeIssue, one, 'Backlog.md issues cannot be completed from here yet. Edit the file instead.'],
    [commandIds.completeIssueInline, one, 'Backlog.md issues cannot be completed from here yet. Edit the file instead.'],
    [commandIds.reopenIssue, two, 'Backlog.md issues cannot be reopened from here yet. Edit the file instead.'],
    [commandIds.renameIssue, one, 'Backlog.md issues cannot be renamed from here yet. Edit the file instead.'],
    [commandIds.renumberIssue, one, 'Backlog.md issues cannot be renumbered from here yet. Edit the file instead.'],
    [commandIds.deleteIssue, one, 'Backlog.md issues cannot be deleted from here yet. Delete the file in the Explorer.'],
  ] as const) {
    it(`refuses ${command}, with the way out`, async () => {
      await activated();
      await commands.executeCommand(command, store.node(key));
      assert.deepEqual(answers.texts, [message]);
      assert.deepEqual([...store.source.store.catalogue.keys()].sort(), [two, one].sort());
    });
  }

  it('leaves its issues as they are where others are selected with them', async () => {
    const rows = [store.node(one), ours.node('000001_ours')];
    await commands.executeCommand(commandIds.completeIssue, rows[0], rows);
    assert.deepEqual(ours.has('issues/complete/000001_ours.md'), true);
    assert.deepEqual(answers.texts, [
      '1 of the 2 selected issues are left as they are. Backlog.md issues cannot be completed from here yet. Edit the file instead.',
      'Completed #1 Ours.',
    ]);
  });
});

describe('commands, where stores of two formats are side by side', () => {
  const store = useStore({
    'issues/000001_ours.md': '# Ours\n',
    'backlog/config.yml': 'project_name: Larder\ntask_prefix: back\n',
    'backlog/tasks/back-12 - Theirs.md': task('BACK-12', 'title: Theirs', 'status: In Progress', 'labels: [kettle]'),
  });
  const answers = useAnswers();
  afterEach(closeEditors);
  const offered = (items: readonly QuickPickItem[]) => items.map(({ label, description }) => `${label} | ${description}`);

  it('find an issue by its id and by its fields, and name it as its tool does', async () => {
    for (const typed of ['Back-12', 'kettle progress']) {
      const picks: string[] = [];
      answers.typedIntoPick = typed;
      answers.picked = (items) => {
        picks.push(...offered(items));
        return undefined;
      };
      await commands.executeCommand(commandIds.goToIssue);
      assert.deepEqual(picks, ['BACK-12 Theirs | Backlog.md · In Progress · kettle'], typed);
    }
  });

  it('refuse from the palette what cannot be done to the issue in the editor', async () => {
    await openFile(store.uri('backlog/tasks/back-12 - Theirs.md'));
    await commands.executeCommand(commandIds.completeIssue);
    assert.deepEqual(answers.texts, ['Backlog.md issues cannot be completed from here yet. Edit the file instead.']);
  });

  it('offer only issues that can be changed, and only stores that can have new ones', async () => {
    const picks: (readonly QuickPickItem[])[] = [];
    answers.picked = (items) => {
      picks.push(items);
      return undefined;
    };
    await commands.executeCommand(commandIds.renameIssue);
    const theirs = store.api.stores.holding(store.uri('backlog/tasks/x.md'))?.source;
    assert.ok(theirs && theirs !== store.source);
    await commands.executeCommand(commandIds.createIssue, { kind: 'group', source: theirs, group: 'active' });
    const [issues = [], stores = []] = picks;
    assert.ok(issues.some(({ label }) => label === '#1 Ours'));
    assert.ok(!issues.some(({ label }) => label.includes('Theirs')));
    assert.ok(stores.some(({ description }) => description === store.path('issues')));
    assert.ok(!stores.some(({ description }) => description === store.path('backlog')));
  });
});

describe('a store of a format that nobody has heard of', () => {
  const format: StoreFormat = {
    ...NUMBERED_FORMAT,
    id: 'made-up',
    label: 'Made Up',
    describe: (path, text) => ({
      id: path.slice(0, -3),
      title: text.trim(),
      fields: { status: path.slice(0, -3) },
      progress: { done: 0, total: 0 },
      hasConflict: false,
    }),
    stateOf: ({ fields: { status } }) => (status === 'boiling' ? 'active' : 'open'),
    labelOf: ({ id }) => `<${id}>`,
    writes: { ...NUMBERED_FORMAT.writes, rename: false },
  };
  const store = useOtherStore(format, { folder: 'pots' }, { 'pots/boiling.md': 'Eggs', 'pots/cold.md': 'Soup' });

  it('is shown in its own words, and offers what can be written', async () => {
    assert.deepEqual(await treeText(store.provider), ['Open | 2', '  <boiling> Eggs | boiling', '  <cold> Soup | cold', 'Completed | 0']);
    assert.equal(store.item('cold').contextValue, 'issue.active.unnumbered.no-rename');
    const [group] = await store.provider.getChildren();
    assert.equal(store.provider.getTreeItem(group as IssueTreeNode).contextValue, 'group.active');
  });
});
