import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { useWorkbench } from '../support/openWorkbench.ts';
import { eventually } from '../support/polling.ts';
import { IssuesView } from './issuesView.ts';

const FILES = {
  '000001_first-steps.md': '# First steps\n\n- [ ] Read\n- [ ] Write\n',
  '000002_second-thoughts.md': '# Second thoughts\n',
  '000003_third-time.md': '# Third time lucky\n',
  'complete/000004_long-done.md': '# Long done\n',
  'complete/000005_older.md': '# Older\n',
};
const OUTLINE = [
  'Open (3)',
  '  #1 First steps (0/2)',
  '  #2 Second thoughts',
  '  #3 Third time lucky',
  'Completed (2)',
  '  #5 Older',
  '  #4 Long done',
];

describe('the tree, while others change the files', () => {
  const ui = useWorkbench({
    files: Object.fromEntries(Object.entries(FILES).map(([name, content]) => [`issues/${name}`, content])),
    git: true,
  });
  const issues = new IssuesView(ui);
  const shows = (...outline: string[]) => eventually(async () => assert.deepEqual(await issues.outline(), outline));

  before(async () => {
    await issues.open();
    await issues.expand('Completed');
  });

  beforeEach(async () => {
    await issues.reset(FILES, OUTLINE);
    await issues.row('#2 Second thoughts').click();
    await eventually(async () => assert.deepEqual(await issues.selected(), ['#2 Second thoughts']));
  });

  afterEach('what was selected and unfolded stays so', async () => {
    assert.deepEqual(await issues.selected(), ['#2 Second thoughts']);
    assert.equal(await issues.isExpanded('Open'), true);
  });

  it('shows a new file', async () => {
    issues.write('000006_new.md', '# Brand new\n\n- [x] Write it\n');
    await shows('Open (4)', ...OUTLINE.slice(1, 4), '  #6 Brand new (1/1)', ...OUTLINE.slice(4));
  });

  it('shows the title and the progress that were written into a file', async () => {
    issues.write('000001_first-steps.md', '# First steps, taken\n\n- [x] Read\n- [x] Write\n- [ ] Think\n');
    await shows('Open (3)', '  #1 First steps, taken (2/3)', ...OUTLINE.slice(2));
  });

  it('shows what was written atomically, beside the file and then over it', async () => {
    issues.write('000003_third-time.md.tmp', '# Third time, atomically\n');
    issues.move('000003_third-time.md.tmp', '000003_third-time.md');
    await shows(...OUTLINE.slice(0, 3), '  #3 Third time, atomically', ...OUTLINE.slice(4));
  });

  it('shows a file that was renamed', async () => {
    issues.move('000003_third-time.md', '000000_zero.md');
    await shows('Open (3)', '  #0 Third time lucky', ...OUTLINE.slice(1, 3), ...OUTLINE.slice(4));
  });

  it('drops the row of a file that was deleted', async () => {
    issues.remove('000001_first-steps.md');
    await shows('Open (2)', ...OUTLINE.slice(2));
  });

  it('moves the row of a file that was moved to the completed ones, and back', async () => {
    issues.move('000001_first-steps.md', 'complete/000001_first-steps.md');
    await shows('Open (2)', ...OUTLINE.slice(2, 4), 'Completed (3)', ...OUTLINE.slice(5), '  #1 First steps (0/2)');
    issues.move('complete/000001_first-steps.md', '000001_first-steps.md');
    await shows(...OUTLINE);
    assert.equal(await issues.isExpanded('Completed'), true);
  });

  it('shows what a tool writes in a burst', async () => {
    const names = Array.from({ length: 12 }, (_, index) => `${index + 10}`);
    for (const name of names) issues.write(`0000${name}_burst.md`, `# Burst ${name}\n`);
    await shows('Open (15)', ...OUTLINE.slice(1, 4), ...names.map((name) => `  #${name} Burst ${name}`), ...OUTLINE.slice(4));
  });

  it('shows the branch that git checks out', async () => {
    const git = (...args: string[]) =>
      execFileSync('git', ['-c', 'user.name=test', '-c', 'user.email=test@example.invalid', ...args], { cwd: ui.box.workspace });
    git('checkout', '-q', '-b', 'other');
    issues.write('000001_first-steps.md', '# First steps on a branch\n');
    issues.write('000006_branch.md', '# Only on the branch\n');
    issues.move('000003_third-time.md', 'complete/000003_third-time.md');
    git('add', '-A');
    git('commit', '-q', '-m', 'other');
    const other = [
      'Open (3)',
      '  #1 First steps on a branch',
      '  #2 Second thoughts',
      '  #6 Only on the branch',
      'Completed (3)',
      ...OUTLINE.slice(5),
      '  #3 Third time lucky',
    ];
    await shows(...other);
    git('checkout', '-q', 'main');
    await shows(...OUTLINE);
    git('checkout', '-q', 'other');
    await shows(...other);
    git('checkout', '-q', 'main');
  });

  it('shows what an agent wrote in the tooltip, though the old text was read before', async () => {
    assert.match(await (await issues.tooltip('#3 Third time lucky')).innerText(), /Third time lucky/);
    issues.write('000003_third-time.md', '# Third time lucky\n\nThe agent was here.\n');
    await eventually(async () => assert.match(await (await issues.tooltip('#3 Third time lucky')).innerText(), /The agent was here\./));
  });
});
