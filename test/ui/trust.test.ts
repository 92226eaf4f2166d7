import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { useWorkbench } from '../support/openWorkbench.ts';
import { eventually } from '../support/polling.ts';
import { IssuesView } from './issuesView.ts';

const FILES = {
  'issues/000001_first-steps.md': '# First steps\n',
  'issues/complete/000002_long-done.md': '# Long done\n',
};

const AGENTS = '# First steps\n\nThe agent was here.\n';

describe('an untrusted workspace', () => {
  const ui = useWorkbench({ files: FILES, trusted: false });
  const issues = new IssuesView(ui);

  before(() => issues.open());

  it('is shown, and opens its issues', async () => {
    await eventually(async () => assert.deepEqual(await issues.outline(), ['Open (1)', '  #1 First steps', 'Completed (1)']));
    await issues.row('#1 First steps').click();
    await ui.page.locator('.tab', { hasText: '000001_first-steps.md' }).waitFor();
    await ui.screenshot('untrusted');
  });

  it('offers nothing that would change it', async () => {
    const { workbench, page } = ui;
    await workbench.contextMenu(issues.row('#1 First steps'));
    const enabled = page.locator('.monaco-menu .action-item:not(.disabled) .action-label[aria-label]');
    const offered = await enabled.evaluateAll((items) => items.map((item) => item.getAttribute('aria-label')));
    await page.keyboard.press('Escape');
    assert.deepEqual(offered.filter(Boolean), ['Open to the Side', 'Copy Issue ID']);
    // The key goes past the menu.
    await issues.row('#1 First steps').click();
    await page.keyboard.press('Delete');
    await workbench.run('Issues: Refresh');
    assert.deepEqual([issues.files(), await page.locator('.monaco-dialog-box').count()], [['000001_first-steps.md'], 0]);
  });
});

describe('a folder outside of an untrusted workspace', () => {
  const ui = useWorkbench({ files: FILES, trusted: false, settings: { 'markdownIssues.folder': '..' } });
  const welcome = () => ui.page.locator('.pane .welcome-view-content');

  it('is not read, though the user’s own settings name it', async () => {
    await ui.workbench.sideBar.openContainer('Issues');
    await eventually(async () => assert.match(await welcome().innerText(), /outside this workspace folder/));
    assert.deepEqual(await welcome().getByRole('button').allInnerTexts(), ['Manage Workspace Trust', 'Show Log']);
    await ui.screenshot('untrusted-outside');
  });
});

for (const trusted of [true, false]) {
  describe(`stores that settings name, in a workspace that is ${trusted ? 'trusted' : 'not trusted'}`, () => {
    const plans = { folder: 'plans', label: 'Plans' };
    const ui = useWorkbench({
      files: {
        ...FILES,
        'plans/one.md': '---\ntitle: One\n---\n',
        'drafts/two.md': '---\ntitle: Two\n---\n',
        '.vscode/settings.json': JSON.stringify({ 'markdownIssues.stores': ['auto', plans] }),
      },
      settings: { 'markdownIssues.stores': ['auto', 'drafts'] },
      trusted,
    });
    const issues = new IssuesView(ui);
    const roots = async () => (await issues.outline()).filter((row) => !row.startsWith(' '));

    before(() => issues.open());

    it(trusted ? 'are shown beside what markers show' : 'are not shown, whether the workspace or the user has named them', async () => {
      const expected = trusted ? ['Issues (issues)', 'Plans (plans)'] : ['Open (1)', 'Completed (1)'];
      await eventually(async () => assert.deepEqual(await roots(), expected));
      await ui.screenshot(`stores-${trusted ? 'trusted' : 'untrusted'}`);
    });
  });
}

describe('a store that vanishes', () => {
  const ui = useWorkbench({ files: FILES });
  const issues = new IssuesView(ui);
  const welcome = () => ui.page.locator('.pane .welcome-view-content');

  before(() => issues.open());

  it('leaves the view empty, with the way to a new one, and comes back as it is then', async () => {
    const folder = issues.path('');
    const away = `${folder.replace(/[/\\]$/, '')}-away`;
    renameSync(folder, away);
    await welcome().waitFor();
    await eventually(async () => assert.match(await welcome().innerText(), /Create/));
    await ui.screenshot('vanished');
    rmSync(issues.path('../issues-away/complete'), { recursive: true });
    renameSync(away, folder);
    await eventually(async () => assert.deepEqual(await issues.outline(), ['Open (1)', '  #1 First steps', 'Completed (0)']));
  });

  it('is followed into a new folder of the same name', async () => {
    rmSync(issues.path(''), { recursive: true });
    mkdirSync(issues.path(''));
    issues.write('000007_new.md', '# New\n');
    await eventually(async () => assert.deepEqual(await issues.outline(), ['Open (1)', '  #7 New', 'Completed (0)']));
  });
});

for (const theme of ['Light', 'Dark']) {
  describe(`an issue that an agent writes while one types (${theme})`, () => {
    const ui = useWorkbench({ files: FILES, settings: { 'files.autoSave': 'off', 'workbench.colorTheme': `Default ${theme} Modern` } });
    const issues = new IssuesView(ui);
    const read = (name: string) => readFileSync(issues.path(name), 'utf8');
    const complete = () => issues.inlineAction('#1 First steps', 'Complete Issue');

    before(async () => {
      await issues.open();
      await issues.row('#1 First steps').click();
      await ui.workbench.tab('000001_first-steps.md').waitFor();
      await ui.page.locator('.editor-group-container.active .view-line', { hasText: 'First steps' }).click();
      await ui.page.keyboard.type('Mine. ');
      await ui.page.locator('.tab.dirty').waitFor();
      issues.write('000001_first-steps.md', AGENTS);
    });

    it('is asked about, and left alone when that is cancelled', async () => {
      await complete();
      await ui.page.locator('.monaco-dialog-box').waitFor();
      await ui.screenshot(`conflict-${theme.toLowerCase()}`);
      assert.match(await ui.workbench.dialog('Cancel'), /000001_first-steps\.md.* has changed on disk/);
      assert.deepEqual([read('000001_first-steps.md'), issues.files('complete')], [AGENTS, ['000002_long-done.md']]);
    });

    it('is shown beside what the agent wrote', async () => {
      await complete();
      await ui.workbench.dialog('Compare');
      const diff = ui.page.locator('.monaco-diff-editor');
      await diff.locator('.view-line', { hasText: 'The agent was here.' }).first().waitFor();
      await diff.locator('.view-line', { hasText: 'Mine.' }).first().waitFor();
      await ui.screenshot(`conflict-compared-${theme.toLowerCase()}`);
      assert.deepEqual([read('000001_first-steps.md'), issues.files('complete')], [AGENTS, ['000002_long-done.md']]);
    });

    it('is overwritten and completed when that is chosen', async () => {
      await complete();
      await ui.workbench.dialog('Overwrite');
      await eventually(async () => assert.deepEqual(issues.files('complete'), ['000001_first-steps.md', '000002_long-done.md']));
      assert.match(read('complete/000001_first-steps.md'), /Mine\./);
      await eventually(async () => assert.equal(await ui.page.locator('.tab.dirty').count(), 0));
      await ui.screenshot(`conflict-overwritten-${theme.toLowerCase()}`);
    });
  });
}

for (const theme of ['Light', 'Dark']) {
  describe(`a file in the place of the store (${theme})`, () => {
    const ui = useWorkbench({ files: { issues: 'a file\n' }, settings: { 'workbench.colorTheme': `Default ${theme} Modern` } });
    const issues = new IssuesView(ui);
    const welcome = () => ui.page.locator('.pane .welcome-view-content');

    it('is said to be in the way, and the store is read as soon as it is not', async () => {
      await ui.workbench.sideBar.openContainer('Issues');
      await welcome().waitFor();
      await eventually(async () => assert.match(await welcome().innerText(), /issue store’s folder is a file/));
      assert.deepEqual(await welcome().getByRole('button').allInnerTexts(), ['Try Again', 'Show Log', 'Choose Folder']);
      await ui.screenshot(`store-not-a-folder-${theme.toLowerCase()}`);
      await welcome().getByRole('button', { name: 'Try Again' }).click();
      rmSync(issues.path('').replace(/[/\\]$/, ''));
      issues.write('000007_new.md', '# New\n');
      await eventually(async () => assert.deepEqual(await issues.outline(), ['Open (1)', '  #7 New', 'Completed (0)']));
    });
  });
}
