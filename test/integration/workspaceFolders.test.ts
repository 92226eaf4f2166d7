import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { commands, Uri, workspace } from 'vscode';
import { NodeDisk } from '../../src/core/disk/nodeDisk.ts';
import { silentLogger } from '../../src/core/logger.ts';
import { commandIds } from '../../src/extension/commandIds.ts';
import { WorkspaceStores } from '../../src/extension/stores/workspaceStores.ts';
import { IssueFilter } from '../../src/extension/tree/issueFilter.ts';
import { IssueTreeProvider } from '../../src/extension/tree/issueTreeProvider.ts';
import { until } from '../support/polling.ts';
import { replaced, useAnswers } from './support/answers.ts';
import { activated, sourceOf, workspaceFolder } from './support/api.ts';
import { closeEditors } from './support/editors.ts';
import { recorded, untilHolds } from './support/events.ts';
import { type Files, writeFiles } from './support/files.ts';
import { addFolder, removeFolder, useStore } from './support/testStore.ts';
import { redrawn, treeText } from './support/treeText.ts';
import { untilWatching } from './support/watching.ts';

/** How many folders this process watches. */
const watched = () => process.getActiveResourcesInfo().filter((resource) => resource === 'FSEventWrap').length;

describe('folders of the workspace', () => {
  const other = useStore({ 'issues/000001_one.md': '# One\n' });
  const labels = async () => {
    const { provider } = other.api.tree;
    return (await provider.getChildren()).map((node) => provider.getTreeItem(node).label);
  };

  it('have a row of their own where they have a store, in their order', async () => {
    assert.deepEqual(await labels(), ['alpha', other.name]);
    const rows = await treeText(other.api.tree.provider);
    assert.deepEqual(rows.slice(-4), [other.name, '  Open | 1', '    #1 One', '  Completed | 0']);
    assert.equal(rows[0], 'alpha');
  });

  it('open their store when they come, and leave nothing behind when they go', async () => {
    const { stores, tree } = other.api;
    await untilWatching(stores);
    const [alpha, before] = [sourceOf(other.api, 'alpha'), watched()];
    const path = mkdtempSync(join(dirname(workspaceFolder('alpha').uri.fsPath), 'passing-'));
    writeFiles(path, { 'issues/000002_two.md': '# Two\n' });
    try {
      const drawn = recorded(tree.provider.onDidChangeTreeData);
      await addFolder(path);
      await stores.whenOpened();
      const name = basename(path);
      const source = sourceOf(other.api, name);
      drawn.stop();
      assert.deepEqual(drawn.events.map(redrawn), [['everything']]);
      assert.deepEqual(await labels(), ['alpha', other.name, name]);
      assert.equal(sourceOf(other.api, 'alpha'), alpha, 'the other stores stay as they are');
      await untilWatching(stores);
      assert.ok(watched() > before);
      const gone = untilHolds(() => !stores.all.includes(source), stores.onDidChangeStores, 'the store to go');
      await removeFolder(source.folder);
      await gone;
      assert.deepEqual(await labels(), ['alpha', other.name]);
      // Watchers are let go of in the background.
      await until(() => watched() === before, `${before} watched folders`);
      const changes = [recorded(stores.onDidChange), recorded(source.store.onDidChange)];
      writeFiles(path, { 'issues/000003_three.md': '# Three\n' });
      await source.store.refresh();
      await other.changeOf(() => other.write({ 'issues/000004_four.md': '# Four\n' }));
      assert.deepEqual(
        changes.map(({ events }) => events.length),
        [1, 0],
      );
      assert.equal(tree.provider.state, 'ready');
    } finally {
      rmSync(path, { recursive: true, force: true });
    }
  });

  it('know which issue a file is', () => {
    const { stores } = other.api;
    assert.equal(stores.issueOf(other.uri('issues/000001_one.md'))?.summary.title, 'One');
    other.write({ 'issues/deep/000001_one.md': '', 'notes/000001_one.md': '' });
    const none = ['issues/deep/000001_one.md', 'notes/000001_one.md', 'issues/000009_none.md', 'issues'];
    assert.deepEqual(
      none.filter((name) => stores.issueOf(other.uri(name)) !== undefined),
      [],
    );
    assert.equal(stores.issueOf(other.uri('issues/000001_one.md').with({ scheme: 'untitled' })), undefined);
    assert.equal(stores.of(Uri.file('/elsewhere/x.md')), undefined);
  });
});

describe('a folder without a store', () => {
  const store = useStore({ 'readme.txt': 'No issues.\n' });
  const answers = useAnswers();
  afterEach(closeEditors);

  it('has no row', async () => {
    assert.equal(store.store.state, 'missing');
    const { provider } = store.api.tree;
    assert.deepEqual(
      (await provider.getChildren()).map((node) => provider.getTreeItem(node).label),
      ['alpha'],
    );
  });

  it('stays without one until the first issue is created', async () => {
    assert.ok(!existsSync(store.path('issues')));
    answers.picked = (items) => items.find(({ label }) => label === store.name);
    answers.typed = () => 'The first one';
    await commands.executeCommand(commandIds.createIssue);
    assert.equal(store.read('issues/000001_The-first-one.md'), '# The first one\n\n');
    const rows = await treeText(store.api.tree.provider);
    assert.deepEqual(rows.slice(-4), [store.name, '  Open | 1', '    #1 The first one', '  Completed | 0']);
  });

  for (const folder of ['issues', '.swissarmyhammer/issues', '.sah/issues']) {
    it(`shows a store that comes up in ${folder}`, async () => {
      const { onDidChangeTreeData } = store.api.tree.provider;
      const come = untilHolds(() => store.store.state === 'ready' && store.store.catalogue.size === 1, onDidChangeTreeData, 'the store');
      store.write({ [`${folder}/000001_one.md`]: '# One\n' });
      await come;
      assert.equal(store.store.folder, store.path(folder));
    });
  }
});

describe('windows of other kinds', () => {
  const store = useStore({ 'readme.txt': 'No issues.\n' });

  /** The tree as it would be in a window with these folders. */
  async function inWindowWith<T>(names: readonly string[], look: (provider: IssueTreeProvider) => Promise<T>): Promise<T> {
    const folders = names.map((name, index) => ({ ...workspaceFolder(name), index }));
    const restore = replaced(workspace, { workspaceFolders: folders });
    let stores: WorkspaceStores | undefined;
    try {
      stores = new WorkspaceStores(silentLogger, { disk: new NodeDisk() });
    } finally {
      restore();
    }
    const filter = new IssueFilter(stores, (error) => assert.fail(String(error)));
    const provider = new IssueTreeProvider({ stores, filter, logger: silentLogger });
    try {
      return await look(provider);
    } finally {
      provider.dispose();
      filter.dispose();
      stores.dispose();
    }
  }

  const stateAndTree = (files: Files, names: readonly string[]) => {
    store.write(files);
    return inWindowWith(names, async (provider) => {
      const before = provider.state;
      const tree = await treeText(provider);
      return [before, provider.state, tree];
    });
  };

  it('with one folder show its groups at the top', async () => {
    assert.deepEqual(await stateAndTree({}, ['alpha']), [
      'loading',
      'ready',
      ['Open | 2', '  #1 First steps | 1/2', '  #2 Second thoughts', 'Completed | 1', '  #3 Long done | 1/1'],
    ]);
    await inWindowWith(['alpha'], async (provider) => {
      const groups = await provider.getChildren();
      assert.deepEqual(
        groups.map((group) => provider.getParent(group)),
        [undefined, undefined],
      );
    });
  });

  it('without a folder show nothing', async () => {
    assert.deepEqual(await stateAndTree({}, []), ['noFolder', 'noFolder', []]);
  });

  it('without a store show nothing, which the welcome view explains', async () => {
    assert.deepEqual(await stateAndTree({}, [store.name]), ['loading', 'missing', []]);
    assert.ok(!store.has('issues'));
  });

  it('with a folder setting that cannot be made out show nothing, which the welcome view explains', async () => {
    await store.set('folder', '~/\u0024{oops}');
    assert.deepEqual(await stateAndTree({}, [store.name]), ['loading', 'badSetting', []]);
  });

  it('with an empty store show nothing, which the welcome view explains', async () => {
    assert.deepEqual(await stateAndTree({ 'issues/': '' }, [store.name]), ['loading', 'empty', []]);
    assert.deepEqual(await stateAndTree({}, ['beta', store.name]), ['loading', 'empty', []]);
  });

  it('with other folders in an otherwise empty store show those', async () => {
    assert.deepEqual(await stateAndTree({ 'issues/pending/': '' }, [store.name]), [
      'loading',
      'ready',
      ['Open | 0', 'Completed | 0', 'Other Folders | 1', '  pending'],
    ]);
  });

  it('share their stores with no one', async () => {
    const { stores } = await activated();
    await inWindowWith(['alpha'], async () => assert.equal(stores.all.length, 3));
  });
});
