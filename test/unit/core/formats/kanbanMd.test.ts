import assert from 'node:assert/strict';
import { KANBAN_MD_FORMAT } from '../../../../src/core/formats/kanbanMd.ts';
import { loadYaml } from '../../../../src/core/markdown/yamlReader.ts';
import { itReadsBrokenTexts } from '../../support/brokenIssueTexts.ts';
import { itReadsTheCorpora } from '../../support/issueCorpora.ts';
import { issuesAmong } from '../../support/storeFixture.ts';

const CONFIG = `version: 11
tasks_dir: tasks
statuses:
    - name: planned
    - name: todo
    - name: in-progress
      require_claim: true
    - name: waiting
    - name: review
    - name: live
    - name: archived
next_id: 9
`;
const TASK = `---
id: 7
title: 'Cache: keep the newest'
status: waiting
priority: high
created: 2026-03-17T15:27:27.785854+01:00
updated: 2026-03-18T09:00:00Z
assignee: ann
tags:
    - cache
due: 2026-04-01
parent: 2
depends_on:
    - 1
    - 3
---

- [x] one
- [ ] two
`;

describe('the format of kanban-md', () => {
  before(loadYaml);

  itReadsTheCorpora('kanban-md', KANBAN_MD_FORMAT);
  itReadsBrokenTexts(KANBAN_MD_FORMAT, 'tasks/007-cache.md', TASK, { tasksFolder: 'tasks', statuses: ['todo', 'done'] });

  it('reads all fields of a task', async () => {
    const issues = await issuesAmong({ 'kanban/config.yml': CONFIG, 'kanban/tasks/007-cache.md': TASK }, KANBAN_MD_FORMAT);
    assert.deepEqual(issues, {
      'kanban/tasks/007-cache.md': {
        path: 'kanban/tasks/007-cache.md',
        id: '7',
        number: 7,
        title: 'Cache: keep the newest',
        state: 'active',
        fields: {
          status: 'waiting',
          priority: 'high',
          labels: ['cache'],
          assignees: ['ann'],
          parent: '2',
          dependencies: ['1', '3'],
          created: Date.UTC(2026, 2, 17, 14, 27, 27, 785),
          updated: Date.UTC(2026, 2, 18, 9),
          due: '2026-04-01',
        },
        progress: { done: 1, total: 2 },
        hasConflict: false,
      },
    });
  });

  it('is found by its configuration alone', async () => {
    assert.deepEqual(await issuesAmong({ 'kanban/config.yml': 'title: my board\n', 'kanban/tasks/001-a.md': TASK }, KANBAN_MD_FORMAT), {});
    assert.deepEqual(await issuesAmong({ 'kanban/tasks/001-a.md': TASK }, KANBAN_MD_FORMAT), {});
  });

  for (const [status, state] of Object.entries({
    planned: 'open',
    todo: 'open',
    backlog: 'open',
    'in-progress': 'active',
    waiting: 'active',
    elsewhere: 'active',
    review: 'review',
    live: 'done',
    done: 'done',
    archived: 'dropped',
  })) {
    it(`takes ${status} for ${state} by the order of the columns`, async () => {
      const task = TASK.replace('status: waiting', `status: ${status}`);
      const issues = await issuesAmong({ 'kanban/config.yml': CONFIG, 'kanban/tasks/007-cache.md': task }, KANBAN_MD_FORMAT);
      assert.equal(issues['kanban/tasks/007-cache.md']?.state, state);
    });
  }

  it('takes a task without a status for open, and the last column of a board without an archive for done', () => {
    const { config } = KANBAN_MD_FORMAT.readConfig('tasks_dir: tasks\nstatuses: [todo, doing, out]\nnext_id: 1\n');
    const stateOf = (fields: { status?: string }) =>
      KANBAN_MD_FORMAT.stateOf({ key: 'tasks/001-a' as never, fields, progress: undefined }, config);
    assert.deepEqual([stateOf({}), stateOf({ status: 'out' }), stateOf({ status: 'archived' })], ['open', 'done', 'dropped']);
    assert.deepEqual(KANBAN_MD_FORMAT.knownStatuses?.(config), ['todo', 'doing', 'out']);
  });

  it('looks for tasks where the configuration says, and says where they are not shown', async () => {
    const folders = (text: string | undefined) => {
      const { config, problem } = KANBAN_MD_FORMAT.readConfig(text);
      return [KANBAN_MD_FORMAT.folders(config).map(({ path }) => path), problem?.line];
    };
    assert.deepEqual(folders(CONFIG.replaceAll('\n', '\r\n')), [['tasks'], undefined]);
    assert.deepEqual(folders(undefined), [['tasks'], undefined]);
    assert.deepEqual(folders('tasks_dir: ./work/items/\nnext_id: 1\n'), [['work/items'], undefined]);
    assert.deepEqual(folders('next_id: 1\ntasks_dir: ../elsewhere\n'), [[], 1]);
    assert.deepEqual(folders('tasks_dir: tasks\nstatuses: [todo\n')[0], ['tasks']);
    assert.notEqual(folders('tasks_dir: tasks\nstatuses: [todo\n')[1], undefined);
    assert.equal(KANBAN_MD_FORMAT.configOf?.('docs/board'), 'docs/board/config.yml');
  });

  it('lists what cannot be read by its name, and leaves notes out', async () => {
    const issues = await issuesAmong(
      {
        'kanban/config.yml': CONFIG,
        'kanban/tasks/001-no-front-matter.md': 'Only text\n',
        'kanban/tasks/002-empty.md': '',
        'kanban/tasks/003-broken.md': '---\nid: 3\ntitle: Fix: this\nstatus: live\n---\n',
        'kanban/tasks/005-without-title.md': '---\nid: 5\nstatus: live\n---\n## Notes\n',
        'kanban/tasks/004-toml.md': '+++\nid = 4\n+++\n# With TOML\n',
        'kanban/tasks/odd name.md': '---\nid: 12\ntitle: Other name\n---\n',
        'kanban/tasks/notes.md': '# Notes\n',
        'kanban/tasks/001-file.txt': TASK,
        'kanban/tasks/deeper/001-below.md': TASK,
        'kanban/001-outside.md': TASK,
      },
      KANBAN_MD_FORMAT,
    );
    const seen = Object.entries(issues).map(([path, { id, title, state, problem }]) => [path, id, title, state, problem?.line]);
    assert.deepEqual(seen, [
      ['kanban/tasks/001-no-front-matter.md', '1', 'Only text', 'open', 0],
      ['kanban/tasks/002-empty.md', '2', 'empty', 'open', 0],
      ['kanban/tasks/003-broken.md', '3', 'Fix: this', 'done', 2],
      ['kanban/tasks/004-toml.md', '4', 'toml', 'open', 0],
      ['kanban/tasks/005-without-title.md', '5', 'without title', 'done', undefined],
      ['kanban/tasks/odd name.md', '12', 'Other name', 'open', undefined],
    ]);
  });

  it('knows the spellings of a reference', () => {
    assert.deepEqual(
      ['12', '#12', '012', '#0012', ' 12 '].map((ref) => KANBAN_MD_FORMAT.foldId(ref)),
      ['12', '12', '12', '12', '12'],
    );
    assert.equal(KANBAN_MD_FORMAT.foldId('0'), '0');
    const key = 'tasks/012-a' as never;
    assert.equal(KANBAN_MD_FORMAT.labelOf({ key, ...KANBAN_MD_FORMAT.describeName('tasks/012-a.md', {} as never) }), '#12');
  });
});
