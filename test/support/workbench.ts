import type { Frame, FrameLocator, Locator, Page } from 'playwright-core';
import { until } from './polling.ts';
import { QuickInput } from './quickInput.ts';
import { SideBar } from './sideBar.ts';

/**
 * VS Code's window as a person sees it. Only roles, labels and the few class names that have been stable for years are used.
 *
 * Whatever returns a {@link Locator} does not wait; whatever returns a promise waits until what it speaks of is there.
 */
export class Workbench {
  readonly page: Page;
  readonly quickInput: QuickInput;
  readonly sideBar: SideBar;
  /** What the window's console reported as errors. On a machine without internet some are always there. */
  readonly consoleErrors: string[] = [];

  constructor(page: Page) {
    this.page = page;
    this.quickInput = new QuickInput(page);
    this.sideBar = new SideBar(page);
    page.on('console', (message) => {
      if (message.type() === 'error') this.consoleErrors.push(message.text());
    });
  }

  /** Opens VS Code at this address. Extensions may still be starting when it returns. */
  async open(url: string): Promise<void> {
    await this.page.goto(url, { waitUntil: 'commit' });
    await this.#ready();
  }

  /** Reload Window: the same browser profile, a new extension host. */
  async reload(): Promise<void> {
    await this.page.reload({ waitUntil: 'commit' });
    await this.#ready();
  }

  /** As {@link reload}, once VS Code has kept what is typed and not saved. It does so every five seconds in a browser, and tells nobody. */
  async reloadWithDrafts(): Promise<void> {
    await this.page.waitForTimeout(6000);
    await this.reload();
  }

  async #ready(): Promise<void> {
    await this.page.locator('.monaco-workbench .part.statusbar').waitFor({ timeout: 60_000 });
  }

  /** Runs a command by its exact label in the palette. */
  async run(label: string): Promise<void> {
    await this.quickInput.run(label);
  }

  /** Opens the context menu of something and gives its labels. {@link choose} takes one of them. */
  async contextMenu(target: Locator): Promise<string[]> {
    const menu = this.page.locator('.monaco-menu');
    // A row that is drawn anew between press and release gets no click.
    const opened = async () => {
      await target.click({ button: 'right' });
      await menu.waitFor({ timeout: 2000 });
      return true;
    };
    await until(opened, 'the context menu');
    const labels = await menu
      .locator('.action-item .action-label[aria-label]')
      .evaluateAll((items) => items.map((item) => item.getAttribute('aria-label')));
    return labels.filter((label) => label !== null && label !== '') as string[];
  }

  /** Takes an item of the open menu. */
  async choose(item: string): Promise<void> {
    const menu = this.page.locator('.monaco-menu').first();
    // A menu takes no mouse-up in its first 100 ms, which guards against the click that opened it.
    const gone = async () => {
      await this.page.waitForTimeout(150);
      if (await menu.isVisible()) await menu.getByRole('menuitem', { name: item }).first().click({ timeout: 1000 });
      return menu.isHidden();
    };
    await until(gone, `the menu to take “${item}”`);
  }

  /** The text that hovering shows. The mouse stays there. */
  async tooltip(target: Locator): Promise<string> {
    await target.hover();
    const hover = this.page.locator('.monaco-hover:visible .hover-contents, .workbench-hover-container:visible').first();
    await hover.waitFor();
    return (await hover.innerText()).trim();
  }

  /** An item of the status bar. Its id is `<publisher>.<extension>.<item id>`. */
  statusItem(id: string): Locator {
    return this.page.locator(`.part.statusbar [id="${id}"]`);
  }

  /** The full text of the first notification that contains `text`. */
  async notification(text: string): Promise<string> {
    const message = this.page.locator('.notifications-toasts .notification-list-item-message').filter({ hasText: text }).first();
    await message.waitFor();
    return (await message.innerText()).trim();
  }

  /** Presses a button of the notification that contains `text`. */
  async notificationButton(text: string, button: string): Promise<void> {
    const toast = this.page.locator('.notification-toast').filter({ hasText: text });
    await toast.getByRole('button', { name: button }).click();
  }

  async clearNotifications(): Promise<void> {
    await this.run('Notifications: Clear All Notifications');
  }

  /** Presses a button of the modal dialog, and gives the dialog's message. */
  async dialog(button: string): Promise<string> {
    const dialog = this.page.locator('.monaco-dialog-box');
    await dialog.waitFor();
    const text = await dialog.locator('.dialog-message-text, .dialog-message').first().innerText();
    await dialog.getByRole('button', { name: button }).click();
    await dialog.waitFor({ state: 'hidden' });
    return text.trim();
  }

  /** The tab of an editor. */
  tab(title: string): Locator {
    return this.page.locator('.tabs-container .tab').filter({ hasText: title });
  }

  async closeTab(title: string): Promise<void> {
    const tab = this.tab(title).first();
    await tab.hover();
    await tab.getByRole('button', { name: /^Close/ }).click();
  }

  /** Opens a file of the workspace by its name and waits for its tab. */
  async openFile(name: string): Promise<void> {
    await this.quickInput.openFile(name);
    await this.tab(name).first().waitFor();
  }

  /** The lines of the active text editor that are in sight. */
  async editorText(): Promise<string> {
    return this.#lines('.editor-group-container.active .monaco-editor .view-line');
  }

  /** The lines of the Output panel that are in sight. */
  async outputText(): Promise<string> {
    return this.#lines('.part.panel .monaco-editor .view-line');
  }

  async #lines(selector: string): Promise<string> {
    const lines = await this.page.locator(selector).evaluateAll((elements) =>
      elements.map((element) => ({
        top: Number.parseInt((element as HTMLElement).style.top, 10),
        text: element.textContent ?? '',
      })),
    );
    lines.sort((a, b) => a.top - b.top);
    // Spaces are drawn as no-break spaces.
    return lines.map((line) => line.text.replaceAll('\u00a0', ' ')).join('\n');
  }

  /** The page of a webview: the window holds a frame of VS Code's, and that one the extension's html. */
  webview(nth = 0): FrameLocator {
    return this.page.frameLocator('iframe.webview.ready').nth(nth).frameLocator('iframe#active-frame');
  }

  /** The same by the title of its panel or view, where several are open. */
  async webviewFrame(title: string): Promise<Frame> {
    const find = async () => {
      for (const frame of this.page.frames()) {
        if (!frame.parentFrame()?.parentFrame()) continue;
        const element = await frame.frameElement();
        if ((await element.getAttribute('id')) === 'active-frame' && (await element.getAttribute('title')) === title) return frame;
      }
      return undefined;
    };
    return until(find, `the webview “${title}”`);
  }
}
