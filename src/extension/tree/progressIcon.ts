import { Uri } from 'vscode';
import type { IssueState, IssueSummary } from '../../core/index.ts';

/** How finely a circle is filled. The difference of an eighth can be seen at the size of a row. */
const STEPS = 8;

interface IconColors {
  readonly light: string;
  readonly dark: string;
}

/** As the theme colors `charts.green` and `charts.yellow` of the icons without progress: a picture cannot name a color of a theme. */
const COLORS: Partial<Record<IssueState, IconColors>> = {
  open: { light: '#388a34', dark: '#89d185' },
  active: { light: '#9a6a00', dark: '#e2b93d' },
};

interface RowIcon {
  readonly light: Uri;
  readonly dark: Uri;
}

const icons = new Map<string, RowIcon>();

/**
 * A circle that fills as tasks are done, for an issue that is open or in progress: a row cuts its text, but never its icon. It is empty only
 * while no task is done, and full only when all are.
 *
 * @returns undefined where the state says more, or there are no tasks.
 */
export function progressIcon({ state, progress }: Pick<IssueSummary, 'state' | 'progress'>): RowIcon | undefined {
  const colors = COLORS[state];
  if (colors === undefined || progress === undefined || progress.total === 0) {
    return undefined;
  }
  const { done, total } = progress;
  const isBetween = done > 0 && done < total;
  const step = isBetween ? Math.min(STEPS - 1, Math.max(1, Math.round((done / total) * STEPS))) : (done / total) * STEPS;
  const key = `${state} ${step}`;
  const known = icons.get(key);
  if (known !== undefined) {
    return known;
  }
  const icon = { light: picture(colors.light, step / STEPS), dark: picture(colors.dark, step / STEPS) };
  icons.set(key, icon);
  return icon;
}

/** @param share how much is filled, from the top clockwise. */
function picture(color: string, share: number): Uri {
  const ring = `<circle cx="8" cy="8" r="6.5" stroke="${color}" stroke-width="1.2"/>`;
  // The line of this circle is as wide as the circle, so that a dash of it is a sector.
  const circumference = 4.5 * Math.PI;
  const sector = `<circle cx="8" cy="8" r="2.25" stroke="${color}" stroke-width="4.5" stroke-dasharray="${share * circumference} ${circumference}" transform="rotate(-90 8 8)"/>`;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="16" height="16" fill="none">${ring}${share > 0 ? sector : ''}</svg>`;
  return Uri.parse(`data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}`);
}
