import assert from 'node:assert/strict';
import { renameSync } from 'node:fs';
import { ArrangedIssues } from '../../../../src/core/catalogue/arrangedIssues.ts';
import { DEFAULT_ARRANGEMENT } from '../../../../src/core/catalogue/arrangement.ts';
import { NodeDisk } from '../../../../src/core/disk/nodeDisk.ts';
import { ONLY_TICKS, type StoreFormat } from '../../../../src/core/formats/storeFormat.ts';
import { StoreSchema } from '../../../../src/core/formats/storeSchema.ts';
import type { IssueKey } from '../../../../src/core/issue/issue.ts';
import type { IssueState } from '../../../../src/core/issue/issueState.ts';
import { searchTitles } from '../../../../src/core/search/titleSearch.ts';
import { byHand } from '../../support/byHand.ts';
import { filterOf } from '../../support/filters.ts';
import { changedKeys, SETTINGS, useStores } from '../../support/openStore.ts';
import { rowsOf } from '../../support/otherFormats.ts';
import { fileStorage } from '../../support/storages.ts';

/** The words of the stages that the rack's label names, from left to right. */
interface Rack {
  readonly stages: readonly string[];
}

const STATES: readonly IssueState[] = ['open', 'active', 'review', 'done', 'dropped'];

/**
 * A format that nobody has: `tickets/<stage>/<letter><number>.md`, whose first line is the title with the assignee in front, e.g. `ann> Do it`.
 * A file without one is no ticket. `rack.txt` names the stages.
 */
const RACK_FORMAT: StoreFormat<Rack> = {
  id: 'rack',
  label: 'Ticket Rack',
  version: 1,
  detect: async (folder) =>
    (await folder.read('tickets/rack.txt')) === undefined ? [] : [{ folder: 'tickets', config: 'tickets/rack.txt' }],
  readConfig: (text) =>
    text === undefined || text === ''
      ? { config: { stages: ['todo', 'doing', 'check', 'done', 'bin'] }, problem: { line: 0, message: 'The rack has no stages.' } }
      : { config: { stages: text.trim().split(/\s+/) } },
  folders: ({ stages }) => stages.map((path) => ({ path, depth: 1 })),
  isIssueFile: (path) => /\/[a-z]\d+\.md$/.test(path),
  describe: (path, text) => {
    const [, assignee, title] = /^(\S+)> (.*)/.exec(text) ?? [];
    if (assignee === undefined || title === undefined) {
      return undefined;
    }
    const fields = { assignees: [assignee], ...(path.split('/').length > 2 && { parent: path.split('/')[1] ?? '' }) };
    return { ...idOf(path), title, fields, progress: { done: 0, total: 0 }, hasConflict: false };
  },
  describeName: (path) => ({ ...idOf(path), title: idOf(path).id }),
  stateOf: ({ key }, { stages }) => STATES[stages.indexOf(key.split('/')[0] ?? '')] ?? 'open',
  labelOf: ({ id }) => `<${id}>`,
  foldId: (ref) => ref.toLowerCase().replace(/^<|>$/g, ''),
  knownStatuses: ({ stages }) => stages,
  writes: ONLY_TICKS,
};

function idOf(path: string): { readonly id: string; readonly number: number } {
  const id = path.slice(path.lastIndexOf('/') + 1, -'.md'.length);
  return { id, number: Number(id.slice(1)) };
}

describe('a format that nobody has', () => {
  const { folder, open } = useStores();
  const RACK = { format: RACK_FORMAT, place: { folder: 'tickets', config: 'tickets/rack.txt' } };

  beforeEach(() => {
    folder().writeAll({
      'tickets/rack.txt': 'todo doing check done bin',
      'tickets/todo/a1.md': 'ann> Write\n\nneedle',
      'tickets/todo/big/a2.md': 'ann> Draw',
      'tickets/doing/b3.md': 'bob> Sing',
      'tickets/check/b4.md': 'no ticket',
      'tickets/done/c5.md': 'cid> Dance',
      'tickets/bin/c6.md': 'cid> Sleep',
      'tickets/else/d7.md': 'dan> Hide',
    });
  });
  const rows = { active: ['a1 open Write', 'a2 open Draw', 'b3 active Sing'], completed: ['c5 done Dance', 'c6 dropped Sleep'] };

  it('is listed, with its own states and fields', async () => {
    const { store, errors } = await open(RACK);
    assert.deepEqual([rowsOf(store), errors, store.format.label], [rows, [], 'Ticket Rack']);
    assert.deepEqual(store.catalogue.get('todo/big/a2' as IssueKey)?.summary.fields, { assignees: ['ann'], parent: 'big' });
    const summaries = await store.listSummaries();
    assert.deepEqual(
      summaries.map(({ id }) => id),
      ['a1', 'a2', 'b3', 'c5', 'c6'],
    );
    assert.deepEqual(
      (await store.listIssues()).map(({ content }) => content.slice(0, 5)),
      ['ann> ', 'ann> ', 'bob> ', 'cid> ', 'cid> '],
    );
    const { disk, options } = byHand();
    const stored = fileStorage({
      ...options,
      disk,
      folder: folder().join('tickets'),
      schema: new StoreSchema(RACK_FORMAT, 'todo doing check done bin'),
    });
    assert.deepEqual(await stored.listSummaries(), summaries);
    assert.equal((await stored.getIssue('<C5>')).title, 'Dance');
  });

  it('gives issues by its own ids, numbers and paths', async () => {
    const { store } = await open(RACK);
    for (const ref of ['a2', 'A2', '<a2>', '<A2>', 2, '#2', 'todo/big/a2', 'todo/big/a2.md']) {
      assert.equal((await store.getIssue(ref)).title, 'Draw', String(ref));
    }
    for (const ref of ['b4', 'check/b4', 'else/d7', 'todo/big/deep/a9', 'rack']) {
      await assert.rejects(store.getIssue(ref), { name: 'IssueNotFoundError' }, ref);
    }
    await assert.rejects(store.for('test').markComplete('a1'), { code: 'readOnly', message: /Ticket Rack/ });
  });

  it('is searched and filtered', async () => {
    const { store } = await open(RACK);
    const found: string[] = [];
    await store.searchTexts('needle', { limit: 9, onMatch: ({ summary }) => void found.push(summary.id) });
    assert.deepEqual(found, ['a1']);
    const { catalogue } = store;
    const lists = [catalogue.active, catalogue.completed].map((issues) => ({ issues, catalogue }));
    const titles = await searchTitles(lists, filterOf('dance'), 9);
    assert.deepEqual(
      titles.map(({ summary }) => summary.id),
      ['c5'],
    );
    const filtered = new ArrangedIssues({ catalogue: store.catalogue, arrangement: DEFAULT_ARRANGEMENT, test: filterOf('s') });
    await filtered.fill();
    store.onDidChange((change) => void filtered.apply(change));
    const shown = () =>
      filtered.names.map((group) =>
        filtered
          .issuesOf(group)
          .slice(0, 9)
          .map(({ title }) => title),
      );
    assert.deepEqual(shown(), [['Sing'], ['Sleep']]);
    folder().write('tickets/todo/a1.md', 'ann> Sit');
    renameSync(folder().join('tickets/doing/b3.md'), folder().join('tickets/done/b3.md'));
    await store.refresh();
    assert.deepEqual(shown(), [['Sit'], ['Sleep', 'Sing']]);
  });

  it('is followed: files, folders, and its label', async () => {
    const opened = await open(RACK);
    const { store, changes } = opened;
    renameSync(folder().join('tickets/todo/a1.md'), folder().join('tickets/done/a1.md'));
    await changes.until(() => rowsOf(store).completed[0] === 'a1 done Write', 'the move');
    folder().write('tickets/check/small/b4.md', 'bob> Test');
    await changes.until(() => rowsOf(store).active.includes('b4 review Test'), 'the file in a new folder');
    folder().write('tickets/check/b4.md', 'bob> Now a ticket');
    await changes.until(() => store.catalogue.withNumber(4).length === 2, 'the file that became one');
    folder().write('tickets/rack.txt', 'todo else');
    await changes.until(() => rowsOf(store).active.includes('d7 active Hide'), 'another label');
    assert.deepEqual(rowsOf(store), { active: ['a2 open Draw', 'd7 active Hide'], completed: [] });
    folder().write('tickets/else/d8.md', 'dan> Seek');
    await changes.until(() => store.catalogue.size === 3, 'a file in its new folder');
  });

  it('is told anew by words alone, of files that stay', async () => {
    const { disk, options } = byHand();
    const { store, changes } = await open({ ...RACK, ...options });
    disk.reset();
    folder().write('tickets/rack.txt', 'bin check todo doing done');
    await store.refresh();
    assert.deepEqual(rowsOf(store), {
      active: ['a1 review Write', 'a2 review Draw', 'c6 open Sleep'],
      completed: ['b3 done Sing', 'c5 dropped Dance'],
    });
    assert.deepEqual(changes.events.map(changedKeys), [
      {
        added: ['bin/c6', 'doing/b3'],
        changed: ['done/c5', 'todo/a1', 'todo/big/a2'],
        removed: ['bin/c6', 'doing/b3'],
      },
    ]);
    const read = disk.calls.filter(({ method, path }) => method.startsWith('read') && path.endsWith('.md'));
    assert.deepEqual(
      read.map(({ path }) => path),
      [folder().join('tickets/check/b4.md')],
      'what is no ticket is not known, so that it is read at each look',
    );
  });

  it('is kept from one session to the next', async () => {
    const indexFolder = folder().join('index');
    const first = await open({ ...RACK, ...byHand().options, indexFolder });
    await first.store.saveIndex();
    const summaries = await first.store.listSummaries();
    first.store.dispose();
    const { disk, options } = byHand();
    const { store, changes } = await open({ ...RACK, ...options, indexFolder });
    assert.deepEqual(await store.listSummaries(), summaries);
    assert.equal(disk.calls.filter(({ method, path }) => method.startsWith('read') && path.endsWith('.md')).length, 1);
    assert.deepEqual(changes.events.map(changedKeys), []);
  });

  it('may have no label, and says so', async () => {
    folder().remove('tickets/rack.txt');
    const { store } = await open({ ...RACK, disk: new NodeDisk(), settings: { ...SETTINGS, confined: true } });
    assert.deepEqual(rowsOf(store), rows);
    assert.equal(new StoreSchema(RACK_FORMAT).problem?.message, 'The rack has no stages.');
  });
});
