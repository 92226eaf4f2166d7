import assert from 'node:assert/strict';
import type { StoreFigures } from '../../src/protocol/metricsProtocol.ts';
import { useWorkbench } from '../support/openWorkbench.ts';
import { eventually, until } from '../support/polling.ts';
import { sample, storeSnapshot } from '../unit/protocol/samples.ts';
import { IssuesView } from './issuesView.ts';
import { chooseTheme, MetricsPage } from './metricsPage.ts';

const STATUS = 'markdown-issues.markdown-issues.markdownIssues.status';
const THEMES = [
  ['Light Modern', 'vs'],
  ['Dark High Contrast', 'hc-black'],
  ['Dark Modern', 'vs-dark'],
] as const;
/** Widths of the panel in pixels, each side of every width at which its layout changes among them. */
const WIDTHS = [600, 640, 641, 700, 701, 800, 1000, 1080, 1081, 1320, 1321, 1440, 1900];
const LONG_NAME = 'a-service-with-a-name_that_never_wants_to_end_and_has_no_place_to_break_it_at_all';

/** Figures as they are after a week on a slow network drive: longer ones are not to be had. */
function longestFigures(): StoreFigures {
  const minute = 60_000_000;
  const row = {
    count: 1_234_567,
    failures: 1_234,
    totalMicros: 128 * 60 * minute + 44 * minute,
    averageMicros: 123_400,
    p50Micros: 123_400,
    p95Micros: 59_900_000,
    p99Micros: 12 * minute + 34_000_000,
    maxMicros: 59 * minute + 59_000_000,
  };
  const meter = {
    operations: { create: row, read: row, update: row, delete: row, list: row },
    totalOperations: 5 * row.count,
    totalFailures: 5 * row.failures,
    overallAverageMicros: row.averageMicros,
  };
  return storeSnapshot({
    outer: meter,
    inner: meter,
    cache: {
      hits: 12_345_678,
      misses: 1_234_567,
      hitRate: 0.909,
      revalidated: 1_234_567,
      readAhead: 123_456,
      readAheadUsed: 123_455,
      size: 88_888,
      maxSize: 100_000,
      bytes: 67_108_863,
      maxBytes: 67_108_864,
      evictions: 123_456,
      expirations: 123_456,
    },
    saved: { reads: 12_345_678, micros: row.totalMicros },
    readsBy: { tooltip: row, tasks: row, search: row, commands: row, agents: row },
    activeIssues: 100_000,
    completedIssues: 1_000_000,
    coherence: { reconciles: 123_456, missed: 12_345, healed: 12_345 },
  });
}

describe('the metrics panel', () => {
  const ui = useWorkbench({
    files: { 'issues/000001_one.md': '# One\n', 'issues/000002_two.md': '# Two\n' },
    settings: { 'workbench.colorTheme': 'Default Dark Modern' },
    viewport: { width: 1440, height: 900 },
  });
  const issues = new IssuesView(ui);
  let panel: MetricsPage;

  /** Makes the window as wide as it takes for the panel to have a width. */
  async function setPanelWidth(width: number): Promise<void> {
    const { innerWidth: before } = await panel.widths();
    const window = ui.page.viewportSize() ?? { width: 0, height: 0 };
    await ui.page.setViewportSize({ ...window, width: window.width + width - before });
    await until(async () => (await panel.widths()).innerWidth === width, `the panel to be ${width} px wide`);
  }

  async function assertNothingIsCut(where: string): Promise<void> {
    // The page follows a resize in a frame or two.
    await eventually(async () => assert.deepEqual(await panel.cutTexts(), [], `cut ${where}`));
    const { innerWidth, clientWidth, scrollWidth } = await panel.widths();
    assert.ok(
      scrollWidth <= clientWidth,
      `${where}: the page of ${innerWidth} px scrolls sideways, it needs ${scrollWidth} of ${clientWidth}`,
    );
    assert.deepEqual(await panel.scrollingTables(), [], `tables that scroll ${where}`);
  }

  async function showLongest(names: readonly string[]): Promise<void> {
    const stores = names.map((name) => ({ id: name, name }));
    const slow = { count: 12_345, averageMicros: 12_340_000, p95Micros: 754_000_000 };
    const operations = { create: slow, read: slow, update: slow, delete: slow, list: slow };
    const cache = { hitRate: 0.909, intervalHitRate: 0.909, cacheSize: 88_888, cacheMaxSize: 100_000 };
    const now = Date.now();
    const history = [3, 2, 1].map((seconds) => sample(now - seconds * 1000, operations, cache));
    await panel.receive(stores, { id: names[0] ?? '', history, figures: longestFigures() });
    await eventually(async () => assert.equal((await panel.headlines())['Hit rate'], '90.9%'));
  }

  before(async () => {
    await issues.open();
    await ui.workbench.statusItem(STATUS).click();
    panel = await MetricsPage.shown(ui);
  });

  it('shows all of its figures beside the side bar of a window of 1440 pixels', async () => {
    await assertNothingIsCut('beside the side bar');
    await ui.screenshot('metrics-layout-beside');
    await showLongest([LONG_NAME]);
    await assertNothingIsCut('beside the side bar, with the longest figures');
    await ui.screenshot('metrics-layout-beside-longest');
    await ui.workbench.run('View: Close Primary Side Bar');
  });

  for (const [names, which] of [
    [[LONG_NAME], 'one folder'],
    [[LONG_NAME, `another-${LONG_NAME}`], 'two folders'],
  ] as const) {
    it(`shows its longest figures whole at any width, with ${which} of a long name`, async () => {
      await showLongest(names);
      for (const width of WIDTHS) {
        await setPanelWidth(width);
        await assertNothingIsCut(`at ${width} px`);
      }
    });
  }

  it('shows them whole in every theme', async () => {
    await ui.page.setViewportSize({ width: 1440, height: 2300 });
    for (const [theme, kind] of THEMES) {
      await chooseTheme(ui, theme, kind);
      for (const width of [600, 1440]) {
        await setPanelWidth(width);
        await assertNothingIsCut(`in ${theme} at ${width} px`);
        await ui.screenshot(`metrics-layout-${kind}-${width}`);
      }
    }
  });
});
