import type { Frame } from 'playwright-core';
import { toHistory } from '../../src/protocol/metricsHistory.ts';
import type { Sample, StoreChoice, StoreFigures } from '../../src/protocol/metricsProtocol.ts';
import type { OpenWorkbench } from '../support/openWorkbench.ts';
import { until } from '../support/polling.ts';

const TITLE = 'Issue Store Metrics';

/** The metrics panel as a person sees it. */
export class MetricsPage {
  readonly #frame: Frame;

  private constructor(frame: Frame) {
    this.#frame = frame;
  }

  /** Waits for the panel that is open, or opening, and for its first figures. */
  static async shown(ui: OpenWorkbench): Promise<MetricsPage> {
    const page = new MetricsPage(await ui.workbench.webviewFrame(TITLE));
    await page.#frame.locator('main').waitFor();
    return page;
  }

  get frame(): Frame {
    return this.#frame;
  }

  /** `Live`, or since when it is paused. */
  async status(): Promise<string> {
    return this.#frame.locator('.status').innerText();
  }

  async press(button: string): Promise<void> {
    await this.#frame.getByRole('button', { name: button, exact: true }).click();
  }

  async chooseRange(range: string): Promise<void> {
    await this.#frame.getByRole('radio', { name: range, exact: true }).check();
  }

  async range(): Promise<string> {
    return this.#frame.locator('label:has(input[type=radio]:checked)').innerText();
  }

  /** The tiles at the top, by their names: the large value, e.g. `0 of 1,000`. */
  async headlines(): Promise<Record<string, string>> {
    const entries = await this.#frame
      .locator('dl > div')
      .evaluateAll((tiles) =>
        tiles.map((tile) => [tile.querySelector('dt')?.textContent ?? '', tile.querySelector('dd')?.textContent ?? '']),
      );
    return Object.fromEntries(entries) as Record<string, string>;
  }

  /** A row of a table without its name, e.g. of `With the cache`, `Read`. */
  async figures(table: string, row: string): Promise<string[]> {
    const cells = this.#frame
      .locator('table', { has: this.#frame.locator('caption', { hasText: table }) })
      .locator('tr', { has: this.#frame.getByRole('rowheader', { name: row, exact: true }) })
      .locator('td');
    return cells.allTextContents();
  }

  /** How often an operation has been counted, by callers. */
  async counted(operation: string): Promise<number> {
    return Number((await this.figures('With the cache', operation))[0]);
  }

  /** Titles of the charts, in order. */
  async charts(): Promise<string[]> {
    return this.#frame.locator('figure h3').allTextContents();
  }

  /** The sentence that stands for a chart. */
  async summary(chart: string): Promise<string> {
    const plot = this.#frame.getByRole('img', { name: chart, exact: true });
    const id = await plot.getAttribute('aria-describedby');
    return (await this.#frame.locator(`[id="${id}"]`).textContent()) ?? '';
  }

  /** The colours that lines of a chart are drawn with, as CSS writes them, and how many pixels have each: those with the most first. */
  async colours(chart: string): Promise<string[]> {
    const canvas = this.#frame.getByRole('img', { name: chart, exact: true }).locator('canvas');
    return canvas.evaluate((element) => {
      const { width, height } = element as HTMLCanvasElement;
      const { data } = (element as HTMLCanvasElement).getContext('2d')?.getImageData(0, 0, width, height) ?? { data: [] };
      const pixels = new Map<string, number>();
      for (let at = 0; at < data.length; at += 4) {
        // Edges are blended; only what is drawn solid counts.
        if (data[at + 3] === 255) {
          const colour = `rgb(${data[at]}, ${data[at + 1]}, ${data[at + 2]})`;
          pixels.set(colour, (pixels.get(colour) ?? 0) + 1);
        }
      }
      return [...pixels].sort((a, b) => b[1] - a[1]).map(([colour]) => colour);
    });
  }

  /** The colour that the legend of a chart has for a series, as CSS writes it. */
  async legendColour(chart: string, series: string): Promise<string> {
    const swatch = this.#frame
      .locator('figure', { has: this.#frame.getByRole('heading', { name: chart, exact: true }) })
      .locator('button', { hasText: series })
      .locator('line');
    return swatch.evaluate((line) => getComputedStyle(line).stroke);
  }

  /** Shows what the host would send for other stores than there are. What it goes on to send of its own stores is not shown. */
  async receive(
    stores: readonly StoreChoice[],
    { id, history, figures }: { readonly id: string; readonly history: readonly Sample[]; readonly figures: StoreFigures },
  ): Promise<void> {
    const data = { type: 'snapshot', stores, selected: { id, history: toHistory(history), figures } };
    await this.#frame.evaluate((message) => window.dispatchEvent(new MessageEvent('message', { data: message })), data);
  }

  /** Widths in pixels: of the panel, of its page without the scroll bar, and of what is in the page. */
  async widths(): Promise<{ readonly innerWidth: number; readonly clientWidth: number; readonly scrollWidth: number }> {
    return this.#frame.evaluate(() => {
      const { clientWidth, scrollWidth } = document.documentElement;
      return { innerWidth: window.innerWidth, clientWidth, scrollWidth };
    });
  }

  /** Names of the tables that have to be scrolled sideways. */
  async scrollingTables(): Promise<string[]> {
    return this.#frame
      .locator('div:has(> table)')
      .evaluateAll((boxes) =>
        boxes.filter((box) => box.scrollWidth > box.clientWidth).map((box) => box.querySelector('caption')?.textContent ?? ''),
      );
  }

  /** Texts that reach out of a cell, a tile or anything else that they stand in, each with what it reaches out of. */
  async cutTexts(): Promise<string[]> {
    return this.#frame.locator('body').evaluate((body) => {
      const isCutIn = (text: DOMRect, around: Element) => {
        const { left, right } = around.getBoundingClientRect();
        return text.left < left - 1 || text.right > right + 1 || (around.scrollWidth > around.clientWidth + 1 && around.clientWidth > 0);
      };
      const cut: string[] = [];
      const texts = document.createTreeWalker(body, NodeFilter.SHOW_TEXT);
      while (texts.nextNode()) {
        const range = document.createRange();
        range.selectNodeContents(texts.currentNode);
        let around = texts.currentNode.parentElement;
        // A list of choices has its own window, and what only screen readers read has no room.
        if (around?.closest('.visually-hidden, option, script')) continue;
        for (; around !== null; around = around.parentElement) {
          const container = around;
          if ([...range.getClientRects()].some((text) => text.width > 0 && isCutIn(text, container))) {
            cut.push(`“${texts.currentNode.textContent}” in ${around.tagName.toLowerCase()}.${around.className}`);
            break;
          }
        }
      }
      return cut;
    });
  }

  /** Colour of the page behind everything. */
  async background(): Promise<string> {
    return this.#frame.locator('body').evaluate((body) => getComputedStyle(body).backgroundColor);
  }
}

/** Shows another colour theme, by its label in the picker. */
export async function chooseTheme({ workbench, page }: OpenWorkbench, label: string, kind: 'vs' | 'vs-dark' | 'hc-black'): Promise<void> {
  await workbench.run('Preferences: Color Theme');
  await workbench.quickInput.input.fill(label);
  await workbench.quickInput.pick(label);
  await until(() => page.locator(`.monaco-workbench.${kind}`).isVisible(), `the theme ${label}`);
}

/** Whether the browser has stored something that matches. It does so every few seconds, and no longer when the window is left. */
export async function isRemembered({ page }: OpenWorkbench, pattern: RegExp): Promise<boolean> {
  const stored = await page.evaluate(async () => {
    const settled = <T>(request: IDBRequest<T>) =>
      new Promise<T>((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
    const texts: string[] = [];
    for (const { name = '' } of await indexedDB.databases()) {
      const database = await settled(indexedDB.open(name));
      for (const store of database.objectStoreNames) {
        const values: unknown[] = await settled(database.transaction(store).objectStore(store).getAll());
        texts.push(...values.filter((value) => typeof value === 'string'));
      }
      database.close();
    }
    return texts;
  });
  return stored.some((text) => pattern.test(text));
}
