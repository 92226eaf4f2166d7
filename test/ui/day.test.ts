import assert from 'node:assert/strict';
import { useWorkbench } from '../support/openWorkbench.ts';
import { eventually } from '../support/polling.ts';
import { IssuesView, leaveHovers } from './issuesView.ts';
import { MetricsPage } from './metricsPage.ts';

const STATUS = 'markdown-issues.markdown-issues.markdownIssues.status';
const OPEN = ['Ripe pears', 'Sour plums', 'Dried figs', 'Fresh mint', 'Cold tea', 'Warm bread'];
const DONE = ['Old honey', 'Stale rusk'];
const text = (title: string, more = '') => `# ${title}\n\nAbout ${title.toLowerCase()}. ${more}\n\n- [x] Begin\n- [ ] End\n`;
const fileOf = (title: string) => `00000${[...OPEN, ...DONE].indexOf(title) + 1}_${title.toLowerCase().replace(' ', '-')}.md`;
const rowOf = (title: string) => `#${[...OPEN, ...DONE].indexOf(title) + 1} ${title}`;

describe('a day with issues', () => {
  const ui = useWorkbench({
    files: Object.fromEntries([
      ...OPEN.map((title) => [`issues/${fileOf(title)}`, text(title)]),
      ...DONE.map((title) => [`issues/complete/${fileOf(title)}`, text(title)]),
    ]),
    // Short, so that much of what is asked for has to be compared with its file.
    settings: { 'markdownIssues.cache.timeToLive': 5 },
  });
  const issues = new IssuesView(ui);

  async function hover(title: string, shown: RegExp): Promise<void> {
    const tooltip = await issues.tooltip(rowOf(title));
    await eventually(async () => assert.match(await tooltip.innerText(), shown));
    await leaveHovers(ui.page.mouse);
  }

  async function assertCacheWorks(): Promise<void> {
    await eventually(async () => {
      const [, rate] = /(\d+)%/.exec(await ui.workbench.statusItem(STATUS).innerText()) ?? [];
      assert.ok(Number(rate) > 80, `the status bar shows ${rate} %`);
    });
    await ui.workbench.statusItem(STATUS).click();
    const panel = await MetricsPage.shown(ui);
    const [size] = await panel.figures('Cache', 'Text in memory');
    const [, used, limit] = /^([\d.]+) MB of ([\d.]+) MB$/.exec(size ?? '') ?? [];
    assert.ok(Number(used) <= Number(limit), `the cache holds ${size}`);
    const [[ahead], [usedAhead]] = await Promise.all([panel.figures('Cache', 'Read ahead'), panel.figures('Cache', 'Used of that')]);
    assert.ok(Number(usedAhead) > 0 && Number(usedAhead) <= Number(ahead), `${usedAhead} of ${ahead} were used`);
    await ui.workbench.closeTab('Issue Store Metrics');
  }

  before(() => issues.open());

  it('begins with issues that are read for the first time', async () => {
    for (const title of OPEN.slice(0, 4)) {
      await hover(title, new RegExp(`About ${title.toLowerCase()}`));
    }
    await assertCacheWorks();
  });

  it('goes on with an agent that writes, and with what it has written', async () => {
    for (const title of ['Sour plums', 'Cold tea']) {
      issues.write(fileOf(title), text(title, 'The agent was here.'));
      await eventually(async () => hover(title, /The agent was here/));
    }
    issues.write('000009_new.md', text('New'));
    await issues.row('#9 New').waitFor();
    await assertCacheWorks();
  });

  it('has something to search for, and something to complete', async () => {
    await ui.workbench.run('Issues: Search Issues...');
    await ui.workbench.quickInput.picks('Search issues');
    await ui.workbench.quickInput.input.fill('about warm');
    await ui.workbench.quickInput.pick(rowOf('Warm bread'));
    await ui.workbench.tab(fileOf('Warm bread')).waitFor();
    await ui.workbench.closeTab(fileOf('Warm bread'));
    await issues.contextAction(rowOf('Dried figs'), 'Complete Issue');
    await issues.expand('Completed');
    await hover('Dried figs', /About dried figs/);
    await hover('Old honey', /About old honey/);
    await assertCacheWorks();
  });

  it('goes on after the window was reloaded', async () => {
    await ui.workbench.reload();
    await issues.open();
    for (const title of ['Ripe pears', 'Warm bread', 'Cold tea']) {
      await hover(title, new RegExp(`About ${title.toLowerCase()}`));
    }
    await assertCacheWorks();
  });
});
