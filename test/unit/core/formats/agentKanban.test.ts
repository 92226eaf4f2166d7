import assert from 'node:assert/strict';
import { AGENT_KANBAN_FORMAT } from '../../../../src/core/formats/agentKanban.ts';
import { loadYaml } from '../../../../src/core/markdown/yamlReader.ts';
import { itReadsBrokenTexts } from '../../support/brokenIssueTexts.ts';
import { itReadsTheCorpora } from '../../support/issueCorpora.ts';
import { issuesAmong } from '../../support/storeFixture.ts';

const BOARD = 'lanes:\n  - ideas\n  - todo\n  - doing\n  - polishing\n  - done\n';
const TASK = `---
title: Keep the order
lane: polishing
created: 2026-03-01T08:00:00.000Z
updated: 2026-03-02T09:30:00.000Z
description: Rows jump
priority: high
assignee: ann
labels: [ui, tree]
dueDate: 2026-05-01
sortOrder: 2.5
dependsOn: [fix-the-rows]
---

## Conversation

- [x] done
`;
const TASKS = '.agentkanban/tasks';

describe('the format of agent-kanban', () => {
  before(loadYaml);

  itReadsTheCorpora('agent-kanban', AGENT_KANBAN_FORMAT);
  itReadsBrokenTexts(AGENT_KANBAN_FORMAT, 'tasks/task_1_a.md', TASK, { lanes: [] });

  it('reads all fields of a task', async () => {
    const path = `${TASKS}/task_20260301_a1b2c3_keep_the_order.md`;
    const issues = await issuesAmong({ '.agentkanban/board.yaml': BOARD, [path]: TASK }, AGENT_KANBAN_FORMAT);
    assert.deepEqual(issues[path], {
      path,
      id: 'task_20260301_a1b2c3_keep_the_order',
      title: 'Keep the order',
      state: 'active',
      fields: {
        status: 'polishing',
        priority: 'high',
        labels: ['ui', 'tree'],
        assignees: ['ann'],
        dependencies: ['fix-the-rows'],
        created: Date.UTC(2026, 2, 1, 8),
        updated: Date.UTC(2026, 2, 2, 9, 30),
        due: '2026-05-01',
        order: '2.5',
      },
      progress: { done: 1, total: 1 },
      hasConflict: false,
    });
  });

  it('lists tasks and archived tasks of a board, and nothing that its tool passes over', async () => {
    const task = (lane: string) => `---\ntitle: T\nlane: ${lane}\n---\n`;
    const issues = await issuesAmong(
      {
        '.agentkanban/board.yaml': BOARD,
        [`${TASKS}/task_1_first.md`]: task('ideas'),
        [`${TASKS}/task_2_started.md`]: task('doing'),
        [`${TASKS}/task_3_unknown.md`]: task('somewhere'),
        [`${TASKS}/task_4_done.md`]: task('done'),
        [`${TASKS}/task_5_todo.md`]: task('todo'),
        [`${TASKS}/archive/task_6_done.md`]: task('done'),
        [`${TASKS}/archive/task_7_left.md`]: task('doing'),
        [`${TASKS}/task_8_quite_broken.md`]: '---\nlane: done\nlabels: [a\n---\n\n## Conversation\n',
        [`${TASKS}/task_9_nothing.md`]: '# No front matter\n',
        [`${TASKS}/task_10_list.md`]: '---\ntitle: [a]\nlane: done\n---\n',
        [`${TASKS}/task_12_number.md`]: '---\ntitle: 404\nlane: done\n---\n',
        [`${TASKS}/task_13_text.md`]: '---\ntitle: "404"\nlane: done\n---\n',
        [`${TASKS}/todo_1_first.md`]: task('done'),
        [`${TASKS}/notes.md`]: task('done'),
        [`${TASKS}/elsewhere/task_11_deep.md`]: task('done'),
      },
      AGENT_KANBAN_FORMAT,
    );
    const seen = Object.values(issues).map(({ path, title, state, problem }) => [path.slice(TASKS.length + 1), title, state, !!problem]);
    assert.deepEqual(seen, [
      ['archive/task_6_done.md', 'T', 'done', false],
      ['archive/task_7_left.md', 'T', 'dropped', false],
      ['task_13_text.md', '404', 'done', false],
      ['task_1_first.md', 'T', 'open', false],
      ['task_2_started.md', 'T', 'active', false],
      ['task_3_unknown.md', 'T', 'active', false],
      ['task_4_done.md', 'T', 'done', false],
      ['task_5_todo.md', 'T', 'open', false],
      ['task_8_quite_broken.md', 'quite broken', 'done', true],
    ]);
  });

  it('is found by its board alone', async () => {
    assert.deepEqual(await issuesAmong({ [`${TASKS}/task_1_a.md`]: TASK }, AGENT_KANBAN_FORMAT), {});
  });

  it('knows the lanes of the board', () => {
    const lanes = (text?: string) => AGENT_KANBAN_FORMAT.knownStatuses?.(AGENT_KANBAN_FORMAT.readConfig(text).config);
    assert.deepEqual(lanes(BOARD), ['ideas', 'todo', 'doing', 'polishing', 'done']);
    assert.deepEqual(lanes(BOARD.replaceAll('\n', '\r\n')), lanes(BOARD));
    assert.equal(lanes(undefined), undefined);
    assert.equal(AGENT_KANBAN_FORMAT.readConfig('lanes: [a\n').problem?.line, 0);
  });

  it('knows a task by its slug', () => {
    const refs = [
      'task_008_desktop_app',
      'task_20260301_a1b2c3_desktop_app',
      'task_20260301_101500123_a1b2c3_desktop_app',
      'task_20260301101500123_a1b2c3_desktop_app',
      'desktop-app',
    ];
    assert.deepEqual([...new Set(refs.map((ref) => AGENT_KANBAN_FORMAT.foldId(ref)))], ['desktop-app']);
    assert.deepEqual(AGENT_KANBAN_FORMAT.describeName('tasks/task_008_desktop_app.md', { lanes: [] }), {
      id: 'task_008_desktop_app',
      title: 'desktop app',
    });
  });
});
