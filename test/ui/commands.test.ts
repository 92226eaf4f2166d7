import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { useWorkbench } from '../support/openWorkbench.ts';
import { eventually, until } from '../support/polling.ts';
import { dismissNotifications, IssuesView } from './issuesView.ts';

const FILES = {
  '000001_first-steps.md': '# First steps\n\n- [x] Read\n- [ ] Write\n',
  '000002_second-thoughts.md': '# Second thoughts\n\nNothing to tick here.\n',
  '000003_third-time.md': '# Third time lucky\n\n- [ ] Try\n',
  'complete/000004_long-done.md': '# Long done\n\n- [x] All of it\n',
};
const OUTLINE = [
  'Open (3)',
  '  #1 First steps (1/2)',
  '  #2 Second thoughts',
  '  #3 Third time lucky (0/1)',
  'Completed (1)',
  '  #4 Long done (1/1)',
];

describe('the commands', () => {
  const ui = useWorkbench({ files: Object.fromEntries(Object.entries(FILES).map(([name, content]) => [`issues/${name}`, content])) });
  const issues = new IssuesView(ui);
  const shows = (...outline: string[]) => eventually(async () => assert.deepEqual(await issues.outline(), outline));

  before(async () => {
    await issues.open();
    await issues.expand('Completed');
  });

  beforeEach(() => issues.reset(FILES, OUTLINE));

  afterEach(async () => {
    // A test that failed must not leave a question behind that stands in the way of all others.
    const dialog = ui.page.locator('.monaco-dialog-box');
    if (await dialog.isVisible())
      await dialog
        .getByRole('button', { name: /^(Don't Save|Cancel)/ })
        .first()
        .click();
    await ui.workbench.quickInput.cancel();
    const failures = (await dismissNotifications(ui)).filter((message) => message.includes('did not work'));
    assert.deepEqual(failures, []);
  });

  describe('create', () => {
    it('asks for a name, shows the file it makes of it, and opens the new issue for editing', async () => {
      const { quickInput } = ui.workbench;
      await ui.workbench.run('Issues: Create Issue...');
      await quickInput.answer('Name of the new issue', 'Fix: the "login" page?', { submit: false });
      await eventually(async () => assert.equal(await quickInput.message(), 'The file will be 000005_Fix-the-login-page.md'));
      await ui.screenshot('create');
      await ui.page.keyboard.press('Enter');
      await ui.workbench.tab('000005_Fix-the-login-page.md').waitFor();
      await shows(...OUTLINE.slice(0, 4).with(0, 'Open (4)'), '  #5 Fix: the "login" page?', ...OUTLINE.slice(4));
      await eventually(async () => assert.deepEqual(await issues.selected(), ['#5 Fix: the "login" page?']));
      assert.equal(readFileSync(issues.path('000005_Fix-the-login-page.md'), 'utf8'), '# Fix: the "login" page?\n\n');
      await eventually(async () => assert.equal(await ui.workbench.editorText(), '# Fix: the "login" page?\n\n'));
      await ui.page.keyboard.type('It is slow.');
      await eventually(async () => assert.equal(await ui.workbench.editorText(), '# Fix: the "login" page?\n\nIt is slow.'));
      await ui.page.keyboard.press('ControlOrMeta+s');
      await eventually(() => assert.match(readFileSync(issues.path('000005_Fix-the-login-page.md'), 'utf8'), /It is slow\.$/));
      await ui.page.locator('.tab.active.dirty').waitFor({ state: 'detached' });
    });

    it('refuses a name that leads out of the folder, while it is typed', async () => {
      const { quickInput } = ui.workbench;
      await issues.titleAction('Create Issue...');
      await quickInput.answer('Name of the new issue', '../escape', { submit: false });
      await eventually(async () => assert.match(await quickInput.message(), /^The name of an issue cannot contain “\.\.\/”/));
      await ui.page.keyboard.press('Enter');
      await eventually(async () => assert.match(await quickInput.message(), /^The name of an issue cannot contain “\.\.\/”/));
      await quickInput.input.fill('   ');
      await eventually(async () => assert.equal(await quickInput.message(), 'Type a name.'));
      await quickInput.cancel();
      assert.deepEqual(issues.files(), ['000001_first-steps.md', '000002_second-thoughts.md', '000003_third-time.md']);
      assert.equal(existsSync(issues.path('../escape.md')), false);
    });

    it('is on the row of a group, too', async () => {
      await issues.contextAction('Open', 'Create Issue...');
      await ui.workbench.quickInput.answer('Name of the new issue', 'from the menu');
      await eventually(() => assert.ok(existsSync(issues.path('000005_from-the-menu.md'))));
      await ui.workbench.tab('000005_from-the-menu.md').waitFor();
      await issues.row('#5 from the menu').waitFor();
    });
  });

  describe('complete and reopen', () => {
    const firstDone = ['Open (2)', ...OUTLINE.slice(2, 4), 'Completed (2)', '  #4 Long done (1/1)', '  #1 First steps (1/2)'];
    const assertFirstDone = async () => {
      await shows(...firstDone);
      assert.equal(existsSync(issues.path('000001_first-steps.md')), false);
      assert.equal(readFileSync(issues.path('complete/000001_first-steps.md'), 'utf8'), FILES['000001_first-steps.md']);
      assert.equal(await ui.workbench.notification('Completed'), 'Completed #1 First steps.');
    };

    it('completes with the button of a row', async () => {
      await issues.inlineAction('#1 First steps', 'Complete Issue');
      await assertFirstDone();
    });

    for (const pause of [120, 200]) {
      it(`completes one issue with a double click on the button, ${pause} ms between the clicks`, async () => {
        await issues.doubleInlineAction('#1 First steps', 'Complete Issue', pause);
        await assertFirstDone();
        // What the second click did would be done by the time that the store has been looked at anew.
        await ui.workbench.run('Issues: Refresh');
        await assertFirstDone();
      });
    }

    it('reopens one issue with a double click on the button', async () => {
      issues.move('000003_third-time.md', 'complete/000003_third-time.md');
      await issues.row('#3 Third time lucky').waitFor();
      await shows('Open (2)', ...OUTLINE.slice(1, 3), 'Completed (2)', OUTLINE[5] ?? '', OUTLINE[3] ?? '');
      // The group above gets a row more, so the row above slides under the pointer.
      await issues.doubleInlineAction('#3 Third time lucky', 'Reopen Issue', 200);
      await shows(...OUTLINE);
      await ui.workbench.run('Issues: Refresh');
      await shows(...OUTLINE);
      assert.deepEqual(issues.files('complete'), ['000004_long-done.md']);
    });

    it('completes from the context menu, and the open editor follows the file', async () => {
      await issues.row('#1 First steps').dblclick();
      await ui.workbench.tab('000001_first-steps.md').waitFor();
      await issues.contextAction('#1 First steps', 'Complete Issue');
      await assertFirstDone();
      const breadcrumb = ui.page.locator('.editor-group-container.active .monaco-breadcrumb-item', { hasText: 'complete' });
      await breadcrumb.waitFor();
      assert.equal(await ui.workbench.tab('000001_first-steps.md').count(), 1);
    });

    it('completes from the palette the issue that is picked', async () => {
      await ui.workbench.run('View: Close All Editors');
      await ui.workbench.run('Issues: Complete Issue');
      assert.deepEqual(await ui.workbench.quickInput.picks('Choose the issue to complete'), [
        '#1 First steps',
        '#2 Second thoughts',
        '#3 Third time lucky',
      ]);
      await ui.workbench.quickInput.pick('#1 First steps');
      await assertFirstDone();
    });

    it('completes from the palette the issue in the active editor, with what was typed and not saved', async () => {
      await ui.workbench.openFile('000002_second-thoughts.md');
      await eventually(async () => assert.match(await ui.workbench.editorText(), /^# Second thoughts/));
      await ui.page.keyboard.press('ControlOrMeta+End');
      await ui.page.keyboard.type('Typed just now.');
      await ui.workbench.run('Issues: Complete Issue');
      await until(() => existsSync(issues.path('complete/000002_second-thoughts.md')), 'the file to move');
      assert.match(readFileSync(issues.path('complete/000002_second-thoughts.md'), 'utf8'), /here\.\nTyped just now\.$/);
      assert.equal(existsSync(issues.path('000002_second-thoughts.md')), false);
      await ui.workbench.run('View: Close All Editors');
    });

    it('reopens with the button of a row and from the context menu', async () => {
      await issues.inlineAction('#4 Long done', 'Reopen Issue');
      await shows('Open (4)', ...OUTLINE.slice(1, 4), '  #4 Long done (1/1)', 'Completed (0)');
      assert.deepEqual(issues.files('complete'), []);
      await issues.contextAction('#4 Long done', 'Complete Issue');
      await shows(...OUTLINE.slice(0, 5));
      await issues.expand('Completed');
      await issues.contextAction('#4 Long done', 'Reopen Issue');
      await shows('Open (4)', ...OUTLINE.slice(1, 4), '  #4 Long done (1/1)', 'Completed (0)');
      issues.move('000004_long-done.md', 'complete/000004_long-done.md');
      await issues.expand('Completed');
    });
  });

  describe('rename', () => {
    it('offers the old name on F2, and says when the new one is taken', async () => {
      await issues.row('#3 Third time lucky').click();
      issues.write('000003_taken.md', '# Taken\n');
      await issues.row('#3 Taken').waitFor();
      await ui.page.keyboard.press('F2');
      const { quickInput } = ui.workbench;
      await until(async () => (await quickInput.value()) === 'third-time', 'the old name');
      await quickInput.answer('New name of the file; the number stays', 'taken', { submit: false });
      await eventually(async () => assert.equal(await quickInput.message(), '000003_taken.md exists already.'));
      await quickInput.answer('', 'fourth time');
      await eventually(() => assert.deepEqual(issues.files().slice(2), ['000003_fourth-time.md', '000003_taken.md']));
      await ui.workbench.tab('000003_fourth-time.md').waitFor();
    });

    it('is in the context menu', async () => {
      await issues.contextAction('#4 Long done', 'Rename Issue...');
      await ui.workbench.quickInput.answer('New name of the file', 'done at last');
      await eventually(() => assert.deepEqual(issues.files('complete'), ['000004_done-at-last.md']));
      await shows(...OUTLINE);
      issues.move('complete/000004_done-at-last.md', 'complete/000004_long-done.md');
    });
  });

  describe('delete', () => {
    it('asks first, and does nothing when that is cancelled', async () => {
      await issues.row('#2 Second thoughts').click();
      await ui.page.keyboard.press('Delete');
      const question = await ui.workbench.dialog('Cancel');
      assert.equal(question, 'Are you sure you want to delete “#2 Second thoughts”?');
      assert.ok(existsSync(issues.path('000002_second-thoughts.md')));
      await shows(...OUTLINE);
    });

    it('deletes when that is confirmed, and can be undone', async () => {
      await issues.contextAction('#2 Second thoughts', 'Delete Issue');
      await ui.workbench.dialog('Delete');
      await shows('Open (2)', '  #1 First steps (1/2)', '  #3 Third time lucky (0/1)', ...OUTLINE.slice(4));
      assert.equal(existsSync(issues.path('000002_second-thoughts.md')), false);
      await ui.workbench.notificationButton('Deleted #2 Second thoughts.', 'Undo');
      await shows(...OUTLINE);
      assert.equal(readFileSync(issues.path('000002_second-thoughts.md'), 'utf8'), FILES['000002_second-thoughts.md']);
    });
  });

  describe('several at once', () => {
    it('completes what is selected with one notification, whose Undo takes all of it back', async () => {
      await issues.select('#1 First steps', '#3 Third time lucky');
      const menu = await ui.workbench.contextMenu(issues.row('#3 Third time lucky'));
      assert.deepEqual(menu, ['Complete Issue', 'Copy Issue ID', 'Delete Issue']);
      await ui.screenshot('batch');
      await ui.workbench.choose('Complete Issue');
      await shows('Open (1)', '  #2 Second thoughts', 'Completed (3)', OUTLINE[5] ?? '', OUTLINE[3] ?? '', OUTLINE[1] ?? '');
      assert.equal(await ui.workbench.notification('Completed'), 'Completed 2 issues.');
      assert.equal(await ui.page.locator('.notification-toast').count(), 1);
      await ui.workbench.notificationButton('Completed 2 issues.', 'Undo');
      await shows(...OUTLINE);
      assert.deepEqual(issues.files('complete'), ['000004_long-done.md']);
    });

    it('asks once before it deletes them, and names them', async () => {
      await issues.select('#1 First steps', '#2 Second thoughts');
      await ui.page.keyboard.press('Delete');
      const dialog = ui.page.locator('.monaco-dialog-box');
      await dialog.waitFor();
      assert.match(await dialog.innerText(), /delete these 2 issues\?[\s\S]*#1 First steps\s+#2 Second thoughts/);
      await ui.workbench.dialog('Delete');
      await shows('Open (1)', '  #3 Third time lucky (0/1)', ...OUTLINE.slice(4));
      await ui.workbench.notification('Deleted 2 issues.');
    });
  });

  describe('the selection, when its rows are gone', () => {
    const renames = async (name: string) => {
      await ui.page.keyboard.press('F2');
      await until(async () => (await ui.workbench.quickInput.value()) === name, `${name} to be offered by F2`);
      await ui.workbench.quickInput.cancel();
    };
    const selects = (...labels: string[]) => eventually(async () => assert.deepEqual(await issues.selected(), labels));
    const [, first = '', second = '', third = ''] = OUTLINE;

    it('is a neighbour of what was completed together, with a menu and keys for one row', async () => {
      await issues.select('#1 First steps', '#3 Third time lucky');
      await issues.contextAction('#3 Third time lucky', 'Complete Issue');
      await shows('Open (1)', second, 'Completed (3)', OUTLINE[5] ?? '', third, first);
      await selects('#2 Second thoughts');
      await renames('second-thoughts');
      const menu = await ui.workbench.contextMenu(issues.row('#2 Second thoughts'));
      await ui.page.keyboard.press('Escape');
      assert.deepEqual(menu.slice(0, 1), ['Open to the Side']);
      assert.ok(menu.includes('Rename Issue...') && menu.includes('Renumber Issue...'));
    });

    it('is the next row, and the one before where there is none, so that Delete goes on from there', async () => {
      await issues.select('#2 Second thoughts');
      for (const [deleted, next] of [
        ['#2 Second thoughts', '#3 Third time lucky'],
        ['#3 Third time lucky', '#1 First steps'],
      ] as const) {
        await ui.page.keyboard.press('Delete');
        assert.equal(await ui.workbench.dialog('Delete'), `Are you sure you want to delete “${deleted}”?`);
        await selects(next);
      }
      await renames('first-steps');
    });

    it('is the row of the issue itself after it was renamed', async () => {
      await issues.select('#1 First steps');
      await ui.page.keyboard.press('F2');
      await until(async () => (await ui.workbench.quickInput.value()) === 'first-steps', 'the old name');
      await ui.workbench.quickInput.answer('New name of the file', 'zero steps');
      // The file has its new name before the row is that of the renamed issue, and both rows look the same.
      await ui.workbench.notification('Renamed #1 First steps to 000001_zero-steps.md.');
      assert.equal(issues.files()[0], '000001_zero-steps.md');
      await selects('#1 First steps');
      await renames('zero-steps');
    });

    it('follows what others remove, and leaves the focus in the editor', async () => {
      await issues.select('#2 Second thoughts', '#3 Third time lucky');
      await ui.workbench.openFile('000001_first-steps.md');
      await issues.row('#2 Second thoughts').waitFor();
      await ui.page.locator('.editor-instance :focus').waitFor();
      issues.move('000002_second-thoughts.md', 'complete/000002_second-thoughts.md');
      issues.remove('000003_third-time.md');
      await shows('Open (1)', first, 'Completed (2)', OUTLINE[5] ?? '', second);
      await selects('#1 First steps');
      await ui.page.keyboard.type('typed ');
      await eventually(async () => assert.match(await ui.workbench.editorText(), /typed /));
      await ui.workbench.run('File: Revert File');
      await ui.workbench.run('View: Close All Editors');
      assert.ok((await ui.workbench.contextMenu(issues.row('#1 First steps'))).includes('Rename Issue...'));
      await ui.page.keyboard.press('Escape');
    });

    it('stays where the row that is gone was not selected, and unfolds nothing', async () => {
      await issues.select('#1 First steps');
      issues.remove('000003_third-time.md');
      await shows('Open (2)', first, second, ...OUTLINE.slice(4));
      assert.deepEqual(await issues.selected(), ['#1 First steps']);
      await issues.row('Open').locator('.monaco-tl-twistie').click();
      await shows('Open (2)', ...OUTLINE.slice(4));
      issues.remove('000001_first-steps.md');
      await shows('Open (1)', ...OUTLINE.slice(4));
      await ui.workbench.run('Issues: Refresh');
      await shows('Open (1)', ...OUTLINE.slice(4));
      await issues.expand('Open');
    });
  });

  describe('go to an issue', () => {
    it('finds it by its number', async () => {
      await issues.moreAction('Go to Issue...');
      const { quickInput } = ui.workbench;
      assert.equal((await quickInput.picks('Go to an issue by its ID, title, label or another field')).length, 4);
      await quickInput.input.fill('4');
      await eventually(async () => assert.deepEqual(await quickInput.picks('Go to an issue'), ['#4 Long done']));
      await ui.page.keyboard.press('Enter');
      await ui.workbench.tab('000004_long-done.md').waitFor();
    });

    it('finds it by a part of its title', async () => {
      await ui.workbench.run('Issues: Go to Issue...');
      await ui.workbench.quickInput.input.fill('lucky');
      await eventually(async () => assert.deepEqual(await ui.workbench.quickInput.picks('Go to an issue'), ['#3 Third time lucky']));
      await ui.screenshot('goto');
      await ui.page.keyboard.press('Enter');
      await eventually(async () => assert.match(await ui.workbench.editorText(), /^# Third time lucky/));
    });

    it('selects the issue of that number, wherever VS Code sorts it', async () => {
      issues.write('000002_second-thoughts.md', '# Take 14 steps\n');
      issues.write('000014_other.md', '# Something else\n');
      await issues.row('#14 Something else').waitFor();
      await ui.workbench.run('Issues: Go to Issue...');
      await ui.workbench.quickInput.input.fill('14');
      const found = ['#14 Something else', '#2 Take 14 steps'];
      await eventually(async () => assert.deepEqual((await ui.workbench.quickInput.picks('Go to an issue')).sort(), found));
      await ui.screenshot('goto-number');
      await ui.page.keyboard.press('Enter');
      await eventually(async () => assert.match(await ui.workbench.editorText(), /^# Something else/));
    });
  });

  describe('going to an issue without a pause', () => {
    beforeEach(() => ui.workbench.run('View: Close All Editors'));

    for (const [command, placeholder] of [
      ['Issues: Go to Issue...', 'Go to an issue'],
      ['Issues: Search Issues...', 'Search issues'],
    ] as const) {
      for (const [query, file] of [
        ['lucky', '000003_third-time.md'],
        ['4', '000004_long-done.md'],
        ['second', '000002_second-thoughts.md'],
      ] as const) {
        it(`opens the first result of “${query}” (${placeholder}), however soon Enter comes`, async () => {
          await ui.workbench.run(command);
          await ui.workbench.quickInput.picks(placeholder);
          await ui.workbench.quickInput.input.focus();
          // All at once: a person who types fast waits for nothing.
          await Promise.all([...query, 'Enter'].map((key) => ui.page.keyboard.press(key)));
          await ui.workbench.tab(file).waitFor();
          assert.equal(await ui.page.locator('.tabs-container .tab').count(), 1);
        });
      }
    }

    it('stays open and says so when nothing is found', async () => {
      await ui.workbench.run('Issues: Go to Issue...');
      await ui.workbench.quickInput.picks('Go to an issue');
      await ui.page.keyboard.type('nowhere');
      await ui.page.keyboard.press('Enter');
      await eventually(async () => assert.deepEqual(await ui.workbench.quickInput.picks('Go to an issue'), ['No issues match']));
    });

    it('opens an issue that was completed meanwhile where it is now, and says so of one that is gone', async () => {
      const { quickInput } = ui.workbench;
      await ui.workbench.run('Issues: Go to Issue...');
      await quickInput.picks('Go to an issue');
      issues.move('000001_first-steps.md', 'complete/000001_first-steps.md');
      issues.remove('000002_second-thoughts.md');
      await shows('Open (1)', OUTLINE[3] ?? '', 'Completed (2)', OUTLINE[5] ?? '', OUTLINE[1] ?? '');
      await quickInput.pick('#1 First steps');
      await ui.page.locator('.editor-group-container.active .monaco-breadcrumb-item', { hasText: 'complete' }).waitFor();
      issues.move('complete/000001_first-steps.md', '000001_first-steps.md');
      issues.write('000002_second-thoughts.md', FILES['000002_second-thoughts.md']);
      await shows(...OUTLINE);
      await ui.workbench.run('Issues: Go to Issue...');
      await quickInput.picks('Go to an issue');
      issues.remove('000002_second-thoughts.md');
      await shows('Open (2)', OUTLINE[1] ?? '', OUTLINE[3] ?? '', 'Completed (1)', OUTLINE[5] ?? '');
      await quickInput.pick('#2 Second thoughts');
      assert.equal(await ui.workbench.notification('no longer exists'), '“#2 Second thoughts” no longer exists.');
    });
  });

  describe('undo', () => {
    it('goes back from the menu of the view and from the palette, change by change', async () => {
      const [, first = '', second = '', third = '', , fourth = ''] = OUTLINE;
      await issues.contextAction('#1 First steps', 'Complete Issue');
      await shows('Open (2)', second, third, 'Completed (2)', fourth, first);
      await issues.contextAction('#3 Third time lucky', 'Complete Issue');
      await shows('Open (1)', second, 'Completed (3)', fourth, third, first);
      await issues.moreAction('Undo Last Change');
      await shows('Open (2)', second, third, 'Completed (2)', fourth, first);
      await ui.workbench.run('Issues: Undo Last Change');
      await shows(...OUTLINE);
    });
  });

  describe('completed issues', () => {
    it('are hidden and shown from the menu of the view', async () => {
      await issues.moreAction('Hide Completed Issues');
      await shows(...OUTLINE.slice(0, 4));
      await issues.moreAction('Show Completed Issues');
      await shows(...OUTLINE.slice(0, 5));
      await issues.expand('Completed');
    });

    it('are hidden and shown from the palette', async () => {
      await ui.workbench.run('Issues: Hide Completed Issues');
      await shows(...OUTLINE.slice(0, 4));
      await ui.workbench.run('Issues: Show Completed Issues');
      await shows(...OUTLINE.slice(0, 5));
      await issues.expand('Completed');
    });
  });

  describe('with the keyboard alone', () => {
    it('opens the view, goes to a row and opens it', async () => {
      await ui.workbench.run('View: Show Explorer');
      await issues.row('Open').waitFor({ state: 'hidden' });
      await ui.workbench.run('Issues: Focus on Issues View');
      await issues.row('Open').waitFor();
      await focusRow('#2 Second thoughts');
      await ui.page.keyboard.press('Enter');
      await eventually(async () => assert.match(await ui.workbench.editorText(), /^# Second thoughts/));
      await ui.page.locator('.editor-instance :focus').waitFor();
    });

    it('renames with F2', async () => {
      await focusRow('#1 First steps');
      await ui.page.keyboard.press('F2');
      await until(async () => (await ui.workbench.quickInput.value()) === 'first-steps', 'the old name');
      await ui.page.keyboard.type('last steps');
      await ui.page.keyboard.press('Enter');
      await eventually(() => assert.equal(issues.files()[0], '000001_last-steps.md'));
    });

    it('deletes with Delete and Enter', async () => {
      await focusRow('#3 Third time lucky');
      await ui.page.keyboard.press('Delete');
      await ui.page.locator('.monaco-dialog-box').waitFor();
      await ui.page.keyboard.press('Enter');
      await eventually(() => assert.equal(existsSync(issues.path('000003_third-time.md')), false));
      await ui.workbench.tab('000003_third-time.md').waitFor({ state: 'detached' });
    });

    it('means the focused row with Delete and F2, where that is not selected', async () => {
      await issues.select('#1 First steps', '#2 Second thoughts');
      await ui.page.keyboard.press('ArrowDown');
      await ui.page.keyboard.press('Delete');
      assert.equal(await ui.workbench.dialog('Cancel'), 'Are you sure you want to delete “#3 Third time lucky”?');
      await ui.page.keyboard.press('F2');
      await until(async () => (await ui.workbench.quickInput.value()) === 'third-time', 'the old name');
      await ui.workbench.quickInput.cancel();
      assert.deepEqual(await issues.selected(), ['#1 First steps', '#2 Second thoughts']);
      await ui.page.keyboard.press('ArrowUp');
      await ui.page.keyboard.press('Delete');
      assert.equal(await ui.workbench.dialog('Cancel'), 'Are you sure you want to delete these 2 issues?');
    });

    it('means nothing with Delete and F2 where a group has the focus, whatever is selected', async () => {
      await issues.row('#2 Second thoughts').click();
      await ui.page.keyboard.press('Home');
      await ui.page.keyboard.press('Delete');
      await ui.page.keyboard.press('F2');
      // A question or a pick would take these keys.
      await ui.page.keyboard.press('ArrowDown');
      await ui.page.keyboard.press('F2');
      await until(async () => (await ui.workbench.quickInput.value()) === 'first-steps', 'the name of the row below the group');
      await ui.workbench.quickInput.cancel();
      assert.equal(await ui.page.locator('.monaco-dialog-box').count(), 0);
      assert.deepEqual(await issues.selected(), ['#2 Second thoughts']);
    });

    /** From the top of the tree down to the row, with the arrow key. */
    async function focusRow(label: string): Promise<void> {
      await ui.workbench.run('Issues: Focus on Issues View');
      await ui.page.keyboard.press('Home');
      const focused = ui.page.locator('.pane .monaco-list-row.focused .label-name');
      const reached = async () => {
        if ((await focused.allTextContents()).join() === label) return true;
        await ui.page.keyboard.press('ArrowDown');
        return false;
      };
      await until(reached, `the row ${label}`);
    }
  });
});
