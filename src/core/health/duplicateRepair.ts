import { assertDefined } from '../assertDefined.ts';
import { twinKey } from '../formats/numberedLayout.ts';
import type { IssueSummary } from '../issue/issue.ts';
import { isCompleted } from '../issue/issueState.ts';
import type { NumberSource } from './storeFindings.ts';

export interface RepairPlan {
  /** Issues that get a number of their own, in the order of the list. */
  readonly moves: readonly IssueSummary[];
  /** Issues that keep a number which others have too, because none of them can be moved: people have to look at them. */
  readonly left: readonly IssueSummary[];
}

/**
 * Who gets another number so that each number means one issue.
 *
 * A file in both folders keeps its number together with its twin, and one whose text cannot be taken keeps it because it cannot be moved
 * safely; where there is any of them, all others get a number of their own. Else a completed issue keeps the number, since history refers
 * to it, and then the first in the order of the list.
 */
export function planRepair(source: NumberSource): RepairPlan {
  const moves: IssueSummary[][] = [];
  const left: IssueSummary[][] = [];
  for (const number of [...source.sharedNumbers].sort((a, b) => a - b)) {
    const same = source.withNumber(number);
    const ids = new Set(same.map(({ id }) => id));
    if (ids.size === 1) {
      continue;
    }
    const isFixed = ({ problem, key }: IssueSummary) => problem !== undefined || source.get(twinKey(key)) !== undefined;
    const fixed = same.filter(isFixed);
    const free = same.filter((issue) => !isFixed(issue));
    const keeper = fixed.length > 0 ? undefined : (free.find(isCompleted) ?? assertDefined(free[0]));
    moves.push(free.filter((issue) => issue !== keeper));
    if (new Set(fixed.map(({ id }) => id)).size > 1) {
      left.push(fixed);
    }
  }
  return { moves: moves.flat(), left: left.flat() };
}
