import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { relative, sep } from 'node:path';
import { untilHolds } from './support/events.ts';
import { useStore } from './support/testStore.ts';

const FILES = {
  'issues/000001_ours.md': '# Ours\n',
  'backlog/config.yml': 'project_name: Demo\ntask_prefix: demo\nstatuses: [To Do, In Progress, Done]\n',
  'backlog/tasks/demo-1 - Theirs.md': '---\nid: DEMO-1\ntitle: Theirs\nstatus: In Progress\nlabels: [ui]\n---\n',
  '.scratch/timer/issues/01-start.md': '# 01 — Start\n\nStatus: ready-for-agent\n',
  'plans/one.md': '---\ntitle: One\nstatus: doing\n---\n',
};

describe('a workspace folder with several stores', () => {
  const store = useStore(FILES);
  const ofFolder = () => store.api.stores.all.filter(({ folder }) => folder.uri.toString() === store.folder.uri.toString());
  /** Name, place and number of issues of each. */
  const shown = () =>
    ofFolder().map(({ name, store: { folder, catalogue } }) => {
      const place = relative(store.folder.uri.fsPath, folder ?? '')
        .split(sep)
        .join('/');
      return `${name}: ${place}, ${catalogue.size}`;
    });
  const becomes = async (...expected: readonly string[]) => {
    const { onDidChange, onDidChangeStores } = store.api.stores;
    const either = (listener: (event: unknown) => unknown) => {
      const both = [onDidChange(listener), onDidChangeStores(listener)];
      return { dispose: () => both.forEach((each) => void each.dispose()) };
    };
    await untilHolds(() => shown().join() === expected.join(), either, `${expected.join(' and ')}`);
  };

  it('has a row for each, named after the format, with its place', async () => {
    await becomes('Issues: issues, 1', 'Backlog.md: backlog, 1', 'Local Markdown: .scratch, 1');
    const { provider } = store.api.tree;
    const rows = (await provider.getChildren()).filter(({ source }) => ofFolder().includes(source));
    assert.deepEqual(
      rows.map((row) => [provider.getTreeItem(row).label, provider.getTreeItem(row).description]),
      [
        ['Issues', `${store.name}/issues`],
        ['Backlog.md', `${store.name}/backlog`],
        ['Local Markdown', `${store.name}/.scratch`],
      ],
    );
  });

  it('finds the store of a file by the store, not by the folder', () => {
    const { issueOf } = store.api.stores;
    const of = (path: string) => issueOf.call(store.api.stores, store.uri(path))?.summary.id;
    assert.deepEqual(
      ['issues/000001_ours.md', 'backlog/tasks/demo-1 - Theirs.md', '.scratch/timer/issues/01-start.md', 'plans/one.md'].map(of),
      ['000001_ours', 'DEMO-1', 'timer/01-start', undefined],
    );
  });

  it('makes new issues in the store that can have them, whatever is open', () => {
    const { stores } = store.api;
    const beside = stores.forNewIssueBeside(store.uri('backlog/tasks/demo-1 - Theirs.md'));
    assert.equal(beside?.store.folder, store.path('issues'));
    assert.deepEqual(
      stores.forNewIssues.filter(({ folder }) => folder.uri.toString() === store.folder.uri.toString()).map(({ name }) => name),
      ['Issues'],
    );
  });

  it('follows files of every store, and stores that come and go', async () => {
    store.write({ 'backlog/tasks/demo-2 - More.md': '---\nid: DEMO-2\ntitle: More\n---\n', '.scratch/menu/issues/01-x.md': '# X\n' });
    await becomes('Issues: issues, 1', 'Backlog.md: backlog, 2', 'Local Markdown: .scratch, 2');
    rmSync(store.path('.scratch'), { recursive: true });
    await becomes('Issues: issues, 1', 'Backlog.md: backlog, 2');
    store.write({ '.scratch/menu/issues/01-x.md': '# X\n' });
    await becomes('Issues: issues, 1', 'Backlog.md: backlog, 2', 'Local Markdown: .scratch, 1');
  });

  it('is what the settings say', async () => {
    await store.set('ignoredFormats', ['scratch', 'numbered']);
    await becomes(`${store.name}: backlog, 1`);
    await store.set('stores', ['auto', { folder: 'plans', label: 'Plans' }]);
    await becomes('Backlog.md: backlog, 1', 'Plans: plans, 1');
    await store.set('stores', ['plans']);
    await becomes(`${store.name}: plans, 1`);
    // Where the list is set, the setting of one folder says nothing.
    await store.set('folder', 'issues');
    await becomes(`${store.name}: plans, 1`);
    await store.set('stores', undefined);
    await becomes(`${store.name}: issues, 1`);
  });

  it('shows a folder once, whichever workspace folder names it', async () => {
    await store.set('stores', [{ folder: 'plans', label: 'Plans' }, store.path('../alpha/issues')]);
    await becomes(`Plans: plans, 1`);
  });
});
