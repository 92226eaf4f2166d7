import assert from 'node:assert/strict';
import { useWorkbench } from '../support/openWorkbench.ts';
import { eventually } from '../support/polling.ts';
import { IssuesView } from './issuesView.ts';

const FILES = {
  'issues/000001_one.md': '---\nlabels: [ui, good first]\npriority: high\n---\n# One\n',
  'issues/000002_two.md': '---\nlabels: [ui]\ndependencies: [1]\n---\n# Two\n',
  'issues/000003_three.md': '---\npriority: low\n---\n# Three\n',
};

const ALL = ['Open (3)', '  #1 One', '  #2 Two', '  #3 Three', 'Completed (0)'];

describe('the filter by fields', () => {
  const ui = useWorkbench({ files: FILES });
  const issues = new IssuesView(ui);
  /** The rows without what stands behind the titles of issues, which is not the filter's. */
  const shows = (rows: readonly string[]) =>
    eventually(async () =>
      assert.deepEqual(
        (await issues.outline()).map((row) => row.replace(/^( +#\d+ \w+) .*$/, '$1')),
        rows,
      ),
    );
  const message = () => ui.workbench.sideBar.view('Issues').innerText();

  /** Labels of the rows that are offered, whatever their order. */
  const offers = (labels: readonly string[]) =>
    eventually(async () => {
      const names = await ui.workbench.quickInput.widget.locator('.monaco-list-row .label-name').allTextContents();
      assert.deepEqual(
        labels.filter((label) => !names.includes(label)),
        [],
        names.join(' | '),
      );
    });

  before(async () => {
    await issues.open();
    await shows(ALL);
  });

  it('is typed with the help of rows that complete its last word, by keyboard', async () => {
    const { input } = ui.workbench.quickInput;
    await issues.titleAction('Filter Issues...');
    await offers(['is:', 'status:', 'label:', 'changed:']);
    await ui.screenshot('filter-keys');
    await input.pressSequentially('lab', { delay: 40 });
    await offers(['lab', 'label:']);
    await ui.page.keyboard.press('ArrowDown');
    await ui.page.keyboard.press('Enter');
    await eventually(async () => assert.equal(await input.inputValue(), 'label:'));
    await offers(['label:ui', 'label:"good first"']);
    await shows(ALL.slice(0, 4));
    await ui.screenshot('filter-values');
    await input.pressSequentially('u', { delay: 40 });
    await eventually(async () => {
      assert.deepEqual(await ui.workbench.quickInput.widget.locator('.monaco-list-row .label-name').allTextContents(), ['label:ui']);
    });
    await ui.page.keyboard.press('Enter');
    await eventually(async () => assert.equal(await input.inputValue(), 'label:ui '));
    await shows(['Open (2)', ...ALL.slice(1, 3)]);
    await input.pressSequentially('is:ready', { delay: 40 });
    await shows(['Open (1)', ...ALL.slice(1, 2)]);
    await ui.page.keyboard.press('Enter');
    await input.waitFor({ state: 'hidden' });
    await eventually(async () => assert.match(await message(), /Filter: label:ui is:ready — 1 of 3/));
    await ui.screenshot('filter-on');
  });

  it('is there after a reload, and cleared from the title of the view', async () => {
    await ui.workbench.reloadWithDrafts();
    await issues.open();
    await shows(['Open (1)', ...ALL.slice(1, 2)]);
    await eventually(async () => assert.match(await message(), /Filter: label:ui is:ready — 1 of 3/));
    await issues.titleAction('Clear Filter');
    await shows(ALL);
  });

  it('says which word means nothing, and keeps what is shown', async () => {
    const { input } = ui.workbench.quickInput;
    await issues.titleAction('Filter Issues...');
    await input.fill('label:ui is:redy ');
    await offers(['“is:redy” is not known. Use open, active, review, completed, done, dropped, ready or blocked.']);
    await ui.screenshot('filter-refused');
    await ui.page.keyboard.press('Enter');
    assert.equal(await input.isVisible(), true);
    await ui.page.keyboard.press('Escape');
    await input.waitFor({ state: 'hidden' });
    await shows(ALL);
  });

  it('takes the row that is clicked', async () => {
    const { input, widget } = ui.workbench.quickInput;
    await issues.titleAction('Filter Issues...');
    await input.fill('priority:');
    await offers(['priority:high', 'priority:low']);
    await widget.locator('.monaco-list-row').filter({ hasText: 'priority:low' }).click();
    await eventually(async () => assert.equal(await input.inputValue(), 'priority:low '));
    await shows(['Open (1)', '  #3 Three']);
    await ui.page.keyboard.press('Escape');
    await input.waitFor({ state: 'hidden' });
    await shows(['Open (1)', '  #3 Three']);
    await issues.titleAction('Clear Filter');
    await shows(ALL);
  });
});
