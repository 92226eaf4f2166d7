import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { useWorkbench } from '../support/openWorkbench.ts';
import { eventually, until } from '../support/polling.ts';
import { dismissNotifications, IssuesView } from './issuesView.ts';

const FILES = {
  '000001_one.md': '# One\n',
  '000002_two.md': '# Two\n',
  '000003_three.md': '# Three\n',
  '000005_five.md': '# Five\n',
};
const OUTLINE = ['Open (4)', '  #1 One', '  #2 Two', '  #3 Three', '  #5 Five', 'Completed (0)'];
const GONE = 'The issue no longer exists. It may have been completed, renamed or deleted.';

describe('a command on a row that has just gone', () => {
  const ui = useWorkbench({ files: Object.fromEntries(Object.entries(FILES).map(([name, content]) => [`issues/${name}`, content])) });
  const issues = new IssuesView(ui);

  before(() => issues.open());
  beforeEach(() => issues.reset(FILES, OUTLINE));
  afterEach(async () => {
    // What a failed test has left open is in the way of all that follow.
    const cancel = ui.page.locator('.monaco-dialog-box').getByRole('button', { name: 'Cancel' });
    if (await cancel.isVisible()) await cancel.click();
    await ui.workbench.quickInput.cancel();
    await dismissNotifications(ui);
  });

  /** Opens the menu of #5, lets an agent complete #5, and takes a command from the menu. */
  const chooseLate = async (command: string) => {
    await ui.workbench.contextMenu(issues.row('#5 Five'));
    issues.move('000005_five.md', 'complete/000005_five.md');
    await until(async () => !(await issues.outline()).includes('  #5 Five'), 'the row to go');
    await ui.workbench.choose(command);
  };
  const othersAreThere = () =>
    ['000001_one.md', '000002_two.md', '000003_three.md', 'complete/000005_five.md'].every((name) => existsSync(issues.path(name)));

  for (const command of ['Complete Issue', 'Rename Issue...', 'Delete Issue', 'Renumber Issue...']) {
    it(`says so and takes no other: ${command}`, async () => {
      await ui.workbench.openFile('000001_one.md');
      await chooseLate(command);
      await ui.workbench.notification(GONE);
      assert.ok(othersAreThere());
      assert.equal(await ui.workbench.quickInput.input.isVisible(), false);
      assert.equal(await ui.page.locator('.monaco-dialog-box').count(), 0);
    });
  }

  it('does not take what is selected either', async () => {
    await issues.select('#2 Two', '#3 Three');
    await chooseLate('Complete Issue');
    await ui.workbench.notification(GONE);
    assert.ok(othersAreThere());
    await ui.screenshot('row-is-gone');
  });

  it('asks about a deletion anew when an agent has written meanwhile', async () => {
    await issues.select('#2 Two');
    await issues.contextAction('#2 Two', 'Delete Issue');
    await ui.page.locator('.monaco-dialog-box').waitFor();
    issues.write('000002_two.md', '# Two\n\nWritten by an agent.\n');
    const dialog = ui.page.locator('.monaco-dialog-box');
    // Not by what waits for the dialog to close: the next one may be there at once.
    await dialog.getByRole('button', { name: 'Delete' }).click();
    await eventually(async () => assert.match(await dialog.innerText({ timeout: 1000 }), /It has changed since you were asked\./));
    await ui.screenshot('asked-anew');
    assert.equal(readFileSync(issues.path('000002_two.md'), 'utf8'), '# Two\n\nWritten by an agent.\n');
    await ui.workbench.dialog('Delete');
    await until(() => !existsSync(issues.path('000002_two.md')), 'the file to go');
  });
});

describe('a save over what nobody has seen', () => {
  const ui = useWorkbench({ files: { 'issues/000001_one.md': '# One\n\nabc\n' }, settings: { 'files.autoSave': 'off' } });
  const issues = new IssuesView(ui);
  before(() => issues.open());
  beforeEach(async () => {
    await issues.reset({ '000001_one.md': '# One\n\nabc\n' }, ['Open (1)', '  #1 One', 'Completed (0)']);
    await ui.workbench.openFile('000001_one.md');
    await eventually(async () => assert.equal(await ui.workbench.editorText(), '# One\n\nabc\n'));
    await ui.page.locator('.editor-group-container.active .view-line').first().click();
    await ui.page.keyboard.press('ControlOrMeta+End');
    await ui.page.keyboard.type('mine');
  });
  afterEach(async () => {
    await dismissNotifications(ui);
    await ui.workbench.run('File: Revert File');
    await ui.workbench.run('View: Close All Editors');
  });

  const reload = async () => {
    await ui.workbench.reloadWithDrafts();
    await issues.open();
  };

  it('is told of, and can be undone', async () => {
    issues.write('000001_one.md', '# One\n\nxyz\n');
    await ui.page.keyboard.press('ControlOrMeta+s');
    await ui.workbench.notification('“000001_one.md” had changed on disk. Saving it replaced that change.');
    await ui.screenshot('saved-over');
    assert.equal(readFileSync(issues.path('000001_one.md'), 'utf8'), '# One\n\nabc\nmine');
    await ui.workbench.notificationButton('had changed on disk', 'Undo');
    await eventually(() => assert.equal(readFileSync(issues.path('000001_one.md'), 'utf8'), '# One\n\nxyz\n'));
  });

  it('is asked about before a command, also when the window was opened anew since', async () => {
    await reload();
    issues.write('000001_one.md', '# One\n\nxyz\n');
    await ui.workbench.tab('000001_one.md').click();
    await ui.workbench.run('Issues: Complete Issue');
    const dialog = ui.page.locator('.monaco-dialog-box');
    await eventually(async () => assert.match(await dialog.innerText({ timeout: 1000 }), /has changed on disk while you were editing it/));
    await ui.workbench.dialog('Cancel');
    assert.equal(readFileSync(issues.path('000001_one.md'), 'utf8'), '# One\n\nxyz\n');
  });

  it('is not asked about when the window was opened anew and nobody has written', async () => {
    await reload();
    await ui.workbench.tab('000001_one.md').click();
    await ui.workbench.run('Issues: Complete Issue');
    await ui.workbench.notification('Completed #1 One.');
    await eventually(() => assert.equal(readFileSync(issues.path('complete/000001_one.md'), 'utf8'), '# One\n\nabc\nmine'));
  });
});
