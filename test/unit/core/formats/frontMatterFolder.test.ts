import assert from 'node:assert/strict';
import { FRONT_MATTER_FORMAT } from '../../../../src/core/formats/frontMatterFolder.ts';
import { loadYaml } from '../../../../src/core/markdown/yamlReader.ts';
import { itReadsBrokenTexts } from '../../support/brokenIssueTexts.ts';
import { itReadsTheCorpora } from '../../support/issueCorpora.ts';
import { issuesAmong } from '../../support/storeFixture.ts';

const ISSUE = `---
ID: TASK-7s7u2
Summary: Sort rows by name
State: In Progress
priority: 2
tags: [ui, rows]
assigned_to: ann
kind: bug
Parent-Id: EPIC-1
depends_on:
- TASK-1
- TASK-2
blocked-by: [TASK-9]
Blocking: TASK-3
milestone: v2
createdAt: 2026-01-02
updated_date: 2026-01-03T04:05:06Z
due_date: 2026-02-01
position: a0V
plan: null
owner: null
---

- [x] one
`;
const PLACE = [{ folder: 'work' }];

describe('the format of folders with front matter', () => {
  before(loadYaml);

  itReadsTheCorpora('frontmatter', FRONT_MATTER_FORMAT, {
    placesIn: {
      markplane: [{ folder: '.markplane/backlog' }],
      'md-issue-explorer': [{ folder: 'issues' }],
      'kanban-lite': [{ folder: '.kanban' }],
    },
  });
  itReadsBrokenTexts(FRONT_MATTER_FORMAT, 'a.md', ISSUE, undefined);

  it('reads fields by any of their names, without case and the signs between words', async () => {
    const path = 'work/sort.md';
    assert.deepEqual(await issuesAmong({ [path]: ISSUE }, FRONT_MATTER_FORMAT, PLACE), {
      [path]: {
        path,
        id: 'TASK-7s7u2',
        title: 'Sort rows by name',
        state: 'active',
        fields: {
          status: 'In Progress',
          priority: '2',
          labels: ['ui', 'rows'],
          assignees: ['ann'],
          type: 'bug',
          parent: 'EPIC-1',
          dependencies: ['TASK-1', 'TASK-2'],
          blocks: ['TASK-3'],
          milestone: 'v2',
          created: Date.UTC(2026, 0, 2),
          updated: Date.UTC(2026, 0, 3, 4, 5, 6),
          due: '2026-02-01',
          order: 'a0V',
        },
        progress: { done: 1, total: 1 },
        hasConflict: false,
      },
    });
  });

  it('takes the first value of keys that mean the same', () => {
    const text = '---\nDue_Date:\ndue-date: 2026-01-01\ndueDate: 2026-02-02\ntags: [b]\nlabels: []\ntitle: null\nname: N\n---\n';
    const { title, fields } = FRONT_MATTER_FORMAT.describe('a.md', text, undefined) ?? assert.fail();
    assert.deepEqual({ title, fields }, { title: 'N', fields: { due: '2026-01-01', labels: ['b'] } });
  });

  it('is found by nothing on disk', async () => {
    assert.deepEqual(await issuesAmong({ '.changeset/a.md': ISSUE, 'docs/b.md': ISSUE, 'issues/c.md': ISSUE }, FRONT_MATTER_FORMAT), {});
  });

  it('lists every markdown file below, but no texts for readers and agents, and nothing in hidden folders', async () => {
    const issues = await issuesAmong(
      {
        'work/a.md': ISSUE,
        'work/deep/er/still/b.md': ISSUE,
        'work/plain.md': '# Plain\n',
        'work/README.md': ISSUE,
        'work/deep/readme.md': ISSUE,
        'work/AGENTS.md': ISSUE,
        'work/CLAUDE.md': ISSUE,
        'work/.git/c.md': ISSUE,
        'work/._a.md': ISSUE,
        'work/notes.txt': ISSUE,
        'outside.md': ISSUE,
      },
      FRONT_MATTER_FORMAT,
      PLACE,
    );
    assert.deepEqual(Object.keys(issues), ['work/a.md', 'work/deep/er/still/b.md', 'work/plain.md']);
  });

  it('takes title and id from the text or the name where front matter has none', async () => {
    const issues = await issuesAmong(
      {
        'work/001-no front matter.md': 'Before\n\n# The heading\n',
        'work/BUG-12 crash.md': '---\nstatus: wontfix\ntitle: null\n---\n## Second level\n',
        'work/2026-01-02-day.md': '---\nstatus: Shipped\n---\n',
        'work/fix.md': '---\nnumber: 0042\nname: Named\nTitle: Titled\n---\n',
        'work/broken.md': '---\ntitle: Fix: this\nstatus: done\ntags: [a\n---\n',
      },
      FRONT_MATTER_FORMAT,
      PLACE,
    );
    const seen = Object.values(issues).map(({ id, number, title, state, problem }) => [id, number, title, state, !!problem]);
    assert.deepEqual(seen, [
      ['001-no front matter', 1, 'The heading', 'open', false],
      ['2026-01-02-day', undefined, '2026-01-02-day', 'done', false],
      ['BUG-12 crash', 12, 'Second level', 'dropped', false],
      ['broken', undefined, 'Fix: this', 'done', true],
      ['0042', 42, 'Titled', 'open', false],
    ]);
  });

  it('takes the title of an issue with TOML from its text, and says that fields are not read', async () => {
    const issues = await issuesAmong(
      { 'work/peas.md': '+++\ntitle = "Peas"\nstatus = "done"\n+++\n\n# Cook peas\n\n- [x] water\n' },
      FRONT_MATTER_FORMAT,
      PLACE,
    );
    const { title, state, fields, progress, problem } = issues['work/peas.md'] ?? assert.fail();
    assert.deepEqual(
      { title, state, fields, progress },
      { title: 'Cook peas', state: 'open', fields: {}, progress: { done: 1, total: 1 } },
    );
    assert.match(problem?.message ?? '', /TOML/);
  });

  it('shows an id that people say, and no id that repeats the name', () => {
    const label = (name: string, id = name) =>
      FRONT_MATTER_FORMAT.labelOf({ key: name as never, ...FRONT_MATTER_FORMAT.describeName(`${name}.md`, undefined), id });
    assert.deepEqual(
      ['12', '012-fix', 'TASK-7s7u2', 'BUG-12', 'BUG-12 crash'].map((name) => label(name)),
      ['#12', '#12', 'TASK-7s7u2', 'BUG-12', '#12'],
    );
    assert.deepEqual(
      ['Login Bug', 'fix-login', '2026-01-02-day', '3d-view'].map((name) => label(name)),
      [undefined, undefined, undefined, undefined],
    );
    assert.equal(label('login', '6f1c2b9e-8a55-4d0b-9a43-0f5d1c2e3b4a'), undefined);
  });

  it('knows the spellings of a reference', () => {
    const folded = ['#12', '012', '12', 'TASK-7S7U2', '#task-7s7u2', '0'].map((ref) => FRONT_MATTER_FORMAT.foldId(ref));
    assert.deepEqual(folded, ['12', '12', '12', 'task-7s7u2', 'task-7s7u2', '0']);
  });
});
