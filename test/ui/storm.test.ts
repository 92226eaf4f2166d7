import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { useWorkbench } from '../support/openWorkbench.ts';
import { eventually } from '../support/polling.ts';
import { IssuesView } from './issuesView.ts';

/** `STORM_SECONDS=600` is the storm of a whole task that an agent works on. */
const SECONDS = Number(process.env.STORM_SECONDS ?? 25);
const CHANGES_PER_SECOND = 20;
const ACTIVE = 800;
/**
 * What may be left of a storm, in MB: what any storm leaves, such as compiled code and the figures of the metrics panel, and so much for
 * each second. A tree that is drawn four times a second leaves 0.45 MB a second.
 */
const MOST_MB = Math.min(30, 4 + 0.15 * SECONDS);

const nameOf = (number: number) => `${String(number).padStart(6, '0')}_issue.md`;
const titleOf = (number: number) => `# Issue ${number}\n\n- [ ] A task\n`;

describe(`the extension host's memory, through ${SECONDS} s of changes`, function () {
  this.timeout((SECONDS + 120) * 1000);
  // A second try would measure a storm in the same window, after the first.
  this.retries(0);
  const ui = useWorkbench({
    files: Object.fromEntries(Array.from({ length: ACTIVE }, (_, index) => [`issues/${nameOf(index + 1)}`, titleOf(index + 1)])),
    measuresHeap: true,
  });
  const issues = new IssuesView(ui);
  /** Numbers of active issues, the oldest first. */
  const active = Array.from({ length: ACTIVE }, (_, index) => index + 1);
  let changes = 0;

  /** One change as an agent makes it. Of six, two each create, edit, and complete or delete an issue, so that there are as many as before. */
  function change(): void {
    const next = (active.at(-1) ?? 0) + 1;
    const edited = active[(changes * 37) % active.length] ?? 0;
    const oldest = active[0] ?? 0;
    const step = changes++ % 6;
    if (step % 3 === 0) {
      issues.write(nameOf(next), titleOf(next));
      active.push(next);
    } else if (step % 3 === 1) {
      issues.write(nameOf(edited), `# Issue ${edited}, changed ${changes}\n`);
    } else if (step === 2) {
      issues.move(nameOf(oldest), `complete/${nameOf(oldest)}`);
      active.shift();
    } else {
      issues.remove(nameOf(oldest));
      active.shift();
    }
  }

  async function storm(seconds: number): Promise<void> {
    const startedAt = Date.now();
    for (let step = 0; step < seconds * CHANGES_PER_SECOND; step++) {
      change();
      await pause(Math.max(0, startedAt + ((step + 1) * 1000) / CHANGES_PER_SECOND - Date.now()));
    }
  }

  const showsAll = () =>
    eventually(async () => {
      const outline = await issues.outline();
      assert.equal(outline[0], `Open (${active.length.toLocaleString('en')})`);
      assert.match(outline[1] ?? '', new RegExp(`^  #${active[0]} Issue`));
    });

  it('stays what it was, and the tree shows what there is in the end', async () => {
    await issues.open();
    // What is compiled and kept once, however long it goes on.
    await storm(3);
    await showsAll();
    const before = await ui.heapUsed();
    await storm(SECONDS);
    await showsAll();
    const after = await ui.heapUsed();
    const grown = (after - before) / 2 ** 20;
    const megabytes = (bytes: number) => `${(bytes / 2 ** 20).toFixed(1)} MB`;
    console.log(`      heap of the extension host: ${megabytes(before)}, after ${SECONDS} s ${megabytes(after)}`);
    assert.ok(grown < MOST_MB, `the heap has grown by ${grown.toFixed(1)} MB, of at most ${MOST_MB.toFixed(1)}`);
  });
});

describe('a view for which very many rows were made', function () {
  this.timeout(180_000);
  const COUNT = 900;
  const REDRAWS = 24;
  const ui = useWorkbench({
    files: {
      ...Object.fromEntries(Array.from({ length: COUNT }, (_, index) => [`issues/${nameOf(index + 1)}`, `# Issue ${index + 1}\n`])),
      'issues/complete/002000_done.md': '# Done\n',
      'issues/complete/002001_done.md': '# Done too\n',
    },
    settings: { 'workbench.tree.enableStickyScroll': false },
  });
  const issues = new IssuesView(ui);

  it('is as it was when it is shown again, but for the selection of several rows', async () => {
    await issues.open();
    // Folded, the long group lets the end of the tree be seen.
    await issues.row('Open').click();
    await issues.expand('Completed');
    await issues.row('Open').click();
    for (let time = 0; time < REDRAWS; time++) {
      // An issue that comes or goes makes all rows of its group anew, and a command has them drawn at once.
      const comes = time % 2 === 0;
      if (comes) issues.write('000000_new.md', '# New\n');
      else issues.remove('000000_new.md');
      await ui.workbench.run('Issues: Refresh');
      await eventually(async () => assert.equal((await issues.outline())[1], comes ? '  #0 New' : '  #1 Issue 1'));
    }
    await issues.select('#1 Issue 1', '#2 Issue 2');
    await ui.workbench.sideBar.openContainer('Explorer');
    issues.write('000000_new.md', '# New\n');
    await issues.open();
    await eventually(async () => {
      assert.deepEqual((await issues.outline()).slice(0, 3), ['Open (901)', '  #0 New', '  #1 Issue 1']);
      assert.deepEqual(await issues.selected(), ['#1 Issue 1']);
    });
    issues.remove('000000_new.md');
    await eventually(async () => assert.deepEqual((await issues.outline()).slice(0, 2), ['Open (900)', '  #1 Issue 1']));
    await issues.row('#2 Issue 2').click();
    await ui.page.keyboard.press('F2');
    await eventually(async () => assert.equal(await ui.workbench.quickInput.input.inputValue(), 'issue'));
    await ui.workbench.quickInput.cancel();
    await issues.row('Open').click();
    await eventually(async () =>
      assert.deepEqual(await issues.outline(), ['Open (900)', 'Completed (2)', '  #2001 Done too', '  #2000 Done']),
    );
  });
});
