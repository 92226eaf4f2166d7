import assert from 'node:assert/strict';
import { existsSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { basename, join } from 'node:path';
import { type CodeAction, CodeActionKind, commands, languages, Range, Uri, window } from 'vscode';
import { commandIds } from '../../src/extension/commandIds.ts';
import { useAnswers } from './support/answers.ts';
import { sourceOf } from './support/api.ts';
import { closeEditors, openFile, textTabs, typeInto } from './support/editors.ts';
import { untilHolds } from './support/events.ts';
import { type Files, writeFiles } from './support/files.ts';
import { addFolder, removeFolder, type TestStore, useStore } from './support/testStore.ts';
import { treeText } from './support/treeText.ts';

const run = (command: string, ...args: unknown[]) => commands.executeCommand(command, ...args);
const LATIN = new Uint8Array([0x23, 0xe9]);

/** A folder beside the workspace folder, which holds these files before each test. */
function useFolderBeside(store: TestStore, files: Files) {
  const path = (name = '') => join(`${store.folder.uri.fsPath}-tracker`, name);
  let last = '';
  beforeEach(() => {
    last = path();
    rmSync(last, { recursive: true, force: true });
    writeFiles(last, files);
  });
  after(() => rmSync(last, { recursive: true, force: true, maxRetries: 5 }));
  return {
    path,
    uri: (name: string) => Uri.file(path(name)),
    read: (name: string) => readFileSync(path(name), 'utf8'),
    has: (name: string) => existsSync(path(name)),
    write: (more: Files) => writeFiles(path(), more),
  };
}

async function untilShown({ store, api }: TestStore, size: number): Promise<void> {
  const { onDidChangeState } = api.stores;
  const isShown = () => store.state === 'ready' && store.catalogue.size === size;
  await Promise.race([
    untilHolds(isShown, onDidChangeState, `a store of ${size} issues`),
    untilHolds(isShown, api.stores.onDidChange, `a store of ${size} issues`),
  ]);
}

const codesOf = (uri: Uri) => languages.getDiagnostics(uri).map(({ code }) => code);
const untilCodes = (uri: Uri, ...codes: readonly string[]) =>
  untilHolds(() => codesOf(uri).join() === codes.join(), languages.onDidChangeDiagnostics, `${codes.join()} for ${uri.fsPath}`);

/** Types into an issue and completes it, as the one in the active editor. */
async function completeWhileTyping(uri: Uri): Promise<void> {
  await typeInto(await openFile(uri), 'Typed. ');
  await run(commandIds.completeIssue);
}

describe('a store outside of its workspace folder', () => {
  const store = useStore({ 'readme.md': '# No issue\n' });
  const answers = useAnswers();
  const tracker = useFolderBeside(store, {
    '000001_one.md': '# One\n',
    '000002_two.md': '# Two\n',
    '000003_bad.md': LATIN,
    'complete/000004_done.md': '# Done\n',
    'pending/000009_stray.md': '# Stray\n',
  });
  beforeEach(async () => {
    await store.set('folder', `../${basename(tracker.path())}`);
    await untilShown(store, 4);
  });
  afterEach(closeEditors);

  it('has its files known as issues', () => {
    const { stores } = store.api;
    const titles = ['000001_one.md', 'complete/000004_done.md', 'pending/000009_stray.md'].map(
      (name) => stores.issueOf(tracker.uri(name))?.summary.title,
    );
    assert.deepEqual(titles, ['One', 'Done', undefined]);
    assert.equal(stores.issueOf(tracker.uri('000001_one.md'))?.source, store.source);
    assert.equal(stores.issueOf(store.uri('readme.md')), undefined);
  });

  it('has its open issue completed, with what was typed', async () => {
    await completeWhileTyping(tracker.uri('000001_one.md'));
    assert.deepEqual([tracker.read('complete/000001_one.md'), tracker.has('000001_one.md')], ['Typed. # One\n', false]);
    assert.deepEqual(answers.texts, ['Completed #1 One.']);
  });

  it('has its issue overwritten where that is chosen', async () => {
    answers.chosen = ({ actions }) => actions.find((action) => action === 'Overwrite');
    await typeInto(await openFile(tracker.uri('000002_two.md')), 'Mine. ');
    tracker.write({ '000002_two.md': 'Theirs\n' });
    await run(commandIds.completeIssue);
    assert.equal(tracker.read('complete/000002_two.md'), 'Mine. # Two\n');
    assert.deepEqual(answers.texts.slice(1), ['Completed #2 Two.']);
  });

  it('has quick fixes that act on their file', async () => {
    answers.chosen = ({ actions }) => actions.find((action) => action === 'Delete' || action === 'Move to Trash');
    const uri = tracker.uri('000003_bad.md');
    await untilCodes(uri, 'not-text');
    await openFile(uri);
    const fixes = await commands.executeCommand<CodeAction[]>(
      'vscode.executeCodeActionProvider',
      uri,
      new Range(0, 0, 0, 0),
      CodeActionKind.QuickFix.value,
    );
    const fix = fixes.find(({ title }) => title === 'Delete 000003_bad.md')?.command;
    assert.deepEqual(fix?.arguments?.map(String), [uri.toString()]);
    // What is open and what is selected are other issues.
    await openFile(tracker.uri('000001_one.md'));
    await run(fix?.command ?? '', ...(fix?.arguments ?? []));
    assert.deepEqual([tracker.has('000003_bad.md'), tracker.has('000001_one.md'), tracker.has('000002_two.md')], [false, true, true]);
  });

  it('takes in a file that lies in another of its folders', async () => {
    await run(commandIds.moveIntoStore, tracker.uri('pending/000009_stray.md'));
    assert.deepEqual(answers.texts, ['Moved 000009_stray.md into the issue store.']);
    assert.ok(tracker.has('000009_stray.md') && store.node('000009_stray'));
  });

  it('says so of a file that is in no store, and leaves it', async () => {
    await run(commandIds.moveIntoStore, store.uri('readme.md'));
    assert.deepEqual(answers.texts, [`${store.path('readme.md')} is not in an issue store.`]);
    assert.ok(store.has('readme.md'));
  });

  it('has files in its other folders pointed out as they come', async () => {
    await untilCodes(tracker.uri('pending/000009_stray.md'), 'not-in-the-store');
    tracker.write({ 'pending/000010_late.md': '# Late\n' });
    await untilCodes(tracker.uri('pending/000010_late.md'), 'not-in-the-store');
  });

  it('takes new issues while a file of its workspace folder is open, or one of its own', async () => {
    for (const [uri, name] of [
      [store.uri('readme.md'), 'Here'],
      [tracker.uri('000001_one.md'), 'There'],
    ] as const) {
      await openFile(uri);
      answers.typed = () => name;
      await run(commandIds.createIssue);
    }
    assert.ok(tracker.has('000005_Here.md') && tracker.has('000006_There.md'));
  });
});

describe('a workspace folder that is the store of another', () => {
  const store = useStore({ 'issues/000001_one.md': '# One\n', 'issues/notes.txt': '', 'issues/complete/000002_two.md': '# Two\n' });
  const answers = useAnswers();
  before(async () => {
    await addFolder(store.path('issues'));
    await store.api.stores.whenOpened();
  });
  after(() => removeFolder(sourceOf(store.api, 'issues').folder));
  afterEach(closeEditors);

  it('leaves its issues those of the other', () => {
    for (const name of ['issues/000001_one.md', 'issues/complete/000002_two.md']) {
      assert.equal(store.api.stores.issueOf(store.uri(name))?.source, store.source);
    }
  });

  it('has its open issue completed', async () => {
    await completeWhileTyping(store.uri('issues/000001_one.md'));
    assert.equal(store.read('issues/complete/000001_one.md'), 'Typed. # One\n');
  });

  for (const open of ['issues/000001_one.md', 'issues/notes.txt']) {
    it(`has new issues made beside the others while ${basename(open)} is open`, async () => {
      await openFile(store.uri(open));
      answers.typed = () => 'Next';
      await run(commandIds.createIssue);
      assert.deepEqual([store.has('issues/000003_Next.md'), store.has('issues/issues')], [true, false]);
    });
  }

  it('is not offered for new issues', async () => {
    const offered: string[] = [];
    answers.picked = (items) => {
      offered.push(...items.map(({ label }) => label));
      return undefined;
    };
    await run(commandIds.createIssue);
    assert.deepEqual(offered, ['alpha', 'beta', store.name]);
  });

  it('has a store of its own where there is one', async () => {
    const inner = sourceOf(store.api, 'issues');
    store.write({ 'issues/issues/000007_inner.md': '# Inner\n' });
    await untilHolds(() => inner.store.catalogue.size === 1, store.api.stores.onDidChange, 'the inner issue');
    assert.equal(store.api.stores.issueOf(store.uri('issues/issues/000007_inner.md'))?.source, inner);
    await store.store.refresh();
    assert.deepEqual(codesOf(store.uri('issues/issues/000007_inner.md')), []);
  });
});

describe('a folder setting that ends with a separator', () => {
  const store = useStore({ 'readme.md': '', 'docs/000001_one.md': '# One\n' });
  useAnswers();
  afterEach(closeEditors);

  for (const spelled of ['docs/', 'absolute']) {
    it(`is that of a store like any other, ${spelled}`, async () => {
      await store.set('folder', spelled === 'absolute' ? `${store.path('docs')}/` : spelled);
      await untilShown(store, 1);
      assert.equal(store.store.filePathOf(store.node('000001_one').summary), store.path('docs/000001_one.md'));
      await store.changeOf(() => store.write({ 'docs/000002_two.md': '# Two\n' }));
      assert.ok(store.node('000002_two'));
      await completeWhileTyping(store.uri('docs/000001_one.md'));
      assert.deepEqual([store.read('docs/complete/000001_one.md'), store.has('docs/000001_one.md')], ['Typed. # One\n', false]);
    });
  }
});

describe('a store whose folder is a link', () => {
  const store = useStore({ 'readme.md': '' });
  useAnswers();
  const tracker = useFolderBeside(store, { '000001_one.md': '# One\n', '000002_two.md': '# Two\n' });
  beforeEach(async () => {
    symlinkSync(tracker.path(), store.path('issues'));
    await untilShown(store, 2);
  });
  afterEach(closeEditors);

  it('has its issues known by both paths', () => {
    for (const uri of [store.uri('issues/000001_one.md'), tracker.uri('000001_one.md')]) {
      assert.equal(store.api.stores.issueOf(uri)?.source, store.source);
    }
  });

  it('has an issue completed that is open by its real path, and the editor follows', async () => {
    await completeWhileTyping(tracker.uri('000001_one.md'));
    assert.equal(tracker.read('complete/000001_one.md'), 'Typed. # One\n');
    assert.deepEqual(
      textTabs().map(({ path }) => path),
      [store.path('issues/complete/000001_one.md')],
    );
  });

  it('has what was typed by the real path saved before its row is completed', async () => {
    await typeInto(await openFile(tracker.uri('000002_two.md')), 'Typed. ');
    await run(commandIds.completeIssue, store.node('000002_two'));
    assert.equal(tracker.read('complete/000002_two.md'), 'Typed. # Two\n');
  });
});

describe('a folder setting with variables', () => {
  const store = useStore({ 'issues/000001_one.md': '# One\n', 'docs/000005_five.md': '# Five\n' });
  const answers = useAnswers();
  const variable = (name: string) => `\${${name}}`;
  const setBad = async () => {
    const gone = untilHolds(() => store.store.state === 'unreadable', store.api.stores.onDidChangeState, 'the store to be unreadable');
    await store.set('folder', variable('env:MARKDOWN_ISSUES_TEST'));
    await gone;
  };
  afterEach(async () => {
    delete process.env.MARKDOWN_ISSUES_TEST;
    await closeEditors();
  });

  it('finds the store where they lead', async () => {
    process.env.MARKDOWN_ISSUES_TEST = 'docs';
    for (const folder of [`${variable('workspaceFolder')}/docs/`, variable('env:MARKDOWN_ISSUES_TEST')]) {
      await store.set('folder', folder);
      await untilHolds(() => store.store.folder === store.path('docs'), store.api.stores.onDidChange, 'the store to be there');
      await store.set('folder', undefined);
      await untilHolds(() => store.store.folder === store.path('issues'), store.api.stores.onDidChange, 'the store to be back');
    }
  });

  it('is a failure with a name where one is not set, and no store is anywhere else', async () => {
    await setBad();
    assert.deepEqual([store.store.failure?.kind, store.store.folder], ['badSetting', undefined]);
    const { provider } = store.api.tree;
    assert.deepEqual(
      (await treeText(provider)).filter((row) => row === store.name),
      [],
    );
    await openFile(store.uri('issues/000001_one.md'));
    await run(commandIds.createIssue);
    await run(commandIds.refresh);
    assert.deepEqual(
      answers.messages.map(({ kind, text }) => [kind, text]),
      [['error', store.store.failure?.message]],
    );
    assert.match(answers.texts[0] ?? '', /“MARKDOWN_ISSUES_TEST”, which is not set/);
    assert.equal(store.api.stores.issueOf(store.uri('issues/000001_one.md')), undefined);
    assert.deepEqual([store.has('issues/000002_Next.md'), store.has(variable('env:MARKDOWN_ISSUES_TEST'))], [false, false]);
  });

  it('is well again at once when it is corrected', async () => {
    await setBad();
    await store.set('folder', 'docs');
    await untilShown(store, 1);
    assert.ok(store.node('000005_five'));
    await openFile(store.uri('docs/000005_five.md'));
    answers.typed = () => 'Next';
    await run(commandIds.createIssue);
    assert.ok(store.has('docs/000006_Next.md'));
    assert.equal(window.activeTextEditor?.document.uri.fsPath, store.path('docs/000006_Next.md'));
  });
});
