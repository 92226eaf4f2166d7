import { assertDefined } from '../assertDefined.ts';
import type { IssueCatalogue } from '../catalogue/issueCatalogue.ts';
import type { IssueSummary } from '../issue/issue.ts';
import { FIT } from '../issue/issueWords.ts';
import { inSlices, type SliceOptions } from '../timeSlices.ts';
import type { IssueFilter } from './issueFilter.ts';

/** Issues of one catalogue, which knows how they refer to each other. */
export interface SearchedList {
  readonly issues: readonly IssueSummary[];
  readonly catalogue: IssueCatalogue;
}

/** An issue that fits, and which of the searched lists it is in. */
export interface TitleMatch {
  readonly list: number;
  readonly summary: IssueSummary;
}

/**
 * The issues that fit a filter, best by number, title, id and fields first, at most `limit` of them. One without words fits all equally.
 *
 * @param lists the issues, e.g. the active ones and then the completed ones: of what fits equally well, an earlier list comes first, and
 *   what is in one list stays in its order. They are searched as they are now, whatever happens to them meanwhile.
 * @throws the signal's reason when aborted.
 */
export async function searchTitles(
  lists: readonly SearchedList[],
  filter: IssueFilter,
  limit: number,
  options: SliceOptions = {},
): Promise<TitleMatch[]> {
  const found = Object.values(FIT).map(() => lists.map((): TitleMatch[] => []));
  const searched = lists.map(({ issues, catalogue }) => ({ issues: [...issues], catalogue }));
  for (const [list, { issues, catalogue }] of searched.entries()) {
    const best = assertDefined(assertDefined(found[FIT.exact])[list]);
    await inSlices(
      issues.length,
      (index) => {
        const summary = assertDefined(issues[index]);
        const fit = filter.fitOf(summary, catalogue);
        const equals = fit === undefined ? undefined : found[fit]?.[list];
        if (equals !== undefined && equals.length < limit) {
          equals.push({ list, summary });
        }
        // Nothing that is still to come in this list could be among the first.
        return best.length < limit;
      },
      options,
    );
  }
  return found.flat(2).slice(0, limit);
}
