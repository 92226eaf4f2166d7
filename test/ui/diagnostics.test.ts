import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { useWorkbench } from '../support/openWorkbench.ts';
import { eventually } from '../support/polling.ts';
import { dismissNotifications, IssuesView } from './issuesView.ts';
import { chooseTheme } from './metricsPage.ts';

const FILES = {
  '000161_login-page.md': '# Login page\n\nBranch `issue/000161_login-page`.\n',
  '000161_password-rules.md': '# Password rules\n\nAfter 000161_login-page.\n',
  '000162_session-timeout.md': '# Session timeout\n\n- [ ] Wait for [the rules](000161_password-rules.md), see #161\n',
  'complete/000161_accounts.md': '# Accounts\n',
};

describe('the Problems view', () => {
  const ui = useWorkbench({
    files: {
      ...Object.fromEntries(Object.entries(FILES).map(([name, content]) => [`issues/${name}`, content])),
      'issues/pending/000170_idea.md': '# An idea\n',
    },
    settings: { 'workbench.colorTheme': 'Default Dark Modern' },
  });
  const issues = new IssuesView(ui);
  const shows = (...outline: string[]) => eventually(async () => assert.deepEqual(await issues.outline(), outline));
  const DUPLICATES = [
    'Open (3)',
    '  #161 Login page (number also in 000161_accounts and 1 more)',
    '  #161 Password rules (number also in 000161_accounts and 1 more)',
    '  #162 Session timeout (0/1)',
    'Completed (1)',
    '  #161 Accounts (number also in 000161_login-page and 1 more)',
    'Other Folders (1)',
  ];

  before(async () => {
    await issues.open();
    await issues.expand('Completed');
  });

  afterEach(async () => {
    await ui.workbench.quickInput.cancel();
    const failures = (await dismissNotifications(ui)).filter((message) => message.includes('did not work'));
    assert.deepEqual(failures, []);
  });

  it('marks duplicates in the tree and lists them in the Problems view', async () => {
    await shows(...DUPLICATES);
    const tooltip = await (await issues.tooltip('#161 Password rules')).innerText();
    assert.match(tooltip, /Number 161 is also used by complete\/000161_accounts\.md, 000161_login-page\.md\. Renumber one of them\./);
    await ui.screenshot('diagnostics-tooltip-dark');
    await ui.page.mouse.move(1, 1);
    await ui.workbench.run('Problems: Focus on Problems View');
    const panel = ui.page.locator('.markers-panel');
    // The panel shows three at a time, and counts the file in the other folder, too.
    await eventually(async () => assert.equal(await panel.getByText('duplicate-number').count(), 3));
    await eventually(async () => assert.equal(await ui.page.locator('.panel .action-item.checked .badge-content').innerText(), '4'));
    await ui.screenshot('diagnostics-problems-dark');
    await chooseTheme(ui, 'Light Modern', 'vs');
    await ui.screenshot('diagnostics-problems-light');
  });

  it('shows what renumbering an issue changes, and offers references that may mean another one', async () => {
    await issues.contextAction('#161 Password rules', 'Renumber Issue...');
    const rows = ui.workbench.quickInput.widget.locator('.monaco-list-row');
    const labels = [
      '000161_password-rules.md → 000163_password-rules.md',
      '000162_session-timeout.md:3',
      '000162_session-timeout.md:3',
      'May also mean complete/000161_accounts.md, 000161_login-page.md',
    ];
    await eventually(async () => assert.deepEqual(await rows.locator('.label-name').allTextContents(), labels));
    await eventually(async () => assert.match(await ui.workbench.quickInput.widget.innerText(), /2 Selected/));
    await ui.screenshot('diagnostics-renumber-light');
  });

  it('repairs all duplicates after showing how, and Undo brings them back', async () => {
    await issues.moreAction('Repair All Duplicates...');
    await ui.workbench.quickInput.row('000161_login-page.md → 000163_login-page.md').waitFor();
    await ui.screenshot('diagnostics-repair-light');
    await ui.page.keyboard.press('Enter');
    await shows(
      'Open (3)',
      '  #162 Session timeout (0/1)',
      '  #163 Login page',
      '  #164 Password rules',
      'Completed (1)',
      '  #161 Accounts',
      'Other Folders (1)',
    );
    const text = (name: string) => readFileSync(issues.path(name), 'utf8');
    assert.equal(
      text('000162_session-timeout.md'),
      '# Session timeout\n\n- [ ] Wait for [the rules](000164_password-rules.md), see #161\n',
    );
    assert.equal(text('000163_login-page.md'), '# Login page\n\nBranch `issue/000163_login-page`.\n');
    await ui.screenshot('diagnostics-repaired-light');
    await ui.workbench.notificationButton('Renumbered 2 issues.', 'Undo');
    await shows(...DUPLICATES);
    for (const [name, content] of Object.entries(FILES)) {
      assert.equal(text(name), content);
    }
  });
});
