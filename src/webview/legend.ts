import { fillText } from '../protocol/metricsTexts.ts';
import { element, setText, svgElement } from './dom.ts';
import { type MarkerShape, markerElement } from './markers.ts';
import type { SeriesColour } from './theme.ts';

/** Name and look of a series. Dashes distinguish it without colour. */
export interface SeriesStyle {
  /** Shared by charts that show the same thing: switching it off in one switches it off in all. */
  readonly key: string;
  readonly label: string;
  readonly colour: SeriesColour;
  /** Lengths of strokes and gaps in pixels; empty for a solid line. */
  readonly dash: readonly number[];
  readonly width: number;
  /** For values that stand alone, where the series can have such. */
  readonly marker?: MarkerShape;
  readonly filled?: boolean;
  readonly stepped?: boolean;
}

/** The names of a chart's series with a value each. A name is a button that shows or hides its series. */
export class Legend {
  readonly element: HTMLElement;
  readonly #items: { readonly style: SeriesStyle; readonly button: HTMLButtonElement; readonly value: HTMLElement }[];

  /** @param buttonHint what a button does, with `{0}` for the series. */
  constructor(series: readonly SeriesStyle[], buttonHint: string, onToggle: (key: string) => void) {
    this.#items = series.map((style) => {
      const value = element('span', { class: 'legend-value' });
      const button = element(
        'button',
        { class: 'legend-item', attributes: { type: 'button', 'aria-pressed': 'true', title: fillText(buttonHint, style.label) } },
        [createSwatch(style), element('span', { class: 'legend-label', text: style.label }), value],
      );
      button.addEventListener('click', () => onToggle(style.key));
      return { style, button, value };
    });
    const items = this.#items.map(({ button }) => element('li', {}, [button]));
    this.element = element('ul', { class: 'legend' }, items);
  }

  /** @param values one text per series, in the order of the series. */
  setValues(values: readonly string[]): void {
    for (const [index, { value }] of this.#items.entries()) {
      setText(value, values[index] ?? '');
    }
  }

  setHidden(hidden: ReadonlySet<string>): void {
    for (const { style, button } of this.#items) {
      button.setAttribute('aria-pressed', String(!hidden.has(style.key)));
    }
  }
}

/** A piece of the series' line, with its marker where lines may be too short to tell. */
export function createSwatch({ colour, dash, width, marker }: SeriesStyle): SVGElement {
  const line = { x1: '0', y1: '5', x2: '16', y2: '5', 'stroke-width': String(width), 'stroke-dasharray': dash.join(' ') };
  return svgElement('svg', { class: `swatch series-${colour}`, viewBox: '0 0 16 10', width: '16', height: '10', 'aria-hidden': 'true' }, [
    svgElement('line', line),
    ...(marker ? [markerElement(marker, 8, 5)] : []),
  ]);
}
