import assert from 'node:assert/strict';
import { unlinkSync } from 'node:fs';
import { commands, workspace } from 'vscode';
import { commandIds, WRITING_COMMANDS } from '../../src/extension/commandIds.ts';
import { replaced, useAnswers } from './support/answers.ts';
import { closeEditors, openFile } from './support/editors.ts';
import { nextEvent } from './support/events.ts';
import { useStore } from './support/testStore.ts';

const run = (command: string, ...args: unknown[]) => commands.executeCommand(command, ...args);

describe('commands that fail', () => {
  const store = useStore({ 'issues/000001_one.md': '# One\n', 'issues/000002_two.md': '# Two\n' });
  const answers = useAnswers();
  // So that the store does not notice by itself what happens behind its back.
  beforeEach(() => store.set('watcher.coalescingWindow', 5000));
  afterEach(closeEditors);

  it('say what happened and offer what helps, instead of throwing', async () => {
    unlinkSync(store.path('issues/000001_one.md'));
    await run(commandIds.completeIssue, store.node('000001_one'));
    assert.deepEqual(answers.messages, [
      {
        kind: 'error',
        text: 'There is no issue “000001_one” in this store. It may have been renamed or deleted. Refresh and try again.',
        actions: ['Refresh'],
      },
    ]);
  });

  it('refresh when that is chosen', async () => {
    answers.chosen = ({ actions }) => actions.find((action) => action === 'Refresh');
    unlinkSync(store.path('issues/000001_one.md'));
    await store.changeOf(() => run(commandIds.completeIssue, store.node('000001_one')));
    assert.deepEqual([...store.store.catalogue.keys()], ['000002_two']);
  });

  it('never write over a file that they did not see', async () => {
    store.write({ 'issues/complete/000001_one.md': 'Somebody else’s\n' });
    await run(commandIds.completeIssue, store.node('000001_one'));
    assert.deepEqual([store.read('issues/000001_one.md'), store.read('issues/complete/000001_one.md')], ['# One\n', 'Somebody else’s\n']);
    assert.match(answers.texts.join(), /000001_one\.md exists already and was left as it is/);
  });

  it('leave everything as it is when one of several cannot be done', async () => {
    const rows = ['000001_one', '000002_two'].map((key) => store.node(key));
    unlinkSync(store.path('issues/000002_two.md'));
    await run(commandIds.completeIssue, rows[0], rows);
    assert.ok(store.has('issues/000001_one.md') && !store.has('issues/complete/000001_one.md'));
    assert.deepEqual(
      answers.messages.map(({ kind }) => kind),
      ['error'],
    );
  });

  it('point to the log when nobody foresaw the failure', async () => {
    answers.typed = () => {
      throw new TypeError('a defect');
    };
    await run(commandIds.renameIssue, store.node('000001_one'));
    assert.deepEqual(answers.messages, [{ kind: 'error', text: 'Command failed: a defect', actions: ['Show Log'] }]);
  });

  it('say so when a file to open has gone', async () => {
    unlinkSync(store.path('issues/000001_one.md'));
    await run(commandIds.openIssue, store.node('000001_one'));
    assert.deepEqual(
      answers.messages.map(({ kind }) => kind),
      ['error'],
    );
  });

  it('say that an Undo came too late', async () => {
    answers.chosen = ({ kind }) => {
      if (kind === 'info') {
        store.write({ 'issues/000001_one.md': 'Somebody else’s\n' });
        return 'Undo';
      }
      return undefined;
    };
    const [heard] = await Promise.all([
      nextEvent(answers.onDidHear, 'the failure', ({ kind }) => kind === 'error'),
      run(commandIds.completeIssue, store.node('000001_one')),
    ]);
    assert.match(heard.text, /^“Completed #1 One” could not be undone: /);
    assert.deepEqual([store.read('issues/000001_one.md'), store.read('issues/complete/000001_one.md')], ['Somebody else’s\n', '# One\n']);
  });

  it('are not those that have nothing to do', async () => {
    await store.store.for('test').markCompleteBatch(['000001_one', '000002_two']);
    await openFile(store.uri('issues/complete/000001_one.md'));
    answers.picked = (items) => items.find(({ description }) => description?.startsWith(store.name));
    await run(commandIds.completeIssue);
    assert.deepEqual(answers.messages, []);
  });
});

describe('commands that write, in an untrusted workspace', () => {
  const store = useStore({ 'issues/000001_one.md': '# One\n', 'issues/complete/000002_two.md': '# Two\n' });
  const answers = useAnswers();
  let trust = () => {};
  beforeEach(() => {
    trust = replaced(workspace, { isTrusted: false });
  });
  afterEach(() => trust());

  for (const command of WRITING_COMMANDS) {
    it(`are refused, whoever calls them (${command})`, async () => {
      await run(command, store.node(command === commandIds.reopenIssue ? 'complete/000002_two' : '000001_one'));
      assert.deepEqual(answers.messages, [
        { kind: 'warning', text: 'Issues can be changed only in a trusted workspace.', actions: ['Manage Workspace Trust'] },
      ]);
      assert.deepEqual([...store.store.catalogue.keys()], ['000001_one', 'complete/000002_two']);
    });
  }

  it('are all of them, and none that reads', async () => {
    await run(commandIds.openIssue, store.node('000001_one'));
    assert.deepEqual(answers.messages, []);
    await closeEditors();
  });
});
