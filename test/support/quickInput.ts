import type { Locator, Page } from 'playwright-core';
import { until } from './polling.ts';

/** The command palette, input boxes and quick picks: VS Code shows all three in one widget. */
export class QuickInput {
  readonly widget: Locator;
  /** The text field. */
  readonly input: Locator;
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
    this.widget = page.locator('.quick-input-widget');
    this.input = this.widget.locator('.quick-input-box input').first();
  }

  /** The row with exactly this label. */
  row(label: string): Locator {
    const name = this.#page.locator('.label-name').getByText(label, { exact: true });
    return this.widget.locator('.monaco-list-row').filter({ has: name });
  }

  /** The text in the field; empty while it is not shown. */
  async value(): Promise<string> {
    if (!(await this.input.isVisible())) return '';
    return this.input.inputValue({ timeout: 1000 }).catch(() => '');
  }

  /** Runs a command by its exact label in the palette, e.g. `Issues: Create Issue…`. */
  async run(label: string): Promise<void> {
    const row = this.row(label).first();
    // A key pressed before the workbench listens is lost, and a widget that is fading out is still there but inert: so
    // all of it is one step that is retried, each part with a short limit.
    const take = async () => {
      if (!(await this.#showsPalette())) {
        await this.#page.keyboard.press('F1');
        await until(() => this.#showsPalette(), 'the palette', 1500);
      }
      await this.input.fill(`>${label}`, { timeout: 1500 });
      // An editor that opens meanwhile takes the focus, and that closes the palette.
      try {
        await row.click({ timeout: 2000 });
      } catch (error) {
        // It lists what could be run when it was opened, and a window that has just been loaded may not be trusted yet.
        await this.#page.keyboard.press('Escape');
        throw error;
      }
      return true;
    };
    await until(take, `the palette to take “${label}”`, 30_000);
    // It is gone, or the command has turned the widget into its own input box or pick.
    await until(async () => !(await this.#showsPalette()), 'the palette to close');
  }

  async #showsPalette(): Promise<boolean> {
    return (await this.value()).startsWith('>');
  }

  /**
   * Types into the input box whose prompt contains `prompt`, and accepts it unless `submit` is false. Do name the prompt: the box before
   * it may still be fading out.
   */
  async answer(prompt: string, text: string, { submit = true } = {}): Promise<void> {
    await this.widget.locator('.quick-input-message').filter({ hasText: prompt }).waitFor();
    await this.input.fill(text);
    if (!submit) return;
    await this.#page.keyboard.press('Enter');
    await this.input.waitFor({ state: 'hidden' });
  }

  /** Prompt or validation message below the field. */
  async message(): Promise<string> {
    return (await this.widget.locator('.quick-input-message').innerText()).trim();
  }

  /** Labels of the quick pick with this placeholder. */
  async picks(placeholder: string): Promise<string[]> {
    const names = this.widget.getByRole('listbox', { name: placeholder }).locator('.monaco-list-row .label-name');
    await names.first().waitFor();
    return names.allTextContents();
  }

  /** Picks the row with exactly this label; the pick closes by that. */
  async pick(label: string): Promise<void> {
    await this.row(label).click();
    await this.input.waitFor({ state: 'hidden' });
  }

  /** Escape, until nothing is shown. */
  async cancel(): Promise<void> {
    const closed = async () => {
      if (await this.input.isVisible()) await this.#page.keyboard.press('Escape');
      return this.input.isHidden();
    };
    await until(closed, 'the quick input to close');
  }

  /** Opens a file of the workspace through Go to File. */
  async openFile(name: string): Promise<void> {
    const open = async () => {
      if (!(await this.input.isVisible())) await this.#page.keyboard.press('ControlOrMeta+p');
      await this.input.fill(name, { timeout: 1500 });
      // Enter before the list has answered would open nothing.
      await this.row(name).first().click({ timeout: 3000 });
      return true;
    };
    await until(open, `Go to File to offer ${name}`, 20_000);
  }
}
