import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Locator } from 'playwright-core';
import type { OpenWorkbench } from '../support/openWorkbench.ts';
import { eventually, until } from '../support/polling.ts';

const VIEW = 'Issues';
/** How the view welcomes a window that has no folder. */
const NO_FOLDER = 'Issues are markdown files in a folder of your repository.';

/** The Issues view of a window, and the files of the store that it shows. Made before the window is there, used while it is. */
export class IssuesView {
  readonly #ui: OpenWorkbench;
  readonly #folder: string;

  /** @param folder of the store, in the workspace. */
  constructor(ui: OpenWorkbench, folder = 'issues') {
    this.#ui = ui;
    this.#folder = folder;
  }

  /** Shows the view and waits for its first rows. A window that has just been reloaded may be about to show it by itself. */
  async open(): Promise<void> {
    const opened = async () => {
      await this.#showContainer();
      await this.rows.first().waitFor({ timeout: 5000 });
      return true;
    };
    await until(() => opened().catch((error: unknown) => this.#reloadedWithoutFolders(error)), 'the view', 40_000);
  }

  /** In a low window older versions have no room for its icon in the activity bar. */
  async #showContainer(): Promise<void> {
    const icon = this.#ui.page.getByRole('tab', { name: VIEW, exact: false }).first();
    const isThere = await icon.waitFor({ timeout: 8000 }).then(
      () => true,
      () => false,
    );
    await (isThere ? this.#ui.workbench.sideBar.openContainer(VIEW) : this.#ui.workbench.run('Issues: Focus on Issues View'));
  }

  /** VS Code now and then comes up with a workspace file of which it has read no folder, and stays so until it is reloaded. */
  async #reloadedWithoutFolders(error: unknown): Promise<never> {
    if (await this.#ui.page.getByText(NO_FOLDER).isVisible()) {
      await this.#ui.workbench.reload();
    }
    throw error;
  }

  get rows(): Locator {
    return this.#ui.workbench.sideBar.rows(VIEW);
  }

  /** The row with exactly this label, e.g. `#1 First steps`, or of a group, e.g. `Open`. */
  row(label: string): Locator {
    return this.#ui.workbench.sideBar.row(VIEW, label);
  }

  /** The rows in sight, one line each: `Open (2)`, `  #1 First steps (1/2)`. */
  async outline(): Promise<string[]> {
    const rows = await this.#ui.workbench.sideBar.tree(VIEW);
    return rows.map(({ label, description, level }) => `${'  '.repeat(level - 1)}${label}${description === '' ? '' : ` (${description})`}`);
  }

  /** Unfolds a row that is folded, and waits for what is in it. */
  async expand(group: string): Promise<void> {
    const expanded = async () => {
      await this.#ui.workbench.sideBar.expand(VIEW, group);
      // A second click would take the first one back.
      return until(() => this.#showsChildrenOf(group), 'its rows', 5000);
    };
    await until(expanded, `${group} to expand`);
  }

  async #showsChildrenOf(group: string): Promise<boolean> {
    const rows = await this.#ui.workbench.sideBar.tree(VIEW);
    const index = rows.findIndex(({ label }) => label === group);
    return (rows[index + 1]?.level ?? 0) > (rows[index]?.level ?? 1);
  }

  async isExpanded(group: string): Promise<boolean> {
    return (await this.row(group).getAttribute('aria-expanded')) === 'true';
  }

  /** Labels of the selected rows, from top to bottom. */
  async selected(): Promise<string[]> {
    return this.#ui.page.locator('.pane .monaco-list-row.selected .label-name').allTextContents();
  }

  /**
   * Clicks the first row and Ctrl+clicks the others, given from top to bottom. Once more if something else was selected in between or soon
   * after: a tree that is being drawn anew, as it is four times a second at most, restores the selection that it had before.
   */
  async select(first: string, ...others: readonly string[]): Promise<void> {
    await eventually(async () => {
      await this.row(first).click();
      for (const label of others) await this.row(label).click({ modifiers: ['ControlOrMeta'] });
      assert.deepEqual(await this.selected(), [first, ...others]);
      await this.#ui.page.waitForTimeout(500);
      assert.deepEqual(await this.selected(), [first, ...others]);
    });
  }

  /** What hovering over a row shows. The mouse stays there. */
  async tooltip(label: string): Promise<Locator> {
    return hoverOver(this.#ui, this.row(label));
  }

  async inlineAction(label: string, action: string): Promise<void> {
    await this.#ui.workbench.sideBar.inlineAction(VIEW, label, action);
  }

  /** Presses an inline action twice in one place, with a pause between the clicks in milliseconds. */
  async doubleInlineAction(label: string, action: string, pause: number): Promise<void> {
    const { page } = this.#ui;
    await this.row(label).hover();
    const box = await this.row(label).getByRole('button', { name: action }).boundingBox();
    assert.ok(box, `${label} has ${action}`);
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    await page.mouse.click(x, y);
    await page.waitForTimeout(pause);
    await page.mouse.click(x, y);
  }

  async titleAction(action: string): Promise<void> {
    await this.#ui.workbench.sideBar.titleAction(VIEW, action);
  }

  /** Takes a command from the menu behind the three dots of the view's title bar. */
  async moreAction(action: string): Promise<void> {
    await this.titleAction('More Actions...');
    await this.#ui.workbench.choose(action);
  }

  /** Takes a command from the context menu of a row, as soon as the row has it: a row that is about to move still has its old menu. */
  async contextAction(label: string, action: string): Promise<void> {
    const { workbench, page } = this.#ui;
    const offered = async () => {
      if ((await workbench.contextMenu(this.row(label))).includes(action)) return true;
      await page.keyboard.press('Escape');
      await page.locator('.monaco-menu').first().waitFor({ state: 'hidden' });
      return false;
    };
    await until(offered, `the menu of ${label} to have ${action}`);
    await workbench.choose(action);
  }

  /** The path of a file or folder of the store, e.g. `complete/000001_x.md`. */
  path(name: string): string {
    return join(this.#ui.box.workspace, this.#folder, name);
  }

  /** Names of the files in the store, or in its folder for completed issues, sorted. */
  files(folder: '' | 'complete' = ''): string[] {
    if (!existsSync(this.path(folder))) {
      return [];
    }
    return readdirSync(this.path(folder), { withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ name }) => name)
      .sort();
  }

  write(name: string, content: string | Uint8Array): void {
    mkdirSync(dirname(this.path(name)), { recursive: true });
    writeFileSync(this.path(name), content);
  }

  move(from: string, to: string): void {
    mkdirSync(dirname(this.path(to)), { recursive: true });
    renameSync(this.path(from), this.path(to));
  }

  remove(name: string): void {
    rmSync(this.path(name));
  }

  /** Makes the store hold exactly these files, and waits until the view shows `outline`. */
  async reset(files: Readonly<Record<string, string>>, outline: readonly string[]): Promise<void> {
    for (const name of [...this.files(), ...this.files('complete').map((file) => `complete/${file}`)]) {
      if (!(name in files)) this.remove(name);
    }
    for (const [name, content] of Object.entries(files)) this.write(name, content);
    await eventually(async () => {
      const shown = await this.outline();
      if (shown.join('\n') !== outline.join('\n')) throw new Error(`the view shows\n${shown.join('\n')}`);
    });
  }
}

/** Hovers over something until its tooltip is there. The mouse stays, so that the tooltip does. */
export async function hoverOver({ page }: OpenWorkbench, target: Locator): Promise<Locator> {
  const hover = page.locator('.workbench-hover-container:visible');
  const shown = async () => {
    // A pointer that does not move hovers over nothing new, and one that comes back at once finds the old text.
    await leaveHovers(page.mouse);
    // One that came just after the pointer had left does not notice that; a key takes it away, or the pointer when it leaves the text itself.
    await hover.waitFor({ state: 'hidden', timeout: 1500 }).catch(() => page.keyboard.press('Escape'));
    if (await hover.isVisible()) {
      await hover.hover({ timeout: 1000 });
      await leaveHovers(page.mouse);
    }
    await hover.waitFor({ state: 'hidden', timeout: 2500 });
    await target.hover();
    await hover.waitFor({ timeout: 2500 });
    // Rows that come or go move the others away from under it.
    assert.ok(await target.evaluate((row) => row.matches(':hover')), 'the row has moved');
    return true;
  };
  await until(shown, 'the tooltip', 20_000);
  return hover;
}

/** Moves the pointer to where nothing happens, in the corner of the window. */
export async function leaveHovers(mouse: { move(x: number, y: number): Promise<void> }): Promise<void> {
  await mouse.move(1, 1);
}

/** Closes all notifications and gives their messages. */
export async function dismissNotifications({ page }: OpenWorkbench): Promise<string[]> {
  const toasts = page.locator('.notifications-toasts .notification-list-item');
  const messages: string[] = [];
  const gone = async () => {
    const first = toasts.first();
    if (!(await first.isVisible())) return true;
    const message = await first.locator('.notification-list-item-message').innerText({ timeout: 1000 });
    if (!messages.includes(message)) messages.push(message);
    await first.hover({ timeout: 1000 });
    await first.getByRole('button', { name: /^Clear Notification/ }).click({ timeout: 1000 });
    return false;
  };
  await until(gone, 'notifications to close');
  return messages;
}
