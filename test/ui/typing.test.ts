import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { useWorkbench } from '../support/openWorkbench.ts';
import { eventually, until } from '../support/polling.ts';
import { dismissNotifications, IssuesView } from './issuesView.ts';

const OPEN = '000001_one.md';
const FILES = {
  [OPEN]: '# One\n\nSee #2.\n\n',
  '000002_two.md': '# Two\n\nAs #1 says.\n\n',
  'complete/000004_four.md': '# Four\n\n',
};
/** Typed without a pause: long enough to begin before a command and to end after it. Each letter is there once, so that none can hide. */
const WORDS = 'abcdefghijklmnopqrstuvwxyz';

/** How people type: milliseconds between two keys, and whether they save now and then. */
const PACES = [
  { pause: 20, saves: false },
  { pause: 60, saves: false },
  { pause: 120, saves: false },
  { pause: 20, saves: true },
];

type Ui = ReturnType<typeof useWorkbench>;

/** A command that does something to the issue in the editor, and how a person calls it. */
interface TypedThrough {
  readonly name: string;
  readonly file: string;
  /** Up to the key that starts it, which is pressed by the test. */
  readonly call: (ui: Ui) => Promise<void>;
  /** True as soon as it has been done, or refused. */
  readonly isDone: (files: readonly string[]) => boolean;
  /** How many files there are then. */
  readonly files?: readonly number[];
}

const has = (name: string) => (files: readonly string[]) => files.includes(name);

const COMMANDS: readonly TypedThrough[] = [
  { name: 'Complete', file: OPEN, call: (ui) => ready(ui, 'Issues: Complete Issue'), isDone: has('complete/000001_one.md') },
  { name: 'Reopen', file: '000004_four.md', call: (ui) => ready(ui, 'Issues: Reopen Issue'), isDone: has('000004_four.md') },
  {
    name: 'Rename',
    file: OPEN,
    call: async (ui) => {
      await ui.workbench.run('Issues: Rename Issue...');
      await ui.workbench.quickInput.answer('New name of the file', 'uno', { submit: false });
      await eventually(async () => assert.match(await ui.workbench.quickInput.message(), /000001_uno\.md/));
    },
    isDone: has('000001_uno.md'),
  },
  {
    name: 'Renumber',
    file: OPEN,
    call: async (ui) => {
      await ui.workbench.run('Issues: Renumber Issue...');
      await ui.workbench.quickInput.picks('Choose the references to update');
    },
    isDone: has('000005_one.md'),
  },
  {
    name: 'Undo',
    file: OPEN,
    call: async (ui) => {
      await ui.workbench.run('Issues: Complete Issue');
      await ui.workbench.notification('Completed #1 One.');
      await ready(ui, 'Issues: Undo Last Change');
    },
    isDone: has('000001_one.md'),
  },
  {
    name: 'Create',
    file: OPEN,
    call: async (ui) => {
      await ui.workbench.run('Issues: Create Issue...');
      await ui.workbench.quickInput.answer('Name of the new issue', 'new one', { submit: false });
      await eventually(async () => assert.match(await ui.workbench.quickInput.message(), /000005_new-one\.md/));
    },
    isDone: has('000005_new-one.md'),
    files: [4],
  },
  {
    name: 'Delete',
    file: OPEN,
    call: async (ui) => {
      await ui.workbench.run('Issues: Delete Issue');
      await ui.page.locator('.monaco-dialog-box').waitFor();
    },
    // What is typed keeps it, unless it is gone by then.
    isDone: () => true,
    files: [2, 3],
  },
];

/** Types a command's name into the palette, so that Enter runs it. */
async function ready({ workbench, page }: Ui, label: string): Promise<void> {
  const { quickInput } = workbench;
  await until(async () => {
    if (!(await quickInput.value()).startsWith('>')) await page.keyboard.press('F1');
    await quickInput.input.fill(`>${label}`, { timeout: 1500 });
    const first = quickInput.widget.locator('.monaco-list-row.focused .label-name').first();
    return (await first.textContent({ timeout: 1500 })) === label;
  }, `the palette to offer “${label}”`);
}

/** Throws away what a failed test has left. */
async function closeAllEditors({ workbench, page }: Ui): Promise<void> {
  await workbench.run('View: Close All Editors');
  const dialog = page.locator('.monaco-dialog-box');
  await until(async () => {
    if (await dialog.isVisible()) await dialog.getByRole('button', { name: /^Don't Save/ }).click({ timeout: 1000 });
    return (await page.locator('.tabs-container .tab').count()) === 0;
  }, 'all editors to close');
}

for (const autoSave of ['off', 'afterDelay', 'onFocusChange'] as const) {
  describe(`words typed while a command runs, with auto-save ${autoSave}`, () => {
    const ui = useWorkbench({
      files: Object.fromEntries(Object.entries(FILES).map(([name, content]) => [`issues/${name}`, content])),
      settings: { 'files.autoSave': autoSave },
    });
    const issues = new IssuesView(ui);
    const names = () => [...issues.files(), ...issues.files('complete').map((name) => `complete/${name}`)];
    const texts = () => names().map((name) => readFileSync(issues.path(name), 'utf8'));

    before(() => issues.open());
    afterEach(async () => {
      // What stays open is in the way of the next test, which then says so and is tried once more; a hook would end all of them.
      for (const tidyUp of [() => ui.workbench.quickInput.cancel(), () => dismissNotifications(ui), () => closeAllEditors(ui)]) {
        await tidyUp().catch((error: unknown) => console.log(String(error)));
      }
    });

    for (const { name, file, call, isDone, files: counts = [3] } of COMMANDS) {
      for (const { pause, saves } of PACES) {
        it(`are in one file after ${name}, ${pause} ms a key${saves ? ' and saved under way' : ''}`, async () => {
          await issues.reset(FILES, ['Open (2)', '  #1 One', '  #2 Two', 'Completed (1)']);
          await ui.workbench.openFile('000002_two.md');
          await ui.workbench.openFile(file);
          await ui.page.locator('.editor-group-container.active .view-line').first().click();
          await ui.page.keyboard.press('ControlOrMeta+End');
          await call(ui);
          await ui.page.keyboard.press('Enter');
          for (const key of WORDS) {
            await ui.page.waitForTimeout(pause);
            await ui.page.keyboard.type(key);
            if (saves && 'cgkosw'.includes(key)) await ui.page.keyboard.press('ControlOrMeta+s');
          }
          await until(() => isDone(names()), 'the command to be done');
          await eventually(async () => {
            await ui.page.keyboard.press('ControlOrMeta+s');
            assert.equal(
              texts().filter((text) => text.includes(WORDS)).length,
              1,
              [...texts(), await ui.workbench.editorText()].join('\n---\n'),
            );
          });
          assert.ok(counts.includes(names().length), [names().join(), ...texts()].join('\n---\n'));
          assert.equal(await ui.page.locator('.monaco-dialog-box').count(), 0);
          assert.equal(readdirSync(issues.path('')).filter((entry) => entry.startsWith('.')).length, 0);
        });
      }
    }
  });
}
