import assert from 'node:assert/strict';
import { commands, window } from 'vscode';
import { commandIds } from '../../src/extension/commandIds.ts';
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
      () => filter().issues(store.source, false).length === 602,
    );
    assert.equal((await lines())[0], 'Open | 602');
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
