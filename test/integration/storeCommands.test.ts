import assert from 'node:assert/strict';
import { ConfigurationTarget, commands, type Tab, TabInputWebview, window, workspace } from 'vscode';
import { commandIds } from '../../src/extension/commandIds.ts';
import { replaced, useAnswers } from './support/answers.ts';
import { eventOf, untilHolds } from './support/events.ts';
import { useStore } from './support/testStore.ts';
import { redrawn, treeText } from './support/treeText.ts';

const run = (command: string, ...args: unknown[]) => commands.executeCommand(command, ...args);

const metricsTabs = (): readonly Tab[] =>
  window.tabGroups.all
    .flatMap(({ tabs }) => tabs)
    .filter(({ input }) => input instanceof TabInputWebview && input.viewType.endsWith('markdownIssues.metrics'));

describe('commands on stores', () => {
  const store = useStore({ 'issues/000001_one.md': '# One\n', 'issues/complete/000002_two.md': '# Two\n' });
  const answers = useAnswers();
  afterEach(() => assert.deepEqual(answers.messages, []));

  it('refresh shows at once what is on the disk', async () => {
    // So that the store does not notice by itself.
    await store.set('watcher.coalescingWindow', 5000);
    store.write({ 'issues/000003_three.md': '# Three\n' });
    assert.equal(store.store.catalogue.size, 2);
    await run(commandIds.refresh);
    assert.equal(store.store.catalogue.size, 3);
  });

  it('refresh looks at every store', async () => {
    const lists = () => store.api.stores.all.map((source) => source.store.snapshot().inner.operations.list.count);
    const before = lists();
    await run(commandIds.refresh);
    assert.deepEqual(
      lists(),
      before.map((count) => count + 1),
    );
  });

  it('refresh draws the tree anew in any case', async () => {
    const rows = await eventOf(store.api.tree.provider.onDidChangeTreeData, 'the tree to be drawn anew', () => run(commandIds.refresh));
    assert.deepEqual(redrawn(rows), ['everything']);
  });

  it('clearing the cache empties it and leaves the figures', async () => {
    await store.store.getIssue('000001_one');
    const { size, hits, misses } = store.store.snapshot().cache;
    assert.ok(size > 0 && hits + misses > 0);
    await run(commandIds.clearCache);
    const after = store.store.snapshot().cache;
    assert.deepEqual([after.size, after.hits, after.misses], [0, hits, misses]);
  });

  it('resetting the metrics sets the figures to zero and leaves the cache', async () => {
    await store.store.getIssue('000001_one');
    const { size } = store.store.snapshot().cache;
    await run(commandIds.resetMetrics);
    const { outer, inner, cache, saved } = store.store.snapshot();
    assert.deepEqual([outer.totalOperations, inner.totalOperations, cache.hits, cache.misses, saved.reads], [0, 0, 0, 0, 0]);
    assert.equal(cache.size, size);
    assert.deepEqual(store.store.history(), []);
  });

  it('the figures are sampled once a second', async () => {
    await run(commandIds.resetMetrics);
    await eventOf(store.source.onDidSample, 'a sample', () => store.store.getIssue('000001_one'));
    assert.equal(store.store.history().length, 1);
  });

  it('the metrics open in one panel, which can be closed and opened again', async () => {
    const { onDidChangeTabs } = window.tabGroups;
    for (const _ of [1, 2]) {
      await run(commandIds.showMetrics);
      await untilHolds(() => metricsTabs().length === 1, onDidChangeTabs, 'the panel');
      await run(commandIds.showMetrics);
      assert.deepEqual(
        metricsTabs().map(({ label, isActive }) => [label, isActive]),
        [['Issue Store Metrics', true]],
      );
      await window.tabGroups.close(metricsTabs());
      await untilHolds(() => metricsTabs().length === 0, onDidChangeTabs, 'the panel to close');
    }
  });

  it('the log is shown', async () => {
    const isShown = () => workspace.textDocuments.some(({ uri }) => uri.scheme === 'output' && uri.path.includes('Markdown Issues'));
    await run(commandIds.showLog);
    await untilHolds(isShown, workspace.onDidOpenTextDocument, 'the log');
    await run('workbench.action.closePanel');
  });
});

describe('showing and hiding completed issues', () => {
  const store = useStore({ 'issues/000001_one.md': '# One\n', 'issues/complete/000002_two.md': '# Two\n' });
  const groups = async () => (await treeText(store.api.tree.provider)).filter((row) => row.startsWith('  ') && !row.startsWith('   '));
  const setting = () => workspace.getConfiguration('markdownIssues').inspect<boolean>('tree.showCompleted');
  const drawnBy = (command: string) =>
    eventOf(store.api.tree.provider.onDidChangeTreeData, 'the tree to be drawn anew', () => run(command));
  const reset = (target: ConfigurationTarget) =>
    workspace.getConfiguration('markdownIssues').update('tree.showCompleted', undefined, target);
  afterEach(async () => {
    await reset(ConfigurationTarget.Global);
    await reset(ConfigurationTarget.Workspace);
  });

  it('changes the user’s setting, and the tree follows', async () => {
    assert.deepEqual(await groups(), ['  Open | 2', '  Completed | 1', '  Open | 1', '  Completed | 1']);
    assert.deepEqual(redrawn(await drawnBy(commandIds.hideCompleted)), ['everything']);
    assert.deepEqual([setting()?.globalValue, setting()?.workspaceValue], [false, undefined]);
    assert.deepEqual(await groups(), ['  Open | 2', '  Open | 1']);
    await drawnBy(commandIds.showCompleted);
    assert.equal((await groups()).length, 4);
  });

  it('changes the workspace’s setting where there is one', async () => {
    const { onDidChangeTreeData } = store.api.tree.provider;
    const update = () => workspace.getConfiguration('markdownIssues').update('tree.showCompleted', true, ConfigurationTarget.Workspace);
    await update();
    await eventOf(onDidChangeTreeData, 'the tree to be drawn anew', () => run(commandIds.hideCompleted));
    assert.deepEqual([setting()?.globalValue, setting()?.workspaceValue], [undefined, false]);
    assert.deepEqual(await groups(), ['  Open | 2', '  Open | 1']);
  });

  it('is a matter of each folder', async () => {
    await eventOf(store.api.tree.provider.onDidChangeTreeData, 'the tree to be drawn anew', () => store.set('tree.showCompleted', false));
    assert.deepEqual(await groups(), ['  Open | 2', '  Completed | 1', '  Open | 1']);
  });

  it('changes the settings of folders that have one of their own, too, so that every folder follows', async () => {
    await eventOf(store.api.tree.provider.onDidChangeTreeData, 'the tree to be drawn anew', () => store.set('tree.showCompleted', false));
    const ofFolder = () => workspace.getConfiguration('markdownIssues', store.folder).inspect('tree.showCompleted')?.workspaceFolderValue;
    await run(commandIds.showCompleted);
    assert.deepEqual([ofFolder(), (await groups()).length], [true, 4]);
    await run(commandIds.hideCompleted);
    assert.deepEqual([ofFolder(), await groups()], [false, ['  Open | 2', '  Open | 1']]);
  });

  it('tells the menus what the tree shows', async () => {
    const told: unknown[] = [];
    const execute = commands.executeCommand;
    const restore = replaced(commands, {
      executeCommand: (command: string, ...args: unknown[]) => {
        if (command === 'setContext' && args[0] === 'markdownIssues.completed' && told.at(-1) !== args[1]) {
          told.push(args[1]);
        }
        return execute(command, ...args);
      },
    });
    try {
      await eventOf(store.api.tree.provider.onDidChangeTreeData, 'the tree to be drawn anew', () => store.set('tree.showCompleted', false));
      assert.deepEqual(told, ['mixed']);
      await run(commandIds.hideCompleted);
      assert.deepEqual(told.at(-1), 'hidden');
      await run(commandIds.showCompleted);
      assert.deepEqual(told.at(-1), 'shown');
    } finally {
      restore();
    }
  });
});

describe('verifying the store', () => {
  const store = useStore({ 'issues/000001_one.md': '# One\n' });
  const answers = useAnswers();
  const count = () => store.api.stores.all.reduce((total, source) => total + source.store.catalogue.size, 0);

  it('says what was different and heals it, and then that all is well', async () => {
    // So that the store does not notice by itself.
    await store.set('watcher.coalescingWindow', 5000);
    store.write({ 'issues/000003_three.md': '# Three\n' });
    await run(commandIds.verifyStore);
    assert.deepEqual(answers.texts, ['Updated 1 stale issue.']);
    assert.equal(store.store.catalogue.size, 2);
    await run(commandIds.verifyStore);
    assert.equal(answers.texts[1], `All ${count()} issues are up to date.`);
  });

  it('warns of files that cannot be read', async () => {
    store.write({ 'issues/000003_three.md': Buffer.from([0xff, 0xfe]) });
    await run(commandIds.verifyStore);
    assert.equal(answers.messages[0]?.kind, 'warning');
    assert.match(answers.texts[0] ?? '', /Files that cannot be read: \d+\.$/);
  });
});
