import assert from 'node:assert/strict';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { windowUrl } from '../../tools/vscodeServer.mjs';
import { useWorkbench } from '../support/openWorkbench.ts';
import { eventually } from '../support/polling.ts';
import { dismissNotifications, IssuesView } from './issuesView.ts';

describe('the view, in every kind of workspace', () => {
  const ui = useWorkbench({
    files: {
      'plain/readme.txt': 'A folder without a store.\n',
      'empty/issues/': '',
      'slow/issues/000001_one.md': '# One\n',
      'slow/.vscode/settings.json': JSON.stringify({ 'markdownIssues.watcher.coalescingWindow': 5000 }),
      'alpha/issues/000001_first.md': '# First of alpha\n',
      'beta/.swissarmyhammer/issues/000007_seventh.md': '# Seventh of beta\n\n- [x] Yes\n',
      'beta/.swissarmyhammer/issues/complete/000006_sixth.md': '# Sixth of beta\n',
    },
    folders: ['alpha', 'beta'],
  });
  const issues = new IssuesView(ui);
  const path = (name: string) => join(ui.box.workspace, name);
  const shows = (...outline: string[]) => eventually(async () => assert.deepEqual(await issues.outline(), outline));
  const welcome = () => ui.page.locator('.pane .welcome-view-content');
  /** The words of the welcome view, and its buttons. */
  const showsWelcome = (text: RegExp, ...buttons: string[]) =>
    eventually(async () => {
      assert.match((await welcome().innerText()).replaceAll('\u00a0', ' '), text);
      assert.deepEqual(await welcome().getByRole('button').allInnerTexts(), buttons);
    });
  const openFolder = async (name: string) => {
    await ui.workbench.open(windowUrl(ui.server, { open: path(name) }));
    await ui.workbench.sideBar.openContainer('Issues');
  };

  describe('with two folders', () => {
    before(() => issues.open());

    it('shows each folder as a root, with its own store', async () => {
      await shows(
        'alpha',
        '  Open (1)',
        '    #1 First of alpha',
        '  Completed (0)',
        'beta',
        '  Open (1)',
        '    #7 Seventh of beta (1/1)',
        '  Completed (1)',
      );
      await ui.screenshot('multi-root');
    });

    it('creates an issue in the folder whose row is selected', async () => {
      await issues.row('#7 Seventh of beta').click();
      await issues.titleAction('Create Issue...');
      await ui.workbench.quickInput.answer('Name of the new issue', 'eighth');
      await eventually(() => assert.ok(existsSync(path('beta/.swissarmyhammer/issues/000008_eighth.md'))));
      // The new row is selected in the end, and until then it would take the selection from whoever comes next.
      await eventually(async () => assert.deepEqual(await issues.selected(), ['#8 eighth']));
    });

    it('completes issues of both folders at once', async () => {
      await issues.select('#1 First of alpha', '#7 Seventh of beta');
      await issues.contextAction('#7 Seventh of beta', 'Complete Issue');
      assert.equal(await ui.workbench.notification('Completed'), 'Completed 2 issues.');
      assert.ok(existsSync(path('alpha/issues/complete/000001_first.md')));
      assert.ok(existsSync(path('beta/.swissarmyhammer/issues/complete/000007_seventh.md')));
      await ui.workbench.notificationButton('Completed 2 issues.', 'Undo');
      await issues.row('#1 First of alpha').waitFor();
      await issues.row('#7 Seventh of beta').waitFor();
      await dismissNotifications(ui);
    });

    it('shows and hides the completed issues of every folder, whatever is set in one of them', async () => {
      const alpha = ['alpha', '  Open (1)', '    #1 First of alpha'];
      const beta = ['beta', '  Open (2)', '    #7 Seventh of beta (1/1)', '    #8 eighth'];
      mkdirSync(path('alpha/.vscode'), { recursive: true });
      writeFileSync(path('alpha/.vscode/settings.json'), JSON.stringify({ 'markdownIssues.tree.showCompleted': false }));
      await shows(...alpha, ...beta, '  Completed (1)');
      // With some of them hidden, both can be wanted.
      await ui.workbench.run('Issues: Hide Completed Issues');
      await shows(...alpha, ...beta);
      await issues.moreAction('Show Completed Issues');
      await shows(...alpha, '  Completed (0)', ...beta, '  Completed (1)');
      await ui.workbench.run('Issues: Hide Completed Issues');
      await shows(...alpha, ...beta);
      await ui.workbench.run('Issues: Show Completed Issues');
      await shows(...alpha, '  Completed (0)', ...beta, '  Completed (1)');
    });

    it('says in Go to Issue which folder an issue is in', async () => {
      await ui.workbench.run('Issues: Go to Issue...');
      const row = ui.workbench.quickInput.row('#7 Seventh of beta');
      await row.waitFor();
      assert.match(await row.innerText(), /beta · 000007_seventh · 1\/1/);
      await ui.workbench.quickInput.cancel();
    });
  });

  describe('with a folder that has no store', () => {
    before(() => openFolder('plain'));

    it('says so and offers to create the first issue, which makes the store', async () => {
      await showsWelcome(/No issue store in this workspace yet\./, 'Create Issue', 'Choose Folder');
      assert.equal(existsSync(path('plain/issues')), false);
      await ui.screenshot('welcome');
      await welcome().getByRole('button', { name: 'Create Issue' }).click();
      await ui.workbench.quickInput.answer('Name of the new issue', 'the very first');
      await shows('Open (1)', '  #1 the very first', 'Completed (0)');
      assert.ok(existsSync(path('plain/issues/000001_the-very-first.md')));
    });
  });

  describe('with an empty store', () => {
    before(() => openFolder('empty'));

    it('says that there are no issues, and shows the first one that somebody writes', async () => {
      await showsWelcome(/No issues yet\./, 'Create Issue');
      const store = new IssuesView(ui, 'empty/issues');
      store.write('000001_written.md', '# Written by hand\n');
      await shows('Open (1)', '  #1 Written by hand', 'Completed (0)');
      store.remove('000001_written.md');
      await showsWelcome(/No issues yet\./, 'Create Issue');
    });
  });

  describe('with a watcher that takes its time', () => {
    const store = new IssuesView(ui, 'slow/issues');
    before(async () => {
      await openFolder('slow');
      await shows('Open (1)', '  #1 One', 'Completed (0)');
    });

    for (const [way, number, refresh] of [
      ['the button', 2, () => issues.titleAction('Refresh')],
      ['the palette', 3, () => ui.workbench.run('Issues: Refresh')],
    ] as const) {
      it(`refreshes at once with ${way}`, async () => {
        const before = await issues.outline();
        store.write(`00000${number}_more.md`, `# More ${number}\n`);
        const written = Date.now();
        await refresh();
        await issues.row(`#${number} More ${number}`).waitFor();
        assert.ok(Date.now() - written < 5000, 'before the watcher would have told');
        assert.equal((await issues.outline()).length, before.length + 1);
      });
    }
  });

  describe('without a folder', () => {
    before(async () => {
      await ui.workbench.open(`${ui.server.origin}/?ew=true`);
      await ui.workbench.sideBar.openContainer('Issues');
    });

    it('says that issues live in a folder, and offers to open one', async () => {
      await showsWelcome(/Issues are markdown files in a folder of your repository\./, 'Open Folder');
      assert.equal(await ui.workbench.statusItem('markdown-issues.markdown-issues.markdownIssues.status').count(), 0);
    });

    it('has no command that fails', async () => {
      await ui.workbench.run('Issues: Go to Issue...');
      assert.deepEqual(await ui.workbench.quickInput.picks('Go to an issue by its ID, title, label or another field'), ['No issues yet']);
      await ui.workbench.quickInput.cancel();
      await ui.workbench.run('Issues: Refresh');
      await ui.workbench.run('Issues: Show Metrics');
      await ui.workbench.tab('Issue Store Metrics').waitFor();
      assert.deepEqual(await dismissNotifications(ui), []);
    });
  });
});
