/** Colours that series can have. The style sheet maps each to a chart colour of the editor's theme. */
export type SeriesColour = 'blue' | 'green' | 'yellow' | 'purple' | 'red' | 'neutral';

/** Resolved colours and font for the canvas, which style sheets do not reach. */
export interface ChartTheme {
  readonly font: string;
  readonly text: string;
  readonly grid: string;
  line(colour: SeriesColour): string;
  area(colour: SeriesColour): string;
}

export function readChartTheme(): ChartTheme {
  // A colour made of variables or of a mixture is only resolved where an element uses it.
  const probe = document.createElement('span');
  probe.hidden = true;
  document.body.append(probe);
  const style = getComputedStyle(probe);
  const resolve = (variable: string): string => {
    probe.style.color = `var(${variable})`;
    return style.color;
  };
  const colours: readonly SeriesColour[] = ['blue', 'green', 'yellow', 'purple', 'red', 'neutral'];
  const lines = new Map(colours.map((colour) => [colour, resolve(`--series-${colour}`)]));
  const areas = new Map(colours.map((colour) => [colour, resolve(`--series-${colour}-area`)]));
  const text = resolve('--muted');
  const theme: ChartTheme = {
    font: `11px ${style.fontFamily}`,
    text,
    grid: resolve('--grid'),
    line: (colour) => lines.get(colour) ?? text,
    area: (colour) => areas.get(colour) ?? 'transparent',
  };
  probe.remove();
  return theme;
}

/** Calls back after the editor's theme or its colours changed. Ends with the page. */
export function onThemeChange(callback: () => void): void {
  const observer = new MutationObserver(callback);
  // VS Code sets the kind of theme on the body and the colours on the root. Either can change alone.
  observer.observe(document.body, { attributes: true, attributeFilter: ['class', 'data-vscode-theme-kind', 'data-vscode-theme-id'] });
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['style', 'class'] });
}
