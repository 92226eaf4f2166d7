import assert from 'node:assert/strict';
import { renameSync, symlinkSync } from 'node:fs';
import type { IssueChange } from '../../../../src/core/catalogue/issueCatalogue.ts';
import type { IssueKey } from '../../../../src/core/issue/issue.ts';
import type { IssueStore } from '../../../../src/core/store/issueStore.ts';
import { eventually } from '../../../support/polling.ts';
import { byHand } from '../../support/byHand.ts';
import { CountingDisk } from '../../support/countingDisk.ts';
import { AUDIT_ROUND_MS, changedKeys, NO_CHANGE, SETTINGS, useStores } from '../../support/openStore.ts';
import { BACKLOG, backlogConfig, rowsOf, withFields } from '../../support/otherFormats.ts';
import { inTime } from '../../support/recording.ts';
import { settled } from '../../support/settled.ts';

const CONFIG = 'backlog/config.yml';
const [ONE, TWO, THREE] = ['tasks/back-1 - One', 'tasks/back-2 - Two', 'tasks/back-3 - Three'] as const;
const task = (id: string, status: string) => withFields({ id, title: id, status });

/** What was read, but for the configuration. */
const issuesRead = (disk: CountingDisk) =>
  disk.calls.filter(({ method, path }) => (method === 'read' || method === 'readSync') && !path.endsWith('config.yml'));

const stateIn = (store: IssueStore, key: string) => store.catalogue.get(key as IssueKey)?.summary.state;

describe('IssueStore, its configuration', () => {
  const { folder, make, open } = useStores();
  const writeConfig = (statuses: readonly string[], more = 'task_prefix: back\n') => folder().write(CONFIG, backlogConfig(statuses, more));

  beforeEach(() => {
    writeConfig(['To Do', 'Doing', 'Done']);
    folder().writeAll({
      [`backlog/${ONE}.md`]: task('BACK-1', 'To Do'),
      [`backlog/${TWO}.md`]: task('BACK-2', 'Done'),
      [`backlog/${THREE}.md`]: task('BACK-3', 'Parked'),
    });
  });

  it('derives states anew when it changes, in one event, and reads no issue', async () => {
    const disk = new CountingDisk();
    const opened = await open({ ...BACKLOG, disk });
    disk.reset();
    writeConfig(['To Do', 'Done', 'Parked']);
    await opened.changes.until((events) => events.length > 0, 'the change');
    assert.deepEqual(opened.changes.events.map(changedKeys), [{ ...NO_CHANGE, added: [THREE], removed: [THREE] }]);
    assert.deepEqual(rowsOf(opened.store), {
      active: ['BACK-1 open BACK-1'],
      completed: ['BACK-2 done BACK-2', 'BACK-3 done BACK-3'],
    });
    await opened.store.refresh();
    assert.deepEqual(issuesRead(disk), []);
  });

  it('counts as it was written last, and is nothing without which the store could not be read', async () => {
    const { store } = await open({ ...BACKLOG, ...byHand().options });
    const states = () => [ONE, TWO, THREE].map((key) => stateIn(store, key));
    for (const [text, expected] of [
      ['statuses: [Done, To Do]\ntask_prefix: back\n', ['done', 'open', 'open']],
      ['statuses: [Done, "To Do\ntask_prefix: back\n', ['done', 'open', 'open']],
      ['statuses: Parked\ntask_prefix: back\n', ['open', 'done', 'open']],
      ['statuses: [To Do, Parked]\ntask_prefix: back\n: {', ['open', 'done', 'done']],
      [`statuses: [To Do, Parked]\ntask_prefix: back\n#${'x: '.repeat(1e6)}`, ['open', 'done', 'done']],
      ['<<<<<<< a\nstatuses: [To Do, Parked]\n=======\nstatuses: [x]\n>>>>>>> b\ntask_prefix: back\n', ['open', 'done', 'done']],
      ['\0\u{ffff}', []],
      [Buffer.from([0xff, 0xfe]), []],
      [undefined, []],
      ['statuses: [Parked, Done, To Do]\ntask_prefix: back\n', ['done', 'done', 'open']],
    ] as const) {
      if (text === undefined) {
        folder().remove(CONFIG);
      } else {
        folder().write(CONFIG, text);
      }
      await store.refresh();
      const there = expected.length === 0 ? [undefined, undefined, undefined] : expected;
      assert.deepEqual(states(), there, String(text).slice(0, 80));
      assert.deepEqual([store.state, store.failure], ['ready', undefined]);
    }
  });

  it('is noticed when it is replaced, moved away and brought back', async () => {
    const opened = await open(BACKLOG);
    const untilThree = (state: string | undefined) =>
      opened.changes.until(() => stateIn(opened.store, THREE) === state && stateIn(opened.store, TWO) !== undefined, `${state}`);
    folder().write('backlog/new.tmp', backlogConfig(['Parked', 'Done'], 'task_prefix: back\n'));
    renameSync(folder().join('backlog/new.tmp'), folder().join(CONFIG));
    await untilThree('open');
    renameSync(folder().join(CONFIG), folder().join('aside.yml'));
    await opened.changes.until(() => opened.store.catalogue.size === 0, 'the prefix to be the usual one');
    renameSync(folder().join('aside.yml'), folder().join(CONFIG));
    await untilThree('open');
  });

  it('and the issues that change with it are told of together, so that no row mixes old and new', async () => {
    const { watchers, time, options } = byHand();
    const opened = await open({ ...BACKLOG, ...options });
    const seen: string[] = [];
    opened.store.onDidChange(({ added, changed }: IssueChange) => {
      seen.push(...[...added, ...changed].map(({ id, fields, state }) => `${id} ${fields.status} ${state}`));
    });
    const change = () => {
      writeConfig(['Now', 'To Do', 'Later']);
      folder().writeAll({ [`backlog/${ONE}.md`]: task('BACK-1', 'Later'), [`backlog/${TWO}.md`]: task('BACK-2', 'Now') });
    };
    const expected = ['BACK-1 Later done', 'BACK-2 Now open'];
    change();
    await opened.store.refresh();
    await settled();
    assert.deepEqual(seen.sort(), expected);

    writeConfig(['To Do', 'Doing', 'Done']);
    folder().writeAll({ [`backlog/${ONE}.md`]: task('BACK-1', 'To Do'), [`backlog/${TWO}.md`]: task('BACK-2', 'Done') });
    await opened.store.refresh();
    await settled();
    seen.length = 0;
    opened.changes.events.length = 0;
    change();
    // As the watcher tells of it: one name after another, the configuration first.
    watchers[0]?.hint('everything');
    for (const name of ['back-1 - One.md', 'back-2 - Two.md']) {
      watchers[0]?.hint({ folder: 'tasks', name });
    }
    time.advance(SETTINGS.coalescingWindow);
    await opened.changes.until((events) => events.length > 0, 'the change');
    await opened.store.refresh();
    assert.deepEqual(seen.sort(), expected);
    assert.equal(opened.changes.events.length, 1);
  });

  it('is taken over with the issues that came with it, if they are told of first', async () => {
    const { watchers, time, options } = byHand();
    const opened = await open({ ...BACKLOG, ...options });
    opened.changes.events.length = 0;
    writeConfig(['Now', 'To Do', 'Later']);
    folder().write(`backlog/${ONE}.md`, task('BACK-1', 'Later'));
    watchers[0]?.hint({ folder: 'tasks', name: 'back-1 - One.md' });
    time.advance(SETTINGS.coalescingWindow);
    await opened.changes.until((events) => events.length > 0, 'the change');
    assert.equal(stateIn(opened.store, ONE), 'done');
    assert.equal(opened.changes.events.length, 1);
  });

  it('counts on while it is gone, until it is quiet, because the issues may be about to go, too', async () => {
    const { watchers, time, disk, options } = byHand();
    const { store, changes } = await open({ ...BACKLOG, ...options });
    writeConfig(['To Do', 'Done', 'Parked']);
    await store.refresh();
    const look = async () => {
      disk.reset();
      watchers[0]?.hint('everything');
      time.advance(SETTINGS.coalescingWindow);
      await eventually(() => assert.ok(disk.count('list') > 0));
      await store.refresh();
    };
    changes.events.length = 0;
    folder().remove(CONFIG);
    await look();
    folder().remove(`backlog/${ONE}.md`);
    await look();
    folder().remove('backlog');
    await look();
    const told = changes.events.map(changedKeys);
    assert.deepEqual(told, [
      { ...NO_CHANGE, removed: [ONE] },
      { ...NO_CHANGE, removed: [TWO, THREE] },
    ]);

    writeConfig(['To Do', 'Done', 'Parked']);
    folder().write(`backlog/${THREE}.md`, task('BACK-3', 'Parked'));
    await look();
    assert.equal(stateIn(store, THREE), 'done');
    folder().write(CONFIG, 'task_prefix: back');
    await look();
    assert.equal(stateIn(store, THREE), 'open', 'another one counts at once');
    folder().remove(CONFIG);
    await look();
    assert.equal(store.catalogue.size, 1);
    time.advance(1_000);
    await changes.until(() => store.catalogue.size === 0, 'the usual prefix to count');
  });

  it('says how names and ids are read: another prefix is another list', async () => {
    folder().writeAll({ 'backlog/tasks/job-4 - Four.md': task('4', 'To Do'), [`backlog/${ONE}.md`]: task('1', 'To Do') });
    const opened = await open({ ...BACKLOG, ...byHand().options });
    assert.deepEqual(rowsOf(opened.store).active, ['BACK-1 open 1', 'BACK-3 open BACK-3']);
    writeConfig(['To Do', 'Done'], 'task_prefix: job\n');
    await opened.store.refresh();
    assert.deepEqual(rowsOf(opened.store), { active: ['JOB-4 open 4'], completed: [] });
    assert.deepEqual(opened.changes.events.map(changedKeys), [{ added: ['tasks/job-4 - Four'], changed: [], removed: [ONE, TWO, THREE] }]);
    folder().write('backlog/tasks/job-5 - Five.md', withFields({ id: '5', status: 'To Do', parent_task_id: '4' }));
    folder().write('backlog/drafts/draft-1 - Idea.md', withFields({ id: 'DRAFT-1', title: 'Idea', status: 'Draft', dependencies: '[4]' }));
    await opened.store.refresh();
    const dependencies = () => opened.store.catalogue.get('drafts/draft-1 - Idea' as IssueKey)?.summary.fields.dependencies;
    assert.deepEqual(dependencies(), ['JOB-4']);
    opened.changes.events.length = 0;
    writeConfig(['To Do', 'Done'], 'task_prefix: back\n');
    await opened.store.refresh();
    assert.deepEqual(dependencies(), ['BACK-4']);
    assert.deepEqual(
      opened.changes.events.flatMap((event) => changedKeys(event).changed),
      ['drafts/draft-1 - Idea'],
    );
  });

  it('is noticed within one round where nobody watches', async () => {
    const { watchers, time, options } = byHand();
    const opened = await open({ ...BACKLOG, ...options });
    watchers[0]?.fail('no more watches');
    writeConfig(['Parked', 'Done', 'To Do']);
    time.advance(AUDIT_ROUND_MS);
    await opened.changes.until(() => stateIn(opened.store, ONE) === 'done', 'the new states');
  });

  for (const [title, link] of [
    ['itself', () => symlinkSync(folder().join('outside/config.yml'), folder().join('root', CONFIG))],
    ['on the way to it', () => symlinkSync(folder().join('outside'), folder().join('root/settings'), 'junction')],
  ] as const) {
    it(`is not read outside of a workspace that is not trusted, through a link ${title}`, async () => {
      folder().writeAll({ [`root/backlog/${ONE}.md`]: task('BACK-1', 'Secret'), 'outside/config.yml': backlogConfig(['x', 'Secret']) });
      link();
      const place = title === 'itself' ? BACKLOG.place : { folder: 'backlog', config: 'settings/config.yml' };
      const { disk, options } = byHand();
      const { store } = await open({ ...BACKLOG, place, ...options, settings: { ...SETTINGS, confined: true } }, folder().join('root'));
      assert.deepEqual([store.state, store.catalogue.size], ['ready', 0]);
      assert.ok(!disk.calls.some(({ method, path }) => method.startsWith('read') && path.endsWith('config.yml')));
    });
  }

  describe('from one session to the next', () => {
    const indexFolder = () => folder().join('index');
    async function session(options = {}): Promise<void> {
      const { store } = await open({ ...BACKLOG, ...byHand().options, indexFolder: indexFolder(), ...options });
      await store.saveIndex();
      store.dispose();
    }
    /** Opens the store and looks at it before and after it has looked at the disk. */
    async function next(options = {}) {
      const hand = byHand();
      const list = hand.disk.pause({ method: 'list' });
      const opened = make({ ...BACKLOG, ...hand.options, indexFolder: indexFolder(), ...options });
      const opening = opened.store.open();
      await inTime(list.reached, 'the first look at the disk');
      const atFirst = opened.store.catalogue.summaries();
      list.resume();
      await inTime(opening, 'the store to open');
      return {
        ...opened,
        store: opened.store,
        atFirst,
        read: issuesRead(hand.disk).map(({ path }) => path.slice(folder().path.length + 9)),
      };
    }

    it('every value comes back, and no issue is read', async () => {
      folder().writeAll({
        'backlog/tasks/back-5 - Five.md': withFields(
          {
            ...{ id: 'back-5', title: 'Five', status: 'Doing', priority: 'high', labels: '[a, b]', assignee: '[x]', milestone: 'm1' },
            ...{ type: 'bug', created_date: '2025-01-02', due_date: '2025-03-04', ordinal: '7', dependencies: '[1, 2]' },
          },
          '- [x] a\n- [ ] b\n',
        ),
        'backlog/tasks/back-6 - Six.md': '---\nid: BACK-6\nstatus: [a\n---\n',
      });
      await session();
      const { store, atFirst, read, changes } = await next();
      assert.deepEqual(read, []);
      assert.deepEqual(await store.listSummaries(), atFirst);
      assert.equal(changes.events.length, 1);
      const five = atFirst.find(({ id }) => id === 'BACK-5');
      assert.deepEqual([five?.state, five?.fields.labels, five?.progress], ['active', ['a', 'b'], { done: 1, total: 2 }]);
      assert.equal(typeof atFirst.find(({ id }) => id === 'BACK-6')?.textProblem?.message, 'string');
    });

    it('states are those of a configuration that has changed meanwhile', async () => {
      await session();
      writeConfig(['Parked', 'Done', 'To Do']);
      const { store, atFirst, read } = await next();
      assert.deepEqual([read, atFirst.map(({ state }) => state)], [[], ['done', 'done', 'open']]);
      assert.deepEqual(await store.listSummaries(), atFirst);
    });

    it('nothing is trusted that was read by another prefix', async () => {
      folder().write(`backlog/drafts/draft-1 - Idea.md`, withFields({ id: '1', title: 'Idea', dependencies: '[4]' }));
      await session();
      writeConfig(['To Do', 'Done'], 'task_prefix: job\n');
      const { store, atFirst, read } = await next();
      assert.deepEqual([atFirst, read], [[], ['drafts/draft-1 - Idea.md']]);
      assert.deepEqual(
        (await store.listSummaries()).map(({ fields }) => fields.dependencies),
        [['JOB-4']],
      );
    });

    it('nothing is trusted that a store of other folders has saved', async () => {
      await session();
      const only = { glob: 'drafts', fits: (path: string) => path === 'drafts' };
      const { store, atFirst } = await next({ place: { ...BACKLOG.place, only } });
      assert.deepEqual([atFirst, store.catalogue.size], [[], 0]);
    });

    it('nothing is trusted that another format, or another version of it, has saved', async () => {
      for (const format of [
        { ...BACKLOG.format, version: BACKLOG.format.version + 1 },
        { ...BACKLOG.format, id: 'other' },
      ]) {
        await session({ format });
        const { atFirst, read } = await next();
        assert.deepEqual([atFirst, read.length], [[], 3], format.id);
      }
    });
  });
});
