import assert from 'node:assert/strict';
import { SCRATCH_FORMAT } from '../../../../src/core/formats/scratch.ts';
import type { FolderProbe } from '../../../../src/core/formats/storeFormat.ts';
import type { IssueKey } from '../../../../src/core/issue/issue.ts';
import { describedIssues, probeOf } from '../../support/describedIssues.ts';
import { itReadsTheCorpora } from '../../support/issueCorpora.ts';
import { useTemporaryFolder } from '../../support/temporaryFolder.ts';

const TICKET = [
  '# 03 — Stop the `tick` of a paused timer',
  '',
  '**What to build:** a timer that stays paused.',
  '',
  '**Blocked by:** 01, Issue 02 (the clock, mostly)',
  '',
  '**Status:** ready-for-agent',
  '',
  'Priority: high',
  'Labels: `ui`, clock',
  'Assignee: @ann',
  'Type: bug',
  '',
  '- [x] One',
  '- [ ] Two',
  '',
  '## Comments',
  '',
  'Status: done',
  '',
].join('\n');

/** Describes a text in the file of an issue. */
function read(text: string, path = 'timer/issues/03-stop.md') {
  const description = SCRATCH_FORMAT.describe(path, text, undefined);
  assert.ok(description);
  return description;
}

function stateOf(status: string | undefined, key = 'timer/issues/03-stop') {
  return SCRATCH_FORMAT.stateOf({ key: key as IssueKey, fields: status === undefined ? {} : { status }, progress: undefined }, undefined);
}

describe('local markdown', () => {
  const folder = useTemporaryFolder();
  const detect = (probe: FolderProbe = probeOf(folder().path)) => SCRATCH_FORMAT.detect(probe);

  itReadsTheCorpora('scratch', SCRATCH_FORMAT);

  it('is found by a folder "issues" at any depth, or by a numbered file with a status', async () => {
    folder().writeAll({
      '.scratch/notes.md': 'Status: done\n',
      '.scratch/timer/02-idea.md': '# An idea\n',
      '.scratch/2026-01-31-log.md': 'Status: done',
    });
    assert.deepEqual(await detect(), []);
    folder().write('.scratch/timer/03-stop.md', '# Stop\n\n> - **Status**: `done`\n');
    assert.deepEqual(await detect(), [{ folder: '.scratch' }]);
    folder().remove('.scratch/timer');
    folder().makeFolder('.scratch/archive/2026-08/timer/issues');
    assert.deepEqual(await detect(), [{ folder: '.scratch' }]);
  });

  it('looks at few folders and files to find out', async () => {
    const looks = { folders: 0, files: 0 };
    const names = Array.from({ length: 50 }, (_, index) => ({ name: `folder${index}`, kind: 'folder' as const }));
    const files = Array.from({ length: 50 }, (_, index) => ({ name: `${index}-note.md`, kind: 'file' as const }));
    const found = await detect({
      list: async () => {
        looks.folders++;
        return [...names, ...files];
      },
      read: async () => {
        looks.files++;
        return 'no status';
      },
      holds: async () => false,
    });
    assert.deepEqual({ found, looks }, { found: [], looks: { folders: 200, files: 20 } });
  });

  it('takes each file below "issues" for an issue, and numbered ones elsewhere that have a status', async () => {
    folder().writeAll({
      '.scratch/timer/spec.md': 'Status: done\n',
      '.scratch/timer/04-plan.md': '# A plan\n',
      '.scratch/timer/05-task.md': '# 05: A task\nStatus: done\n',
      '.scratch/timer/issues/README.md': 'Status: done\n',
      '.scratch/timer/issues/E9-clean-up.md': '# E9 — Clean up\n',
      '.scratch/timer/issues/done/02-clock.md': '# 2. The clock\n',
      '.scratch/timer/issues/notes.txt': 'text',
      '.scratch/archive/2026-08/lamp/issues/13-02-bulb.md': '# 13-02 - The bulb\n\nStatus: wontfix\n',
      '.scratch/issues/007-loose.md': 'Status: needs-triage\n\nNo heading.\n',
    });
    const issues = await describedIssues(folder().path, SCRATCH_FORMAT);
    assert.deepEqual(
      issues.map(({ id, number, title, state, path }) => [id, number, title, state, SCRATCH_FORMAT.labelOf({ key: path as IssueKey, id })]),
      [
        ['lamp/13-02-bulb', 13, 'The bulb', 'dropped', 'lamp/13-02'],
        ['007-loose', 7, 'No heading.', 'open', '007'],
        ['timer/05-task', 5, 'A task', 'done', 'timer/05'],
        ['timer/E9-clean-up', undefined, 'E9 — Clean up', 'open', undefined],
        ['timer/02-clock', 2, 'The clock', 'done', 'timer/02'],
      ],
    );
  });

  for (const [name, text] of [
    ['line feeds', TICKET],
    ['other line endings', TICKET.replaceAll('\n', '\r\n')],
    ['a byte order mark', `\ufeff${TICKET}`],
  ] as const) {
    it(`reads the lines near the top, with ${name}`, () => {
      assert.deepEqual(read(text), {
        id: 'timer/03-stop',
        number: 3,
        title: 'Stop the `tick` of a paused timer',
        fields: {
          status: 'ready-for-agent',
          priority: 'high',
          labels: ['ui', 'clock'],
          assignees: ['@ann'],
          type: 'bug',
          dependencies: ['01', '02'],
        },
        progress: { done: 1, total: 2 },
        hasConflict: false,
      });
    });
  }

  for (const text of [
    'Status: done',
    'status : done',
    '**Status:** done',
    '**Status**: done  ',
    '__Status:__ done\\',
    '**Status: done**',
    'Status: **done**',
    'Status: `done`',
    '- Status: done',
    '> Status: done',
    '> * **Status:** done',
    'Status：done',
    'Status: done\n---\n\n# Title',
    '---\nStatus: "done"\nlabels:\n  - one\n---\n# Title',
    '# Title\nOwner: x\nStatus: done',
    'Status:\n\nStatus: done\nStatus: open',
    '```\nStatus: open\n```\n<!-- Status: open -->\n\nStatus: done',
  ]) {
    it(`reads the status of ${JSON.stringify(text)}`, () => {
      assert.equal(read(text).fields.status, 'done');
    });
  }

  for (const text of ['', 'The Status: done', '# A\n\n## B\n\nStatus: done', '    Status: done', '| Status | done |', 'Status: None']) {
    it(`reads no status of ${JSON.stringify(text)}`, () => {
      assert.equal(read(text).fields.status, undefined);
    });
  }

  for (const [status, state] of [
    ['needs-triage', 'open'],
    ['ready-for-human', 'open'],
    ['claimed', 'active'],
    ['In Progress (ann)', 'active'],
    ['in review, at last', 'review'],
    ['Resolved.', 'done'],
    ['**LANDED.** All of it.', 'open'],
    ['COMPLETE', 'done'],
    ['done — afd5d4b + 87d4935（and more）', 'done'],
    ['done - all of it', 'done'],
    ['✅ 已实施（2026）', 'done'],
    ['🚧 in progress', 'active'],
    ["won't do", 'dropped'],
    ['wontfix: too old', 'dropped'],
    ['done when the clock is', 'open'],
  ] as const) {
    it(`takes "${status}" for ${state}`, () => {
      assert.equal(stateOf(status), state);
    });
  }

  it('goes by the folder only where there is no status', () => {
    assert.deepEqual(
      [
        'issues/done/1-a',
        'issues/closed/1-a',
        'issues/completed/1-a',
        'archive/2026-08/timer/issues/1-a',
        'issues/open/1-a',
        'timer/done',
      ].map((key) => stateOf(undefined, key)),
      ['done', 'done', 'done', 'done', 'open', 'open'],
    );
    assert.equal(stateOf('needs-info', 'timer/issues/done/1-a'), 'open');
  });

  for (const [text, dependencies] of [
    ['Blocked by: 01, 02 and 13-02', ['01', '02', '13-02']],
    [
      '**Blocked by:**\n\n- #1\n- [Ticket 02](02-clock.md), [the bulb](../../lamp/issues/07-bulb.md)\n',
      ['1', '02', '../../lamp/issues/07-bulb.md'],
    ],
    ['Blocked by: `lamp/07`, **E9**.', ['lamp/07', 'E9']],
    ['---\nblocked_by: [01, 02]\n---\n', ['01', '02']],
    [
      '# A\n## What\n\n- 05\n\n## Blocked by\n\n- [x] 01 (first; it moves 04,\n  05, too)\n- Issue 02 — the clock\n- 02\n\n## Then\n\n- 03\n',
      ['01', '02'],
    ],
    ['## Blocked by\n\n01, 02\n', ['01', '02']],
    ['Blocked by: None — independent of 01, 02', undefined],
    ['Blocked by: nothing', undefined],
    ['## Blocked by\n\nBest after 13-02, since both touch it.\n', undefined],
    ['## Blocked by\n\n- None (independent of 15/17)\n', undefined],
  ] as const) {
    it(`reads what blocks an issue from ${JSON.stringify(text)}`, () => {
      assert.deepEqual(read(text).fields.dependencies, dependencies);
    });
  }

  it('keeps all blockers of a long line', () => {
    const names = Array.from({ length: 20 }, (_, index) => `${10 + index}-a-name-of-some-length`);
    assert.deepEqual(read(`Blocked by: ${names.join(', ')}\n`).fields.dependencies, names);
  });

  it('knows an issue by its number in its feature', () => {
    const own = SCRATCH_FORMAT.foldId('timer/03-stop');
    for (const ref of ['3', '03', '#03', '03-stop', './03-stop.md', 'timer/3', 'issues/03', '.scratch/timer/issues/done/03-stop.md']) {
      assert.equal(SCRATCH_FORMAT.foldId(ref, 'timer/02-clock'), own, ref);
    }
    assert.notEqual(SCRATCH_FORMAT.foldId('03', 'lamp/02-bulb'), own);
    assert.notEqual(SCRATCH_FORMAT.foldId('13', 'lamp/1-a'), SCRATCH_FORMAT.foldId('lamp/13-02-bulb'));
    assert.equal(SCRATCH_FORMAT.foldId('E9', 'E9-clean-up'), SCRATCH_FORMAT.foldId('E9-clean-up'));
  });

  it('calls an issue by its heading without its number, else by what it has', () => {
    const titles = [
      ['# 03: A\n', 'A'],
      ['# 3 — A', 'A'],
      ['# 04 — A', '04 — A'],
      ['# 03-05 — A', '03-05 — A'],
      ['# 03', 'stop'],
      ['# 3.5 hours', '3.5 hours'],
      ['A\n===\n', 'A'],
      ['---\ntitle: B\n---\n# A', 'B'],
      ['**Status:** done\n\nText', 'Text'],
      ['Status: done\n', 'stop'],
      ['', 'stop'],
    ];
    for (const [text = '', title] of titles) {
      assert.equal(read(text).title, title, text);
    }
    assert.deepEqual(SCRATCH_FORMAT.describeName('timer/issues/03.md', undefined), { id: 'timer/03', number: 3, title: '03' });
  });

  it('copes with whatever is left of a text, and with long lines', () => {
    for (let end = 0; end <= TICKET.length; end += 7) {
      assert.ok(read(TICKET.slice(end)).title);
      assert.ok(read(TICKET.slice(0, end)).title);
    }
    for (const sign of ['(', '[', '*', '`', '/', 'a/', '"', '[](', '- ', '> ']) {
      assert.ok(read(`Blocked by: ${sign.repeat(100_000)}`));
      assert.ok(read(`**Status:** ${sign.repeat(100_000)}`));
    }
  });
});
