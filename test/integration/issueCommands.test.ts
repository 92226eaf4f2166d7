import assert from 'node:assert/strict';
import { commands, env, type InputBoxOptions, InputBoxValidationSeverity, ViewColumn, window } from 'vscode';
import { isCompleted } from '../../src/core/issue/issueState.ts';
import { commandIds } from '../../src/extension/commandIds.ts';
import type { IssueTreeNode } from '../../src/extension/tree/issueNodes.ts';
import { until } from '../support/polling.ts';
import { replaced, useAnswers } from './support/answers.ts';
import { closeEditors, openFile, textTabs, typeInto } from './support/editors.ts';
import { recorded } from './support/events.ts';
import { useStore } from './support/testStore.ts';

const run = (command: string, ...args: unknown[]) => commands.executeCommand(command, ...args);

/** What an input box says to what is typed, with its severity. */
async function judged(
  { validateInput }: InputBoxOptions,
  typed: string,
): Promise<readonly [string, InputBoxValidationSeverity] | undefined> {
  const verdict = await validateInput?.(typed);
  assert.ok(typeof verdict !== 'string');
  return verdict ? [verdict.message, verdict.severity] : undefined;
}

describe('creating an issue', () => {
  const store = useStore({ 'issues/000006_six.md': '# Six\n', 'issues/complete/000007_seven.md': '# Seven\n' });
  const answers = useAnswers();
  afterEach(closeEditors);
  const group = (): IssueTreeNode => ({ kind: 'group', source: store.source, group: 'active' });

  it('makes the file with the next number and opens it, ready to type', async () => {
    answers.typed = () => ' Fix: the login ';
    const changes = recorded(store.api.stores.onDidChange);
    await run(commandIds.createIssue, group());
    changes.stop();
    assert.equal(store.read('issues/000008_Fix-the-login.md'), '# Fix: the login\n\n');
    assert.equal(changes.events.length, 1);
    const editor = window.activeTextEditor;
    assert.equal(editor?.document.uri.fsPath, store.path('issues/000008_Fix-the-login.md'));
    assert.deepEqual([editor?.selection.active.line, editor?.selection.isEmpty], [2, true]);
    assert.deepEqual(
      textTabs().map(({ tab }) => tab.isPreview),
      [false],
    );
    assert.deepEqual(answers.messages, []);
  });

  it('checks the name while it is typed', async () => {
    const verdicts: unknown[] = [];
    answers.typed = async (options) => {
      for (const typed of ['', '  ', 'a/b', '../secret', `${'x'.repeat(200)}`]) {
        verdicts.push(await judged(options, typed));
      }
      return undefined;
    };
    await run(commandIds.createIssue, group());
    assert.deepEqual(verdicts, [
      undefined,
      ['Type a name.', InputBoxValidationSeverity.Error],
      ['The file will be 000008_a-b.md', InputBoxValidationSeverity.Info],
      [
        'The name of an issue cannot contain “../”, which leads to another folder. Leave it out, or write “-” in its place.',
        InputBoxValidationSeverity.Error,
      ],
      [`The file will be 000008_${'x'.repeat(100)}.md`, InputBoxValidationSeverity.Info],
    ]);
    assert.deepEqual([store.store.catalogue.size, answers.messages, textTabs()], [2, [], []]);
  });

  it('goes to the folder of the active editor', async () => {
    await openFile(store.uri('issues/complete/000007_seven.md'));
    answers.typed = () => 'By editor';
    await run(commandIds.createIssue);
    assert.ok(store.has('issues/000008_By-editor.md'));
  });

  it('asks for the folder where nothing points at one', async () => {
    const offered: string[] = [];
    answers.picked = (items) => {
      offered.push(...items.map(({ label }) => label));
      return items.find(({ label }) => label === store.name);
    };
    answers.typed = () => 'By choice';
    await run(commandIds.createIssue);
    assert.deepEqual(offered, ['alpha', 'beta', store.name]);
    assert.ok(store.has('issues/000008_By-choice.md'));
  });

  it('says so when there is no number left', async () => {
    await store.changeOf(() => store.write({ 'issues/999999_last.md': '# Last\n' }));
    const verdicts: unknown[] = [];
    answers.typed = async (options) => {
      verdicts.push(await judged(options, 'One more'));
      return undefined;
    };
    await run(commandIds.createIssue, group());
    assert.match(String(verdicts), /A new issue would need a number above 999999/);
    assert.deepEqual([answers.messages, store.store.catalogue.size], [[], 3]);
  });
});

describe('renaming an issue', () => {
  const store = useStore({
    'issues/000001_one.md': '# One\n',
    'issues/000001_uno.md': '# Uno\n',
    'issues/complete/000002_two.md': '# Two\n',
    'issues/plain.md': '# Plain\n',
  });
  const answers = useAnswers();
  afterEach(closeEditors);

  it('gives the file another name and leaves number and text alone', async () => {
    const asked: (string | undefined)[] = [];
    answers.typed = ({ value, title }) => {
      asked.push(title, value);
      return 'the first: one';
    };
    await run(commandIds.renameIssue, store.node('000001_one'));
    assert.deepEqual(asked, ['Rename #1 One', 'one']);
    assert.equal(store.read('issues/000001_the-first-one.md'), '# One\n');
    assert.ok(!store.has('issues/000001_one.md') && store.has('issues/000001_uno.md'));
    assert.deepEqual(answers.messages, [{ kind: 'info', text: 'Renamed #1 One to 000001_the-first-one.md.', actions: ['Undo'] }]);
  });

  it('leaves a completed issue completed, and an unnumbered one without a number', async () => {
    answers.typed = () => 'zwei';
    await run(commandIds.renameIssue, store.node('complete/000002_two'));
    await run(commandIds.renameIssue, store.node('plain'));
    assert.ok(store.has('issues/complete/000002_zwei.md') && store.has('issues/zwei.md'));
  });

  it('refuses a name that is taken while it is typed, and not its own', async () => {
    const verdicts: unknown[] = [];
    answers.typed = async (options) => {
      verdicts.push(await judged(options, 'uno'), await judged(options, 'one'), await judged(options, 'two'));
      return undefined;
    };
    await run(commandIds.renameIssue, store.node('000001_one'));
    assert.deepEqual(verdicts, [
      ['000001_uno.md exists already.', InputBoxValidationSeverity.Error],
      ['The file will be 000001_one.md', InputBoxValidationSeverity.Info],
      ['The file will be 000001_two.md', InputBoxValidationSeverity.Info],
    ]);
    assert.ok(store.has('issues/000001_one.md'));
  });

  it('warns of a name that gives an unnumbered issue a number, and says whose that is already', async () => {
    const verdicts: unknown[] = [];
    answers.typed = async (options) => {
      for (const typed of ['000001_first again', '000002', '000009_fresh', '00001_short', 'cli_000001_x']) {
        verdicts.push(await judged(options, typed));
      }
      return '000001_first again';
    };
    await run(commandIds.renameIssue, store.node('plain'));
    const gets = (file: string, number: string) => `The file will be ${file}, and the issue gets the number ${number}`;
    assert.deepEqual(verdicts, [
      [`${gets('000001_first-again.md', '1')}, which 000001_one.md, 000001_uno.md already has.`, InputBoxValidationSeverity.Warning],
      [`${gets('000002.md', '2')}, which 000002_two.md already has.`, InputBoxValidationSeverity.Warning],
      [`${gets('000009_fresh.md', '9')}.`, InputBoxValidationSeverity.Warning],
      ['The file will be 00001_short.md', InputBoxValidationSeverity.Info],
      ['The file will be cli_000001_x.md', InputBoxValidationSeverity.Info],
    ]);
    assert.ok(store.has('issues/000001_first-again.md'), 'it is allowed');
  });

  it('does not warn of a numbered issue, whose number stays whatever its name begins with', async () => {
    const verdicts: unknown[] = [];
    answers.typed = async (options) => {
      verdicts.push(await judged(options, '000002_two'));
      return undefined;
    };
    await run(commandIds.renameIssue, store.node('000001_one'));
    assert.deepEqual(verdicts, [['The file will be 000001_000002_two.md', InputBoxValidationSeverity.Info]]);
  });

  it('does nothing when the name stays', async () => {
    answers.typed = ({ value }) => value;
    const changes = recorded(store.api.stores.onDidChange);
    await run(commandIds.renameIssue, store.node('000001_one'));
    changes.stop();
    assert.deepEqual([changes.events, answers.messages], [[], []]);
  });

  it('saves what is typed but not saved, and the tab follows the file', async () => {
    await typeInto(await openFile(store.uri('issues/000001_one.md')), 'Typed. ');
    answers.typed = () => 'eins';
    await run(commandIds.renameIssue);
    assert.equal(store.read('issues/000001_eins.md'), 'Typed. # One\n');
    assert.deepEqual(
      textTabs().map(({ path, tab }) => [path, tab.isActive, tab.isDirty]),
      [[store.path('issues/000001_eins.md'), true, false]],
    );
  });
});

describe('finding and opening issues', () => {
  const store = useStore({
    'issues/000001_one.md': '# One\n',
    'issues/000003_three.md': '# $(document) is ready\n\n- [x] a\n',
    'issues/complete/000002_two.md': '# Two\n',
    'issues/pending/': '',
  });
  const answers = useAnswers();
  afterEach(closeEditors);

  it('offers every issue, active ones first, and opens the chosen one', async () => {
    let offered: (readonly [string, string | undefined])[] = [];
    let byDescription: boolean | undefined;
    answers.picked = (items, options) => {
      byDescription = options.matchOnDescription;
      offered = items
        .filter(({ description }) => description?.startsWith(store.name))
        .map(({ label, description }) => [label, description]);
      assert.ok(items.findIndex(({ label }) => label === '#2 Two') > items.findIndex(({ label }) => label === '#1 One'));
      return items.find(({ label }) => label === '#2 Two');
    };
    await run(commandIds.goToIssue);
    assert.deepEqual(offered, [
      ['#1 One', `${store.name} · 000001_one`],
      // As VS Code writes what is not an icon.
      ['#3 \\$(document) is ready', `${store.name} · 000003_three · 1/1`],
      ['#2 Two', `${store.name} · 000002_two`],
    ]);
    assert.equal(byDescription, true);
    assert.equal(window.activeTextEditor?.document.uri.fsPath, store.path('issues/complete/000002_two.md'));
  });

  it('opens an issue where it is now, if it was completed or reopened while it was offered', async () => {
    for (const [key, now] of [
      ['000001_one', 'complete/000001_one'],
      ['complete/000002_two', '000002_two'],
    ] as const) {
      const { summary } = store.node(key);
      answers.picked = async (items) => {
        await store.store.for('test')[isCompleted(summary) ? 'reopen' : 'markComplete'](summary);
        return items.find(({ label }) => label === `#${summary.number} ${summary.title}`);
      };
      await run(commandIds.goToIssue);
      assert.equal(window.activeTextEditor?.document.uri.fsPath, store.path(`issues/${now}.md`));
    }
    assert.deepEqual(answers.texts, []);
  });

  it('says so when the issue that is picked is gone', async () => {
    answers.picked = async (items) => {
      await store.store.for('test').deleteIssue('000003_three');
      return items.find(({ label }) => label === '#3 \\$(document) is ready');
    };
    await run(commandIds.goToIssue);
    assert.deepEqual(answers.messages, [{ kind: 'warning', text: '“#3 $(document) is ready” no longer exists.', actions: [] }]);
    assert.deepEqual(textTabs(), []);
  });

  it('says so when a command is not for the issue any more that is picked for it', async () => {
    answers.picked = async (items) => {
      await store.store.for('test').markComplete('000001_one');
      return items.find(({ description }) => description?.includes('000001_one'));
    };
    await run(commandIds.completeIssue);
    assert.deepEqual(answers.texts, ['This action is no longer available for “#1 One”.']);
  });

  it('opens rows in a preview, and the next one in its place', async () => {
    await run(commandIds.openIssue, store.node('000001_one'));
    await run(commandIds.openIssue, store.node('000003_three'));
    assert.deepEqual(
      textTabs().map(({ path, tab }) => [path, tab.isPreview]),
      [[store.path('issues/000003_three.md'), true]],
    );
  });

  it('opens to the side', async () => {
    await openFile(store.uri('issues/000001_one.md'));
    await run(commandIds.openIssueToSide, store.node('000003_three'));
    assert.deepEqual(
      textTabs().map(({ path, tab }) => [path, tab.group.viewColumn]),
      [
        [store.path('issues/000001_one.md'), ViewColumn.One],
        [store.path('issues/000003_three.md'), ViewColumn.Two],
      ],
    );
  });

  it('opens the file when a row is clicked', async () => {
    const { command } = store.api.tree.provider.getTreeItem(store.node('000003_three'));
    assert.ok(command);
    await run(command.command, ...(command.arguments ?? []));
    assert.equal(window.activeTextEditor?.document.uri.fsPath, store.path('issues/000003_three.md'));
  });

  it('copies the ids of the rows', async () => {
    const rows = ['000001_one', 'complete/000002_two'].map((key) => store.node(key));
    await run(commandIds.copyIssueId, rows[1], rows);
    assert.equal(await env.clipboard.readText(), '000001_one\n000002_two');
    await run(commandIds.copyIssueId, rows[1]);
    assert.equal(await env.clipboard.readText(), '000002_two');
  });

  it('shows a folder that is not the store’s where such folders are shown', async () => {
    const { provider } = store.api.tree;
    const [pending] = await provider.getChildren({ kind: 'group', source: store.source, group: 'otherFolders' });
    const revealed: string[] = [];
    const execute = commands.executeCommand;
    const restore = replaced(commands, {
      executeCommand: (command: string, ...args: unknown[]) => {
        if (command === 'revealInExplorer') {
          revealed.push(String(args[0]));
        }
        return execute(command, ...args);
      },
    });
    try {
      await run(commandIds.revealOtherFolder, pending);
    } finally {
      restore();
    }
    assert.deepEqual([revealed, answers.messages], [[store.uri('issues/pending').toString()], []]);
  });
});

describe('rows that are selected in the view', () => {
  const store = useStore({ 'issues/000001_one.md': '# One\n', 'issues/000002_two.md': '# Two\n' });
  const answers = useAnswers();
  // The view is drawn a while after it was opened, and drawing it anew lets go of the selection: so each attempt is made from the start.
  beforeEach(async () => {
    answers.picked = () => undefined;
    await run('markdownIssues.tree.focus');
  });
  after(() => run('workbench.action.closeSidebar'));

  it('are what commands without a row are about, if there are several', async () => {
    await until(async () => {
      await env.clipboard.writeText('');
      await run('list.selectAll');
      await run(commandIds.copyIssueId);
      const copied = (await env.clipboard.readText()).split('\n');
      return copied.slice(-2).join() === '000001_one,000002_two';
    }, 'the ids of all rows');
  });

  it('or have the keyboard’s focus, are what a key means', async () => {
    answers.typed = ({ value }) => `${value} by key`;
    const { summary } = store.node('000002_two');
    await until(async () => {
      await store.api.tree.reveal(store.source, summary);
      // The last row is the group of completed issues.
      await run('list.focusLast');
      await run('list.focusUp');
      await run('list.focusUp');
      await run(commandIds.renameIssue, 'selection');
      return store.has('issues/000001_one-by-key.md');
    }, 'the file to be renamed');
    assert.deepEqual([answers.texts, store.has('issues/000002_two.md')], [['Renamed #1 One to 000001_one-by-key.md.'], true]);
  });

  it('are said to be gone when their issues are, and nothing else is taken for them', async () => {
    const gone = store.node('000001_one');
    await openFile(store.uri('issues/000002_two.md'));
    await store.store.for('test').deleteIssue('000001_one');
    // VS Code hands over undefined in the place of a row that it does not show any more.
    for (const row of [gone, undefined, store.uri('issues/000001_one.md')]) {
      answers.messages.length = 0;
      await run(commandIds.completeIssue, row);
      assert.match(answers.texts.join(), /^The issue no longer exists\./);
    }
    assert.ok(store.has('issues/000002_two.md'));
  });
});
