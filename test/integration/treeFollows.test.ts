import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, unlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { IssueTreeNode } from '../../src/extension/tree/issueNodes.ts';
import { eventOf, nextEvent, recorded, untilHolds } from './support/events.ts';
import { type TestStore, useStore } from './support/testStore.ts';
import { redrawn, treeText } from './support/treeText.ts';

const folderNode = (store: TestStore): IssueTreeNode => ({ kind: 'folder', source: store.source });
const lines = (store: TestStore) => treeText(store.api.tree.provider, folderNode(store));

let lastNumber = 900_000;

interface Followed {
  /** One line for each change event of the store. */
  readonly changes: readonly string[];
  /** What each event of the tree drew anew. */
  readonly redrawn: readonly (readonly string[])[];
  /** The tree after the first event. */
  readonly tree: readonly string[];
}

/**
 * Does something on the disk and says what came of it. Another change is made after it: the events before that one's are all
 * that there are.
 */
async function follow(store: TestStore, work: () => unknown, expectsChange = true): Promise<Followed> {
  const { stores, tree } = store.api;
  // Draws what the reset before this test has left to be drawn.
  tree.provider.refresh();
  const changes = recorded(stores.onDidChange);
  const rows = recorded(tree.provider.onDidChangeTreeData);
  try {
    await (expectsChange ? eventOf(tree.provider.onDidChangeTreeData, 'rows to be drawn anew', work) : work());
    const after = await lines(store);
    const last = `${++lastNumber}_last`;
    const drawn = nextEvent(tree.provider.onDidChangeTreeData, 'the rows of the last change', () =>
      changes.events.some(({ change }) => change.added.some(({ id }) => id === last)),
    );
    store.write({ [`issues/${last}.md`]: '# Last\n' });
    await drawn;
    const { added, changed, removed } = changes.events.at(-1)?.change ?? {};
    assert.deepEqual([added?.length, changed?.length, removed?.length], [1, 0, 0], 'the last change is that alone');
    return {
      changes: changes.events
        .slice(0, -1)
        .map(({ change: { added, changed, removed } }) =>
          [...added.map(({ key }) => `+${key}`), ...changed.map(({ key }) => `~${key}`), ...removed.map(({ key }) => `-${key}`)].join(' '),
        ),
      redrawn: rows.events.slice(0, -1).map(redrawn),
      tree: after,
    };
  } finally {
    changes.stop();
    rows.stop();
  }
}

describe('the tree follows the disk by itself', () => {
  const store = useStore({
    'issues/000001_one.md': '# One\n\n- [ ] task\n',
    'issues/000002_two.md': '# Two\n',
    'issues/complete/000003_three.md': '# Three\n',
  });

  it('when a file is written that was not there', async () => {
    const { changes, redrawn: rows, tree } = await follow(store, () => store.write({ 'issues/000004_four.md': '# Four\n' }));
    assert.deepEqual(changes, ['+000004_four']);
    assert.deepEqual(rows, [['group active']]);
    assert.deepEqual(tree, ['Open | 3', '  #1 One | 0/1', '  #2 Two', '  #4 Four', 'Completed | 1', '  #3 Three']);
  });

  it('when a title changes, with the same row', async () => {
    const row = store.node('000001_one');
    const { changes, redrawn: rows, tree } = await follow(store, () => store.write({ 'issues/000001_one.md': '# Uno\n\n- [x] task\n' }));
    assert.deepEqual(changes, ['~000001_one']);
    assert.deepEqual(rows, [['issue 000001_one']]);
    assert.equal(tree[1], '  #1 Uno | 1/1');
    assert.equal(store.node('000001_one'), row);
    assert.equal(row.summary.title, 'Uno');
  });

  it('when a file is renamed', async () => {
    const rename = () => renameSync(store.path('issues/000002_two.md'), store.path('issues/000005_five.md'));
    const { changes, redrawn: rows, tree } = await follow(store, rename);
    assert.deepEqual(changes, ['+000005_five -000002_two']);
    assert.deepEqual(rows, [['group active']]);
    assert.deepEqual(tree.slice(0, 3), ['Open | 2', '  #1 One | 0/1', '  #5 Two']);
  });

  it('when a file is deleted', async () => {
    const { changes, redrawn: rows, tree } = await follow(store, () => unlinkSync(store.path('issues/000001_one.md')));
    assert.deepEqual(changes, ['-000001_one']);
    assert.deepEqual(rows, [['group active']]);
    assert.deepEqual(tree, ['Open | 1', '  #2 Two', 'Completed | 1', '  #3 Three']);
  });

  it('when a file is moved to complete', async () => {
    const move = () => renameSync(store.path('issues/000001_one.md'), store.path('issues/complete/000001_one.md'));
    const { changes, redrawn: rows, tree } = await follow(store, move);
    assert.deepEqual(changes, ['+complete/000001_one -000001_one']);
    assert.deepEqual(rows, [['group active', 'group completed']]);
    assert.deepEqual(tree, ['Open | 1', '  #2 Two', 'Completed | 2', '  #3 Three', '  #1 One | 0/1']);
  });

  it('when a program saves by writing a temporary file and renaming it', async () => {
    const save = () => {
      writeFileSync(store.path('issues/000001_one.tmp'), '# One, saved\n');
      renameSync(store.path('issues/000001_one.tmp'), store.path('issues/000001_one.md'));
    };
    const { changes, redrawn: rows, tree } = await follow(store, save);
    assert.deepEqual(changes, ['~000001_one']);
    assert.deepEqual(rows, [['issue 000001_one']]);
    assert.equal(tree[1], '  #1 One, saved');
  });

  it('with one event for changes that belong together', async () => {
    const several = () => {
      store.write({ 'issues/000001_one.md': '# One changed\n', 'issues/complete/000003_three.md': '# Three changed\n' });
      unlinkSync(store.path('issues/000002_two.md'));
      store.write({ 'issues/000006_six.md': '# Six\n' });
    };
    const { changes, redrawn: rows } = await follow(store, several);
    assert.deepEqual(
      changes.map((change) => change.split(' ').sort()),
      [['+000006_six', '-000002_two', '~000001_one', '~complete/000003_three']],
    );
    assert.deepEqual(rows, [['group active', 'issue complete/000003_three']]);
  });

  it('and draws nothing anew for a file that was only touched, or is no issue', async () => {
    const touch = () => {
      utimesSync(store.path('issues/000001_one.md'), new Date(), new Date());
      store.write({ 'issues/000001_one.md': '# One\n\n- [ ] task\n', 'issues/notes.txt': 'Text\n', 'issues/000009_x.md.tmp': 'Text\n' });
    };
    const { changes, redrawn: rows } = await follow(store, touch, false);
    assert.deepEqual([changes, rows], [[], []]);
  });

  it('and hears nothing twice of what the extension writes itself', async () => {
    const { changes, redrawn: rows } = await follow(store, () => store.store.for('test').markComplete('000001_one'));
    assert.deepEqual(changes, ['+complete/000001_one -000001_one']);
    assert.deepEqual(rows, [['group active', 'group completed']]);
  });

  it('and makes the row of a group anew when it becomes empty or is no longer so', async () => {
    const emptied = await follow(store, () => unlinkSync(store.path('issues/complete/000003_three.md')));
    assert.deepEqual([emptied.redrawn, emptied.tree.at(-1)], [[['everything']], 'Completed | 0']);
    const filled = await follow(store, () => store.write({ 'issues/complete/000007_seven.md': '# Seven\n' }));
    assert.deepEqual(filled.redrawn[0], ['everything']);
    assert.deepEqual(filled.tree.slice(-2), ['Completed | 1', '  #7 Seven']);
  });
});

describe('the tree follows what replaces many files at once', () => {
  const store = useStore({ 'issues/000001_one.md': '# One\n' });
  const git = (...args: string[]) =>
    promisify(execFile)('git', ['-C', store.path(''), '-c', 'user.name=test', '-c', 'user.email=test@example.invalid', ...args]);

  /** The folder read by other means than the extension's. */
  const onDisk = () => {
    const group = (folder: string) =>
      readdirSync(store.path(folder))
        .filter((name) => name.endsWith('.md'))
        .sort()
        .map(
          (name) =>
            `  #${Number(name.slice(0, 6))} ${readFileSync(join(store.path(folder), name), 'utf8')
              .slice(2)
              .trim()}`,
        );
    const [active, completed] = [group('issues'), group('issues/complete')];
    return [`Open | ${active.length}`, ...active, `Completed | ${completed.length}`, ...completed.reverse()];
  };

  it('a checkout of another branch with 200 differing files', async () => {
    const name = (number: number, text: string) => `${String(number).padStart(6, '0')}_${text}.md`;
    const issues = (folder: string, from: number, count: number, text: string) =>
      Object.fromEntries(
        Array.from({ length: count }, (_, index) => [`issues/${folder}${name(from + index, 'issue')}`, `# ${text} ${index}\n`]),
      );
    await git('init', '-q', '-b', 'main');
    await store.changeOf(() =>
      store.write({ ...issues('', 10, 100, 'Changes'), ...issues('', 200, 50, 'Moves'), ...issues('complete/', 300, 5, 'Stays') }),
    );
    await git('add', '.');
    await git('commit', '-q', '-m', 'first');
    await git('checkout', '-q', '-b', 'other');
    mkdirSync(store.path('issues/complete'), { recursive: true });
    for (let number = 200; number < 250; number++) {
      renameSync(store.path(`issues/${name(number, 'issue')}`), store.path(`issues/complete/${name(number, 'issue')}`));
    }
    store.write({ ...issues('', 10, 100, 'Changed'), ...issues('', 400, 50, 'Comes') });
    await git('add', '.');
    await git('commit', '-q', '-m', 'second');
    await store.store.refresh();
    const other = await lines(store);
    assert.deepEqual(other, onDisk());

    await checkout('main', 156);
    assert.notDeepEqual(await lines(store), other);
    const read = await store.store.getIssue('#10');
    assert.equal(read.content, '# Changes 0\n');
    await checkout('other', 206);
    assert.deepEqual(await lines(store), other);
    assert.equal((await store.store.getIssue('#10')).content, '# Changed 0\n');
  });

  /** Settles when the tree shows what is on the disk, without anyone having asked it to. */
  async function checkout(branch: string, expected: number): Promise<void> {
    const { stores } = store.api;
    const changes = recorded(stores.onDidChange);
    const { catalogue } = store.store;
    const title = branch === 'main' ? 'Changes' : 'Changed';
    const isThere = () =>
      catalogue.size === expected && catalogue.active.filter(({ title: shown }) => shown.startsWith(title)).length === 100;
    assert.ok(!isThere());
    const there = untilHolds(isThere, stores.onDidChange, `the files of ${branch}`);
    await git('checkout', '-q', branch);
    await there;
    changes.stop();
    assert.deepEqual(await lines(store), onDisk());
    assert.ok(changes.events.length < 20, `${changes.events.length} events for one checkout`);
  }

  it('a store that is removed and comes back', async () => {
    const { provider } = store.api.tree;
    const names = async () => (await provider.getChildren()).map((node) => provider.getTreeItem(node).label);
    const gone = untilHolds(() => store.store.state === 'missing', provider.onDidChangeTreeData, 'the store to go');
    rmSync(store.path('issues'), { recursive: true });
    await gone;
    assert.deepEqual(await names(), ['alpha']);
    const back = untilHolds(() => store.store.catalogue.size === 1, provider.onDidChangeTreeData, 'the store to come back');
    store.write({ 'issues/000008_eight.md': '# Eight\n' });
    await back;
    assert.deepEqual(await names(), ['alpha', store.name]);
    assert.deepEqual(await lines(store), ['Open | 1', '  #8 Eight', 'Completed | 0']);
  });

  it('a store that is replaced by another', async () => {
    store.write({ 'replacement/000009_nine.md': '# Nine\n', 'replacement/complete/000010_ten.md': '# Ten\n' });
    const replaced = untilHolds(() => store.store.catalogue.size === 2, store.api.tree.provider.onDidChangeTreeData, 'the other store');
    renameSync(store.path('issues'), store.path('old'));
    renameSync(store.path('replacement'), store.path('issues'));
    await replaced;
    assert.deepEqual(await lines(store), ['Open | 1', '  #9 Nine', 'Completed | 1', '  #10 Ten']);
    const followed = await follow(store, () => store.write({ 'issues/complete/000011_eleven.md': '# Eleven\n' }));
    assert.deepEqual(followed.changes, ['+complete/000011_eleven']);
  });
});
