import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { useWorkbench } from '../support/openWorkbench.ts';
import { eventually, until } from '../support/polling.ts';
import { dismissNotifications, IssuesView } from './issuesView.ts';

/** How many things happen, one after another and some at once. */
const STEPS = Number(process.env.WORDS_STEPS ?? 40);
/** The same unless one looks for more, so that what fails is a change's own fault. */
const SEED = Number(process.env.WORDS_SEED ?? 1);

/** Mulberry32: a small generator of numbers from 0 to 1 that a seed repeats. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const FILES = Object.fromEntries(
  ['one', 'two', 'three', 'four', 'five'].map((name, index) => [`00000${index + 1}_${name}.md`, `# ${name}\n\n`]),
);

for (const autoSave of ['off', 'afterDelay']) {
  describe(`every word that anybody writes, with auto-save ${autoSave} (WORDS_SEED=${SEED})`, () => {
    const ui = useWorkbench({
      files: Object.fromEntries(Object.entries(FILES).map(([name, content]) => [`issues/${name}`, content])),
      settings: { 'files.autoSave': autoSave },
    });
    const issues = new IssuesView(ui);
    const random = generator(SEED);
    const oneOf = <T>(items: readonly T[]): T | undefined => items[Math.floor(random() * items.length)];
    /** Words that were written and that nobody has agreed to lose. */
    const words = new Set<string>();
    const log: string[] = [];
    let count = 0;

    const names = () => [...issues.files(), ...issues.files('complete').map((name) => `complete/${name}`)];
    const textOf = (name: string) => readFileSync(issues.path(name), 'utf8');
    const newWord = (writer: string) => `${writer}${String(++count).padStart(3, '0')}x`;

    const typesInEditor = () => ui.page.evaluate(() => document.activeElement?.closest('.editor-group-container .monaco-editor') !== null);

    /** Whatever is in these texts may be lost: an answer has given it up. */
    const giveUp = (...texts: readonly string[]) => {
      for (const word of words) if (texts.some((text) => text.includes(word))) words.delete(word);
    };

    /** Types as a person does who looks at the window, and stops when it asks something. */
    const type = async (pause = 0) => {
      if (!(await typesInEditor())) return;
      const word = newWord('u');
      log.push(`types ${word}`);
      words.add(word);
      for (const key of ` ${word}`) {
        if (await ui.page.locator('.monaco-dialog-box').isVisible()) {
          log.push(`is interrupted in ${word}`);
          words.delete(word);
          return;
        }
        await ui.page.keyboard.type(key, { delay: pause });
      }
    };

    const saves = async () => {
      log.push('saves');
      await ui.page.keyboard.press('ControlOrMeta+s');
    };

    /** Answers what VS Code or the extension asks. */
    const answer = async () => {
      const box = ui.page.locator('.monaco-dialog-box');
      while (await box.isVisible()) {
        const text = await box.innerText();
        const isDeletion = text.includes('Are you sure you want to delete');
        const confirm = random() < 0.5;
        const button = isDeletion && confirm ? 'Delete' : isDeletion || !text.includes('Overwrite') || !confirm ? 'Cancel' : 'Overwrite';
        log.push(`answers “${text.split('\n')[0]}” with ${button}`);
        if (button !== 'Cancel') {
          const quoted = /“([^”]*)”/.exec(text)?.[1] ?? '';
          const concerned = names().filter((name) => name.endsWith(quoted) || textOf(name).startsWith(`# ${quoted.replace(/^#\d+ /, '')}`));
          // Of an overwritten file, what the disk holds; of a deleted one, what is in its editor as well.
          giveUp(...concerned.map(textOf), ...(isDeletion ? [await ui.workbench.editorText()] : []));
        }
        await box.getByRole('button', { name: button, exact: true }).click();
        await ui.page.waitForTimeout(100);
      }
    };

    /** As a person does, who leaves the palette again if it does not have the command. */
    const run = async (label: string): Promise<boolean> => {
      const { quickInput } = ui.workbench;
      await ui.page.keyboard.press('F1');
      const isOffered = async () => {
        await quickInput.input.fill(`>${label}`, { timeout: 1000 });
        const first = quickInput.widget.locator('.monaco-list-row.focused .label-name').first();
        return (await first.textContent({ timeout: 1000 })) === label;
      };
      const offered = await until(isOffered, label, 3000).catch(() => false);
      await ui.page.keyboard.press(offered ? 'Enter' : 'Escape');
      return offered;
    };

    const command = async (label: string, input?: { prompt: string; text: string }) => {
      if (!(await run(`Issues: ${label}`))) return;
      log.push(label);
      if (input !== undefined) {
        const asks = ui.workbench.quickInput.widget.locator('.quick-input-message').filter({ hasText: input.prompt });
        const isAsked = await asks.waitFor({ timeout: 2000 }).then(
          () => true,
          () => false,
        );
        if (isAsked) await ui.workbench.quickInput.answer(input.prompt, input.text);
      }
      if (
        random() < 0.6 &&
        !(await ui.page.locator('.monaco-dialog-box').isVisible()) &&
        (await ui.workbench.quickInput.input.isHidden())
      ) {
        await ui.page.waitForTimeout(20 + random() * 150);
        await type(random() * 60);
      }
      await ui.page.waitForTimeout(400);
      await answer();
      await ui.workbench.quickInput.cancel();
    };

    const open = async () => {
      const row = oneOf(
        await issues.rows
          .locator('.label-name')
          .allTextContents()
          .then((all) => all.filter((label) => label.startsWith('#'))),
      );
      if (row === undefined) return;
      log.push(`opens ${row}`);
      await issues
        .row(row)
        .first()
        .dblclick({ timeout: 2000 })
        .catch(() => undefined);
      await ui.page.waitForTimeout(300);
      await ui.page
        .locator('.editor-group-container.active .view-line')
        .last()
        .click({ timeout: 1000 })
        .catch(() => undefined);
      await ui.page.keyboard.press('ControlOrMeta+End');
    };

    /** An agent writes, moves or creates behind the window’s back. */
    const agent = () => {
      const name = oneOf(names());
      const kind = random();
      if (name === undefined || kind < 0.2) {
        const word = newWord('a');
        words.add(word);
        log.push(`agent creates ${word}`);
        issues.write(`1000${String(count).padStart(2, '0')}_agent.md`, `# agent ${count}\n\n${word}\n`);
      } else if (kind < 0.7) {
        const word = newWord('a');
        words.add(word);
        log.push(`agent writes ${word} in ${name}`);
        issues.write(name, `${textOf(name)}${word}\n`);
      } else {
        const to = name.startsWith('complete/') ? name.slice('complete/'.length) : `complete/${name}`;
        if (!names().includes(to)) {
          log.push(`agent moves ${name}`);
          issues.move(name, to);
        }
      }
    };

    const steps: readonly (readonly [number, () => Promise<unknown> | unknown])[] = [
      [4, open],
      [4, () => type()],
      [3, agent],
      [2, saves],
      [3, () => command('Complete Issue')],
      [2, () => command('Reopen Issue')],
      [2, () => command('Rename Issue...', { prompt: 'New name', text: `renamed ${++count}` })],
      [1, () => command('Create Issue...', { prompt: 'Name of the new issue', text: `created ${++count}` })],
      [1, () => command('Delete Issue')],
      [2, () => command('Undo Last Change')],
      [
        0.5,
        async () => {
          log.push('reloads the window');
          await ui.workbench.reloadWithDrafts();
          await issues.open();
        },
      ],
    ];
    const step = () => {
      const total = steps.reduce((sum, [weight]) => sum + weight, 0);
      let place = random() * total;
      return steps.find(([weight]) => {
        place -= weight;
        return place < 0;
      })?.[1];
    };

    /** Every text that can be seen: of files, and of editors with unsaved changes. */
    const openTexts = async () => {
      const texts: string[] = [];
      const tabs = ui.page.locator('.tabs-container .tab');
      for (let index = 0; index < (await tabs.count()); index++) {
        await tabs.nth(index).click();
        await ui.page.waitForTimeout(200);
        texts.push(await ui.workbench.editorText());
      }
      return texts;
    };

    it(`is in one file, or was given up by an answer, after ${STEPS} steps`, async function () {
      this.timeout(60_000 + STEPS * 10_000);
      this.retries(0);
      await issues.open();
      await open();
      for (let index = 0; index < STEPS; index++) {
        await answer();
        await step()?.();
        if (index % 5 === 4) await dismissNotifications(ui);
      }
      await ui.page.waitForTimeout(1500);
      await answer();
      await eventually(async () => {
        const [files, editors] = [names().map(textOf), await openTexts()];
        const lost = [...words].filter((word) => ![...files, ...editors].some((text) => text.includes(word)));
        const doubled = [...words].filter((word) => files.filter((text) => text.includes(word)).length > 1);
        const held = names().map((name) => `${name}: ${JSON.stringify(textOf(name))}`);
        assert.deepEqual({ lost, doubled }, { lost: [], doubled: [] }, `WORDS_SEED=${SEED}\n${[...log, ...held].join('\n')}`);
      }, 8000);
    });
  });
}
