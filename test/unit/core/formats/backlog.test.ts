import assert from 'node:assert/strict';
import { BACKLOG_FORMAT, type BacklogConfig } from '../../../../src/core/formats/backlog.ts';
import type { IssueKey } from '../../../../src/core/issue/issue.ts';
import { loadYaml } from '../../../../src/core/markdown/yamlReader.ts';
import { itReadsBrokenTexts } from '../../support/brokenIssueTexts.ts';
import { describedIssues, probeOf } from '../../support/describedIssues.ts';
import { itReadsTheCorpora } from '../../support/issueCorpora.ts';
import { useTemporaryFolder } from '../../support/temporaryFolder.ts';

const CONFIG: BacklogConfig = { statuses: ['To Do', 'In Progress', 'Waiting', 'Review', 'Done'], prefix: 'back' };

const TASK = `---
id: back-12
title: 'Let people undo: all of it'
status: In Progress
assignee:
  - '@ann'
  - Bob
reporter: '@cy'
created_date: '2026-01-31 14:30'
updated_date: 2026-02-01
due_date: '2026-03-01 12:00'
labels: [core, ui]
milestone: m-1
dependencies:
  - back-3
  - task-4
parent_task_id: back-2
priority: High
type: feature
ordinal: 2000
---

## Description

Undo takes one step back.

## Acceptance Criteria
<!-- AC:BEGIN -->
- [x] #1 One step
- [ ] #2 All steps
<!-- AC:END -->
`;

describe('the format of Backlog.md', () => {
  const folder = useTemporaryFolder();
  before(loadYaml);

  itReadsTheCorpora('backlog', BACKLOG_FORMAT);
  itReadsBrokenTexts(BACKLOG_FORMAT, 'tasks/back-12 - Undo.md', TASK, CONFIG);

  const describeTask = (text: string, path = 'tasks/back-12 - Undo-it.md') => {
    const description = BACKLOG_FORMAT.describe(path, text, CONFIG);
    assert(description !== undefined);
    return description;
  };
  const stateOf = (key: string, status?: string, config = CONFIG) =>
    BACKLOG_FORMAT.stateOf({ key: key as IssueKey, fields: status === undefined ? {} : { status }, progress: undefined }, config);

  describe('finds', () => {
    const detect = async () => (await BACKLOG_FORMAT.detect(probeOf(folder().path))).map((place) => ({ ...place }));

    it('no store without a configuration', async () => {
      folder().write('backlog/tasks/task-1 - A.md');
      assert.deepEqual(await detect(), []);
    });

    it('both usual folders with a configuration of either name', async () => {
      folder().writeAll({ 'backlog/config.yaml': '', '.backlog/config.yml': '', '.backlog/config.yaml': '' });
      assert.deepEqual(await detect(), [
        { folder: 'backlog', config: 'backlog/config.yaml' },
        { folder: '.backlog', config: '.backlog/config.yml' },
      ]);
    });

    it('the folder that the configuration of the project names, and those beside it', async () => {
      folder().writeAll({ 'backlog.config.yml': 'backlog_directory: "docs/work/"\r\n', 'backlog/config.yml': '' });
      assert.deepEqual(await detect(), [
        { folder: 'docs/work', config: 'backlog.config.yml' },
        { folder: 'backlog', config: 'backlog/config.yml' },
      ]);
    });

    it('a usual folder if the configuration of the project names none, or one outside', async () => {
      folder().makeFolder('.backlog');
      for (const directory of ['', 'backlog_directory: ../elsewhere\n', 'backlog_directory: .\n', 'backlog_directory: /etc\n']) {
        folder().write('backlog.config.yml', `project_name: A\n${directory}`);
        assert.deepEqual(await detect(), [{ folder: '.backlog', config: 'backlog.config.yml' }], directory);
      }
    });

    it('one store if both configurations mean the same folder, with that of the project unless it is empty', async () => {
      folder().writeAll({ 'backlog.config.yml': 'project_name: A', 'backlog/config.yml': '' });
      assert.deepEqual(await detect(), [{ folder: 'backlog', config: 'backlog.config.yml' }]);
      folder().write('backlog.config.yml', '# nothing\n');
      assert.deepEqual(await detect(), [{ folder: 'backlog', config: 'backlog/config.yml' }]);
    });
  });

  it('takes the files whose names the tool takes, in its five folders', async () => {
    folder().writeAll({
      'backlog/config.yml': 'task_prefix: "Back"\n',
      'backlog/tasks/back-1 - A.md': '',
      'backlog/tasks/back-2.md': '',
      'backlog/tasks/BACK-3 - C.md': '',
      'backlog/tasks/task-4 - D.md': '',
      'backlog/tasks/readme.md': '',
      'backlog/tasks/back-5 - E.txt': '',
      'backlog/tasks/deeper/back-6 - F.md': '',
      'backlog/completed/back-7 - G.md': '',
      'backlog/drafts/draft-8 - H.md': '',
      'backlog/drafts/back-9 - I.md': '',
      'backlog/archive/tasks/back-10 - J.md': '',
      'backlog/archive/drafts/draft-11 - K.md': '',
      'backlog/archive/back-12 - L.md': '',
      'backlog/docs/back-13 - M.md': '',
    });
    const issues = await describedIssues(folder().path, BACKLOG_FORMAT);
    assert.deepEqual(
      issues.map(({ id, title, state }) => [id, title, state]),
      [
        ['DRAFT-11', 'K', 'dropped'],
        ['BACK-10', 'J', 'dropped'],
        ['BACK-7', 'G', 'done'],
        ['DRAFT-8', 'H', 'open'],
        ['BACK-1', 'A', 'open'],
        ['BACK-2', 'BACK-2', 'open'],
      ],
    );
  });

  it('reads all fields of a task', () => {
    assert.deepEqual(describeTask(TASK), {
      id: 'BACK-12',
      number: 12,
      title: 'Let people undo: all of it',
      fields: {
        status: 'In Progress',
        priority: 'High',
        labels: ['core', 'ui'],
        assignees: ['@ann', 'Bob'],
        type: 'feature',
        parent: 'BACK-2',
        dependencies: ['BACK-3', 'TASK-4'],
        milestone: 'm-1',
        created: Date.parse('2026-01-31T14:30Z'),
        updated: Date.parse('2026-02-01T00:00Z'),
        due: '2026-03-01 12:00',
        order: '2000',
      },
      progress: { done: 1, total: 2 },
      hasConflict: false,
    });
  });

  it('reads names with @ that are not quoted, which are no YAML', () => {
    const namesIn = (line: string) => {
      const { fields, problem } = describeTask(`---\nid: back-1\n${line}\nreporter: @bob\nstatus: Done\n---\nassignee: @x\n`);
      assert.deepEqual([problem, fields.status], [undefined, 'Done'], line);
      return fields.assignees;
    };
    assert.deepEqual(namesIn('assignee: @ann'), ['@ann']);
    assert.deepEqual(namesIn('assignee: [@ann, "@bob", cy,@dee]'), ['@ann', '@bob', 'cy', '@dee']);
    assert.deepEqual(namesIn('assignee: ann'), ['ann']);
    assert.equal(namesIn('assignee: []'), undefined);
  });

  it('takes labels and dependencies for none if they are no lists, as the tool does, and says so', () => {
    const { fields, problem } = describeTask('---\nid: back-1\nlabels: core\ndependencies: back-2\n---\n');
    assert.deepEqual(fields, {});
    assert.deepEqual(problem, { line: 2, message: '“labels” must be a list.' });
  });

  it('completes ids that are mere numbers', () => {
    const { id, number, fields } = describeTask('---\nid: 12\nparent_task_id: 5.2\ndependencies: [3, "04", some words]\n---\n');
    assert.deepEqual([id, number, fields.parent, fields.dependencies], ['BACK-12', 12, 'BACK-5.2', ['BACK-3', 'BACK-04', 'SOME WORDS']]);
    assert.equal(describeTask('---\nid: 7\n---\n', 'drafts/draft-7 - A.md').id, 'DRAFT-7');
  });

  it('has a number for whole ids only', () => {
    const numberOf = (id: string) => describeTask(`---\nid: ${id}\n---\n`).number;
    assert.deepEqual(['back-007', 'back-5.2', 'back-abc', 'back-5-x'].map(numberOf), [7, undefined, undefined, undefined]);
  });

  it('takes id and title from the name of the file if the text has none', () => {
    assert.deepEqual(
      ['tasks/back-5.2 - Let-people-undo.md', 'tasks/back-a_b-c - X.md', 'tasks/back-12.md'].map((path) => {
        const { id, title } = describeTask('', path);
        assert.deepEqual(BACKLOG_FORMAT.describeName(path, CONFIG), { id, title, ...(path.includes('12') && { number: 12 }) });
        return [id, title];
      }),
      [
        ['BACK-5.2', 'Let people undo'],
        ['BACK-A_B-C', 'X'],
        ['BACK-12', 'BACK-12'],
      ],
    );
    assert.equal(describeTask('# A heading\n').title, 'A heading');
    assert.equal(describeTask('---\nid: back-1\n---\n\n## Description\n').title, 'Undo it');
  });

  it('reads front matter that is broken as far as it goes, and says where it is broken', () => {
    const { id, title, fields, problem } = describeTask('---\nid: back-3\ntitle: undo: all\nstatus: Done\n---\n\n## Description\n');
    assert.deepEqual([id, title, fields.status, problem?.line], ['BACK-3', 'undo: all', 'Done', 2]);
  });

  it('reads the dates of old files', () => {
    const created = (date: string) => describeTask(`---\nid: back-1\ncreated_date: ${date}\n---\n`).fields.created;
    for (const date of ['09-06-25', '09/06/25', '09.06.25', "'2025-06-09'", '2025-06-09T00:00']) {
      assert.equal(created(date), Date.UTC(2025, 5, 9), date);
    }
    assert.equal(created('soon'), undefined);
  });

  it('sees the conflict that a merge has left', () => {
    const merged = TASK.replace('status: In Progress\n', '<<<<<<< a\nstatus: Done\n=======\nstatus: To Do\n>>>>>>> b\n');
    const { hasConflict, fields, title } = describeTask(merged);
    assert.deepEqual([hasConflict, fields.status, title], [true, 'Done', 'Let people undo: all of it']);
  });

  it('takes the state from the place of the status in the configuration, then from the word', () => {
    const states = [
      ['To Do', 'open'],
      [' to do ', 'open'],
      ['In Progress', 'active'],
      ['Waiting', 'active'],
      ['Review', 'review'],
      ['DONE', 'done'],
      ['Completed', 'done'],
      ["Won't Do", 'dropped'],
      ['Draft', 'open'],
      ['Backlog', 'open'],
    ] as const;
    for (const [status, state] of states) {
      assert.equal(stateOf('tasks/back-1 - A', describeTask(`---\nstatus: "${status}"\n---\n`).fields.status), state, status);
    }
    assert.equal(stateOf('tasks/back-1 - A'), 'open');
    const config = { prefix: 'task', statuses: ['Done', 'Review', 'Live'] };
    assert.deepEqual(
      ['Done', 'Review', 'Live'].map((status) => stateOf('tasks/task-1 - A', status, config)),
      ['open', 'review', 'done'],
    );
  });

  it('takes the state from the folder where it says more', () => {
    assert.equal(stateOf('completed/back-1 - A', 'To Do'), 'done');
    assert.equal(stateOf('archive/tasks/back-1 - A', 'Done'), 'done');
    assert.equal(stateOf('archive/tasks/back-1 - A', 'In Progress'), 'dropped');
    assert.equal(stateOf('archive/drafts/draft-1 - A', 'Draft'), 'dropped');
  });

  it('reads the configuration', () => {
    const text = 'project_name: A\nstatuses: [" Open ", "", Shut]\ntask_prefix: "JIRA" # ours\n';
    for (const written of [text, text.replaceAll('\n', '\r\n'), `\ufeff${text}`]) {
      assert.deepEqual(BACKLOG_FORMAT.readConfig(written), { config: { statuses: ['Open', 'Shut'], prefix: 'jira' } });
    }
    assert.deepEqual(BACKLOG_FORMAT.knownStatuses?.({ statuses: ['Open', 'Shut'], prefix: 'x' }), ['Draft', 'Open', 'Shut']);
  });

  it('has the defaults of the tool without a configuration', () => {
    for (const text of [undefined, '', 'statuses:\n']) {
      assert.deepEqual(BACKLOG_FORMAT.readConfig(text), { config: { statuses: ['To Do', 'In Progress', 'Done'], prefix: 'task' } });
    }
  });

  it('reads a broken configuration as far as it goes, and says where it is broken', () => {
    assert.deepEqual(BACKLOG_FORMAT.readConfig('task_prefix: back\nlabels: core\nstatuses: [A, B]\n'), {
      config: { statuses: ['A', 'B'], prefix: 'back' },
      problem: { line: 1, message: '“labels” must be a list.' },
    });
    const { config, problem } = BACKLOG_FORMAT.readConfig('task_prefix: back\nstatuses: [A, B\n');
    assert.deepEqual([config.prefix, problem !== undefined], ['back', true]);
  });

  it('compares ids as the tool does', () => {
    const { foldId } = BACKLOG_FORMAT;
    assert.deepEqual(
      ['TASK-05', ' task-5 ', 'Task-5'].map((id) => foldId(id)),
      Array(3).fill('TASK-5'),
    );
    assert.deepEqual(
      ['task-5.02', 'TASK-005.2', 'task-10', 'task-0', 'task-00.0', '007', 'task-a05'].map((id) => foldId(id)),
      ['TASK-5.2', 'TASK-5.2', 'TASK-10', 'TASK-0', 'TASK-0.0', '7', 'TASK-A05'],
    );
    assert.notEqual(foldId('TASK-4'), foldId('BACK-4'));
  });
});
