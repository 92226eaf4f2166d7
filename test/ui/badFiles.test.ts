import assert from 'node:assert/strict';
import { mkdirSync, rmSync } from 'node:fs';
import { useWorkbench } from '../support/openWorkbench.ts';
import { eventually } from '../support/polling.ts';
import { dismissNotifications, IssuesView } from './issuesView.ts';

const LATIN1 = new Uint8Array([...Buffer.from('# Caf'), 0xe9, ...Buffer.from('\n\n- [ ] Umlauts\n')]);
const LARGE = `# Large\n\n${'- [x] One of many lines that a tool has logged into its issue.\n'.repeat(85_000)}`;
const REST = ['  #1 First steps (1/2)', '  #2 Second thoughts'];

describe('files that are not as they should be', () => {
  const ui = useWorkbench({
    files: {
      'issues/000001_first-steps.md': '# First steps\n\n- [x] Read\n- [ ] Write\n',
      'issues/000002_second-thoughts.md': '# Second thoughts\n',
    },
  });
  const issues = new IssuesView(ui);
  const shows = (...outline: string[]) => eventually(async () => assert.deepEqual(await issues.outline(), outline));
  const shown = (...added: string[]) => shows(`Open (${REST.length + added.length})`, ...REST, ...added, 'Completed (0)');

  before(() => issues.open());

  afterEach(async () => {
    await ui.workbench.quickInput.cancel();
    assert.deepEqual(
      (await dismissNotifications(ui)).filter((message) => message.includes('did not work')),
      [],
    );
    for (const name of issues.files().filter((file) => !/^00000[12]_/.test(file))) issues.remove(name);
    await shown();
  });

  it('show a warning in place of a file that is not UTF-8, and why', async () => {
    issues.write('000003_latin.md', LATIN1);
    await shown('  #3 latin (cannot be read)');
    const row = issues.row('#3 latin');
    assert.equal(await row.locator('.codicon-warning').count(), 1);
    const tooltip = await (await issues.tooltip('#3 latin')).innerText();
    assert.match(tooltip, /UTF-8/);
    await ui.screenshot('unreadable');
    issues.write('000003_latin.md', '# Café\n');
    await shown('  #3 Café');
  });

  it('open all the same, so that they can be mended', async () => {
    issues.write('000003_latin.md', LATIN1);
    await issues.row('#3 latin').click();
    await ui.workbench.tab('000003_latin.md').waitFor();
    await eventually(async () => assert.match(await ui.workbench.editorText(), /Umlauts/));
  });

  it('are no issue when they are a folder that is named like one', async () => {
    mkdirSync(issues.path('000003_folder.md'));
    await shows('Open (2)', ...REST, 'Completed (0)', 'Other Folders (1)');
    issues.write('000004_after.md', '# After\n');
    await shows('Open (3)', ...REST, '  #4 After', 'Completed (0)', 'Other Folders (1)');
    rmSync(issues.path('000003_folder.md'), { recursive: true });
    await shown('  #4 After');
  });

  it('show their title when they have 5 MB, and nothing of tasks that nobody counts', async () => {
    issues.write('000003_large.md', LARGE);
    await shown('  #3 Large');
    const tooltip = await (await issues.tooltip('#3 Large')).innerText();
    assert.match(tooltip, /One of many lines/);
    assert.doesNotMatch(tooltip, /tasks done/);
    assert.ok(tooltip.length < 3000, `${tooltip.length} characters`);
  });

  it('show a warning when they are too large to be read, and what to do about it', async () => {
    issues.write('000003_large.md', new Uint8Array(17 * 1024 * 1024));
    await shown('  #3 large (too large)');
    assert.match(await (await issues.tooltip('#3 large')).innerText(), /has 17 MB and is not read: an issue has 16 MB at most/);
  });

  it('show like any other when they are empty', async () => {
    issues.write('000003_empty-one.md', '');
    await shown('  #3 empty-one');
    assert.match(await (await issues.tooltip('#3 empty-one')).innerText(), /000003_empty-one/);
  });

  it('have a row each when two have one number, and commands know them apart', async () => {
    issues.write('000002_twin.md', '# The twin\n');
    const twins = [
      '  #1 First steps (1/2)',
      '  #2 Second thoughts (number also in 000002_twin)',
      '  #2 The twin (number also in 000002_second-thoughts)',
    ];
    await shows('Open (3)', ...twins, 'Completed (0)');
    await issues.contextAction('#2 The twin', 'Complete Issue');
    await eventually(() => assert.deepEqual(issues.files('complete'), ['000002_twin.md']));
    assert.deepEqual(issues.files(), ['000001_first-steps.md', '000002_second-thoughts.md']);
    await ui.workbench.notificationButton('Completed #2 The twin.', 'Undo');
    await shows('Open (3)', ...twins, 'Completed (0)');
    issues.remove('000002_twin.md');
  });

  it('keep their text when it looks like a command, a picture or an icon', async () => {
    issues.write(
      '000003_evil.md',
      '# $(alert) Evil\n\n[press](command:workbench.action.quit) ![x](http://127.0.0.1:1/x.png) <b onclick="1">bold</b>\n',
    );
    await issues.row('#3 $(alert) Evil').waitFor();
    const tooltip = await issues.tooltip('#3 $(alert) Evil');
    await eventually(async () => assert.match(await tooltip.innerText(), /press/));
    assert.equal(await tooltip.locator('img').count(), 0);
    assert.equal(await tooltip.locator('a[data-href^="command:"]').count(), 0);
    assert.equal(await tooltip.locator('.codicon-alert').count(), 0);
  });
});
