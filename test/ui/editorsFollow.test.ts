import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { useWorkbench } from '../support/openWorkbench.ts';
import { eventually, until } from '../support/polling.ts';
import { dismissNotifications, IssuesView } from './issuesView.ts';

const LONG = `# One\n\n${Array.from({ length: 80 }, (_, index) => `Line ${index + 3} of a long text.`).join('\n')}\n`;
const FILES = { '000001_one.md': LONG, '000002_two.md': '# Two\n', '000003_three.md': '# Three\n' };

describe('the editor of an issue that is moved', () => {
  const ui = useWorkbench({
    files: Object.fromEntries(Object.entries(FILES).map(([name, content]) => [`issues/${name}`, content])),
    settings: { 'files.autoSave': 'off', 'editor.stickyScroll.enabled': false },
  });
  const issues = new IssuesView(ui);

  /** The tabs of all groups, pinned ones with `!`, previews with `~` and the active one of the active group with `>`. */
  const tabs = () =>
    ui.page.locator('.tabs-container .tab').evaluateAll((elements) =>
      elements.map((element) => {
        const label = element.querySelector('.monaco-icon-label');
        const isActive = element.classList.contains('active') && element.closest('.editor-group-container')?.classList.contains('active');
        const name = element.getAttribute('data-resource-name') ?? '';
        const marks = `${isActive ? '>' : ''}${element.classList.contains('sticky') ? '!' : ''}${label?.classList.contains('italic') ? '~' : ''}`;
        return marks + name;
      }),
    );
  const showsTabs = (...expected: string[]) => eventually(async () => assert.deepEqual(await tabs(), expected));
  const position = () => ui.page.locator('.part.statusbar [id="status.editor.selection"]').innerText();
  const firstLine = async () =>
    Number(
      await ui.page
        .locator('.editor-group-container.active .line-numbers')
        .evaluateAll((all) => Math.min(...all.map((each) => Number(each.textContent)))),
    );
  const reset = () => issues.reset(FILES, ['Open (3)', '  #1 One', '  #2 Two', '  #3 Three', 'Completed (0)']);
  const goTo = async (line: number) => {
    await ui.page.keyboard.press('ControlOrMeta+g');
    await ui.workbench.quickInput.input.fill(`:${line},6`);
    await ui.page.keyboard.press('Enter');
    await eventually(async () => assert.match(await position(), new RegExp(`Ln ${line}, Col 6`)));
  };
  const complete = async () => {
    await ui.workbench.run('Issues: Complete Issue');
    await ui.workbench.notification('Completed #1 One.');
    await until(() => existsSync(issues.path('complete/000001_one.md')), 'the file to move');
  };

  before(() => issues.open());
  beforeEach(reset);
  afterEach(async () => {
    await ui.workbench.quickInput.cancel();
    await dismissNotifications(ui);
    await ui.workbench.run('View: Close All Editor Groups');
    await until(async () => {
      const dialog = ui.page.locator('.monaco-dialog-box');
      if (await dialog.isVisible()) await dialog.getByRole('button', { name: /^Don't Save/ }).click({ timeout: 1000 });
      return (await tabs()).length === 0;
    }, 'the editors to close');
  });

  it('keeps focus, cursor and scroll position, and so does Undo', async () => {
    await ui.workbench.openFile('000001_one.md');
    await goTo(41);
    const top = await firstLine();
    await complete();
    await eventually(async () => assert.match(await position(), /Ln 41, Col 6/));
    await eventually(async () => assert.ok(Math.abs((await firstLine()) - top) <= 1, `${await firstLine()} was ${top}`));
    await ui.page.keyboard.type('typed ');
    await ui.page.keyboard.press('ControlOrMeta+s');
    await eventually(() => assert.match(readFileSync(issues.path('complete/000001_one.md'), 'utf8'), /Line typed 41 of/));
  });

  it('keeps its place among the tabs', async () => {
    for (const name of ['000002_two.md', '000001_one.md', '000003_three.md']) {
      await ui.workbench.openFile(name);
      await ui.workbench.run('View: Keep Editor');
    }
    await ui.workbench.tab('000001_one.md').click();
    await showsTabs('000002_two.md', '>000001_one.md', '000003_three.md');
    await complete();
    await showsTabs('000002_two.md', '>000001_one.md', '000003_three.md');
    await ui.workbench.run('Issues: Undo Last Change');
    await until(() => existsSync(issues.path('000001_one.md')), 'the file to be back');
    await showsTabs('000002_two.md', '>000001_one.md', '000003_three.md');
  });

  it('stays pinned', async () => {
    for (const name of ['000002_two.md', '000001_one.md']) {
      await ui.workbench.openFile(name);
      await ui.workbench.run('View: Pin Editor');
    }
    await ui.workbench.tab('000002_two.md').click();
    await ui.workbench.tab('000001_one.md').click();
    await showsTabs('!000002_two.md', '>!000001_one.md');
    await complete();
    await showsTabs('!000002_two.md', '>!000001_one.md');
  });

  it('stays a preview', async () => {
    await issues.row('#1 One').click();
    await showsTabs('>~000001_one.md');
    await issues.inlineAction('#1 One', 'Complete Issue');
    await ui.workbench.notification('Completed #1 One.');
    await showsTabs('>~000001_one.md');
    assert.ok(existsSync(issues.path('complete/000001_one.md')));
    await eventually(async () => assert.match(await ui.page.locator('.breadcrumbs-control').first().innerText(), /complete/));
  });

  it('is shown in both parts of a split', async () => {
    await ui.workbench.openFile('000001_one.md');
    await ui.workbench.run('View: Keep Editor');
    await ui.workbench.run('View: Split Editor Right');
    await showsTabs('000001_one.md', '>000001_one.md');
    await complete();
    await eventually(async () => {
      const paths = await ui.page.locator('.breadcrumbs-control').allInnerTexts();
      assert.equal(paths.filter((path) => path.includes('complete')).length, 2, paths.join(' | '));
    });
    await showsTabs('000001_one.md', '>000001_one.md');
  });

  it('follows behind another tab, too, and leaves the front as it is', async () => {
    for (const name of ['000001_one.md', '000002_two.md']) {
      await ui.workbench.openFile(name);
      await ui.workbench.run('View: Keep Editor');
    }
    await issues.inlineAction('#1 One', 'Complete Issue');
    await ui.workbench.notification('Completed #1 One.');
    await until(() => existsSync(issues.path('complete/000001_one.md')), 'the file to move');
    await showsTabs('000001_one.md', '>000002_two.md');
    await ui.workbench.tab('000001_one.md').click();
    await eventually(async () => assert.match(await ui.page.locator('.breadcrumbs-control').first().innerText(), /complete/));
  });

  it('takes its comparison with what is saved along into the past', async () => {
    await ui.workbench.openFile('000001_one.md');
    await ui.page.locator('.editor-group-container.active .view-line').first().click();
    await ui.page.keyboard.type('Mine');
    await ui.workbench.run('File: Compare Active File with Saved');
    await eventually(async () => assert.equal((await tabs()).length, 2));
    await complete();
    await showsTabs('>000001_one.md');
    assert.match(readFileSync(issues.path('complete/000001_one.md'), 'utf8'), /Mine/);
    await ui.screenshot('editor-follows');
  });
});
