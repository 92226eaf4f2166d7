import assert from 'node:assert/strict';
import { unlinkSync, writeFileSync } from 'node:fs';
import {
  type CodeAction,
  CodeActionKind,
  commands,
  type Diagnostic,
  DiagnosticSeverity,
  languages,
  type QuickPickItem,
  Range,
  TabInputTextDiff,
  type TextDocument,
  window,
  workspace,
} from 'vscode';
import { findingsOf } from '../../src/core/index.ts';
import { commandIds } from '../../src/extension/commandIds.ts';
import { fixesOf } from '../../src/extension/diagnostics/problemFixes.ts';
import { StoreDiagnostics } from '../../src/extension/diagnostics/storeDiagnostics.ts';
import { until } from '../support/polling.ts';
import { useAnswers } from './support/answers.ts';
import { closeEditors, openFile, typeInto } from './support/editors.ts';
import { eventOf, recorded, untilHolds } from './support/events.ts';
import { type TestStore, useStore } from './support/testStore.ts';
import { redrawn } from './support/treeText.ts';

const run = (command: string, ...args: unknown[]) => commands.executeCommand(command, ...args);
const LATIN = new Uint8Array([0x23, 0xe9]);
const ours = (diagnostics: readonly Diagnostic[]) => diagnostics.filter(({ source }) => source === 'Markdown Issues');

/** Each of our problems in the store, as `path: code`. */
function problems(store: TestStore): string[] {
  return languages
    .getDiagnostics()
    .filter(([uri]) => uri.fsPath.startsWith(store.path('')))
    .flatMap(([uri, diagnostics]) =>
      ours(diagnostics).map(({ code }) => `${uri.fsPath.slice(store.path('issues/').length)}: ${String(code)}`),
    )
    .sort();
}

async function untilProblems(store: TestStore, ...expected: readonly string[]): Promise<void> {
  const same = () => problems(store).join('\n') === [...expected].sort().join('\n');
  await untilHolds(same, languages.onDidChangeDiagnostics, `the problems ${expected.join(', ')}`).catch(() => undefined);
  assert.deepEqual(problems(store), [...expected].sort());
}

const files = {
  'issues/000161_a.md': '# A\n\nBranch issue/000161_a, before 000161_b.\n',
  'issues/000161_b.md': '# B\n\nAfter 000161_a, see #161.\n',
  'issues/complete/000161_old.md': '# Old\n',
  'issues/000002_text.md': '# Text\r\n\r\nWaits for 000161_b, [000161_a](000161_a.md) and #161',
};
const DUPLICATES = ['000161_a.md', '000161_b.md', 'complete/000161_old.md'].map((path) => `${path}: duplicate-number`);

/** Elsewhere the system refuses names that are not UTF-8. */
if (process.platform === 'linux') {
  describe('files whose names are not UTF-8', () => {
    const store = useStore({ 'issues/000001_a.md': '# A\n', 'issues/complete/000002_b.md': '# B\n' });
    const garbled = (folder: string) => Buffer.concat([Buffer.from(`${store.path(folder)}/000003_`), LATIN, Buffer.from('.md')]);

    it('are problems of their folders as long as they are there', async () => {
      await untilProblems(store);
      writeFileSync(garbled('issues'), '');
      writeFileSync(garbled('issues/complete'), '');
      await untilProblems(store, ': name-not-utf-8', 'complete: name-not-utf-8');
      const [problem] = ours(languages.getDiagnostics(store.uri('issues')));
      assert.equal(
        problem?.message,
        'These files cannot be listed or opened because their names are not UTF-8: 000003_#\ufffd.md. Rename them.',
      );
      unlinkSync(garbled('issues'));
      await untilProblems(store, 'complete: name-not-utf-8');
      unlinkSync(garbled('issues/complete'));
      await untilProblems(store);
    });
  });
}

describe('problems of a store', () => {
  const store = useStore(files);
  afterEach(closeEditors);

  it('are duplicates, with a link to each of the others', async () => {
    await untilProblems(store, ...DUPLICATES);
    const [problem] = ours(languages.getDiagnostics(store.uri('issues/000161_a.md')));
    assert.equal(problem?.message, 'Number 161 is also used by 000161_b.md, complete/000161_old.md. Renumber one of them.');
    assert.equal(problem.severity, DiagnosticSeverity.Warning);
    assert.deepEqual(
      problem.relatedInformation?.map(({ message, location }) => [message, location.uri.fsPath]),
      [
        ['B', store.path('issues/000161_b.md')],
        ['Old', store.path('issues/complete/000161_old.md')],
      ],
    );
  });

  it('come and go with the files, also for those that they have to do with', async () => {
    store.write({ 'issues/000002_other.md': '# Other\n', 'issues/complete/000002_text.md': '', 'issues/000003_latin.md': LATIN });
    await untilProblems(
      store,
      ...DUPLICATES,
      '000002_other.md: duplicate-number',
      '000002_text.md: duplicate-number',
      '000002_text.md: in-both-folders',
      'complete/000002_text.md: duplicate-number',
      'complete/000002_text.md: in-both-folders',
      '000003_latin.md: not-text',
    );
    await store.reset();
    await untilProblems(store, ...DUPLICATES);
    await store.store.for('test').deleteIssuesBatch(['000161_a', '000161_old']);
    await untilProblems(store);
  });

  it('are files that are too large, which can be shown where they are or deleted', async () => {
    store.write({ 'issues/000003_log.md': new Uint8Array(17 * 1024 * 1024) });
    await untilProblems(store, ...DUPLICATES, '000003_log.md: too-large');
    const uri = store.uri('issues/000003_log.md');
    const [problem] = ours(languages.getDiagnostics(uri));
    assert.match(
      problem?.message ?? '',
      /has 17 MB and is not read: an issue has 16 MB at most\. Split it, move it out of the store or delete it\./,
    );
    // An editor need not open it.
    const fixes = fixesOf(store.api.stores, { uri } as TextDocument, problem as Diagnostic);
    assert.deepEqual(
      fixes.map(({ title }) => title),
      ['Delete 000003_log.md', 'Reveal in Explorer View'],
    );
    await store.reset();
    await untilProblems(store, ...DUPLICATES);
  });

  it('are, at a lower level, files in folders that are not the store’s', async () => {
    store.write({ 'issues/pending/000009_stray.md': '# Stray\n', 'issues/pending/deep/x.md': '', 'issues/pending/notes.txt': '' });
    await untilProblems(store, ...DUPLICATES, 'pending/000009_stray.md: not-in-the-store', 'pending/deep/x.md: not-in-the-store');
    const [problem] = ours(languages.getDiagnostics(store.uri('issues/pending/deep/x.md')));
    assert.equal(problem?.severity, DiagnosticSeverity.Information);
    store.write({ 'issues/pending/later.md': '' });
    await untilProblems(
      store,
      ...DUPLICATES,
      ...['pending/000009_stray.md', 'pending/deep/x.md', 'pending/later.md'].map((path) => `${path}: not-in-the-store`),
    );
  });

  it('are conflicts that a merge has left, and copies of sync programs', async () => {
    const copy = "000002_text (Ann's conflicted copy 2025-08-01).md";
    await store.reset();
    store.write({
      'issues/merged.md': '<<<<<<< HEAD\n# Ours\n=======\n# Theirs\n>>>>>>> branch\n',
      'issues/text.sync-conflict-20250801-120000-ABCDEF7.md': '# Copy\n',
      [`issues/${copy}`]: '# Copy\n',
    });
    await untilProblems(
      store,
      ...DUPLICATES,
      'merged.md: merge-conflict',
      'text.sync-conflict-20250801-120000-ABCDEF7.md: conflicted-copy',
      `${copy}: conflicted-copy`,
      `${copy}: duplicate-number`,
      '000002_text.md: duplicate-number',
    );
    const { provider } = store.api.tree;
    const { label, description } = provider.getTreeItem(store.node('merged'));
    assert.deepEqual([label, description], ['Ours', 'merge conflict']);
    const [problem] = ours(languages.getDiagnostics(store.uri('issues/text.sync-conflict-20250801-120000-ABCDEF7.md')));
    assert.match(problem?.message ?? '', /^Sync conflict: this is a copy of text\.md\./);
    await store.reset();
    await untilProblems(store, ...DUPLICATES);
  });

  it('are marked in the tree, and the rows of the others are drawn anew', async () => {
    const { provider } = store.api.tree;
    const description = (key: string) => provider.getTreeItem(store.node(key)).description;
    assert.deepEqual(
      [description('000161_a'), description('complete/000161_old'), description('000002_text')],
      ['number also in 000161_b and 1 more', 'number also in 000161_a and 1 more', ''],
    );
    const item = provider.getTreeItem(store.node('000161_a'));
    assert.equal(item.contextValue, 'issue.active.duplicate');
    assert.equal(
      item.accessibilityInformation?.label,
      'Issue 161, A, open, Number 161 is also used by 000161_b.md, complete/000161_old.md. Renumber one of them.',
    );
    // Draws what the reset before this test has left to be drawn.
    provider.refresh();
    const drawn = recorded(provider.onDidChangeTreeData);
    await eventOf(provider.onDidChangeTreeData, 'rows to be drawn anew', () => store.store.for('test').deleteIssue('000161_b'));
    drawn.stop();
    assert.deepEqual(drawn.events.flatMap(redrawn), ['group active', 'issue complete/000161_old']);
    assert.equal(description('complete/000161_old'), 'number also in 000161_a');
  });

  it('are not more than the limit, of which the log tells, and others move up', () => {
    const collection = languages.createDiagnosticCollection('test');
    const warnings: string[] = [];
    const logger = { debug: () => {}, info: () => {}, warn: (message: string) => void warnings.push(message), error: () => {} };
    try {
      const diagnostics = new StoreDiagnostics(collection, logger, { name: 'store', filePathOf: store.store.filePathOf }, 2);
      const { catalogue } = store.store;
      for (const summary of catalogue.summaries()) {
        diagnostics.show(summary, findingsOf(catalogue, summary));
      }
      const shown = () => [...collection].map(([uri]) => uri.fsPath.slice(store.path('issues/').length)).sort();
      assert.deepEqual(shown(), ['000161_a.md', '000161_b.md']);
      assert.deepEqual(warnings, ['store has problems in more than 2 files. The Problems view lists 2 of them.']);
      diagnostics.remove(catalogue.summaries().filter(({ id }) => id === '000161_a'));
      assert.deepEqual(shown(), ['000161_b.md', 'complete/000161_old.md']);
      diagnostics.clear();
      assert.deepEqual(shown(), []);
    } finally {
      collection.dispose();
    }
  });

  it('have their ways out as quick fixes', async () => {
    const copy = 'plain.sync-conflict-20250801-120000-ABCDEF7.md';
    store.write({ 'issues/complete/000002_text.md': '', 'issues/000003_latin.md': LATIN, 'issues/pending/stray.md': '' });
    store.write({ 'issues/plain.md': '', [`issues/${copy}`]: '' });
    const fixes = async (name: string) => {
      await untilHolds(() => ours(languages.getDiagnostics(store.uri(name))).length > 0, languages.onDidChangeDiagnostics, name);
      await workspace.openTextDocument(store.uri(name));
      const actions = await commands.executeCommand<CodeAction[]>(
        'vscode.executeCodeActionProvider',
        store.uri(name),
        new Range(0, 0, 0, 0),
      );
      return actions.filter(({ kind }) => kind?.value === CodeActionKind.QuickFix.value).map(({ title }) => title);
    };
    assert.deepEqual(await fixes('issues/000161_a.md'), [
      'Renumber to the Next Free Number...',
      'Compare with 000161_b.md',
      'Compare with complete/000161_old.md',
      'Repair All Duplicates...',
    ]);
    assert.deepEqual(await fixes('issues/000002_text.md'), [
      'Rename This One...',
      'Compare with complete/000002_text.md',
      'Delete 000002_text.md',
    ]);
    assert.deepEqual(await fixes('issues/000003_latin.md'), ['Delete 000003_latin.md', 'Reopen with Encoding...']);
    assert.deepEqual(await fixes('issues/pending/stray.md'), ['Move into the Issue Store']);
    assert.deepEqual(await fixes(`issues/${copy}`), [`Delete ${copy}`, 'Compare with plain.md']);
  });
});

describe('mending', () => {
  const store = useStore(files);
  const answers = useAnswers();
  afterEach(closeEditors);

  const contents = () => ({
    ...Object.fromEntries(Object.keys(files).map((name) => [name, store.has(name) ? store.read(name) : undefined])),
  });
  const rows = (items: readonly QuickPickItem[]) =>
    items.map(({ label, description, detail, picked }) =>
      [picked ? '+' : '-', label, description, detail].filter((part) => part).join(' | '),
    );
  /** Accepts what is checked, and all that is named. What is offered is kept. */
  const accept = (...also: readonly string[]) => {
    const offered: string[] = [];
    answers.picked = (items) => {
      offered.push(...rows(items));
      return items.filter(({ picked, label }) => picked || also.includes(label)) as unknown as QuickPickItem;
    };
    return offered;
  };

  it('saves nothing to show the references, and shows those in unsaved text', async () => {
    const editor = await openFile(store.uri('issues/000002_text.md'));
    await typeInto(editor, 'Also 000161_b. ');
    const offered: string[] = [];
    answers.picked = (items) => {
      offered.push(...items.map(({ description }) => description ?? ''));
      return undefined;
    };
    await run(commandIds.renumberIssue, store.node('000161_b'));
    assert.ok(
      offered.some((text) => text.includes('Also 000161_b.')),
      offered.join('\n'),
    );
    assert.deepEqual([editor.document.isDirty, store.read('issues/000002_text.md')], [true, files['issues/000002_text.md']]);
    await closeEditors();
  });

  it('renumbers an issue and changes what it was asked to, as one change that Undo takes back', async () => {
    const offered = accept();
    const changes = recorded(store.api.stores.onDidChange);
    await run(commandIds.renumberIssue, store.node('000161_b'));
    changes.stop();
    assert.deepEqual(offered, [
      '+ | 000161_b.md → 000162_b.md | the file itself',
      '- | References',
      '+ | 000002_text.md:3 | Waits for 000161_b, [000161_a](000161_a.md) and #161',
      '+ | 000161_a.md:3 | Branch issue/000161_a, before 000161_b.',
      '- | May mean another issue',
      '- | 000002_text.md:3 | Waits for 000161_b, [000161_a](000161_a.md) and #161 | May also mean 000161_a.md, complete/000161_old.md',
      '- | 000161_b.md:3 | After 000161_a, see #161. | May also mean 000161_a.md, complete/000161_old.md',
    ]);
    assert.equal(changes.events.length, 1);
    assert.equal(store.read('issues/000002_text.md'), '# Text\r\n\r\nWaits for 000162_b, [000161_a](000161_a.md) and #161');
    assert.equal(store.read('issues/000161_a.md'), '# A\n\nBranch issue/000161_a, before 000162_b.\n');
    assert.equal(store.read('issues/000162_b.md'), files['issues/000161_b.md']);
    assert.deepEqual(answers.messages, [{ kind: 'info', text: 'Renumbered 000161_b.md to 000162_b.md.', actions: ['Undo'] }]);
    await run(commandIds.undoLastChange);
    assert.deepEqual(contents(), files);
  });

  it('changes a number alone where that is chosen', async () => {
    accept('000161_b.md:3');
    await run(commandIds.renumberIssue, store.uri('issues/000161_b.md'));
    assert.equal(store.read('issues/000162_b.md'), '# B\n\nAfter 000161_a, see #162.\n');
  });

  it('writes nothing when the preview is dismissed or the move is unchecked', async () => {
    answers.picked = () => undefined;
    await run(commandIds.renumberIssue, store.node('000161_b'));
    answers.picked = (items) => items.slice(1) as unknown as QuickPickItem;
    await run(commandIds.renumberIssue, store.node('000161_b'));
    assert.deepEqual([contents(), answers.messages], [files, []]);
  });

  it('writes nothing when a text has changed since the preview, and says so', async () => {
    answers.picked = (items) => {
      store.write({ 'issues/000002_text.md': 'Changed: 000161_b' });
      return items.filter(({ picked }) => picked) as unknown as QuickPickItem;
    };
    await run(commandIds.renumberIssue, store.node('000161_b'));
    assert.match(answers.texts[0] ?? '', /000002_text\.md is not the version that was read\. Nothing was written/);
    assert.deepEqual(contents(), { ...files, 'issues/000002_text.md': 'Changed: 000161_b' });
  });

  it('saves what is typed first, and finds the references in it', async () => {
    const editor = await openFile(store.uri('issues/000002_text.md'));
    // VS Code keeps the document of the test before, and notices late that its file was replaced.
    await until(() => editor.document.getText() === store.read('issues/000002_text.md'), 'the document to have the text of its file');
    await typeInto(editor, 'New: 000161_b\n');
    accept();
    await run(commandIds.renumberIssue, store.node('000161_b'));
    assert.deepEqual(answers.texts, ['Renumbered 000161_b.md to 000162_b.md.']);
    assert.match(store.read('issues/000002_text.md'), /^New: 000162_b/);
  });

  it('repairs all duplicates as one change that Undo takes back, unless a file has changed', async () => {
    const offered = accept();
    const changes = recorded(store.api.stores.onDidChange);
    await run(commandIds.repairDuplicates);
    changes.stop();
    assert.deepEqual(offered, [
      '+ | 000161_a.md → 000162_a.md | 4 references, in 3 issues',
      '+ | 000161_b.md → 000163_b.md | 2 references, in 2 issues',
    ]);
    assert.equal(changes.events.length, 1);
    assert.equal(store.read('issues/000002_text.md'), '# Text\r\n\r\nWaits for 000163_b, [000162_a](000162_a.md) and #161');
    assert.equal(store.read('issues/000162_a.md'), '# A\n\nBranch issue/000162_a, before 000163_b.\n');
    assert.equal(store.read('issues/000163_b.md'), '# B\n\nAfter 000162_a, see #161.\n');
    assert.deepEqual(answers.texts, ['Renumbered 2 issues.']);
    await untilProblems(store);
    const after = store.read('issues/000163_b.md');
    store.write({ 'issues/000163_b.md': 'Edited' });
    await run(commandIds.undoLastChange);
    assert.match(answers.texts[1] ?? '', /^“Renumbered 2 issues” could not be undone: .*000163_b\.md has been changed since/);
    store.write({ 'issues/000163_b.md': after });
    await run(commandIds.undoLastChange);
    assert.deepEqual(contents(), files);
    await untilProblems(store, ...DUPLICATES);
  });

  it('repairs those that stay checked', async () => {
    answers.picked = (items) => items.filter(({ label }) => label.startsWith('000161_b')) as unknown as QuickPickItem;
    await run(commandIds.repairDuplicates);
    assert.ok(store.has('issues/000161_a.md') && store.has('issues/000162_b.md'));
    assert.equal(store.read('issues/000002_text.md'), '# Text\r\n\r\nWaits for 000162_b, [000161_a](000161_a.md) and #161');
    assert.deepEqual(answers.texts, ['Renumbered 1 issue.']);
  });

  it('says where there is nothing to repair', async () => {
    await store.store.for('test').deleteIssuesBatch(['000161_a', '000161_b']);
    await run(commandIds.repairDuplicates);
    assert.deepEqual(answers.texts, ['No duplicate numbers to repair']);
  });

  it('says which numbers are left where there are too few', async () => {
    await store.changeOf(() => store.write({ 'issues/999998_high.md': '# High\n' }));
    await run(commandIds.repairDuplicates);
    assert.equal(answers.messages[0]?.kind, 'error');
    assert.match(answers.texts.join('\n'), /^2 issues need new numbers, but only 999999 to 999999 are free\. Give .*$/);
    assert.deepEqual(contents(), files);
  });

  it('compares an issue with one of its duplicates', async () => {
    answers.picked = (items) => items.find(({ label }) => label === 'complete/000161_old.md');
    await run(commandIds.compareWithDuplicate, store.node('000161_a'));
    const { input } = window.tabGroups.activeTabGroup.activeTab ?? {};
    assert.ok(input instanceof TabInputTextDiff);
    assert.deepEqual(
      [input.original.fsPath, input.modified.fsPath],
      ['issues/000161_a.md', 'issues/complete/000161_old.md'].map((name) => store.path(name)),
    );
  });

  it('moves a file into the store, never over another one, and back', async () => {
    store.write({ 'issues/pending/000009_stray.md': '# Stray\n', 'issues/pending/000161_a.md': 'Another' });
    await run(commandIds.moveIntoStore, store.uri('issues/pending/000161_a.md'));
    assert.match(answers.texts[0] ?? '', /000161_a\.md exists already and was left as it is/);
    assert.equal(store.read('issues/000161_a.md'), files['issues/000161_a.md']);
    await run(commandIds.moveIntoStore, store.uri('issues/pending/000009_stray.md'));
    assert.ok(store.node('000009_stray'));
    assert.deepEqual(answers.texts.slice(1), ['Moved 000009_stray.md into the issue store.']);
    await run(commandIds.undoLastChange);
    assert.ok(store.has('issues/pending/000009_stray.md') && !store.has('issues/000009_stray.md'));
  });
});

describe('problems of a store of another tool', () => {
  const task = (id: string, ...lines: readonly string[]) => `---\nid: ${id}\n${lines.join('\n')}\n---\n`;
  const store = useStore({
    'backlog/config.yml': 'project_name: x\nstatuses: To Do\n',
    'backlog/tasks/task-1 - a.md': task('TASK-1', 'title: A', 'status: To Do', 'dependencies: [TASK-2]'),
    'backlog/tasks/task-2 - b.md': task('TASK-2', 'title: B', 'status: Waiting', 'dependencies: [TASK-1, TASK-9]'),
    'backlog/tasks/task-3 - c.md': task('TASK-3', 'title: C', 'labels: bug'),
    'backlog/completed/task-3 - d.md': task('task-03', 'title: D'),
  });
  const shown = () =>
    languages
      .getDiagnostics()
      .filter(([uri]) => uri.fsPath.startsWith(store.path('')))
      .flatMap(([uri, diagnostics]) =>
        ours(diagnostics).map(
          ({ code, severity, range }) =>
            `${uri.fsPath.slice(store.path('backlog/').length)}:${range.start.line + 1} ${DiagnosticSeverity[severity]} ${String(code)}`,
        ),
      )
      .sort();
  const untilShown = async (...expected: readonly string[]) => {
    const same = () => shown().join('\n') === [...expected].sort().join('\n');
    await untilHolds(same, languages.onDidChangeDiagnostics, 'the problems').catch(() => undefined);
    assert.deepEqual(shown(), [...expected].sort());
  };

  it('have their lines and weights, and go when they are mended', async () => {
    const circle = ['tasks/task-1 - a.md:1 Warning circular-dependencies', 'tasks/task-2 - b.md:1 Warning circular-dependencies'];
    const others = [
      'tasks/task-2 - b.md:1 Information unknown-reference',
      'tasks/task-3 - c.md:4 Warning not-read-in-full',
      'tasks/task-3 - c.md:1 Warning duplicate-id',
      'completed/task-3 - d.md:1 Warning duplicate-id',
    ];
    const status = 'tasks/task-2 - b.md:1 Information unknown-status';
    await untilShown('config.yml:2 Warning configuration', status, ...circle, ...others);
    const [problem] = ours(languages.getDiagnostics(store.uri('backlog/tasks/task-1 - a.md')));
    assert.equal(problem?.message, 'Circular dependencies: this issue → TASK-2 → this issue.');
    assert.deepEqual(
      problem.relatedInformation?.map(({ message }) => message),
      ['B'],
    );
    store.write({ 'backlog/config.yml': 'project_name: x\nstatuses: [To Do, Waiting, Done]\n' });
    await untilShown(...circle, ...others);
    store.write({ 'backlog/tasks/task-1 - a.md': task('TASK-1', 'title: A', 'status: To Do') });
    await untilShown(...others);
  });
});
