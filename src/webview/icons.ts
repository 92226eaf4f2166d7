import { svgElement } from './dom.ts';

/** Shapes on a 16 by 16 grid, drawn in the colour of the text around them. */
const SHAPES = {
  pause: 'M4 2.5h2.5v11H4zM9.5 2.5H12v11H9.5z',
  play: 'M4.5 2.2v11.6L13.5 8z',
  reset: 'M8 2.5a5.5 5.5 0 1 1-5.2 3.7l1.4.5A4 4 0 1 0 8 4H6.2l1.5 1.5-1 1L3.4 3.2 6.7 0l1 1-1.5 1.5z',
  watching: 'M8 1.5a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13zm3.4 4L7.2 9.7 4.9 7.4l-1 1 3.3 3.3 5.2-5.2z',
  starting: 'M8 1.5a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13zM8 3a5 5 0 1 0 0 10A5 5 0 0 0 8 3zm-.7 1.7h1.4v3l2 2-1 1-2.4-2.4z',
  failed: 'M8 1.2l7 12.8H1zM7.3 6v4h1.4V6zm0 5.2v1.4h1.4v-1.4z',
} as const;

export type IconName = keyof typeof SHAPES;

/** Hidden from screen readers, because the text beside it says the same. */
export function createIcon(name: IconName): SVGElement {
  return svgElement('svg', { class: 'icon', viewBox: '0 0 16 16', 'aria-hidden': 'true', focusable: 'false' }, [
    svgElement('path', { d: SHAPES[name], fill: 'currentColor', 'fill-rule': 'evenodd' }),
  ]);
}
