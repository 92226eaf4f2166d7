import type uPlot from 'uplot';
import { svgElement } from './dom.ts';

/** Outlines around the origin, one unit in radius, of about the same weight to the eye. */
const OUTLINES = {
  circle: 'M-.9 0a.9.9 0 1 0 1.8 0a.9.9 0 1 0-1.8 0z',
  triangle: 'M0-1.15L1.1.8H-1.1z',
  square: 'M-.85-.85H.85V.85H-.85z',
  diamond: 'M0-1.25L1.15 0L0 1.25L-1.15 0z',
  cross: 'M-1-.5L-.5-1L0-.5L.5-1L1-.5L.5 0L1 .5L.5 1L0 .5L-.5 1L-1 .5L-.5 0z',
} as const;

/** Shapes tell series apart where points stand alone and colours do not help. */
export type MarkerShape = keyof typeof OUTLINES;

const RADIUS = 3.2;

/** Draws the rows that uPlot's filter lets through in this shape. */
export function markerPaths(shape: MarkerShape): uPlot.Series.Points.PathBuilder {
  const outline = new Path2D(OUTLINES[shape]);
  return (plot, seriesIndex, _first, _last, rows) => {
    const fill = new Path2D();
    const radius = RADIUS * devicePixelRatio;
    for (const row of rows ?? []) {
      const at = plot.data[0][row];
      const value = plot.data[seriesIndex]?.[row];
      if (at !== undefined && value !== null && value !== undefined) {
        const x = plot.valToPos(at, 'x', true);
        const y = plot.valToPos(value, 'y', true);
        fill.addPath(outline, new DOMMatrix([radius, 0, 0, radius, x, y]));
      }
    }
    return { stroke: null, fill };
  };
}

/** The same shape for a legend, around this point. */
export function markerElement(shape: MarkerShape, x: number, y: number): SVGElement {
  return svgElement('path', { class: 'marker', d: OUTLINES[shape], transform: `translate(${x} ${y}) scale(${RADIUS})` });
}
