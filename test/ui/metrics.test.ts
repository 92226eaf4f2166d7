import assert from 'node:assert/strict';
import { linkSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { useWorkbench } from '../support/openWorkbench.ts';
import { eventually, until } from '../support/polling.ts';
import { hoverOver, IssuesView, leaveHovers } from './issuesView.ts';
import { chooseTheme, isRemembered, MetricsPage } from './metricsPage.ts';

const STATUS = 'markdown-issues.markdown-issues.markdownIssues.status';
const CHARTS = ['Hit rate', 'Cache size', 'Operations per second', 'Latency, average', 'Latency, 95th percentile'];
const issue = (title: string) => `# ${title}\n\n- [x] Begin\n- [ ] End\n`;

describe('the metrics', () => {
  const ui = useWorkbench({
    files: {
      'issues/000001_one.md': issue('One'),
      'issues/000002_two.md': issue('Two'),
      'issues/000003_three.md': issue('Three'),
      'issues/complete/000004_four.md': issue('Four'),
    },
    settings: { 'workbench.colorTheme': 'Default Dark Modern', 'markdownIssues.cache.size': 50 },
  });
  const issues = new IssuesView(ui);
  const status = () => ui.workbench.statusItem(STATUS);
  const statusText = async () => (await status().innerText()).replaceAll(/\s+/g, ' ').trim();
  /** Rows of the tooltip's table, by their names. */
  const statusFigures = async () => {
    const tooltip = await hoverOver(ui, status());
    const rows = await tooltip
      .locator('tr')
      .evaluateAll((all) => all.map((row) => [...row.children].map((cell) => cell.textContent?.trim())));
    return Object.fromEntries(rows.filter(([name]) => name)) as Record<string, string>;
  };
  const takeLink = async (name: string) => {
    const tooltip = await hoverOver(ui, status());
    await tooltip.locator('a', { hasText: name }).click();
    await leaveHovers(ui.page.mouse);
  };
  /** Reads an issue as a person does: its tooltip shows the beginning. */
  const read = async (label: string) => {
    const tooltip = await issues.tooltip(label);
    await tooltip.getByRole('checkbox').first().waitFor();
    await leaveHovers(ui.page.mouse);
  };

  before(() => issues.open());

  describe('in the status bar', () => {
    it('begin with the number of open issues and no hit rate', async () => {
      await eventually(async () => assert.equal(await statusText(), '3 –'));
      assert.equal(await status().locator('a').getAttribute('aria-label'), '3 open issues, nothing read yet');
    });

    it('show the hit rate and the figures of the cache', async () => {
      await read('#1 One');
      await eventually(async () => assert.equal(await statusText(), '3 100%'));
      issues.write('000005_five.md', issue('Five'));
      await eventually(async () => assert.equal(await statusText(), '4 100%'));
      const figures = await statusFigures();
      assert.equal(figures['Open issues'], '4 of 5');
      assert.equal(figures['Hits · misses'], '1 · 0');
      assert.equal(figures['Read ahead · used'], '5 · 1');
      assert.equal(figures['Cache entries'], '5 of 50');
      await ui.screenshot('statusbar');
      issues.remove('000005_five.md');
      await eventually(async () => assert.equal(await statusText(), '3 100%'));
    });

    it('have links in their tooltip that work', async () => {
      await takeLink('Clear Cache');
      await eventually(async () => assert.equal((await statusFigures())['Cache entries'], '0 of 50'));
      await takeLink('Reset Metrics');
      await eventually(async () => assert.equal(await statusText(), '3 –'));
      await takeLink('Go to Issue');
      await ui.workbench.quickInput.picks('Go to an issue');
      await ui.workbench.quickInput.cancel();
      await takeLink('Show Metrics');
      await ui.workbench.tab('Issue Store Metrics').waitFor();
      await ui.workbench.closeTab('Issue Store Metrics');
    });
  });

  describe('in their panel', () => {
    let panel: MetricsPage;

    before(async () => {
      await status().click();
      panel = await MetricsPage.shown(ui);
    });

    it('are drawn as charts, each with a sentence that says the same', async () => {
      await ui.workbench.run('Issues: Reset Metrics');
      await eventually(async () => assert.equal(await panel.counted('All'), 0));
      assert.deepEqual(await panel.charts(), CHARTS);
      const hint = 'No reads yet. An issue is read through the cache when you first hover over its row.';
      assert.equal(await panel.summary('Hit rate'), hint);
      assert.match(await panel.summary('Latency, average'), /^No operations yet\. Hover over an issue/);
      await ui.workbench.openFile('000003_three.md');
      await ui.workbench.closeTab('000003_three.md');
      panel = await MetricsPage.shown(ui);
      assert.deepEqual([await panel.counted('All'), await panel.summary('Hit rate')], [0, hint]);
      await read('#2 Two');
      await eventually(async () => assert.equal(await panel.counted('Read'), 1));
      await eventually(async () => assert.match((await panel.headlines())['Cache entries'] ?? '', /^1/));
      await ui.screenshot('metrics');
      for (const [chart, series] of [
        ['Hit rate', 'Overall'],
        ['Cache size', 'Entries'],
        ['Operations per second', 'Read'],
      ] as const) {
        const colour = await panel.legendColour(chart, series);
        await eventually(async () => assert.ok((await panel.colours(chart)).includes(colour), `${chart} draws ${series} in ${colour}`));
      }
      await panel.chooseRange('1 min');
      await eventually(async () =>
        assert.match(await panel.summary('Cache size'), /^Cache size, last 1 minutes\. Entries: 1, highest 1; Limit: 50/),
      );
    });

    it('go on while the panel can be seen', async () => {
      const { Operations: before } = await panel.headlines();
      await ui.workbench.run('Issues: Create Issue...');
      await ui.workbench.quickInput.answer('Name of the new issue', 'fresh');
      await ui.workbench.tab('000005_fresh.md').waitFor();
      await ui.workbench.tab('Issue Store Metrics').click();
      panel = await MetricsPage.shown(ui);
      await eventually(async () => assert.equal(await panel.counted('Create'), 1));
      assert.equal((await panel.headlines()).Operations, String(Number(before) + 1));
      await issues.contextAction('#5 fresh', 'Complete Issue');
      await eventually(async () => assert.equal(await panel.counted('Delete'), 1));
    });

    it('stand in tables, for the callers and for the disk', async () => {
      const [count, failed, average] = await panel.figures('With the cache', 'Create');
      assert.deepEqual([count, failed], ['1', '0']);
      assert.match(average ?? '', /^[\d.]+\s(µs|ms)$/);
      assert.equal((await panel.figures('On disk', 'Create'))[0], '1');
      assert.deepEqual(await panel.figures('Issue store', 'Open issues'), ['3']);
      assert.deepEqual(await panel.figures('Issue store', 'Completed issues'), ['2']);
      assert.deepEqual(await panel.figures('Cache', 'Limit'), ['50']);
    });

    it('say which feature has read, and what was read ahead for it', async () => {
      assert.equal((await panel.figures('Reads by feature', 'Tooltips'))[0], String(await panel.counted('Read')));
      assert.deepEqual((await panel.figures('Reads by feature', 'Agents')).slice(0, 3), ['0', '0', '–']);
      assert.deepEqual(await panel.figures('Cache', 'Misses'), [
        String((await panel.counted('Read')) - Number((await panel.figures('Cache', 'Hits'))[0])),
      ]);
      assert.match((await panel.figures('Cache', 'Text in memory'))[0] ?? '', /^0\.[\d]+ MB of 67\.1 MB$/);
    });

    it('count what the cache saves', async () => {
      const saved = async () => Number((await panel.figures('Saved by the cache', 'Reads saved'))[0]);
      const before = await saved();
      // It was written a moment ago, so nobody has to read it from the disk.
      await eventually(async () => assert.ok((await issues.outline()).includes('Completed (2)')));
      await issues.expand('Completed');
      await issues.tooltip('#5 fresh');
      await eventually(async () => assert.equal(await saved(), before + 1));
      assert.equal(Number((await panel.figures('Cache', 'Hits'))[0]), before + 1);
    });

    it('count what the watcher has missed, and what was healed', async () => {
      assert.deepEqual(await panel.figures('Issue store', 'Missed by the watcher'), ['0']);
      // Whoever watches a folder hears nothing of a write by a name that the file has in another one.
      const elsewhere = join(ui.box.workspace, 'elsewhere');
      mkdirSync(elsewhere);
      linkSync(issues.path('000003_three.md'), join(elsewhere, 'three.md'));
      writeFileSync(join(elsewhere, 'three.md'), issue('Third'));
      await ui.workbench.run('Issues: Refresh');
      await eventually(async () => assert.ok((await issues.outline()).some((row) => row.includes('#3 Third'))));
      // An event may come late, so it takes some seconds until it is taken for one that never came.
      await eventually(async () => assert.deepEqual(await panel.figures('Issue store', 'Missed by the watcher'), ['1']), 20_000);
      assert.deepEqual(await panel.figures('Issue store', 'Healed'), ['1']);
      await ui.screenshot('metrics-missed');
      writeFileSync(join(elsewhere, 'three.md'), issue('Three'));
      await ui.workbench.run('Issues: Refresh');
      await eventually(async () => assert.ok((await issues.outline()).some((row) => row.includes('#3 Three'))));
    });

    it('stop when they are paused, and catch up afterwards', async () => {
      await panel.press('Pause');
      assert.match(await panel.status(), /^Paused at \d/);
      const before = await panel.counted('Read');
      const { 'Hits · misses': misses } = await statusFigures();
      await read('#3 Three');
      // The host tells the status bar and the panel in the same second.
      await eventually(async () => assert.notEqual((await statusFigures())['Hits · misses'], misses));
      assert.equal(await panel.counted('Read'), before);
      await panel.press('Resume');
      assert.equal(await panel.status(), 'Live');
      await eventually(async () => assert.equal(await panel.counted('Read'), before + 1));
    });

    it('stay as they were when they are paused and their tab is hidden, until they are resumed', async () => {
      await panel.press('Pause');
      const [status, reads, headlines] = [await panel.status(), await panel.counted('Read'), await panel.headlines()];
      const summary = await panel.summary('Operations per second');
      await ui.workbench.openFile('000002_two.md');
      const { 'Hits · misses': misses } = await statusFigures();
      // A row that is drawn anew reads its issue again.
      issues.write('000001_one.md', issue('First'));
      await issues.row('#1 First').waitFor();
      await read('#1 First');
      await eventually(async () => assert.notEqual((await statusFigures())['Hits · misses'], misses));
      await ui.workbench.tab('Issue Store Metrics').click();
      panel = await MetricsPage.shown(ui);
      assert.equal(await panel.status(), status);
      assert.deepEqual([await panel.counted('Read'), await panel.headlines()], [reads, headlines]);
      assert.equal(await panel.summary('Operations per second'), summary);
      await panel.press('Resume');
      assert.equal(await panel.status(), 'Live');
      await eventually(async () => assert.equal(await panel.counted('Read'), reads + 1));
      await ui.workbench.closeTab('000002_two.md');
      issues.write('000001_one.md', issue('One'));
      await issues.row('#1 One').waitFor();
    });

    it('show the time range that is chosen', async () => {
      await panel.chooseRange('15 min');
      await eventually(async () => assert.match(await panel.summary('Operations per second'), /^Operations per second, last 15 minutes/));
      await panel.chooseRange('5 min');
      await eventually(async () => assert.match(await panel.summary('Operations per second'), /^Operations per second, last 5 minutes/));
    });

    it('begin anew when they are reset, paused or not', async () => {
      assert.notEqual(await panel.counted('All'), 0);
      await panel.press('Pause');
      await panel.press('Reset');
      await eventually(async () => assert.equal(await panel.counted('All'), 0));
      assert.match(await panel.status(), /^Paused at \d/);
      await panel.press('Resume');
      assert.equal(await panel.counted('All'), 0);
      assert.equal((await panel.headlines())['Hit rate'], '–');
      await eventually(async () => assert.match(await statusText(), /–$/));
    });

    it('follow the colour theme', async () => {
      await read('#1 One');
      await panel.chooseRange('1 min');
      const seen = new Set<string>();
      for (const [theme, kind] of [
        ['Light Modern', 'vs'],
        ['Dark High Contrast', 'hc-black'],
        ['Dark Modern', 'vs-dark'],
      ] as const) {
        await chooseTheme(ui, theme, kind);
        await eventually(async () => {
          assert.ok(!seen.has(await panel.background()), `the background of ${theme}`);
          const colour = await panel.legendColour('Cache size', 'Entries');
          assert.ok((await panel.colours('Cache size')).includes(colour), `${theme}: the line is ${colour}`);
        });
        seen.add(await panel.background());
        await ui.screenshot(`metrics-${kind}`);
      }
    });

    it('come back when the window is reloaded, as they were left', async () => {
      await panel.chooseRange('15 min');
      await until(() => isRemembered(ui, /rangeMinutes\W+15/), 'the choice to be stored');
      await ui.workbench.reload();
      panel = await MetricsPage.shown(ui);
      assert.equal(await panel.range(), '15 min');
      assert.equal((await panel.headlines())['Open issues'], '3');
    });

    it('load nothing that their page forbids', () => {
      const refused = ui.workbench.consoleErrors.filter((message) => /Content Security Policy|Refused to/.test(message));
      assert.deepEqual(refused, []);
    });
  });
});
