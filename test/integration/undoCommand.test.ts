import assert from 'node:assert/strict';
import { ConfigurationTarget, commands, window, workspace } from 'vscode';
import { commandIds } from '../../src/extension/commandIds.ts';
import type { IssueTreeNode } from '../../src/extension/tree/issueNodes.ts';
import { replaced, useAnswers } from './support/answers.ts';
import { closeEditors, openFile, textTabs, typeInto } from './support/editors.ts';
import { nextEvent, recorded, untilHolds } from './support/events.ts';
import { type TestStore, useStore } from './support/testStore.ts';

const run = (command: string, ...args: unknown[]) => commands.executeCommand(command, ...args);
const undo = () => run(commandIds.undoLastChange);

const files = {
  'issues/000001_one.md': '# One\r\n\r\nNo final newline',
  'issues/000002_two.md': '# Two\n',
  'issues/complete/000004_four.md': '# Four\n',
};

/** What the status bar is told, and what the context keys are set to, while a test runs. */
function useWindow(store: TestStore) {
  const seen = { statuses: [] as string[], canUndo: [] as unknown[] };
  let restore: (() => void)[] = [];
  beforeEach(() => {
    store.api.undoHistory.clear();
    seen.statuses.length = 0;
    seen.canUndo.length = 0;
    const execute = commands.executeCommand;
    restore = [
      replaced(window, { setStatusBarMessage: (text: string) => seen.statuses.push(text) }),
      replaced(commands, {
        executeCommand: (command: string, ...args: unknown[]) => {
          if (command === 'setContext' && args[0] === 'markdownIssues.canUndo') {
            seen.canUndo.push(args[1]);
          }
          return execute(command, ...args);
        },
      }),
    ];
  });
  afterEach(() => {
    for (const each of restore) {
      each();
    }
  });
  return seen;
}

describe('undoing the last change', () => {
  const store = useStore(files);
  const answers = useAnswers();
  const seen = useWindow(store);
  // The machine that runs the tests may have a trash or not.
  before(() => workspace.getConfiguration('files').update('enableTrash', false, ConfigurationTarget.Global));
  after(() => workspace.getConfiguration('files').update('enableTrash', undefined, ConfigurationTarget.Global));
  afterEach(closeEditors);

  const labels = () => store.api.undoHistory.entries.map(({ label }) => label);
  const group = (): IssueTreeNode => ({ kind: 'group', source: store.source, group: 'active' });
  const assertAsBefore = () => {
    for (const [name, content] of Object.entries(files)) {
      assert.equal(store.read(name), content, name);
    }
    assert.deepEqual([...store.store.catalogue.keys()].sort(), ['000001_one', '000002_two', 'complete/000004_four']);
  };

  const changes: readonly (readonly [string, () => Thenable<unknown>])[] = [
    ['Completed #1 One', () => run(commandIds.completeIssue, store.node('000001_one'))],
    ['Reopened #4 Four', () => run(commandIds.reopenIssue, store.node('complete/000004_four'))],
    ['Renamed #1 One to 000001_eins.md', () => run(commandIds.renameIssue, store.node('000001_one'))],
    ['Deleted #1 One', () => run(commandIds.deleteIssue, store.node('000001_one'))],
    ['Created #5 eins', () => run(commandIds.createIssue, group())],
  ];
  for (const [label, change] of changes) {
    it(`takes back “${label}”, and says so in the status bar`, async () => {
      answers.typed = () => 'eins';
      answers.chosen = ({ kind }) => (kind === 'warning' ? 'Delete' : undefined);
      await change();
      assert.deepEqual([labels(), seen.canUndo], [[label], [true]]);
      answers.messages.length = 0;
      await undo();
      assertAsBefore();
      assert.deepEqual([seen.statuses, answers.messages], [[`Undone: ${label}`], []]);
      assert.deepEqual([labels(), seen.canUndo], [[], [true, false]]);
    });
  }

  it('closes the tab of an issue that is created no more', async () => {
    answers.typed = () => 'New';
    await run(commandIds.createIssue, group());
    assert.equal(textTabs().length, 1);
    await undo();
    assert.deepEqual(textTabs(), []);
  });

  it('lets the tab follow a rename back', async () => {
    await openFile(store.uri('issues/000001_one.md'));
    answers.typed = () => 'eins';
    await run(commandIds.renameIssue);
    await undo();
    const paths = () => textTabs().map(({ path }) => path);
    await untilHolds(() => paths().join() === store.path('issues/000001_one.md'), window.tabGroups.onDidChangeTabs, 'the tab to follow');
  });

  it('goes on with the older ones', async () => {
    await run(commandIds.completeIssue, store.node('000001_one'));
    await run(commandIds.completeIssue, store.node('000002_two'));
    answers.typed = () => 'eins';
    await run(commandIds.renameIssue, store.node('complete/000001_one'));
    await undo();
    assert.deepEqual(labels(), ['Completed #1 One', 'Completed #2 Two']);
    await Promise.all([undo(), undo()]);
    assertAsBefore();
    assert.deepEqual(seen.statuses, ['Undone: Renamed #1 One to 000001_eins.md', 'Undone: Completed #2 Two', 'Undone: Completed #1 One']);
    await undo();
    assert.equal(answers.texts.at(-1), 'Nothing to undo');
  });

  it('goes back twenty changes', async () => {
    for (let round = 0; round < 11; round++) {
      await run(commandIds.completeIssue, store.node('000002_two'));
      await run(commandIds.reopenIssue, store.node('complete/000002_two'));
    }
    assert.equal(labels().length, 20);
  });

  it('refuses after a change of the file, with the reason, until the file is as it was', async () => {
    await run(commandIds.completeIssue, store.node('000001_one'));
    await store.changeOf(() => store.write({ 'issues/complete/000001_one.md': 'Edited\n' }));
    await undo();
    const refusal = answers.messages.at(-1);
    assert.deepEqual([refusal?.kind, refusal?.actions], ['error', ['Forget']]);
    assert.match(refusal?.text ?? '', /^“Completed #1 One” could not be undone: .*000001_one\.md has been changed since\./);
    assert.deepEqual([store.read('issues/complete/000001_one.md'), store.has('issues/000001_one.md')], ['Edited\n', false]);
    assert.deepEqual([labels(), seen.statuses, seen.canUndo], [['Completed #1 One'], [], [true]]);
    await store.changeOf(() => store.write({ 'issues/complete/000001_one.md': files['issues/000001_one.md'] }));
    await undo();
    assertAsBefore();
  });

  it('forgets what is refused, when that is chosen, and comes to the older one', async () => {
    await run(commandIds.completeIssue, store.node('000002_two'));
    answers.typed = () => 'New';
    await run(commandIds.createIssue, group());
    assert.ok(window.activeTextEditor);
    await typeInto(window.activeTextEditor, 'Typed. ');
    answers.chosen = ({ actions }) => actions.find((action) => action === 'Forget');
    const forgotten = nextEvent(store.api.undoHistory.onDidChange, 'the entry to be forgotten');
    await undo();
    await forgotten;
    assert.match(answers.texts.at(-1) ?? '', /000005_New\.md has unsaved changes\. Nothing was undone\.$/);
    assert.match(window.activeTextEditor.document.getText(), /^Typed\. # New/);
    assert.equal(store.read('issues/000005_New.md'), '# New\n\n');
    assert.deepEqual(labels(), ['Completed #2 Two']);
    await undo();
    assert.ok(store.has('issues/000002_two.md'));
  });

  it('is the same as the notification’s Undo, once', async () => {
    let press: (action: string) => void = () => undefined;
    answers.chosen = ({ text }) =>
      text === 'Completed #1 One.'
        ? new Promise((resolve) => {
            press = resolve;
          })
        : undefined;
    await run(commandIds.completeIssue, store.node('000001_one'));
    await undo();
    assertAsBefore();
    const heard = nextEvent(answers.onDidHear, 'what became of the second Undo');
    press('Undo');
    assert.equal((await heard).text, 'Already undone: Completed #1 One');
    assertAsBefore();
  });

  it('leaves alone what an older notification’s Undo has taken back', async () => {
    answers.chosen = ({ text }) => (text === 'Completed #2 Two.' ? 'Undo' : undefined);
    await run(commandIds.completeIssue, store.node('000001_one'));
    await store.changeOf(
      () => run(commandIds.completeIssue, store.node('000002_two')),
      ({ added }) => added.some(({ key }) => key === '000002_two'),
    );
    await untilHolds(() => labels().length === 1, store.api.undoHistory.onDidChange, 'the entry to go');
    await undo();
    assertAsBefore();
  });

  it('says a title as it is written', async () => {
    await store.changeOf(() => store.write({ 'issues/000006_six.md': '# $(trash) day\n' }));
    await run(commandIds.completeIssue, store.node('000006_six'));
    await undo();
    assert.deepEqual(seen.statuses, ['Undone: Completed #6 \\$(trash) day']);
  });
});

describe('undoing a change of several folders', () => {
  const first = useStore({ 'issues/000001_one.md': '# One\n' });
  const second = useStore({ 'issues/000001_uno.md': '# Uno\n' });
  const answers = useAnswers();
  useWindow(first);

  it('takes back all of it or nothing', async () => {
    const rows = [first.node('000001_one'), second.node('000001_uno')];
    await run(commandIds.completeIssue, rows[0], rows);
    const before = recorded(first.api.stores.onDidChange);
    second.write({ 'issues/000001_uno.md': 'Somebody else’s\n' });
    await undo();
    before.stop();
    assert.match(answers.texts.at(-1) ?? '', /^“Completed 2 issues” could not be undone: .*000001_uno\.md exists already/);
    assert.deepEqual([first.has('issues/complete/000001_one.md'), second.has('issues/complete/000001_uno.md')], [true, true]);
    assert.ok(!before.events.some(({ source }) => source === first.source));
  });

  it('that failed half-way and cannot be taken back says why for both, and offers to take back what is left', async () => {
    first.api.undoHistory.clear();
    second.write({ 'issues/complete/000001_uno.md': 'In the way\n' });
    await second.store.refresh();
    const rows = [first.node('000001_one'), second.node('000001_uno')];
    // An agent writes to what the first batch has moved, before the second one fails.
    const agent = first.api.stores.onDidChange(({ source }) => {
      if (source === first.source) {
        first.write({ 'issues/complete/000001_one.md': '# One\n\nAgent.\n' });
      }
    });
    await run(commandIds.completeIssue, rows[0], rows);
    agent.dispose();
    const failure = answers.messages.at(-1);
    assert.match(
      failure?.text ?? '',
      /000001_uno\.md exists already.* Earlier changes could not be undone: .*000001_one\.md has been changed since/,
    );
    assert.deepEqual([failure?.kind, failure?.actions], ['error', ['Undo']]);
    assert.deepEqual([first.has('issues/complete/000001_one.md'), second.has('issues/000001_uno.md')], [true, true]);
    assert.deepEqual(
      first.api.undoHistory.entries.map(({ label }) => label),
      ['Completed 2 issues'],
    );
    first.write({ 'issues/complete/000001_one.md': '# One\n' });
    await undo();
    assert.deepEqual([first.has('issues/000001_one.md'), first.has('issues/complete/000001_one.md')], [true, false]);
  });
});
