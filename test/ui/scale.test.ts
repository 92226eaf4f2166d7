import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inRoot } from '../../tools/paths.mjs';
import { useWorkbench } from '../support/openWorkbench.ts';
import { eventually } from '../support/polling.ts';
import { IssuesView } from './issuesView.ts';
import { chooseTheme } from './metricsPage.ts';

/** `SCALE_ISSUES=100000` takes minutes on a busy machine. Above 5000, for what is looked for. */
const COUNT = Number(process.env.SCALE_ISSUES ?? 20_000);
const BURST = COUNT >= 100_000 ? 10_000 : 3000;
/** How many ranges there are, and how many issues in each. */
const RANGES = Math.floor(COUNT / 500);
const SIZE = COUNT / RANGES;

const idOf = (number: number) => `${String(number).padStart(6, '0')}_issue`;
/** The first issue of a range, which begin with the newest. */
const firstOf = (index: number) => COUNT - Math.floor(index * SIZE);
const rangeLabel = (index: number) => `#${firstOf(index)} – #${firstOf(index + 1) + 1}`;
const counted = (count: number) => count.toLocaleString('en');
const textOf = (number: number) =>
  `# Issue ${number}${number % 10_000 === 7 ? ' of the login' : ''}\n\n- [ ] A task\n\n${number === 4321 ? 'The needle is in this line.\n' : ''}`;

/** What a person would feel as stutter: the longest gaps between two frames of the window, in milliseconds. */
interface FrameGaps {
  readonly frames: number;
  readonly longest: number;
  readonly above50: number;
}

describe(`the tree with ${counted(COUNT)} completed issues`, function () {
  this.timeout(300_000);
  const ui = useWorkbench({
    files: { 'issues/000000_active.md': '# An active one\n' },
    // Rows that stick to the top would be counted as rows of the list.
    settings: { 'workbench.tree.enableStickyScroll': false },
  });
  const issues = new IssuesView(ui);
  const timings: Record<string, unknown> = { issues: COUNT, changes: BURST };

  /** Does something while the window's frames are counted. */
  async function framesOf(name: string, act: () => Promise<unknown>): Promise<void> {
    const startedAt = Date.now();
    await ui.page.evaluate(() => {
      const gaps: number[] = [];
      let last = performance.now();
      const next = (now: number) => {
        gaps.push(now - last);
        last = now;
        if (Reflect.get(globalThis, 'frameGaps') === gaps) requestAnimationFrame(next);
      };
      Reflect.set(globalThis, 'frameGaps', gaps);
      requestAnimationFrame(next);
    });
    await act();
    const gaps = await ui.page.evaluate((): FrameGaps => {
      const all: number[] = Reflect.get(globalThis, 'frameGaps');
      Reflect.set(globalThis, 'frameGaps', undefined);
      return { frames: all.length, longest: Math.round(Math.max(...all)), above50: all.filter((gap) => gap > 50).length };
    });
    timings[name] = { ms: Date.now() - startedAt, ...gaps };
  }

  before(async () => {
    const startedAt = Date.now();
    mkdirSync(issues.path('complete'));
    for (let number = 1; number <= COUNT; number++) {
      writeFileSync(issues.path(join('complete', `${idOf(number)}.md`)), textOf(number));
    }
    timings.written = Date.now() - startedAt;
    await ui.workbench.reload();
    await eventually(async () => {
      await ui.workbench.sideBar.openContainer('Issues');
      assert.ok((await issues.outline()).includes(`Completed (${counted(COUNT)})`));
    }, 200_000);
    timings.shown = Date.now() - startedAt;
  });

  after(() => {
    mkdirSync(inRoot('out/results'), { recursive: true });
    writeFileSync(inRoot('out/results/scale.json'), JSON.stringify(timings, undefined, 2));
    console.log(`      timings of ${counted(COUNT)} issues: ${JSON.stringify(timings)}`);
  });

  it('unfolds into ranges, and a range into its issues', async () => {
    await framesOf('unfold', async () => {
      await issues.expand('Completed');
      await issues.expand(rangeLabel(1));
    });
    await eventually(async () => {
      const outline = await issues.outline();
      const second = outline.indexOf(`  ${rangeLabel(1)} (${firstOf(1) - firstOf(2)})`);
      assert.ok(second > 0, outline.join('\n'));
      assert.equal(outline[second + 1], `    #${firstOf(1)} Issue ${firstOf(1)} (0/1)`);
    });
    await ui.screenshot('scale-ranges');
  });

  it('scrolls', async () => {
    await issues.rows.nth(5).hover();
    await framesOf('scroll', async () => {
      for (let step = 0; step < 30; step++) await ui.page.mouse.wheel(0, 600);
      await eventually(async () => assert.ok((await issues.rows.count()) > 10));
    });
    await eventually(async () => assert.ok(!(await issues.outline()).includes('Open (1)')));
    await eventually(async () => {
      await ui.page.mouse.wheel(0, -5000);
      assert.ok((await issues.outline()).includes('Open (1)'));
    }, 30_000);
  });

  it('follows a burst while it is used', async () => {
    await framesOf('burst', async () => {
      for (let index = 0; index < BURST; index++) {
        const number = index % 2 === 0 ? COUNT + 1 + index / 2 : firstOf(1) - index;
        writeFileSync(issues.path(join('complete', `${idOf(number)}.md`)), `# Changed ${number}\n`);
        if (index === BURST / 2) await ui.screenshot('scale-burst');
      }
      await eventually(async () => {
        const outline = await issues.outline();
        assert.ok(outline.includes(`Completed (${counted(COUNT + BURST / 2)})`), outline.slice(0, 8).join('\n'));
        assert.ok(outline.includes(`    #${firstOf(1) - 1} Changed ${firstOf(1) - 1}`), outline.slice(0, 8).join('\n'));
      }, 30_000);
    });
    assert.equal(await issues.isExpanded(rangeLabel(1)), true);
    await ui.screenshot('scale-after-burst');
  });

  it('filters while one types, until it is cleared', async () => {
    await issues.titleAction('Filter Issues...');
    const found = Math.ceil((COUNT - 6) / 10_000);
    const last = (found - 1) * 10_000 + 7;
    await framesOf('filter', async () => {
      await ui.workbench.quickInput.input.pressSequentially('login', { delay: 60 });
      await eventually(async () => assert.equal((await issues.outline())[0], `Completed (${found})`), 20_000);
    });
    await ui.page.keyboard.press('Enter');
    await eventually(async () => {
      assert.deepEqual((await issues.outline()).slice(0, 2), [`Completed (${found})`, `  #${last} Issue ${last} of the login (0/1)`]);
      assert.match(await ui.workbench.sideBar.view('Issues').innerText(), /Filter: login — \d+ of [\d,]+/);
    });
    await ui.screenshot('scale-filter-light');
    await chooseTheme(ui, 'Dark Modern', 'vs-dark');
    await ui.screenshot('scale-filter-dark');
    await issues.titleAction('Filter Issues...');
    await ui.workbench.quickInput.input.fill('nothing like it');
    await ui.page.keyboard.press('Enter');
    await ui.page.getByText('No issues match the filter.').waitFor();
    await ui.screenshot('filter-no-match');
    await ui.page.getByRole('button', { name: 'Clear Filter' }).last().click();
    await eventually(async () => assert.equal((await issues.outline())[0], 'Open (1)'));
  });

  it('finds titles at once and then texts, and opens the line', async () => {
    await issues.titleAction('Search Issues...');
    const { quickInput } = ui.workbench;
    await quickInput.picks('Search issues by ID, title, field or text');
    await framesOf('search', async () => {
      await quickInput.input.pressSequentially('needle', { delay: 60 });
      await eventually(async () => assert.equal(await quickInput.row('#4321 Issue 4321').count(), 1), 30_000);
    });
    await ui.screenshot('scale-search');
    await quickInput.row('#4321 Issue 4321').click();
    await eventually(async () => assert.match(await ui.workbench.editorText(), /The needle is in this line/));
    await ui.page.getByText(/Ln 5, Col 5/).waitFor();
  });
});
