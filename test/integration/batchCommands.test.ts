import assert from 'node:assert/strict';
import { symlinkSync, unlinkSync } from 'node:fs';
import { ConfigurationTarget, commands, window, workspace } from 'vscode';
import { isCompleted } from '../../src/core/issue/issueState.ts';
import { commandIds } from '../../src/extension/commandIds.ts';
import { useAnswers } from './support/answers.ts';
import { closeEditors, openFile, textTabs, typeInto } from './support/editors.ts';
import { recorded, untilHolds } from './support/events.ts';
import { type TestStore, useStore } from './support/testStore.ts';

const run = (command: string, ...args: unknown[]) => commands.executeCommand(command, ...args);
const active = (store: TestStore) => store.store.catalogue.active.map(({ id }) => id);
const completed = (store: TestStore) => store.store.catalogue.completed.map(({ id }) => id);

const files = {
  'issues/000001_one.md': '# One\r\n\r\nNo final newline',
  'issues/000002_two.md': '# Two\n',
  'issues/000003_three.md': '# Three\n',
  'issues/complete/000004_four.md': '# Four\n',
  'issues/complete/000005_five.md': '# Five\n',
};

describe('completing and reopening issues', () => {
  const store = useStore(files);
  const answers = useAnswers();
  afterEach(closeEditors);

  it('moves the file of the row and leaves its bytes alone', async () => {
    const changes = recorded(store.api.stores.onDidChange);
    await run(commandIds.completeIssue, store.node('000001_one'));
    changes.stop();
    assert.ok(!store.has('issues/000001_one.md'));
    assert.equal(store.read('issues/complete/000001_one.md'), '# One\r\n\r\nNo final newline');
    assert.deepEqual(completed(store), ['000001_one', '000004_four', '000005_five']);
    assert.equal(changes.events.length, 1);
    assert.deepEqual(answers.messages, [{ kind: 'info', text: 'Completed #1 One.', actions: ['Undo'] }]);
  });

  it('reopens', async () => {
    await run(commandIds.reopenIssue, store.node('complete/000004_four'));
    assert.ok(store.has('issues/000004_four.md') && !store.has('issues/complete/000004_four.md'));
    assert.deepEqual(answers.texts, ['Reopened #4 Four.']);
  });

  it('takes all selected rows if the row is one of them, in one step', async () => {
    const rows = ['000001_one', '000003_three'].map((key) => store.node(key));
    const changes = recorded(store.api.stores.onDidChange);
    await run(commandIds.completeIssue, rows[1], rows);
    changes.stop();
    assert.deepEqual([active(store), changes.events.length], [['000002_two'], 1]);
    assert.deepEqual(answers.texts, ['Completed 2 issues.']);
  });

  it('takes the row alone if it is not selected', async () => {
    await run(commandIds.completeIssue, store.node('000002_two'), [store.node('000001_one'), store.node('000003_three')]);
    assert.deepEqual(active(store), ['000001_one', '000003_three']);
  });

  it('takes of mixed rows those that it is for', async () => {
    const rows = ['000001_one', 'complete/000004_four', 'complete/000005_five'].map((key) => store.node(key));
    await run(commandIds.completeIssue, rows[0], rows);
    assert.deepEqual(answers.texts, ['Completed #1 One.']);
    await run(commandIds.reopenIssue, rows[1], rows.slice(1));
    assert.deepEqual(answers.texts.slice(1), ['Reopened 2 issues.']);
    assert.deepEqual(completed(store), ['000001_one']);
  });

  it('takes a file', async () => {
    await run(commandIds.completeIssue, store.uri('issues/000002_two.md'));
    assert.ok(store.has('issues/complete/000002_two.md'));
  });

  it('takes the issue in the active editor', async () => {
    await openFile(store.uri('issues/complete/000005_five.md'));
    await run(commandIds.reopenIssue);
    assert.ok(store.has('issues/000005_five.md'));
  });

  it('asks which one otherwise, and offers what it is for', async () => {
    const offered: string[] = [];
    answers.picked = (items) => {
      offered.push(...items.filter(({ description }) => description?.startsWith(store.name)).map(({ label }) => label));
      return items.find(({ label }) => label === '#3 Three');
    };
    await run(commandIds.completeIssue);
    assert.deepEqual(offered, ['#1 One', '#2 Two', '#3 Three']);
    assert.ok(store.has('issues/complete/000003_three.md'));
  });

  it('does nothing when the question is dismissed', async () => {
    answers.picked = () => undefined;
    await run(commandIds.completeIssue);
    assert.deepEqual([active(store).length, answers.messages], [3, []]);
  });

  it('is taken back by Undo, all of it and byte for byte', async () => {
    const rows = ['000001_one', '000002_two', '000003_three'].map((key) => store.node(key));
    answers.chosen = () => 'Undo';
    await store.changeOf(
      () => run(commandIds.completeIssue, rows[0], rows),
      ({ added }) => added.length === 3 && added.every((summary) => !isCompleted(summary)),
    );
    assert.deepEqual(active(store), ['000001_one', '000002_two', '000003_three']);
    assert.equal(store.read('issues/000001_one.md'), files['issues/000001_one.md']);
    assert.equal(
      active(store).some((id) => store.has(`issues/complete/${id}.md`)),
      false,
    );
  });

  it('is taken back by the result of the store’s batch, in one step', async () => {
    const { issues, undo } = await store.store.for('test').markCompleteBatch([1, '000002_two', store.node('000003_three').summary]);
    assert.deepEqual(
      issues.map(({ key }) => key),
      ['complete/000001_one', 'complete/000002_two', 'complete/000003_three'],
    );
    const changes = recorded(store.api.stores.onDidChange);
    await store.store.write(undo);
    changes.stop();
    assert.deepEqual([changes.events.length, active(store)], [1, ['000001_one', '000002_two', '000003_three']]);
  });

  it('saves what is typed but not saved, and the tab follows the file', async () => {
    const editor = await openFile(store.uri('issues/000001_one.md'));
    await typeInto(editor, 'Typed. ');
    await run(commandIds.completeIssue, store.node('000001_one'));
    // Under its old title or the one that was typed, as the store has or has not heard of the save by then.
    assert.match(answers.texts.join('\n'), /^Completed #1 (One|Typed\. # One)\.$/);
    assert.equal(store.read('issues/complete/000001_one.md'), 'Typed. # One\r\n\r\nNo final newline');
    assert.deepEqual(
      textTabs().map(({ path }) => path),
      [store.path('issues/complete/000001_one.md')],
    );
    assert.equal(window.activeTextEditor?.document.uri.fsPath, store.path('issues/complete/000001_one.md'));
    assert.equal(window.activeTextEditor?.document.isDirty, false);
  });

  it('brings no old text back when somebody has written the file a moment before', async () => {
    await openFile(store.uri('issues/000001_one.md'));
    store.write({ 'issues/000001_one.md': '# One\n\nBy an agent.\n' });
    await run(commandIds.completeIssue, store.node('000001_one'));
    const shown = () => workspace.textDocuments.find(({ uri }) => uri.fsPath === store.path('issues/complete/000001_one.md'));
    assert.deepEqual([shown()?.getText(), shown()?.isDirty], ['# One\n\nBy an agent.\n', false]);
    assert.equal(store.read('issues/complete/000001_one.md'), '# One\n\nBy an agent.\n');
  });

  it('closes a tab in the background, whose file is gone, and leaves the front as it is', async () => {
    await openFile(store.uri('issues/000001_one.md'));
    await openFile(store.uri('issues/000002_two.md'));
    await run(commandIds.completeIssue, store.node('000001_one'));
    assert.equal(window.activeTextEditor?.document.uri.fsPath, store.path('issues/000002_two.md'));
    assert.ok(!textTabs().some(({ path }) => path === store.path('issues/000001_one.md')), 'no tab of a file that is gone');
  });

  it('lets the tab follow an Undo back', async () => {
    await openFile(store.uri('issues/000001_one.md'));
    answers.chosen = () => 'Undo';
    await store.changeOf(
      () => run(commandIds.completeIssue, store.node('000001_one')),
      ({ added }) => added.some(({ key }) => key === '000001_one'),
    );
    // The tabs follow after the files.
    const paths = () => textTabs().map(({ path }) => path);
    await untilHolds(() => paths().join() === store.path('issues/000001_one.md'), window.tabGroups.onDidChangeTabs, 'the tab to follow');
  });

  it('is taken back with what is typed meanwhile, which is in the editor of the file that is back', async () => {
    await openFile(store.uri('issues/000001_one.md'));
    answers.chosen = async () => {
      assert.ok(window.activeTextEditor);
      await typeInto(window.activeTextEditor, 'Typed. ');
      return 'Undo';
    };
    await store.changeOf(
      () => run(commandIds.completeIssue, store.node('000001_one')),
      ({ added }) => added.some(({ key }) => key === '000001_one'),
    );
    const shown = () => window.activeTextEditor?.document;
    const isCarried = () => shown()?.uri.fsPath === store.path('issues/000001_one.md') && shown()?.getText().startsWith('Typed. ') === true;
    await untilHolds(isCarried, workspace.onDidChangeTextDocument, 'the words to follow');
    assert.equal(shown()?.getText(), 'Typed. # One\r\n\r\nNo final newline');
    assert.equal(store.read('issues/000001_one.md'), files['issues/000001_one.md']);
    await untilHolds(() => textTabs().length === 1, window.tabGroups.onDidChangeTabs, 'the old tab to close');
    assert.ok(!store.has('issues/complete/000001_one.md'));
  });

  it('says what it did without making links of what stands in a title', async () => {
    await store.changeOf(() => store.write({ 'issues/000006_six.md': '# list[Click me](command:workbench.action.quit)\n' }));
    await run(commandIds.completeIssue, store.node('000006_six'));
    assert.equal(answers.messages.length, 1);
    assert.match(answers.texts[0] ?? '', /^Completed #6 list\[Click me\]/);
    assert.doesNotMatch(answers.texts[0] ?? '', /\]\(/);
  });
});

describe('deleting issues', () => {
  const store = useStore(files);
  const answers = useAnswers();
  // The machine that runs the tests may have a trash or not.
  before(() => workspace.getConfiguration('files').update('enableTrash', false, ConfigurationTarget.Global));
  after(() => workspace.getConfiguration('files').update('enableTrash', undefined, ConfigurationTarget.Global));
  afterEach(closeEditors);

  it('asks first, and does nothing without a yes', async () => {
    await run(commandIds.deleteIssue, store.node('000001_one'));
    assert.ok(store.has('issues/000001_one.md'));
    const [question, ...more] = answers.messages;
    assert.deepEqual(more, []);
    assert.deepEqual(
      [question?.kind, question?.text, question?.actions],
      ['warning', 'Are you sure you want to delete “#1 One”?', ['Delete']],
    );
    assert.ok(question?.detail);
  });

  it('deletes the selected ones in one step and can take that back', async () => {
    const rows = ['000001_one', 'complete/000004_four'].map((key) => store.node(key));
    answers.chosen = ({ kind }) => (kind === 'warning' ? 'Delete' : undefined);
    const changes = recorded(store.api.stores.onDidChange);
    await run(commandIds.deleteIssue, rows[0], rows);
    changes.stop();
    assert.ok(!store.has('issues/000001_one.md') && !store.has('issues/complete/000004_four.md'));
    assert.deepEqual([active(store), completed(store), changes.events.length], [['000002_two', '000003_three'], ['000005_five'], 1]);
    const [question, done] = answers.messages;
    assert.match(question?.detail ?? '', /^#1 One\n#4 Four\n/);
    assert.deepEqual([done?.text, done?.actions], ['Deleted 2 issues.', ['Undo']]);
  });

  it('brings back every byte with Undo', async () => {
    answers.chosen = ({ kind }) => (kind === 'warning' ? 'Delete' : 'Undo');
    await store.changeOf(
      () => run(commandIds.deleteIssue, store.node('000001_one')),
      ({ added }) => added.length === 1,
    );
    assert.equal(store.read('issues/000001_one.md'), files['issues/000001_one.md']);
  });

  it('brings back what was typed but not saved, too', async () => {
    await typeInto(await openFile(store.uri('issues/000001_one.md')), 'Typed. ');
    answers.chosen = ({ kind }) => (kind === 'warning' ? 'Delete' : 'Undo');
    await store.changeOf(
      () => run(commandIds.deleteIssue),
      ({ added }) => added.length === 1,
    );
    assert.equal(store.read('issues/000001_one.md'), `Typed. ${files['issues/000001_one.md']}`);
  });

  it('works on a file that cannot be read', async () => {
    await store.changeOf(() => store.write({ 'issues/000007_bad.md': Buffer.from([0xff, 0xfe, 0xc3]) }));
    answers.chosen = ({ kind }) => (kind === 'warning' ? 'Delete' : undefined);
    await run(commandIds.deleteIssue, store.node('000007_bad'));
    assert.ok(!store.has('issues/000007_bad.md'));
  });

  it('says before that a link cannot be brought back', async () => {
    await store.changeOf(() => symlinkSync('000002_two.md', store.path('issues/000008_link.md')));
    const rows = ['000008_link', '000001_one'].map((key) => store.node(key));
    await run(commandIds.deleteIssue, rows[0]);
    await run(commandIds.deleteIssue, rows[0], rows);
    assert.equal(answers.messages[0]?.detail, 'There is no trash here and the file cannot be read, so this cannot be undone.');
    assert.match(answers.messages[1]?.detail ?? '', /Files that cannot be read \(1\) cannot be restored/);
  });
});

describe('a batch over several folders', () => {
  const first = useStore({ 'issues/000001_one.md': '# One\n' });
  const second = useStore({ 'issues/000001_uno.md': '# Uno\n', 'issues/000002_due.md': '# Due\n' });
  const answers = useAnswers();

  const rows = () => [first.node('000001_one'), second.node('000001_uno'), second.node('000002_due')];

  it('is one batch for each, and one Undo', async () => {
    const changes = recorded(first.api.stores.onDidChange);
    await run(commandIds.completeIssue, rows()[0], rows());
    changes.stop();
    assert.deepEqual(
      changes.events.map(({ source }) => source.id),
      [first.source.id, second.source.id],
    );
    assert.deepEqual([active(first), active(second)], [[], []]);
    assert.deepEqual(answers.texts, ['Completed 3 issues.']);
  });

  it('is all or nothing', async () => {
    // So that the store does not notice by itself.
    await second.set('watcher.coalescingWindow', 5000);
    unlinkSync(second.path('issues/000002_due.md'));
    await run(commandIds.completeIssue, rows()[0], rows());
    assert.deepEqual([first.has('issues/000001_one.md'), second.has('issues/000001_uno.md')], [true, true]);
    assert.deepEqual(
      answers.messages.map(({ kind, actions }) => [kind, actions]),
      [['error', ['Refresh']]],
    );
  });
});
