import assert from 'node:assert/strict';
import { KANBAN_MARKDOWN_FORMAT } from '../../../../src/core/formats/kanbanMarkdown.ts';
import { loadYaml } from '../../../../src/core/markdown/yamlReader.ts';
import { itReadsBrokenTexts } from '../../support/brokenIssueTexts.ts';
import { itReadsTheCorpora } from '../../support/issueCorpora.ts';
import { issuesAmong } from '../../support/storeFixture.ts';

const FEATURE = `---
id: "dark-mode-2026-02-01"
status: "in-progress"
priority: "high"
assignee: "ann"
epic: "Themes"
dueDate: "2026-05-01"
created: "2026-02-01T10:00:00.000Z"
modified: "2026-02-02T11:00:00.000Z"
completedAt: null
labels: ["ui", "css"]
order: "a0V"
---
Intro

# Add a \`dark\` mode

- [ ] colours
`;
const FEATURES = '.devtool/features';

describe('the format of Kanban Markdown', () => {
  before(loadYaml);

  itReadsTheCorpora('kanban-markdown', KANBAN_MARKDOWN_FORMAT);
  itReadsBrokenTexts(KANBAN_MARKDOWN_FORMAT, 'a.md', FEATURE, undefined);

  it('reads all fields of a feature', async () => {
    const path = `${FEATURES}/dark-mode-2026-02-01.md`;
    assert.deepEqual(await issuesAmong({ [path]: FEATURE }, KANBAN_MARKDOWN_FORMAT), {
      [path]: {
        path,
        id: 'dark-mode-2026-02-01',
        title: 'Add a `dark` mode',
        state: 'active',
        fields: {
          status: 'in-progress',
          priority: 'high',
          labels: ['ui', 'css'],
          assignees: ['ann'],
          milestone: 'Themes',
          created: Date.UTC(2026, 1, 1, 10),
          updated: Date.UTC(2026, 1, 2, 11),
          due: '2026-05-01',
          order: 'a0V',
        },
        progress: { done: 0, total: 1 },
        hasConflict: false,
      },
    });
  });

  it('lists features in the folders of its board, by their status, and no text without front matter', async () => {
    const feature = (status: string) => `---\nstatus: "${status}"\nassignee: null\n---\n# F\n`;
    const issues = await issuesAmong(
      {
        [`${FEATURES}/a.md`]: feature('backlog'),
        [`${FEATURES}/done/b.md`]: feature('done'),
        [`${FEATURES}/done/moves-back.md`]: feature('todo'),
        [`${FEATURES}/review/old.md`]: feature('review'),
        [`${FEATURES}/no-status.md`]: '---\nid: "x"\n---\nFirst line\n',
        [`${FEATURES}/no-title.md`]: '---\nstatus: "done"\n---\n',
        [`${FEATURES}/README.md`]: '# Read me\n',
        [`${FEATURES}/without-end.md`]: '---\nstatus: "todo"\n# F\n',
        [`${FEATURES}/archived/c.md`]: feature('done'),
        [`${FEATURES}/done/deeper/d.md`]: feature('done'),
        '.devtool/project.json': '{}',
      },
      KANBAN_MARKDOWN_FORMAT,
    );
    const seen = Object.values(issues).map(({ path, id, title, state, fields }) => [
      path.slice(FEATURES.length + 1),
      id,
      title,
      state,
      fields.assignees,
    ]);
    assert.deepEqual(seen, [
      ['a.md', 'a', 'F', 'open', undefined],
      ['done/b.md', 'b', 'F', 'done', undefined],
      ['done/moves-back.md', 'moves-back', 'F', 'open', undefined],
      ['no-status.md', 'x', 'First line', 'open', undefined],
      ['no-title.md', 'no-title', 'no-title', 'done', undefined],
      ['review/old.md', 'old', 'F', 'review', undefined],
    ]);
  });

  it('is found by its folder alone', async () => {
    assert.deepEqual(await issuesAmong({ '.devtool/features.md': FEATURE, 'features/a.md': FEATURE }, KANBAN_MARKDOWN_FORMAT), {});
  });

  it('takes no comment in front matter for the title', () => {
    const described = KANBAN_MARKDOWN_FORMAT.describe('a.md', '---\n# comment\nstatus: "todo"\n---\r\n# Real\r\n', undefined);
    assert.equal(described?.title, 'Real');
  });
});
