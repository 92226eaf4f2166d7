import assert from 'node:assert/strict';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Locator } from 'playwright-core';
import { inRoot } from '../../tools/paths.mjs';
import { wantedVersion } from '../../tools/setup.mjs';
import { windowUrl } from '../../tools/vscodeServer.mjs';
import { useWorkbench } from '../support/openWorkbench.ts';
import { eventually, until } from '../support/polling.ts';
import { dismissNotifications, hoverOver, IssuesView, leaveHovers } from './issuesView.ts';
import { chooseTheme, MetricsPage } from './metricsPage.ts';

/** With it the pictures of the documentation are made anew; without it they go where other screenshots go. */
const isUpdate = process.env.UPDATE_PICTURES === '1';
const FOLDER = inRoot(isUpdate ? 'docs/pictures' : 'out/screenshots/pictures');
const LIMIT_BYTES = 300_000;
/** How long something happens before the charts are shown. A minute fills them. */
const ACTIVITY_MS = isUpdate ? 70_000 : 4_000;
const SIDE_BAR_WIDTH = 400;
const STATUS = 'markdown-issues.markdown-issues.markdownIssues.status';

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

function takePictures(this: Mocha.Suite): void {
  this.timeout(60_000 + 2 * ACTIVITY_MS);
  const viewport = { width: 880, height: 476 };
  const ui = useWorkbench({
    folder: 'samples',
    files: { 'plain/notes.txt': 'A folder without a store.\n' },
    viewport,
    deviceScaleFactor: 2,
    settings: {
      'workbench.colorTheme': 'Default Dark Modern',
      'markdownIssues.cache.size': 20,
      'workbench.layoutControl.enabled': false,
      'workbench.editor.editorActionsLocation': 'hidden',
      'workbench.hover.delay': 100,
      'editor.minimap.enabled': false,
      'editor.occurrencesHighlight': 'off',
      'editor.scrollbar.vertical': 'hidden',
      'editor.hideCursorInOverviewRuler': true,
      'editor.overviewRulerBorder': false,
      'editor.wordWrap': 'on',
      'breadcrumbs.enabled': false,
    },
  });
  const issues = new IssuesView(ui);

  /** Below the title bar, which is VS Code's alone. */
  const window: Box = { x: 0, y: 36, width: viewport.width, height: viewport.height - 36 };

  async function take(name: string, clip: Box): Promise<void> {
    const path = join(FOLDER, `${name}.png`);
    mkdirSync(dirname(path), { recursive: true });
    const picture = await ui.page.screenshot({ clip });
    writeFileSync(path, picture);
    assert.ok(picture.length > 5000 && picture.length < LIMIT_BYTES, `${name}.png has ${picture.length} bytes`);
  }

  /** The lower left or upper part of the window that ends a little beyond all of these. */
  async function upTo(...targets: readonly Locator[]): Promise<Box> {
    const boxes = await Promise.all(targets.map((target) => target.boundingBox()));
    const known = boxes.filter((box) => box !== null);
    assert.equal(known.length, targets.length, 'all of it is to be seen');
    const right = Math.max(...known.map((box) => box.x + box.width)) + 12;
    const bottom = Math.max(...known.map((box) => box.y + box.height)) + 12;
    return { x: window.x, y: window.y, width: Math.min(viewport.width, right), height: bottom - window.y };
  }

  /** A widget with a margin. */
  async function around(target: Locator): Promise<Box> {
    const { x, y, width, height } = await upTo(target);
    const box = await target.boundingBox();
    assert.ok(box);
    const [left, top] = [Math.max(0, box.x - 12), Math.max(0, box.y - 12)];
    return { x: left, y: top, width: x + width - left, height: y + height - top };
  }

  async function widenSideBar(): Promise<void> {
    const sash = ui.page.locator('.monaco-sash.primary-sidebar-sash');
    const part = ui.page.locator('.part.sidebar');
    const widened = async () => {
      const [from, { width } = { width: 0 }] = [await sash.boundingBox(), (await part.boundingBox()) ?? undefined];
      if (from === null || Math.abs(width - SIDE_BAR_WIDTH) < 10) return from !== null;
      await ui.page.mouse.move(from.x + 2, 300);
      await ui.page.mouse.down();
      await ui.page.mouse.move(from.x + 2 + SIDE_BAR_WIDTH - width, 300, { steps: 4 });
      await ui.page.mouse.up();
      return false;
    };
    await until(widened, 'the side bar to be wide');
  }

  const samplesAreShown = () =>
    eventually(async () => {
      const outline = await issues.outline();
      assert.ok(outline.includes('  #12 Remind people before food expires (3/5 · number also in 000012)'), outline.join('\n'));
      assert.ok(!outline.some((line) => line.includes('one jar of jam')));
    });

  before(async () => {
    await issues.open();
    await widenSideBar();
    // Its title has a picture character, and machines that only run tests have no font for those.
    rmSync(issues.path('000028_sync-conflict.md'));
    await samplesAreShown();
  });

  it('the tree beside an issue, light and dark', async () => {
    await issues.row('#12 Remind people before food expires').dblclick();
    await eventually(async () => assert.match(await ui.workbench.editorText(), /^# Remind people/));
    for (const [theme, kind, name] of [
      ['Light Modern', 'vs', 'tree-light'],
      ['Dark Modern', 'vs-dark', 'tree-dark'],
    ] as const) {
      await chooseTheme(ui, theme, kind);
      await leaveHovers(ui.page.mouse);
      await ui.page.locator('.editor-instance .view-line').nth(1).click();
      // Colours of the text come a moment later.
      await ui.page.locator('.editor-instance .view-line .mtkb').first().waitFor();
      await take(name, window);
    }
  });

  it('an issue unfolded into its tasks', async () => {
    await issues.expand('#12 Remind people before food expires');
    await leaveHovers(ui.page.mouse);
    await take('tasks', await upTo(issues.row('#15 Shopping list: sort by aisle')));
    await issues.row('#12 Remind people before food expires').locator('.monaco-tl-twistie').click();
    await samplesAreShown();
  });

  it('the tooltip of an issue', async () => {
    // High enough to show all of it.
    await ui.page.setViewportSize({ ...viewport, height: 610 });
    const tooltip = await issues.tooltip('#12 Remind people before food expires');
    await tooltip.locator('hr').first().waitFor();
    await take('tooltip', await upTo(tooltip));
    await leaveHovers(ui.page.mouse);
    await ui.page.setViewportSize(viewport);
  });

  it('several issues and what can be done with them', async () => {
    await issues.select('#15 Shopping list: sort by aisle', '#15 Shopping list: merge equal products', '#15 Step 15: Shopping list');
    await ui.workbench.contextMenu(issues.row('#15 Shopping list: merge equal products'));
    await eventually(async () => assert.equal(await ui.page.locator('.monaco-menu').evaluate(opacityOf), 1));
    await take('batch', await upTo(ui.page.locator('.monaco-menu'), issues.row('#24 CSV export for the insurance')));
    await ui.page.keyboard.press('Escape');
    await ui.page.locator('.monaco-menu').waitFor({ state: 'hidden' });
  });

  it('the name of a new issue', async () => {
    const { quickInput } = ui.workbench;
    await ui.workbench.run('Issues: Create Issue...');
    await quickInput.answer('Name of the new issue', 'Warn before the freezer is full', { submit: false });
    await eventually(async () => assert.match(await quickInput.message(), /^The file will be 000034_Warn/));
    await take('create', await around(quickInput.widget));
    await quickInput.cancel();
  });

  it('going to an issue', async () => {
    const { quickInput } = ui.workbench;
    await ui.workbench.run('Issues: Go to Issue...');
    await quickInput.input.fill('step');
    await eventually(async () => assert.ok((await quickInput.picks('Go to an issue')).includes('#2 Step 2: Products and storage places')));
    await leaveHovers(ui.page.mouse);
    await take('goto', await around(quickInput.widget));
    await quickInput.cancel();
  });

  it('live charts, in dark, light and high contrast', async () => {
    await ui.workbench.run('View: Close All Editors');
    await ui.workbench.statusItem(STATUS).click();
    await (await MetricsPage.shown(ui)).chooseRange('1 min');
    // High enough to have all rows at hand.
    await ui.page.setViewportSize({ width: viewport.width, height: 1400 });
    await beBusy(ACTIVITY_MS);
    await ui.workbench.run('View: Close Primary Side Bar');
    // As high as the charts that are there whatever happened.
    const size = { width: 760, height: 932 };
    await ui.page.setViewportSize(size);
    await ui.workbench.tab('Issue Store Metrics').click();
    await ui.workbench.run('View: Close Other Editors in Group');
    const panel = await MetricsPage.shown(ui);
    await eventually(async () => assert.notEqual((await panel.headlines())['Hit rate'], '–'));
    for (const [theme, kind, name] of [
      ['Dark High Contrast', 'hc-black', 'metrics-high-contrast'],
      ['Light Modern', 'vs', 'metrics-light'],
      ['Dark Modern', 'vs-dark', 'metrics-dark'],
    ] as const) {
      await chooseTheme(ui, theme, kind);
      await leaveHovers(ui.page.mouse);
      await ui.page.locator('.workbench-hover-container:visible').waitFor({ state: 'hidden' });
      await take(name, { ...window, x: 48, width: size.width - 48, height: size.height - 36 - 24 });
    }
    await ui.page.setViewportSize(viewport);
    await issues.open();
    await widenSideBar();
  });

  it('the status bar and its tooltip', async () => {
    const item = ui.workbench.statusItem(STATUS);
    const tooltip = await hoverOver(ui, item);
    await eventually(async () => assert.equal(await tooltip.evaluate((element) => getComputedStyle(element).opacity), '1'));
    const { y } = await around(tooltip);
    const { width } = await upTo(tooltip);
    await take('statusbar', { x: 0, y, width, height: viewport.height - y });
  });

  it('three trackers side by side', async () => {
    await ui.workbench.open(windowUrl(ui.server, { open: join(ui.box.workspace, 'many-trackers') }));
    await issues.open();
    await widenSideBar();
    await issues.row('BACK-7 Show what runs out this week').dblclick();
    await eventually(async () => assert.match(await ui.workbench.editorText(), /^---\s+id: BACK-7/));
    await leaveHovers(ui.page.mouse);
    await ui.page.locator('.editor-instance .view-line').nth(1).click();
    await take('trackers', window);
  });

  it('a folder without a store', async () => {
    await ui.workbench.open(windowUrl(ui.server, { open: join(ui.box.workspace, 'plain') }));
    await ui.workbench.sideBar.openContainer('Issues');
    const welcome = ui.page.locator('.pane .welcome-view-content');
    await welcome.getByRole('button', { name: 'Create Issue' }).waitFor();
    await widenSideBar();
    await leaveHovers(ui.page.mouse);
    await take('welcome', { ...window, width: SIDE_BAR_WIDTH + 48, height: 300 });
  });

  /** What people do all day: look at issues, write new ones, complete some and change their minds. */
  async function beBusy(ms: number): Promise<void> {
    const end = Date.now() + ms;
    const looked = ['#0 How we write issues', '#18 Unit conversion', '#23 Import recipes from a web page'];
    await issues.expand('Completed');
    for (let round = 1; round === 1 || Date.now() < end; round++) {
      for (const label of looked.slice(round % 3)) {
        await issues.row(label).hover();
        await ui.page.locator('.workbench-hover-container:visible').waitFor();
      }
      if (round % 3 === 1) {
        await ui.workbench.run('Issues: Create Issue...');
        await ui.workbench.quickInput.answer('Name of the new issue', `Idea ${round}`);
        await issues.row(`#${33 + Math.ceil(round / 3)} Idea ${round}`).waitFor();
      }
      await issues.contextAction('#15 Shopping list: sort by aisle', 'Complete Issue');
      await ui.workbench.notification('Completed');
      await issues.contextAction('#15 Shopping list: sort by aisle', 'Reopen Issue');
      await ui.workbench.notification('Reopened');
      await dismissNotifications(ui);
    }
  }
}

// The documentation shows the newest VS Code.
if (wantedVersion() === 'newest') {
  describe('pictures for the documentation', takePictures);
}

/** How opaque an element is with all that is around it, also outside its shadow tree: below 1 while it fades in. */
function opacityOf(element: Element): number {
  let opacity = 1;
  let current: Element | null = element;
  while (current !== null) {
    opacity *= Number(getComputedStyle(current).opacity);
    const root: Node = current.getRootNode();
    current = current.parentElement ?? (root instanceof ShadowRoot ? root.host : null);
  }
  return opacity;
}
