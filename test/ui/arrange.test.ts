import assert from 'node:assert/strict';
import { useWorkbench } from '../support/openWorkbench.ts';
import { eventually } from '../support/polling.ts';
import { IssuesView } from './issuesView.ts';

const text = (title: string, fields = '') => `${fields === '' ? '' : `---\n${fields}\n---\n`}# ${title}\n`;

const FILES = {
  'issues/000001_login.md': text('Login', 'priority: high\nlabels: [ui, auth]'),
  'issues/000002_button.md': text('Button', 'labels: [ui]\nparent: 1'),
  'issues/000003_icon.md': text('Icon', 'priority: low\nparent: 2'),
  'issues/complete/000004_old.md': text('Old', 'parent: 1'),
  'issues/complete/000005_older.md': text('Older'),
};

const BY_PARENT = ['#1 Login (1/2 issues · high · ui, auth)', '  #2 Button (0/1 issues · ui)', '    #3 Icon (low)', '  #4 Old', '#5 Older'];

describe('the arrangement of the tree', () => {
  const ui = useWorkbench({ files: FILES });
  const issues = new IssuesView(ui);
  const shows = (...rows: readonly string[]) => eventually(async () => assert.deepEqual(await issues.outline(), rows));
  const says = (words: string) =>
    eventually(async () => assert.ok((await ui.workbench.sideBar.view('Issues').innerText()).startsWith(words), words));

  before(() => issues.open());

  it('is chosen by mouse, from View & Sort', async () => {
    await shows('Open (3)', '  #1 Login (high · ui, auth)', '  #2 Button (ui)', '  #3 Icon (low)', 'Completed (2)');
    await issues.titleAction('More Actions...');
    await ui.page.getByRole('menuitem', { name: 'View & Sort' }).hover();
    await ui.page.getByRole('menuitem', { name: 'Group By...' }).waitFor();
    await ui.screenshot('arrange-menu');
    await ui.page.getByRole('menuitem', { name: 'Group By...' }).click();
    await ui.workbench.quickInput.row('Open and Completed').locator('.codicon-check').waitFor();
    await ui.screenshot('arrange-group-by');
    await ui.workbench.quickInput.pick('Parent');
    await shows(...BY_PARENT);
    await says('By parent.');
    await ui.screenshot('arrange-by-parent');
  });

  it('has rows at their levels, in words', async () => {
    assert.equal(
      await issues.row('#1 Login').getAttribute('aria-label'),
      'Issue 1, Login, open, Priority: high, Labels: ui, auth, 1 of 2 issues below it completed',
    );
    const levels = await Promise.all(['#1 Login', '#2 Button', '#3 Icon'].map((label) => issues.row(label).getAttribute('aria-level')));
    assert.deepEqual(levels, ['1', '2', '3']);
  });

  it('follows what others do to an issue that is below others', async () => {
    issues.move('000002_button.md', 'complete/000002_button.md');
    await shows('#1 Login (2/2 issues · high · ui, auth)', '  #4 Old', '  #2 Button (0/1 issues · ui)', '    #3 Icon (low)', '#5 Older');
    issues.move('complete/000002_button.md', '000002_button.md');
    await shows(...BY_PARENT);
  });

  it('is folded and sorted by keyboard, and there after a reload', async () => {
    await issues.row('#2 Button').click();
    await ui.page.keyboard.press('ArrowLeft');
    await shows(...BY_PARENT.filter((row) => !row.includes('Icon')));
    await ui.page.keyboard.press('ArrowRight');
    await shows(...BY_PARENT);
    await ui.workbench.run('Issues: Sort By...');
    await ui.workbench.quickInput.row('Title, A to Z').waitFor();
    await ui.page.keyboard.type('z to a');
    await ui.workbench.quickInput.row('Title, A to Z').waitFor({ state: 'detached' });
    await ui.page.keyboard.press('Enter');
    const sorted = [
      '#5 Older',
      '#1 Login (1/2 issues · high · ui, auth)',
      '  #4 Old',
      '  #2 Button (0/1 issues · ui)',
      '    #3 Icon (low)',
    ];
    await shows(...sorted);
    await says('By parent, titles Z to A.');
    await ui.workbench.reloadWithDrafts();
    await issues.open();
    await shows(...sorted);
    await says('By parent, titles Z to A.');
  });

  it('has an issue in each group of its labels', async () => {
    await ui.workbench.run('Issues: Group By...');
    await ui.workbench.quickInput.row('Parent').locator('.codicon-check').waitFor();
    await ui.workbench.quickInput.pick('Label');
    await eventually(async () => {
      assert.deepEqual(await issues.outline(), [
        'auth (1)',
        '  #1 Login (high · ui, auth)',
        'ui (2)',
        '  #1 Login (high · ui, auth)',
        '  #2 Button (ui)',
        'No Label (3)',
        '  #5 Older',
        '  #4 Old',
        '  #3 Icon (low)',
      ]);
    });
    await says('By label, titles Z to A.');
    await ui.screenshot('arrange-by-label');
  });
});
