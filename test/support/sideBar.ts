import type { Locator, Page } from 'playwright-core';

/** A row of a tree as it is shown. */
export interface TreeRow {
  readonly label: string;
  readonly description: string;
  /** undefined for a row without a checkbox. */
  readonly checked: boolean | undefined;
  /** undefined for a row that cannot be expanded. */
  readonly expanded: boolean | undefined;
  /** 1 for the roots. */
  readonly level: number;
}

/** View containers, views and their rows. A view is named by its title, a row by its label. */
export class SideBar {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  /** Shows a view container by its title in the activity bar. */
  async openContainer(title: string): Promise<void> {
    const tab = this.#page.getByRole('tab', { name: title, exact: false }).first();
    await tab.waitFor();
    if ((await tab.getAttribute('aria-expanded')) !== 'true') await tab.click();
  }

  /** The pane of a view. */
  view(title: string): Locator {
    return this.#page.locator('.pane').filter({ has: this.#page.locator(`.pane-header[aria-label^="${title}"]`) });
  }

  /** Opens a view that is collapsed to its header. */
  async expandView(title: string): Promise<void> {
    const header = this.view(title).locator('.pane-header');
    await header.waitFor({ state: 'attached' });
    if ((await header.getAttribute('aria-expanded')) === 'false') await header.click();
  }

  /** The rows that are rendered; VS Code renders only those in sight. */
  rows(title: string): Locator {
    return this.view(title).locator('.monaco-list-row');
  }

  /** The row with exactly this label. */
  row(title: string, label: string): Locator {
    return this.rows(title).filter({ has: this.#page.locator('.label-name').getByText(label, { exact: true }) });
  }

  /** What the rendered rows show, from top to bottom. */
  async tree(title: string): Promise<TreeRow[]> {
    const shown = await this.rows(title).evaluateAll((rows) =>
      rows.map((row) => {
        const truth = (value: string | null | undefined) => (value ? value === 'true' : undefined);
        return {
          top: Number.parseFloat((row as HTMLElement).style.top) || 0,
          label: row.querySelector('.label-name')?.textContent ?? '',
          description: row.querySelector('.label-description')?.textContent ?? '',
          checked: truth(row.querySelector('.custom-view-tree-node-item-checkbox')?.getAttribute('aria-checked')),
          expanded: truth(row.getAttribute('aria-expanded')),
          level: Number(row.getAttribute('aria-level')),
        };
      }),
    );
    return shown.sort((a, b) => a.top - b.top).map(({ top: _, ...row }) => row);
  }

  /** Labels of the rendered rows, from top to bottom. */
  async labels(title: string): Promise<string[]> {
    return (await this.tree(title)).map((row) => row.label);
  }

  /** Clicks the checkbox of a row. */
  async toggle(title: string, label: string): Promise<void> {
    await this.row(title, label).locator('.custom-view-tree-node-item-checkbox').click();
  }

  /** Expands a row if it is collapsed. */
  async expand(title: string, label: string): Promise<void> {
    const row = this.row(title, label);
    if ((await row.getAttribute('aria-expanded')) === 'false') await row.locator('.monaco-tl-twistie').click();
  }

  /** Presses an inline action of a row, which shows only while the row is hovered. */
  async inlineAction(title: string, label: string, action: string): Promise<void> {
    const row = this.row(title, label);
    await row.hover();
    await row.getByRole('button', { name: action }).click();
  }

  /** Presses a button of the view's title bar. A view that is alone in its container has it in the side bar's title. */
  async titleAction(title: string, action: string): Promise<void> {
    const bar = this.#page.locator(`[role="toolbar"][aria-label$="${title} actions"]`).filter({ visible: true });
    if ((await bar.count()) === 0) await this.view(title).locator('.pane-header').hover();
    // Older versions say “Views and More Actions...”, and that it is no button.
    await bar.locator(`[aria-label$="${action}"]`).first().click();
  }
}
