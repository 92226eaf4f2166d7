import assert from 'node:assert/strict';
import { renameSync } from 'node:fs';
import { commands, type QuickPickItem, window } from 'vscode';
import { commandIds } from '../../src/extension/commandIds.ts';
import { IssueFilter } from '../../src/extension/tree/issueFilter.ts';
import type { IssueTreeNode } from '../../src/extension/tree/issueNodes.ts';
import { useAnswers } from './support/answers.ts';
import { closeEditors } from './support/editors.ts';
import { eventOf, recorded } from './support/events.ts';
import { useStore } from './support/testStore.ts';
import { redrawn, treeText } from './support/treeText.ts';

const FILES = {
  'issues/000001_one.md': '# Login fails\n',
  'issues/000002_two.md': '# Second\n\nThe needle $(alert) is here.\n',
  'issues/000003_login-page.md': '# Third\n',
  'issues/complete/000004_four.md': '# Fix the login\n',
  'issues/pending/x.md': '',
};

describe('the filter of the tree', () => {
  const store = useStore(FILES);
  const lines = () => treeText(store.api.tree.provider, { kind: 'folder', source: store.source } satisfies IssueTreeNode);
  const filter = () => store.api.tree.filter;
  const filtered = (text: string) => eventOf(filter().onDidChange, 'the filter', () => filter().set(text));
  afterEach(() => filter().set(''));

  it('leaves what has every word in its number, title or id', async () => {
    await filtered('LOGIN');
    assert.deepEqual(await lines(), ['Open | 2', '  #1 Login fails', '  #3 Third', 'Completed | 1', '  #4 Fix the login']);
    await filtered('login fix');
    assert.deepEqual(await lines(), ['Completed | 1', '  #4 Fix the login']);
    await filtered('#2');
    assert.deepEqual(await lines(), ['Open | 1', '  #2 Second']);
  });

  it('leaves no group and no folder where nothing fits, and is cleared by a command', async () => {
    await filtered('nothing like it');
    assert.deepEqual(await lines(), []);
    assert.deepEqual(await store.api.tree.provider.getChildren(), []);
    await eventOf(filter().onDidChange, 'the filter', () => commands.executeCommand(commandIds.clearFilter));
    assert.equal((await lines()).length, 8);
    assert.equal(filter().text, '');
  });

  it('follows the disk, and draws only what it shows', async () => {
    await filtered('login');
    const { provider } = store.api.tree;
    await lines();
    provider.refresh();
    const rows = recorded(provider.onDidChangeTreeData);
    try {
      await store.changeOf(() => store.write({ 'issues/000002_two.md': '# Still nothing\n' }));
      await eventOf(provider.onDidChangeTreeData, 'a row', () => store.write({ 'issues/000003_login-page.md': '# New title\n' }));
      assert.deepEqual(rows.events.map(redrawn), [['issue 000003_login-page']]);
      await eventOf(provider.onDidChangeTreeData, 'the group', () => store.write({ 'issues/000002_two.md': '# A login\n' }));
      assert.deepEqual((await lines()).slice(0, 4), ['Open | 3', '  #1 Login fails', '  #2 A login', '  #3 New title']);
      await eventOf(provider.onDidChangeTreeData, 'the group', () => store.write({ 'issues/000001_one.md': '# Other\n' }));
      assert.deepEqual((await lines()).slice(0, 3), ['Open | 2', '  #2 A login', '  #3 New title']);
    } finally {
      rows.stop();
    }
  });

  it('begins anew after a change that is too large', async () => {
    await filtered('login');
    const many = Object.fromEntries(Array.from({ length: 600 }, (_, index) => [`issues/${100_000 + index}_x.md`, '# A login\n']));
    await eventOf(
      filter().onDidChange,
      'the filter',
      () => store.write(many),
      () => filter().groupsOf(store.source).issuesOf('active').length === 602,
    );
    assert.equal((await lines())[0], 'Open | 602');
  });
});

const FIELDS = {
  'issues/complete/000009_nine.md': '# Nine\n',
  'issues/000001_one.md': '---\nlabels: [ui, good first]\npriority: high\n---\n# One\n',
  'issues/000002_two.md': '---\nlabels: [ui]\ndependencies: [1]\n---\n# Two\n',
  'issues/000003_three.md': '---\nparent: 1\n---\n# Three\n',
};

describe('the filter of the tree, by fields', () => {
  const store = useStore(FIELDS);
  const answers = useAnswers();
  const lines = () => treeText(store.api.tree.provider, { kind: 'folder', source: store.source } satisfies IssueTreeNode);
  const filter = () => store.api.tree.filter;
  const filtered = (text: string) => eventOf(filter().onDidChange, 'the filter', () => filter().set(text));
  afterEach(() => filter().set(''));

  it('leaves what has the fields', async () => {
    await filtered('label:UI -label:"good first"');
    assert.deepEqual(await lines(), ['Open | 1', '  #2 Two | Blocked · ui']);
    await filtered('parent:1');
    assert.deepEqual(await lines(), ['Open | 1', '  #3 Three']);
  });

  it('shows what has become ready, when what it waited for is completed on the disk', async () => {
    await filtered('is:ready label:ui');
    assert.deepEqual(await lines(), ['Open | 1', '  #1 One | high · ui, good first']);
    await eventOf(
      store.api.tree.provider.onDidChangeTreeData,
      'the groups',
      () => renameSync(store.path('issues/000001_one.md'), store.path('issues/complete/000001_one.md')),
      () => filter().counts.shown === 1 && filter().groupsOf(store.source).issuesOf('active').at(0)?.number === 2,
    );
    assert.deepEqual(await lines(), ['Open | 1', '  #2 Two | ui']);
  });

  it('stays as it was when the next one means nothing', async () => {
    const errors: unknown[] = [];
    const other = new IssueFilter(store.api.stores, (error) => errors.push(error));
    try {
      other.set('label:ui');
      await other.whenShown;
      other.set('is:nonsense');
      await other.whenShown;
      assert.equal(other.text, 'label:ui');
      assert.match(String(errors), /“is:nonsense” is not known/);
    } finally {
      other.dispose();
    }
  });

  it('is there again in the next session, as it was left', async () => {
    const kept = new Map<string, unknown>();
    const state = {
      get: <T>(key: string) => kept.get(key) as T | undefined,
      update: async (key: string, value: unknown) => void kept.set(key, value),
    };
    const session = () => new IssueFilter(store.api.stores, (error) => assert.fail(String(error)), state);
    const first = session();
    first.set('label:ui');
    await first.whenShown;
    first.set('label:ui priority:', { isTyping: true });
    await first.whenShown;
    first.dispose();
    const second = session();
    await second.whenShown;
    assert.deepEqual([second.text, second.counts.shown], ['label:ui', 2]);
    second.set('');
    second.dispose();
    const third = session();
    await third.whenShown;
    assert.equal(third.text, '');
    third.dispose();
  });

  const offered = async (typed: string, choose: (labels: readonly string[]) => string | undefined) => {
    answers.typedIntoPick = typed;
    const asked = Promise.withResolvers<readonly QuickPickItem[]>();
    answers.picked = (items) => {
      asked.resolve(items);
      const chosen = choose(items.map(({ label }) => label));
      return items.find(({ label }) => label === chosen);
    };
    await commands.executeCommand(commandIds.filterIssues);
    return (await asked.promise).map(({ label, description }) => [label, description]);
  };

  it('completes its last word with what the issues have', async () => {
    await eventOf(
      filter().onDidChange,
      'the filter',
      async () => {
        const found = await offered('is:open label:', (labels) => labels[0]);
        assert.deepEqual(found, [
          ['label:ui', '2 issues'],
          ['label:"good first"', '1 issue'],
        ]);
      },
      () => filter().text === 'is:open label:ui',
    );
  });

  it('follows while one types, and takes Enter for what is whole', async () => {
    await eventOf(
      filter().onDidChange,
      'the filter',
      async () => assert.equal((await offered('label:ui', (labels) => labels[0]))[0]?.[0], 'label:ui'),
      () => filter().text === 'label:ui',
    );
    assert.equal(filter().counts.shown, 2);
  });

  it('says which word means nothing, and leaves the filter as it was', async () => {
    await filtered('parent:1');
    const found = await offered('label:ui is:redy x', () => undefined);
    assert.equal(found[0]?.[0], '“is:redy” is not known. Use open, active, review, completed, done, dropped, ready or blocked.');
    assert.equal(filter().text, 'parent:1');
  });
});

describe('searching', () => {
  const store = useStore(FILES);
  const answers = useAnswers();
  afterEach(closeEditors);

  it('opens an issue where its text has what was typed', async () => {
    answers.typedIntoPick = 'NEEDLE';
    answers.picked = (items) => {
      const found = items.map(({ label, detail }) => [label, detail]);
      // Icons are ours alone.
      assert.deepEqual(found, [['#2 Second', 'The needle \\$(alert) is here.']]);
      return items[0];
    };
    await commands.executeCommand(commandIds.searchIssues);
    const editor = window.activeTextEditor;
    assert.equal(editor?.document.uri.fsPath, store.path('issues/000002_two.md'));
    assert.deepEqual([editor.selection.active.line, editor.selection.active.character], [2, 4]);
  });

  it('puts titles first and names nothing twice', async () => {
    answers.typedIntoPick = 'login';
    answers.picked = (items) => {
      assert.deepEqual(
        items.filter(({ description }) => description?.startsWith(store.name)).map(({ label }) => label),
        ['#1 Login fails', '#3 Third', '#4 Fix the login'],
      );
      return undefined;
    };
    await commands.executeCommand(commandIds.searchIssues);
  });

  it('takes the terms of filters, in titles and texts alike', async () => {
    answers.typedIntoPick = 'is:completed the';
    answers.picked = (items) => {
      assert.deepEqual(
        items.filter(({ description }) => description?.startsWith(store.name)).map(({ label }) => label),
        ['#4 Fix the login'],
      );
      return undefined;
    };
    await commands.executeCommand(commandIds.searchIssues);
    answers.typedIntoPick = 'is:redy the';
    answers.picked = (items) => {
      assert.match(items.map(({ label }) => label).join(), /^“is:redy” is not known\. Use open,/);
      return undefined;
    };
    await commands.executeCommand(commandIds.searchIssues);
  });

  it('says so when nothing fits', async () => {
    answers.typedIntoPick = 'nothing like it';
    answers.picked = (items) => {
      assert.deepEqual(
        items.map(({ label }) => label),
        ['No issues match'],
      );
      return items[0];
    };
    await commands.executeCommand(commandIds.searchIssues);
    assert.equal(window.activeTextEditor, undefined);
  });
});
