import assert from 'node:assert/strict';
import { renameSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { KANBAN_MD_FORMAT } from '../../../../src/core/formats/kanbanMd.ts';
import type { IssueKey } from '../../../../src/core/issue/issue.ts';
import type { TextMatch } from '../../../../src/core/search/textSearch.ts';
import type { IssueStore } from '../../../../src/core/store/issueStore.ts';
import { changedKeys, NO_CHANGE, type OpenStore, SETTINGS, useStores } from '../../support/openStore.ts';
import { BACKLOG, backlogConfig, NOTES, rowsOf, SCRATCH, withFields } from '../../support/otherFormats.ts';

const task = (id: string, status: string, title = id) => withFields({ id, title, status });
const ticket = (status: string, title = 'Do it') => `# ${title}\n\nStatus: ${status}\n`;
const keysOf = (store: IssueStore) => store.catalogue.summaries().map(({ key }) => key as string);

/** Waits until both lists are these, in whatever order. */
async function untilRows(opened: OpenStore, active: readonly string[], completed: readonly string[], change: () => unknown): Promise<void> {
  const sorted = (rows: ReturnType<typeof rowsOf>) => ({ active: rows.active.toSorted(), completed: rows.completed.toSorted() });
  const expected = sorted({ active, completed });
  change();
  const isIt = () => JSON.stringify(sorted(rowsOf(opened.store))) === JSON.stringify(expected);
  await opened.changes.until(isIt, `${JSON.stringify(expected)}`).catch((error: unknown) => {
    assert.deepEqual(sorted(rowsOf(opened.store)), expected, String(error));
  });
}

describe('IssueStore of Backlog.md', () => {
  const { folder, open, make } = useStores();

  beforeEach(() => {
    folder().writeAll({
      'backlog/config.yml': backlogConfig(['To Do', 'In Progress', 'Shipped'], 'task_prefix: back\n'),
      'backlog/tasks/back-1 - First.md': task('BACK-1', 'To Do'),
      'backlog/tasks/back-2 - Second.md': task('BACK-2', 'In Progress'),
      'backlog/tasks/back-10 - Tenth.md': task('BACK-10', 'Shipped'),
      'backlog/tasks/readme.md': 'no task',
      'backlog/completed/back-3 - Third.md': task('BACK-3', 'To Do'),
      'backlog/archive/tasks/back-4 - Fourth.md': task('BACK-4', 'To Do'),
      'backlog/drafts/draft-1 - Idea.md': task('DRAFT-1', 'Draft'),
      'backlog/decisions/decision-1 - Why.md': 'no task',
    });
  });

  it('lists issues by state, from folders and from words of the configuration', async () => {
    const { store, errors } = await open(BACKLOG);
    assert.deepEqual(rowsOf(store), {
      active: ['BACK-1 open BACK-1', 'BACK-2 active BACK-2', 'DRAFT-1 open DRAFT-1'],
      completed: ['BACK-3 done BACK-3', 'BACK-4 dropped BACK-4', 'BACK-10 done BACK-10'],
    });
    assert.deepEqual(errors, []);
  });

  it('moves an issue between the lists when its word changes, and its key stays', async () => {
    const opened = await open(BACKLOG);
    const key = 'tasks/back-1 - First';
    for (const [status, expected] of [
      ['Shipped', { ...NO_CHANGE, added: [key], removed: [key] }],
      ['To Do', { ...NO_CHANGE, added: [key], removed: [key] }],
      ['In Progress', { ...NO_CHANGE, changed: [key] }],
    ] as const) {
      const first = opened.changes.events.length;
      folder().write(`backlog/${key}.md`, task('BACK-1', status));
      await opened.changes.until((events) => events.length > first, status);
      assert.deepEqual(opened.changes.events.slice(first).map(changedKeys), [expected]);
    }
    assert.deepEqual(rowsOf(opened.store).active.slice(0, 1), ['BACK-1 active BACK-1']);
  });

  it('follows files that are moved between its folders', async () => {
    const opened = await open(BACKLOG);
    const move = (from: string, to: string) => () => renameSync(folder().join('backlog', from), folder().join('backlog', to));
    const others = ['BACK-3 done BACK-3', 'BACK-4 dropped BACK-4', 'BACK-10 done BACK-10'];
    await untilRows(
      opened,
      ['BACK-2 active BACK-2', 'DRAFT-1 open DRAFT-1'],
      ['BACK-1 done BACK-1', ...others],
      move('tasks/back-1 - First.md', 'completed/back-1 - First.md'),
    );
    assert.deepEqual(opened.changes.events.map(changedKeys), [
      { ...NO_CHANGE, added: ['completed/back-1 - First'], removed: ['tasks/back-1 - First'] },
    ]);
    await untilRows(
      opened,
      ['BACK-1 open BACK-1', 'BACK-2 active BACK-2', 'DRAFT-1 open DRAFT-1'],
      others,
      move('completed/back-1 - First.md', 'tasks/back-1 - First.md'),
    );
  });

  it('keeps every row when ids and numbers change and the names of the files do not', async () => {
    const opened = await open(BACKLOG);
    const rows = ['BACK-2 active BACK-2', 'BACK-50 open BACK-1'];
    await untilRows(
      opened,
      [...rows, 'DRAFT-1 open DRAFT-1'],
      ['BACK-3 done BACK-3', 'BACK-4 dropped BACK-4', 'BACK-10 done BACK-10'],
      () => folder().write('backlog/tasks/back-1 - First.md', withFields({ id: 'BACK-50', title: 'BACK-1', status: 'To Do' })),
    );
    await untilRows(
      opened,
      [...rows, 'DRAFT-1 open DRAFT-1'],
      ['BACK-3 done BACK-3', 'BACK-4 dropped BACK-4', 'BACK-50 done BACK-10'],
      () => folder().write('backlog/tasks/back-10 - Tenth.md', withFields({ id: 'BACK-50', title: 'BACK-10', status: 'Shipped' })),
    );
    assert.deepEqual(
      opened.store.catalogue.withNumber(50).map(({ key }) => key),
      ['tasks/back-1 - First', 'tasks/back-10 - Tenth'],
    );
    assert.deepEqual(opened.store.catalogue.withNumber(10), []);
  });

  it('gives issues by id, whatever its case and zeros, by key and by path, and nothing from outside of its folders', async () => {
    const { store } = await open(BACKLOG);
    for (const ref of ['BACK-10', 'back-10', 'Back-010', 10, '#10', 'tasks/back-10 - Tenth', 'tasks/back-10 - Tenth.md']) {
      assert.equal((await store.getIssue(ref)).key, 'tasks/back-10 - Tenth', String(ref));
    }
    const outside = [
      'decisions/decision-1 - Why',
      'tasks/readme',
      'config',
      'tasks/../tasks/back-1 - First',
      '../secret',
      'tasks/x/back-1 - First',
    ];
    for (const path of outside) {
      for (const ref of [path, `${path}.md`, { key: path as IssueKey }]) {
        await assert.rejects(store.getIssue(ref), { name: 'IssueNotFoundError' }, JSON.stringify(ref));
        await assert.rejects(store.getIssues([ref]), { name: 'IssueNotFoundError' }, JSON.stringify(ref));
      }
    }
  });

  it('refuses every write with the reason, and changes nothing', async () => {
    const { store } = await open(BACKLOG);
    const before = folder().contents();
    const storage = store.for('test');
    const ref = { key: 'tasks/back-1 - First' as IssueKey };
    const writes = [
      () => storage.createIssue('new', 'new'),
      () => storage.updateIssue(ref, 'new'),
      () => storage.markComplete('BACK-1'),
      () => storage.reopen({ key: 'completed/back-3 - Third' as IssueKey }),
      () => storage.rename(ref, 'new'),
      () => storage.deleteIssue(ref),
      () => storage.createIssuesBatch([{ name: 'new', content: 'new' }]),
      () => storage.markCompleteBatch([ref]),
      () => storage.renumberIssuesBatch({ moves: [{ ref }], rewrites: [] }),
      () => store.write([{ kind: 'adopt', path: 'decisions/decision-1 - Why.md' }]),
      () => store.write([{ kind: 'complete', ref }], { dryRun: true }),
    ];
    for (const write of writes) {
      await assert.rejects(write, { code: 'readOnly', message: 'Issues of Backlog.md cannot be changed yet. Edit the file instead.' });
    }
    assert.deepEqual(folder().contents(), before);
  });

  it('searches the texts of its issues, and no others', async () => {
    folder().write('backlog/decisions/decision-2 - needle.md', 'needle');
    folder().write('backlog/completed/back-3 - Third.md', withFields({ id: 'BACK-3', status: 'Done' }, 'a needle\n'));
    const { store } = await open(BACKLOG);
    const matches: TextMatch[] = [];
    assert.equal(await store.searchTexts('needle', { limit: 9, onMatch: (match) => void matches.push(match) }), true);
    assert.deepEqual(
      matches.map(({ summary }) => summary.id),
      ['BACK-3'],
    );
  });

  it('shows what can be read of broken front matter, with the place of the mistake', async () => {
    folder().write('backlog/tasks/back-7 - Broken.md', '---\nid: BACK-7\nstatus: Shipped\nlabels: [a\n---\n');
    const { store } = await open(BACKLOG);
    const { summary } = store.catalogue.get('tasks/back-7 - Broken' as IssueKey) ?? assert.fail();
    assert.deepEqual([summary.id, summary.state, summary.fields.status], ['BACK-7', 'done', 'Shipped']);
    assert.equal(typeof summary.textProblem?.line, 'number');
  });

  it('reads no folder that is a link, and none below one', async () => {
    folder().write('elsewhere/tasks/back-9 - Secret.md', task('BACK-9', 'To Do'));
    folder().remove('backlog/completed');
    folder().remove('backlog/archive');
    symlinkSync(folder().join('elsewhere/tasks'), folder().join('backlog/completed'), 'junction');
    symlinkSync(folder().join('elsewhere'), folder().join('backlog/archive'), 'junction');
    const { store } = await open(BACKLOG);
    assert.deepEqual(rowsOf(store).completed, ['BACK-10 done BACK-10']);
    for (const key of ['completed/back-9 - Secret', 'archive/tasks/back-9 - Secret']) {
      await assert.rejects(store.getIssue({ key: key as IssueKey }), { code: 'notWritable' });
    }
  });

  it('is missing without its folder, there with nothing in it, and filled when its first task comes', async () => {
    folder().remove('backlog');
    const opened = await open(BACKLOG);
    assert.equal(opened.store.state, 'missing');
    folder().write('backlog/config.yml', backlogConfig(['To Do', 'Done']));
    await opened.states.until(() => opened.store.state === 'ready', 'the store to be there');
    await untilRows(opened, ['TASK-1 open First'], [], () =>
      folder().write('backlog/tasks/task-1 - First.md', task('task-1', 'To Do', 'First')),
    );
  });

  if (process.platform === 'linux') {
    it('knows of files whose names are garbled', async () => {
      const name = (start: string) =>
        Buffer.concat([Buffer.from(folder().join('backlog', start)), Buffer.from([0xe9]), Buffer.from('.md')]);
      writeFileSync(name('tasks/back-8 - '), task('BACK-8', 'To Do'));
      writeFileSync(name('tasks/notes'), 'no task');
      const opened = await open(BACKLOG);
      assert.deepEqual(opened.store.catalogue.garbled, ['tasks/back-8 - \ufffd']);
      unlinkSync(name('tasks/back-8 - '));
      await opened.changes.until(() => opened.store.catalogue.garbled.length === 0, 'the name to go');
    });
  }

  it('is told from a store of ours in the same folder by its index', async () => {
    const indexFolder = folder().join('index');
    const { store } = await open({ ...BACKLOG, indexFolder });
    await store.saveIndex();
    folder().write('backlog/000001_ours.md', 'ours');
    const other = await open({ place: { folder: 'backlog' }, indexFolder });
    assert.deepEqual(keysOf(other.store), ['000001_ours']);
    assert.equal(make(BACKLOG).store.state, 'loading');
  });
});

describe('IssueStore of local markdown', () => {
  const { folder, open } = useStores();

  beforeEach(() => {
    folder().writeAll({
      '.scratch/timer/issues/01-start.md': ticket('ready', 'Start'),
      '.scratch/timer/issues/02-stop.md': ticket('resolved', 'Stop'),
      '.scratch/timer/prd.md': 'no issue',
      '.scratch/03-loose.md': ticket('claimed', 'Loose'),
    });
  });
  const started = ['timer/01-start open Start'];
  const loose = '03-loose active Loose';
  const stopped = ['timer/02-stop done Stop'];

  it('lists the issues of all features by the words in their texts', async () => {
    const { store } = await open(SCRATCH);
    assert.deepEqual(rowsOf(store), { active: [loose, ...started], completed: stopped });
  });

  it('moves an issue between the lists when its word changes', async () => {
    const opened = await open(SCRATCH);
    const both = ['timer/01-start done Start', ...stopped];
    await untilRows(opened, [loose], both, () => folder().write('.scratch/timer/issues/01-start.md', ticket('done', 'Start')));
  });

  it('shows files of folders that are new, however deep, at once', async () => {
    const opened = await open(SCRATCH);
    await untilRows(opened, [loose, 'alarm/01-ring open Ring', ...started], stopped, () =>
      folder().write('.scratch/alarm/issues/01-ring.md', ticket('open', 'Ring')),
    );
    // The new folders are watched, too.
    await untilRows(opened, [loose, 'alarm/01-ring active Ring', ...started], stopped, () =>
      folder().write('.scratch/alarm/issues/01-ring.md', ticket('claimed', 'Ring')),
    );
    await untilRows(opened, [loose, 'alarm/01-ring active Ring', 'alarm/02-snooze open Snooze', ...started], stopped, () =>
      folder().write('.scratch/alarm/issues/02-snooze.md', ticket('open', 'Snooze')),
    );
  });

  it('forgets the files of a folder that goes, that is moved away, or is replaced by another', async () => {
    const opened = await open(SCRATCH);
    await untilRows(opened, [loose, 'clock/01-start open Start'], ['clock/02-stop done Stop'], () =>
      renameSync(folder().join('.scratch/timer'), folder().join('.scratch/clock')),
    );
    folder().write('prepared/issues/01-start.md', ticket('closed', 'Other'));
    await untilRows(opened, [loose], ['clock/01-start done Other'], () => {
      renameSync(folder().join('.scratch/clock'), folder().join('away'));
      renameSync(folder().join('prepared'), folder().join('.scratch/clock'));
    });
    await untilRows(opened, [loose], ['clock/01-start done Another'], () =>
      folder().write('.scratch/clock/issues/01-start.md', ticket('closed', 'Another')),
    );
    await untilRows(opened, [loose], [], () => folder().remove('.scratch/clock'));
    await untilRows(opened, [loose, ...started], [], () => folder().write('.scratch/timer/issues/01-start.md', ticket('open', 'Start')));
  });

  it('drops a file that stops being an issue, and takes one that becomes an issue', async () => {
    const opened = await open(SCRATCH);
    await untilRows(opened, started, stopped, () => folder().write('.scratch/03-loose.md', 'only thoughts\n'));
    assert.deepEqual(opened.changes.events.map(changedKeys), [{ ...NO_CHANGE, removed: ['03-loose'] }]);
    await assert.rejects(opened.store.getIssue({ key: '03-loose' as IssueKey }), { name: 'IssueNotFoundError' });
    await untilRows(opened, [loose, ...started], stopped, () => folder().write('.scratch/03-loose.md', ticket('claimed', 'Loose')));
    assert.equal((await opened.store.getIssue('03-loose')).content, ticket('claimed', 'Loose'));
  });

  it('never reads a folder that is a link, wherever it is', async () => {
    folder().write('outside/issues/09-secret.md', ticket('open', 'Secret'));
    symlinkSync(folder().join('outside'), folder().join('.scratch/linked'), 'junction');
    symlinkSync(folder().join('outside/issues'), folder().join('.scratch/timer/more'), 'junction');
    const opened = await open(SCRATCH);
    assert.deepEqual(keysOf(opened.store), ['03-loose', 'timer/issues/01-start', 'timer/issues/02-stop']);
    folder().write('outside/issues/09-secret.md', ticket('closed', 'Secret'));
    await untilRows(opened, started, stopped, () => folder().write('.scratch/03-loose.md', ''));
    assert.deepEqual(keysOf(opened.store), ['timer/issues/01-start', 'timer/issues/02-stop']);
    for (const key of ['linked/issues/09-secret', 'timer/more/09-secret']) {
      await assert.rejects(opened.store.getIssue({ key: key as IssueKey }), { name: /Issue/ });
    }
  });

  it('forgets the files of a folder that a link takes the place of, and reads them when it is a folder again', async () => {
    folder().write('outside/issues/01-start.md', ticket('open', 'Secret'));
    const opened = await open(SCRATCH);
    await untilRows(opened, [loose], [], () => {
      renameSync(folder().join('.scratch/timer'), folder().join('was'));
      symlinkSync(folder().join('outside'), folder().join('.scratch/timer'), 'junction');
    });
    await assert.rejects(opened.store.getIssue({ key: 'timer/issues/01-start' as IssueKey }), { code: 'notWritable' });
    await untilRows(opened, [loose, ...started], stopped, () => {
      unlinkSync(folder().join('.scratch/timer'));
      renameSync(folder().join('was'), folder().join('.scratch/timer'));
    });
    await untilRows(opened, [loose, 'timer/01-start active Start'], stopped, () =>
      folder().write('.scratch/timer/issues/01-start.md', ticket('claimed', 'Start')),
    );
  });

  it('leaves an untrusted workspace neither through its own folder nor through one inside', async () => {
    folder().write('outside/issues/09-secret.md', ticket('open', 'Secret'));
    folder().makeFolder('root');
    symlinkSync(folder().join('outside'), folder().join('root/.scratch'), 'junction');
    const confined = { ...SCRATCH, settings: { ...SETTINGS, confined: true } };
    const { store } = await open(confined, folder().join('root'));
    assert.deepEqual([store.state, store.failure?.kind, store.catalogue.size], ['unreadable', 'outside', 0]);
    await assert.rejects(store.getIssue({ key: 'issues/09-secret' as IssueKey }), { code: 'unreadable' });
    symlinkSync(folder().join('outside'), folder().join('.scratch/linked'), 'junction');
    const other = await open(confined);
    assert.deepEqual(rowsOf(other.store), { active: [loose, ...started], completed: stopped });
    const trusted = await open(SCRATCH, folder().join('root'));
    assert.deepEqual(keysOf(trusted.store), ['issues/09-secret'], 'only the folder of the store may be a link');
  });

  it('takes no folder for one with issues whose name is hidden or that of an issue', async () => {
    const opened = await open(SCRATCH);
    folder().writeAll({ '.scratch/.git/issues/04-x.md': ticket('open'), '.scratch/05-x.md/issues/06-y.md': ticket('open') });
    await untilRows(opened, [loose, 'timer/01-start active Start'], stopped, () =>
      folder().write('.scratch/timer/issues/01-start.md', ticket('claimed', 'Start')),
    );
    await opened.store.refresh();
    assert.equal(opened.store.catalogue.size, 3);
  });

  it('watches a folder whose name looks like that of a temporary file', async () => {
    const opened = await open(SCRATCH);
    folder().write('.scratch/timer.tmp/issues/01-x.md', ticket('open', 'X'));
    await opened.changes.until(() => opened.store.catalogue.size === 4, 'the new issue');
    folder().write('.scratch/timer.tmp/issues/02-y.md', ticket('open', 'Y'));
    await opened.changes.until(() => opened.store.catalogue.size === 5, 'another one');
  });

  it('tells issues of different features with one number apart', async () => {
    folder().write('.scratch/alarm/issues/01-ring.md', ticket('open', 'Ring'));
    const { store } = await open(SCRATCH);
    for (const ref of ['timer/1', 'timer/01', 'timer/01-start', 'timer/issues/01-start', 'timer/issues/01-start.md']) {
      assert.equal((await store.getIssue(ref)).key, 'timer/issues/01-start', ref);
    }
    assert.equal((await store.getIssue('alarm/1')).key, 'alarm/issues/01-ring');
    await assert.rejects(store.getIssue('timer/prd.md'), { name: 'IssueNotFoundError' });
  });
});

describe('IssueStore of a folder with front matter', () => {
  const { folder, open } = useStores();

  it('lists files at any depth by their words, and follows them', async () => {
    folder().writeAll({
      'notes/a/one.md': withFields({ id: 'ONE-1', title: 'One', status: 'doing', tags: '[x, y]' }),
      'notes/two.md': withFields({ title: 'Two', status: 'closed' }),
      'notes/README.md': 'no issue',
    });
    const opened = await open(NOTES);
    assert.deepEqual(rowsOf(opened.store), { active: ['ONE-1 active One'], completed: ['two done Two'] });
    assert.deepEqual(opened.store.catalogue.get('a/one' as IssueKey)?.summary.fields, { status: 'doing', labels: ['x', 'y'] });
    await untilRows(opened, ['ONE-1 active One', 'three open Three'], ['two done Two'], () =>
      folder().write('notes/a/b/c/d/three.md', withFields({ title: 'Three' })),
    );
  });
});

describe('IssueStore whose configuration says where its issues are', () => {
  const { folder, open } = useStores();
  const KANBAN = { format: KANBAN_MD_FORMAT, place: { folder: 'kanban', config: 'kanban/config.yml' } };
  const config = (tasks: string) => `next_id: 9\ntasks_dir: ${tasks}\nstatuses: [todo, doing, done]\n`;

  it('goes to other folders when it changes, and watches those', async () => {
    folder().writeAll({
      'kanban/config.yml': config('tasks'),
      'kanban/tasks/001-a.md': withFields({ id: '1', title: 'A', status: 'todo' }),
      'kanban/other/002-b.md': withFields({ id: '2', title: 'B', status: 'done' }),
    });
    const opened = await open(KANBAN);
    assert.deepEqual(rowsOf(opened.store), { active: ['1 open A'], completed: [] });
    await untilRows(opened, [], ['2 done B'], () => folder().write('kanban/config.yml', config('other')));
    assert.deepEqual(opened.changes.events.map(changedKeys), [{ ...NO_CHANGE, added: ['other/002-b'], removed: ['tasks/001-a'] }]);
    await untilRows(opened, ['2 active B'], [], () =>
      folder().write('kanban/other/002-b.md', withFields({ id: '2', title: 'B', status: 'doing' })),
    );
    folder().write('kanban/tasks/003-c.md', withFields({ id: '3', title: 'C', status: 'doing' }));
    await untilRows(opened, ['2 open B'], [], () =>
      folder().write('kanban/other/002-b.md', withFields({ id: '2', title: 'B', status: 'todo' })),
    );
    await untilRows(opened, [], [], () => folder().write('kanban/config.yml', config('../elsewhere')));
    await untilRows(opened, ['1 open A', '3 active C'], [], () => folder().write('kanban/config.yml', config('tasks')));
  });
});
