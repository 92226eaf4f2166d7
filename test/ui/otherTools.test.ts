import assert from 'node:assert/strict';
import { useWorkbench } from '../support/openWorkbench.ts';
import { eventually } from '../support/polling.ts';
import { hoverOver, IssuesView } from './issuesView.ts';

describe('the issues of other tools, on the samples', () => {
  const ui = useWorkbench({ folder: 'samples/many-trackers', viewport: { width: 1280, height: 1200 } });
  const issues = new IssuesView(ui);

  before(() => issues.open());

  it('are rows side by side, in the words of each tool', async () => {
    await eventually(async () => {
      const outline = await issues.outline();
      const expected = [
        '    BACK-7 Show what runs out this week (In Progress · high · shelf · 1/3)',
        '    BACK-7.1 Read dates that are printed without a year (Blocked · medium · scanner)',
        '    larder-k3fw Move photos out of the database (in-progress · high · storage · 1/2)',
        '    kitchen-timer/02 Ring on the other phone (Blocked · ready-for-agent · high)',
      ];
      assert.deepEqual(
        outline.filter((line) => expected.includes(line)),
        expected,
      );
    });
    await ui.screenshot('many-trackers');
  });

  it('have their fields in the tooltip, and why they cannot be changed', async () => {
    const text = await (await issues.tooltip('BACK-7 Show what runs out this week')).innerText();
    assert.match(text, /BACK-7 Show what runs out this week\s+In Progress · 1 of 3 tasks done · changed /);
    assert.match(
      text,
      /Status: In Progress\s+Priority: high\s+Labels: shelf\s+Assignees: @mira\s+Type: feature\s+Milestone: spring-release/,
    );
    assert.match(text, /Only the tasks of Backlog\.md issues can be changed from here yet\./);
    await ui.screenshot('many-trackers-tooltip');
  });

  it('grey in their menu what cannot be done yet', async () => {
    await issues.row('BACK-7 Show what runs out this week').click({ button: 'right' });
    const item = (name: string) => ui.page.getByRole('menuitem', { name }).first();
    for (const name of ['Complete Issue', 'Rename Issue...', 'Renumber Issue...', 'Delete Issue']) {
      await item(name).waitFor();
      assert.equal(await item(name).getAttribute('aria-disabled'), 'true', name);
    }
    assert.notEqual(await item('Copy Issue ID').getAttribute('aria-disabled'), 'true');
    await ui.screenshot('many-trackers-menu');
    await ui.page.keyboard.press('Escape');
  });

  it('have no button in their row for what cannot be done yet', async () => {
    const buttons = async (label: string) => {
      await issues.row(label).hover();
      return issues.row(label).locator('.actions .action-label').count();
    };
    assert.equal(await buttons('BACK-7 Show what runs out this week'), 0);
    assert.equal(await buttons('kitchen-timer/02 Ring on the other phone'), 0);
  });

  it('add up in the status bar, whose tooltip has a row for each store', async () => {
    const tooltip = await hoverOver(ui, ui.workbench.statusItem('markdown-issues.markdown-issues.markdownIssues.status'));
    const rows = await tooltip
      .locator('tr')
      .evaluateAll((all) => all.map((row) => [...row.children].map((cell) => (cell.textContent ?? '').replaceAll(/\s+/g, ' ').trim())));
    assert.deepEqual(rows[0], ['', 'Open issues', 'Cache hit rate']);
    assert.deepEqual(
      rows.slice(1).map(([name]) => name),
      ['Backlog.md (backlog)', 'beans (.beans)', 'Local Markdown (.scratch)'],
    );
    const isCut = await tooltip
      .locator('.hover-contents')
      .evaluateAll((parts) => parts.some((part) => part.scrollWidth > part.clientWidth));
    assert.equal(isCut, false);
    await ui.screenshot('many-trackers-statusbar');
  });

  it('refuse a key, with the way out', async () => {
    await issues.row('larder-k3fw Move photos out of the database').click();
    await ui.page.keyboard.press('Delete');
    const notification = ui.page.locator('.notifications-toasts', {
      hasText: 'beans issues cannot be deleted from here yet. Delete the file in the Explorer.',
    });
    await notification.waitFor();
  });
});
