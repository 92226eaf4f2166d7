import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { chmodSync, readFileSync } from 'node:fs';
import { useWorkbench } from '../support/openWorkbench.ts';
import { eventually, until } from '../support/polling.ts';
import { dismissNotifications, IssuesView } from './issuesView.ts';

const VIEW = 'Issues';
const FIRST = '# First steps\r\n\r\n- [ ] **Read** 🎉\r\n  - [x] the first page\r\n  - [ ] the second page\r\n- [ ] Write\r\n';
const FILES = { '000001_first.md': FIRST, '000002_second.md': '# Second\n', 'complete/000003_done.md': '# Done\n\n- [x] All\n' };
const FIRST_ROW = '#1 First steps';
const FOLDED = ['Open (2)', `  ${FIRST_ROW} (1/4)`, '  #2 Second', 'Completed (1)'];
const UNFOLDED = [
  'Open (2)',
  `  ${FIRST_ROW} (1/4)`,
  '    Read 🎉',
  '      the first page',
  '      the second page',
  '    Write',
  '  #2 Second',
  'Completed (1)',
];

/** Writes another line at the end of a file again and again, each time as a whole, until it is told to end. */
const WRITER = `
  const { readFileSync, renameSync, writeFileSync } = require('node:fs');
  const [path] = process.argv.slice(1);
  setInterval(() => {
    const text = readFileSync(path, 'utf8');
    writeFileSync(path + '.tmp', text.split('\\nagent')[0] + '\\nagent ' + Date.now() + '\\n');
    if (readFileSync(path, 'utf8') === text) renameSync(path + '.tmp', path);
  }, 100);
`;

describe('the tasks of an issue', () => {
  const ui = useWorkbench({
    files: Object.fromEntries(Object.entries(FILES).map(([name, content]) => [`issues/${name}`, content])),
  });
  const issues = new IssuesView(ui);
  const text = () => readFileSync(issues.path('000001_first.md'), 'utf8');
  const shows = (...outline: string[]) => eventually(async () => assert.deepEqual(await issues.outline(), outline));
  const toggle = (label: string) => ui.workbench.sideBar.toggle(VIEW, label);

  async function boxes(): Promise<Record<string, boolean>> {
    const rows = (await ui.workbench.sideBar.tree(VIEW)).filter(({ checked }) => checked !== undefined);
    return Object.fromEntries(rows.map(({ label, checked }) => [label, checked === true]));
  }

  async function isTicked(label: string, ticked: boolean): Promise<void> {
    await eventually(async () => assert.equal((await boxes())[label], ticked));
  }

  before(async () => {
    await issues.open();
    await shows(...FOLDED);
    await issues.expand(FIRST_ROW);
  });

  beforeEach(() => issues.reset(FILES, UNFOLDED));

  it('are rows below it, nested as they are, each with a box and its state in words', async () => {
    assert.deepEqual(await boxes(), { 'Read 🎉': false, 'the first page': true, 'the second page': false, Write: false });
    assert.equal(await issues.row('the first page').getAttribute('aria-label'), 'the first page, done');
    assert.equal(await issues.row('Write').getAttribute('aria-label'), 'Write, not done');
    const box = issues.row('Write').getByRole('checkbox');
    assert.equal(await box.getAttribute('aria-checked'), 'false');
    assert.equal(await box.getAttribute('aria-label'), 'Write');
  });

  it('are ticked by a click on the box, that one alone, whatever is selected, and undone', async () => {
    await issues.select('Read 🎉', 'the second page', 'Write');
    await toggle('Read 🎉');
    await eventually(() => assert.equal(text(), FIRST.replace('- [ ] **Read**', '- [x] **Read**')));
    await shows(...UNFOLDED.map((line) => line.replace('(1/4)', '(2/4)')));
    assert.deepEqual(await boxes(), { 'Read 🎉': true, 'the first page': true, 'the second page': false, Write: false });
    await ui.workbench.run('Issues: Undo Last Change');
    await ui.page.getByText('Undone: Ticked “Read 🎉” in #1 First steps').waitFor();
    await eventually(() => assert.equal(text(), FIRST));
    await isTicked('Read 🎉', false);
  });

  it('lose their tick by a click, too', async () => {
    await toggle('the first page');
    await eventually(() => assert.equal(text(), FIRST.replace('[x]', '[ ]')));
    await shows(...UNFOLDED.map((line) => line.replace('(1/4)', '(0/4)')));
  });

  it('follow the file, and keep what is selected', async () => {
    await issues.row('Write').click();
    await eventually(async () => assert.deepEqual(await issues.selected(), ['Write']));
    issues.write(
      '000001_first.md',
      FIRST.replace('- [ ] **Read**', 'Text\r\n- [ ] Think\r\n- [x] **Read**').replace('[ ] Write', '[x] Write'),
    );
    await shows('Open (2)', `  ${FIRST_ROW} (3/5)`, '    Think', ...UNFOLDED.slice(2));
    assert.deepEqual(await boxes(), { Think: false, 'Read 🎉': true, 'the first page': true, 'the second page': false, Write: true });
    assert.deepEqual(await issues.selected(), ['Write']);
  });

  it('come and go with the boxes in the text', async () => {
    issues.write('000002_second.md', '# Second\n\n- [ ] New\n');
    await shows(...UNFOLDED.slice(0, 6), '  #2 Second (0/1)', 'Completed (1)');
    await issues.expand('#2 Second');
    await shows(...UNFOLDED.slice(0, 6), '  #2 Second (0/1)', '    New', 'Completed (1)');
    issues.write('000002_second.md', '# Second\n');
    await shows(...UNFOLDED);
  });

  it('fold', async () => {
    await issues.row('Read 🎉').locator('.monaco-tl-twistie').click();
    await shows(...UNFOLDED.filter((line) => !line.includes('page')));
    await toggle('Write');
    await eventually(() => assert.match(text(), /\[x\] Write/));
    await shows(...UNFOLDED.filter((line) => !line.includes('page')).map((line) => line.replace('(1/4)', '(2/4)')));
    await issues.expand('Read 🎉');
  });

  it('open the file at their line', async () => {
    await issues.row('the second page').click();
    await ui.workbench.tab('000001_first.md').waitFor();
    await ui.page.getByRole('button', { name: /^Ln 5, Col 1/ }).waitFor();
    assert.equal(await ui.page.locator('.pane .monaco-list:focus').count(), 1);
  });

  it('are ticked by the space bar, which folds what has no box', async () => {
    await issues.row(FIRST_ROW).click();
    await ui.page.keyboard.press('ArrowDown');
    await ui.page.keyboard.press('ArrowDown');
    await ui.page.keyboard.press('Space');
    await isTicked('the first page', false);
    await eventually(() => assert.equal(text(), FIRST.replace('[x]', '[ ]')));
    await ui.page.keyboard.press('Space');
    await isTicked('the first page', true);
    await eventually(() => assert.equal(text(), FIRST));
    await ui.page.keyboard.press('ArrowUp');
    await ui.page.keyboard.press('ArrowUp');
    await ui.page.keyboard.press('Space');
    await shows(...FOLDED);
    await ui.page.keyboard.press('Space');
    await shows(...UNFOLDED);
  });

  it('are ticked in a text that is not saved yet, and nothing that was typed is lost', async () => {
    await issues.row('Write').dblclick();
    await ui.workbench.tab('000001_first.md').waitFor();
    await ui.page.locator('.editor-instance :focus').waitFor({ state: 'attached' });
    await ui.page.keyboard.press('ControlOrMeta+Home');
    await ui.page.keyboard.type('typed\nabove\n');
    await toggle('Write');
    await eventually(() => assert.equal(text(), `typed\r\nabove\r\n${FIRST.replace('[ ] Write', '[x] Write')}`));
    await isTicked('Write', true);
    await eventually(async () => assert.match(await ui.workbench.editorText(), /^typed\nabove\n[\s\S]*\[x\] Write/));
    await ui.workbench.run('View: Close All Editors');
  });

  it('are ticked while another process writes the file, and show what is in it in the end', async () => {
    const writer = spawn(process.execPath, ['-e', WRITER, issues.path('000001_first.md')], { stdio: 'ignore' });
    try {
      await until(() => text().includes('agent'), 'the writer to begin');
      for (const label of ['Read 🎉', 'the second page', 'Write']) {
        // A click that comes at the very moment of a write is refused with a message, and the box goes back.
        await until(async () => {
          if (!(await boxes())[label]) await toggle(label);
          await ui.page.waitForTimeout(500);
          return (await boxes())[label] === true;
        }, `${label} to be ticked`);
      }
    } finally {
      writer.kill();
    }
    const body = FIRST.replaceAll('[ ]', '[x]');
    await eventually(() => assert.equal(text().split('\nagent')[0], body));
    await eventually(async () =>
      assert.deepEqual(await boxes(), { 'Read 🎉': true, 'the first page': true, 'the second page': true, Write: true }),
    );
    await dismissNotifications(ui);
  });

  it('say why a box was not ticked, and show it as it is', async () => {
    issues.write('000001_first.md', FIRST);
    chmodSync(issues.path('000001_first.md'), 0o444);
    await toggle('Write');
    const [message] = await until(async () => {
      const messages = await dismissNotifications(ui);
      return messages.length > 0 ? messages : undefined;
    }, 'a message');
    assert.match(message ?? '', /000001_first\.md is read-only\. Nothing was written\./);
    await isTicked('Write', false);
    assert.equal(text(), FIRST);
    chmodSync(issues.path('000001_first.md'), 0o644);
  });
});

describe('checkboxes', () => {
  const ui = useWorkbench({
    files: { 'issues/000001_first.md': '# First\n\n- [x] Read\n', 'issues/000002_second.md': '# Second\n' },
    settings: { 'markdownIssues.tree.checkboxes': 'all' },
  });
  const issues = new IssuesView(ui);
  const checked = async () => (await ui.workbench.sideBar.tree(VIEW)).map(({ label, checked: isChecked }) => [label, isChecked]);

  before(async () => {
    await issues.open();
    await issues.expand('#1 First');
  });

  it('of issues complete and reopen them, one at a time, by mouse and by key', async () => {
    await issues.select('#1 First', '#2 Second');
    await ui.workbench.sideBar.toggle(VIEW, '#2 Second');
    await eventually(() => assert.deepEqual(issues.files('complete'), ['000002_second.md']));
    await issues.expand('Completed');
    await eventually(async () =>
      assert.deepEqual(await checked(), [
        ['Open', undefined],
        ['#1 First', false],
        ['Read', true],
        ['Completed', undefined],
        ['#2 Second', true],
      ]),
    );
    await dismissNotifications(ui);
    await issues.row('#2 Second').click();
    await ui.page.keyboard.press('Space');
    await eventually(() => assert.deepEqual(issues.files(), ['000001_first.md', '000002_second.md']));
  });
});
