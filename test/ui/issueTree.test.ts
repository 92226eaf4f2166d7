import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { inRoot } from '../../tools/paths.mjs';
import { useWorkbench } from '../support/openWorkbench.ts';
import { eventually } from '../support/polling.ts';
import { IssuesView, leaveHovers } from './issuesView.ts';

const markdownFiles = (folder: string) => readdirSync(inRoot('samples/issues', folder)).filter((name) => name.endsWith('.md')).length;

describe('the issue tree, on the samples', () => {
  // High enough to show every row.
  const ui = useWorkbench({ folder: 'samples', viewport: { width: 1280, height: 1200 } });
  const issues = new IssuesView(ui);

  it('has its own icon in the activity bar, which opens it', async () => {
    const tab = ui.page.getByRole('tab', { name: 'Issues', exact: true });
    await tab.waitFor();
    await tab.click();
    await issues.row('Open').waitFor();
    assert.equal(await tab.getAttribute('aria-expanded'), 'true');
    assert.match(await tab.locator('.action-label').evaluate((icon) => getComputedStyle(icon).maskImage), /issues\.svg/);
  });

  it('shows active and completed issues with their counts', async () => {
    await eventually(async () => {
      const groups = (await issues.outline()).filter((line) => !line.startsWith(' '));
      assert.deepEqual(groups, [`Open (${markdownFiles('')})`, `Completed (${markdownFiles('complete')})`, 'Other Folders (1)']);
    });
  });

  it('shows the number, the title and the progress of each issue', async () => {
    const outline = await issues.outline();
    const expected = [
      '  #0 How we write issues',
      '  #12 Remind people before food expires (3/5 · number also in 000012)',
      '  #18 Unit conversion (2/3)',
      '  #27 dark-theme',
      '  Rounding eats the last spoon of flour (0/2)',
    ];
    assert.deepEqual(
      outline.filter((line) => expected.includes(line)),
      expected,
    );
    const active = outline.slice(1, 1 + markdownFiles(''));
    assert.ok(
      active.every((line) => line.startsWith('  ')),
      'every active issue has a row',
    );
  });

  it('says in words what a row shows', async () => {
    assert.equal(
      await issues.row('#12 Remind people before food expires').getAttribute('aria-label'),
      'Issue 12, Remind people before food expires, open, 3 of 5 tasks done, Number 12 is also used by 000012.md. Renumber one of them.',
    );
  });

  it('unfolds the completed issues and the folders that are none', async () => {
    await issues.expand('Completed');
    await issues.expand('Other Folders');
    await eventually(async () => {
      const outline = await issues.outline();
      const completed = outline.indexOf(`Completed (${markdownFiles('complete')})`);
      assert.match(outline[completed + 1] ?? '', /^ {2}#33 Weekly summary/);
      assert.ok(outline.indexOf('  #1 Set up the project (3/3)') > completed + 1, 'the newest ones are first');
      assert.equal(outline[completed + markdownFiles('complete') + 1], 'Other Folders (1)');
      assert.equal(outline.at(-1), '  pending');
    });
    assert.match(await (await issues.tooltip('pending')).innerText(), /pending is not part of the issue store/);
    await ui.screenshot('tree');
  });

  it('renders the beginning of an issue in its tooltip', async () => {
    const tooltip = await issues.tooltip('#12 Remind people before food expires');
    const text = await tooltip.innerText();
    assert.match(
      text,
      /#12 Remind people before food expires\s+000012_expiry-reminders · Open · 3 of 5 tasks done · changed \w+ \d+, \d{4}, \d/,
    );
    assert.equal(text.match(/Remind people before food expires/g)?.length, 1);
    assert.equal(await tooltip.locator('blockquote').count(), 1);
    assert.deepEqual(await tooltip.getByRole('checkbox').evaluateAll((boxes) => boxes.map((box) => box.matches(':checked'))), [
      true,
      true,
      true,
      false,
      false,
    ]);
    await ui.screenshot('tooltip');
  });

  it('ends the tooltip of a long issue with an ellipsis', async () => {
    const text = await (await issues.tooltip('#30 Audit of the unit table')).innerText();
    assert.match(text, /…\s*$/);
    assert.ok(text.length < 2000, `${text.length} characters`);
  });

  it('opens the file with a click, as a preview, and leaves the focus in the tree', async () => {
    await leaveHovers(ui.page.mouse);
    await issues.row('#18 Unit conversion').click();
    const tab = ui.workbench.tab('000018_000018_unit-conversion.md');
    await tab.waitFor();
    assert.match((await tab.getAttribute('aria-label')) ?? '', /preview/);
    await eventually(async () => assert.match(await ui.workbench.editorText(), /^# Unit conversion\n/));
    await issues.row('#7 Barcode scanner loses focus after the third item').click();
    await ui.workbench.tab('000007_barcode-scanner-loses-focus.md').waitFor();
    await tab.waitFor({ state: 'detached' });
    assert.equal(await ui.page.locator('.pane .monaco-list:focus').count(), 1);
  });

  it('keeps it open with a double click, and goes to the editor', async () => {
    await issues.row('#18 Unit conversion').dblclick();
    await eventually(async () => {
      const label = await ui.workbench.tab('000018_000018_unit-conversion.md').getAttribute('aria-label');
      assert.equal(label, '000018_000018_unit-conversion.md');
      assert.equal(await ui.page.locator('.editor-instance :focus').count(), 1);
    });
  });

  it('opens an issue to the side', async () => {
    await issues.contextAction('#28 Two phones, one jar of jam 🍓', 'Open to the Side');
    await eventually(async () => {
      assert.equal(await ui.page.locator('.editor-group-container').count(), 2);
      assert.match(await ui.workbench.editorText(), /^# Two phones/);
    });
  });
});
