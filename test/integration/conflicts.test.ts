import assert from 'node:assert/strict';
import { unlinkSync } from 'node:fs';
import { ConfigurationTarget, commands, TabInputTextDiff, type TextEditor, window, workspace } from 'vscode';
import { commandIds } from '../../src/extension/commandIds.ts';
import { type Message, useAnswers } from './support/answers.ts';
import { closeEditors, openFile, textTabs, typeInto } from './support/editors.ts';
import { untilHolds } from './support/events.ts';
import { useStore } from './support/testStore.ts';

const run = (command: string, ...args: unknown[]) => commands.executeCommand(command, ...args);

const ONE = 'issues/000001_one.md';
const DONE = 'issues/complete/000001_one.md';
const TEXT = '\uFEFF# One\r\n\r\nNo final newline';
const files = { [ONE]: TEXT, 'issues/000002_two.md': '# Two\n', 'issues/complete/000004_four.md': '# Four\n' };

describe('an issue that was typed in and has changed on disk', () => {
  const store = useStore(files);
  const answers = useAnswers();
  before(() => workspace.getConfiguration('files').update('enableTrash', false, ConfigurationTarget.Global));
  after(() => workspace.getConfiguration('files').update('enableTrash', undefined, ConfigurationTarget.Global));
  afterEach(closeEditors);

  /** Opens an issue as it is on the disk: what the test before has left in its editor may still be there. */
  const open = async (name: string): Promise<TextEditor> => {
    const editor = await openFile(store.uri(name));
    const isCurrent = () => editor.document.getText() === store.read(name).replace('\uFEFF', '');
    await untilHolds(isCurrent, workspace.onDidChangeTextDocument, 'the editor to follow the disk');
    return editor;
  };
  /** Types into an issue, and lets somebody else write it then. */
  const conflict = async (name: string, theirs: string): Promise<TextEditor> => {
    const editor = await open(name);
    await typeInto(editor, 'Mine. ');
    store.write({ [name]: theirs });
    return editor;
  };
  const isQuestion = ({ actions }: Message) => actions.includes('Overwrite');
  const questions = () => answers.messages.filter(isQuestion);
  const answer = (action: string) => {
    answers.chosen = (message) => (isQuestion(message) ? action : message.actions.find((other) => other === 'Delete'));
  };

  it('is left alone until the user says what counts', async () => {
    const { document } = await conflict(ONE, 'Theirs\n');
    await run(commandIds.completeIssue, store.node('000001_one'));
    assert.deepEqual(answers.messages, [
      {
        kind: 'warning',
        text: '“000001_one.md” has changed on disk while you were editing it.',
        detail: 'Nothing was written. Overwrite the file with your text, or compare both first.',
        actions: ['Compare', 'Overwrite'],
      },
    ]);
    assert.deepEqual([store.read(ONE), store.has(DONE)], ['Theirs\n', false]);
    assert.deepEqual([document.isDirty, document.getText()], [true, 'Mine. # One\r\n\r\nNo final newline']);
  });

  it('is compared with the disk, where the text of the editor can still be saved', async () => {
    await conflict(ONE, 'Theirs\n');
    answer('Compare');
    await run(commandIds.completeIssue, store.node('000001_one'));
    const shownTab = () => window.tabGroups.activeTabGroup.activeTab;
    await untilHolds(() => shownTab()?.input instanceof TabInputTextDiff, window.tabGroups.onDidChangeTabs, 'the two to be compared');
    const input = shownTab()?.input;
    assert.ok(input instanceof TabInputTextDiff);
    assert.equal(input.modified.toString(), store.uri(ONE).toString());
    const shown = await workspace.openTextDocument(input.original);
    assert.equal(shown.getText(), 'Theirs\n');
    assert.deepEqual(answers.texts, ['“000001_one.md” has changed on disk while you were editing it.']);
    assert.deepEqual([store.read(ONE), store.has(DONE)], ['Theirs\n', false]);
  });

  it('is overwritten as VS Code would save it, and the command goes on', async () => {
    await conflict(ONE, 'Theirs\n');
    for (const action of ['Compare', 'Overwrite']) {
      answer(action);
      await run(commandIds.completeIssue, store.node('000001_one'));
    }
    assert.deepEqual([store.has(ONE), store.read(DONE)], [false, '\uFEFFMine. # One\r\n\r\nNo final newline']);
    assert.deepEqual(
      textTabs().map(({ path, tab }) => [path, tab.isDirty]),
      [[store.path(DONE), false]],
    );
    assert.deepEqual(
      answers.messages.map(({ kind }) => kind),
      ['warning', 'warning', 'info'],
    );
    assert.equal(window.tabGroups.all.flatMap(({ tabs }) => tabs).length, 1, 'the comparison is closed');
  });

  it('is overwritten without a look at another editor, which may be the active one by then', async () => {
    await conflict(ONE, 'Theirs\n');
    const other = await open('issues/000002_two.md');
    await typeInto(other, 'Unsaved. ');
    answer('Overwrite');
    await run(commandIds.completeIssue, store.node('000001_one'));
    assert.equal(store.read(DONE), '\uFEFFMine. # One\r\n\r\nNo final newline');
    assert.deepEqual([other.document.isDirty, other.document.getText()], [true, 'Unsaved. # Two\n']);
    assert.equal(window.activeTextEditor?.document, other.document);
  });

  it('is asked about again if it changes once more before it is overwritten', async () => {
    await conflict(ONE, 'Theirs\n');
    answers.chosen = (message) => {
      if (isQuestion(message) && questions().length === 1) {
        store.write({ [ONE]: 'Theirs again\n' });
        return 'Overwrite';
      }
      return undefined;
    };
    await run(commandIds.completeIssue, store.node('000001_one'));
    assert.deepEqual([questions().length, store.read(ONE), store.has(DONE)], [2, 'Theirs again\n', false]);
  });

  it('is no less so for having the same size', async () => {
    await conflict(ONE, TEXT.replace('One', 'Eno'));
    await run(commandIds.completeIssue, store.node('000001_one'));
    assert.deepEqual([questions().length, store.has(DONE)], [1, false]);
  });

  it('keeps all others from being written, too', async () => {
    await typeInto(await open('issues/000002_two.md'), 'Mine. ');
    await conflict(ONE, 'Theirs\n');
    const rows = ['000002_two', '000001_one'].map((key) => store.node(key));
    await run(commandIds.completeIssue, rows[0], rows);
    assert.deepEqual([questions().length, store.read('issues/000002_two.md'), store.read(ONE)], [1, '# Two\n', 'Theirs\n']);
  });

  it('is asked about before it is renamed, reopened or deleted', async () => {
    await conflict(ONE, 'Theirs\n');
    answers.typed = () => 'eins';
    await run(commandIds.renameIssue, store.node('000001_one'));
    answer('Compare');
    await run(commandIds.deleteIssue, store.node('000001_one'));
    await conflict('issues/complete/000004_four.md', 'Theirs\n');
    await run(commandIds.reopenIssue, store.node('complete/000004_four'));
    assert.equal(questions().length, 3);
    assert.deepEqual([store.read(ONE), store.read('issues/complete/000004_four.md')], ['Theirs\n', 'Theirs\n']);
  });

  it('keeps a change of it from being undone, without a question, until it is as it was', async () => {
    store.api.undoHistory.clear();
    await run(commandIds.completeIssue, store.node('000001_one'));
    await conflict(DONE, 'Theirs\n');
    answers.messages.length = 0;
    await run(commandIds.undoLastChange);
    assert.deepEqual([answers.messages.length, questions().length], [1, 0]);
    assert.match(answers.texts.join(), /has been changed since\. It was left as it is\./);
    const labels = store.api.undoHistory.entries.map(({ label }) => label);
    assert.deepEqual([store.read(DONE), labels], ['Theirs\n', ['Completed #1 One']]);
  });

  it('leaves no copy under its old name when it is moved with unsaved changes and a byte order mark', async () => {
    store.api.undoHistory.clear();
    await run(commandIds.completeIssue, store.node('000001_one'));
    await typeInto(await open(DONE), 'Mine. ');
    await run(commandIds.undoLastChange);
    const shown = () => window.activeTextEditor?.document;
    await untilHolds(() => textTabs().every(({ path }) => path === store.path(ONE)), window.tabGroups.onDidChangeTabs, 'the tab to follow');
    assert.deepEqual([shown()?.uri.fsPath, shown()?.getText()], [store.path(ONE), 'Mine. # One\r\n\r\nNo final newline']);
    assert.deepEqual([store.read(ONE), store.has(DONE)], [TEXT, false]);
  });

  it('is not asked about if the disk has the very text of the editor', async () => {
    const { document } = await conflict(ONE, `\uFEFFMine. ${TEXT.slice(1)}`);
    await run(commandIds.completeIssue, store.node('000001_one'));
    assert.deepEqual([questions().length, store.read(DONE), document.isDirty], [0, `\uFEFFMine. ${TEXT.slice(1)}`, false]);
  });

  it('is not asked about if the change was in the editor before anything was typed', async () => {
    await open(ONE);
    store.write({ [ONE]: 'Theirs\n' });
    await typeInto(await open(ONE), 'Mine. ');
    await run(commandIds.completeIssue, store.node('000001_one'));
    assert.deepEqual([questions().length, store.read(DONE)], [0, 'Mine. Theirs\n']);
  });

  it('is not brought back if it is gone', async () => {
    const editor = await open(ONE);
    await typeInto(editor, 'Mine. ');
    unlinkSync(store.path(ONE));
    await run(commandIds.completeIssue, store.node('000001_one'));
    assert.match(answers.texts.join(), /000001_one\.md no longer exists on disk, but has unsaved changes/);
    assert.deepEqual([store.has(ONE), store.has(DONE), editor.document.isDirty], [false, false, true]);
  });
});
