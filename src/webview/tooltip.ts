import { element, setText } from './dom.ts';
import { createSwatch, type SeriesStyle } from './legend.ts';

const DISTANCE = 12;

/** The values under the pointer. Hidden from screen readers, because legend and tables have the same values. */
export class Tooltip {
  readonly element: HTMLElement;
  readonly #time = element('div', { class: 'tooltip-time' });
  readonly #rows: { readonly row: HTMLElement; readonly value: HTMLElement }[];

  constructor(series: readonly SeriesStyle[]) {
    this.#rows = series.map((style) => {
      const value = element('span', { class: 'tooltip-value' });
      const row = element('div', { class: 'tooltip-row' }, [createSwatch(style), element('span', { text: style.label }), value]);
      return { row, value };
    });
    this.element = element('div', { class: 'tooltip', attributes: { 'aria-hidden': 'true' } }, [
      this.#time,
      ...this.#rows.map(({ row }) => row),
    ]);
    this.element.hidden = true;
  }

  /**
   * @param values one text per series; undefined leaves the series out.
   * @param x where the pointer is, in pixels from the left edge of the tooltip's parent.
   */
  show(time: string, values: readonly (string | undefined)[], x: number): void {
    setText(this.#time, time);
    for (const [index, { row, value }] of this.#rows.entries()) {
      const text = values[index];
      row.hidden = text === undefined;
      setText(value, text ?? '');
    }
    this.element.hidden = false;
    const room = this.element.parentElement?.clientWidth ?? 0;
    const width = this.element.offsetWidth;
    const isRoomRight = x + DISTANCE + width <= room;
    const left = isRoomRight ? x + DISTANCE : Math.max(0, x - DISTANCE - width);
    this.element.style.transform = `translate(${Math.round(left)}px, 0)`;
  }

  hide(): void {
    this.element.hidden = true;
  }
}
